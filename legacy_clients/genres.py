"""Genres of a plot, and the model that says them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from indexer.errors import IndexUnusable
from indexer.layout import MEND
from legacy_clients.asked import AskedGenres, AskedSix, Nothing
from legacy_clients.language import language_of
from legacy_clients.said import Genres, Model, ModelAnswer, Six

if TYPE_CHECKING:
    from indexer.index import Index
    from indexer.overviews.encoder import Encoder
    from indexer.predictors.genre import GenreModel

_LIKELY = 0.5  # where a model's report names no threshold of its own


def six(index: Index, asked: AskedSix) -> Six:
    """How a plot divides over the six genres of the original, were it of exactly one of them."""
    model, encoder = predictor(index)
    shares = model.six([asked.processed_description], encoder)[0].tolist()
    return Six(probabilities={str(number): float(share) for number, share in enumerate(shares)})


def genres(index: Index, asked: AskedGenres) -> Genres:
    """Every genre's own probability."""
    model, encoder = predictor(index)
    found = model.predict([asked.description], encoder)[0]
    thresholds = model.thresholds
    return Genres(
        probabilities={name: round(min(1.0, max(0.0, float(share))), 4) for name, share in found.items()},
        likely=[name for name, share in found.items() if share > thresholds[name]],
        threshold=threshold_of(model),
        thresholds=thresholds,
        language=language_of(asked.description),
        model=described(index, model),
    )


def model(index: Index, _: Nothing) -> ModelAnswer:
    """Which model serves."""
    return ModelAnswer(model=described(index, predictor(index)[0]))


def predictor(index: Index) -> tuple[GenreModel, Encoder]:
    """The build's genre model and what reads plots for it. Raises IndexUnusable where it has none."""
    model, encoder = index.genre, index.encoder
    if model is None or encoder is None:
        raise IndexUnusable(f"this index has no genre model: {MEND}")
    return model, encoder


def threshold_of(model: GenreModel) -> float:
    """The one threshold that would serve all genres best; the model's own differ by genre."""
    said = model.report.get("threshold")
    return float(said) if isinstance(said, int | float) and 0 <= said <= 1 else _LIKELY


def described(index: Index, model: GenreModel) -> Model:
    """The model with what the build's manifest says of it."""
    manifest = index.manifest
    return Model(
        summary=_summary(model.report, manifest),
        genres=list(model.labels),
        encoder=index.settings.overviews.encoder.rsplit("/", 1)[-1],
        report=model.report,
        build=str(manifest.get("id", index.directory.name)),
        built=str(manifest.get("started", "")),
        sources=sorted(manifest.get("sources", {})),
    )


def _summary(report: dict[str, Any], manifest: dict[str, Any]) -> str:
    """ "Trained on 120 plots of build 20261130...; micro F1 0.50, macro F1 0.26 on 24 that were held out."

    Where rows of one genre taught the model that divides over the six, the figures are of that.
    """
    six = report.get("quality", {}).get("one", {}).get("six")
    scores = _scores(six or report)
    held = (six or report).get("held_out")
    where = f" on {held:,} that were held out" if isinstance(held, int) else " on held-out ones"
    of_six = "of the six " if six else ""
    said = f"Trained on {_taught(report)} of build {manifest.get('id', '?')}"
    return f"{said}; {of_six}{', '.join(scores)}{where}." if scores else f"{said}."


def _taught(report: dict[str, Any]) -> str:
    """ "44,751 plots and 2,096 single-genre rows"."""
    plots = f"{report['titles']:,} plots" if isinstance(report.get("titles"), int) else "plots"
    rows = report.get("taught_by", {}).get("rows", {}).get("plots")
    return f"{plots} and {rows:,} single-genre rows" if isinstance(rows, int) else plots


def _scores(figures: dict[str, Any]) -> list[str]:
    return [
        f"{name.replace('_', ' ').replace('f1', 'F1')} {value:.2f}"
        for name, value in figures.items()
        if name in ("micro_f1", "macro_f1", "accuracy") and isinstance(value, int | float)
    ]
