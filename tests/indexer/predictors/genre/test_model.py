import json
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from numpy.typing import NDArray

from indexer.errors import FormatMismatch, ShapeError
from indexer.overviews.encoder import Encoder
from indexer.predictors.genre import GenreModel, f1, train_genre
from indexer.predictors.genre.solving import fit_linear
from tests.indexer.predictors.shelf import at, film, shelf

COUNT = 400


def genres_at(degree: float) -> tuple[str, ...]:
    """Comedy on one half of the circle, Romance on an overlapping one."""
    comedy, romance = degree < 180, 90 <= degree < 270
    return tuple(name for name, holds in (("Comedy", comedy), ("Romance", romance)) if holds) or ("Drama",)


@pytest.fixture(scope="module")
def model() -> GenreModel:
    degrees = np.random.default_rng(4).uniform(0, 360, COUNT)
    films = [film(number, genres_at(degree)) for number, degree in enumerate(degrees, start=1)]
    return train_genre(shelf(films), np.arange(1, COUNT + 1), at(*degrees))


def test_several_genres_may_be_likely_at_once(model: GenreModel) -> None:
    both, comedy = model.predict(at(135, 45))
    assert both["Comedy"] > 0.5 < both["Romance"]
    assert comedy["Comedy"] > 0.5 > comedy["Romance"]
    assert list(both.values()) == sorted(both.values(), reverse=True)


def test_the_report_beats_guessing_everything(model: GenreModel) -> None:
    assert model.report["held_out"] == COUNT // 5
    assert model.report["micro_f1"] > 0.8
    assert model.report["macro_f1"] > 0.7


def test_saved_and_loaded_it_says_the_same(model: GenreModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    loaded = GenreModel.load(tmp_path)
    assert loaded.predict(at(10, 200)) == model.predict(at(10, 200))
    assert loaded.report == model.report
    assert sorted(path.name for path in tmp_path.iterdir()) == ["genre.json", "genre.safetensors"]


def test_texts_are_read_by_the_encoder_given(model: GenreModel) -> None:
    class Compass:
        def encode(self, texts: list[str]) -> Any:
            return at(*(float(text) for text in texts))

    assert model.predict(["45"], cast("Encoder", Compass())) == model.predict(at(45))


def test_six_shares_sum_to_one_and_follow_the_odds() -> None:
    labels = ["Action", "Comedy", "Drama", "Horror", "News"]
    bias = np.log(np.array([1, 1, 2, 4, 100], dtype=np.float32))  # odds 1, 1, 2, 4; News is none of the six
    shares = GenreModel(labels, np.zeros((2, 5), np.float32), bias).six(at(0))
    np.testing.assert_allclose(shares[0], [0.25, 0, 0.125, 0.5, 0.125, 0], atol=1e-5)
    assert shares.sum() == pytest.approx(1)


def test_the_loss_is_the_logistic_one() -> None:
    """The gradient of the mean log loss and the penalty vanishes at the solution."""
    random = np.random.default_rng(1)
    rows = random.standard_normal((300, 3)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    targets = (rows @ np.array([[3], [-1], [0.5]]) + random.standard_normal((300, 1)) > 0).astype(np.float32)
    weights, bias = fit_linear([rows], targets, 30.0, exclusive=False)
    chance = 1 / (1 + np.exp(-(rows @ weights + bias)))
    slope: NDArray[np.float64] = rows.T @ (chance - targets) + 30.0 * weights
    np.testing.assert_allclose(slope, 0, atol=0.2)
    assert chance.mean() == pytest.approx(targets.mean(), abs=1e-3)


def test_f1_by_hand() -> None:
    truth = np.array([[1, 0, 0], [1, 1, 0]], dtype=bool)
    guess = np.array([[1, 1, 0], [0, 1, 0]], dtype=bool)
    micro, macro = f1(truth, guess)
    assert micro == pytest.approx(2 * 2 / (3 + 3))
    assert macro == pytest.approx(2 / 3)  # the third genre is neither held nor guessed


def test_without_titles_there_are_no_genres() -> None:
    model = train_genre(shelf([]), np.empty(0, np.int64), np.empty((0, 2), np.float32))
    assert model.predict(at(5)) == [{}]


def test_a_wrong_width_and_a_damaged_folder_are_refused(model: GenreModel, tmp_path: Path) -> None:
    with pytest.raises(ShapeError, match="3 columns, expected 2"):
        model.predict(np.ones((1, 3), np.float32))
    with pytest.raises(FormatMismatch, match="rebuild with python -m indexer build"):
        GenreModel.load(tmp_path)
    model.save(tmp_path)
    said = json.loads((tmp_path / "genre.json").read_text())
    (tmp_path / "genre.json").write_text(json.dumps(said | {"format": 99}))
    with pytest.raises(FormatMismatch, match="format 99, expected 2"):
        GenreModel.load(tmp_path)


def test_a_model_of_an_earlier_build_is_read(tmp_path: Path) -> None:
    from safetensors.numpy import save_file

    weights, bias = np.array([[1, -1], [0, 2]], np.float32), np.array([0.5, 0], np.float32)
    save_file({"weights": weights, "bias": bias}, tmp_path / "genre.safetensors")
    said = {"format": 1, "labels": ["Drama", "Horror"], "report": {"titles": 3}, "overviews": {}}
    (tmp_path / "genre.json").write_text(json.dumps(said))
    found = GenreModel.load(tmp_path)
    assert found.predict(at(0))[0] == pytest.approx({"Drama": 0.8176, "Horror": 0.2689}, abs=1e-4)
    assert found.report == {"titles": 3}
