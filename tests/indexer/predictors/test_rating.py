import dataclasses
from pathlib import Path

import numpy as np
import pytest

from indexer.catalog.records import Title
from indexer.errors import FormatMismatch, InputError
from indexer.predictors.rating import RatingFacts, RatingModel, train_rating
from tests.indexer.predictors.shelf import film, shelf


def rated(count: int = 500) -> list[Title]:
    """Dramas are one point better than horror, older films half a point a decade, and there is some noise."""
    random = np.random.default_rng(2)
    titles = []
    for number in range(1, count + 1):
        genre = ("Drama", "Horror")[number % 2]
        year = int(random.integers(1960, 2020))
        rating = 6 + (genre == "Drama") + (2000 - year) * 0.05 + random.normal(0, 0.2)
        titles.append(dataclasses.replace(film(number, (genre,), year), rating=float(np.clip(rating, 1, 10))))
    return titles


@pytest.fixture(scope="module")
def model() -> RatingModel:
    return train_rating(shelf(rated()))


def test_it_beats_the_mean_on_held_out_titles(model: RatingModel) -> None:
    assert model.report["held_out"] == 100
    assert model.report["share_of_mean"] < 0.4


def test_it_learns_what_the_facts_say(model: RatingModel) -> None:
    drama, horror, old = model.predict(
        [
            RatingFacts(year=2000, genres=("Drama",), votes=1_000),
            RatingFacts(year=2000, genres=("Horror",), votes=1_000),
            RatingFacts(year=1970, genres=("Horror",), votes=1_000),
        ]
    )
    assert drama - horror == pytest.approx(1, abs=0.1)
    assert old - horror == pytest.approx(1.5, abs=0.2)


def test_unknown_facts_and_genres_still_get_a_rating(model: RatingModel) -> None:
    found = model.predict([RatingFacts(), RatingFacts(type="poem", genres=("Cooking",))])
    assert ((found >= 1) & (found <= 10)).all()


def test_saved_and_loaded_it_says_the_same(model: RatingModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    facts = [RatingFacts(year=1999, genres=("Drama",))]
    assert RatingModel.load(tmp_path).predict(facts) == model.predict(facts)
    (tmp_path / "rating.json").write_text("{}")
    with pytest.raises(FormatMismatch, match="train it again"):
        RatingModel.load(tmp_path)


def test_facts_from_json_name_what_is_wrong() -> None:
    facts = RatingFacts.from_json({"year": 1999, "genres": ["Drama"], "runtime": None})
    assert facts == RatingFacts(year=1999, genres=("Drama",))
    with pytest.raises(InputError, match="unknown fact 'yeer': known are type, year"):
        RatingFacts.from_json({"yeer": 1999})
    with pytest.raises(InputError, match="the fact year is '1999': expected int"):
        RatingFacts.from_json({"year": "1999"})


def test_a_catalogue_without_ratings_is_refused() -> None:
    with pytest.raises(InputError, match=r"import title\.ratings"):
        train_rating(shelf([film(1)]))
