"""The graph of credits, and facts of titles and people, as flat arrays that compiled code reads."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.catalog.records import Person, Title
from indexer.fields.arrays import Floats, Ints
from indexer.ids import TitleId
from indexer.joint.entities import role_of
from indexer.text import fold

if TYPE_CHECKING:
    from indexer.fields.rows import Kind
    from indexer.joint.entities import EntitySource
    from indexer.progress import Progress, Task
    from indexer.settings import VectorScope

_WORD = re.compile(r"[^\W_]{2,}")
_MOST_TITLES = 300  # of a word that is compared: what more titles share says nothing of a series
_LAST_BILLED = 255
_REPORTED = 100_000


class Half(NamedTuple):
    """The distinct (title, person) pairs from one side: entity i has those from starts[i] to starts[i + 1].

    ids: (C,) int32 places on the other side, roles: (C,) uint8 with bit r set for a credit of ROLES[r],
    billing: (C,) uint8 the person's place among the title's known people, from 1.
    """

    starts: Ints
    ids: npt.NDArray[np.int32]
    roles: npt.NDArray[np.uint8]
    billing: npt.NDArray[np.uint8]

    def degrees(self) -> Ints:
        """How many credits each entity has."""
        return np.diff(self.starts)


class Facts(NamedTuple):
    """What is known of T titles and P people apart from credits; 0 where unknown.

    year, kind (a number for each type), genres (a bit for each), votes (their log), rating (0-10), runtime
    (minutes): (T,). words: of title i those from word_starts[i] to word_starts[i + 1], rising; rarity: (W,)
    the log of T over a word's titles. born, died: (P,) years.
    """

    year: npt.NDArray[np.int32]
    kind: npt.NDArray[np.int32]
    genres: Ints
    votes: Floats
    rating: Floats
    runtime: Floats
    word_starts: Ints
    words: npt.NDArray[np.int32]
    rarity: Floats
    born: npt.NDArray[np.int32]
    died: npt.NDArray[np.int32]


@dataclass(frozen=True)
class CreditGraph:
    """Titles and people by place, rising by id, the pairs from both sides, and the facts."""

    title_ids: Ints
    person_ids: Ints
    by_title: Half
    by_person: Half
    facts: Facts

    @classmethod
    def read(cls, source: EntitySource, scope: VectorScope, progress: Progress) -> CreditGraph:
        """Everything in scope; about half a minute and 40 bytes a credit for a million credits."""
        with progress.task("missing credits: reading the catalogue", unit="records") as task:
            return _Reader(source, scope, task).read()

    def ids(self, kind: Kind) -> Ints:
        """Of all titles, or of all people, by place."""
        return self.title_ids if kind == "title" else self.person_ids

    def half(self, kind: Kind) -> Half:
        """The pairs as titles, or as people, have them."""
        return self.by_title if kind == "title" else self.by_person


@dataclass
class _Pairs:
    """Credits as they come: where they belong, what they are and how they are billed."""

    titles: array[int]
    people: array[int]
    roles: array[int]
    billing: array[int]

    def distinct(self, counts: tuple[int, int]) -> tuple[Half, Half]:
        """Each pair once, with all its roles and its first billing, from both sides."""
        titles, people = np.array(self.titles, np.int64), np.array(self.people, np.int64)
        keys, at = np.unique(titles * counts[1] + people, return_inverse=True)
        roles, billing = np.zeros(len(keys), np.uint8), np.full(len(keys), _LAST_BILLED, np.uint8)
        np.bitwise_or.at(roles, at, np.array(self.roles, np.uint8))
        np.minimum.at(billing, at, np.array(self.billing, np.uint8))
        own = (keys // max(counts[1], 1), keys % max(counts[1], 1))
        return (
            _half(own[0], own[1], roles, billing, counts[0]),
            _half(own[1], own[0], roles, billing, counts[1]),
        )


def _half(
    owners: Ints, ids: Ints, roles: npt.NDArray[np.uint8], billing: npt.NDArray[np.uint8], count: int
) -> Half:
    order = np.argsort(owners, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(owners, minlength=count))]).astype(np.int64)
    return Half(starts, ids[order].astype(np.int32), roles[order], billing[order])


class _Reader:
    def __init__(self, source: EntitySource, scope: VectorScope, task: Task) -> None:
        self._source, self._task = source, task
        title_ids = sorted(source.scope_titles(scope))
        person_ids = sorted(source.scope_people([TitleId(item) for item in title_ids]))
        self._ids = (np.array(title_ids, np.int64), np.array(person_ids, np.int64))
        self._title_at = {int(item): at for at, item in enumerate(title_ids)}
        self._person_at = {int(item): at for at, item in enumerate(person_ids)}

    def read(self) -> CreditGraph:
        titles = [title for title in self._source.iter_titles() if title.id in self._title_at]
        people = [person for person in self._source.iter_people() if person.id in self._person_at]
        halves = self._pairs().distinct((len(titles), len(people)))
        return CreditGraph(*self._ids, *halves, _facts(titles, people))

    def _pairs(self) -> _Pairs:
        found = _Pairs(array("q"), array("q"), array("B"), array("B"))
        title_id, billed = -1, dict[int, int]()  # of one title's people, the place of each
        for count, credit in enumerate(self._source.iter_credits(), 1):
            if count % _REPORTED == 0:
                self._task.advance(_REPORTED)
            title, person = self._title_at.get(credit.title_id), self._person_at.get(credit.person_id)
            if title is None or person is None:
                continue
            if credit.title_id != title_id:
                title_id, billed = credit.title_id, {}
            # Counted anew: a credit that is left out must not leave a gap in the billing of the others.
            place = billed.setdefault(person, len(billed) + 1)
            found.titles.append(title)
            found.people.append(person)
            found.roles.append(1 << role_of(credit.category))
            found.billing.append(min(place, _LAST_BILLED))
        return found


def _facts(titles: Sequence[Title], people: Sequence[Person]) -> Facts:
    kinds = {name: at for at, name in enumerate(sorted({title.type for title in titles}))}
    named = sorted({name for title in titles for name in title.genres})[:63]  # the bits of a number
    genres = {name: 1 << at for at, name in enumerate(named)}
    return Facts(
        _years(title.year for title in titles),
        np.array([kinds[title.type] for title in titles], np.int32),
        np.array([sum(genres.get(name, 0) for name in set(title.genres)) for title in titles], np.int64),
        np.log1p(np.array([title.votes for title in titles], np.float32)),
        np.array([title.rating or 0 for title in titles], np.float32),
        np.array([title.runtime or 0 for title in titles], np.float32),
        *_words([title.name for title in titles]),
        _years(person.birth_year for person in people),
        _years(person.death_year for person in people),
    )


def _years(values: Iterable[int | None]) -> npt.NDArray[np.int32]:
    return np.array([value or 0 for value in values], np.int32)


def _words(names: Sequence[str]) -> tuple[Ints, npt.NDArray[np.int32], Floats]:
    """The words of each name that few titles share, and how rare each word is."""
    split = [set(_WORD.findall(fold(name))) for name in names]
    often = Counter(word for words in split for word in words)
    places = {word: at for at, word in enumerate(often)}
    kept = [sorted(places[word] for word in words if often[word] <= _MOST_TITLES) for words in split]
    starts = np.concatenate([[0], np.cumsum([len(words) for words in kept])]).astype(np.int64)
    flat: list[Any] = [word for words in kept for word in words]
    rarity = np.log(len(names) / np.array(list(often.values()), np.float32)) if often else np.zeros(0)
    return starts, np.array(flat, np.int32), rarity.astype(np.float32)
