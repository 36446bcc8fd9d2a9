"""The catalogue's titles and people as columns of features, read once into flat arrays.

Fields derived from credits (cast, characters, directors, what somebody is in) hold other entities' names,
neighbours (who acts, who made it, what somebody acted in) their ids.
When film -> person is evaluated they would give the held-out credits away: pass ``keep`` to read training
credits only, or leave the fields out (``specs(credits=False)``).
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from sys import intern
from typing import Any, Literal, Protocol

import numpy as np

from indexer.catalog.records import ACTING, Credit, Person, Title
from indexer.fields.arrays import Csr, Floats, Ints
from indexer.fields.rows import Kind
from indexer.ids import PersonId, TitleId, format_person_id, format_title_id
from indexer.progress import Progress, Task
from indexer.settings import VectorScope
from indexer.text import fold, number_key

_MOST = 12  # strings of one list that describe an entity: the first of the cast, the best known titles
_NEAR_TITLES, _NEAR_CAST = 4, 4  # a person's co-stars are the first cast of the best known titles
_MOST_NEIGHBOURS = 40
# What people do in titles, as far as the space tells them apart.
ROLES = ("cast", "director", "writer", "producer", "composer", "cinematographer", "editor", "other")
_ACTS, _DIRECTS = ROLES.index("cast"), ROLES.index("director")
_OVERVIEW = tuple[Ints, Floats]
Keep = Callable[[Ints, Ints], "np.typing.NDArray[np.bool_]"]


class EntitySource(Protocol):
    """What is read of a catalogue; ``indexer.catalog.Catalog`` is one."""

    def iter_titles(self) -> Iterator[Title]:
        """All titles by id."""

    def iter_people(self) -> Iterator[Person]:
        """All people by id."""

    def iter_credits(self) -> Iterator[Credit]:
        """All credits by title and billing."""

    def iter_names(self, kind: Literal["title"]) -> Iterator[tuple[int, str]]:
        """Every name of every title."""

    def iter_keywords(self) -> Iterator[tuple[int, str]]:
        """(id, keyword) of all titles."""

    def scope_titles(self, scope: VectorScope) -> Sequence[int]:
        """Ids of the titles that get vectors."""

    def scope_people(self, title_ids: Sequence[TitleId]) -> Sequence[PersonId]:
        """Ids of the people credited in them."""


@dataclass
class Entities:
    """T titles and P people as arrays; titles and people are named by their place, 0..T-1 and 0..P-1.

    pools: by table (``names``, ``titles``, ``characters``) the folded strings, and as ``people`` and
    ``films`` the ids of all entities, by place. lists: by field key, for each entity the places of its
    strings in the pool. values: by field key, the other fields' values, one for each entity.
    credits: the (C,) title and person places of every credit.
    roles: (C,) what each is, as a place in ROLES.
    """

    ids: dict[Kind, Ints]
    pools: dict[str, list[str]]
    lists: dict[str, Csr]
    values: dict[str, list[Any]]
    credits: tuple[Ints, Ints]
    roles: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    overview: Floats | None = None  # (T, k), NaN rows where a title has none
    votes: Floats = field(default_factory=lambda: np.zeros(0, np.float32))  # (T,)

    @classmethod
    def from_catalog(
        cls,
        source: EntitySource,
        scope: VectorScope,
        progress: Progress,
        overview: _OVERVIEW | None = None,
        keep: Keep | None = None,
    ) -> Entities:
        """Everything in scope, in memory that grows by about 1 kB a title and 200 bytes a person.

        keep: given (C,) title and person ids, which credits may be known; the others enter no field and no
        pair.
        """
        with progress.task("joint: reading the catalogue", unit="records") as task:
            return _Reader(source, scope, task).read(overview, keep)

    def places(self, kind: Kind, ids: Sequence[int] | Ints) -> Ints:
        """Where entities stand; -1 for one out of scope."""
        wanted, known = np.asarray(ids, np.int64), self.ids[kind]
        if not len(known):
            return np.full(len(wanted), -1)
        at = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
        return np.where(known[at] == wanted, at, -1)


@dataclass
class _Pool:
    """Strings numbered in the order in which they first come."""

    texts: list[str] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)

    def add(self, text: str) -> int:
        """The string's number."""
        at = self.places.setdefault(text, len(self.texts))
        if at == len(self.texts):
            self.texts.append(text)
        return at


class _Reader:
    def __init__(self, source: EntitySource, scope: VectorScope, task: Task) -> None:
        self._source, self._task = source, task
        title_ids = sorted(source.scope_titles(scope))
        people = source.scope_people([TitleId(item) for item in title_ids])
        self._title_ids = np.array(title_ids, np.int64)
        self._person_ids = np.array(sorted(people), np.int64)
        self._title_at = {title_id: at for at, title_id in enumerate(title_ids)}
        self._person_at = {int(person_id): at for at, person_id in enumerate(self._person_ids)}
        self._titles, self._characters = _Pool(), _Pool()

    def read(self, overview: _OVERVIEW | None, keep: Keep | None) -> Entities:
        values, primary, votes = self._read_titles()
        names, person_values = self._read_people()
        known = self._read_names(primary)
        credits = self._read_credits(keep)
        lists = credits.lists(votes, primary, len(self._person_ids))
        lists |= {"title/title": known, "person/person": Csr.of(np.arange(len(names)), np.ones(len(names)))}
        pools = {"names": names, "titles": self._titles.texts, "characters": self._characters.texts}
        pools |= {
            "people": [format_person_id(item) for item in self._person_ids.tolist()],
            "films": [format_title_id(item) for item in self._title_ids.tolist()],
        }
        ids: dict[Kind, Ints] = {"title": self._title_ids, "person": self._person_ids}
        pairs = (credits.titles, credits.people)
        found = Entities(ids, pools, lists, values | person_values, pairs, votes=votes, roles=credits.roles)
        if overview is not None:
            found.overview = self._overview(overview)
        return found

    def _read_titles(self) -> tuple[dict[str, list[Any]], Ints, Floats]:
        titles = [title for title in self._told(self._source.iter_titles()) if title.id in self._title_at]
        values: dict[str, list[Any]] = {
            "title/type": [title.type for title in titles],
            "title/year": [title.year for title in titles],
            "title/decade": [decade(title.year) for title in titles],
            "title/runtime": [title.runtime for title in titles],
            "title/genres": [title.genres for title in titles],
            "title/rating": [title.rating for title in titles],
            "title/votes": [title.votes or None for title in titles],
            "title/adult": [title.adult for title in titles],
            "title/keywords": self._read_keywords(),
        }
        primary = np.array([self._titles.add(number_key(fold(title.name))) for title in titles], np.int64)
        return values, primary, np.array([title.votes for title in titles], np.float32)

    def _read_keywords(self) -> list[tuple[str, ...] | None]:
        """Per title its keywords; ``None`` where there are none."""
        found: list[tuple[str, ...] | None] = [None] * len(self._title_ids)
        for title_id, keywords in groupby(self._told(self._source.iter_keywords()), itemgetter(0)):
            at = self._title_at.get(title_id)
            if at is not None:
                found[at] = tuple(intern(word) for _, word in keywords)
        return found

    def _read_people(self) -> tuple[list[str], dict[str, list[Any]]]:
        people = [person for person in self._told(self._source.iter_people()) if person.id in self._person_at]
        values: dict[str, list[Any]] = {
            "person/born": [person.birth_year for person in people],
            "person/died": [person.death_year for person in people],
            "person/profession": [person.professions for person in people],
        }
        return [fold(person.name) for person in people], values

    def _read_names(self, primary: Ints) -> Csr:
        """Per title its names' places, the primary one first and none twice."""
        names: list[dict[int, None]] = [{int(at): None} for at in primary]
        for title_id, name in self._told(self._source.iter_names("title")):
            at = self._title_at.get(title_id)
            if at is not None and (key := number_key(fold(name))):
                names[at][self._titles.add(key)] = None
        return Csr.of([place for group in names for place in group], [len(group) for group in names])

    def _read_credits(self, keep: Keep | None) -> _Credits:
        titles, people, roles = array("q"), array("q"), array("b")
        owners, characters = array("q"), array("q")  # which credit has which character
        for credit in self._told(self._source.iter_credits()):
            title, person = self._title_at.get(credit.title_id), self._person_at.get(credit.person_id)
            if title is not None and person is not None:
                for character in credit.characters:
                    owners.append(len(titles))
                    characters.append(self._characters.add(fold(character)))
                titles.append(title)
                people.append(person)
                roles.append(role_of(credit.category))
        table = _Credits(*(np.array(part, np.int64) for part in (titles, people, roles, owners, characters)))
        if keep is not None:
            table = table.kept(keep(self._title_ids[table.titles], self._person_ids[table.people]))
        return table

    def _overview(self, overview: _OVERVIEW) -> Floats:
        ids, vectors = overview
        rows = np.full((len(self._title_ids), vectors.shape[1]), np.nan, np.float32)
        for title_id, vector in zip(ids.tolist(), vectors, strict=True):
            at = self._title_at.get(title_id)
            if at is not None:
                rows[at] = vector
        return rows

    def _told(self, records: Iterable[Any]) -> Iterator[Any]:
        for count, record in enumerate(records, 1):
            yield record
            if count % 10_000 == 0:
                self._task.advance(10_000)


@dataclass(frozen=True)
class _Credits:
    """(C,) credits, and (M,) which of them names which character."""

    titles: Ints
    people: Ints
    roles: Ints
    owners: Ints
    characters: Ints

    def kept(self, keep: np.typing.NDArray[np.bool_]) -> _Credits:
        place = np.cumsum(keep) - 1
        named = keep[self.owners]
        parts = (self.titles[keep], self.people[keep], self.roles[keep])
        return _Credits(*parts, place[self.owners[named]], self.characters[named])

    def lists(self, votes: Floats, primary: Ints, people: int) -> dict[str, Csr]:
        """The lists that come of credits."""
        titles = len(primary)
        known = np.lexsort((-votes[self.titles], self.people))  # a person's best known titles first
        of_person = Csr.from_pairs(self.people[known], self.titles[known], people).head(_MOST)
        cast, directors = self._by_title(_ACTS, titles), self._by_title(_DIRECTS, titles)
        near = of_person.head(_NEAR_TITLES)
        popular = np.argsort(-votes[self.titles[self.owners]], kind="stable")
        return {
            "title/cast": cast,
            "title/director": directors,
            "title/character": Csr.from_pairs(self.titles[self.owners], self.characters, titles).head(_MOST),
            "person/title": Csr(primary[of_person.ids].astype(np.int32), of_person.starts),
            "person/character": Csr.from_pairs(
                self.people[self.owners][popular], self.characters[popular], people
            ).head(_MOST),
            "person/cast": _others(near.through(cast.head(_NEAR_CAST))),
            "person/director": _others(near.through(directors.head(1))),
            **self._neighbours(known, titles, people),
        }

    def _neighbours(self, known: Ints, titles: int, people: int) -> dict[str, Csr]:
        """Who is in what by role, ids in place of names; somebody of one title says nothing of others."""
        often = np.bincount(np.unique(self.people * titles + self.titles) // titles, minlength=people) > 1
        acts, directs = self.roles == _ACTS, self.roles == _DIRECTS
        found = {}
        for name, chosen in (("acted_by", acts), ("directed_by", directs), ("made_by", ~acts & ~directs)):
            at = np.flatnonzero(chosen & often[self.people])
            lists = Csr.from_pairs(self.titles[at], self.people[at], titles)
            found[f"title/{name}"] = lists.head(_MOST_NEIGHBOURS)
        for name, chosen in (("acted_in", acts), ("made", ~acts)):
            at = known[chosen[known]]
            lists = Csr.from_pairs(self.people[at], self.titles[at], people)
            found[f"person/{name}"] = lists.head(_MOST_NEIGHBOURS)
        return found

    def _by_title(self, role: int, titles: int) -> Csr:
        chosen = self.roles == role
        return Csr.from_pairs(self.titles[chosen], self.people[chosen], titles).head(_MOST)


def role_of(category: str) -> int:
    """The place in ROLES of a credit's category."""
    if category in ACTING:
        return _ACTS
    return ROLES.index(category) if category in ROLES else len(ROLES) - 1


def _others(people: Csr) -> Csr:
    """Lists of people without whoever's list it is."""
    owner = np.repeat(np.arange(len(people)), np.diff(people.starts))
    other = people.ids != owner
    return Csr.of(people.ids[other], np.bincount(owner[other], minlength=len(people)))


def decade(year: int | None) -> str | None:
    """1999 -> ``"1990s"``."""
    return None if year is None else f"{year // 10 * 10}s"
