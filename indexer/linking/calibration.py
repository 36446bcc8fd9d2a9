"""From scores to probabilities that hold: a temperature, and the chance that none of the candidates is meant.

After Guo et al. 2017 (one temperature), with a candidate "none of these" whose score is fitted too: where
little fits, all probabilities are low.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Scored = tuple[Array, Array, int]  # (K,) scores, (K,) which candidates are meant, how many things were said
_NEVER = -1e9
BINS = 10


@dataclass(frozen=True)
class Calibration:
    """P(candidate) = exp(sharpness * score) / (exp(absent + a_fact * facts) + the sum over candidates).

    facts: how many things the query row says. The default leaves a plain softmax.
    """

    sharpness: float = 1.0
    absent: float = _NEVER
    a_fact: float = 0.0

    def probabilities(self, scores: Array, facts: int) -> Array:
        """(K,) of K scores; they add up to 1 less the chance that none is meant. (0,) of none."""
        return np.exp(self.logs(scores, facts)[:-1])

    def logs(self, scores: Array, facts: int) -> Array:
        """(K + 1,) log probabilities, the last of them of "none of these"."""
        logits = np.append(self.sharpness * scores, self.absent + self.a_fact * facts)
        return np.asarray(logits - np.logaddexp.reduce(logits))

    def to_json(self) -> dict[str, float]:
        """The three numbers by name."""
        return {name: round(value, 4) for name, value in asdict(self).items()}

    @classmethod
    def fitted(cls, rows: Sequence[Scored], not_there: float = 0.02) -> Calibration:
        """The one under which the right candidates, or "none" where there is no right one, are likeliest.

        not_there: how often what is asked for is in no catalogue; each row also counts by so much without its
        right candidates. Of fewer than 20 rows: the default.
        """
        from scipy.optimize import minimize

        if len(rows) < 20:
            return cls()
        without = [without_right(row) for row in rows]

        def loss(numbers: Array) -> float:
            found = (1 - not_there) * _loss(numbers, rows)
            return found + (not_there * _loss(numbers, without) if not_there else 0.0)

        best = minimize(loss, np.asarray([0.0, 0.0, 0.0]), method="Nelder-Mead")
        return _from_numbers(best.x)


def without_right(row: Scored) -> Scored:
    """The same query over a catalogue that lacks what is meant."""
    scores, gold, facts = row
    return scores[~gold], gold[~gold], facts


def _from_numbers(numbers: Array) -> Calibration:
    log_sharpness, absent, a_fact = map(float, np.clip(numbers, -30, 30))
    return Calibration(float(np.exp(log_sharpness)), absent, a_fact)


def _loss(numbers: Array, rows: Sequence[Scored]) -> float:
    """Nats a row; the pull keeps what few rows say nothing about near a plain softmax."""
    held = _from_numbers(numbers)
    total = 0.0
    for scores, gold, facts in rows:
        logs = held.logs(scores, facts)
        total -= np.logaddexp.reduce(logs[:-1][gold]) if gold.any() else logs[-1]
    return total / len(rows) + 1e-4 * float(numbers @ numbers)


def reliability(confidence: Sequence[float], right: Sequence[bool]) -> dict[str, Any]:
    """Expected calibration error over ten equal bins (Naeini et al. 2015), and the bins.

    ``{"n", "ece", "confidence", "accuracy", "bins": [{"from", "n", "confidence", "accuracy"}, ...]}`` with
    shares of 0-1; empty bins are left out.
    """
    stated, true = np.asarray(confidence, np.float64), np.asarray(right, np.float64)
    if not len(stated):
        return {"n": 0, "ece": 0.0, "confidence": 0.0, "accuracy": 0.0, "bins": []}
    places = np.minimum((stated * BINS).astype(int), BINS - 1)
    bins = []
    for place in np.unique(places):
        inside = places == place
        bins.append({
            "from": round(float(place) / BINS, 2), "n": int(inside.sum()),
            "confidence": round(float(stated[inside].mean()), 4),
            "accuracy": round(float(true[inside].mean()), 4),
        })  # fmt: skip
    error = sum(row["n"] * abs(row["confidence"] - row["accuracy"]) for row in bins) / len(stated)
    return {
        "n": len(stated), "ece": round(float(error), 4), "confidence": round(float(stated.mean()), 4),
        "accuracy": round(float(true.mean()), 4), "bins": bins,
    }  # fmt: skip
