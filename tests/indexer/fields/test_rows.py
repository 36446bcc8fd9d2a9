from __future__ import annotations

from typing import Any

import pytest

from indexer.errors import InputError
from indexer.fields.rows import Row
from indexer.fields.table import TABLE, specs


def test_a_partial_row_is_read() -> None:
    row = Row.from_json(
        {"id": "q1", "kind": "title", "row": {"title": "matrx", "cast": ["Keanu Reeves"], "year": 1999}}
    )
    assert row == Row("title", {"title": "matrx", "cast": ("Keanu Reeves",), "year": 1999})


def test_unknown_values_are_left_out() -> None:
    assert Row.from_json(
        {"kind": "person", "row": {"person": "tom hanks", "born": None, "cast": []}}
    ).values == {"person": "tom hanks"}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"titel": "x"}, "unknown field 'titel': known are born, cast, character"),
        ({"title": 5}, "field title is 5: expected a string"),
        ({"cast": "Keanu"}, "field cast is 'Keanu': expected a list of strings"),
        ({"cast": ["a", 1]}, "field cast is 1: expected a string"),
        ({"year": "1999"}, "field year is '1999': expected a number"),
        ({"year": True}, "field year is True: expected a number"),
        ({"year": float("nan")}, "field year is nan: expected a number"),
        ({"decade": "nineties"}, "field decade is 'nineties': expected a decade such as 1990s"),
        ({"title": "x" * 501}, "field title has 501 characters: at most 500"),
        ({"cast": ["x"] * 51}, "field cast has 51 items: at most 50"),
        ({}, "the row says nothing: give at least one of born"),
        ([], r"row is \[\]: expected an object of fields"),
    ],
)
def test_a_bad_row_says_what_was_expected(row: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        Row.from_json({"kind": "title", "row": row})


def test_a_row_needs_a_kind() -> None:
    with pytest.raises(InputError, match="kind is 'film': expected title or person"):
        Row.from_json({"kind": "film", "row": {"title": "x"}})
    with pytest.raises(InputError, match="an object with kind and row"):
        Row.from_json(["title"])


def test_fields_that_know_credits_can_be_left_out() -> None:
    left = {line.key for line in specs(credits=False)}
    assert {line.key for line in TABLE} - left == {
        "title/character", "title/cast", "title/director",
        "title/acted_by", "title/directed_by", "title/made_by",
        "person/title", "person/character", "person/cast", "person/director",
        "person/acted_in", "person/made",
    }  # fmt: skip


def test_an_overview_has_a_line_where_there_are_vectors() -> None:
    assert specs(384)[-1].make(8).configuration()["size"] == 384
