"""An Answer read again from the JSON it was stored as."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.answer import Answer, Choice, Evidence, Item, Status
from assistant.reading.reading import Reading
from indexer.errors import InputError
from indexer.ids import parse_person_id, parse_title_id


def answer_from_json(data: Mapping[str, Any]) -> Answer:
    """The Answer whose ``to_json`` gave ``data``.

    A reading in words that this version does not know is left out. Raises InputError for an id that is none.
    """
    return Answer(
        Status(data["status"]),
        data["text"],
        tuple(Item(**item) for item in data["answers"]),
        tuple(_evidence(record) for record in data["evidence"]),
        tuple(Choice(**choice) for choice in data["choices"]),
        _reading(data["reading"]),
        data["confidence"],
        data["latency_ms"],
        data["stages"],
        data.get("explanation"),
    )


def _evidence(record: Mapping[str, Any]) -> Evidence:
    title, person = record.get("title_id"), record.get("person_id")
    return Evidence(
        None if title is None else parse_title_id(title),
        record.get("title"),
        record.get("year"),
        None if person is None else parse_person_id(person),
        record.get("person"),
        record.get("category"),
        record.get("job"),
        tuple(record.get("characters", ())),
    )


def _reading(data: Mapping[str, Any]) -> Reading | None:
    try:
        return Reading.from_json(data) if data else None
    except InputError:
        return None
