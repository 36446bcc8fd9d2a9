"""Three steps over the graph of credits, from a title to people or from a person to titles.

Who is asked about is the *query*; its known credits lead to *partners*, these to *middles* of the query's own
kind, and these to *candidates*.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.fields.arrays import Floats, Ints
from indexer.fields.rows import Kind
from indexer.joint.compiled import compiled
from indexer.joint.missing.graph import CreditGraph, Half

_NEAR_IN_TIME = 10.0  # years, after which a middle counts a third


class Weights(NamedTuple):
    """What a step counts.

    partner: (M,), middle: (N,). typical: (M,) what a candidate gets from all queries together, up to a
    factor; mass: (N,) the part of it that comes by each middle. years: (N,) of the query's side, zeros where
    it has none. power: to which the likeness of a middle is taken.
    """

    partner: Floats
    middle: Floats
    typical: Floats
    mass: Floats
    years: npt.NDArray[np.int32]
    power: float


class Query(NamedTuple):
    """What is asked about: entity ``at`` of the side that has ``own``; ``back`` leads from the other side.

    hidden: a partner that is to be found again, -1 for none.
    """

    own: Half
    back: Half
    weights: Weights
    at: int
    hidden: int


class Work(NamedTuple):
    """Scratch of one thread, all zeros between two queries (``slot``: -1)."""

    likeness: npt.NDArray[np.float64]  # (N,) of the middles
    shared: npt.NDArray[np.int32]  # (N,) partners that a middle has of the query
    middles: npt.NDArray[np.int32]  # (N,) the first of them in use
    score: npt.NDArray[np.float64]  # (M,)
    reached: npt.NDArray[np.int32]  # (M,) the first of them in use
    slot: npt.NDArray[np.int32]  # (M,) the place of a candidate that is measured

    @classmethod
    def of(cls, own: Half, back: Half) -> Work:
        """For queries that have ``own``."""
        here, there = len(own.starts) - 1, len(back.starts) - 1
        return cls(
            np.zeros(here), np.zeros(here, np.int32), np.zeros(here, np.int32),
            np.zeros(there), np.zeros(there, np.int32), np.full(there, -1, np.int32),
        )  # fmt: skip


def weights(graph: CreditGraph, kind: Kind) -> Weights:
    """For queries of a kind; the powers of degrees are those that were best on held-out credits.

    A candidate is not weighed by its degree: of the one that is hidden it would be another than of the rest.
    """
    own, back = graph.half(kind).degrees(), graph.half("person" if kind == "title" else "title").degrees()
    if kind == "title":
        partner, middle = _powers(back, -0.5), _powers(own, -0.5)
        return Weights(partner, middle, *_typical(graph.half(kind), partner, middle), graph.facts.year, 1.5)
    partner, middle, years = _powers(back, -0.25), _powers(own, -0.75), np.zeros(len(own), np.int32)
    return Weights(partner, middle, *_typical(graph.half(kind), partner, middle), years, 1.0)


def _powers(degrees: Ints, power: float) -> Floats:
    return (np.maximum(degrees, 1) ** power).astype(np.float32)


def _typical(own: Half, partner: Floats, middle: Floats) -> tuple[Floats, Floats]:
    """(M,) where walks from all queries end, the likeness of middles and years apart left out, and (N,) by
    which middles they come.
    """
    from scipy.sparse import csr_matrix

    ones = np.ones(len(own.ids), np.float32)
    steps = csr_matrix((ones, own.ids, own.starts), shape=(len(own.starts) - 1, len(partner)))
    mass = middle * (steps @ (partner * np.asarray(steps.sum(0)).ravel()))
    return (steps.T @ mass).astype(np.float32), mass.astype(np.float32)


@compiled
def find_middles(query: Query, work: Work) -> int:
    """How many middles there are; how alike each is to the query stands in ``work``."""
    own, back = query.own, query.back
    count = 0
    for at in range(own.starts[query.at], own.starts[query.at + 1]):
        partner = own.ids[at]
        if partner == query.hidden:
            continue
        for place in range(back.starts[partner], back.starts[partner + 1]):
            middle = back.ids[place]
            if middle == query.at:
                continue
            if work.shared[middle] == 0:
                work.middles[count] = middle
                count += 1
            work.shared[middle] += 1
            work.likeness[middle] += query.weights.partner[partner]
    return count


@compiled
def find_candidates(query: Query, count: int, work: Work) -> int:
    """How many candidates the middles lead to, known ones among them; their scores stand in ``work``."""
    own, weights, year = query.own, query.weights, query.weights.years[query.at]
    reached = 0
    for at in range(count):
        middle = work.middles[at]
        step = work.likeness[middle] ** weights.power * weights.middle[middle]
        if year > 0 and weights.years[middle] > 0:
            step *= np.exp(-abs(year - weights.years[middle]) / _NEAR_IN_TIME)
        for place in range(own.starts[middle], own.starts[middle + 1]):
            candidate = own.ids[place]
            if work.score[candidate] == 0:
                work.reached[reached] = candidate
                reached += 1
            work.score[candidate] += step
    return reached


@compiled
def foremost(query: Query, reached: int, most: int, work: Work) -> npt.NDArray[np.int32]:
    """(K,) at most ``most`` candidates by falling score, none that is known; their slots are set."""
    own = query.own
    for place in range(own.starts[query.at], own.starts[query.at + 1]):
        if own.ids[place] != query.hidden:
            work.score[own.ids[place]] = 0.0
    scores = np.empty(reached)
    for at in range(reached):
        scores[at] = -work.score[work.reached[at]]
    order = np.argsort(scores, kind="mergesort")[:most]
    found = np.empty(len(order), np.int32)
    kept = 0
    for at in order:
        if scores[at] < 0:
            found[kept] = work.reached[at]
            work.slot[found[kept]] = kept
            kept += 1
    return found[:kept]


@compiled
def clear(count: int, reached: int, candidates: npt.NDArray[np.int32], work: Work) -> None:
    """Make ``work`` ready for the next query."""
    for at in range(count):
        work.shared[work.middles[at]] = 0
        work.likeness[work.middles[at]] = 0.0
    for at in range(reached):
        work.score[work.reached[at]] = 0.0
    for candidate in candidates:
        work.slot[candidate] = -1
