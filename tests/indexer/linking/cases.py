"""A small catalogue of remakes, namesakes and series, with computable answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np

from indexer.catalog.records import Credit, Person, Title
from indexer.errors import InputError
from indexer.fields.rows import Row, Value
from indexer.ids import PersonId, TitleId
from indexer.linking.facts import FactIndex
from indexer.linking.linker import Linker
from indexer.linking.names import NameIndex
from indexer.linking.weights import Weights
from indexer.settings import JointSettings

TITLES = (
    Title(TitleId(1), "The Avengers", "movie", None, 1998, None, 89, ("Action", "Sci-Fi"), 3.8, 44_000),
    Title(
        TitleId(2), "The Avengers", "movie", None, 2012, None, 143, ("Action", "Adventure"), 8.0, 1_300_000
    ),
    Title(TitleId(3), "The Matrix", "movie", None, 1999, None, 136, ("Action", "Sci-Fi"), 8.7, 1_900_000),
    Title(
        TitleId(4), "The Matrix Reloaded", "movie", None, 2003, None, 138, ("Action", "Sci-Fi"), 7.2, 600_000
    ),
    Title(TitleId(5), "Rocky II", "movie", None, 1979, None, 119, ("Drama", "Sport"), 7.3, 220_000),
    Title(TitleId(6), "Rocky", "movie", None, 1976, None, 120, ("Drama", "Sport"), 8.1, 600_000),
    Title(
        TitleId(7),
        "Amélie",
        "movie",
        "Le fabuleux destin d'Amélie Poulain",
        2001,
        None,
        122,
        ("Comedy",),
        8.3,
        750_000,
    ),
    Title(TitleId(8), "Face", "movie", None, 1997, None, 105, ("Crime",), 6.9, 4_600),
    Title(TitleId(9), "Face/Off", "movie", None, 1997, None, 138, ("Action",), 7.3, 390_000),
    Title(TitleId(10), "$", "movie", None, 1971, None, 121, ("Comedy",), 6.2, 2_700),
    Title(TitleId(11), "Spider-Man", "movie", None, 2002, None, 121, ("Action",), 7.4, 850_000),
    Title(TitleId(12), "Untold", "movie"),
)
PEOPLE = (
    Person(PersonId(1), "Ralph Fiennes", 1962, None, ("actor",), 5_000_000),
    Person(PersonId(2), "Uma Thurman", 1970, None, ("actress",), 6_000_000),
    Person(PersonId(3), "Robert Downey Jr.", 1965, None, ("actor",), 14_000_000),
    Person(PersonId(4), "Keanu Reeves", 1964, None, ("actor",), 10_000_000),
    Person(PersonId(5), "Gloria Foster", 1933, 2001, ("actress",), 2_500_000),
    Person(PersonId(6), "Joss Whedon", 1964, None, ("writer", "director"), 4_000_000),
    Person(PersonId(7), "Jeremiah Chechik", 1955, None, ("director",), 100_000),
    Person(PersonId(8), "Sylvester Stallone", 1946, None, ("actor",), 7_000_000),
    Person(PersonId(9), "John Travolta", 1954, None, ("actor",), 6_500_000),
    Person(PersonId(10), "Paul Williams", 1940, None, ("actor",), 900_000),
    Person(PersonId(11), "Paul Williams", 1943, None, ("director",), 30_000),
)


def _cast(title: int, *roles: tuple[int, str]) -> list[Credit]:
    return [
        Credit(TitleId(title), PersonId(person), place, "actor", None, (role,))
        for place, (person, role) in enumerate(roles, start=1)
    ]


def _director(title: int, person: int) -> Credit:
    return Credit(TitleId(title), PersonId(person), 9, "director")


CREDITS = (
    *_cast(1, (1, "John Steed"), (2, "Emma Peel")),
    _director(1, 7),
    *_cast(2, (3, "Tony Stark")),
    _director(2, 6),
    *_cast(3, (4, "Neo"), (5, "Oracle")),
    *_cast(4, (4, "Neo"), (5, "The Oracle"), (10, "Door Keeper")),
    *_cast(5, (8, "Rocky Balboa")),
    *_cast(6, (8, "Rocky Balboa")),
    *_cast(9, (9, "Sean Archer")),
    _director(8, 11),
)


class TinyCatalog:
    """The part of a catalogue that linking reads, held in memory."""

    def iter_titles(self) -> Iterator[Title]:
        return iter(TITLES)

    def iter_people(self) -> Iterator[Person]:
        return iter(PEOPLE)

    def iter_credits(self) -> Iterator[Credit]:
        return iter(CREDITS)

    def titles(self, ids: Iterable[int]) -> dict[TitleId, Title]:
        wanted = set(ids)
        return {title.id: title for title in TITLES if title.id in wanted}

    def people(self, ids: Iterable[int]) -> dict[PersonId, Person]:
        wanted = set(ids)
        return {person.id: person for person in PEOPLE if person.id in wanted}

    def credits_of_titles(self, ids: Iterable[int]) -> dict[TitleId, list[Credit]]:
        return {TitleId(key): [credit for credit in CREDITS if credit.title_id == key] for key in ids}

    def credits_of_people(self, ids: Iterable[int]) -> dict[PersonId, list[Credit]]:
        return {PersonId(key): [credit for credit in CREDITS if credit.person_id == key] for key in ids}


def title_names() -> list[tuple[int, str, float]]:
    """(id, name, votes) of every name of every title."""
    names = [(int(title.id), title.name, float(title.votes)) for title in TITLES]
    return names + [
        (int(title.id), title.original_name, float(title.votes)) for title in TITLES if title.original_name
    ]


def person_names() -> list[tuple[int, str, float]]:
    """(id, name, popularity) of everybody."""
    return [(int(person.id), person.name, float(person.popularity)) for person in PEOPLE]


@cache
def indexes() -> dict[str, NameIndex]:
    """The name indexes of the small catalogue."""
    return {"title": NameIndex.of(title_names(), "title"), "person": NameIndex.of(person_names(), "person")}


@cache
def facts() -> FactIndex:
    """The fact index of the small catalogue."""
    return FactIndex.from_catalog(TinyCatalog())


def linker() -> Linker:
    """A lexical linker over the small catalogue."""
    return Linker(TinyCatalog(), None, None, indexes(), Weights.default(), facts())


class Axes:
    """A joint space and its vectors made by hand: each person an axis, each title the sum of its people's.

    A query row lies on the axes of the people it names, whose names it must spell whole. Of the likelihoods
    only that of a genre is known: each title of a person of odd id is an Action film.
    """

    settings = JointSettings(temperature=0.1)

    def __init__(self) -> None:
        size = len(PEOPLE) + 1
        self._people = np.eye(size, dtype=np.float32)[1:]
        titles = np.full((len(TITLES), size), 0.05, np.float32)
        for credit in CREDITS:
            titles[credit.title_id - 1] += self._people[credit.person_id - 1]
        self._tables = {"people": self._people, "titles": _unit(titles)}
        self._axes = {person.name: person.id - 1 for person in PEOPLE}

    def encode(self, rows: Sequence[Row]) -> Any:
        found = np.full((len(rows), len(PEOPLE) + 1), 1e-3, np.float32)
        for place, row in enumerate(rows):
            said = row.values.get("cast") or (row.values.get("person"), row.values.get("director"))
            for name in said if isinstance(said, tuple) else ():
                if name in self._axes:
                    found[place] += self._people[self._axes[str(name)]]
        return _unit(found)

    def log_likelihood(self, vectors: Any, field: str, value: Value, kind: str) -> Any:
        if field != "genres":
            raise InputError(f"no field {field}")
        odd = vectors[:, 1:][:, ::2].sum(axis=1) > vectors[:, 1:][:, 1::2].sum(axis=1)
        return np.where(odd, -0.1, -3.0)

    def ids(self, name: str) -> Any:
        return np.arange(1, len(self._tables[name]) + 1)

    def rows(self, name: str, ids: Any) -> Any:
        return self._tables[name][np.asarray(ids, np.int64) - 1]

    def exact(self, name: str, vectors: Any, k: int) -> tuple[Any, Any]:
        cosines = vectors @ self._tables[name].T
        near = np.argsort(-cosines, axis=1, kind="stable")[:, :k]
        return near + 1, np.take_along_axis(cosines, near, axis=1)

    query = exact


def _unit(rows: Any) -> Any:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def dense_linker() -> Linker:
    """A linker over the small catalogue and the space made by hand."""
    space: Any = Axes()
    return Linker(TinyCatalog(), space, space, indexes(), Weights.default(), facts())
