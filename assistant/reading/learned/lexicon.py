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

    >>> classes("directed"), classes("1999"), classes("films")
    ('made', 'year', 'kind')
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
