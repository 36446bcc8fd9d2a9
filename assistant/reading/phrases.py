"""The word lists of ``phrases.toml``, as the parsers of slots use them."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from assistant.reading.patterns import expand
from assistant.reading.reading import Order


@dataclass(frozen=True)
class Ranking:
    """How titles are ordered by a superlative or a comparison."""

    order: Order
    descending: bool
    limit: int | None = None  # "the three best"


@functools.cache
def _data() -> Mapping[str, Any]:
    text = files("assistant.reading").joinpath("phrases.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def words(name: str) -> tuple[str, ...]:
    """A list of the file. Raises KeyError for a name that is not there."""
    return tuple(_data()[name])


def any_of(*names: str) -> str:
    """A regular expression for any entry of the lists, longest first.

    ``{word}`` in an entry is any one word.
    """
    return one_of(entry for name in names for entry in words(name))


def one_of(entries: Iterable[str]) -> str:
    """A regular expression for any of the entries, longest first."""
    escaped = (
        re.escape(entry).replace(r"\{word\}", r"\w+") for entry in sorted(entries, key=len, reverse=True)
    )
    return f"(?:{'|'.join(escaped)})"


@functools.cache
def ordinals() -> Mapping[str, int]:
    """ "third" -> 3, "latest" -> -1."""
    return {word: int(value) for value, entries in _data()["ordinals"].items() for word in entries}


@functools.cache
def decades() -> Mapping[str, int]:
    """ "forties" -> 1940."""
    return {word: int(value) for value, word in _data()["decades"].items()}


@functools.cache
def genres() -> Mapping[str, str]:
    """ "westerns" -> "Western"."""
    return {word: genre for genre, entries in _data()["genres"].items() for word in entries}


@functools.cache
def rankings(name: str) -> Mapping[str, Ranking]:
    """Folded words -> Ranking; ``name`` is "superlative" or "measure"."""
    return {
        word: Ranking(Order(entry["order"]), not entry.get("ascending", False))
        for entry in _data()[name]
        for text in entry["words"]
        for word in expand(text)
    }
