"""Several processes that train one model: each learns from its share of every batch. Imports torch.

``torchrun`` starts the processes and tells each of the others by environment variables.
"""

from __future__ import annotations

import itertools
import os
from typing import Protocol

import torch
import torch.distributed as dist
from torch import Tensor

from indexer.fields.arrays import Ints
from indexer.joint.model import Exchange


class Processes(Protocol):
    """The processes of one run."""

    rank: int
    size: int

    @property
    def exchange(self) -> Exchange | None:
        """How they agree on gradients; ``None`` where one is alone."""

    def share(self, batch: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
        """This process's part of a batch; whoever shares the work must be given the same batch."""

    def agreed(self, value: float) -> float:
        """The first process's value, for all."""

    def close(self) -> None:
        """Take leave of the others."""


def processes() -> Processes:
    """The processes that ``torchrun`` started, else this one alone."""
    return Gloo() if int(os.environ.get("WORLD_SIZE", "1")) > 1 else Alone()


class Alone:
    """One process."""

    rank, size = 0, 1
    exchange: Exchange | None = None

    def share(self, batch: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
        """All of it."""
        return batch

    def agreed(self, value: float) -> float:
        """The value itself."""
        return value

    def close(self) -> None:
        """Nothing to do."""


class Gloo:
    """Processes that talk through gloo, in the processor's memory wherever the weights lie.

    Sums are taken in the order of ranks, so that all processes keep equal weights.
    """

    def __init__(self) -> None:
        dist.init_process_group("gloo")
        self.rank, self.size = dist.get_rank(), dist.get_world_size()
        if torch.cuda.is_available():
            torch.cuda.set_device(self.rank % torch.cuda.device_count())

    @property
    def exchange(self) -> Exchange | None:
        """Itself."""
        return self

    def share(self, batch: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
        """One run of neighbours: what is easily mistaken stays together."""
        titles, people = batch
        ends = [len(titles) * rank // self.size for rank in (self.rank, self.rank + 1)]
        return titles[slice(*ends)], people[slice(*ends)]

    def agreed(self, value: float) -> float:
        """The first process's value, for all."""
        told = torch.tensor([value], dtype=torch.float64)
        dist.broadcast(told, 0)
        return float(told)

    def dense(self, weights: list[Tensor]) -> None:
        """Give each weight the mean of its gradients in all processes, none where none has one."""
        having = torch.tensor([weight.grad is not None for weight in weights], dtype=torch.int32)
        dist.all_reduce(having)
        moved = [weight for weight, count in zip(weights, having.tolist(), strict=True) if count]
        if not moved:
            return
        gradients = [torch.zeros_like(one) if one.grad is None else one.grad for one in moved]
        flat = torch.cat([gradient.reshape(-1).cpu() for gradient in gradients])
        dist.all_reduce(flat)
        flat /= self.size
        ends = [0, *itertools.accumulate(one.numel() for one in moved)]
        for weight, (start, end) in zip(moved, itertools.pairwise(ends), strict=True):
            weight.grad = flat[start:end].reshape(weight.shape).to(weight.device)

    def rows(self, at: Tensor, gradient: Tensor) -> tuple[Tensor, Tensor]:
        """The (U,) rows of a table that any process used, and the mean of their gradients (U, D)."""
        counts = [torch.zeros(1, dtype=torch.int64) for _ in range(self.size)]
        dist.all_gather(counts, torch.tensor([len(at)]))
        lengths = [int(count) for count in counts]
        ids = torch.cat(self._gathered(at.cpu(), lengths))
        parts = torch.cat(self._gathered(gradient.cpu(), lengths))
        distinct, place = torch.unique(ids, return_inverse=True)
        mean = torch.zeros(len(distinct), gradient.shape[1]).index_add_(0, place, parts) / self.size
        return distinct.to(at.device), mean.to(gradient.device)

    def _gathered(self, own: Tensor, lengths: list[int]) -> list[Tensor]:
        """Each process's rows; gloo gathers equal shapes, so they travel filled up to the longest."""
        padded = own.new_zeros((max(lengths), *own.shape[1:]))
        padded[: len(own)] = own
        found = [torch.empty_like(padded) for _ in lengths]
        dist.all_gather(found, padded)
        return [rows[:length] for rows, length in zip(found, lengths, strict=True)]

    def close(self) -> None:
        """Take leave of the others."""
        dist.destroy_process_group()
