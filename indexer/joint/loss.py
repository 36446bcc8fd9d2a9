"""The contrastive loss."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from indexer.errors import ShapeError

_NEVER = -1e9  # a logit that softmax makes 0


def info_nce(
    queries: Tensor,
    rows: Tensor,
    others: Tensor,
    temperature: float = 0.07,
    log_q: Tensor | None = None,
) -> Tensor:
    """Contrastive loss of Q queries, each to find its own among B rows (van den Oord et al. 2018).

    queries: (Q, D), rows: (B, D) float, unit rows; query i means row i, so Q is at most B.
    others: (2, M) int64; queries and rows, by place, that are true pairs too: masked rather than pushed apart
    (a query's own row is never masked).
    temperature: > 0, no unit; lower is sharper.
    log_q: the log of how often each row (B,) is drawn, taken off its logits so that what is drawn often is
    not pushed away for that alone (Yi et al. 2019).
    Returns a scalar in nats, 0 for a batch of one. Raises ShapeError, or ValueError for a bad temperature.
    """
    if temperature <= 0:
        raise ValueError(f"temperature is {temperature}: expected more than 0")
    fits = queries.ndim == rows.ndim == 2 and queries.shape[1] == rows.shape[1] and len(queries) <= len(rows)
    if not fits or others.shape[:-1] != (2,):
        shapes = f"{tuple(queries.shape)}, {tuple(rows.shape)} and {tuple(others.shape)}"
        raise ShapeError(f"info_nce takes (Q, D), (B, D) with Q up to B, and (2, M), not {shapes}")
    masked = others[:, others[0] != others[1]]
    offset = rows.new_zeros(len(rows)) if log_q is None else -log_q
    found: Tensor = _InfoNce.apply(queries, rows, masked, offset, temperature)  # type: ignore[no-untyped-call]
    return found


class _InfoNce(torch.autograd.Function):
    """The same with its gradient spelt out: softmax less the target, times the other side.

    Made of torch's own operations it took twice the time, since each of them fills a (Q, B) array, and those
    are larger than the processor's caches.
    """

    @staticmethod
    def forward(
        context: Any, queries: Tensor, rows: Tensor, masked: Tensor, offset: Tensor, temperature: float
    ) -> Tensor:
        logits = torch.addmm(offset, queries / temperature, rows.T)
        logits[masked[0], masked[1]] = _NEVER
        log_p = torch.log_softmax(logits, 1)
        loss = -log_p.diagonal().mean()
        away = log_p.exp_()
        away.diagonal().sub_(1)
        context.save_for_backward(queries, rows, away)
        context.temperature = temperature
        return loss

    @staticmethod
    @once_differentiable
    def backward(context: Any, upper: Tensor) -> tuple[Tensor | None, ...]:
        queries, rows, away = context.saved_tensors
        scale = upper / (len(queries) * context.temperature)
        return (away @ rows) * scale, (away.T @ queries) * scale, None, None, None
