"""Two models that learnt alone and vote: one knows words, one the encoder's vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np

from indexer.predictors.genre.classifier import Classifier, Lesson
from indexer.predictors.genre.linear import WordLogistic
from indexer.predictors.genre.neural import Network
from indexer.predictors.genre.plots import Plots, Rows, State

_MEMBERS: dict[str, type[Classifier]] = {kind.kind: kind for kind in (WordLogistic, Network)}


class Committee(Classifier):
    """The sum of the scores of logistic regression over words and a network with a hidden layer over vectors.

    Where plots have no words, or no vectors, the other decides alone.
    """

    kind = "committee"

    def __init__(self, members: Sequence[Classifier] = ()) -> None:
        self.members = tuple(members)

    def fit(self, plots: Plots, targets: Rows, lesson: Lesson) -> None:
        """Each learns on its own: of two that learn together each leaves to the other what both can tell."""
        kinds: list[type[Classifier]] = [WordLogistic] if any(plots.texts) else []
        if plots.vectors.shape[1] or not kinds:
            kinds.append(Network)
        self.members = tuple(kind() for kind in kinds)
        for member in self.members:
            member.fit(plots, targets, lesson)

    def scores(self, plots: Plots) -> Rows:
        """(B, G)."""
        total: Rows = np.sum([member.scores(plots) for member in self.members], axis=0, dtype=np.float32)
        return total

    def state(self) -> State:
        """All members'."""
        own = State({}, {"members": [member.kind for member in self.members]})
        for member in self.members:
            own |= member.state().within(member.kind)
        return own

    @classmethod
    def from_state(cls, state: State) -> Self:
        """What ``state`` gave."""
        return cls([_MEMBERS[kind].from_state(state.part(kind)) for kind in state.facts["members"]])
