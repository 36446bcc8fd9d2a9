"""Tables of rows of which each step uses and moves few. Imports torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from indexer.fields.arrays import Bag, Ints
from indexer.joint.lists import inverted


class RowExchange(Protocol):
    """How the processes of one run agree on the gradient of a table."""

    def rows(self, at: Tensor, gradient: Tensor) -> tuple[Tensor, Tensor]:
        """The (U,) rows of a table that any process used, and the mean of their gradients (U, D)."""


@dataclass(frozen=True)
class _Used:
    """What one step read of a table: B sums over M ids."""

    ids: Ints  # (M,)
    starts: Ints  # (B,)
    sums: Tensor  # (B, D), a leaf


class RowAdagrad:
    """A table (V, D) that learns by Adagrad with one scale a row (Duchi et al. 2011).

    What is differentiated are the sums of a step's bags, not the table: the gradient of a row is the sum of
    the gradients of the bags that name it, which is a sum over the inverted lists. Neither the rows are
    copied for a step nor their gradients gathered by sorting.
    """

    def __init__(self, rows: Tensor, *, ids: bool = False) -> None:
        self.rows = rows
        self.ids = ids  # whether a row stands for one entity rather than for a piece of text
        self.squares = torch.full((len(rows),), 1e-6, device=rows.device)
        self._scratch = np.full(len(rows), -1, np.int32)
        self._used: _Used | None = None

    def use(self, bags: Sequence[Bag]) -> list[Bag]:
        """The bags (of numpy arrays) with their ``sums`` (B, D) added up, for one backward pass and ``step``.

        All of a step's bags come in one call, the next call forgets them.
        """
        self._used = None
        if not bags:
            return []
        sizes = [len(bag.starts) for bag in bags]
        first = np.cumsum([0, *(len(bag.ids) for bag in bags[:-1])])
        ids = np.concatenate([bag.ids for bag in bags])
        starts = np.concatenate([bag.starts + at for bag, at in zip(bags, first, strict=True)])
        sums = _bag_sums(self.rows, ids, starts).requires_grad_()
        self._used = _Used(ids, starts, sums)
        return [replace(bag, sums=own) for bag, own in zip(bags, torch.split(sums, sizes), strict=True)]

    def step(self, rate: float, exchange: RowExchange | None = None) -> None:
        """Move the rows in use against their gradients."""
        at, gradient = self._moved()
        if exchange is not None:
            at, gradient = exchange.rows(at, gradient)
        lengths = torch.linalg.vector_norm(gradient, dim=1)
        squares = self.squares.index_select(0, at) + lengths.square_() / gradient.shape[1]
        self.squares[at] = squares
        self.rows.index_add_(0, at, gradient.mul_((-rate / squares.sqrt())[:, None]))

    def _moved(self) -> tuple[Tensor, Tensor]:
        """The (U,) rows in use and their gradients (U, D); none where the step used none."""
        used, self._used = self._used, None
        if used is None or used.sums.grad is None:
            return torch.zeros(0, dtype=torch.int64, device=self.rows.device), self.rows[:0]
        distinct, owners, starts = inverted(used.ids, used.starts, self._scratch)
        at = torch.from_numpy(distinct).to(self.rows.device)
        return at, _bag_sums(used.sums.grad, owners, starts)


def _bag_sums(rows: Tensor, ids: Ints, starts: Ints) -> Tensor:
    """(B, D) sums of the rows that each of B lists of ids names."""
    with torch.no_grad():
        found: Tensor = torch.nn.functional.embedding_bag(
            torch.from_numpy(ids).to(rows.device), rows, torch.from_numpy(starts).to(rows.device), mode="sum"
        )
    return found
