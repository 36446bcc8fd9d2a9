"""Shares with their uncertainty, and quantiles of times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

SEED = 7
ROUNDS = 2000


@dataclass(frozen=True)
class Share:
    """``hits`` of ``n`` items, in per cent, with the 95 % interval of the bootstrap over items."""

    hits: int
    n: int
    low: float  # per cent
    high: float

    @property
    def percent(self) -> float:
        """0-100; 0 where there are no items."""
        return 100 * self.hits / self.n if self.n else 0.0

    def to_text(self) -> str:
        """As in "64.8 [60.7, 68.9] of 525"."""
        return f"{self.percent:.1f} [{self.low:.1f}, {self.high:.1f}] of {self.n}" if self.n else "no items"

    def to_json(self) -> dict[str, Any]:
        """The figures to one decimal."""
        interval = [round(self.low, 1), round(self.high, 1)]
        return {"percent": round(self.percent, 1), "interval_95": interval, "hits": self.hits, "n": self.n}


def share(flags: Sequence[bool], among: Sequence[bool] | None = None, seed: int = SEED) -> Share:
    """How often ``flags`` hold, counted only where ``among`` holds (all items by default).

    The bootstrap draws whole items, so a share of a share (precision when answered) varies in both its parts.
    """
    hit = np.asarray(flags, dtype=bool)
    base = np.ones(len(hit), dtype=bool) if among is None else np.asarray(among, dtype=bool)
    hits, n = int((hit & base).sum()), int(base.sum())
    if n == 0:
        return Share(0, 0, 0.0, 0.0)
    rows = np.random.default_rng(seed).integers(0, len(hit), size=(ROUNDS, len(hit)))
    below = base[rows].sum(axis=1)  # (rounds,)
    drawn = (hit & base)[rows].sum(axis=1)[below > 0] / below[below > 0]
    low, high = np.percentile(100 * drawn, [2.5, 97.5])
    return Share(hits, n, float(low), float(high))


def quantile(values: Sequence[float], part: float) -> float:
    """The value below which ``part`` (0-1) of them lie; 0.0 for none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0
