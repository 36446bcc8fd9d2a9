"""What counts as right when chances are learnt."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.confidence.judging import Trusting
from assistant.confidence.training import PLOTS, read_rows
from assistant.core import Assistant
from evals.confidence import is_right, items_of, rows_of, write_rows
from indexer.errors import InputError
from tests.assistant.tiny import tiny_index


@pytest.fixture(scope="module")
def trusting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    assistant = Assistant.open(tiny_index(tmp_path_factory.mktemp("movies")), confidence=Trusting())
    yield assistant
    assistant.close()


def item(kind: str, *golds: str, **meta: Any) -> dict[str, Any]:
    return {
        "id": "1",
        "question": "?",
        "answers": [[gold] for gold in golds],
        "answer_type": kind,
        "meta": meta,
        "history": [],
    }


def reply(text: str, kind: str, *more: str, **reading: Any) -> dict[str, Any]:
    answers = [{"text": name, "kind": kind} for name in (text, *more)]
    return {"status": "answered", "answers": answers, "text": text, "reading": {"ask": "title", **reading}}


def test_a_year_is_right_where_the_gold_is_a_day_of_it() -> None:
    assert is_right("any", item("date", "1999-03-31"), reply("1999", "number", ask="year"))
    assert is_right("any", item("number", "31-Mar-99"), reply("1999", "number", ask="year"))
    assert not is_right("any", item("date", "1998-03-31"), reply("1999", "number", ask="year"))


def test_a_count_may_be_a_tenth_off() -> None:
    assert is_right("any", item("number", "42"), reply("40", "number", count=True))
    assert is_right("any", item("number", "at least 60"), reply("75", "number", count=True))
    assert not is_right("any", item("number", "4"), reply("5", "number", count=True))


def test_a_runtime_may_not() -> None:
    assert not is_right("any", item("number", "136"), reply("131", "number"))


def test_a_list_that_holds_a_gold_is_right_only_where_golds_are_parts_of_lists() -> None:
    asked, said = item("title", "Heat", match="all"), reply("Ronin", "title", "Heat")
    assert is_right("moviesf_train", asked, said)
    assert not is_right("mintaka_movies_train", asked, said)


def test_a_person_is_right_or_wrong_everywhere() -> None:
    asked = item("person", "Al Pacino")
    assert not is_right("moviesf_train", asked, reply("Robert De Niro", "person", "Al Pacino"))


def test_what_is_asked_back_counts_as_said() -> None:
    said = {**reply("Al Pacino", "person"), "status": "ambiguous"}
    assert is_right("any", item("person", "Al Pacino"), said)


def test_an_age_is_neither() -> None:
    assert is_right("any", item("number", "59"), reply("64", "number", ask="age")) is None


def test_rows_hold_what_was_found_and_no_text(trusting: Assistant, tmp_path: Path) -> None:
    asked = {**item("person", "Michael Mann"), "question": "who directed Heat"}
    nothing = {**item("person", "Nobody"), "question": "who directed Qwertyuiop Zxcvb"}
    rows = rows_of(trusting, "any", [asked, nothing])
    assert [(row.right, row.signals.group) for row in rows] == [(True, "people")]
    write_rows(rows, tmp_path / "deep" / "rows.jsonl")
    assert read_rows(tmp_path / "deep" / "rows.jsonl")[0].signals.group == "people"
    assert "Heat" not in (tmp_path / "deep" / "rows.jsonl").read_text()


def test_plots_are_asked_as_questions_for_a_film(tmp_path: Path) -> None:
    (tmp_path / "plots").mkdir()
    told = {"id": "p", "question": "a robot tidies up", "gold": "tt0910970", "title": "WALL·E"}
    (tmp_path / "plots" / "plots.jsonl").write_text(json.dumps(told) + "\n")
    (asked,) = items_of(tmp_path, PLOTS, None)
    assert asked["question"] == "the film where a robot tidies up"
    third = {"text": "WALL·E", "kind": "title", "id": "tt0910970"}
    others = [{"text": name, "kind": "title", "id": f"tt{place}"} for place, name in enumerate("ABC")]
    for answers, right in (([*others[:2], third], True), ([*others, third], False)):
        assert is_right(PLOTS, asked, {**reply("A", "title"), "answers": answers}) is right


def test_a_missing_set_names_the_option(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--sets"):
        items_of(tmp_path, PLOTS, None)
