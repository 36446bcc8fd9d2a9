"""Records as CSV, and long filmographies in groups."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from assistant.answer import Evidence
from indexer.ids import format_person_id, format_title_id, is_reserved_person

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_HEAD = ("title", "year", "title_id", "person", "person_id", "credit", "characters")
_ACTING = {"actor": "acting", "actress": "acting"}


def as_csv(records: Sequence[Evidence]) -> str:
    """The records as CSV; no cell is a formula to a spreadsheet: a quotation mark stands before it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_HEAD)
    writer.writerows([neutral(cell) for cell in _cells(record)] for record in records)
    return out.getvalue()


def neutral(cell: str) -> str:
    """The cell, with ' before it where a spreadsheet would compute it (cells beginning = + - @)."""
    return f"'{cell}" if cell.lstrip().startswith(_FORMULA) or cell.startswith(_FORMULA) else cell


def is_filmography(records: Sequence[Evidence]) -> bool:
    """Whether they are one person's credits in several titles."""
    people = {record.person_id for record in records}
    return len(people) == 1 and None not in people and len({record.title_id for record in records}) > 1


def grouped(records: Sequence[Evidence]) -> list[tuple[str, list[Evidence]]]:
    """A filmography by role, the role with most records first, and in it by decade, the latest first."""
    roles: dict[str, list[Evidence]] = {}
    for record in records:
        role = record.category or "credit"
        roles.setdefault(_ACTING.get(role, role.replace("_", " ")), []).append(record)
    return [
        (f"{role.capitalize()}, {decade}", found)
        for role, of_role in sorted(roles.items(), key=lambda item: -len(item[1]))
        for decade, found in _by_decade(of_role)
    ]


def _by_decade(records: Sequence[Evidence]) -> list[tuple[str, list[Evidence]]]:
    decades: dict[int, list[Evidence]] = {}
    for record in sorted(records, key=lambda each: -(each.year or 0)):
        decades.setdefault((record.year or 0) // 10 * 10, []).append(record)
    return [(f"{decade}s" if decade else "year unknown", found) for decade, found in decades.items()]


def _cells(record: Evidence) -> tuple[str, ...]:
    person = record.person_id
    known = "" if person is None or is_reserved_person(person) else format_person_id(person)
    return (
        record.title or "",
        "" if record.year is None else str(record.year),
        "" if record.title_id is None else format_title_id(record.title_id),
        record.person or "",
        known,
        record.job or record.category or "",
        " / ".join(record.characters),
    )
