"""The serving model: taught by overviews and by rows, without what it is measured on."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from indexer.catalog.catalog import Catalog
from indexer.errors import InputError
from indexer.overviews.encoder import Encoder
from indexer.predictors.genre import SIX, Beside, GenreModel, train_genre
from indexer.predictors.genre.material import from_catalog, from_rows
from indexer.predictors.genre.rows import GenreRow, GenreRows
from indexer.predictors.genre.twins import HeldOut
from tests.indexer.predictors.genre.plots import Pointing, rows
from tests.indexer.predictors.shelf import film, shelf

ENCODER = cast("Encoder", Pointing())
GERMAN = "Ein einsamer Fischer findet einen Brief in einer Flasche und sucht auf dem Meer den Absender."


def catalogue(made: Sequence[GenreRow]) -> tuple[Catalog, Any, Any]:
    """Films whose overviews are those rows, and their vectors."""
    films = [film(n, (row.genre.title(),), row.year) for n, row in enumerate(made, start=1)]
    texts = {n: row.text for n, row in enumerate(made, start=1)}
    ids = np.arange(1, len(made) + 1)
    return shelf(films, texts=texts), ids, Pointing().encode([row.text for row in made])


@pytest.fixture(scope="module")
def model() -> GenreModel:
    taught = rows(15, seed=6)
    read = GenreRows(tuple(taught), len(taught) + 2, {"no genre": 2})
    return train_genre(*catalogue(rows(20, seed=5)), beside=Beside(read, Pointing()))


def test_six_shares_point_at_the_genre_and_sum_to_one(model: GenreModel) -> None:
    asked = rows(5, seed=7)
    shares = model.six([row.text for row in asked], ENCODER)
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    right = [SIX[place] == row.genre for place, row in zip(shares.argmax(axis=1), asked, strict=True)]
    assert np.mean(right) > 0.8
    assert model.single([asked[0].text], ENCODER)[0].keys() == set(SIX)


def test_it_says_what_taught_it_and_how_good_it_is(model: GenreModel) -> None:
    serving = model.serving
    assert (serving["model"], serving["six_by"], serving["encoder"]) == ("committee", "taught", "minilm")
    assert serving["taught_by"]["catalogue"]["plots"] == 120
    assert serving["taught_by"]["rows"]["plots"] == 90
    assert serving["taught_by"]["rows"]["rejected"] == {"no genre": 2}
    assert serving["quality"]["several"]["micro_f1"] > 0.7
    assert serving["quality"]["one"]["six"]["accuracy"] > 0.7
    assert serving["quality"]["one"]["held_out"] == 18


def test_saved_and_loaded_both_parts_say_the_same(model: GenreModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    loaded = GenreModel.load(tmp_path)
    texts = [row.text for row in rows(1, seed=8)]
    np.testing.assert_allclose(loaded.six(texts, ENCODER), model.six(texts, ENCODER), atol=1e-6)
    assert loaded.predict(texts, ENCODER)[0] == pytest.approx(model.predict(texts, ENCODER)[0], abs=1e-6)
    assert loaded.serving == model.serving


def test_vectors_alone_are_enough_for_a_guess(model: GenreModel) -> None:
    asked = rows(2, seed=9)
    shares = model.six(Pointing().encode([row.text for row in asked]))
    assert shares.shape == (12, 6)
    np.testing.assert_allclose(shares.sum(axis=1), 1)


def test_without_rows_the_six_come_from_the_several() -> None:
    model = train_genre(*catalogue(rows(20, seed=5)))
    assert model.one is None
    assert model.serving["six_by"] == "committee"
    assert model.single(["a ghost"], ENCODER) == [{}]
    shares = model.six(["A sheriff and an outlaw meet in a saloon on the prairie."], ENCODER)
    assert SIX[int(shares.argmax())] == "western"


def test_rows_without_an_encoder_are_refused() -> None:
    with pytest.raises(InputError, match="need the encoder"):
        train_genre(*catalogue(rows(5)), beside=Beside(GenreRows(tuple(rows(2)), 12, {})))


def test_films_that_are_measured_on_teach_nothing() -> None:
    """One leaks by name and a year off by one, one by its text under another name; a namesake stays."""
    made = rows(2, ("western",), seed=1)
    leaking = GenreRow("The Lost Ranch", 1970, "western", "Nothing alike is told here of anyone at all.")
    copied = GenreRow("Another Name", 1980, "western", f"{made[0].text} It ends badly for all of them.")
    namesake = GenreRow("Lost Ranch", 2004, "western", "A remake without any cattle, told by an old nurse.")
    held = HeldOut.of([("Lost Ranch", 1971, "x"), ("Held", 1999, made[0].text)])
    films = [film(n, ("Western",), row.year) for n, row in enumerate((leaking, copied, namesake), start=1)]
    named = [
        type(one)(one.id, row.name, one.type, year=row.year, genres=one.genres)
        for one, row in zip(films, (leaking, copied, namesake), strict=True)
    ]
    texts = {n: row.text for n, row in enumerate((leaking, copied, namesake), start=1)}
    found = from_catalog(shelf(named, texts=texts), np.arange(1, 4), np.ones((3, 2), np.float32), held)
    assert found.ids == (3,)
    assert found.aside == {"held out": 2}


def test_other_languages_and_lonely_genres_are_set_aside() -> None:
    made = [*rows(2, ("drama", "horror")), GenreRow("Fisch", 2000, "drama", GERMAN), *rows(1, ("comedy",))]
    found = from_rows(made, Pointing())
    assert found.labels == ("drama", "horror")
    assert len(found) == 4
    assert found.aside == {"a genre of too few rows": 1, "language de": 1}
