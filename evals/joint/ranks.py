"""Filtered ranks: where the true entity stands among all candidates but the other true ones.

``ranks(title_vectors, person_vectors, (titles, people), known)`` is all that an experiment needs.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from evals.stats import Share
from indexer.fields.arrays import Csr, Floats, Ints

Scores = Callable[[Ints], Floats]  # (B,) places of queries -> (B, M) scores of all candidates
Ranks = npt.NDArray[np.float64]
TOPS = (1, 10, 100)
MOST = 10_000  # pairs of one direction that are ranked
_AT_ONCE = 64  # queries; 64 rows of 326 thousand scores are 83 MB
_LAST = -1e9
_Z = 1.96


def ranks(
    query_vectors: Floats,
    candidate_vectors: Floats,
    pairs: tuple[Ints, Ints],
    known: Csr,
    chunk: int = _AT_ONCE,
) -> Ranks:
    """(K,) ranks from 1 of K true pairs by inner product; ties count half, NaN candidates come last.

    query_vectors: (N, D). candidate_vectors: (M, D). pairs: (K,) places of the queries and (K,) of the true
    candidates. known: for each of the N queries all its true candidates, of training too; targets count as
    known.
    """
    return ranks_by(inner(query_vectors, candidate_vectors), pairs, known, chunk)


def inner(query_vectors: Floats, candidate_vectors: Floats) -> Scores:
    """Scores by inner products of (N, D) queries with (M, D) candidates; NaN candidates come last."""
    absent = np.flatnonzero(np.isnan(candidate_vectors[:, 0]))
    candidates = torch.from_numpy(np.ascontiguousarray(np.nan_to_num(candidate_vectors), np.float32)).T

    def scores(queries: Ints) -> Floats:
        rows = torch.from_numpy(np.nan_to_num(query_vectors[queries]).astype(np.float32))
        found: Floats = (rows @ candidates).numpy()
        found[:, absent] = _LAST
        return found

    return scores


def ranks_by(scores: Scores, pairs: tuple[Ints, Ints], known: Csr, chunk: int = _AT_ONCE) -> Ranks:
    """The same for any way to score: ``scores`` gives fresh rows, which are written over."""
    queries, targets = (np.asarray(part, np.int64) for part in pairs)
    found = np.zeros(len(queries))
    distinct, row_of = np.unique(queries, return_inverse=True)
    order = np.argsort(row_of, kind="stable")  # the pairs of one query share its row
    edges = np.searchsorted(row_of[order], np.arange(0, len(distinct) + chunk, chunk))
    for place, start in enumerate(range(0, len(distinct), chunk)):
        asked = distinct[start : start + chunk]
        at = order[edges[place] : edges[place + 1]]
        table = scores(asked)
        rows = row_of[at] - start
        own = table[rows, targets[at]]
        others = known.take(asked)
        table[np.repeat(np.arange(len(asked)), np.diff(others.starts)), others.ids] = -np.inf
        table[rows, targets[at]] = -np.inf
        found[at] = _places(table, rows, own)
    return found


def _places(table: Floats, rows: Ints, own: Floats) -> Ranks:
    """(K,) ranks of the scores ``own`` among row ``rows`` of ``table``."""
    found = np.empty(len(rows))
    for place, (row, score) in enumerate(zip(rows, own, strict=True)):
        line = table[row]
        above = np.count_nonzero(line > score)
        equal = np.count_nonzero(line == score)
        found[place] = 1 + above + equal / 2
    return found


def sampled(count: int, most: int = MOST, seed: int = 0) -> Ints:
    """Places of at most ``most`` of ``count`` pairs, in order."""
    if count <= most:
        return np.arange(count)
    return np.sort(np.random.default_rng(seed).choice(count, most, replace=False))


@dataclass(frozen=True)
class Figures:
    """What the ranks of K pairs come to, in per cent; intervals over pairs are Wilson's."""

    recall: Mapping[int, Share]
    mrr: float
    mrr_spread: float  # half of the 95 % interval

    @classmethod
    def of(cls, found: Ranks) -> Figures:
        """Figures of (K,) ranks; zeros for none."""
        inverse = 100 / found if len(found) else np.zeros(1)
        spread = _Z * float(inverse.std()) / math.sqrt(len(inverse))
        recall = {top: wilson(int((found <= top).sum()), len(found)) for top in TOPS}
        return cls(recall, float(inverse.mean()), spread)

    @property
    def ten(self) -> float:
        """Recall@10 in per cent."""
        return self.recall[10].percent

    def to_json(self) -> dict[str, Any]:
        """Plain numbers to one decimal."""
        found: dict[str, Any] = {f"recall@{top}": part.to_json() for top, part in self.recall.items()}
        found["mrr"] = round(self.mrr, 2)
        found["mrr_interval_95"] = [
            round(self.mrr - self.mrr_spread, 2), round(self.mrr + self.mrr_spread, 2)
        ]  # fmt: skip
        return found

    def cells(self) -> list[str]:
        """@1, @10, @100, MRR and n as text."""
        parts = [f"{part.percent:.1f} [{part.low:.1f}, {part.high:.1f}]" for part in self.recall.values()]
        return [*parts, f"{self.mrr:.1f} ±{self.mrr_spread:.1f}", str(self.recall[10].n)]


def wilson(hits: int, n: int) -> Share:
    """``hits`` of ``n`` with the 95 % Wilson interval."""
    if not n:
        return Share(0, 0, 0.0, 0.0)
    p = hits / n
    middle = p + _Z * _Z / (2 * n)
    spread = _Z * math.sqrt(p * (1 - p) / n + _Z * _Z / (4 * n * n))
    below = 1 + _Z * _Z / n
    return Share(hits, n, 100 * max(middle - spread, 0.0) / below, 100 * (middle + spread) / below)


def by_group(found: Ranks, groups: Mapping[str, npt.NDArray[np.bool_]]) -> dict[str, Figures]:
    """Figures of each named part of the pairs; empty parts are left out."""
    return {name: Figures.of(found[among]) for name, among in groups.items() if among.any()}
