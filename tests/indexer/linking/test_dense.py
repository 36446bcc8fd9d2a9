from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from indexer.fields.rows import Row
from indexer.linking.dense import DenseView
from indexer.linking.evidence import Asked
from indexer.linking.features import FEATURES, GUESSED
from indexer.linking.guesses import Guesses
from indexer.linking.linker import Linker
from tests.indexer.linking.cases import TITLES, Axes, dense_linker, facts


def view(row: Row) -> DenseView:
    space: Any = Axes()
    return DenseView(row, Asked.of(row), space, space)


def titles() -> Any:
    return Axes().rows("titles", np.arange(1, len(TITLES) + 1))


def test_a_person_named_speaks_for_their_titles_in_nats() -> None:
    part = view(Row("title", {"cast": ("Keanu Reeves",)})).parts(facts(), titles())["near_cast"]
    assert set(np.argsort(-part)[:2] + 1) == {3, 4}  # both of The Matrix
    assert part[2] - part[0] > 5


def test_two_people_named_add_up() -> None:
    both = view(Row("title", {"cast": ("Keanu Reeves", "Gloria Foster")})).parts(facts(), titles())
    each = [
        view(Row("title", {"cast": (name,)})).parts(facts(), titles())["near_cast"]
        for name in ("Keanu Reeves", "Gloria Foster")
    ]
    assert np.allclose(both["near_cast"], each[0] + each[1])


def test_a_name_of_two_people_means_either() -> None:
    named = view(Row("title", {"cast": ("Paul Williams",)}))._named(facts())
    assert np.exp(named[0].chances).sum() == pytest.approx(1.0, abs=1e-6)


def test_director_and_title_have_parts_of_their_own() -> None:
    row = Row("person", {"person": "Uma Thurman", "director": "Joss Whedon", "title": "The Avengers"})
    assert set(view(row).parts(facts(), np.eye(12, dtype=np.float32))) == {
        "near_name",
        "near_director",
        "near_title",
    }


def test_dense_only_finds_titles_by_their_people_and_spells_nothing() -> None:
    found = dense_linker().link(Row("title", {"cast": ("Sylvester Stallone",)}), mode="dense")
    assert {found[0].id, found[1].id} == {5, 6}
    assert {"name", "cast"}.isdisjoint(found[0].parts)
    assert found[0].parts["cast by vector"] != 0


def test_an_entity_without_a_vector_is_neither_near_nor_far() -> None:
    latents = titles()
    latents[0] = np.nan
    seen = view(Row("title", {"title": "the avengers", "cast": ("Keanu Reeves",)}))
    assert seen.nats(latents)[0] == 0
    assert all(np.isfinite(part).all() for part in seen.parts(facts(), latents).values())


def test_the_model_guesses_only_where_the_catalogue_has_no_value() -> None:
    ids, table = dense_linker().table(
        Row("title", {"genres": ("Action",), "cast": ("Keanu Reeves",)}), "hybrid"
    )
    guessed = dict(zip(ids.tolist(), table[:, FEATURES.index("genres_guessed")], strict=True))
    stated = dict(zip(ids.tolist(), table[:, FEATURES.index("genres")], strict=True))
    assert guessed[12] != 0 == stated[12]  # Untold has no genres
    assert {key for key, nats in guessed.items() if nats} == {12}


def test_values_taken_as_missing_are_guessed() -> None:
    row = Row("title", {"genres": ("Action",)})
    _, table = dense_linker().table(row, "hybrid", lambda _, rows: np.ones(len(rows), np.bool_))
    assert not table[:, FEATURES.index("genres")].any()
    assert table[:, FEATURES.index("genres_guessed")].any()


def test_a_field_the_space_lacks_is_not_guessed() -> None:
    space: Any = Axes()
    guesses = Guesses(space, space)
    assert not guesses.nats(Row("title", {"year": 1999}), "year", titles()).any()
    nats = guesses.nats(Row("title", {"genres": ("Action",)}), "genres", titles())
    assert nats.max() > 0 > nats.min()


def test_lexical_linking_neither_guesses_nor_looks_near() -> None:
    _, table = dense_linker().table(Row("title", {"title": "matrix", "year": 1999}), "lexical")
    unused = [FEATURES.index(name) for name in (*GUESSED, "dense", "near_name", "near_cast")]
    assert not table[:, unused].any()


def test_parts_of_a_dense_score_add_up_to_it() -> None:
    row = Row("title", {"title": "matrix", "cast": ("Keanu Reeves",), "year": 1999})
    for mode in ("dense", "hybrid"):
        for candidate in dense_linker().link(row, mode=mode):
            assert sum(candidate.parts.values()) == pytest.approx(candidate.score)


def test_without_calibration_probabilities_add_up_to_one() -> None:
    made = dense_linker()
    plain = Linker(
        made.catalog, made.vectors, made.joint, made.name_indexes,
        dataclasses.replace(made.weights, calibrations={}), made.facts,
    )  # fmt: skip
    found = plain.link(Row("title", {"title": "matrix", "year": 1999}), limit=500)
    assert sum(candidate.probability for candidate in found) == pytest.approx(1.0)
