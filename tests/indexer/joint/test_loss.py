from __future__ import annotations

import math

import pytest
import torch

from indexer.errors import ShapeError
from indexer.joint.loss import info_nce

NONE = torch.zeros(2, 0, dtype=torch.int64)


def test_a_loss_computed_by_hand() -> None:
    queries = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    rows = torch.tensor([[0.6, 0.8], [0.0, 1.0]])
    # similarities [[.6, 0], [.8, 1]] at temperature 1
    expected = (math.log(1 + math.exp(0 - 0.6)) + math.log(1 + math.exp(0.8 - 1))) / 2
    assert float(info_nce(queries, rows, NONE, 1.0)) == pytest.approx(expected, abs=1e-6)


def test_fewer_queries_than_rows_are_told_from_all_rows() -> None:
    query = torch.tensor([[1.0, 0.0]])
    rows = torch.tensor([[1.0, 0.0], [1.0, 0.0], [1.0, 0.0]])
    assert float(info_nce(query, rows, NONE)) == pytest.approx(math.log(3), abs=1e-6)
    assert float(info_nce(query, rows, torch.tensor([[0], [2]]))) == pytest.approx(math.log(2), abs=1e-6)


def test_a_perfect_match_costs_nothing_and_a_hopeless_one_much() -> None:
    assert float(info_nce(torch.eye(2), torch.eye(2), NONE, 0.05)) < 1e-6
    assert float(info_nce(torch.eye(2), torch.eye(2).flip(0), NONE, 0.05)) > 15


def test_a_batch_of_one_costs_nothing() -> None:
    one = torch.tensor([[1.0, 0.0]])
    assert float(info_nce(one, -one, NONE)) == pytest.approx(0)


def test_other_true_pairs_are_not_pushed_apart() -> None:
    same = torch.ones(2, 2)
    assert float(info_nce(same, same, NONE)) == pytest.approx(math.log(2))
    assert float(info_nce(same, same, torch.ones(2, 2).nonzero().T)) == pytest.approx(0)


def test_what_is_drawn_often_is_discounted() -> None:
    log_q = torch.tensor([math.log(0.9), math.log(0.1)])
    rows = torch.ones(2, 2) / math.sqrt(2)
    skewed = (-math.log(0.1) - math.log(0.9)) / 2  # softmax of -log q of (.9, .1) is (.1, .9)
    assert float(info_nce(rows, rows, NONE, 1.0, log_q)) == pytest.approx(skewed, abs=1e-5)


def test_bad_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="temperature is 0"):
        info_nce(torch.eye(2), torch.eye(2), NONE, 0)
    with pytest.raises(ShapeError, match=r"not \(2, 2\), \(3, 3\)"):
        info_nce(torch.eye(2), torch.eye(3), NONE)
    with pytest.raises(ShapeError, match=r"not \(2, 2\), \(2, 2\) and \(3, 1\)"):
        info_nce(torch.eye(2), torch.eye(2), torch.zeros(3, 1, dtype=torch.int64))
    with pytest.raises(ShapeError, match="Q up to B"):
        info_nce(torch.eye(3), torch.eye(3)[:2], NONE)


def test_the_gradient_is_that_of_the_loss_written_out() -> None:
    rng = torch.Generator().manual_seed(3)
    start = [torch.randn(count, 8, generator=rng) for count in (5, 7)]
    log_q = torch.rand(7, generator=rng).log()
    others = torch.tensor([[0, 0, 3, 4], [2, 6, 3, 1]])  # one of them a query's own, which stays

    def written_out(queries: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
        logits = queries @ rows.T / 0.2 - log_q
        hidden = torch.zeros(5, 7, dtype=torch.bool)
        hidden[[0, 0, 4], [2, 6, 1]] = True
        return torch.nn.functional.cross_entropy(logits.masked_fill(hidden, -1e9), torch.arange(5))

    found = [one.clone().requires_grad_() for one in start]
    expected = [one.clone().requires_grad_() for one in start]
    loss, written = 3 * info_nce(found[0], found[1], others, 0.2, log_q), 3 * written_out(*expected)
    assert float(loss.detach()) == pytest.approx(float(written.detach()), rel=1e-5)
    torch.autograd.backward(loss)
    torch.autograd.backward(written)
    for own, other in zip(found, expected, strict=True):
        torch.testing.assert_close(own.grad, other.grad)
