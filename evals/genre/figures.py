"""Figures of genre with their intervals, as lines of a table."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from evals.stats import ROUNDS, SEED, share
from evals.tables import NO_BAR, Bar, Line
from indexer.predictors.genre.metrics import accuracy, calibration_error, f1, macro_f1

Rows = NDArray[np.float32]
Places = NDArray[np.int64]
Flags = NDArray[np.bool_]
ENOUGH = 100  # rows of a label by which its F1 can be told
_ROUNDS = ROUNDS // 10  # of what is slow to draw again


def interval(figure: Callable[[NDArray[np.int64]], float], count: int) -> tuple[float, float]:
    """The 95 % interval of a figure of drawn rows, by the bootstrap over ``count`` rows; per cent."""
    draw = np.random.default_rng(SEED)
    drawn = [100 * figure(draw.integers(0, count, count)) for _ in range(_ROUNDS)] if count else [0.0]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return float(low), float(high)


def accuracy_line(what: str, truth: Places, chances: Rows, bar: Bar = NO_BAR, note: str = "") -> Line:
    """The share of rows whose likeliest genre is the true one."""
    return Line(what, share((chances.argmax(axis=1) == truth).tolist()), bar=bar, note=note)


def macro_line(what: str, truth: Places, chances: Rows, bar: Bar = NO_BAR) -> Line:
    """Macro F1 over exclusive genres, in per cent."""
    low, high = interval(lambda rows: macro_f1(truth[rows], chances[rows]), len(truth))
    value = 100 * macro_f1(truth, chances)
    return Line(what, round(value, 1), "", bar, note=f"[{low:.1f}, {high:.1f}] of {len(truth)}")


def error_line(what: str, truth: Places, chances: Rows, bar: Bar = NO_BAR) -> Line:
    """ECE of the likeliest genre."""
    return Line(what, round(calibration_error(truth, chances), 3), "", bar)


def label_lines(
    what: str, truth: Flags, guess: Flags, micro: Bar = NO_BAR, macro: Bar = NO_BAR
) -> list[Line]:
    """Micro and macro F1 of several labels a row, in per cent.

    Macro F1 is told twice: over the labels that ENOUGH of the rows have, which is held against the bar, and
    over all, where labels of a handful of rows weigh as much as the others and make it a matter of luck.
    """
    common = truth.sum(axis=0) >= ENOUGH
    named = f"{what}: macro F1 of the {common.sum()} genres of {ENOUGH} films or more"
    return [
        _label_line(f"{what}: micro F1", truth, guess, 0, micro),
        _label_line(named, truth[:, common], guess[:, common], 1, macro),
        _label_line(f"{what}: macro F1 of all {truth.shape[1]}", truth, guess, 1, NO_BAR),
    ]


def _label_line(what: str, truth: Flags, guess: Flags, place: int, bar: Bar) -> Line:
    low, high = interval(lambda rows: f1(truth[rows], guess[rows])[place], len(truth))
    value = round(100 * f1(truth, guess)[place], 1)
    return Line(what, value, "", bar, note=f"[{low:.1f}, {high:.1f}] of {len(truth)}")


def summary(truth: Places, chances: Rows) -> str:
    """Accuracy / macro F1 in per cent, for the table of all models."""
    return f"{100 * accuracy(truth, chances):.1f}/{100 * macro_f1(truth, chances):.1f}"
