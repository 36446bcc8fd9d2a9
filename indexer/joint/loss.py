"""The contrastive loss."""

from __future__ import annotations

import torch
from torch import Tensor

from indexer.errors import ShapeError


def info_nce(
    left: Tensor,
    right: Tensor,
    same: Tensor,
    temperature: float = 0.07,
    log_q: tuple[Tensor, Tensor] | None = None,
) -> Tensor:
    """Symmetric contrastive loss over B true (left, right) pairs (van den Oord et al. 2018; CLIP's form).

    left, right: (B, D) float, unit rows; row i of each is one pair.
    same: (B, B) bool; other true pairs in the batch, masked rather than pushed apart (the diagonal is never
    masked).
    temperature: > 0, no unit; lower is sharper.
    log_q: the log of how often each left and each right row (B,) is drawn, taken off its logits so that
    what is drawn often is not pushed away for that alone (Yi et al. 2019).
    Returns a scalar in nats, 0 for a batch of one. Raises ShapeError, or ValueError for a bad temperature.
    """
    if temperature <= 0:
        raise ValueError(f"temperature is {temperature}: expected more than 0")
    if left.shape != right.shape or left.ndim != 2 or same.shape != (len(left), len(left)):
        shapes = f"{tuple(left.shape)}, {tuple(right.shape)} and {tuple(same.shape)}"
        raise ShapeError(f"info_nce takes (B, D), (B, D) and (B, B), not {shapes}")
    logits = left @ right.T / temperature  # (B, B)
    others = same & ~torch.eye(len(left), dtype=torch.bool, device=left.device)
    logits = logits.masked_fill(others, -1e9)
    rows, columns = (logits, logits.T) if log_q is None else (logits - log_q[1], logits.T - log_q[0])
    target = torch.arange(len(left), device=left.device)
    return (_cross_entropy(rows, target) + _cross_entropy(columns, target)) / 2


def _cross_entropy(logits: Tensor, target: Tensor) -> Tensor:
    return torch.nn.functional.cross_entropy(logits, target)
