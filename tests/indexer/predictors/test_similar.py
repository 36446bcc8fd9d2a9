from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from indexer.catalog.catalog import Catalog
from indexer.errors import IndexUnusable, InputError
from indexer.overviews.encoder import Encoder
from indexer.predictors.similar import MAX_PLOT, SimilarTitles, popularity, same_era, shared_genres
from indexer.vectors import Vectors
from tests.indexer.predictors.shelf import at, film, shelf

FILMS = [film(1), film(2), film(3), film(4), film(5)]
PLOTS = (np.array([1, 2, 3, 4]), at(0, 10, 50, 80))  # film 5 has no overview


class Compass:
    """Reads a plot as the angle it names."""

    width = 2

    def encode_one(self, text: str) -> Any:
        return at(float(text))[0]


@pytest.fixture
def plots(tmp_path: Path) -> Iterator[Vectors]:
    Vectors.build(tmp_path, {"overviews": PLOTS})
    vectors = Vectors.open(tmp_path)
    yield vectors
    vectors.close()


def similar(catalog: Catalog, vectors: Vectors | None) -> SimilarTitles:
    return SimilarTitles(catalog, vectors, cast("Encoder", Compass()))


def test_the_nearest_plots_come_first_and_the_title_itself_never(plots: Vectors) -> None:
    found = similar(shelf(FILMS), plots).to_title(1)
    assert [title.title_id for title in found] == [2, 3, 4]
    for title in found:
        assert sum(title.parts.values()) == pytest.approx(title.score)


def test_shared_genres_beat_a_slightly_nearer_plot(plots: Vectors) -> None:
    films = [film(1, ("Horror", "Western")), film(2, ("Comedy",)), film(3, ("Horror", "Western")), film(4)]
    assert [title.title_id for title in similar(shelf(films), plots).to_title(1, k=2)] == [3, 2]


def test_a_film_of_the_same_collection_is_found_without_an_overview(plots: Vectors) -> None:
    found = similar(shelf(FILMS, {1, 5}), plots).to_title(1)
    assert found[0].title_id == 2
    assert {title.title_id: title.parts["collection"] > 0 for title in found}[FILMS[4].id]


def test_neighbours_in_the_joint_space_are_found_for_a_title_without_a_plot(tmp_path: Path) -> None:
    joint = (np.array([3, 4, 5]), at(0, 90, 10))
    Vectors.build(tmp_path, {"overviews": PLOTS, "titles": joint})
    vectors = Vectors.open(tmp_path)
    assert [title.title_id for title in similar(shelf(FILMS), vectors).to_title(5)] == [3, 4]
    vectors.close()


def test_a_title_without_any_vector_has_nothing_alike(plots: Vectors) -> None:
    assert similar(shelf(FILMS), plots).to_title(5) == []
    assert similar(shelf(FILMS), None).to_title(1) == []


def test_an_unknown_title_is_named(plots: Vectors) -> None:
    with pytest.raises(InputError, match="no title tt0000099"):
        similar(shelf(FILMS), plots).to_title(99)


def test_a_plot_finds_the_overviews_nearest_to_it(plots: Vectors) -> None:
    found = similar(shelf(FILMS), plots).to_text("47", k=2)
    assert [title.title_id for title in found] == [3, 4]
    assert found[0].parts["overview"] == pytest.approx(np.cos(np.radians(3)), abs=1e-4)
    assert found[0].score == pytest.approx(sum(found[0].parts.values()))


def test_a_plot_is_compared_with_the_overviews_of_given_titles(plots: Vectors) -> None:
    near = similar(shelf(FILMS), plots).nearness("50", [2, 3, 5])
    assert near == {2: pytest.approx(np.cos(np.radians(40)), abs=1e-4), 3: pytest.approx(1.0, abs=1e-4)}


def test_an_empty_plot_finds_nothing_and_a_huge_one_is_refused(plots: Vectors) -> None:
    assert similar(shelf(FILMS), plots).to_text("  ") == []
    with pytest.raises(InputError, match="20,001 characters: the limit is 20,000"):
        similar(shelf(FILMS), plots).to_text("x" * (MAX_PLOT + 1))


def test_without_overview_vectors_plot_search_says_what_to_do() -> None:
    with pytest.raises(IndexUnusable, match="rebuild with python -m indexer build"):
        similar(shelf(FILMS), None).to_text("10")


def test_the_parts_lie_between_nothing_and_one() -> None:
    assert shared_genres(film(1, ("A", "B")), film(2, ("B", "C"))) == pytest.approx(1 / 3)
    assert shared_genres(film(1), film(2)) == 0
    assert (popularity(film(1, votes=0)), popularity(film(1, votes=10**7))) == (0, 1)
    assert same_era(film(1, year=1990), film(2, year=1990)) == 1
    assert same_era(film(1, year=1990), film(2, year=2005)) == pytest.approx(np.exp(-1))
    assert same_era(film(1, year=None), film(2)) == 0
