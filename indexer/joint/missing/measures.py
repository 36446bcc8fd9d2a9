"""Queries with their candidates and what is measured of each: the rows that trees learn from and rank."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indexer.fields.arrays import Floats, Ints
from indexer.fields.rows import Kind
from indexer.joint.compiled import compiled
from indexer.joint.entities import ROLES
from indexer.joint.missing import paths, walks
from indexer.joint.missing.graph import CreditGraph
from indexer.joint.missing.pairs import PAIRS, TITLE, Pair, Sides, add_pair
from indexer.joint.missing.paths import PATHS

_WALK = ("score", "share of the best", "specific")
_PLACED = (
    "thin likeness",
    "same function",
    "closeness",
    "likest",
    "genres",
)  # also as places among candidates
_PLACES = ("place", "place by specific", *(f"place by {name}" for name in _PLACED))
_IN_FUNCTION = ("place in the function", "share of the best in the function", "share of the partners")
MEASURES = (*_WALK, *PATHS, *PAIRS, *TITLE, *_PLACES, *_IN_FUNCTION)
CANDIDATES = 200
_LEAST = 1e-3  # of what stands below a fraction line
_AT_ONCE = 32  # queries that one thread measures at a time
_AT = {name: place for place, name in enumerate(MEASURES)}


@dataclass(frozen=True)
class Measured:
    """One query's K candidates by falling score of the walks, and (K, F) what is measured of them."""

    candidates: npt.NDArray[np.int32]
    rows: Floats

    def partners(self) -> Ints:
        """(K,) how many of the query's known credits lead to each candidate."""
        found: Ints = self.rows[:, _AT["partners"]].astype(np.int64)
        return found


class Measurer:
    """Measures the candidates of queries of one kind: people for titles, titles for people."""

    def __init__(self, graph: CreditGraph, kind: Kind) -> None:
        self._kind = kind
        self._own, self._back = graph.half(kind), graph.half("person" if kind == "title" else "title")
        self._sides = Sides(graph.by_title, graph.by_person, graph.facts)
        self._weights = walks.weights(graph, kind)
        facts = slice(None) if kind == "title" else slice(0)  # people have neither
        self._likes = paths.Likes(graph.facts.genres[facts], graph.facts.kind[facts])

    def all(self, queries: Ints, hidden: Ints | None = None, threads: int = 1) -> Iterator[Measured]:
        """Each of Q queries in order; hidden: (Q,) a known credit that is to be found again, -1 for none."""
        without = np.full(len(queries), -1) if hidden is None else hidden
        starts = range(0, len(queries), _AT_ONCE)
        with ThreadPoolExecutor(threads) as pool:
            parts = pool.map(
                lambda start: self._some(
                    queries[start : start + _AT_ONCE], without[start : start + _AT_ONCE]
                ),
                starts,
            )
            for part in parts:
                yield from part

    def _some(self, queries: Ints, hidden: Ints) -> list[Measured]:
        work = walks.Work.of(self._own, self._back)
        return [self._one(*pair, work) for pair in zip(queries.tolist(), hidden.tolist(), strict=True)]

    def _one(self, at: int, hidden: int, work: walks.Work) -> Measured:
        query = walks.Query(self._own, self._back, self._weights, at, hidden)
        count = walks.find_middles(query, work)
        reached = walks.find_candidates(query, count, work)
        candidates = walks.foremost(query, reached, CANDIDATES, work)
        found = np.zeros((len(MEASURES), len(candidates)), np.float32)
        if len(candidates):
            found[0] = work.score[candidates]
            self._measure(query, count, candidates, work, found)
        walks.clear(count, reached, candidates, work)
        return Measured(candidates, np.ascontiguousarray(found.T))

    def _measure(
        self,
        query: walks.Query,
        count: int,
        candidates: npt.NDArray[np.int32],
        work: walks.Work,
        found: Floats,
    ) -> None:
        """Fill found (F, K), whose first row is there."""
        first, second = len(_WALK), len(_WALK) + len(PATHS)
        paths.add_middles(query, count, self._likes, work, found[first:second])
        paths.add_partners(query, work, found[first:second])
        _add_pairs(self._sides, self._kind == "title", query, candidates, found[second:])
        found[1], found[2] = found[0] / found[0, 0], found[0] / self._typical(query, candidates)
        _add_places(found)
        if self._kind == "title":  # of a person's candidates it would tell how many are known of a title
            known = int(self._own.starts[query.at + 1] - self._own.starts[query.at]) - (query.hidden >= 0)
            found[_AT["share of the partners"]] = found[_AT["partners"]] / max(known, 1)

    def _typical(self, query: walks.Query, candidates: npt.NDArray[np.int32]) -> Floats:
        """(K,) what candidates get from all queries; the hidden one without the credit that is hidden."""
        found: Floats = self._weights.typical[candidates]
        if query.hidden >= 0:
            found[candidates == query.hidden] -= self._weights.mass[query.at]
        return np.maximum(found, _LEAST)


@compiled
def _add_pairs(
    sides: Sides, from_title: bool, query: walks.Query, candidates: npt.NDArray[np.int32], found: Floats
) -> None:
    for slot in range(len(candidates)):
        title = query.at if from_title else candidates[slot]
        person = candidates[slot] if from_title else query.at
        without = (-1, query.hidden) if from_title else (query.hidden, -1)
        add_pair(sides, Pair(title, person, *without), slot, found)


def _add_places(found: Floats) -> None:
    """Places among the candidates, 0 for the first; equal ones by the walks' order."""
    found[_AT["place"]] = np.arange(found.shape[1])
    for name in ("specific", *_PLACED):
        found[_AT[f"place by {name}"]] = _places(found[_AT[name]])
    first = _AT[f"as {ROLES[0]}"]
    function = found[first : first + len(ROLES)].argmax(0)
    for role in np.unique(function):
        at = np.flatnonzero(function == role)
        found[_AT["place in the function"], at] = np.arange(len(at))
        found[_AT["share of the best in the function"], at] = found[0, at] / found[0, at[0]]


def _places(values: Floats) -> Floats:
    order = np.argsort(-values, kind="stable")
    found = np.empty(len(order), np.float32)
    found[order] = np.arange(len(order))
    return found
