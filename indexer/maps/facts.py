"""What the catalogue says of titles, by the names of the fields of the joint space."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from indexer.catalog.catalog import Catalog
from indexer.catalog.records import ACTING, Credit, Person, Title
from indexer.joint.entities import decade

_MOST = 12  # people or characters of one title, as many as the joint space reads


def title_values(catalog: Catalog, titles: Sequence[Title]) -> list[dict[str, Any]]:
    """Each title's fields; ``None`` or empty where the catalogue lacks one."""
    credits = catalog.credits_of_titles([title.id for title in titles])
    people = catalog.people({credit.person_id for each in credits.values() for credit in each})
    return [
        _own(title) | _credited(credits.get(title.id, []), people) | {"keywords": _keywords(catalog, title)}
        for title in titles
    ]


def _own(title: Title) -> dict[str, Any]:
    return {
        "title": title.name,
        "type": title.type,
        "year": title.year,
        "decade": decade(title.year),
        "runtime": title.runtime,
        "genres": title.genres,
        "rating": title.rating,
        "votes": title.votes or None,
        "adult": title.adult,
    }


def _credited(credits: Sequence[Credit], people: dict[Any, Person]) -> dict[str, Any]:
    known = [credit for credit in credits if credit.person_id in people]
    return {
        "cast": _first(people[credit.person_id].name for credit in known if credit.category in ACTING),
        "director": _first(
            people[credit.person_id].name for credit in known if credit.category == "director"
        ),
        "character": _first(name for credit in known for name in credit.characters),
    }


def _first(texts: Iterable[str]) -> tuple[str, ...]:
    """The first dozen, none twice."""
    return tuple(dict.fromkeys(texts))[:_MOST]


def _keywords(catalog: Catalog, title: Title) -> tuple[str, ...] | None:
    return tuple(catalog.keywords(title.id)) or None
