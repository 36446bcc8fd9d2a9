"""Chances against outcomes."""

from __future__ import annotations

import pytest

from assistant.confidence.reliability import brier, ece, table, to_text


def test_chances_that_come_true_have_no_calibration_error() -> None:
    chances = [0.0] * 10 + [1.0] * 10
    right = [False] * 10 + [True] * 10
    assert ece(chances, right) == 0.0
    assert brier(chances, right) == 0.0


def test_a_boast_is_off_by_as_much_as_it_claims_too_much() -> None:
    assert ece([0.9] * 100, [True] * 50 + [False] * 50, bins=1) == pytest.approx(0.4)


def test_groups_are_of_equal_size_and_begin_with_the_least_sure() -> None:
    found = table([0.9, 0.1, 0.5, 0.3], [True, False, True, False], bins=2)
    assert [(held.count, held.right) for held in found] == [(2, 0.0), (2, 1.0)]
    assert found[0].chance == pytest.approx(0.2)


def test_no_answers_have_no_error_and_no_groups() -> None:
    assert (ece([], []), brier([], []), table([], [])) == (0.0, 0.0, [])


def test_the_table_as_text_has_a_line_for_each_group() -> None:
    assert len(to_text(table([0.2, 0.8], [False, True], bins=2)).splitlines()) == 3
