"""What is done about rare genres. Always to rows that are learnt from, after the others were held out."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Matrix: TypeAlias = Any  # (N, D), dense or scipy's csr_matrix, which has no types
Balance = Literal["none", "weights", "oversample", "smote"]
WAYS: tuple[Balance, ...] = ("none", "weights", "oversample", "smote")
Rows = NDArray[np.float32]
_NEIGHBOURS = 5


def class_weights(targets: Rows, power: float = 1.0) -> Rows:
    """(N,) with mean 1: each row's weight is 1 over its class's number, to a power (1: all classes alike).

    targets: (N, G), one class a row.
    """
    counts = targets.sum(axis=0)
    found = np.maximum(counts[targets.argmax(axis=1)], 1.0) ** -power
    weights: Rows = (found / found.mean()).astype(np.float32) if len(found) else found.astype(np.float32)
    return weights


def balanced(rows: Matrix, targets: Rows, way: Balance, seed: int) -> tuple[Matrix, Rows, Rows]:
    """Rows, targets and weights (N',) to learn from; targets (N, G) have one class a row.

    oversample: rows of rarer classes are repeated until all are as many. smote: between neighbours of a rarer
    class new rows are made (Chawla et al. 2002); a class too small to have neighbours is repeated.
    """
    if way == "none":
        return rows, targets, np.ones(len(targets), np.float32)
    if way == "weights":
        return rows, targets, class_weights(targets)
    classes = targets.argmax(axis=1)
    if len(np.unique(classes)) < 2:
        return rows, targets, np.ones(len(targets), np.float32)
    made, chosen = _oversampled(rows, classes, seed) if way == "oversample" else _smote(rows, classes, seed)
    found = np.eye(targets.shape[1], dtype=np.float32)[chosen]
    return made.astype(np.float32), found, np.ones(len(found), np.float32)


def _oversampled(rows: Matrix, classes: NDArray[Any], seed: int) -> tuple[Matrix, NDArray[Any]]:
    from imblearn.over_sampling import RandomOverSampler

    made, chosen = RandomOverSampler(random_state=seed).fit_resample(rows, classes)
    return made, chosen


def _smote(rows: Matrix, classes: NDArray[Any], seed: int) -> tuple[Matrix, NDArray[Any]]:
    from imblearn.over_sampling import SMOTE, RandomOverSampler

    counts = np.bincount(classes)
    few = {int(name): _NEIGHBOURS + 1 for name in np.unique(classes) if counts[name] <= _NEIGHBOURS}
    if few:
        rows, classes = RandomOverSampler(sampling_strategy=few, random_state=seed).fit_resample(
            rows, classes
        )
    made, chosen = SMOTE(k_neighbors=_NEIGHBOURS, random_state=seed).fit_resample(rows, classes)
    return made, chosen
