"""Which titles and people are looked at: those that have vectors, the better known the likelier."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nlargest
from pathlib import Path
from typing import TypeVar

import numpy as np

from indexer.catalog.records import Person, Title, TitleFilter
from indexer.errors import IndexUnusable
from indexer.index import Index
from indexer.joint.space import AROUND, join
from indexer.layout import MEND
from indexer.vectors import Rows, Table, Vectors

_POOL = 10  # times as many of the best known are chosen from


Found = TypeVar("Found")


@dataclass(frozen=True)
class Space:
    """The vectors of the joint space, exact: neither Chroma nor a model is opened for them."""

    titles: Table
    people: Table

    @classmethod
    def of(cls, index: Index) -> Space:
        """Maps the index's files. Raises IndexUnusable where it was built without them."""
        folder = index.directory / "vectors"
        missing = [name for name in ("titles", "people") if not (folder / f"{name}.ids.npy").is_file()]
        if missing:
            raise IndexUnusable(
                f"{index.directory} has no vectors of {' and '.join(missing)}: {MEND}, "
                "not --without joint or vectors"
            )
        return cls(_whole(folder, "titles"), _whole(folder, "people"))


def _whole(folder: Path, name: str) -> Table:
    """Both halves of the vectors, beside each other."""
    first, second = _opened(folder, name), _opened(folder, f"{name}{AROUND}")
    return Table(name, first.ids, join(np.asarray(first.rows), np.asarray(second.rows)))


def _opened(folder: Path, name: str) -> Table:
    table = Table.open(folder, name)
    if not len(table.ids):
        raise IndexUnusable(f"{folder} has vectors of no {name}: build from data that has some; {MEND}")
    return table


def rows_of(table: Table, ids: Iterable[int]) -> Rows:
    """(N, D) float32 vectors of ids that the table has."""
    return np.asarray(table.rows[np.searchsorted(table.ids, np.fromiter(ids, np.int64))])


def sampled_titles(index: Index, space: Space, count: int, seed: int) -> list[Title]:
    """``count`` titles, best known first, or all if there are fewer: half of them those with most votes, as
    many drawn from the rest, where a title with ten times the votes is about twice as likely.
    """
    inside = set(space.titles.ids.tolist())
    titles = [title for title in index.catalog.iter_titles() if title.id in inside]
    titles.sort(key=lambda title: (-title.votes, title.id))
    best, rest = titles[: count - count // 2], titles[count - count // 2 :]
    return best + _drawn(rest, count // 2, seed)


def _drawn(rest: list[Title], count: int, seed: int) -> list[Title]:
    if len(rest) <= count:
        return rest
    weights = np.log10([10.0 + title.votes for title in rest])
    places = np.random.default_rng(seed).choice(len(rest), count, replace=False, p=weights / weights.sum())
    return [rest[place] for place in sorted(places)]


def titles_at_once(index: Index, vectors: Vectors, count: int, seed: int) -> list[Title]:
    """As ``sampled_titles``, for somebody who waits: the half that is drawn comes from ten times as many of
    the most voted, each as likely, so that the catalogue is not read whole.
    """
    voted = np.array(index.catalog.titles_where(TitleFilter(), _POOL * count), np.int64)
    ids = voted[np.isin(voted, vectors.ids("titles"))].tolist()
    best, rest = ids[: count - count // 2], ids[count - count // 2 :]
    return list(index.catalog.titles([*best, *_some(rest, count // 2, seed)]).values())


def best_known_people(index: Index, space: Space, count: int) -> list[Person]:
    """The ``count`` people whose titles have most votes, best known first."""
    inside = set(space.people.ids.tolist())
    people = (person for person in index.catalog.iter_people() if person.id in inside)
    return nlargest(count, people, key=lambda person: (person.popularity, -person.id))


def known_titles(index: Index, space: Space, count: int, seed: int) -> list[Title]:
    """``count`` drawn from ten times as many of the most voted titles, best known first."""
    inside = set(space.titles.ids.tolist())
    titles = (title for title in index.catalog.iter_titles() if title.id in inside)
    best = nlargest(_POOL * count, titles, key=lambda title: (title.votes, -title.id))
    return _some(best, count, seed)


def known_people(index: Index, space: Space, count: int, seed: int) -> list[Person]:
    """``count`` drawn from ten times as many of the people whose titles have most votes, best known first."""
    return _some(best_known_people(index, space, _POOL * count), count, seed)


def _some(best: list[Found], count: int, seed: int) -> list[Found]:
    places = np.random.default_rng(seed).permutation(len(best))[:count]
    return [best[place] for place in sorted(places)]
