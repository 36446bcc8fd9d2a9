"""Rows of signals and outcomes -> the weights of the package."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.confidence.boosting import Boosting, fit, joined
from assistant.confidence.folds import FOLDS
from assistant.confidence.model import COLUMNS, Weights, matrix
from assistant.confidence.signals import Signals
from assistant.confidence.trees import Floats, Trees
from indexer.errors import InputError

PLOTS = "plots/plots"  # only measured
SETS = ("nq_roles_dev", "efficientqa_roles_dev", "moviesf_train", "mintaka_movies_train")
LEAST = 200  # rows; fewer say nothing
LEAST_OF_GROUP = 40  # a group with fewer keeps the resolver's own estimate
UNLEARNED = frozenset(
    {"chain", "chart", "plot", "similar"}
)  # the sets ask for few of them, and seldom what was read
_RAISES = frozenset(
    (
        "estimate weight title_quality title_exact title_margin title_whole match match_exact rival_margin "
        "person_quality person_margin"
    ).split()
)
_LOWERS = frozenset("topic unread unread_number title_missing no_work tied".split())
_SEEDS = (7, 8)  # models that are averaged


@dataclass(frozen=True, slots=True)
class Row:
    """One finding as it was judged: of which set and fold its question is, and whether it was right."""

    set: str
    fold: int
    signals: Signals
    right: bool

    def to_json(self) -> dict[str, Any]:
        """As a line of a file of rows; holds no text."""
        return {"set": self.set, "fold": self.fold, "right": self.right, "signals": self.signals.to_json()}


def read_rows(path: Path) -> list[Row]:
    """The rows of a JSONL file. Raises InputError where the file or a line is not one of rows."""
    if not path.is_file():
        raise InputError(
            f"there are no rows at {path}: write them with `python -m evals run confidence --out`"
        )
    return [_row(line, path, place) for place, line in _lines(path)]


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    for place, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            yield place, line


def _row(line: str, path: Path, place: int) -> Row:
    try:
        held = json.loads(line)
        fold = int(held["fold"])
        if not 0 <= fold < FOLDS:
            raise InputError(f"fold {fold} is not one of 0 to {FOLDS - 1}")
        return Row(str(held["set"]), fold, Signals.from_json(held["signals"]), bool(held["right"]))
    except (ValueError, KeyError, TypeError) as error:  # InputError and json's errors are ValueErrors
        raise InputError(f"{path}, line {place}: not a row of signals ({error})") from error


def train(rows: Sequence[Row]) -> Weights:
    """Weights from the rows of SETS: one model of all of them, five that each leave out a fold.

    Raises InputError where fewer than 200 rows are of these sets.
    """
    kept = [row for row in rows if row.set in SETS]
    if len(kept) < LEAST:
        raise InputError(f"{len(kept)} rows are too few to train on: at least {LEAST} of {', '.join(SETS)}")
    X = matrix(row.signals for row in kept)
    right = np.asarray([row.right for row in kept], dtype=np.float64)
    fold = np.asarray([row.fold for row in kept])
    folds = tuple(_model(X[fold != left_out], right[fold != left_out]) for left_out in range(FOLDS))
    groups = Counter(row.signals.group for row in kept)
    learned = frozenset(group for group, count in groups.items() if count >= LEAST_OF_GROUP) - UNLEARNED
    about = {"rows": Counter(row.set for row in kept), "right": round(float(right.mean()), 4)}
    return Weights(_model(X, right), folds, learned, about)


def _model(X: Floats, right: Floats) -> Trees:
    """The mean of a few models that differ in their seed."""
    grown = [fit(X, right, directions(), Boosting(seed=seed)) for seed in _SEEDS]
    return joined(grown, grown[0].start, 1 / len(grown))


def directions() -> NDArray[np.int64]:
    """[F]: 1 for a signal that may only raise the chance, -1 only lower it, 0 either."""
    return np.asarray([(name in _RAISES) - (name in _LOWERS) for name in COLUMNS], dtype=np.int64)


def out_of_fold(weights: Weights, rows: Sequence[Row]) -> list[float]:
    """The chance of each row by the model that left its fold out."""
    models = weights.judges().models
    return [models[row.fold].chance(row.signals) for row in rows]
