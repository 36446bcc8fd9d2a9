"""Every model of genre on the same rows, side by side: one genre each, several, and rare ones balanced."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evals.genre.figures import ENOUGH, summary
from indexer.predictors.genre.balance import WAYS, Balance
from indexer.predictors.genre.calibration import Calibration
from indexer.predictors.genre.classifier import Classifier, Lesson
from indexer.predictors.genre.linear import BertHead, Linear, WordLogistic
from indexer.predictors.genre.material import Material
from indexer.predictors.genre.metrics import calibration_error, f1
from indexer.predictors.genre.neural import Network
from indexer.predictors.genre.plots import Rows
from indexer.predictors.genre.taught import Taught
from indexer.predictors.genre.thresholds import crossed, halves
from indexer.predictors.genre.trained import KINDS, Trained, parts, train
from indexer.predictors.genre.training import of_six, six_of

Flags = NDArray[np.bool_]
SLOW_PLOTS = 2_000  # what slow models learn several genres from, and are measured on
_QUICK_FIRST = sorted(KINDS.values(), key=lambda kind: kind.slow)


@dataclass(frozen=True)
class Single:
    """A model of one genre a plot, on the held-out rows."""

    kind: str
    seconds: float
    chances: Rows
    truth: NDArray[np.int64]
    six: list[int]

    @property
    def among_six(self) -> tuple[NDArray[np.int64], Rows]:
        """Truth and chances of the rows that are of one of the six."""
        rows = np.isin(self.truth, self.six)
        return of_six(self.truth[rows], self.chances[rows], self.six)

    def cells(self) -> list[str]:
        """For the table of all models."""
        truth, chances = self.among_six
        error = f"{calibration_error(truth, chances):.3f}"
        return [
            self.kind,
            summary(truth, chances),
            summary(self.truth, self.chances),
            error,
            f"{self.seconds:.1f}",
        ]


def makers(teachers: Sequence[Linear]) -> Iterator[Callable[[], Classifier]]:
    """A fresh one of every kind, quick ones first."""
    for kind in _QUICK_FIRST:
        yield (lambda: Taught(teachers=teachers)) if kind is Taught else kind


def single(
    make: Callable[[], Classifier], learnt: Material, held: Material, balance: Balance = "none"
) -> Single:
    """Learns from rows of one genre, calibrated within them, and is measured on others of the same genres.

    Raises ValueError where the rows lack one of the six.
    """
    found = train(make, learnt.plots, learnt.targets, learnt.labels, Lesson(balance=balance))
    return measured(found, held)


def measured(found: Trained, held: Material) -> Single:
    """A trained model on held-out rows."""
    six = six_of(found.labels)
    if six is None:
        raise ValueError("the rows lack one of the six genres")
    chances, truth = found.probabilities(held.plots), held.targets.argmax(axis=1)
    return Single(found.classifier.kind, found.seconds, chances, truth, six)


@dataclass(frozen=True)
class Several:
    """A model of several genres a plot, on held-out overviews; ``learnt`` from how many.

    common: (G,), the genres that enough of all held-out films have, also where fewer films are measured on.
    """

    kind: str
    seconds: float
    truth: Flags
    guess: Flags
    learnt: int
    common: Flags

    def cells(self) -> list[str]:
        """For the table of all models."""
        micro, macro = f1(self.truth, self.guess)
        _, common = f1(self.truth[:, self.common], self.guess[:, self.common])
        shares = [f"{100 * share:.1f}" for share in (micro, common, macro)]
        return [self.kind, *shares, f"{self.learnt:,}", f"{len(self.truth):,}", f"{self.seconds:.1f}"]


def several(kind: type[Classifier], known: Material, tested: Flags) -> Several:
    """Learns from four fifths, as the serving model does, and is measured on tested ones of the last."""
    kept, held = parts(len(known), Lesson().seed)
    held = held[tested[held]]
    common = known.targets[held].sum(axis=0) >= ENOUGH
    if kind.slow or kind.kind == "tfidf_forest":
        kept, held = kept[:: max(1, len(kept) // SLOW_PLOTS)], held[: SLOW_PLOTS // 2]
    started = time.process_time()
    model = kind()
    model.fit(known.plots.take(kept), known.targets[kept], Lesson(exclusive=False))
    seconds = time.process_time() - started
    truth = known.targets[held] > 0
    guess = told(model.scores(known.plots.take(held)), truth, known.labels)
    return Several(kind.kind, seconds, truth, guess, len(kept), common)


def of_serving(found: Trained, known: Material, tested: Flags) -> Several:
    """The serving model on those of its held-out fifth that are tested."""
    if found.held is None:
        raise ValueError("this model was loaded, so what it was held out from is not known")
    places, chances = found.held
    among = tested[places]
    truth = known.targets[places][among] > 0
    guess = crossed(chances[among], truth, known.labels)
    common = truth.sum(axis=0) >= ENOUGH
    return Several(found.classifier.kind, found.seconds, truth, guess, len(known) - len(places), common)


def told(scores: Rows, truth: Flags, labels: tuple[str, ...]) -> Flags:
    """Labels given, with calibration and thresholds of each half fitted on the other."""
    chances = np.zeros_like(scores)
    for mine, other in halves(len(scores)):
        fitted = Calibration.fitted(scores[other], truth[other].astype(np.float32), exclusive=False)
        chances[mine] = fitted.probabilities(scores[mine])
    return crossed(chances, truth, labels)


def balanced(learnt: Material, held: Material) -> Iterator[list[str]]:
    """Cells for each way of balancing each quick model: six, all. Balancing sees the learnt rows alone."""
    truth = held.targets.argmax(axis=1)
    six = six_of(learnt.labels) or []
    for kind in (WordLogistic, BertHead, Network):
        for way in WAYS:
            model = kind()
            model.fit(learnt.plots, learnt.targets, Lesson(balance=way))
            chances = Calibration.none(len(learnt.labels), exclusive=True).probabilities(
                model.scores(held.plots)
            )
            rows = np.isin(truth, six)
            yield [kind.kind, way, summary(*of_six(truth[rows], chances[rows], six)), summary(truth, chances)]
