"""From which probability on a plot is given a genre: chosen for the best F1 of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.predictors.genre.metrics import f1

Rows = NDArray[np.float32]
Chosen = NDArray[np.bool_]
Places = NDArray[np.int64]
_ENOUGH = 400  # rows that tell labels apart
_COMMON = tuple(round(0.05 * step, 2) for step in range(2, 13))
_OWN = tuple(round(0.1 + 0.025 * step, 3) for step in range(21))  # to 0.6; below 0.1 nothing is likely


def fitted_threshold(chances: Rows, truth: Chosen) -> float:
    """The one threshold for all labels with the best micro F1 on these rows (N, G)."""
    return max(_COMMON, key=lambda at: f1(truth, chances > at)[0])


def fitted_thresholds(chances: Rows, truth: Chosen, labels: Sequence[str]) -> dict[str, float]:
    """For each label the threshold with the best F1, half as observed on these rows and half as expected.

    What is expected follows from the chances alone, were they right, and so from all rows and not only from
    the few that have a rare label; what is observed mends them where they are not right. Of few rows neither
    tells one label from another, and the one threshold that is best for all is every label's.
    """
    if len(chances) < _ENOUGH:
        return dict.fromkeys(labels, fitted_threshold(chances, truth))
    return {label: _own(chances[:, column], truth[:, column]) for column, label in enumerate(labels)}


def _own(chances: Rows, truth: Chosen) -> float:
    mixed = chances.astype(np.float64) + truth  # each row counts as it is and as it was to be expected
    return max(_OWN, key=lambda at: _f1(mixed, chances > at))


def _f1(mixed: NDArray[np.float64], given: Chosen) -> float:
    named = 2.0 * float(given.sum()) + float(mixed.sum())
    return 2.0 * float(mixed[given].sum()) / named if named else 0.0


def guesses(chances: Rows, thresholds: Mapping[str, float] | None, labels: Sequence[str]) -> Chosen:
    """Which labels are given to a plot, (B, G): those above their threshold, by default 0.5."""
    limits = np.array([(thresholds or {}).get(label, 0.5) for label in labels], np.float32)
    chosen: Chosen = chances > limits
    return chosen


def crossed(chances: Rows, truth: Chosen, labels: Sequence[str]) -> Chosen:
    """Which labels are given, with the thresholds of each half of the rows (N, G) fitted on the other."""
    found = np.zeros_like(truth)
    for mine, other in halves(len(chances)):
        limits = fitted_thresholds(chances[other], truth[other], labels)
        found[mine] = guesses(chances[mine], limits, labels)
    return found


def halves(count: int) -> list[tuple[Places, Places]]:
    """Both halves of rows that stand in no order, each as (these, the others)."""
    first, second = np.arange(0, count, 2), np.arange(1, count, 2)
    return [(first, second), (second, first)]
