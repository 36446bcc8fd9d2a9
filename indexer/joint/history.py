"""The course of a training run: losses a window of credits, validation figures, a picture of both."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Entry = dict[str, Any]
LOG, PICTURE = "losses.jsonl", "training.png"


class History:
    """Entries as they come, the same as lines of ``folder/losses.jsonl`` where there is a folder.

    An entry of a window of credits: {"credits" seen so far, "epoch", "seconds", "rate" (the learning rate),
    "losses": {name: mean in nats}}; one of a look at the validation pairs: {"credits", "validation"}.
    """

    def __init__(self, folder: Path | None, window: int, entries: Sequence[Entry] = ()) -> None:
        self.entries = [one for one in entries if "open" not in one]
        self._path = None if folder is None else folder / LOG
        self._window = window  # credits
        self._sums, self._seen, self._last = _opened(entries)
        if self._path is not None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.write_text("".join(map(_line, self.entries)), encoding="utf-8")

    def step(self, losses: Mapping[str, float], size: int, entry: Entry) -> None:
        """Note the losses of one step over ``size`` credits; a full window becomes an entry."""
        for name, loss in losses.items():
            self._sums[name] = self._sums.get(name, 0.0) + loss * size
        self._seen += size
        self._last = entry
        if self._seen >= self._window:
            self.close()

    def close(self) -> None:
        """Make an entry of the open window; one less than half full says too little and is dropped."""
        if 2 * self._seen >= self._window:
            means = {name: round(total / self._seen, 5) for name, total in self._sums.items()}
            self.add({**self._last, "losses": means})
        self._sums, self._seen = {}, 0

    def saved(self) -> list[Entry]:
        """The entries, and the window that is not full: what ``entries`` takes."""
        return [*self.entries, {"open": self._sums, "seen": self._seen, "last": self._last}]

    def add(self, entry: Entry) -> None:
        """One more entry."""
        self.entries.append(entry)
        if self._path is not None:
            with self._path.open("a", encoding="utf-8") as stream:
                stream.write(_line(entry))


def _opened(entries: Sequence[Entry]) -> tuple[dict[str, float], int, Entry]:
    """The sums, the credits and the last entry of the window that was not full."""
    found = [entry for entry in entries if "open" in entry]
    return (dict(found[-1]["open"]), found[-1]["seen"], found[-1]["last"]) if found else ({}, 0, {})


def _line(entry: Entry) -> str:
    return json.dumps(entry) + "\n"


def draw_run(entries: Sequence[Entry], path: Path) -> None:
    """Losses, the validation figure where there is one, and the learning rate, over credits seen: a PNG."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    steps = [entry for entry in entries if "losses" in entry]
    looks = [entry for entry in entries if "validation" in entry]
    panels = 3 if looks else 2
    figure = Figure(figsize=(8, 2.6 * panels), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(panels, 1, sharex=True)
    _draw_losses(axes[0], steps)
    if looks:
        _curve(axes[1], looks, "validation", "recall@10 of\nvalidation pairs", marker="o")
        axes[1].set_ylim(bottom=0)
    _curve(axes[-1], steps, "rate", "learning rate")
    axes[-1].set_xlabel("credits seen")
    axes[-1].xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    figure.suptitle("Training of the joint space")
    figure.savefig(path, dpi=110)


def _draw_losses(axes: Axes, steps: Sequence[Entry]) -> None:
    seen = [entry["credits"] for entry in steps]
    for name in steps[0]["losses"] if steps else ():
        axes.plot(seen, [entry["losses"][name] for entry in steps], label=name, marker=_marker(steps))
    axes.set_ylabel("loss (nats)")
    axes.set_yscale("log")
    axes.grid(visible=True, alpha=0.3)
    if steps:
        axes.legend(ncols=4, fontsize="small")


def _curve(axes: Axes, entries: Sequence[Entry], name: str, label: str, marker: str | None = None) -> None:
    seen = [entry["credits"] for entry in entries]
    axes.plot(seen, [entry[name] for entry in entries], color="black", marker=marker or _marker(entries))
    axes.set_ylabel(label)
    axes.grid(visible=True, alpha=0.3)


def _marker(entries: Sequence[Entry]) -> str | None:
    """A line through one point alone would not be seen."""
    return "o" if len(entries) < 20 else None
