"""Learned weights of linking: listwise logistic regression, saved as JSON."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


def fit_listwise(
    tables: Sequence[Matrix],
    golds: Sequence[Mask],
    start: Matrix,
    l2: float = 1e-3,
    lowest: Matrix | None = None,
) -> Matrix:
    """Weights w (F,) under which softmax(table @ w) gives the gold candidates the most probability.

    tables: one (K, F) per query, K >= 1 and free to differ. golds: one (K,) bool each with at least one True.
    lowest: (F,) the least each weight may be, where evidence must never count against a candidate.
    l2: pulls the weights towards ``start`` (F,). The loss is the
    mean over queries, in nats (Cao et al. 2007, ListNet's top one).
    """
    from scipy.optimize import minimize

    rows = np.concatenate(tables)
    starts = np.cumsum([0, *(len(table) for table in tables)])[:-1]
    owner = np.repeat(np.arange(len(tables)), [len(table) for table in tables])
    gold = np.concatenate(golds)

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        scores = rows @ weights
        scores -= np.maximum.reduceat(scores, starts)[owner]
        mass = np.exp(scores)
        right = np.where(gold, mass, 0.0)
        total, hit = np.add.reduceat(mass, starts), np.add.reduceat(right, starts) + 1e-30
        pull = weights - start
        value = float(np.mean(np.log(total) - np.log(hit)) + l2 * pull @ pull)
        slope = rows.T @ (mass / total[owner] - right / hit[owner]) / len(tables) + 2 * l2 * pull
        return value, slope

    bounds = None if lowest is None else [(low, None) for low in lowest]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 200})
    return np.asarray(found.x, np.float64)
