"""A model of one genre a plot, taught by ones of several: what the teachers score become columns.

Overviews with several genres are many and rows with one are few. Poured in as rows the overviews hurt, since
the first of several genres is another question than the only one; as teachers they help.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Self

import numpy as np

from indexer.predictors.genre.balance import class_weights
from indexer.predictors.genre.linear import BertHead, Linear, WordLogistic, scaled
from indexer.predictors.genre.plots import Plots, Rows, State

if TYPE_CHECKING:
    from indexer.predictors.genre.classifier import Lesson
    from indexer.predictors.genre.solving import Block

# By five folds of the rows that are learnt from. How much more a teacher's score may weigh than a column of a
# vector, and that less than alone; a row counts 1 over its genre's number, to a power: what serves, and where
# rare genres are to be found (whole weights, a power of 1, find no more of them).
_SCORE, _COLUMN = np.float32(1.6), np.float32(0.5)
_POWER, _WEIGHTED = 0.3, 0.5
_TEACHERS: dict[str, type[Linear]] = {kind.kind: kind for kind in (BertHead, WordLogistic)}


class Taught(Linear):
    """Logistic regression over the encoder's vectors and the teachers' scores, each of mean 0, variance 1.

    One teacher knows vectors, one words, and each has learnt alone: two that learn together say less, for
    each then leaves to the other what both can tell.
    """

    kind = "taught"

    def __init__(
        self,
        weights: Rows | None = None,
        bias: Rows | None = None,
        teachers: Sequence[Linear] = (),
        levels: tuple[Rows, Rows] | None = None,
    ) -> None:
        super().__init__(weights, bias)
        self.teachers = tuple(teachers)
        self._mean, self._spread = levels or (np.zeros(0, np.float32), np.ones(0, np.float32))

    def fit(self, plots: Plots, targets: Rows, lesson: Lesson) -> None:
        """The teachers have learnt before; their scores of these plots say what their usual level is."""
        scores = self._told(plots)
        self._mean = scores.mean(axis=0) if len(scores) else np.zeros(scores.shape[1], np.float32)
        self._spread = np.maximum(scores.std(axis=0), 1e-3) if len(scores) else np.ones_like(self._mean)
        super().fit(plots, targets, lesson)

    def state(self) -> State:
        """With the teachers."""
        own = super().state() | State(
            {"mean": self._mean, "spread": self._spread},
            {"teachers": [teacher.kind for teacher in self.teachers]},
        )
        for teacher in self.teachers:
            own |= teacher.state().within(teacher.kind)
        return own

    @classmethod
    def from_state(cls, state: State) -> Self:
        """What ``state`` gave."""
        teachers = [_TEACHERS[kind].from_state(state.part(kind)) for kind in state.facts["teachers"]]
        levels = (state.arrays["mean"], state.arrays["spread"])
        return cls(state.arrays["weights"], state.arrays["bias"], teachers, levels)

    def _learnt(
        self, blocks: Sequence[Block], targets: Rows, weights: Rows, lesson: Lesson
    ) -> tuple[Rows, Rows]:
        power = {"none": _POWER, "weights": _WEIGHTED}.get(lesson.balance)
        if power is not None:  # rare genres count a little more from the start
            weights = class_weights(targets, power)
        return super()._learnt(blocks, targets, weights, lesson)

    def _told(self, plots: Plots) -> Rows:
        """(B, K G): the scores of K teachers side by side."""
        found = [teacher.scores(plots) for teacher in self.teachers]
        return np.hstack(found).astype(np.float32) if found else np.zeros((len(plots), 0), np.float32)

    def _blocks(self, plots: Plots) -> list[Block]:
        scores = (self._told(plots) - self._mean) / self._spread
        return [np.hstack([scaled(plots.vectors) * _COLUMN, scores * _SCORE]).astype(np.float32)]


def teachers_of(plots: Plots, targets: Rows, lesson: Lesson) -> tuple[Linear, ...]:
    """One of vectors and, where a plot has words, one of words, each taught plots of several genres."""
    kinds: list[type[Linear]] = [BertHead, *([WordLogistic] if any(plots.texts) else [])]
    made = tuple(kind() for kind in kinds)
    for teacher in made:
        teacher.fit(plots, targets, lesson)
    return made
