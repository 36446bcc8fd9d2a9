"""Tables of figures: each line says what was asked for, what was measured and whether it holds."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evals.stats import SEED, Share

if TYPE_CHECKING:
    from indexer.index import Index

CAVEAT = "development figures: tuned on these very sets, no claim about new questions"
_FEW = 100  # below this many items the interval decides, not the point


@dataclass(frozen=True)
class Bar:
    """What a figure must reach and what it should; ``least``: higher is better."""

    must: float | None = None
    goal: float | None = None
    least: bool = True

    def holds(self, value: float, limit: float) -> bool:
        """Whether ``value`` is on the right side of ``limit``."""
        return value >= limit if self.least else value <= limit


NO_BAR = Bar()


@dataclass(frozen=True)
class Line:
    """One figure. ``note`` is for what a reader should know beside it; lines without a bar are only shown."""

    what: str
    measured: Share | float
    unit: str = "%"
    bar: Bar = NO_BAR
    baseline: float | None = None  # the best simple way of the same run, same unit
    note: str = ""

    @property
    def value(self) -> float:
        """The point."""
        return self.measured.percent if isinstance(self.measured, Share) else self.measured

    def verdict(self) -> str:
        """ "goal", "met", "not met", or "" without a bar.

        With fewer than 100 items the lower end of the interval must also lie above the best baseline.
        """
        if self.bar.must is None:
            return ""
        if not self.bar.holds(self.value, self.bar.must) or not self._clear_of_baseline():
            return "not met"
        return "goal" if self.bar.goal is not None and self.bar.holds(self.value, self.bar.goal) else "met"

    def _clear_of_baseline(self) -> bool:
        few = isinstance(self.measured, Share) and self.measured.n < _FEW
        if not few or self.baseline is None or not isinstance(self.measured, Share):
            return True
        return self.measured.low > self.baseline

    def to_json(self) -> dict[str, Any]:
        """Everything the printed line says."""
        measured = self.measured.to_json() if isinstance(self.measured, Share) else round(self.measured, 3)
        parts = {
            "what": self.what, "measured": measured, "unit": self.unit,
            "must": self.bar.must, "goal": self.bar.goal,
            "baseline": None if self.baseline is None else round(self.baseline, 1),
            "verdict": self.verdict() or None, "note": self.note or None,
        }  # fmt: skip
        return {name: value for name, value in parts.items() if value is not None}

    def cells(self) -> list[str]:
        """What, measured, must, goal, verdict, note."""
        measured = self.measured.to_text() if isinstance(self.measured, Share) else _number(self.measured)
        unit = f" {self.unit}" if self.unit and self.unit != "%" else ""
        best = "" if self.baseline is None else f"baseline {self.baseline:.1f}"
        note = "; ".join(part for part in (best, self.note) if part)
        return [
            self.what,
            measured + unit,
            _number(self.bar.must),
            _number(self.bar.goal),
            self.verdict(),
            note,
        ]


@dataclass(frozen=True)
class Table:
    """Lines under a heading; ``extra`` is text below them, ``data`` the raw figures for ``--json``."""

    name: str
    lines: Sequence[Line]
    extra: str = ""
    data: dict[str, Any] = field(default_factory=dict)

    def to_text(self, heading: str) -> str:
        """For a terminal."""
        rows = [["", "measured [95 %]", "must", "goal", "", ""], *(line.cells() for line in self.lines)]
        body = columns(rows) if self.lines else []
        return "\n".join([f"== {self.name}", f"   {heading}", *body, *([self.extra] if self.extra else [])])

    def to_json(self, heading: dict[str, Any]) -> dict[str, Any]:
        """For a program."""
        return {"table": self.name, **heading, "lines": [line.to_json() for line in self.lines], **self.data}


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}" if value == round(value, 2) else f"{value:.2f}"


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as lines with aligned columns; the first to the left, as the last."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return [
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


# ------------------------------------------------------------------------------------------------ heading


def heading(index: Index | None, data: Path | None) -> dict[str, Any]:
    """What every table is headed with: seed, index, data and machine."""
    found: dict[str, Any] = {"seed": SEED, "figures": CAVEAT, "hardware": hardware()}
    if index is not None:
        manifest = index.manifest
        found["index"] = {
            "id": manifest["id"],
            "made": manifest["started"],
            "titles": manifest["counts"]["titles"],
            "catalogue": manifest["catalogue_hash"][:12],
        }
    if data is not None:
        found["data"] = {"folder": data.name, "date": data_date(data)}
    return found


def heading_text(found: dict[str, Any]) -> str:
    """The heading as one line."""
    parts = [f"seed {found['seed']}"]
    if "index" in found:
        made = found["index"]
        name = f"index {made['id']} of {made['made'][:16]}"
        parts.append(f"{name} ({made['titles']:,} titles, catalogue {made['catalogue']})")
    if "data" in found:
        parts.append(f"data files dated {found['data']['date']}")
    return " · ".join([*parts, found["hardware"], found["figures"]])


def data_date(data: Path) -> str:
    """The day of the newest of IMDb's files in a folder, by its time of change; "unknown" without any."""
    from datetime import UTC, datetime

    times = [path.stat().st_mtime for path in data.glob("*.tsv*") if path.is_file()]
    return datetime.fromtimestamp(max(times), UTC).date().isoformat() if times else "unknown"


def hardware() -> str:
    """The processor's name and how many cores this process may use."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        lines = cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines()
        model = next(
            (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), model
        )
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return f"{model}, {cores} cores"
