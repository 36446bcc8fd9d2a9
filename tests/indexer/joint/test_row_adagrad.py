from __future__ import annotations

import numpy as np
import torch

from indexer.fields.arrays import Bag, Csr
from indexer.joint.row_adagrad import RowAdagrad

RATE = 0.5


def bags() -> list[Bag]:
    """A row that two bags name, one that a bag names twice, and an empty bag."""
    first = Csr.of([1, 4, 4, 2, 4], [2, 0, 3])
    return [Bag.of("rows", first), Bag.of("rows", Csr.of([4, 7], [2]))]


def start() -> torch.Tensor:
    return torch.randn(9, 3, generator=torch.Generator().manual_seed(1))


def loss(found: list[Bag]) -> torch.Tensor:
    return told(torch.cat([torch.as_tensor(bag.sums) for bag in found]))


def told(sums: torch.Tensor) -> torch.Tensor:
    return (sums * torch.arange(12).reshape(4, 3)).sin().sum()


def test_a_step_is_adagrad_on_the_gradient_of_the_whole_table() -> None:
    table, whole = RowAdagrad(start()), start().requires_grad_()
    lists = [[1, 4], [], [4, 2, 4], [4, 7]]
    written = torch.stack([whole[rows].sum(0) for rows in lists])
    torch.autograd.backward(told(written))
    gradient = whole.grad
    assert gradient is not None
    scale = (1e-6 + gradient.square().mean(1)).sqrt()[:, None]

    torch.autograd.backward(loss(table.use(bags())))
    table.step(RATE)
    torch.testing.assert_close(table.rows, whole.detach() - RATE * gradient / scale)


def test_rows_that_no_bag_names_stay_as_they_are() -> None:
    table = RowAdagrad(start())
    torch.autograd.backward(loss(table.use(bags())))
    table.step(RATE)
    moved = (table.rows != start()).any(1).nonzero().flatten().tolist()
    assert moved == [1, 2, 4, 7]
    np.testing.assert_array_equal((table.squares > 1e-6).nonzero().flatten(), [1, 2, 4, 7])


def test_a_step_without_bags_or_gradient_moves_nothing() -> None:
    table = RowAdagrad(start())
    assert table.use([]) == []
    table.step(RATE)
    table.use(bags())
    table.step(RATE)
    torch.testing.assert_close(table.rows, start())


def test_bags_of_a_step_before_are_forgotten() -> None:
    table = RowAdagrad(start())
    torch.autograd.backward(loss(table.use(bags())))
    table.use(bags()[1:])
    table.step(RATE)
    torch.testing.assert_close(table.rows, start())
