"""How good guesses of genre are: of exactly one class, or of several labels that may hold together."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float32]
Places = NDArray[np.int64]
_BINS = 10


def f1(truth: NDArray[np.bool_], guess: NDArray[np.bool_]) -> tuple[float, float]:
    """Micro and macro F1 of (N, G) labels; a genre neither held nor guessed is left out of the macro mean."""
    right = (truth & guess).sum(axis=0)
    named = truth.sum(axis=0) + guess.sum(axis=0)
    each = 2 * right[named > 0] / named[named > 0]
    return float(2 * right.sum() / max(1, named.sum())), float(each.mean()) if len(each) else 0.0


def one_hot(places: Places, classes: int) -> NDArray[np.bool_]:
    """(N, G) with the column of each place set."""
    found: NDArray[np.bool_] = np.arange(classes) == np.asarray(places)[:, None]
    return found


def accuracy(truth: Places, chances: Rows) -> float:
    """The share of rows whose likeliest class (of (N, G)) is the true one; 0 for none."""
    return float((chances.argmax(axis=1) == truth).mean()) if len(truth) else 0.0


def macro_f1(truth: Places, chances: Rows) -> float:
    """The mean F1 of the classes that are held or guessed."""
    classes = chances.shape[1]
    return f1(one_hot(truth, classes), one_hot(chances.argmax(axis=1), classes))[1]


def calibration_error(truth: Places, chances: Rows) -> float:
    """ECE: how far the likeliest class's probability is from how often it is right, in ten bins, by rows."""
    if not len(truth):
        return 0.0
    sure, right = chances.max(axis=1), chances.argmax(axis=1) == truth
    bins = np.minimum((sure * _BINS).astype(int), _BINS - 1)
    gaps = [abs(float(sure[bins == n].sum() - right[bins == n].sum())) for n in range(_BINS)]
    return sum(gaps) / len(truth)


def label_calibration_error(truth: NDArray[np.bool_], chances: Rows) -> float:
    """ECE over every label of every row, (N, G): stated probability against how often the label holds."""
    flat, holds = chances.ravel(), truth.ravel()
    bins = np.minimum((flat * _BINS).astype(int), _BINS - 1)
    gaps = [abs(float(flat[bins == n].sum() - holds[bins == n].sum())) for n in range(_BINS)]
    return sum(gaps) / max(1, len(flat))


def confusion(truth: Places, chances: Rows) -> NDArray[np.int64]:
    """(G, G): rows of the true class in a line each, by what was guessed."""
    classes = chances.shape[1]
    found = np.zeros((classes, classes), np.int64)
    np.add.at(found, (truth, chances.argmax(axis=1)), 1)
    return found


def by_class(truth: NDArray[np.bool_], guess: NDArray[np.bool_]) -> list[dict[str, Any]]:
    """Precision, recall, F1 and support of every column of (N, G); None where nothing was guessed or held."""
    found = []
    for column in range(truth.shape[1]):
        right = int((truth[:, column] & guess[:, column]).sum())
        held, named = int(truth[:, column].sum()), int(guess[:, column].sum())
        found.append(
            {
                "precision": round(right / named, 4) if named else None,
                "recall": round(right / held, 4) if held else None,
                "f1": round(2 * right / (held + named), 4) if held + named else None,
                "support": held,
            }
        )
    return found


def only(chances: Rows, columns: list[int]) -> Rows:
    """The columns alone, (B, K), each row summing to 1 again."""
    chosen = chances[:, columns]
    found: Rows = chosen / np.maximum(chosen.sum(axis=1, keepdims=True), 1e-12)
    return found
