"""An Answer: what the assistant says, and the catalogue records that prove it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from assistant.reading.reading import Reading
from indexer.ids import PersonId, TitleId, format_person_id, format_title_id


class Status(StrEnum):
    """How an answer stands."""

    ANSWERED = "answered"
    AMBIGUOUS = "ambiguous"  # ``choices`` holds the readings, best first, ``answers`` those of the best
    UNKNOWN = "unknown"  # understood, not in the data
    UNSUPPORTED = "unsupported"  # not a question this data can hold


@dataclass(frozen=True, slots=True)
class Item:
    """One answer: a person, title, character, year, number, genre, boolean or text.

    ``id`` is None where it is none of the catalogue's.
    """

    text: str
    kind: str
    id: str | None = None
    score: float = 1.0

    def to_json(self) -> dict[str, Any]:
        """As in the answer's JSON."""
        known = {} if self.id is None else {"id": self.id}
        return {"text": self.text, "kind": self.kind, **known, "score": round(self.score, 4)}


@dataclass(frozen=True, slots=True)
class Evidence:
    """One record of the catalogue, with the names a person reads.

    A title alone where ``person_id`` is None.
    """

    title_id: TitleId | None
    title: str | None = None
    year: int | None = None
    person_id: PersonId | None = None
    person: str | None = None
    category: str | None = None
    job: str | None = None
    characters: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As in the answer's JSON; parts that do not apply are left out."""
        parts: dict[str, Any] = {
            "title_id": None if self.title_id is None else format_title_id(self.title_id),
            "title": self.title,
            "year": self.year,
            "person_id": None if self.person_id is None else format_person_id(self.person_id),
            "person": self.person,
            "category": self.category,
            "job": self.job,
            "characters": list(self.characters) or None,
        }
        return {name: value for name, value in parts.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several readings to choose from: what to show, and the question that asks for it outright."""

    text: str
    question: str
    id: str | None = None

    def to_json(self) -> dict[str, Any]:
        """As in the answer's JSON."""
        return {"text": self.text, "question": self.question, **({} if self.id is None else {"id": self.id})}


@dataclass(frozen=True)
class Answer:
    """What ``Assistant.answer`` returns.

    Times in ms; ``confidence`` in 0-1 is the chance that the answer is right.
    """

    status: Status
    text: str
    answers: tuple[Item, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    choices: tuple[Choice, ...] = ()
    reading: Reading | None = None
    confidence: float = 0.0
    latency_ms: float = 0.0
    stages: dict[str, float] = field(default_factory=dict)
    explanation: dict[str, Any] | None = (
        None  # with explain=True: candidates with score parts, the rule that decided
    )

    def to_json(self, answer_id: str | None = None) -> dict[str, Any]:
        """The JSON of ``ask --json`` and of each line of ``batch``."""
        parts: dict[str, Any] = {} if answer_id is None else {"id": answer_id}
        parts |= {
            "status": str(self.status),
            "text": self.text,
            "answers": [item.to_json() for item in self.answers],
            "evidence": [record.to_json() for record in self.evidence],
            "choices": [choice.to_json() for choice in self.choices],
            "reading": {} if self.reading is None else self.reading.to_json(),
            "confidence": round(self.confidence, 4),
            "latency_ms": round(self.latency_ms, 1),
            "stages": {name: round(value, 2) for name, value in self.stages.items()},
        }
        return parts if self.explanation is None else parts | {"explanation": self.explanation}
