"""Raw scores to probabilities that mean what they say, fitted on plots that the model did not learn from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.predictors.genre.plots import State
from indexer.predictors.genre.solving import sigmoid, softmax

Rows = NDArray[np.float32]
_NARROW = 1e-6


@dataclass(frozen=True)
class Calibration:
    """Scores times ``slope`` plus ``shift``, then a softmax (exclusive) or a sigmoid each.

    slope, shift: (G,). Of a softmax the slope is one temperature for all and the shift 0 (Guo et al. 2017),
    of sigmoids both are each label's own (Platt 1999).
    """

    slope: Rows
    shift: Rows
    exclusive: bool

    @classmethod
    def none(cls, classes: int, *, exclusive: bool) -> Calibration:
        """Scores as they are."""
        return cls(np.ones(classes, np.float32), np.zeros(classes, np.float32), exclusive)

    @classmethod
    def fitted(cls, scores: Rows, targets: Rows, *, exclusive: bool) -> Calibration:
        """The one under which held-out targets, (N, G) of 0 and 1, are likeliest; none for no rows."""
        if not len(scores):
            return cls.none(targets.shape[1], exclusive=exclusive)
        return _temperature(scores, targets) if exclusive else _platt(scores, targets)

    def probabilities(self, scores: Rows) -> Rows:
        """(B, G) in 0..1."""
        raised = scores * self.slope + self.shift
        return softmax(raised) if self.exclusive else sigmoid(raised)

    def state(self) -> State:
        """To write down."""
        return State({"slope": self.slope, "shift": self.shift}, {"exclusive": self.exclusive})

    @classmethod
    def from_state(cls, state: State) -> Calibration:
        """What ``state`` gave."""
        return cls(state.arrays["slope"], state.arrays["shift"], bool(state.facts["exclusive"]))


def _temperature(scores: Rows, targets: Rows) -> Calibration:
    from scipy.optimize import minimize_scalar

    def loss(log_slope: float) -> float:
        found = softmax(scores * np.float32(np.exp(log_slope)))
        return -float((targets * np.log(found + _NARROW)).sum(dtype=np.float64))

    best = minimize_scalar(loss, bounds=(-4.0, 5.0), method="bounded").x
    classes = scores.shape[1]
    slope = np.full(classes, np.exp(best), np.float32)
    return Calibration(slope, np.zeros(classes, np.float32), exclusive=True)


def _platt(scores: Rows, targets: Rows) -> Calibration:
    pairs = [_line(scores[:, column], targets[:, column]) for column in range(scores.shape[1])]
    slope, shift = np.array(pairs, np.float32).reshape(-1, 2).T
    return Calibration(np.ascontiguousarray(slope), np.ascontiguousarray(shift), exclusive=False)


def _line(scores: Rows, held: Rows) -> tuple[float, float]:
    """Slope and shift of one label, with Platt's targets, which keep them finite for a label always right."""
    from scipy.optimize import minimize

    positive = float(held.sum())
    high, low = (positive + 1) / (positive + 2), 1 / (len(held) - positive + 2)
    target = np.where(held > 0, high, low).astype(np.float64)
    given = scores.astype(np.float64)

    def loss(line: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        raised = line[0] * given + line[1]
        value = float((np.logaddexp(0, raised) - target * raised).mean())
        gap = 0.5 * (1 + np.tanh(0.5 * raised)) - target
        return value, np.array([(gap * given).mean(), gap.mean()])

    found = minimize(
        loss, np.array([1.0, 0.0]), jac=True, method="L-BFGS-B", bounds=[(1e-3, None), (None, None)]
    )
    return float(found.x[0]), float(found.x[1])
