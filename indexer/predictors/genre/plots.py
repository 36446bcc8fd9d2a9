"""Plots as models of genre take them, and what a trained model is written down as."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.errors import ShapeError
from indexer.predictors.genre.preprocessing import stems

Rows = NDArray[np.float32]


@dataclass(frozen=True)
class Plots:
    """B texts, cleaned, beside the encoder's vectors of them, (B, D); (B, 0) where nothing encoded them."""

    texts: Sequence[str]
    vectors: Rows
    # Of texts met before, shared by all that were taken from the same plots: stemming is most of the work.
    _stemmed: dict[str, list[str]] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.vectors.ndim != 2 or len(self.vectors) != len(self.texts):
            raise ShapeError(f"{len(self.texts)} plots with vectors {self.vectors.shape}, expected (B, D)")

    def __len__(self) -> int:
        return len(self.texts)

    def take(self, places: NDArray[np.int64] | Sequence[int]) -> Plots:
        """Those at some places, in that order."""
        texts = [self.texts[place] for place in places]
        return Plots(texts, self.vectors[np.asarray(places, dtype=int)], self._stemmed)

    def stems(self) -> list[list[str]]:
        """The stems of each text in order, without stop words."""
        for text in self.texts:
            if text not in self._stemmed:
                self._stemmed[text] = stems(text)
        return [self._stemmed[text] for text in self.texts]

    @classmethod
    def only_texts(cls, texts: Sequence[str]) -> Plots:
        """Without vectors."""
        return cls(texts, np.zeros((len(texts), 0), np.float32))


@dataclass(frozen=True)
class State:
    """A trained model as arrays (safetensors) and facts (JSON); of parts within it by prefix."""

    arrays: dict[str, NDArray[Any]] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)

    def within(self, prefix: str) -> State:
        """This one as a part of another: every name begins with ``prefix`` and a slash."""
        return State(
            {f"{prefix}/{name}": array for name, array in self.arrays.items()},
            {f"{prefix}/{name}": fact for name, fact in self.facts.items()},
        )

    def part(self, prefix: str) -> State:
        """The part that ``within`` put there."""
        start = f"{prefix}/"
        return State(
            {name.removeprefix(start): a for name, a in self.arrays.items() if name.startswith(start)},
            {name.removeprefix(start): fact for name, fact in self.facts.items() if name.startswith(start)},
        )

    def __or__(self, other: State) -> State:
        return State(self.arrays | other.arrays, self.facts | other.facts)
