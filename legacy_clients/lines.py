"""Catalogue records as the lines of lists."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from indexer.catalog.records import Person, Title
from indexer.ids import PersonId, format_person_id, format_title_id, is_reserved_person
from legacy_clients.said import PersonLine, TitleLine


def title_line(title: Title) -> TitleLine:
    """A title in a list."""
    return TitleLine(**title_fields(title))


def title_fields(title: Title) -> dict[str, Any]:
    """The values of a title's line, for lines that say more."""
    return {
        "id": format_title_id(title.id),
        "title": title.name,
        "year": title.year,
        "type": title.type,
        "genres": list(title.genres),
        "rating": title.rating,
        "votes": title.votes,
    }


def person_line(person: Person) -> PersonLine:
    """A person in a list."""
    return PersonLine(id=person_id(person.id), person=person.name)


def person_id(key: PersonId) -> str | None:
    """IMDb's id; ``None`` of people whom IMDb has no id for."""
    return None if is_reserved_person(key) else format_person_id(key)


def rounded(parts: dict[str, float]) -> dict[str, float]:
    """Parts of a score, to three places; those that add nothing are left out."""
    return {name: round(value, 3) for name, value in parts.items() if value}


def in_order(titles: dict[Any, Title], keys: Iterable[int]) -> list[TitleLine]:
    """The lines of the keys that are there."""
    return [title_line(titles[key]) for key in keys if key in titles]
