from __future__ import annotations

from pathlib import Path

import pytest

from indexer.errors import FormatMismatch
from indexer.linking.names import NameIndex, search_key
from tests.indexer.linking.cases import indexes, title_names


def first(query: str, kind: str = "title") -> int:
    return indexes()[kind].search(query)[0].id


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("the matrix", 3),
        ("matrix, the", 3),
        ("matirx", 3),
        ("Rocky Two", 5),
        ("rocky 2", 5),
        ("AMELIE", 7),
        ("fabuleux destin amelie poulain", 7),
        ("face", 8),
        ("faceoff", 9),
        ("face/off", 9),
        ("spiderman", 11),
        ("$", 10),
    ],
)
def test_the_title_meant_is_first(query: str, title: int) -> None:
    assert first(query) == title


@pytest.mark.parametrize(
    "query", ["Keanu Reeves", "reeves, keanu", "Reeves Keanu", "keanu reaves", "keanureeves", "Reeves"]
)
def test_the_person_meant_is_first_in_any_order_and_spelling(query: str) -> None:
    assert first(query, "person") == 4


def test_namesakes_come_by_votes() -> None:
    assert [match.id for match in indexes()["title"].search("the avengers")][:2] == [2, 1]


def test_a_series_brings_every_film_whose_name_begins_with_it() -> None:
    found = {match.id: match.relation for match in indexes()["title"].search("the matrix")}
    assert (found[3], found[4]) == ("exact", "begins")


def test_relations_tell_exact_from_same_from_fuzzy() -> None:
    index = indexes()["title"]
    relations = {query: index.search(query)[0].relation for query in ("The Matrix", "matrix", "matrxi")}
    assert relations == {"The Matrix": "exact", "matrix": "same", "matrxi": "fuzzy"}


def test_similarity_is_one_for_an_equal_name_alone() -> None:
    index = indexes()["title"]
    assert index.search("rocky")[0].similarity == 1.0
    assert 0.5 < index.search("rokcy")[0].similarity < 0.98


@pytest.mark.parametrize("query", ["", "   ", "\0", "ζζζζ", "?!", "\ud800", "a" * 100_000])
def test_odd_queries_bring_nothing_false_and_never_fail(query: str) -> None:
    assert all(match.relation == "fuzzy" for match in indexes()["title"].search(query))


def test_an_index_without_names_finds_nothing() -> None:
    assert NameIndex.of([], "title").search("anything") == []


def test_one_id_is_answered_once_whatever_its_names() -> None:
    ids = [match.id for match in indexes()["title"].search("amelie")]
    assert ids.count(7) == 1


def test_a_saved_index_answers_as_the_one_that_was_built(tmp_path: Path) -> None:
    built = NameIndex.build(title_names(), tmp_path / "title", "title")
    opened = NameIndex.open(tmp_path / "title")
    assert opened.search("rocky two") == built.search("rocky two")


def test_a_damaged_index_asks_for_a_rebuild(tmp_path: Path) -> None:
    NameIndex.build(title_names(), tmp_path, "title")
    (tmp_path / "gram_idf.npy").write_bytes(b"nothing")
    with pytest.raises(FormatMismatch, match="rebuild"):
        NameIndex.open(tmp_path)


def test_a_missing_index_asks_for_a_rebuild(tmp_path: Path) -> None:
    with pytest.raises(FormatMismatch, match="rebuild"):
        NameIndex.open(tmp_path)


def test_numbers_meet_in_one_key() -> None:
    assert {search_key("title", text) for text in ("Rocky V", "Rocky Five", "rocky 5")} == {"rocky 5"}
