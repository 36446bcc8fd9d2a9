"""What a Reading came to: records of the catalogue, before anything is put into words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.answer import Choice, Status
from assistant.reading.reading import Ask, Reading
from indexer.catalog.records import Credit, Person, Title


@dataclass(frozen=True, slots=True)
class Record:
    """One record that proves something: a credit with its title and person, or one of the two alone."""

    title: Title | None = None
    person: Person | None = None
    credit: Credit | None = None


@dataclass(frozen=True)
class Finding:
    """The outcome of one Reading.

    records: the proof, best first; values: what is not a record (a number, a genre, yes); confidence: 0-1
    that it is right; note: a sentence for what was not found; rule: what decided, for ``--explain``.
    """

    reading: Reading
    status: Status
    records: tuple[Record, ...] = ()
    values: tuple[str, ...] = ()
    confidence: float = 0.0
    note: str = ""
    rule: str = ""
    others: tuple[Record, ...] = ()  # the same asked of other titles of the name
    choices: tuple[Choice, ...] = ()
    candidates: tuple[dict[str, Any], ...] = field(default=(), repr=False)
    signals: Mapping[str, Any] = field(default_factory=dict, repr=False)  # what ``confidence`` was judged by

    @property
    def found(self) -> bool:
        """Whether it holds an answer."""
        return self.status in (Status.ANSWERED, Status.AMBIGUOUS)

    @property
    def guess(self) -> bool:
        """Whether a model guessed it from what the question tells: it has no record, and says so."""
        return self.reading.ask is Ask.GUESSED_GENRES


def unknown(reading: Reading, note: str, confidence: float = 0.3, rule: str = "") -> Finding:
    """Understood, but not in the data; ``confidence`` is that this reading was meant."""
    return Finding(reading, Status.UNKNOWN, note=note, confidence=confidence, rule=rule)
