"""Batches of equal padded-token budget: short texts travel together, so little padding is computed."""

from __future__ import annotations

from collections.abc import Sequence

STEP = 8  # lengths are rounded up to a multiple: few distinct shapes, for which kernels are compiled once


def padded(length: int) -> int:
    """The length to which a text of ``length`` tokens is padded: at least 1 token, a multiple of 8."""
    return max(1, -(-length // STEP)) * STEP


def by_token_budget(lengths: Sequence[int], budget: int) -> list[list[int]]:
    """Positions 0..B-1 in batches of similar length, the longest first.

    A batch of n texts whose longest is padded to L tokens costs n * L; none costs more than ``budget`` unless
    it holds one text alone. Every position occurs exactly once; ``[]`` for no lengths.
    """
    order = sorted(range(len(lengths)), key=lambda position: -lengths[position])
    batches: list[list[int]] = []
    start = 0
    while start < len(order):
        size = max(1, budget // padded(lengths[order[start]]))
        batches.append(order[start : start + size])
        start += size
    return batches
