"""Small boosted trees as plain arrays: what the chance of a finding is computed with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from indexer.errors import InputError

Floats = NDArray[np.float64]
DEPTH = 3
_UNIT = 1e-4
_INNER, LEAVES = 2**DEPTH - 1, 2**DEPTH


@dataclass(frozen=True)
class Trees:
    """T complete trees of DEPTH over F features, whose leaves add up to a log-odds.

    start: log-odds before the first tree. features [T, 7] and thresholds [T, 7]: node i goes to 2i+1 where
    ``x[feature] <= threshold``, else to 2i+2. leaves [T, 8]: log-odds.
    """

    start: float
    features: NDArray[np.int64]
    thresholds: Floats
    leaves: Floats

    def odds(self, X: Floats) -> Floats:
        """Log-odds of each row of X [N, F] -> [N]."""
        rows = np.arange(len(X))[:, None]
        trees = np.arange(len(self.leaves))[None, :]
        node = np.zeros((len(X), len(self.leaves)), dtype=np.int64)
        for _ in range(DEPTH):
            goes_right = X[rows, self.features[trees, node]] > self.thresholds[trees, node]
            node = 2 * node + 1 + goes_right
        summed: Floats = self.start + self.leaves[trees, node - _INNER].sum(axis=1)
        return summed

    def to_json(self) -> dict[str, Any]:
        """Short enough to ship: leaves in ten-thousandths."""
        return {
            "start": round(self.start, 4),
            "features": self.features.tolist(),
            "thresholds": [[float(f"{cut:.3f}") for cut in tree] for tree in self.thresholds],
            "leaves": np.round(self.leaves / _UNIT).astype(int).tolist(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Raises InputError where the arrays do not fit each other."""
        features = np.asarray(data["features"], dtype=np.int64).reshape(-1, _INNER)
        thresholds = np.asarray(data["thresholds"], dtype=np.float64).reshape(-1, _INNER)
        leaves = _UNIT * np.asarray(data["leaves"], dtype=np.float64).reshape(-1, LEAVES)
        if not len(features) == len(thresholds) == len(leaves):
            raise InputError(
                f"the trees of a confidence model differ in number: {len(features)} features, "
                f"{len(thresholds)} thresholds, {len(leaves)} leaves; train it again"
            )
        return cls(float(data["start"]), features, thresholds, leaves)


def chances(odds: Floats) -> Floats:
    """Log-odds -> 0-1."""
    held: Floats = 1.0 / (1.0 + np.exp(-np.clip(odds, -30, 30)))
    return held
