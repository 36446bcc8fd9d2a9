"""Training the model that serves: several genres from overviews and, where there are rows of one, that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from indexer.errors import InputError
from indexer.predictors.genre import material
from indexer.predictors.genre.classifier import Lesson
from indexer.predictors.genre.committee import Committee
from indexer.predictors.genre.linear import BertHead
from indexer.predictors.genre.material import Material
from indexer.predictors.genre.metrics import (
    accuracy,
    calibration_error,
    f1,
    label_calibration_error,
    macro_f1,
    only,
)
from indexer.predictors.genre.model import SIX, GenreModel
from indexer.predictors.genre.plots import Rows
from indexer.predictors.genre.taught import Taught, teachers_of
from indexer.predictors.genre.thresholds import crossed, fitted_threshold, fitted_thresholds
from indexer.predictors.genre.trained import Trained, train
from indexer.progress import Progress
from indexer.settings import Settings

if TYPE_CHECKING:
    from indexer.catalog.catalog import Catalog
    from indexer.overviews.cache import TextEncoder
    from indexer.predictors.genre.rows import GenreRows
    from indexer.predictors.genre.twins import HeldOut


@dataclass(frozen=True)
class Beside:
    """What else there is: rows of a file with one genre each, the encoder for them, films to leave out."""

    rows: GenreRows | None = None
    encoder: TextEncoder | None = None
    without: HeldOut | None = None


def train_genre(
    catalog: Catalog,
    ids: NDArray[np.int64],
    vectors: Rows,
    settings: Settings | None = None,
    progress: Progress | None = None,
    beside: Beside | None = None,
) -> GenreModel:
    """Learns from every title that has a plot vector and genres; ids (N,), vectors (N, D).

    A fifth is held out for the figures of ``report``, then all are learnt from. Raises InputError where there
    are rows and no encoder (the one that made the vectors).
    """
    settings, progress = settings or Settings(), progress or Progress.silent()
    beside = beside or Beside()
    known = material.from_catalog(catalog, ids, vectors, beside.without)
    progress.say(f"genres: {len(known):,} plots, {len(known.labels)} genres")
    several = train_several(known, settings.seed)
    taught_by: dict[str, Any] = {"catalogue": known.to_json()}
    quality: dict[str, Any] = {"several": several_quality(several, known)}
    one = None
    if beside.rows is not None:
        single = material.from_rows(beside.rows.rows, _needed(beside.encoder))
        progress.say(f"genres: {len(single):,} rows of one genre, {len(single.labels)} genres")
        one = train_one(known, single, settings.seed)
        taught_by["rows"] = single.to_json() | beside.rows.to_json()
        quality["one"] = one_quality(one, single)
    report = _report(known, quality["several"]) | {"taught_by": taught_by, "quality": quality}
    return GenreModel.of(several, one, report, settings.overviews)


def train_several(known: Material, seed: int) -> Trained:
    """The model of several genres; where no plot has a text, over vectors alone."""
    kind = Committee if len(known) else BertHead  # of no plots there is nothing to build a network for
    return train(kind, known.plots, known.targets, known.labels, Lesson(exclusive=False, seed=seed))


def train_one(known: Material, single: Material, seed: int) -> Trained:
    """The model of one genre, taught by ones of several that learn from the overviews."""
    teachers = teachers_of(known.plots, known.targets, Lesson(exclusive=False, seed=seed))
    return train(
        lambda: Taught(teachers=teachers), single.plots, single.targets, single.labels, Lesson(seed=seed)
    )


def several_quality(several: Trained, known: Material) -> dict[str, Any]:
    """On the held-out fifth: F1 at thresholds fitted on its one half for the other, and ECE over the labels.

    threshold: the one for all labels with the best micro F1; thresholds: each label's own.
    """
    if several.held is None or not len(several.held[0]):
        return {}
    places, chances = several.held
    truth = known.targets[places] > 0
    micro, macro = f1(truth, crossed(chances, truth, known.labels))
    error = label_calibration_error(truth, chances)
    return {
        "held_out": len(places),
        "micro_f1": round(micro, 4),
        "macro_f1": round(macro, 4),
        "ece": round(error, 4),
        "threshold": fitted_threshold(chances, truth),
        "thresholds": fitted_thresholds(chances, truth, known.labels),
    }


def one_quality(one: Trained, single: Material) -> dict[str, Any]:
    """On the held-out fifth: over all genres and over the six, were no other possible."""
    if one.held is None or not len(one.held[0]):
        return {}
    places, chances = one.held
    truth = single.targets[places].argmax(axis=1)
    found: dict[str, Any] = {"held_out": len(places), **exclusive_figures(truth, chances)}
    if (six := six_of(one.labels)) is not None and (among := np.isin(truth, six)).any():
        found["six"] = exclusive_figures(*of_six(truth[among], chances[among], six))
        found["six"]["held_out"] = int(among.sum())
    return found


def six_of(labels: tuple[str, ...]) -> list[int] | None:
    """The columns of the six in their order; None where one is lacking."""
    known = {label.lower(): column for column, label in enumerate(labels)}
    return [known[name] for name in SIX] if all(name in known for name in SIX) else None


def of_six(truth: NDArray[np.int64], chances: Rows, six: list[int]) -> tuple[NDArray[np.int64], Rows]:
    """Truth and chances of rows that are of one of the six, as places among them."""
    place = {column: number for number, column in enumerate(six)}
    return np.array([place[int(column)] for column in truth], np.int64), only(chances, six)


def exclusive_figures(truth: NDArray[np.int64], chances: Rows) -> dict[str, Any]:
    """Accuracy, macro F1 and ECE."""
    return {
        "accuracy": round(accuracy(truth, chances), 4),
        "macro_f1": round(macro_f1(truth, chances), 4),
        "ece": round(calibration_error(truth, chances), 4),
    }


def _report(known: Material, quality: dict[str, Any]) -> dict[str, Any]:
    """The figures as earlier builds gave them."""
    names = ("held_out", "threshold", "micro_f1", "macro_f1")
    return {"titles": len(known), **{name: quality[name] for name in names if name in quality}}


def _needed(encoder: TextEncoder | None) -> TextEncoder:
    if encoder is None:
        raise InputError("rows of a file need the encoder that made the overviews' vectors")
    return encoder
