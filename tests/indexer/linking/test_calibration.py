from __future__ import annotations

import numpy as np
import pytest

from indexer.linking.calibration import Calibration, Scored, reliability, without_right


def rows(sharpness: float, absent: float, count: int = 400) -> list[Scored]:
    """Queries whose right candidate is drawn from the softmax of scores times ``sharpness``."""
    rng = np.random.default_rng(3)
    found = []
    for _ in range(count):
        scores = rng.normal(0, 4, 6)
        chances = Calibration(sharpness, absent).probabilities(scores, 0)
        drawn = rng.choice(7, p=[*chances, max(1 - chances.sum(), 0)])
        found.append((scores, np.arange(6) == drawn, 0))
    return found


def test_the_default_is_a_plain_softmax() -> None:
    assert Calibration().probabilities(np.asarray([0.0, np.log(3)]), 2) == pytest.approx([0.25, 0.75])


def test_no_candidates_have_no_probabilities() -> None:
    assert Calibration(1.0, 2.0, 1.0).probabilities(np.zeros(0), 1).shape == (0,)


def test_huge_scores_do_not_overflow() -> None:
    assert Calibration().probabilities(np.asarray([5000.0, 0.0]), 1) == pytest.approx([1.0, 0.0])


def test_what_may_be_absent_lowers_all_probabilities() -> None:
    found = Calibration(1.0, np.log(2), 0.0).probabilities(np.zeros(2), 1)
    assert found == pytest.approx([0.25, 0.25])


@pytest.mark.parametrize(("sharpness", "absent"), [(0.4, -20.0), (1.0, 3.0)])
def test_the_sharpness_and_the_chance_of_absence_are_found_again(sharpness: float, absent: float) -> None:
    found = Calibration.fitted(rows(sharpness, absent), not_there=0.0)
    assert found.sharpness == pytest.approx(sharpness, rel=0.25)
    if absent > 0:
        assert found.absent == pytest.approx(absent, abs=0.7)


def test_fitting_lowers_the_calibration_error_of_other_rows() -> None:
    found, told = Calibration.fitted(rows(0.4, 1.0)[:200]), rows(0.4, 1.0)[200:]

    def error(way: Calibration) -> float:
        right = [bool(gold[int(np.argmax(scores))]) for scores, gold, _ in told]
        stated = [float(way.probabilities(scores, 0).max()) for scores, _, _ in told]
        return float(reliability(stated, right)["ece"])

    assert error(found) < 0.5 * error(Calibration())


def test_what_is_not_there_is_stated_with_less() -> None:
    told = [without_right(row) for row in rows(1.0, -20.0)]

    def stated(way: Calibration) -> float:
        return float(np.mean([way.probabilities(scores, 0).max() for scores, _, _ in told]))

    assert stated(Calibration.fitted(rows(1.0, -20.0))) < stated(Calibration()) - 0.02


def test_few_rows_teach_nothing() -> None:
    assert Calibration.fitted(rows(0.4, 1.0)[:10]) == Calibration()


def test_calibration_error_is_the_mean_gap_between_stated_and_true() -> None:
    found = reliability([0.95, 0.95, 0.15, 1.0], [True, False, False, True])
    assert [(row["from"], row["n"]) for row in found["bins"]] == [(0.1, 1), (0.9, 3)]
    assert found["ece"] == pytest.approx((0.15 + abs(2.9 - 2)) / 4, abs=1e-4)
    assert reliability([], [])["n"] == 0
