from __future__ import annotations

import numpy as np
import pytest

from indexer.errors import InputError
from indexer.fields.rows import Row, Value
from tests.indexer.linking.cases import linker


def best(kind: str, **values: Value) -> int:
    return linker().link(Row("title" if kind == "title" else "person", values))[0].id


@pytest.mark.parametrize(
    "hint",
    [
        {"cast": ("Uma Thurman",)},
        {"cast": ("Thurman", "Fiennes")},
        {"cast": ("Uma Thurmann",)},
        {"director": "Jeremiah Chechik"},
        {"director": "Chechik"},
        {"character": "Emma Peel"},
        {"character": "steed"},
        {"year": 1998},
        {"year": 1997},
        {"decade": "1990s"},
        {"runtime": 90},
        {"genres": ("Sci-Fi",)},
    ],
)
def test_a_hint_decides_between_namesakes_against_the_votes(hint: dict[str, Value]) -> None:
    assert best("title", title="The Avengers", **hint) == 1


def test_without_a_hint_votes_decide() -> None:
    assert best("title", title="The Avengers") == 2


def test_a_title_is_found_without_its_name() -> None:
    assert best("title", cast=("Reeves", "Foster", "Williams")) == 4
    assert best("title", director="Whedon", genres=("Action",)) == 2
    assert best("title", character="Sean Archer") == 9


def test_the_person_of_a_title_row_counts_as_its_cast() -> None:
    assert best("title", title="avengers", person="Ralph Fiennes") == 1


def test_people_of_one_name_are_told_apart_by_what_they_did() -> None:
    assert best("person", person="Paul Williams", title="Face") == 11
    assert best("person", person="Paul Williams", cast=("Keanu Reeves",)) == 10
    assert best("person", person="Paul Williams", character="Door Keeper") == 10
    assert best("person", person="Paul Williams", profession="director", born=1943) == 11


def test_a_person_is_found_by_birth_and_profession_alone() -> None:
    assert best("person", profession="director", born=1955) == 7


def test_an_article_before_a_character_changes_nothing() -> None:
    assert best("title", character="the oracle") == best("title", character="Oracle") == 3


def test_a_person_is_found_by_role_and_title_alone() -> None:
    assert best("person", character="Oracle", title="matrix") == 5


def test_probabilities_are_shares_and_fall() -> None:
    found = linker().link(Row("title", {"title": "the avengers", "year": 1998}), limit=50)
    chances = [candidate.probability for candidate in found]
    assert chances == sorted(chances, reverse=True)
    assert 0.5 < sum(chances) <= 1.0
    assert chances[0] > 0.5


def test_where_nothing_fits_all_probabilities_are_low() -> None:
    fits = linker().link(Row("title", {"title": "the avengers", "cast": ("Uma Thurman",), "year": 1998}))
    wrong = linker().link(Row("title", {"title": "zzyzx road", "cast": ("Nobody Known",), "year": 1931}))
    assert fits[0].probability > 0.9
    assert sum(candidate.probability for candidate in wrong) < 0.5


def test_parts_add_up_to_the_score() -> None:
    for candidate in linker().link(Row("title", {"title": "the avengers", "cast": ("Thurman",)})):
        assert np.isclose(sum(candidate.parts.values()), candidate.score)


def test_a_candidate_is_written_with_imdb_ids() -> None:
    found = linker().link(Row("title", {"title": "the matrix", "year": 1999}))[0].to_json()
    assert (found["id"], found["name"], found["year"]) == ("tt0000003", "The Matrix", 1999)
    assert found["parts"]["year"] > 0


def test_a_name_alone_shows_what_spelling_and_votes_add() -> None:
    found = linker().names("person", "Joss Whedon", 1)[0]
    assert (found.id, found.year) == (6, 1964)
    assert set(found.parts) == {"name", "votes"}
    assert np.isclose(sum(found.parts.values()), found.score)


def test_a_probability_is_the_same_however_few_are_asked_for() -> None:
    for row in (Row("title", {"title": "matrix"}), Row("title", {"title": "matrix", "year": 2003})):
        assert linker().link(row, limit=1)[0] == linker().link(row, limit=20)[0]


@pytest.mark.parametrize("mode", ["hybrid", "lexical"])
def test_without_vectors_hybrid_is_lexical(mode: str) -> None:
    row = Row("title", {"title": "avengers", "year": 1998})
    assert linker().link(row, mode=mode) == linker().link(row, mode="lexical")  # type: ignore[arg-type]


def test_dense_mode_without_vectors_finds_nothing() -> None:
    assert linker().link(Row("title", {"title": "avengers"}), mode="dense") == []


def test_an_unknown_mode_names_the_known_ones() -> None:
    with pytest.raises(InputError, match="hybrid, dense, lexical"):
        linker().link(Row("title", {"title": "x"}), mode="fast")  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["?!", "\0\0", "%' OR 1=1 --", "ب", "𝕏" * 400])
def test_odd_values_in_every_field_never_fail(text: str) -> None:
    texts = dict.fromkeys(("title", "person", "character", "director", "type", "profession"), text)
    lists = {"cast": (text, text), "genres": (text,)}
    row: dict[str, Value] = {**texts, **lists, "year": -5, "runtime": 1e5, "born": 0, "decade": "0000s"}
    found = [*linker().link(Row("title", row)), *linker().link(Row("person", row))]
    assert all(np.isfinite(candidate.score) for candidate in found)


def found(among: list[int] | None = None, **values: Value) -> list[int]:
    ids = None if among is None else np.asarray(among, np.int64)
    return [hit.id for hit in linker().search(Row("title", values), 10, ids)]


def test_a_search_finds_all_titles_that_fit_the_name_and_no_others() -> None:
    assert found(title="The Avengers") == [2, 1]
    assert found(title="Nothing of that kind") == []


def test_a_search_leaves_out_what_is_filtered_before_it_ranks() -> None:
    assert found([1, 9], title="The Avengers") == [1]
    assert found([9], title="The Avengers") == []
    assert found([], title="The Avengers") == []


def test_every_name_of_a_search_must_fit() -> None:
    assert found(title="The Avengers", person="Uma Thurman") == [1]
    assert found(title="The Avengers", person="Keanu Reeves") == []
    assert set(found(person="Keanu Reeves")) == {3, 4}
    assert found(person="Keanu Reeves", character="Door Keeper") == [4]
    assert found(director="Joss Whedon") == [2]
