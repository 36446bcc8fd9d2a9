"""Which credits a training step sees, and which other true pairs are among them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from indexer.fields.arrays import Csr, Floats, Ints, ranges

_RUN = 16


class CreditPairs:
    """C true (title, person) credits by place, T titles, P people."""

    def __init__(
        self, titles: Ints, people: Ints, counts: tuple[int, int], roles: Ints | None = None
    ) -> None:
        # One pair for an actor who also directs, with the first of the roles.
        keys, first = np.unique(titles * counts[1] + people, return_index=True)
        self._keys, self._people = keys, counts[1]
        self.roles = np.zeros(len(keys), np.int64) if roles is None else roles[first]
        self.titles, self.people = keys // counts[1], keys % counts[1]
        self._cast = Csr.from_pairs(self.titles, self.people, counts[0])
        self.log_q_titles = _log_share(self.titles, counts[0])
        self.log_q_people = _log_share(self.people, counts[1])

    def __len__(self) -> int:
        return len(self.titles)

    def batches(
        self, size: int, rng: np.random.Generator, likeness: tuple[Ints, Ints] | None = None
    ) -> Iterator[tuple[Ints, Ints]]:
        """One epoch: (B,) titles and (B,) people, every credit once in random order; the last may be smaller.

        likeness: a rank for each title and each person (by name). Then one credit of every title goes in
        runs of 16 titles that are neighbours in rank, and so for every person: a batch holds what is easily
        mistaken.
        """
        order = rng.permutation(len(self))
        if likeness is not None:
            order = self._in_runs(order, likeness, rng)
        for start in range(0, len(order), size):
            chosen = order[start : start + size]
            yield self.titles[chosen], self.people[chosen]

    def _in_runs(self, order: Ints, likeness: tuple[Ints, Ints], rng: np.random.Generator) -> Ints:
        by_title, rest = _firsts(order, self.titles)
        by_person, rest = _firsts(rest, self.people)
        by_title = by_title[np.argsort(likeness[0][self.titles[by_title]], kind="stable")]
        by_person = by_person[np.argsort(likeness[1][self.people[by_person]], kind="stable")]
        return _shuffle_runs(np.concatenate([by_title, by_person, rest]), rng)

    def roles_of(self, titles: Ints, people: Ints) -> Ints:
        """(B,) the role of each of B true pairs."""
        return self.roles[np.searchsorted(self._keys, titles * self._people + people)]

    def credited(self, titles: Ints, people: Ints) -> Ints:
        """(2, M) by place in the batch: the titles (B,) and people (B,) that are true credits."""
        cast = self._cast.take(titles)
        found, person = equal(cast.ids, people)
        return np.stack([np.repeat(np.arange(len(cast)), np.diff(cast.starts))[found], person])


def equal(some: npt.NDArray[np.integer], others: npt.NDArray[np.integer]) -> Ints:
    """(2, M) the places of equal values in two arrays, in the order of the first; the second is not empty."""
    order = np.argsort(others, kind="stable")
    values = others[order]
    first = np.searchsorted(values, some)
    near = np.minimum(first, len(values) - 1)
    ends = np.searchsorted(values, values, "right")
    found = np.where(values[near] == some, ends[near] - first, 0)
    return np.stack([np.repeat(np.arange(len(some)), found), order[ranges(first, found)]])


def _log_share(places: Ints, count: int) -> Floats:
    often = np.bincount(places, minlength=count)
    return np.log(np.maximum(often, 1) / max(len(places), 1)).astype(np.float32)


def _firsts(order: Ints, owner: Ints) -> tuple[Ints, Ints]:
    """The first credit of every owner in ``order``, and the others, both in that order."""
    first = np.zeros(len(order), np.bool_)
    first[np.unique(owner[order], return_index=True)[1]] = True
    return order[first], order[~first]


def _shuffle_runs(order: Ints, rng: np.random.Generator) -> Ints:
    """Runs of 16 kept together, their order random."""
    runs = len(order) // _RUN
    mixed = order[: runs * _RUN].reshape(runs, _RUN)[rng.permutation(runs)].reshape(-1)
    return np.concatenate([mixed, order[runs * _RUN :]])
