"""Shares, intervals and quantiles with answers known beforehand."""

from __future__ import annotations

import pytest

from evals.stats import Share, quantile, share


def test_a_share_counts_only_among_the_items_kept() -> None:
    found = share([True, True, False, False], among=[True, False, True, False])
    assert (found.hits, found.n, found.percent) == (1, 2, 50.0)


def test_no_items_make_an_empty_share() -> None:
    assert share([]) == Share(0, 0, 0.0, 0.0)
    assert share([True], among=[False]).to_text() == "no items"


def test_the_interval_is_near_the_normal_one_and_repeats() -> None:
    flags = [place % 4 != 0 for place in range(400)]  # 75 %, normal interval 70.8-79.2
    found = share(flags)
    assert found.low == pytest.approx(70.8, abs=0.8)
    assert found.high == pytest.approx(79.2, abs=0.8)
    assert share(flags) == found


def test_a_certain_outcome_has_no_width() -> None:
    assert share([True] * 30) == Share(30, 30, 100.0, 100.0)


def test_quantiles_are_values_of_the_list() -> None:
    assert quantile([4.0, 1.0, 3.0, 2.0], 0.5) == 3.0
    assert quantile([1.0], 0.95) == 1.0
    assert quantile([], 0.5) == 0.0
