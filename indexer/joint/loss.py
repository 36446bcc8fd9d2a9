"""The contrastive loss."""

from __future__ import annotations

import torch
from torch import Tensor

from indexer.errors import ShapeError


def info_nce(
    queries: Tensor,
    rows: Tensor,
    same: Tensor,
    temperature: float = 0.07,
    log_q: Tensor | None = None,
) -> Tensor:
    """Contrastive loss of Q queries, each to find its own among B rows (van den Oord et al. 2018).

    queries: (Q, D), rows: (B, D) float, unit rows; query i means row i, so Q is at most B.
    same: (Q, B) bool; other rows that are true for the query, masked rather than pushed apart (a query's own
    row is never masked).
    temperature: > 0, no unit; lower is sharper.
    log_q: the log of how often each row (B,) is drawn, taken off its logits so that what is drawn often is
    not pushed away for that alone (Yi et al. 2019).
    Returns a scalar in nats, 0 for a batch of one. Raises ShapeError, or ValueError for a bad temperature.
    """
    if temperature <= 0:
        raise ValueError(f"temperature is {temperature}: expected more than 0")
    if queries.shape[1:] != rows.shape[1:] or queries.ndim != 2 or same.shape != (len(queries), len(rows)):
        shapes = f"{tuple(queries.shape)}, {tuple(rows.shape)} and {tuple(same.shape)}"
        raise ShapeError(f"info_nce takes (Q, D), (B, D) and (Q, B), not {shapes}")
    logits = queries @ rows.T / temperature  # (Q, B)
    own = torch.eye(*same.shape, dtype=torch.bool, device=same.device)
    logits = logits.masked_fill(same & ~own, -1e9)
    logits = logits if log_q is None else logits - log_q
    return torch.nn.functional.cross_entropy(logits, torch.arange(len(queries), device=rows.device))
