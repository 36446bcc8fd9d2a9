"""Words of closed classes: what the tagger and the masks know without having learned it."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from assistant.reading import phrases

_YEAR = re.compile(r"(?:1[89]|20)\d\d")
_DECADE = re.compile(r"(?:1[89]|20)?\d0s")
_NUMBER = re.compile(r"\d+")


@functools.cache
def exemplar_file() -> Mapping[str, Any]:
    """``exemplars.toml``, parsed."""
    text = files("assistant.reading").joinpath("exemplars.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@functools.cache
def jobs() -> Mapping[str, tuple[str, str]]:
    """A word of a job -> (its slot, "job" or "made"; the category it stands for)."""
    tables = exemplar_file()["words"]
    return {
        word: (slot, category)
        for slot in ("job", "made")
        for category, words in tables[slot].items()
        for word in words
    }


@functools.cache
def common() -> frozenset[str]:
    """The words questions are made of, against which names stand out."""
    return frozenset(exemplar_file()["words"]["common"]) | frozenset(jobs())


@functools.cache
def kind_words() -> frozenset[str]:
    """Words a kind of title may end with."""
    lists = ("film_words", "series_words", "work_words", "kinds_alone")
    words = {word for name in lists for entry in phrases.words(name) for word in entry.split()}
    return frozenset({*words, "short", "shorts"})


@functools.cache
def classes(key: str) -> str:
    """The closed classes of one folded word, joined; "" where it is in none.

    >>> classes("directed"), classes("1999"), classes("flicks")
    ('made common', 'year', 'kind')
    """
    found = []
    if _YEAR.fullmatch(key):
        found.append("year")
    elif _DECADE.fullmatch(key) or key in phrases.decades():
        found.append("decade")
    elif _NUMBER.fullmatch(key):
        found.append("number")
    if key in kind_words():
        found.append("kind")
    if key in phrases.genres():
        found.append("genre")
    if key in phrases.ordinals():
        found.append("ordinal")
    if key in phrases.rankings("superlative"):
        found.append("superlative")
    if key in jobs():
        found.append(jobs()[key][0])
    if key in common():
        found.append("common")
    return " ".join(found) if found != ["common"] else f"common {key}"


@functools.cache
def vocabulary() -> frozenset[str]:
    """Every word of the shapes' questions and of the closed lists: what is no name in a question."""
    data = exemplar_file()
    lines = [text for shape in data["shape"] for text in shape["questions"]]
    found = {word for text in lines for word in _WORD.findall(re.sub(r"\{\w+\}", " ", text))}
    found |= {word for others in data["words"]["same"].values() for word in others} | common() | kind_words()
    lists = (phrases.genres(), phrases.ordinals(), phrases.rankings("superlative"), phrases.decades())
    found |= {word for entries in lists for entry in entries for word in entry.split()}
    return frozenset(found | _NO_SLIPS)


_NO_SLIPS = frozenset({"word", "words"})  # one letter from "work", and what a name may hold
_WORD = re.compile(r"[a-z']+")
_SHORTEST = 4  # a word of which a slip of the finger is still recognised


@functools.cache
def _slips() -> Mapping[str, str]:
    """Known words with one letter left out -> the word: a common one, else where only one gives it."""
    found: dict[str, set[str]] = {}
    for word in (word for word in vocabulary() if len(word) >= _SHORTEST):
        for shorter in _shortened(word):
            found.setdefault(shorter, set()).add(word)
    kept = {shorter: next(iter(words)) for shorter, words in found.items() if len(words) == 1}
    for word in sorted(word for word in common() if len(word) >= _SHORTEST):
        kept.update(
            {shorter: word for shorter in _shortened(word) if not found[shorter] & (common() - {word})}
        )
    return kept


def _shortened(word: str) -> set[str]:
    return {word[:at] + word[at + 1 :] for at in range(len(word))}


@functools.lru_cache(maxsize=8192)
def corrected(key: str) -> str:
    """A known word for one a slip away from it, else the word itself: for words that are part of no name.

    >>> corrected("relased"), corrected("diretced"), corrected("zorro")
    ('released', 'directed', 'zorro')
    """
    if key in vocabulary() or len(key) < _SHORTEST or not key.isalpha():
        return key
    for form in (key, *sorted(_shortened(key))):
        if form in _slips() and abs(len(_slips()[form]) - len(key)) <= 1:
            return _slips()[form]
        if form in (vocabulary() if len(form) >= _SHORTEST else common()) and len(form) > 2:
            return form
    return key
