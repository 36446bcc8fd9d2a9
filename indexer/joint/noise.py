"""How people get names wrong: slips of the finger, missing words, initials, last name first."""

from __future__ import annotations

import random
from collections.abc import Sequence

_KEYS = "abcdefghijklmnopqrstuvwxyz"
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_ARTICLES = ("the ", "a ", "an ")
_IN_PASSING = {"names": 0.15, "characters": 0.4, "titles": 0.05}  # how often only a part is said


def misspell(text: str, rng: random.Random) -> str:
    """A folded name or title as somebody might type it; about a third come back as they were. Never empty."""
    chance = rng.random()
    if chance < 0.3:
        return text
    if chance < 0.53:
        return _slip(text, rng)
    if chance < 0.65:
        return _slip(_slip(text, rng), rng)
    changed = _words(text, rng) if " " in text else _slip(text, rng)
    return _slip(changed, rng) if rng.random() < 0.2 else changed


def misremember(text: str, vocabulary: str, rng: random.Random) -> str:
    """The same as people name it in passing: by a surname, by the first word of a role, by a word of a title.

    vocabulary: ``names``, ``characters`` or ``titles``.
    """
    words = text.split()
    if len(words) < 2 or rng.random() > _IN_PASSING[vocabulary]:
        return misspell(text, rng)
    part = {"names": words[-1], "characters": words[0]}.get(vocabulary) or rng.choice(words)
    return _slip(part, rng) if rng.random() < 0.15 else part


def misspell_all(texts: Sequence[str], vocabulary: str, seed: int) -> list[str]:
    """Each of the texts through ``misremember``; the same seed gives the same slips."""
    rng = random.Random(seed)
    return [misremember(text, vocabulary, rng) for text in texts]


def _slip(text: str, rng: random.Random) -> str:
    """One letter left out, doubled, added, replaced, or swapped with the next; too short a text stays."""
    if len(text) < 4:
        return text
    at, way = rng.randrange(len(text)), rng.randrange(5)
    if way == 0:
        return text[:at] + text[at + 1 :]
    if way == 1:
        return text[:at] + rng.choice((text[at], rng.choice(_KEYS))) + text[at:]
    if way < 4:
        return text[:at] + _neighbour(text[at], rng) + text[at + 1 :]
    at = min(at, len(text) - 2)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _neighbour(letter: str, rng: random.Random) -> str:
    """Mostly a key beside the right one."""
    row = next((row for row in _ROWS if letter in row), "")
    at = row.find(letter)
    beside = row[max(at - 1, 0) : at] + row[at + 1 : at + 2]
    return rng.choice(beside if beside and rng.random() < 0.7 else _KEYS)


def _words(text: str, rng: random.Random) -> str:
    """A word left out, cut to an initial, moved to the front, or only the first or last words kept."""
    for article in _ARTICLES:
        if text.startswith(article) and rng.random() < 0.5:
            return text[len(article) :]
    words, way = text.split(), rng.randrange(5)
    if len(words) > 2 and rng.random() < 0.4:
        way = 4
    if way == 0:
        return " ".join([words[-1], *words[:-1]])
    if way == 1:
        return " ".join([words[0][0], *words[1:]])
    if way == 2:
        return words[-1] if len(words) == 2 else " ".join(words[: -1 - rng.randrange(len(words) - 2)])
    dropped = rng.randrange(len(words))
    return " ".join(words[:dropped] + words[dropped + 1 :])
