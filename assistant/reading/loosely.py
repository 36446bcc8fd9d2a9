"""Titles of which one thing is told that described.py cannot read: "a film with P that is set in a hotel".

What is read narrows, what is left over is kept as a plot: it orders what still fits, or is not needed where
only one title does.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

from assistant.reading import phrases
from assistant.reading.described import (
    Clause,
    Described,
    clauses_of,
    cuts_of,
    described,
    heads_of,
    ranked_before,
)
from assistant.reading.reading import Ask, Reading
from indexer.text import fold

_MOST = 3  # ways to read one phrase
_WEIGHT = 0.7
_WORDS = 30  # of what is left over at most
_FRAME = re.compile(
    r"^(?:in |on )?(?:which|what)(?: other)? (?!is |was |are |were |year)(?P<np>.+)$|"
    r"^(?:what|which) (?:is|was) (?P<one>(?:the |an? ).+)$",
    re.I,
)
_RANKED = re.compile(
    r"\b(?:the (?:most|highest|longest|shortest|lowest|greatest|largest|biggest|fewest)|how many)\b", re.I
)
_LINK = re.compile(r"^(?:and|but|also|,)\s+", re.I)


def loosely_described(text: str) -> Iterator[Reading]:
    """Readings of "which film ..." with something left over, the least first; none without people."""
    found = _FRAME.match(" ".join(text.split()).strip(" ?.!"))
    text = (found["np"] or found["one"]) if found else ""
    if not text or (described(text) and not _begins_plainly(text)):
        return  # what can be read whole is no more than that
    ways = sorted(_ways(text), key=lambda way: len(way[1]))
    for item, rest in ways[:_MOST]:
        ref = dataclasses.replace(item.ref, plot=rest)
        yield Reading(Ask.TITLE, title=ref, limit=1, weight=_WEIGHT)


def _ways(text: str) -> Iterator[tuple[Described, str]]:
    for before, types, after in heads_of(text):
        for name, base in ranked_before(before, types):
            if base.ranking is not None or base.ref.ordinal is not None or not _is_plain(name):
                continue
            for clauses, left in _with_rest(after):
                item = _merged(base, clauses)
                rest = " ".join(filter(None, (name, left)))
                if item is not None and _tells(item, rest):
                    yield item, rest


def _begins_plainly(text: str) -> bool:
    """Whether the words before the noun may tell what it is about, though a name could be read in them."""
    names = [name for before, types, _ in heads_of(text) for name, _ in ranked_before(before, types)]
    return any(name and _is_plain(name) for name in names)


def _is_plain(name: str) -> bool:
    """Whether the words before the noun tell what it is about ("baseball") and name no series."""
    return not name or name == name.lower() or fold(name) in phrases.words("not_held")


def _with_rest(text: str) -> Iterator[tuple[tuple[Clause, ...], str]]:
    """The clauses of a text without the one at its beginning or end that cannot be read; or all of them."""
    for clauses in clauses_of(text):
        yield clauses, ""
    for start, end in cuts_of(text):
        for clauses in clauses_of(text[:start])[:1]:
            yield clauses, _LINK.sub("", text[end:].strip())
        for clauses in clauses_of(text[end:])[:1]:
            yield clauses, _LINK.sub("", text[:start].strip())


def _merged(base: Described, clauses: tuple[Clause, ...]) -> Described | None:
    item: Described | None = base
    for clause in clauses:
        item = item.also(clause) if item is not None else None
    return item


def _tells(item: Described, rest: str) -> bool:
    """Whether somebody is named, nothing is ranked, and what is left over is short enough to be one thing."""
    people = any(part.person is not None and not part.without for part in item.ref.parts)
    plain = item.ranking is None and item.ref.ordinal is None and item.ref.name is None
    words = rest.split()
    told = any(word[0].islower() and word != "and" for word in words)  # a name alone tells nothing
    return told and people and plain and len(words) <= _WORDS and not _RANKED.search(rest)
