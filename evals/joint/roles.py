"""The same pairs asked with the function said: who directed this film, which film did she edit.

A pair with two functions is asked twice. Ranks are filtered as without the function, so the two compare.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from evals.joint.baselines import Powers, Vectors, climbed, walk
from evals.joint.graph import DIRECTIONS, Direction, Graph
from evals.joint.ranks import MOST, Figures, Ranks, Scores, inner, ranks_by
from indexer.fields.arrays import Floats, Ints
from indexer.fields.rows import Kind
from indexer.joint.entities import ROLES
from indexer.joint.split import VALIDATION

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Asking = Callable[[Floats, str, Kind], Floats]
RoleScores = Callable[[Direction, int], Scores]  # direction and place in ROLES
_TUNED_ON = 500
_SHARES = (0.01, 0.3)  # of the walk that knows no function: who never did it is not all alike


@dataclass(frozen=True)
class Asked:
    """Ranks of the test pairs by direction and function."""

    name: str
    ranks: Mapping[Direction, Mapping[str, Ranks]]

    def all(self, direction: Direction) -> Ranks:
        """Of every function, end to end."""
        return np.concatenate([np.zeros(0), *self.ranks[direction].values()])


def without_role(graph: Graph, name: str, ranks: Mapping[Direction, Ranks], most: int = MOST) -> Asked:
    """The same questions by ranks that know no function."""
    found = {}
    for direction in DIRECTIONS:
        pairs = graph.pairs(direction, most=most)
        parts = {role: ranks[direction][pairs.of_role(bit)] for bit, role in enumerate(ROLES)}
        found[direction] = {role: part for role, part in parts.items() if len(part)}
    return Asked(name, found)


def space_roles(asking: Asking, vectors: Vectors) -> RoleScores:
    """By a space's projection of queries for a function (``JointSpace.asking``)."""

    def scores(direction: Direction, bit: int) -> Scores:
        if direction == "film->person":
            return inner(asking(vectors.titles, ROLES[bit], "title"), vectors.people)
        return inner(asking(vectors.people, ROLES[bit], "person"), vectors.titles)

    return scores


def asked(graph: Graph, name: str, scores: RoleScores, most: int = MOST) -> Asked:
    """Rank the test pairs of every function; functions without any are left out."""
    return Asked(name, {way: dict(_by_role(graph, way, scores, most)) for way in DIRECTIONS})


def _by_role(
    graph: Graph, direction: Direction, scores: RoleScores, most: int
) -> Iterator[tuple[str, Ranks]]:
    pairs, known = graph.pairs(direction, most=most), graph.known(direction)
    for bit, role in enumerate(ROLES):
        at = pairs.of_role(bit)
        if len(at):
            yield role, ranks_by(scores(direction, bit), pairs.some(at).both, known)


def role_walks(graph: Graph) -> RoleScores:
    """Walks whose first step, last step or both go over credits of that function; which is tuned."""
    powers = {direction: climbed(graph, direction) for direction in DIRECTIONS}

    def scores(direction: Direction, bit: int) -> Scores:
        pairs, known = graph.pairs(direction, VALIDATION), graph.known(direction)
        some = pairs.some(pairs.of_role(bit)[:_TUNED_ON])
        best: tuple[float, Scores] | None = None
        for option in _options(graph, powers[direction], bit):
            found = option(direction)
            figures = Figures.of(ranks_by(found, some.both, known))
            reached = figures.ten + figures.mrr / 1000
            if best is None or reached > best[0]:
                best = (reached, found)
        assert best is not None  # noqa: S101 - there are options
        return best[1]

    return scores


def _options(graph: Graph, powers: Powers, bit: int) -> Iterator[Callable[[Direction], Scores]]:
    own = graph.training_as(bit)
    for held, share in product(((None, own), (own, None), (own, own)), _SHARES):
        yield _mixed(graph, powers, held, share)


def _mixed(
    graph: Graph, powers: Powers, ends: tuple[csr_matrix | None, csr_matrix | None], share: float
) -> Callable[[Direction], Scores]:
    def scores(direction: Direction) -> Scores:
        own, blind = walk(graph, direction, powers, ends), walk(graph, direction, powers)

        def mixed(queries: Ints) -> Floats:
            return own(queries) + share * blind(queries)

        return mixed

    return scores
