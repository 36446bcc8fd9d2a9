"""What lies near known titles and people, and how alike neighbours are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np

from indexer.catalog.catalog import Catalog
from indexer.catalog.records import Person, Title
from indexer.ids import PersonId, TitleId, format_person_id, format_title_id
from indexer.maps.known import Space, rows_of
from indexer.vectors import NO_ID, Ids, Rows, Table

_NEAR_YEARS = 10
_Pairs = Sequence[tuple[Title, Title]]


@dataclass(frozen=True)
class Neighbour:
    """A title or a person nearby. likeness: cosine, -1 to 1. credited: whether the catalogue has the two
    together in a credit; ``None`` between things of a kind.
    """

    id: str
    name: str
    likeness: float
    credited: bool | None = None


@dataclass(frozen=True)
class Neighbourhood:
    """A known title or person with the titles and people nearest to it, nearest first."""

    id: str
    name: str
    titles: list[Neighbour]
    people: list[Neighbour]


@dataclass(frozen=True)
class Alike:
    """A share of pairs, 0-1: among neighbours, and among titles drawn by chance."""

    what: str
    neighbours: float
    chance: float


def of_titles(catalog: Catalog, space: Space, titles: Sequence[Title], count: int) -> list[Neighbourhood]:
    """``count`` neighbours of both kinds of each title."""
    rows = rows_of(space.titles, (title.id for title in titles))
    near = _Near(catalog, space, rows, count)
    credits = catalog.credits_of_titles([title.id for title in titles])
    return [
        Neighbourhood(
            format_title_id(title.id),
            title.dated,
            near.titles(place, without=title.id),
            near.people(place, credited={credit.person_id for credit in credits.get(title.id, [])}),
        )
        for place, title in enumerate(titles)
    ]


def of_people(catalog: Catalog, space: Space, people: Sequence[Person], count: int) -> list[Neighbourhood]:
    """``count`` neighbours of both kinds of each person."""
    rows = rows_of(space.people, (person.id for person in people))
    near = _Near(catalog, space, rows, count)
    credits = catalog.credits_of_people([person.id for person in people])
    return [
        Neighbourhood(
            format_person_id(person.id),
            person.name,
            near.titles(place, credited={credit.title_id for credit in credits.get(person.id, [])}),
            near.people(place, without=person.id),
        )
        for place, person in enumerate(people)
    ]


class _Near:
    """The exact neighbours of (B, D) rows, with names."""

    def __init__(self, catalog: Catalog, space: Space, rows: Rows, count: int) -> None:
        self._count = count
        self._title_ids, self._title_scores = space.titles.nearest(rows, count + 1)
        self._person_ids, self._person_scores = space.people.nearest(rows, count + 1)
        self._titles = catalog.titles(self._title_ids.reshape(-1).tolist())
        self._people = catalog.people(self._person_ids.reshape(-1).tolist())

    def titles(
        self, place: int, without: TitleId | None = None, credited: set[TitleId] | None = None
    ) -> list[Neighbour]:
        """Those of row ``place``; ``credited`` says of which it is true."""
        found = [
            Neighbour(format_title_id(title.id), title.dated, score, _among(title.id, credited))
            for at, score in _pairs(self._title_ids[place], self._title_scores[place])
            if at != without and (title := self._titles.get(TitleId(at)))
        ]
        return found[: self._count]

    def people(
        self, place: int, without: PersonId | None = None, credited: set[PersonId] | None = None
    ) -> list[Neighbour]:
        """Those of row ``place``; ``credited`` says of whom it is true."""
        found = [
            Neighbour(format_person_id(person.id), person.name, score, _among(person.id, credited))
            for at, score in _pairs(self._person_ids[place], self._person_scores[place])
            if at != without and (person := self._people.get(PersonId(at)))
        ]
        return found[: self._count]


def _among(one: int, credited: Collection[int] | None) -> bool | None:
    return None if credited is None else one in credited


def _pairs(ids: Ids, scores: Rows) -> list[tuple[int, float]]:
    return [(int(at), round(float(score), 3)) for at, score in zip(ids, scores, strict=True)]


def alike(catalog: Catalog, space: Space, titles: Sequence[Title], count: int, seed: int) -> list[Alike]:
    """How often a title and one of its ``count`` nearest share a genre, a type, about a year."""
    pairs = _pairs_with(space.titles, space, titles, count)
    chance = _chance(space.titles, pairs, seed)
    known = catalog.titles({at for pair in (*pairs, *chance) for at in pair})
    near, drawn = ([(known[TitleId(a)], known[TitleId(b)]) for a, b in each] for each in (pairs, chance))
    return [Alike(what, _share(asked(near)), _share(asked(drawn))) for what, asked in _questions(catalog)]


def _questions(catalog: Catalog) -> list[tuple[str, Callable[[_Pairs], list[bool]]]]:
    """What is asked of pairs of titles."""
    return [
        (
            "a title that shares a genre",
            lambda pairs: [bool(set(a.genres) & set(b.genres)) for a, b in pairs],
        ),
        ("one of the same type", lambda pairs: [a.type == b.type for a, b in pairs]),
        ("one within ten years of it", lambda pairs: [_near_years(a, b) for a, b in pairs]),
        ("one that shares a person", lambda pairs: _share_people(catalog, pairs)),
    ]


def credited_nearby(catalog: Catalog, space: Space, titles: Sequence[Title], count: int, seed: int) -> Alike:
    """How often one of the ``count`` people nearest to a title is credited in it."""
    pairs = _pairs_with(space.people, space, titles, count)
    credits = catalog.credits_of_titles([title.id for title in titles])
    true = {(title_id, credit.person_id) for title_id, each in credits.items() for credit in each}
    drawn = _chance(space.people, pairs, seed)
    shares = (_share([pair in true for pair in each]) for each in (pairs, drawn))
    return Alike("a person credited in it", *shares)


def _pairs_with(table: Table, space: Space, titles: Sequence[Title], count: int) -> list[tuple[int, int]]:
    """(title, one of the ``count`` nearest of ``table``) of each title, none with itself."""
    itself = table is space.titles
    ids, _ = table.nearest(rows_of(space.titles, (title.id for title in titles)), count + itself)
    return [
        (title.id, int(other))
        for title, row in zip(titles, ids, strict=True)
        for other in [at for at in row if at != NO_ID and not (itself and at == title.id)][:count]
    ]


def _chance(table: Table, pairs: list[tuple[int, int]], seed: int) -> list[tuple[int, int]]:
    """The same titles, each with others of the table drawn by chance."""
    others = np.random.default_rng(seed).choice(table.ids, len(pairs))
    return [(title, int(other)) for (title, _), other in zip(pairs, others, strict=True) if title != other]


def _near_years(one: Title, other: Title) -> bool:
    return one.year is not None and other.year is not None and abs(one.year - other.year) <= _NEAR_YEARS


def _share_people(catalog: Catalog, pairs: _Pairs) -> list[bool]:
    credits = catalog.credits_of_titles({title.id for pair in pairs for title in pair})
    people = {title: {credit.person_id for credit in each} for title, each in credits.items()}
    return [bool(people.get(a.id, set()) & people.get(b.id, set())) for a, b in pairs]


def _share(found: Sequence[bool]) -> float:
    return round(sum(found) / len(found), 4) if found else 0.0
