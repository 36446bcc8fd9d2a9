"""From which probability on a genre is given."""

import numpy as np
import pytest

from indexer.predictors.genre.metrics import f1
from indexer.predictors.genre.thresholds import (
    Chosen,
    Rows,
    crossed,
    fitted_threshold,
    fitted_thresholds,
    guesses,
)


def drawn(rates: tuple[float, ...], seed: int, count: int = 4_000) -> tuple[Rows, Chosen]:
    """Chances that are right, of labels as frequent as told, and what came of them."""
    random = np.random.default_rng(seed)
    odds = np.log(np.array(rates) / (1 - np.array(rates))) + 2 * random.standard_normal((count, len(rates)))
    chances = (1 / (1 + np.exp(-odds))).astype(np.float32)
    return chances, np.asarray(random.random(chances.shape) < chances)


def test_a_rare_genre_gets_a_lower_threshold_and_is_found_better() -> None:
    labels = ("Drama", "Musical")
    chances, truth = drawn((0.5, 0.02), seed=1)
    limits = fitted_thresholds(chances, truth, labels)
    assert limits["Musical"] < limits["Drama"] < 0.5
    fresh, held = drawn((0.5, 0.02), seed=2)
    own = guesses(fresh, limits, labels)
    common = fresh > fitted_threshold(chances, truth)
    assert f1(held[:, 1:], own[:, 1:])[0] > f1(held[:, 1:], common[:, 1:])[0] + 0.02


def test_a_genre_without_one_row_goes_by_what_is_expected() -> None:
    """None of 500 rows has it; what its chances let expect keeps its threshold from an end of the scale."""
    chances, _ = drawn((0.05,), seed=3, count=500)
    limit = fitted_thresholds(chances, np.zeros((500, 1), dtype=bool), ("News",))["News"]
    whole, truth = drawn((0.05,), seed=4)
    assert limit == pytest.approx(fitted_thresholds(whole, truth, ("News",))["News"], abs=0.1)


def test_few_rows_have_one_threshold_for_all() -> None:
    chances, truth = drawn((0.5, 0.02), seed=5, count=60)
    limits = fitted_thresholds(chances, truth, ("Drama", "Musical"))
    assert set(limits.values()) == {fitted_threshold(chances, truth)}


def test_each_half_goes_by_the_thresholds_of_the_other() -> None:
    """At 0.4 every even row has the genre and no odd one, so that each half is wrong by the other."""
    chances = np.tile(np.array([[0.4], [0.4], [0.7], [0.7]], np.float32), (20, 1))
    truth = np.tile(np.array([[True], [False], [True], [True]]), (20, 1))
    found = crossed(chances, truth, ("Drama",))
    assert not found[0::4].any()
    assert found[1::4].all()
    assert found[2::4].all() and found[3::4].all()


def test_without_thresholds_it_is_what_is_likelier_than_not() -> None:
    assert guesses(np.array([[0.4, 0.6]], np.float32), None, ("a", "b")).tolist() == [[False, True]]
