"""The wordings' Readings first; where they come to nothing good, also those of the learned reader."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

from assistant.reading.reader import passes_over, read, topic_of
from assistant.reading.reading import Ask, Reading
from assistant.reading.words import read_words
from assistant.resolving.finding import Finding
from assistant.resolving.resolver import Tools, resolve, value_of

NEAREST = "; read by the nearest known shape"  # ends the rule of a finding that no wording led to
_GOOD = 0.6  # a finding of this value is not looked at again
_MENDED = 0.95  # of a wording's weight, where slips had to be mended for it
_NEAR_PLOT = 0.5
_SURE_WORDING = 0.8  # what a wording this sure comes to nothing with is a false premise rather than misread
_ROLES = frozenset({Ask.PLAYED_BY, Ask.CHARACTER_OF, Ask.CAST, Ask.PERSON, Ask.IS_IN})


def resolved(question: str, readings: Sequence[Reading], tools: Tools) -> Finding | None:
    """The best finding of the wordings' ``readings``, or of what the learned reader makes of the question."""
    finding = resolve(readings, tools)
    if not tools.ways.shapes or _good(finding) or topic_of(question) is not None:
        return finding
    other = _freely_resolved(question, tools)
    if other is None or (finding is not None and not _better(other, finding)):
        return finding
    return dataclasses.replace(other, rule=f"{other.rule}{NEAREST}")


def _good(finding: Finding | None) -> bool:
    if finding is None or not finding.found:
        return False
    return finding.guess or value_of(finding) >= _GOOD


def _freely_resolved(question: str, tools: Tools) -> Finding | None:
    """What the learned reader's Readings come to.

    First what the wordings say once slips of the finger are mended, at last the Readings in which a name is
    of another kind.
    """
    found: Finding | None = None
    for swapped, readings in _freely_read(question):
        finding = resolve(readings, tools)
        if finding is not None and finding.found:
            return None if _guessed(finding, swapped) else finding
        found = found or finding
    return found


def _freely_read(question: str) -> Iterator[tuple[bool, list[Reading]]]:
    from assistant.reading.learned.free import mended, read_freely

    words = read_words(question)
    text = mended(words)
    if text is not None:
        yield False, [dataclasses.replace(item, weight=_MENDED * item.weight) for item in read(text)]
    for swapped in (False, True):
        near = read_freely(words, swapped)
        yield swapped, [reading for reading in near if not passes_over(reading, words.text)]


def _guessed(finding: Finding, swapped: bool) -> bool:
    """A "no" without a record or about another kind of name, a plot that nothing is near to."""
    title = finding.reading.title
    if title is not None and title.plot and finding.confidence < _NEAR_PLOT:
        return True
    return finding.values == ("No",) and (swapped or not finding.records)


def _better(other: Finding, finding: Finding) -> bool:
    """Whether to believe ``other``: what a sure wording says is not there is not found by reading it anew."""
    if not other.found:
        return False
    if finding.found:
        return value_of(other) > value_of(finding)
    return finding.reading.weight < _SURE_WORDING or _about(other.reading) != _about(finding.reading)


def _about(reading: Reading) -> str:
    return "roles" if reading.ask in _ROLES else reading.ask
