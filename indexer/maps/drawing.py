"""One picture: dots in groups, a legend, the names of a few of the best known. Nothing opens a window."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from indexer.catalog.records import Title
from indexer.maps.fonts import drawable, families
from indexer.maps.groups import Group, Grouping
from indexer.vectors import Rows

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Annotation
    from matplotlib.transforms import Bbox

DPI = 160
_INCHES = (10.0, 6.8)
_AXES = (0.02, 0.06, 0.78, 0.85)  # left, bottom, width, height of the map in the picture
_INK, _QUIET, _PAPER = "#222222", "#777777", "#ffffff"
_PEOPLE = "#d5d5d5"
_LEAST_NAMED = 26  # size of a dot that is named, in square points
_MOST_NAMES, _LONGEST_NAME = 28, 48
_CELLS = 6  # the map is cut into so many rows and columns, that names are of all its parts
# Where a name may stand beside its dot, in points: (right, up, horizontal and vertical alignment).
_SIDES = (
    (6, 0, "left", "center"),
    (-6, 0, "right", "center"),
    (0, 6, "center", "bottom"),
    (0, -6, "center", "top"),
    (5, 5, "left", "bottom"),
    (-5, 5, "right", "bottom"),
    (5, -5, "left", "top"),
    (-5, -5, "right", "top"),
)


@dataclass(frozen=True)
class Places:
    """Where everything lies: (N, 2) titles, best known first, and (P, 2) people."""

    titles: Rows
    people: Rows


def picture(titles: Sequence[Title], places: Places, grouping: Grouping, heading: str, source: str) -> Figure:
    """The figure of one grouping; names are drawn as they are, not as formulas."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with rc_context({"font.family": list(families()), "font.size": 9, "text.parse_math": False}):
        figure = Figure(figsize=_INCHES, dpi=DPI, facecolor=_PAPER)
        FigureCanvasAgg(figure)
        axes = figure.add_axes(_AXES)
        _bare(axes)
        _dots(axes, places, grouping)
        _words(figure, axes, heading, source, grouping)
        _outline(axes, places, grouping, name_titles(axes, titles, places.titles))
    return figure


def _bare(axes: Axes) -> None:
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_facecolor("#fafafa")
    for side in axes.spines.values():
        side.set_color("#e2e2e2")


def _dots(axes: Axes, places: Places, grouping: Grouping) -> None:
    """People under titles, large groups under small ones."""
    if len(places.people):
        x, y = places.people.T
        axes.scatter(x, y, s=5, c=_PEOPLE, linewidths=0, label="people", zorder=1)
    size = _size(len(places.titles))
    labels = np.array(grouping.labels)
    for height, group in enumerate(sorted(grouping.groups, key=lambda group: -group.count), 2):
        edge = {"edgecolors": _PAPER, "linewidths": 0.04 * size**0.5 + 0.1}
        _scatter(
            axes, places.titles[labels == group.label], group, size, label=group.label, zorder=height, **edge
        )
    axes.margins(0.04)


def _outline(axes: Axes, places: Places, grouping: Grouping, named: Collection[int]) -> None:
    """The dots that are named once more, on top and with a dark edge."""
    size = max(_size(len(places.titles)), _LEAST_NAMED)
    for group in grouping.groups:
        at = [place for place in named if grouping.labels[place] == group.label]
        _scatter(axes, places.titles[at], group, size, edgecolors=_INK, linewidths=1.0, zorder=49)


def _scatter(axes: Axes, at: Rows, group: Group, size: float, **style: Any) -> None:
    x, y = at.T
    axes.scatter(x, y, s=size, c=group.colour, marker=group.marker, **style)


def _size(count: int) -> float:
    """Of a dot among so many, in square points."""
    return float(np.clip(30_000 / max(count, 1), 12, 70))


def _words(figure: Figure, axes: Axes, heading: str, source: str, grouping: Grouping) -> None:
    left = _AXES[0]
    figure.text(left, 0.95, heading, size=15, weight="bold", color=_INK)
    figure.text(left, 0.925, source, size=9, color=_QUIET, va="center")
    figure.text(left, 0.025, "Near means alike; the axes have no meaning of their own.", size=8, color=_QUIET)
    handles = {str(dots.get_label()): dots for dots in axes.collections}
    order = [group.label for group in grouping.groups] + ["people"] * ("people" in handles)
    counts = {group.label: f"{group.label}  ({group.count:,})" for group in grouping.groups}
    legend = axes.legend(
        [handles[label] for label in order],
        [counts.get(label, label) for label in order],
        title=grouping.meaning,
        loc="upper left",
        bbox_to_anchor=(1.015, 1.0),
        borderaxespad=0,
        frameon=False,
        labelcolor=_INK,
        alignment="left",
        labelspacing=0.75,
    )
    legend.get_title().set_color(_QUIET)
    for handle in legend.legend_handles:
        if handle is not None:
            handle.set(sizes=[55], linewidths=0.5)


def name_titles(axes: Axes, titles: Sequence[Title], at: Rows) -> dict[int, Annotation]:
    """Write the names of well-known titles from all over the map beside their dots, none over another.

    Returns them by the place of the title.
    """
    axes.figure.canvas.draw()  # places are known once drawn
    room = _Room(axes, at)
    named: dict[int, Annotation] = {}
    for place in _spread(at):
        text = label_of(titles[place])
        if drawable(text) and (note := room.written(text, place)):
            named[place] = note
        if len(named) == _MOST_NAMES:
            break
    return named


def label_of(title: Title) -> str:
    """A name on one line and of bearable length."""
    name = " ".join(title.name.split())
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1].rstrip()}…"


def _spread(at: Rows) -> Iterator[int]:
    """Places, best known first within a part of the map, the parts taking turns."""
    if not len(at):
        return
    low, high = at.min(0), at.max(0)
    cells = np.minimum(((at - low) / np.maximum(high - low, 1e-9) * _CELLS).astype(int), _CELLS - 1)
    turns: dict[tuple[int, int], int] = {}
    ranks = []
    for place, (column, row) in enumerate(cells.tolist()):
        turn = turns[column, row] = turns.get((column, row), -1) + 1
        ranks.append((turn, place))
    yield from (place for _, place in sorted(ranks))


class _Room:
    """What is taken on the map, in pixels."""

    def __init__(self, axes: Axes, at: Rows) -> None:
        from matplotlib.patheffects import withStroke

        self._axes, self._at = axes, at
        self._pixels = axes.transData.transform(at)  # (N, 2)
        self._radius = _size(len(at)) ** 0.5 / 2 * axes.figure.dpi / 72  # of a dot
        self._taken: list[Bbox] = []
        self._halo = [withStroke(linewidth=2.2, foreground=_PAPER)]

    def written(self, text: str, place: int) -> Annotation | None:
        """The name where it hides the fewest dots and no other name; ``None`` where there is no room."""
        found: list[tuple[int, int, Annotation, Bbox]] = []
        for order, side in enumerate(_SIDES):
            note = self._note(text, place, side)
            box = note.get_window_extent()
            if self._fits(box):
                found.append((self._hidden(box), order, note, box))
            else:
                note.remove()
        best = min(found, key=lambda each: each[:2], default=None)
        for each in found:
            if each is not best:
                each[2].remove()
        if best is None:
            return None
        self._taken.append(best[3])
        return best[2]

    def _note(self, text: str, place: int, side: tuple[int, int, str, str]) -> Annotation:
        right, up, across, along = side
        x, y = (float(number) for number in self._at[place])
        style: dict[str, Any] = {"size": 7.5, "color": _INK, "zorder": 50, "path_effects": self._halo}
        return self._axes.annotate(
            text,
            (x, y),
            (right, up),
            textcoords="offset points",
            ha=across,
            va=along,
            parse_math=False,
            **style,
        )

    def _fits(self, box: Bbox) -> bool:
        frame = self._axes.get_window_extent()
        inside = frame.x0 < box.x0 and box.x1 < frame.x1 and frame.y0 < box.y0 and box.y1 < frame.y1
        return inside and not any(box.padded(3).overlaps(other) for other in self._taken)

    def _hidden(self, box: Bbox) -> int:
        x, y = self._pixels.T
        box = box.padded(self._radius)
        return int(((box.x0 < x) & (x < box.x1) & (box.y0 < y) & (y < box.y1)).sum())
