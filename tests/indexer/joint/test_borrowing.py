"""Entities without neighbours are given the second halves of those that are called alike."""

from collections.abc import Sequence

import numpy as np
import pytest

from indexer.joint.borrowing import LENDERS, borrow
from indexer.joint.space import halves, join


def _rows(first: Sequence[Sequence[float]], second: Sequence[Sequence[float]]) -> np.ndarray:
    return join(*(np.array(part, np.float32) for part in (first, second)))


def test_the_second_half_is_that_of_the_entity_most_like_it() -> None:
    rows = _rows([[1, 0], [0, 1], [0.995, 0.0999]], [[1, 0], [0, 1], [-1, 0]])
    first, second = halves(borrow(rows, np.array([False, False, True])))
    np.testing.assert_allclose(second[2], [1, 0], atol=0.01)
    np.testing.assert_allclose(first, halves(rows)[0], atol=1e-6)


def test_those_that_have_neighbours_keep_their_own() -> None:
    rows = _rows([[1, 0], [1, 0], [1, 0]], [[1, 0], [0, 1], [-1, 0]])
    np.testing.assert_array_equal(borrow(rows, np.array([False, False, True]))[:2], rows[:2])


def test_two_equally_near_lenders_count_alike() -> None:
    rows = _rows([[1, 0], [1, 0], [1, 0]], [[1, 0], [0, 1], [-1, 0]])
    second = halves(borrow(rows, np.array([False, False, True])))[1]
    np.testing.assert_allclose(second[2], [0.7071, 0.7071], atol=1e-3)


def test_rows_that_are_not_there_neither_lend_nor_borrow() -> None:
    rows = _rows([[1, 0], [1, 0], [0, 1]], [[1, 0], [0, 1], [0, 1]])
    rows[0] = np.nan
    found = borrow(rows, np.array([False, True, False]))
    assert np.isnan(found[0]).all()
    np.testing.assert_allclose(halves(found)[1][1], [0, 1], atol=1e-3)


@pytest.mark.parametrize("alone", [False, True])
def test_without_borrowers_or_lenders_nothing_changes(alone: bool) -> None:
    rows = _rows([[1, 0], [0, 1]], [[1, 0], [0, 1]])
    np.testing.assert_array_equal(borrow(rows, np.full(2, alone)), rows)


def test_only_the_nearest_lend() -> None:
    near = [[1.0, 0.0]] * LENDERS
    far = [[0.999, 0.0447]] * 50  # many of them would weigh more, were they asked
    rows = _rows([*near, *far, [1, 0]], [[1, 0]] * LENDERS + [[0, 1]] * 50 + [[-1, 0]])
    alone = np.zeros(len(rows), np.bool_)
    alone[-1] = True
    np.testing.assert_allclose(halves(borrow(rows, alone))[1][-1], [1, 0], atol=1e-3)
