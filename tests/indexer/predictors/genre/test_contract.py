"""What every model of genre does, whatever it is made of."""

from collections.abc import Callable

import numpy as np
import pytest

from indexer.predictors.genre.balance import WAYS, balanced
from indexer.predictors.genre.classifier import Classifier, Lesson
from indexer.predictors.genre.plots import Plots, Rows
from indexer.predictors.genre.taught import Taught, teachers_of
from indexer.predictors.genre.trained import KINDS, Trained, train
from tests.indexer.predictors.genre.plots import Pointing, one_hot, plots_of, rows

LABELS = ("comedy", "horror", "western")
LEARNT, ASKED = rows(20, LABELS, seed=1), rows(8, LABELS, seed=2)


def maker(kind: type[Classifier]) -> Callable[[], Classifier]:
    if kind is not Taught:
        return kind
    teachers = teachers_of(plots_of(LEARNT), one_hot(LEARNT, LABELS), Lesson(exclusive=False))
    return lambda: Taught(teachers=teachers)


@pytest.fixture(scope="module", params=list(KINDS))
def trained(request: pytest.FixtureRequest) -> Trained:
    make = maker(KINDS[request.param])
    return train(make, plots_of(LEARNT), one_hot(LEARNT, LABELS), LABELS, Lesson())


def test_it_beats_the_majority_is_the_same_alone_and_reloads(trained: Trained) -> None:
    plots = plots_of(ASKED)
    chances = trained.probabilities(plots)
    assert chances.shape == (24, 3)
    np.testing.assert_allclose(chances.sum(axis=1), 1, atol=1e-5)
    truth = one_hot(ASKED, LABELS).argmax(axis=1)
    assert (chances.argmax(axis=1) == truth).mean() > 0.6  # the majority has a third
    alone = np.vstack([trained.probabilities(plots.take([place])) for place in range(5)])
    np.testing.assert_allclose(alone, chances[:5], atol=2e-3)
    np.testing.assert_allclose(Trained.from_state(trained.state()).probabilities(plots), chances, atol=1e-5)
    assert trained.held is not None and len(trained.held[0]) == 12


def test_empty_unknown_and_no_plots_are_handled(trained: Trained) -> None:
    texts = ["", "qqq zzz 😀", "λόγος <b>"]
    chances = trained.probabilities(Plots(texts, Pointing().encode(texts)))
    assert np.isfinite(chances).all()
    np.testing.assert_allclose(chances.sum(axis=1), 1, atol=1e-5)
    assert trained.probabilities(Plots([], np.zeros((0, 8), np.float32))).shape == (0, 3)


@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if not kind.slow and kind is not Taught])
def test_several_genres_may_hold_together(kind: type[Classifier]) -> None:
    """Texts of two genres at once get both."""
    first, second = rows(40, ("horror",), seed=3), rows(40, ("western",), seed=4)
    texts = [row.text for row in (*first[:30], *second[:30])]
    texts += [f"{one.text} {other.text}" for one, other in zip(first[30:], second[30:], strict=True)]
    targets = np.array([[1, 0]] * 30 + [[0, 1]] * 30 + [[1, 1]] * 10, np.float32)
    plots = Plots(texts, Pointing().encode(texts))
    found = train(kind, plots, targets, ("horror", "western"), Lesson(exclusive=False))
    chances = found.probabilities(Plots(texts[-5:], plots.vectors[-5:]))
    assert chances.mean() > found.probabilities(plots).mean()


@pytest.mark.parametrize("way", WAYS)
def test_balancing_makes_rare_classes_count_and_leaves_what_it_was_given(way: str) -> None:
    made: Rows = np.random.default_rng(1).standard_normal((40, 3)).astype(np.float32)
    targets = np.eye(3, dtype=np.float32)[[0] * 30 + [1] * 8 + [2] * 2]
    given = made.copy()
    found, wanted, weights = balanced(made, targets, way, seed=1)  # type: ignore[arg-type]
    np.testing.assert_array_equal(made, given)
    shares = (wanted * weights[:, None]).sum(axis=0)
    assert len(found) == len(wanted) == len(weights)
    assert (shares == shares[0]).all() if way in ("oversample", "smote") else True
    if way == "weights":
        np.testing.assert_allclose(shares, shares[0], rtol=1e-5)
    if way == "none":
        np.testing.assert_array_equal(shares, [30, 8, 2])
