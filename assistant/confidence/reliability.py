"""Whether a chance is what it says: reliability table and expected calibration error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of about the same chance: how many, the mean chance, the share that is right."""

    count: int
    chance: float
    right: float


def table(chances: Sequence[float], right: Sequence[bool], bins: int = BINS) -> list[Bin]:
    """Answers sorted by chance in ``bins`` groups of equal size, the least sure first; [] of none."""
    told, outcome = np.asarray(chances, dtype=np.float64), np.asarray(right, dtype=np.float64)
    groups = np.array_split(np.argsort(told, kind="stable"), min(bins, max(1, len(told))))
    return [
        Bin(len(group), float(told[group].mean()), float(outcome[group].mean()))
        for group in groups
        if len(group)
    ]


def ece(chances: Sequence[float], right: Sequence[bool], bins: int = BINS) -> float:
    """The mean distance between chance and share right over the groups of ``table``; 0 for no answers."""
    found = table(chances, right, bins)
    total = sum(held.count for held in found)
    return sum(held.count * abs(held.chance - held.right) for held in found) / total if total else 0.0


def brier(chances: Sequence[float], right: Sequence[bool]) -> float:
    """The mean squared error of the chances; 0 for no answers."""
    if not len(chances):
        return 0.0
    return float(np.mean((np.asarray(chances, dtype=np.float64) - np.asarray(right, dtype=np.float64)) ** 2))


def to_text(found: Sequence[Bin]) -> str:
    """The table as lines: answers, mean chance, share right, and the share as a bar."""
    lines = [f"{'answers':>8}{'chance':>8}{'right':>8}"]
    lines += [
        f"{held.count:>8}{held.chance:>8.2f}{held.right:>8.2f}  {'#' * round(40 * held.right)}"
        for held in found
    ]
    return "\n".join(lines)
