"""Growing the trees: Newton boosting of a logistic loss on quantile bins, some directions fixed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.confidence.trees import DEPTH, LEAVES, Floats, Trees, chances

_INNER = 2**DEPTH - 1
_SMALL = 1e-9
_NEVER = 999.0  # above any signal


@dataclass(frozen=True)
class Boosting:
    """How trees are grown.

    ``rows``, ``columns``: the share drawn for each tree. ``least``: rows in a leaf; ``shrink``: an L2 weight
    on leaves.
    """

    trees: int = 160
    rate: float = 0.05
    rows: float = 0.6
    columns: float = 0.4
    least: int = 12
    shrink: float = 2.0
    bins: int = 24
    seed: int = 7


@dataclass(frozen=True)
class _Data:
    """Binned features [N, F] with the edges of each feature's bins, and the direction of each (+1, -1, 0)."""

    binned: NDArray[np.int64]
    edges: list[Floats]
    signs: NDArray[np.int64]
    width: int


@dataclass
class _Node:
    rows: NDArray[np.int64]
    low: float = -np.inf
    high: float = np.inf


def fit(X: Floats, right: Floats, signs: NDArray[np.int64], how: Boosting | None = None) -> Trees:
    """Trees for X [N, F] and right [N] (0 or 1).

    ``signs`` [F]: 1 where a feature may only raise the chance, -1 only lower it, 0 either.
    """
    how = how or Boosting()
    random = np.random.default_rng(how.seed)
    data = _binned(X, signs, how.bins)
    mean = float(np.clip(right.mean(), 0.01, 0.99))
    start = float(np.log(mean / (1 - mean)))
    odds = np.full(len(X), start)
    grown = []
    for _ in range(how.trees):
        chance = chances(odds)
        drawn = np.flatnonzero(random.random(len(X)) < how.rows)
        columns = np.flatnonzero(random.random(X.shape[1]) < how.columns)
        tree = _grow(data, right - chance, chance * (1 - chance), drawn, columns, how)
        grown.append(tree)
        odds = odds + tree.odds(X)
    return joined(grown, start)


def joined(grown: Sequence[Trees], start: float, share: float = 1.0) -> Trees:
    """All the trees as one, their leaves multiplied by ``share``."""
    return Trees(
        start,
        np.concatenate([trees.features for trees in grown]),
        np.concatenate([trees.thresholds for trees in grown]),
        share * np.concatenate([trees.leaves for trees in grown]),
    )


def _binned(X: Floats, signs: NDArray[np.int64], bins: int) -> _Data:
    edges = []
    for column in X.T:
        values = np.unique(column)
        middles = (values[1:] + values[:-1]) / 2
        if len(middles) >= bins:
            middles = np.unique(np.quantile(column, np.linspace(0, 1, bins + 1)[1:-1]))
        edges.append(np.round(middles, 3))
    binned = np.stack(
        [np.searchsorted(e, column, side="left") for e, column in zip(edges, X.T, strict=True)], axis=1
    )
    return _Data(binned, edges, signs, bins + 1)


def _grow(
    data: _Data,
    slope: Floats,
    curve: Floats,
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
    how: Boosting,
) -> Trees:
    """One tree; where a node does not split, everything goes left."""
    features, thresholds = np.zeros(_INNER, dtype=np.int64), np.full(_INNER, _NEVER)
    leaves = np.zeros(LEAVES)
    nodes = {0: _Node(rows)}
    for place in range(_INNER):
        node = nodes.pop(place)
        split = _split(data, slope, curve, node, columns, how)
        left, right = _Node(node.rows, node.low, node.high), _Node(node.rows[:0], node.low, node.high)
        if split is not None:
            feature, cut, middle = split
            features[place], thresholds[place] = feature, data.edges[feature][cut]
            goes_right = data.binned[node.rows, feature] > cut
            left.rows, right.rows = node.rows[~goes_right], node.rows[goes_right]
            if data.signs[feature] > 0:
                left.high, right.low = middle, middle
            elif data.signs[feature] < 0:
                left.low, right.high = middle, middle
        nodes[2 * place + 1], nodes[2 * place + 2] = left, right
    for place, node in nodes.items():
        value = _value(slope[node.rows].sum(), curve[node.rows].sum(), how.shrink)
        leaves[place - _INNER] = how.rate * float(np.clip(value, node.low, node.high))
    return Trees(0.0, features[None], thresholds[None], leaves[None])


def _value(slope: Floats, curve: Floats, shrink: float) -> Floats:
    held: Floats = slope / (curve + shrink)
    return held


def _split(
    data: _Data, slope: Floats, curve: Floats, node: _Node, columns: NDArray[np.int64], how: Boosting
) -> tuple[int, int, float] | None:
    """The best (feature, bin, value in the middle of both sides) of a node; ``None`` where none gains."""
    if len(node.rows) < 2 * how.least or not len(columns):
        return None
    offsets = np.arange(len(columns)) * data.width
    flat = (data.binned[node.rows][:, columns] + offsets).ravel()
    parts = [
        np.bincount(flat, np.repeat(weights, len(columns)), len(columns) * data.width).reshape(-1, data.width)
        for weights in (slope[node.rows], curve[node.rows], np.ones(len(node.rows)))
    ]
    (sl, cl, nl), (s, c, n) = (
        (part.cumsum(axis=1)[:, :-1] for part in parts),
        (part[0].sum() for part in parts),
    )
    left, right = _value(sl, cl, how.shrink), _value(s - sl, c - cl, how.shrink)
    gain = sl**2 / (cl + how.shrink) + (s - sl) ** 2 / (c - cl + how.shrink) - s**2 / (c + how.shrink)
    wrong = data.signs[columns][:, None] * (right - left) < 0
    gain[(nl < how.least) | (n - nl < how.least) | wrong] = 0.0
    best = np.unravel_index(int(gain.argmax()), gain.shape)
    if gain[best] <= _SMALL:
        return None
    sides = np.clip([left[best], right[best]], node.low, node.high)
    return int(columns[best[0]]), int(best[1]), float(sides.mean())
