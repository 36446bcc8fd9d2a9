"""A model of one genre a plot, taught by one of several: what the teacher scores become columns.

Overviews with several genres are many and rows with one are few. Poured in as rows the overviews hurt, since
the first of several genres is another question than the only one; as a teacher they help.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Self

import numpy as np

from indexer.predictors.genre.balance import class_weights
from indexer.predictors.genre.linear import Blend, Linear, scaled
from indexer.predictors.genre.plots import Plots, Rows, State

if TYPE_CHECKING:
    from indexer.predictors.genre.classifier import Lesson
    from indexer.predictors.genre.solving import Block

# By five folds of the rows that are learnt from. How much more a teacher's score may weigh than a column of a
# vector, and that less than alone; a row counts 1 over its genre's number, to the power.
_POWER = 0.4
_SCORE, _COLUMN = np.float32(1.6), np.float32(0.5)


class Taught(Linear):
    """Logistic regression over the encoder's vectors and a teacher's scores, each of mean 0, variance 1.

    What the teacher makes of the vector and of the words are columns of their own: their sum says less.
    """

    kind = "taught"

    def __init__(
        self,
        weights: Rows | None = None,
        bias: Rows | None = None,
        teacher: Linear | None = None,
        levels: tuple[Rows, Rows] | None = None,
    ) -> None:
        super().__init__(weights, bias)
        self.teacher = teacher or Blend()
        self._mean, self._spread = levels or (np.zeros(0, np.float32), np.ones(0, np.float32))

    def fit(self, plots: Plots, targets: Rows, lesson: Lesson) -> None:
        """The teacher has learnt before; its scores of these plots say what its usual level is."""
        scores = self.teacher.parts(plots)
        self._mean = scores.mean(axis=0) if len(scores) else np.zeros(scores.shape[1], np.float32)
        self._spread = np.maximum(scores.std(axis=0), 1e-3) if len(scores) else np.ones_like(self._mean)
        super().fit(plots, targets, lesson)

    def _learnt(
        self, blocks: Sequence[Block], targets: Rows, weights: Rows, lesson: Lesson
    ) -> tuple[Rows, Rows]:
        if lesson.balance == "none":  # rare genres count a little more from the start
            weights = class_weights(targets, _POWER)
        return super()._learnt(blocks, targets, weights, lesson)

    def state(self) -> State:
        """Without the teacher, which is written down beside it."""
        return super().state() | State({"mean": self._mean, "spread": self._spread})

    @classmethod
    def from_state(cls, state: State) -> Self:
        """What ``state`` gave; the teacher is to be set."""
        levels = (state.arrays["mean"], state.arrays["spread"])
        return cls(state.arrays["weights"], state.arrays["bias"], levels=levels)

    def _blocks(self, plots: Plots) -> list[Block]:
        scores = (self.teacher.parts(plots) - self._mean) / self._spread
        return [np.hstack([scaled(plots.vectors) * _COLUMN, scores * _SCORE]).astype(np.float32)]
