"""Linear models of several classes over dense and sparse columns, each a convex problem for L-BFGS."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Block: TypeAlias = Any  # (N, D), dense or scipy's csr_matrix, which has no types
Rows = NDArray[np.float32]
Flat = NDArray[np.float64]
_STEPS, _FEWER, _MANY = 150, 60, 10_000  # steps at most, and of more rows than so many
_TINY = 1e-12


def fit_linear(
    blocks: Sequence[Block],
    targets: Rows,
    penalty: float,
    weights: Rows | None = None,
    *,
    exclusive: bool,
) -> tuple[Rows, Rows]:
    """Weights (D, G) over the columns of all blocks, side by side, and bias (G,).

    blocks: each (N, D of it), dense or sparse. targets: (N, G) of 0 and 1. weights: (N,) of the rows.
    penalty: of the squared weights, over all rows together. exclusive: every row has exactly one class, and
    the loss is the softmax's; else each class is a logistic regression of its own. All classes share each
    pass over the rows.
    """
    from scipy.optimize import minimize

    count, classes = targets.shape
    width = sum(int(block.shape[1]) for block in blocks)
    if not count or not classes:
        return np.zeros((width, classes), np.float32), np.zeros(classes, np.float32)
    problem = _problem(blocks, targets, penalty, _shares(weights, count), exclusive=exclusive)
    start = np.zeros((width + 1, classes))
    start[-1] = _prior(targets, _shares(weights, count), exclusive=exclusive)
    options = {"maxiter": _STEPS if count <= _MANY else _FEWER, "ftol": 1e-6, "maxcor": 6}
    found = minimize(problem, start.ravel(), jac=True, method="L-BFGS-B", options=options)
    solved = found.x.reshape(width + 1, classes).astype(np.float32)
    return np.ascontiguousarray(solved[:-1]), np.ascontiguousarray(solved[-1])


def product(blocks: Sequence[Block], weights: Rows) -> Rows:
    """(B, G): the blocks side by side times their weights."""
    total = np.zeros((blocks[0].shape[0], weights.shape[1]), np.float32)
    start = 0
    for block in blocks:
        end = start + int(block.shape[1])
        total += block @ weights[start:end]
        start = end
    return total


def sigmoid(scores: Rows) -> Rows:
    """Each score as a probability."""
    found: Rows = 0.5 * (1 + np.tanh(0.5 * scores))
    return found


def softmax(scores: Rows) -> Rows:
    """(B, G), each row summing to 1."""
    raised = np.exp(scores - scores.max(axis=1, keepdims=True)) if scores.size else scores
    found: Rows = raised / raised.sum(axis=1, keepdims=True) if scores.size else scores
    return found


def _shares(weights: Rows | None, count: int) -> Rows:
    """(N, 1), summing to 1."""
    given = np.ones(count, np.float32) if weights is None else weights
    shares: Rows = (given / given.sum())[:, None].astype(np.float32)
    return shares


def _prior(targets: Rows, shares: Rows, *, exclusive: bool) -> NDArray[np.float64]:
    """The bias that says how frequent each class is."""
    share = np.clip((shares * targets).sum(axis=0, dtype=np.float64), 1e-4, 1 - 1e-4)
    odds: NDArray[np.float64] = np.log(share) if exclusive else np.log(share / (1 - share))
    return odds


def _problem(
    blocks: Sequence[Block], targets: Rows, penalty: float, shares: Rows, *, exclusive: bool
) -> Callable[[Flat], tuple[float, Flat]]:
    """Loss and gradient as functions of all weights in one row."""
    turned: list[Any] = [block.T if isinstance(block, np.ndarray) else block.T.tocsr() for block in blocks]
    classes = targets.shape[1]
    strength = np.float32(penalty / len(targets))

    def problem(flat: Flat) -> tuple[float, Flat]:
        weights = flat.reshape(-1, classes).astype(np.float32)
        scores = product(blocks, weights[:-1]) + weights[-1]  # (N, G)
        value, slope = (_softmax_loss if exclusive else _sigmoid_loss)(scores, targets, shares)
        parts = [block @ slope for block in turned]
        gradient = np.vstack([np.vstack(parts) + strength * weights[:-1], slope.sum(axis=0)])
        squares = float(np.square(weights[:-1], dtype=np.float64).sum())
        return value + 0.5 * float(strength) * squares, gradient.ravel().astype(np.float64)

    return problem


def _sigmoid_loss(scores: Rows, targets: Rows, shares: Rows) -> tuple[float, Rows]:
    value = (shares * (np.logaddexp(0, scores) - targets * scores)).sum(dtype=np.float64)
    return float(value), shares * (sigmoid(scores) - targets)


def _softmax_loss(scores: Rows, targets: Rows, shares: Rows) -> tuple[float, Rows]:
    found = softmax(scores)
    value = -(shares * targets * np.log(found + _TINY)).sum(dtype=np.float64)
    return float(value), shares * (found - targets)
