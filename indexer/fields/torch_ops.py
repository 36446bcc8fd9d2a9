"""The array operations of field models for training and bulk work. Imports torch."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from indexer.fields.arrays import EPSILON, Array, Bag, Ints


class TorchOps:
    """``Ops`` on the given device; see there."""

    def __init__(self, device: str = "cpu") -> None:
        self.device = device

    def array(self, values: npt.NDArray[Any]) -> Array:  # noqa: D102
        return torch.from_numpy(np.ascontiguousarray(values)).to(self.device)

    def bag(self, table: Array, batch: Bag) -> Array:  # noqa: D102
        if batch.sums is not None:
            return batch.sums
        return torch.nn.functional.embedding_bag(batch.ids, table, batch.starts, mode="sum")

    def rows(self, table: Array, ids: Array) -> Array:  # noqa: D102
        return torch.nn.functional.embedding(ids, table)

    def most(self, values: Array, starts: Ints, present: Array) -> Array:  # noqa: ARG002, D102
        places = torch.arange(len(values), device=values.device)
        first = self.array(starts)
        return torch.nn.functional.embedding_bag(places, values, first, mode="max")

    def fixed(self, values: Array) -> Array:  # noqa: D102
        return values.detach()

    def host(self, values: Array) -> npt.NDArray[Any]:  # noqa: D102
        found = values.detach().cpu().numpy() if isinstance(values, torch.Tensor) else values
        return np.asarray(found)

    def relu(self, values: Array) -> Array:  # noqa: D102
        return values.relu()

    def beside(self, *parts: Array) -> Array:  # noqa: D102
        return torch.cat(parts, dim=1)

    def below(self, *parts: Array) -> Array:  # noqa: D102
        return torch.cat(parts)

    def log_softmax(self, logits: Array) -> Array:  # noqa: D102
        return torch.log_softmax(logits, -1)

    def log_sigmoid(self, logits: Array) -> Array:  # noqa: D102
        return torch.nn.functional.logsigmoid(logits)

    def exp(self, values: Array) -> Array:  # noqa: D102
        return values.exp()

    def unit(self, rows: Array) -> Array:  # noqa: D102
        return _Unit.apply(rows)  # type: ignore[no-untyped-call]


class _Unit(torch.autograd.Function):
    """Rows of length 1 with the gradient spelt out: what is along a row is taken off, the rest scaled.

    Every field of every batch comes through here, and torch's own steps fill twice as many arrays.
    """

    @staticmethod
    def forward(context: Any, rows: Tensor) -> Tensor:
        lengths = torch.linalg.vector_norm(rows, dim=-1, keepdim=True)
        scale = lengths.square_().add_(EPSILON).rsqrt_()
        found: Tensor = rows * scale
        context.save_for_backward(found, scale)
        return found

    @staticmethod
    @once_differentiable
    def backward(context: Any, upper: Tensor) -> Tensor:
        found, scale = context.saved_tensors
        along = torch.linalg.vecdot(upper, found)[..., None]
        gradient: Tensor = torch.addcmul(upper, found, along, value=-1).mul_(scale)
        return gradient
