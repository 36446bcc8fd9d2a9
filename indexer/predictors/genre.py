"""Genres from a plot: one logistic regression per genre over the overview vector."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from indexer.errors import FormatMismatch, ShapeError
from indexer.progress import Progress
from indexer.settings import OverviewSettings, Settings

if TYPE_CHECKING:
    from indexer.catalog.catalog import Catalog
    from indexer.overviews.encoder import Encoder

Rows = NDArray[np.float32]
FORMAT = 1
SIX = ("drama", "documentary", "comedy", "horror", "action", "western")
# Of the squared weights over all rows together. A choice made in development: among nine penalties from 1 to
# 800, the one that did best on a held-out fifth of 8,000 overviews; no measure of how good a model is.
_PENALTY = 100.0
_FEWEST = 2  # titles a genre needs before it is learnt
_STEPS = 200
_FLOOR = 1e-6


class GenreModel:
    """Probabilities of genres; several may be likely at once. Inference is a matrix product."""

    def __init__(
        self,
        labels: Sequence[str],
        weights: Rows,
        bias: Rows,
        report: Mapping[str, Any] | None = None,
        overviews: OverviewSettings | None = None,
    ) -> None:
        if weights.shape != (weights.shape[0], len(labels)) or bias.shape != (len(labels),):
            raise ShapeError(f"{len(labels)} genres with weights {weights.shape} and bias {bias.shape}")
        self.labels = tuple(labels)
        self.report: dict[str, Any] = dict(report or {})
        self._weights, self._bias = weights, bias  # (D, G), (G,)
        self._overviews = overviews or OverviewSettings()
        self._encoder: Encoder | None = None

    def predict(self, plots: Sequence[str] | Rows, encoder: Encoder | None = None) -> list[dict[str, float]]:
        """For each plot the probability of every genre, likeliest first.

        plots: texts, or (B, D) vectors of them. encoder: what reads the texts; by default the build's.
        """
        found = self.probabilities(self._vectors(plots, encoder))
        named = [dict(zip(self.labels, row, strict=True)) for row in found.tolist()]
        return [dict(sorted(row.items(), key=lambda item: -item[1])) for row in named]

    def six(self, plots: Sequence[str] | Rows, encoder: Encoder | None = None) -> NDArray[np.float64]:
        """(B, 6), each row summing to 1: how plots divide over ``SIX``, were each of exactly one of them."""
        found = self.probabilities(self._vectors(plots, encoder)).astype(np.float64)
        known = {label.lower(): column for column, label in enumerate(self.labels)}
        chosen = np.full((len(found), len(SIX)), _FLOOR)
        for place, name in enumerate(SIX):
            if name in known:
                chosen[:, place] = np.clip(found[:, known[name]], _FLOOR, 1 - _FLOOR)
        odds = chosen / (1 - chosen)
        shares: NDArray[np.float64] = odds / odds.sum(axis=1, keepdims=True)
        return shares

    def probabilities(self, vectors: Rows) -> Rows:
        """(B, G) in 0..1, the columns in the order of ``labels``. Raises ShapeError for another width."""
        if vectors.ndim != 2 or vectors.shape[1] != self._weights.shape[0]:
            raise ShapeError(f"plot vectors {vectors.shape}, expected (B, {self._weights.shape[0]})")
        return _sigmoid(vectors @ self._weights + self._bias)

    def save(self, folder: Path) -> None:
        """Writes ``genre.safetensors`` and ``genre.json``."""
        from safetensors.numpy import save_file

        folder.mkdir(parents=True, exist_ok=True)
        save_file({"weights": self._weights, "bias": self._bias}, folder / "genre.safetensors")
        said = {
            "format": FORMAT,
            "labels": self.labels,
            "report": self.report,
            "overviews": dataclasses.asdict(self._overviews),
        }
        (folder / "genre.json").write_text(json.dumps(said, indent=1), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> GenreModel:
        """What ``save`` wrote. Raises FormatMismatch for anything else."""
        from safetensors import SafetensorError
        from safetensors.numpy import load_file

        try:
            said = json.loads((folder / "genre.json").read_text(encoding="utf-8"))
            if said["format"] != FORMAT:
                raise ValueError(f"format {said['format']}, expected {FORMAT}")
            state = load_file(folder / "genre.safetensors")
            overviews = OverviewSettings(**said["overviews"])
            return cls(said["labels"], state["weights"], state["bias"], said["report"], overviews)
        except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
            raise FormatMismatch(
                f"cannot read the genre model in {folder} ({error}): rebuild with python -m indexer build"
            ) from error

    def _vectors(self, plots: Sequence[str] | Rows, encoder: Encoder | None) -> Rows:
        if isinstance(plots, np.ndarray):
            return plots
        return (encoder or self._own_encoder()).encode(plots)

    def _own_encoder(self) -> Encoder:
        if self._encoder is None:
            from indexer.overviews.encoder import Encoder

            self._encoder = Encoder.open(self._overviews.encoder, Settings(overviews=self._overviews))
        return self._encoder


def train_genre(
    catalog: Catalog,
    ids: NDArray[np.int64],
    vectors: Rows,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> GenreModel:
    """Learns from every title that has a plot vector and genres; ids (N,), vectors (N, D).

    A fifth of the titles is held out for ``report`` (F1 over all genres), then all are learnt from.
    """
    settings, progress = settings or Settings(), progress or Progress.silent()
    if len(ids) != len(vectors):
        raise ShapeError(f"{len(ids)} ids and {len(vectors)} vectors")
    labels, rows, targets = _examples(catalog, ids, vectors)
    progress.say(f"genres: {len(rows):,} plots, {len(labels)} genres")
    report = _validated(rows, targets)
    weights, bias = fit(rows, targets)
    return GenreModel(labels, weights, bias, report, settings.overviews)


def fit(rows: Rows, targets: Rows) -> tuple[Rows, Rows]:
    """Weights (D, G) and bias (G,) of G logistic regressions over rows (N, D), targets (N, G) of 0 and 1.

    One convex problem solved by L-BFGS: all genres share each pass over the rows.
    """
    count, width = rows.shape
    genres = targets.shape[1]
    if not count or not genres:
        return np.zeros((width, genres), np.float32), np.zeros(genres, np.float32)
    from scipy.optimize import minimize

    scale = np.float32(np.sqrt(width))  # unit rows: columns of variance about 1
    scaled = rows * scale
    strength = np.float32(_PENALTY / count)

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat.reshape(width + 1, genres).astype(np.float32)
        scores = scaled @ weights[:-1] + weights[-1]  # (N, G)
        value = (np.logaddexp(0, scores) - targets * scores).sum(dtype=np.float64) / count
        slope = (_sigmoid(scores) - targets) / count
        gradient = np.vstack([scaled.T @ slope + strength * weights[:-1], slope.sum(axis=0)])
        penalty = 0.5 * float(strength) * float(np.square(weights[:-1], dtype=np.float64).sum())
        return float(value) + penalty, gradient.ravel().astype(np.float64)

    start = np.zeros((width + 1, genres))
    share = np.clip(targets.mean(axis=0), 1e-4, 1 - 1e-4)
    start[-1] = np.log(share / (1 - share))
    found = minimize(
        loss, start.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": _STEPS, "ftol": 1e-7}
    )
    solved = found.x.reshape(width + 1, genres).astype(np.float32)
    return np.ascontiguousarray(solved[:-1] * scale), np.ascontiguousarray(solved[-1])


def f1(truth: NDArray[np.bool_], guess: NDArray[np.bool_]) -> tuple[float, float]:
    """Micro and macro F1 of (N, G) labels; a genre neither held nor guessed is left out of the macro mean."""
    right = (truth & guess).sum(axis=0)
    named = truth.sum(axis=0) + guess.sum(axis=0)
    each = 2 * right[named > 0] / named[named > 0]
    return float(2 * right.sum() / max(1, named.sum())), float(each.mean()) if len(each) else 0.0


def _examples(catalog: Catalog, ids: NDArray[np.int64], vectors: Rows) -> tuple[list[str], Rows, Rows]:
    """Genres, rows (N, D) and targets (N, G) of the titles with genres."""
    titles = catalog.titles(ids.tolist())
    places = [place for place, i in enumerate(ids.tolist()) if i in titles and titles[i].genres]
    known = [titles[ids[place].item()].genres for place in places]
    counts: dict[str, int] = {}
    for genres in known:
        for genre in genres:
            counts[genre] = counts.get(genre, 0) + 1
    labels = sorted(genre for genre, count in counts.items() if count >= _FEWEST)
    columns = {genre: column for column, genre in enumerate(labels)}
    targets = np.zeros((len(places), len(labels)), dtype=np.float32)
    for row, genres in enumerate(known):
        targets[row, [columns[genre] for genre in genres if genre in columns]] = 1
    return labels, vectors[places], targets


def _validated(rows: Rows, targets: Rows) -> dict[str, Any]:
    """F1 on every fifth title, learnt from the others; the threshold comes from those it was learnt from."""
    held = np.arange(len(rows)) % 5 == 4
    if not held.any() or not targets.shape[1]:
        return {"titles": len(rows)}
    weights, bias = fit(rows[~held], targets[~held])
    learnt = _sigmoid(rows[~held] @ weights + bias)
    threshold = max((0.2, 0.25, 0.3, 0.35, 0.4, 0.5), key=lambda at: f1(targets[~held] > 0, learnt > at)[0])
    micro, macro = f1(targets[held] > 0, _sigmoid(rows[held] @ weights + bias) > threshold)
    return {
        "titles": len(rows),
        "held_out": int(held.sum()),
        "threshold": threshold,
        "micro_f1": round(micro, 4),
        "macro_f1": round(macro, 4),
    }


def _sigmoid(scores: Rows) -> Rows:
    found: Rows = 0.5 * (1 + np.tanh(0.5 * scores))
    return found
