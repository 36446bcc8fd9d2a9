"""The judges that are part of the package: one trained on everything, five that each left out a fold."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Self

import numpy as np

from assistant.confidence.folds import FOLDS, fold_of
from assistant.confidence.signals import GROUPS, NAMES, Signals
from assistant.confidence.trees import Floats, Trees, chances
from indexer.errors import InputError

WEIGHTS = "weights.json"
COLUMNS = (*NAMES, *(f"group {name}" for name in GROUPS))


def matrix(signals: Iterable[Signals]) -> Floats:
    """Signals as rows [N, F] in the order of COLUMNS."""
    rows = [[*item.values(), *(float(item.group == name) for name in GROUPS)] for item in signals]
    return np.asarray(rows, dtype=np.float64).reshape(-1, len(COLUMNS))


@dataclass(frozen=True)
class Model:
    """A judge: trees over the signals of the groups it learned; elsewhere it believes the resolver."""

    trees: Trees
    learned: frozenset[str]

    def chance(self, signals: Signals, question: str = "") -> float:  # noqa: ARG002 - as a Judge
        """0-1, that what the signals were taken from is right."""
        if signals.group not in self.learned:
            return signals.estimate
        return float(chances(self.trees.odds(matrix([signals])))[0])


@dataclass(frozen=True)
class CrossFitted:
    """A judge of the five models; each is asked about the questions of the fold it was not trained on."""

    models: tuple[Model, ...]

    def chance(self, signals: Signals, question: str) -> float:
        """0-1, by a model that never saw the question."""
        return self.models[fold_of(question)].chance(signals)


@dataclass(frozen=True)
class Weights:
    """What training gives: ``whole`` of all rows, ``folds`` each without one fold.

    ``learned``: the groups with enough rows; ``about``: what it was trained on.
    """

    whole: Trees
    folds: tuple[Trees, ...]
    learned: frozenset[str]
    about: Mapping[str, Any]

    def judge(self) -> Model:
        """Of all rows."""
        return Model(self.whole, self.learned)

    def judges(self) -> CrossFitted:
        """Of the folds."""
        return CrossFitted(tuple(Model(trees, self.learned) for trees in self.folds))

    def to_json(self) -> dict[str, Any]:
        """As in the file of weights."""
        return {
            "about": dict(self.about),
            "learned": sorted(self.learned),
            "signals": list(COLUMNS),
            "whole": self.whole.to_json(),
            "folds": [trees.to_json() for trees in self.folds],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Raises InputError where the weights are of other signals or of another number of folds."""
        _check(data["signals"], data["folds"])
        folds = tuple(Trees.from_json(held) for held in data["folds"])
        return cls(Trees.from_json(data["whole"]), folds, frozenset(data["learned"]), data["about"])


def _check(names: Sequence[str], folds: Sequence[object]) -> None:
    changed = sorted(set(names) ^ set(COLUMNS))
    if changed or list(names) != list(COLUMNS):
        raise InputError(
            f"the confidence weights are of other signals ({', '.join(changed) or 'another order'}): "
            "train them again with `python -m assistant confidence`"
        )
    if len(folds) != FOLDS:
        raise InputError(f"the confidence weights have {len(folds)} folds, not {FOLDS}: train them again")


@functools.cache
def _weights() -> Weights:
    text = files("assistant.confidence").joinpath(WEIGHTS).read_text(encoding="utf-8")
    return Weights.from_json(json.loads(text))


@functools.cache
def shipped() -> Model:
    """The judge used by default. Raises InputError where the package's weights are of other signals."""
    return _weights().judge()


@functools.cache
def cross_fitted() -> CrossFitted:
    """The judge to measure with on the sets that the weights were trained on."""
    return _weights().judges()
