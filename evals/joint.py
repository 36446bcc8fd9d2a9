"""How well query rows find their entity in the joint space alone, without any lexical help."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from indexer.fields.arrays import Floats, Ints
    from indexer.fields.rows import Row
    from indexer.joint.space import JointSpace

_CHUNK = 256


def quick_recall(
    space: JointSpace, vectors: Floats, ids: Ints, rows: Sequence[Row], golds: Sequence[Collection[int]]
) -> dict[int, float]:
    """The share of query rows whose right entity is first, and among the first ten: ``{1: 0.8, 10: 0.95}``.

    vectors: (N, D) unit rows of the candidates, all of one kind; ids: (N,) theirs. rows: Q query rows of that
    kind; golds: for each the ids that are right. A row whose right entities have no vector counts as missed.
    Zeros for Q = 0.
    """
    ranks = first_right(space, vectors, ids, rows, golds, depth=10)
    return {k: float(np.mean(ranks < k)) if len(ranks) else 0.0 for k in (1, 10)}


def first_right(
    space: JointSpace,
    vectors: Floats,
    ids: Ints,
    rows: Sequence[Row],
    golds: Sequence[Collection[int]],
    depth: int = 10,
) -> Ints:
    """(Q,) the place, from 0, of the first right entity among the nearest; ``depth`` where none is."""
    places = np.full(len(rows), depth, np.int64)
    for start in range(0, len(rows), _CHUNK):
        likeness = space.encode(rows[start : start + _CHUNK]) @ vectors.T  # (Q', N)
        near = (
            np.argsort(-likeness, axis=1)[:, :depth]
            if vectors.shape[0] <= depth
            else _nearest(likeness, depth)
        )
        for row, found in enumerate(ids[near].tolist(), start):
            places[row] = next((place for place, item in enumerate(found) if item in golds[row]), depth)
    return places


def _nearest(likeness: Floats, depth: int) -> Ints:
    near = np.argpartition(-likeness, depth - 1, axis=1)[:, :depth]
    order = np.argsort(-np.take_along_axis(likeness, near, 1), axis=1, kind="stable")
    return np.take_along_axis(near, order, 1)
