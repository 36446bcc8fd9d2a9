from __future__ import annotations

from typing import Any

import numpy as np

from indexer.fields.category import CategoryField
from indexer.fields.scalar import ScalarField
from indexer.fields.table import FieldSpec
from indexer.fields.text import TextField
from indexer.joint.space import JointSpace
from indexer.joint.towers import Towers
from indexer.maps.memory import Remembered, remembered
from indexer.settings import JointSettings

NAMES = ["A film", "A series"]
VALUES: list[dict[str, Any]] = [
    {"type": "movie", "runtime": 90, "title": "Psycho"},
    {"type": "tvSeries", "runtime": None, "title": "Lost"},
]
VECTORS = np.eye(2, dtype=np.float32)


def space() -> JointSpace:
    """Two dimensions: the first says film and ninety minutes, the second says series."""
    specs = (
        FieldSpec("title", "type", CategoryField),
        FieldSpec("title", "runtime", ScalarField),
        FieldSpec("title", "title", TextField),
    )
    fields = {
        "title/type": CategoryField("title/type", 2, classes=("movie", "tvseries")),
        "title/runtime": ScalarField("title/runtime", 2, scale="none"),
        "title/title": TextField("title/title", 2, "titles", hashes=4096),
    }
    weights = Towers(specs, fields, 2).initial(np.random.default_rng(0))
    weights["title/type.decoder"] = np.array([[9, -9], [-9, 9]], np.float32)
    weights["title/runtime.decoder"] = np.array([[90], [30]], np.float32) / np.float32(2**0.5)
    weights["title/runtime.bias"] = np.zeros(1, np.float32)
    target = [fields["title/title"].features([name]) for name in ("Psycho", "Lost")]
    decoder = np.zeros((2, 1024), np.float32)
    for row, batch in enumerate(target):
        decoder[row, batch.ids % 1024] = 5  # type: ignore[union-attr]
    weights["title/title.decoder"] = decoder
    return JointSpace(Towers(specs, fields, 2), weights, JointSettings(width=2), {})


def looked_up() -> list[dict[str, Remembered]]:
    found = remembered(space(), VECTORS, VALUES, NAMES, 2)
    return [{line.field: line for line in lines} for lines in found]


def test_a_category_is_told_as_the_catalogue_spells_it() -> None:
    film, series = looked_up()
    assert (film["type"].catalogue, film["type"].model) == ("movie", "movie")
    assert (series["type"].catalogue, series["type"].model) == ("tvSeries", "tvSeries")


def test_a_value_is_likelier_under_its_own_vector_than_under_others() -> None:
    own = looked_up()[0]["type"]
    assert own.nats == 0.0
    assert own.usual is not None
    assert own.usual < -20


def test_a_number_has_its_unit() -> None:
    assert looked_up()[0]["runtime"].model == "90 minutes"


def test_a_text_is_told_from_those_of_other_titles_with_the_rank_of_its_own() -> None:
    film, series = (each["title"] for each in looked_up())
    assert (film.model, film.rank, film.of) == ("Psycho", 1, 2)
    assert (series.model, series.rank, series.of) == ("Lost", 1, 2)


def test_what_the_catalogue_lacks_is_left_out() -> None:
    assert "runtime" not in looked_up()[1]


def test_a_value_that_the_field_never_saw_has_no_likelihood() -> None:
    found = remembered(space(), VECTORS, [{"type": "videoGame"}, {"type": "movie"}], NAMES, 1)
    (line,) = found[0]
    assert (line.catalogue, line.nats, line.usual) == ("videoGame", None, None)
