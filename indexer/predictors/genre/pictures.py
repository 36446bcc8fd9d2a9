"""Pictures of what ``reports`` looked at. Imports Matplotlib: to be imported late."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from indexer.predictors.genre.reports import Looked

_WIDE, _DPI = 10.0, 90
_CURVES = 8  # the commonest genres, one colour each
_CLOUDS = 9


def draw(found: Looked, folder: Path) -> list[Path]:
    """Classes, confusion, curves, distribution, years, words and imbalance as PNG, where there are data."""
    made = {
        "classes": _classes(found),
        "confusion": _confusion(found),
        "curves": _curves(found),
        "distribution": _distribution(found),
        "years": _years(found),
        "words": _clouds(found),
        "imbalance": _imbalance(found),
    }
    return [_saved(figure, folder / f"{name}.png") for name, figure in made.items() if figure is not None]


def _saved(figure: Figure, path: Path) -> Path:
    FigureCanvasAgg(figure)
    figure.savefig(path, dpi=_DPI)
    return path


def _figure(height: float, columns: int = 1, rows: int = 1) -> tuple[Figure, list[Axes]]:
    figure = Figure(figsize=(_WIDE, height), layout="constrained")
    return figure, list(np.ravel(figure.subplots(rows, columns)))


def _bars(axis: Axes, names: list[str], values: list[float], title: str) -> None:
    places = np.arange(len(names))
    axis.barh(places, values, color="#4878a8")
    axis.set_yticks(places, names)
    axis.invert_yaxis()
    axis.set_title(title)
    axis.grid(axis="x", alpha=0.3)


def _classes(found: Looked) -> Figure:
    lines = sorted(found.tables["classes"], key=lambda line: -line["support"])
    figure, (axis,) = _figure(1.2 + 0.3 * len(lines))
    names = [f"{line['genre']} ({line['support']})" for line in lines]
    _bars(
        axis, names, [line["f1"] or 0.0 for line in lines], "F1 of each genre (held-out plots that have it)"
    )
    axis.set_xlim(0, 1)
    return figure


def _distribution(found: Looked) -> Figure:
    lines = found.tables["distribution"]
    figure, (axis,) = _figure(1.2 + 0.3 * len(lines))
    _bars(axis, [line["genre"] for line in lines], [line["plots"] for line in lines], "Plots of each genre")
    return figure


def _confusion(found: Looked) -> Figure:
    size = max(5.0, 2.0 + 0.36 * len(found.labels))
    figure = Figure(figsize=(size + 1, size), layout="constrained")
    axis = figure.subplots()
    image = axis.imshow(found.mixed, cmap="Blues", vmin=0, vmax=1)
    places = np.arange(len(found.labels))
    axis.set_xticks(places, found.labels, rotation=90)
    axis.set_yticks(places, found.labels)
    axis.set_xlabel("guessed")
    axis.set_ylabel("true")
    axis.set_title("Of each genre's plots the share that was guessed as...")
    figure.colorbar(image, shrink=0.7)
    return figure


def _curves(found: Looked) -> Figure:
    """Precision over recall, and true over false positives, of the genres with the most held-out plots."""
    from sklearn.metrics import precision_recall_curve, roc_curve

    figure, (left, right) = _figure(4.6, columns=2)
    support = found.truth.sum(axis=0)
    colours = mpl.colormaps["tab10"]
    for number, column in enumerate(np.argsort(-support)[:_CURVES]):
        truth, chances = found.truth[:, column], found.chances[:, column]
        if not truth.any() or truth.all():
            continue
        named: dict[str, Any] = {"label": found.labels[column], "color": colours(number), "linewidth": 1.3}
        precision, recall, _ = precision_recall_curve(truth, chances)
        left.plot(recall, precision, **named)
        false, true, _ = roc_curve(truth, chances)
        right.plot(false, true, **named)
    right.plot([0, 1], [0, 1], color="grey", linestyle=":", linewidth=1)
    _labelled(left, "recall", "precision", "Precision and recall")
    _labelled(right, "false positives", "true positives", "ROC")
    right.legend(fontsize=8, loc="lower right")
    return figure


def _labelled(axis: Axes, across: str, up: str, title: str) -> None:
    axis.set_xlabel(across)
    axis.set_ylabel(up)
    axis.set_title(title)
    axis.set_xlim(0, 1)
    axis.set_ylim(0, 1.02)
    axis.grid(alpha=0.3)


def _years(found: Looked) -> Figure | None:
    lines = found.tables["years"]
    if len(lines) < 2:
        return None
    figure, (axis,) = _figure(4.8)
    colours = mpl.colormaps["tab10"]
    for number, top in enumerate(found.tables["distribution"][:_CURVES]):
        shares = [100 * line[top["genre"]] for line in lines]
        axis.plot(
            [line["decade"] for line in lines], shares, marker="o", color=colours(number), label=top["genre"]
        )
    axis.set_ylabel("% of the decade's plots")
    first, last = lines[0], lines[-1]
    span = f"{first['plots']:,} plots of the {first['decade']}s to {last['plots']:,} of the {last['decade']}s"
    axis.set_title(f"Genres by decade ({span})")
    axis.grid(alpha=0.3)
    axis.legend(fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return figure


def _clouds(found: Looked) -> Figure | None:
    from wordcloud import WordCloud

    common = [line["genre"] for line in found.tables["distribution"] if found.words.get(line["genre"])][
        :_CLOUDS
    ]
    if not common:
        return None
    figure, axes = _figure(7.5, columns=3, rows=3)
    for axis in axes:
        axis.set_axis_off()
    font = str(Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf")
    for axis, genre in zip(axes, common, strict=False):
        cloud = WordCloud(
            width=420,
            height=280,
            background_color="white",
            font_path=font,
            random_state=7,
            colormap="viridis",
        )
        axis.imshow(cloud.generate_from_frequencies(found.words[genre]).to_array(), interpolation="bilinear")
        axis.set_title(genre)
    return figure


def _imbalance(found: Looked) -> Figure | None:
    lines = found.tables["imbalance"]
    if not lines:
        return None
    figure, (left, right) = _figure(4.2, columns=2)
    _grouped(left, lines, "accuracy", "Accuracy")
    _grouped(right, lines, "macro_f1", "Macro F1")
    right.legend(fontsize=8)
    return figure


def _grouped(axis: Axes, lines: list[dict[str, Any]], figure: str, title: str) -> None:
    models, ways = (list(dict.fromkeys(line[name] for line in lines)) for name in ("model", "balance"))
    value: Callable[[str, str], float] = lambda model, way: next(  # noqa: E731 - read once, below
        line[figure] for line in lines if (line["model"], line["balance"]) == (model, way)
    )
    for number, way in enumerate(ways):
        places = np.arange(len(models)) + 0.2 * (number - 1.5)
        axis.bar(places, [value(model, way) for model in models], 0.18, label=way)
    axis.set_xticks(np.arange(len(models)), models, fontsize=8)
    axis.set_title(title)
    axis.grid(axis="y", alpha=0.3)
