"""The few array operations field models need, once for numpy (serving) and once for torch
(training, ``indexer.fields.torch_ops``).

Field and tower mathematics is written once against ``Ops``: what serves is what was trained, and answering a
question never imports torch. Everything else (``@``, ``+``, ``*``, ``.sum(axis)``) the two share.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = Any  # numpy.ndarray or torch.Tensor; the Ops in hand says which
Floats: TypeAlias = npt.NDArray[np.float32]
Ints: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Weights: TypeAlias = Mapping[str, Array]
EPSILON = 1e-8


@dataclass(frozen=True)
class Csr:
    """N lists of whole numbers laid end to end: list i is ``ids[starts[i]:starts[i + 1]]``.

    ids: (M,) int32. starts: (N + 1,) int64, from 0 to M.
    """

    ids: npt.NDArray[np.int32]
    starts: Ints

    @classmethod
    def of(cls, ids: npt.ArrayLike, lengths: npt.ArrayLike) -> Csr:
        """From all ids and the (N,) length of each list."""
        starts = np.concatenate([[0], np.cumsum(np.asarray(lengths, np.int64))]).astype(np.int64)
        return cls(np.asarray(ids, np.int32), starts)

    @classmethod
    def from_pairs(cls, owners: Ints, ids: Ints, count: int) -> Csr:
        """Lists of ``count`` owners from (owner, id) pairs; the order of the pairs is kept within an
        owner.
        """
        order = np.argsort(owners, kind="stable")
        return cls.of(ids[order], np.bincount(owners, minlength=count))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def take(self, rows: Ints) -> Csr:
        """The lists of ``rows`` (R,), a negative row being an empty list."""
        safe = np.maximum(rows, 0)
        first = self.starts[safe]
        lengths = np.where(rows < 0, 0, self.starts[safe + 1] - first)
        return Csr.of(self.ids[ranges(first, lengths)], lengths)

    def where(self, kept: npt.NDArray[np.bool_]) -> Csr:
        """The lists without the items for which ``kept`` (M,) is false."""
        ends = np.concatenate([[0], np.cumsum(kept)]).astype(np.int64)
        return Csr(self.ids[kept], ends[self.starts])

    def head(self, limit: int) -> Csr:
        """Each list cut to its first ``limit`` items."""
        lengths = np.minimum(np.diff(self.starts), limit)
        return Csr.of(self.ids[ranges(self.starts[:-1], lengths)], lengths)

    def sample(self, rows: Ints, limit: int, rng: np.random.Generator) -> Csr:
        """As ``take``, of the longer lists ``limit`` neighbouring items from a random place."""
        safe = np.maximum(rows, 0)
        first = self.starts[safe]
        lengths = np.where(rows < 0, 0, self.starts[safe + 1] - first)
        spare = np.maximum(lengths - limit, 0)
        shift = (rng.random(len(rows)) * (spare + 1)).astype(np.int64)
        kept = np.minimum(lengths, limit)
        return Csr.of(self.ids[ranges(first + shift, kept)], kept)

    def beside(self, other: Csr) -> Csr:
        """Each list followed by the other's list of the same place."""
        order = np.argsort(np.concatenate([self._owners(), other._owners()]), kind="stable")
        ids = np.concatenate([self.ids, other.ids])[order]
        return Csr(ids, self.starts + other.starts)

    def _owners(self) -> Ints:
        return np.repeat(np.arange(len(self)), np.diff(self.starts))

    def through(self, pool: Csr) -> Csr:
        """Each id replaced by the list it names in ``pool``: rows of strings become rows of features."""
        inner = pool.take(self.ids.astype(np.int64))
        starts = inner.starts[self.starts]
        return Csr(inner.ids, starts)


def ranges(first: Ints, lengths: Ints) -> Ints:
    """``[first[0], first[0] + 1, ...]`` for each of the lengths, laid end to end."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    found: Ints = np.arange(total, dtype=np.int64) + np.repeat(first - (ends - lengths), lengths)
    return found


@dataclass(frozen=True)
class Bag:
    """Features of B values as ids into a table of the weights; an empty list is a missing value."""

    table: str
    ids: Array  # (M,) int64
    starts: Array  # (B,) int64
    present: Array  # (B,) float32, 0 where missing
    sums: Array | None = (
        None  # (B, D) the rows added up, where a training step does all bags of a table at once
    )

    @classmethod
    def of(cls, table: str, lists: Csr) -> Bag:
        """The lists (B) as a batch over ``table``."""
        present = (np.diff(lists.starts) > 0).astype(np.float32)
        return cls(table, lists.ids.astype(np.int64), lists.starts[:-1], present)

    def lists(self) -> Csr:
        """Back to lists; numpy batches only."""
        return Csr(self.ids.astype(np.int32), np.append(self.starts, len(self.ids)))

    def on(self, ops: Ops) -> Bag:
        """The same batch as arrays of ``ops``."""
        arrays = [ops.array(part) for part in (self.ids, self.starts, self.present)]
        return replace(self, ids=arrays[0], starts=arrays[1], present=arrays[2])


@dataclass(frozen=True)
class Dense:
    """B values as (B, k) float32 numbers, zero rows where missing."""

    values: Array  # (B, k)
    present: Array  # (B,) float32, 0 where missing

    def on(self, ops: Ops) -> Dense:
        """The same batch as arrays of ``ops``."""
        return Dense(ops.array(self.values), ops.array(self.present))


Batch: TypeAlias = Bag | Dense


class Ops(Protocol):
    """What numpy and torch spell differently."""

    def array(self, values: npt.NDArray[Any]) -> Array:
        """A numpy array as an array of this backend."""

    def bag(self, table: Array, batch: Bag) -> Array:
        """(B, D) sums of the rows (V, D) each list names; zeros where a list is empty."""

    def rows(self, table: Array, ids: Array) -> Array:
        """(M, D) the rows (V, D) that ids (M,) name."""

    def most(self, values: Array, starts: Ints, present: Array) -> Array:
        """(B, D) the largest of each column among the rows of values (M, D) from each of starts (B,) to the
        next; zeros where ``present`` (B,) is 0, which are lists without rows.
        """

    def fixed(self, values: Array) -> Array:
        """The same values, which training does not move."""

    def host(self, values: Array) -> npt.NDArray[Any]:
        """The values as a numpy array."""

    def relu(self, values: Array) -> Array:
        """Element-wise maximum with 0."""

    def beside(self, *parts: Array) -> Array:
        """(B, J), (B, K), ... as (B, J + K + ...)."""

    def below(self, *parts: Array) -> Array:
        """(J, D), (K, D), ... as (J + K + ..., D)."""

    def log_softmax(self, logits: Array) -> Array:
        """Log-probabilities over the last axis."""

    def log_sigmoid(self, logits: Array) -> Array:
        """Element-wise log of the logistic function."""

    def exp(self, values: Array) -> Array:
        """Element-wise exponential."""

    def unit(self, rows: Array) -> Array:
        """(B, D) -> rows of length 1; a zero row stays zero."""


class NumpyOps:
    """``Ops`` for serving; see there."""

    def array(self, values: npt.NDArray[Any]) -> Array:  # noqa: D102
        return values

    def bag(self, table: Array, batch: Bag) -> Array:  # noqa: D102
        sums = np.zeros((len(batch.starts), table.shape[1]), np.float32)
        filled = batch.present > 0
        if filled.any():
            sums[filled] = np.add.reduceat(table[batch.ids].astype(np.float32), batch.starts[filled], axis=0)
        return sums

    def rows(self, table: Array, ids: Array) -> Array:  # noqa: D102
        return table[ids]

    def most(self, values: Array, starts: Ints, present: Array) -> Array:  # noqa: D102
        found = np.zeros((len(starts), values.shape[1]), np.float32)
        filled = present > 0
        if filled.any():
            found[filled] = np.maximum.reduceat(values, starts[filled], axis=0)
        return found

    def fixed(self, values: Array) -> Array:  # noqa: D102
        return values

    def host(self, values: Array) -> npt.NDArray[Any]:  # noqa: D102
        return np.asarray(values)

    def relu(self, values: Array) -> Array:  # noqa: D102
        return np.maximum(values, 0)

    def beside(self, *parts: Array) -> Array:  # noqa: D102
        return np.concatenate(parts, axis=1)

    def below(self, *parts: Array) -> Array:  # noqa: D102
        return np.concatenate(parts)

    def log_softmax(self, logits: Array) -> Array:  # noqa: D102
        top = logits.max(-1, keepdims=True)
        return logits - top - np.log(np.exp(logits - top).sum(-1, keepdims=True))

    def log_sigmoid(self, logits: Array) -> Array:  # noqa: D102
        return -np.logaddexp(0, -logits)

    def exp(self, values: Array) -> Array:  # noqa: D102
        return np.exp(values)

    def unit(self, rows: Array) -> Array:  # noqa: D102
        return unit(rows)


def unit(rows: Array) -> Array:
    """(B, D) -> rows of length 1; a zero row stays zero."""
    return rows / ((rows * rows).sum(-1)[..., None] + EPSILON) ** 0.5
