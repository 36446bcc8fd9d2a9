"""What the joint space has to beat, each on the training pairs alone and tuned on the validation pairs.

A method answers both directions with a way to score; its note says what the tuning chose.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import torch

from evals.joint.graph import DIRECTIONS, Direction, Graph, unit
from evals.joint.ranks import Figures, Scores, inner, ranks_by
from indexer.fields.arrays import Floats, Ints
from indexer.joint.split import VALIDATION

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

_TUNED_ON = 1_000  # validation pairs of each direction
_POWERS = (0.0, 0.25, 0.5, 0.75, 1.0)
_OVERSAMPLED, _ROUNDS = 16, 4  # of the randomised SVD (Halko, Martinsson and Tropp 2011)


@dataclass(frozen=True)
class Method:
    """A name, how it scores in each direction, what its tuning chose, and whether a title without any
    training pair gets scores.
    """

    name: str
    scores: Mapping[Direction, Scores]
    note: str = ""
    knows_new: bool = False


@dataclass(frozen=True)
class Vectors:
    """Rows of all titles (T, D) and of all people (P, D)."""

    titles: Floats
    people: Floats

    def scores(self, direction: Direction) -> Scores:
        """By inner product."""
        sides = (self.titles, self.people)
        return inner(*(sides if direction == "film->person" else sides[::-1]))

    def units(self) -> Vectors:
        """Every row of length 1."""
        return Vectors(unit(self.titles), unit(self.people))


Powers = tuple[float, float, float]
Option = tuple[str, Callable[[Direction], Scores]]


def tuned(name: str, graph: Graph, options: Iterable[Option]) -> Method:
    """In each direction the option with the best recall@10 on validation pairs."""
    best: dict[Direction, tuple[float, str, Scores]] = {}
    for said, option in options:
        for direction in DIRECTIONS:
            scores = option(direction)
            reached = validated(graph, direction, scores)
            if direction not in best or reached > best[direction][0]:
                best[direction] = (reached, said, scores)
    note = "; ".join(f"{direction} {said}" for direction, (_, said, _) in best.items())
    return Method(name, {direction: scores for direction, (_, _, scores) in best.items()}, note)


def validated(graph: Graph, direction: Direction, scores: Scores) -> float:
    """Recall@10 on validation pairs, in per cent; the MRR breaks ties."""
    pairs = graph.pairs(direction, VALIDATION, _TUNED_ON)
    figures = Figures.of(ranks_by(scores, pairs.both, graph.known(direction)))
    return figures.ten + figures.mrr / 1000


# --------------------------------------------------------------------------------------------- counting


def popularity(graph: Graph) -> Method:
    """Whoever has most training credits, for everybody alike."""
    rows = {direction: graph.degrees(direction).astype(np.float32) for direction in DIRECTIONS}

    def scores(direction: Direction) -> Scores:
        return lambda queries: np.tile(rows[direction], (len(queries), 1))

    return Method("popularity", {direction: scores(direction) for direction in DIRECTIONS}, knows_new=True)


def walks(graph: Graph) -> Method:
    """Three steps over training pairs, each divided by powers of the degrees it passes; powers tuned."""
    found: dict[Direction, Scores] = {}
    notes = []
    for direction in DIRECTIONS:
        powers = climbed(graph, direction)
        found[direction] = walk(graph, direction, powers)
        notes.append(f"{direction} powers {' '.join(f'{power:g}' for power in powers)}")
    return Method("3-step walks", found, "; ".join(notes))


def walk(
    graph: Graph,
    direction: Direction,
    powers: Sequence[float],
    ends: tuple[csr_matrix | None, csr_matrix | None] = (None, None),
) -> Scores:
    """The share of walks from a query that end at each candidate.

    powers: of the degrees of the first entity passed, of the second, and of the candidate.
    ends: (T, P) pairs to which the first and the last step are held, all training pairs where ``None``.
    """
    from scipy.sparse import diags

    whole, first, last = (
        graph.training if part is None else part for part in (None, ends[0], ends[1])
    )  # fmt: skip
    if direction == "person->film":
        whole, first, last = (part.T.tocsr() for part in (whole, first, last))
    far, near = (np.maximum(np.asarray(whole.sum(axis)).ravel(), 1) for axis in (0, 1))
    steps = (
        (first @ diags(far ** -powers[0])).tocsr(),
        (whole.T @ diags(near ** -powers[1])).tocsr(),
        (last @ diags(far ** -powers[2])).tocsr(),
    )

    def scores(queries: Ints) -> Floats:
        rows: Floats = (steps[0][queries] @ steps[1] @ steps[2]).toarray().astype(np.float32)
        return rows

    return scores


def climbed(graph: Graph, direction: Direction) -> Powers:
    """The powers found by changing one at a time until none helps."""
    powers: Powers = (0.5, 0.5, 0.0)
    best = -1.0
    tried: dict[Powers, float] = {}
    while True:
        near = [_with(powers, place, power) for place, power in product(range(3), _POWERS)]
        for option in near:
            if option not in tried and sum(abs(a - b) for a, b in zip(option, powers, strict=True)) <= 0.25:
                tried[option] = validated(graph, direction, walk(graph, direction, option))
        chosen = max(tried, key=lambda option: tried[option])
        if tried[chosen] <= best:
            return powers
        powers, best = chosen, tried[chosen]


def _with(powers: Powers, place: int, power: float) -> Powers:
    changed = list(powers)
    changed[place] = power
    return (changed[0], changed[1], changed[2])


# ---------------------------------------------------------------------------------------- factorisation


def least_squares(graph: Graph, factors: int = 64) -> Method:
    """Implicit ALS (Hu, Koren and Volinsky 2008); weight of a credit, penalty and length of rows tuned."""

    def options() -> Iterator[Option]:
        for weight, penalty in ((10.0, 0.01), (40.0, 0.01), (160.0, 0.01)):
            vectors = _als(graph.training, factors, weight, penalty)
            yield f"weight {weight:g}, penalty {penalty:g}", vectors.scores
            yield f"weight {weight:g}, penalty {penalty:g}, rows of length 1", vectors.units().scores

    return tuned(f"ALS {factors}", graph, options())


def _als(matrix: csr_matrix, factors: int, weight: float, penalty: float) -> Vectors:
    from implicit.cpu.als import AlternatingLeastSquares
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, "blas"):  # implicit has threads of its own, and warns of others beside them
        model = AlternatingLeastSquares(
            factors=factors,
            regularization=penalty,
            alpha=weight,
            iterations=15,
            num_threads=torch.get_num_threads(),
            random_state=0,
        )
        model.fit(matrix, show_progress=False)
    return Vectors(np.asarray(model.user_factors), np.asarray(model.item_factors))


def normalised_svd(graph: Graph, width: int = 128) -> Method:
    """Singular vectors of the pairs divided by the roots of both degrees; how they are weighed is tuned."""
    left, values, right = decomposed(graph.training, width)

    def options() -> Iterator[Option]:
        for power in (0.0, 0.5, 1.0):
            vectors = Vectors(left * values**power, right * values**power)
            yield f"values to {power:g}", vectors.scores
            yield f"values to {power:g}, rows of length 1", vectors.units().scores

    return tuned(f"normalised SVD {width}", graph, options())


def decomposed(matrix: csr_matrix, width: int, seed: int = 0) -> tuple[Floats, Floats, Floats]:
    """(T, D) left vectors, (D,) singular values and (P, D) right vectors of the normalised matrix."""
    from scipy.sparse import diags

    titles, people = (np.maximum(np.asarray(matrix.sum(axis)).ravel(), 1) ** -0.5 for axis in (1, 0))
    scaled = (diags(titles) @ matrix @ diags(people)).tocsr().astype(np.float32)
    turned = scaled.T.tocsr()
    width = min(width, *matrix.shape)
    right = np.random.default_rng(seed).standard_normal((matrix.shape[1], width + _OVERSAMPLED))
    right = right.astype(np.float32)
    for _ in range(_ROUNDS):
        left = np.linalg.qr(scaled @ right)[0]
        right = np.linalg.qr(turned @ left)[0]
    left, values, mixing = np.linalg.svd(scaled @ right, full_matrices=False)
    return left[:, :width], values[:width], (right @ mixing.T)[:, :width]
