from __future__ import annotations

import torch

from indexer.fields.torch_ops import TorchOps

OPS = TorchOps()


def test_rows_become_of_length_one_and_zeros_stay() -> None:
    rows = torch.tensor([[3.0, 4.0], [0.0, 0.0], [0.0, -0.5]])
    expected = torch.tensor([[0.6, 0.8], [0.0, 0.0], [0.0, -1.0]])
    torch.testing.assert_close(OPS.unit(rows), expected, atol=1e-6, rtol=0)


def test_the_gradient_of_unit_rows_is_that_of_their_slope() -> None:
    rows = torch.randn(4, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(2))
    rows[1] = 1e-4  # so short that the constant under the root counts
    assert torch.autograd.gradcheck(OPS.unit, rows.requires_grad_())
