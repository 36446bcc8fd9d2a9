"""The one interface of all models of genre."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Self

from indexer.predictors.genre.balance import Balance
from indexer.predictors.genre.plots import Plots, Rows, State


@dataclass(frozen=True)
class Lesson:
    """How to learn: each plot has exactly one genre (exclusive) or several; what is done about rare ones."""

    exclusive: bool = True
    balance: Balance = "none"  # of exclusive genres alone
    seed: int = 7


class Classifier(ABC):
    """Plots to raw scores, (B, G): the higher the likelier; ``Calibration`` makes probabilities of them."""

    kind: ClassVar[str]
    slow: ClassVar[bool] = False  # takes minutes where others take seconds: learns once, and not from all

    @abstractmethod
    def fit(self, plots: Plots, targets: Rows, lesson: Lesson) -> None:
        """Learn from N plots with targets (N, G) of 0 and 1. Forgets what it learnt before."""

    @abstractmethod
    def scores(self, plots: Plots) -> Rows:
        """(B, G) float32; the same for a plot alone and in a batch, up to rounding."""

    @abstractmethod
    def state(self) -> State:
        """All that ``from_state`` needs."""

    @classmethod
    @abstractmethod
    def from_state(cls, state: State) -> Self:
        """What ``state`` gave."""
