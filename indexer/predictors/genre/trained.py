"""A model of genre that has learnt and whose probabilities were calibrated on what it had not learnt from."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.errors import InputError
from indexer.predictors.genre.calibration import Calibration
from indexer.predictors.genre.classifier import Classifier, Lesson
from indexer.predictors.genre.committee import Committee
from indexer.predictors.genre.forest import WordForest
from indexer.predictors.genre.linear import BertHead, Blend, WordBayes, WordLogistic, WordSvm
from indexer.predictors.genre.neural import Network, Recurrent, TunedBert
from indexer.predictors.genre.plots import Plots, Rows, State
from indexer.predictors.genre.taught import Taught

KINDS: dict[str, type[Classifier]] = {
    kind.kind: kind
    for kind in (
        WordBayes, WordLogistic, WordSvm, WordForest, Network, Recurrent, BertHead, TunedBert, Blend,
        Committee, Taught,
    )
}  # fmt: skip
_ENOUGH = 20_000  # plots, of which a fifth more would teach nothing that can be measured
_HELD = 5  # every fifth plot, by a shuffle, is kept from learning to calibrate by


@dataclass
class Trained:
    """A classifier with its labels; ``seconds`` of processor time that learning took.

    held: places that were kept from learning, with their chances (H, G) under calibrations that each half of
    them gave the other; known only where it was trained.
    """

    classifier: Classifier
    labels: tuple[str, ...]
    calibration: Calibration
    seconds: float = 0.0
    held: tuple[NDArray[np.int64], Rows] | None = None

    def probabilities(self, plots: Plots) -> Rows:
        """(B, G) in 0..1; of exclusive genres each row sums to 1."""
        return self.calibration.probabilities(self.classifier.scores(plots))

    def state(self) -> State:
        """Everything, with the kind."""
        facts = {"kind": self.classifier.kind, "labels": list(self.labels)}
        parts = self.classifier.state().within("model") | self.calibration.state().within("calibration")
        return State({}, facts) | parts

    @classmethod
    def from_state(cls, state: State) -> Trained:
        """What ``state`` gave. Raises InputError for a kind that is not known."""
        kind = KINDS.get(state.facts["kind"])
        if kind is None:
            raise InputError(f"unknown model {state.facts['kind']!r}: known are {', '.join(KINDS)}")
        calibration = Calibration.from_state(state.part("calibration"))
        return cls(kind.from_state(state.part("model")), tuple(state.facts["labels"]), calibration)


def train(
    make: Callable[[], Classifier],
    plots: Plots,
    targets: Rows,
    labels: Sequence[str],
    lesson: Lesson,
) -> Trained:
    """Learns from four fifths, calibrates on the last, then learns from all.

    A slow model, and whatever has very many plots, stays with the four fifths. targets: (N, G) of 0 and 1.
    A few plots only are learnt from without calibration.
    """
    started = time.process_time()
    kept, held = parts(len(plots), lesson.seed)
    classifier = make()
    classifier.fit(plots.take(kept), targets[kept], lesson)
    scores = classifier.scores(plots.take(held))
    calibration = Calibration.fitted(scores, targets[held], exclusive=lesson.exclusive)
    told = (held, _cross_calibrated(scores, targets[held], exclusive=lesson.exclusive))
    if len(held) and not classifier.slow and len(plots) < _ENOUGH:
        classifier = make()
        classifier.fit(plots, targets, lesson)
    return Trained(classifier, tuple(labels), calibration, time.process_time() - started, told)


def _cross_calibrated(scores: Rows, targets: Rows, *, exclusive: bool) -> Rows:
    """(H, G): each half of the rows under the calibration of the other."""
    found = np.zeros_like(scores)
    halves = np.arange(len(scores)) % 2
    for half in (0, 1):
        other = Calibration.fitted(scores[halves != half], targets[halves != half], exclusive=exclusive)
        found[halves == half] = other.probabilities(scores[halves == half])
    return found


def parts(count: int, seed: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Places to learn from and places held out, a fifth; none of fewer than 20."""
    order = np.random.default_rng(seed).permutation(count)
    held = order[: count // _HELD] if count >= 20 else order[:0]
    return np.sort(order[len(held) :]), held
