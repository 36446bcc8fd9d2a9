"""How people get names wrong: slips of the finger, missing words, initials, last name first."""

from __future__ import annotations

import random
from collections.abc import Sequence

_KEYS = "abcdefghijklmnopqrstuvwxyz"
_ARTICLES = ("the ", "a ", "an ")


def misspell(text: str, rng: random.Random) -> str:
    """A folded name or title as somebody might type it; about a third come back as they were. Never empty."""
    chance = rng.random()
    if chance < 0.3:
        return text
    if chance < 0.65:
        return _slip(text, rng)
    changed = _words(text, rng) if " " in text else _slip(text, rng)
    return _slip(changed, rng) if rng.random() < 0.2 else changed


def misspell_all(texts: Sequence[str], seed: int) -> list[str]:
    """Each of the texts through ``misspell``; the same seed gives the same slips."""
    rng = random.Random(seed)
    return [misspell(text, rng) for text in texts]


def _slip(text: str, rng: random.Random) -> str:
    """One letter left out, doubled, replaced, or swapped with the next; too short a text stays."""
    if len(text) < 4:
        return text
    at, way = rng.randrange(len(text) - 1), rng.randrange(4)
    if way == 0:
        return text[:at] + text[at + 1 :]
    if way == 1:
        return text[:at] + rng.choice(_KEYS) + text[at:]
    if way == 2:
        return text[:at] + rng.choice(_KEYS) + text[at + 1 :]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _words(text: str, rng: random.Random) -> str:
    """A word left out, cut to an initial, moved to the front, or only the first or last words kept."""
    for article in _ARTICLES:
        if text.startswith(article) and rng.random() < 0.5:
            return text[len(article) :]
    words, way = text.split(), rng.randrange(5)
    if way == 0:
        return " ".join([words[-1], *words[:-1]])
    if way == 1:
        return " ".join([words[0][0], *words[1:]])
    if way == 2:
        return words[-1] if len(words) == 2 else " ".join(words[: -1 - rng.randrange(len(words) - 2)])
    dropped = rng.randrange(len(words))
    return " ".join(words[:dropped] + words[dropped + 1 :])
