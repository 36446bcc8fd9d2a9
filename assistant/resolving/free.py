"""The wordings' Readings first; where they come to nothing good, also those of the learned reader."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Sequence

from assistant.reading.reading import Reading
from assistant.reading.words import read_words
from assistant.resolving.finding import Finding
from assistant.resolving.resolver import Tools, resolve, value_of

NEAREST = "; read by the nearest known shape"  # ends the rule of a finding that no wording led to
_GOOD = float(os.environ.get("GOOD", "0.6"))  # a finding of this value is not looked at again
_SURE_WORDING = 0.8  # what a wording this sure comes to nothing with is a false premise rather than misread
_CLEARLY = float(os.environ.get("CLEARLY", "0.85"))


def resolved(question: str, readings: Sequence[Reading], tools: Tools) -> Finding | None:
    """The best finding of the wordings' ``readings``, or of what the learned reader makes of the question."""
    finding = resolve(readings, tools)
    if os.environ.get("NOFREE") or (finding is not None and finding.found and value_of(finding) >= _GOOD):
        return finding
    other = _freely_resolved(question, tools)
    if other is None or (finding is not None and not (other.found and _better(other, finding))):
        return finding
    return dataclasses.replace(other, rule=f"{other.rule}{NEAREST}")


def _freely_resolved(question: str, tools: Tools) -> Finding | None:
    """What the learned reader's Readings come to, at last those in which a name is of another kind."""
    from assistant.reading.learned.free import read_freely

    words = read_words(question)
    found: Finding | None = None
    for swapped in (False, True):
        finding = resolve(read_freely(words, swapped), tools)
        if finding is not None and finding.found:
            return finding
        found = found or finding
    return found


def _better(other: Finding, finding: Finding) -> bool:
    if finding.found:
        return value_of(other) > value_of(finding)
    return finding.reading.weight < _SURE_WORDING or other.reading.weight >= _CLEARLY
