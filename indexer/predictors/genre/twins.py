"""Which films of a training set also stand in the set that is measured on: by name and year, or by text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

_LINK = 8  # words in a row that two texts share only where one was copied from the other
_SHARE = 0.3  # of a text's rows of words that stand in a held-out one: the same text, perhaps edited
_WORD = re.compile(r"[^\W_]+")
_ARTICLE = re.compile(r"^(?:the|a|an) ")


def plain_name(name: str) -> str:
    """A name without case, accents, punctuation and a first article.

    >>> plain_name("The Élysée: Part 2")
    'elysee part 2'
    """
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower() or name.lower()
    return _ARTICLE.sub("", " ".join(_WORD.findall(letters)))


@dataclass
class HeldOut:
    """Films that nothing may learn from."""

    _named: set[tuple[str, int | None]] = field(default_factory=set)
    _rows: set[tuple[str, ...]] = field(default_factory=set)

    @classmethod
    def of(cls, films: Iterable[tuple[str, int | None, str]]) -> HeldOut:
        """From (name, year, text) of each."""
        held = cls()
        for name, year, text in films:
            held._named.add((plain_name(name), year))
            held._rows.update(_links(text))
        return held

    def holds(self, names: Sequence[str], year: int | None, text: str) -> bool:
        """Whether a film is one of them: by a name and its year (give or take one), or much of its text."""
        years = {None} if year is None else {year - 1, year, year + 1}
        if any((plain_name(name), at) in self._named for name in names for at in years):
            return True
        links = list(_links(text))
        return bool(links) and sum(link in self._rows for link in links) > _SHARE * len(links)


def _links(text: str) -> Iterator[tuple[str, ...]]:
    """Every row of _LINK words; a text of fewer words is one row."""
    words = _WORD.findall(text.lower())
    return (tuple(words[start : start + _LINK]) for start in range(max(1, len(words) - _LINK + 1)) if words)
