from __future__ import annotations

import math

import pytest
import torch

from indexer.errors import ShapeError
from indexer.joint.loss import info_nce

NONE = torch.zeros(2, 2, dtype=torch.bool)


def test_a_loss_computed_by_hand() -> None:
    queries = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    rows = torch.tensor([[0.6, 0.8], [0.0, 1.0]])
    # similarities [[.6, 0], [.8, 1]] at temperature 1
    expected = (math.log(1 + math.exp(0 - 0.6)) + math.log(1 + math.exp(0.8 - 1))) / 2
    assert float(info_nce(queries, rows, NONE, 1.0)) == pytest.approx(expected, abs=1e-6)


def test_fewer_queries_than_rows_are_told_from_all_rows() -> None:
    query = torch.tensor([[1.0, 0.0]])
    rows = torch.tensor([[1.0, 0.0], [1.0, 0.0], [1.0, 0.0]])
    same = torch.zeros(1, 3, dtype=torch.bool)
    assert float(info_nce(query, rows, same)) == pytest.approx(math.log(3), abs=1e-6)
    same[0, 2] = True
    assert float(info_nce(query, rows, same)) == pytest.approx(math.log(2), abs=1e-6)


def test_a_perfect_match_costs_nothing_and_a_hopeless_one_much() -> None:
    assert float(info_nce(torch.eye(2), torch.eye(2), NONE, 0.05)) < 1e-6
    assert float(info_nce(torch.eye(2), torch.eye(2).flip(0), NONE, 0.05)) > 15


def test_a_batch_of_one_costs_nothing() -> None:
    one = torch.tensor([[1.0, 0.0]])
    assert float(info_nce(one, -one, torch.zeros(1, 1, dtype=torch.bool))) == pytest.approx(0)


def test_other_true_pairs_are_not_pushed_apart() -> None:
    same = torch.ones(2, 2)
    assert float(info_nce(same, same, NONE)) == pytest.approx(math.log(2))
    assert float(info_nce(same, same, torch.ones(2, 2, dtype=torch.bool))) == pytest.approx(0)


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
