"""InfoNCE over tables: a free vector for every title and person, learnt from the training pairs alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from evals.joint.baselines import Method, Option, Vectors, decomposed, tuned
from evals.joint.graph import DIRECTIONS, Graph, unit
from indexer.fields.arrays import Floats, Ints
from indexer.joint.split import TRAIN

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

_SHARES = (0.0, 0.5, 1.0)  # of the neighbours' mean beside the own vector
_FASTER = 4  # times the rate, the other one that is tried
_LEAST = 0.05  # the learning rate falls to this part of itself


@dataclass(frozen=True)
class Recipe:
    """How tables are trained; the batch is smaller where there are few pairs."""

    width: int = 128
    epochs: int = 3
    batch: int = 1024
    rate: float = 0.05
    temperature: float = 0.07
    seed: int = 0


def random_tables(graph: Graph, recipe: Recipe | None = None) -> Method:
    """From random vectors."""
    recipe = recipe or Recipe()
    vectors = trained(graph, _random(graph, recipe), recipe)
    scores = {direction: vectors.units().scores(direction) for direction in DIRECTIONS}
    return Method("InfoNCE tables", scores)


def svd_tables(graph: Graph, recipe: Recipe | None = None) -> Method:
    """From the normalised SVD; the learning rate and the weight of the neighbours' mean tuned."""
    recipe = recipe or Recipe(epochs=2)
    left, values, right = decomposed(graph.training, recipe.width, recipe.seed)
    start = Vectors(left * values**0.5, right * values**0.5).units()

    def options() -> Iterator[Option]:
        for rate in (recipe.rate, _FASTER * recipe.rate):
            vectors = trained(graph, start, replace(recipe, rate=rate))
            yield from ((f"rate {rate:g}, {said}", scores) for said, scores in mixtures(graph, vectors))

    return tuned("InfoNCE tables, SVD start + neighbours", graph, options())


def mixtures(graph: Graph, vectors: Vectors) -> Iterator[Option]:
    """The vectors with different shares of their neighbours' mean."""
    own = vectors.units()
    near = Vectors(_mean(graph.training, own.people), _mean(graph.training.T.tocsr(), own.titles))
    for share in _SHARES:
        mixed = Vectors(own.titles + share * near.titles, own.people + share * near.people)
        yield f"{share:g} of the neighbours' mean", mixed.units().scores


def _mean(matrix: csr_matrix, rows: Floats) -> Floats:
    """Of each row's neighbours; zeros without any."""
    found: Floats = matrix @ rows / np.maximum(np.asarray(matrix.sum(1)), 1)
    return found


def _random(graph: Graph, recipe: Recipe) -> Vectors:
    rng = np.random.default_rng(recipe.seed)
    titles, people = (rng.standard_normal((count, recipe.width)).astype(np.float32) for count in graph.shape)
    return Vectors(unit(titles), unit(people))


def trained(graph: Graph, start: Vectors, recipe: Recipe) -> Vectors:
    """The tables after all epochs."""
    titles, people = (side[graph.parts == TRAIN] for side in (graph.titles, graph.people))
    title_table, person_table = _Table(start.titles), _Table(start.people)
    frequency = [
        torch.from_numpy(np.log(np.maximum(np.bincount(side, minlength=count), 1)).astype(np.float32))
        for side, count in zip((titles, people), graph.shape, strict=True)
    ]
    steps = list(_steps(len(titles), recipe))
    for place, at in enumerate(steps):
        title, person = titles[at], people[at]
        logits = title_table.rows(title) @ person_table.rows(person).T / recipe.temperature
        logits = logits.masked_fill(_others(graph.training, title, person), -1e9)
        loss = _found(logits - frequency[1][person]) + _found(logits.T - frequency[0][title])
        torch.autograd.backward(loss)
        rate = recipe.rate * max(1 - place / len(steps), _LEAST)
        title_table.step(rate)
        person_table.step(rate)
    return Vectors(title_table.weights.numpy(), person_table.weights.numpy())


def _steps(count: int, recipe: Recipe) -> Iterator[Ints]:
    rng = np.random.default_rng(recipe.seed)
    batch = max(min(recipe.batch, count // 8), 1)
    for _ in range(recipe.epochs):
        order = rng.permutation(count)
        yield from (order[start : start + batch] for start in range(0, count, batch))


def _others(matrix: csr_matrix, titles: Ints, people: Ints) -> Tensor:
    """(B, B): which of the batch's titles and people are a training pair, other than the batch's own."""
    some_titles, title_of = np.unique(titles, return_inverse=True)
    some_people, person_of = np.unique(people, return_inverse=True)
    table = (matrix[some_titles][:, some_people].toarray() > 0)[title_of][:, person_of]
    np.fill_diagonal(table, val=False)
    return torch.from_numpy(table)


def _found(logits: Tensor) -> Tensor:
    """Cross entropy of (B, B) logits whose diagonal is true; frequent rows had the log of how often taken off
    (Yi et al. 2019).
    """
    return torch.nn.functional.cross_entropy(logits, torch.arange(len(logits))) / 2


class _Table:
    """Rows of length 1 to the outside, with Adagrad of one scale a row (Duchi et al. 2011)."""

    def __init__(self, start: Floats) -> None:
        self.weights = torch.from_numpy(np.array(start, np.float32))
        self._squares = torch.full((len(start),), 1e-6)
        self._used: tuple[Tensor, Tensor] | None = None

    def rows(self, places: Ints) -> Tensor:
        distinct, at = np.unique(places, return_inverse=True)
        chosen = torch.from_numpy(distinct)
        part = self.weights[chosen].requires_grad_()
        self._used = (chosen, part)
        found: Tensor = torch.nn.functional.normalize(part[torch.from_numpy(at)], dim=1)
        return found

    def step(self, rate: float) -> None:
        assert self._used is not None  # noqa: S101 - ``rows`` was called before
        chosen, part = self._used
        assert part.grad is not None  # noqa: S101 - as was ``backward``
        squares = self._squares[chosen] + part.grad.square().mean(1)
        self._squares[chosen] = squares
        self.weights[chosen] = part.detach() - rate * part.grad / squares.sqrt()[:, None]
