from __future__ import annotations

import csv
import io

import pytest

from assistant.answer import Answer, Evidence, Status
from assistant.chat.cards import PersonCard, TitleCard, cards, shortened
from assistant.chat.markup import proof
from assistant.chat.tables import as_csv, grouped, neutral
from assistant.chat.why import why
from indexer.catalog.records import Person, Title
from indexer.ids import PersonId, TitleId
from tests.assistant.chat.fakes import HOSTILE, ScriptedAssistant, ScriptedShelf

BAD = "<b>${x}{{y}}"


def test_a_title_card_says_what_is_known() -> None:
    title = Title(
        TitleId(133093),
        "The Matrix",
        "movie",
        year=1999,
        runtime=136,
        genres=("Action",),
        rating=8.7,
        votes=5,
    )
    html = cards([TitleCard(title, "A hacker learns.", ("Keanu Reeves", "Carrie-Anne Moss"))])
    assert "1999 · Film · 136 min · Action · 8.7 of 10 (5 votes)" in html
    assert "With Keanu Reeves, Carrie-Anne Moss" in html
    assert "https://www.imdb.com/title/tt0133093/" in html
    assert ">TM</text>" in html


def test_a_card_of_nothing_known_is_a_name() -> None:
    html = cards(
        [TitleCard(Title(TitleId(1), "?", "movie")), PersonCard(Person(PersonId(90_000_001), "Nobody"))]
    )
    assert ">?</text>" in html
    assert "imdb.com/name" not in html  # a reserved id has no page
    assert cards([]) == ""


def test_hostile_words_are_text_on_cards_and_in_reasons() -> None:
    title = Title(TitleId(1), BAD, BAD, genres=(BAD,))
    answer = Answer(
        Status.ANSWERED, "x", explanation={"rule": BAD, "candidates": [{"name": BAD, "parts": {BAD: 1.0}}]}
    )
    html = cards([TitleCard(title, BAD, (BAD,), BAD), PersonCard(Person(PersonId(1), BAD), (title,))]) + why(
        answer
    )
    for hostile in ("<b>", "${", "{{"):
        assert hostile not in html


def test_an_overview_is_cut_between_words() -> None:
    assert shortened("one two three", 9) == "one two…"
    assert shortened("one", 9) == "one"


def test_the_reasons_are_the_reading_the_rule_and_bars() -> None:
    html = why(ScriptedAssistant().answer("who played the oracle in the first matrix"))
    assert "<dt>title</dt><dd>name matrix, ordinal 1</dd>" in html
    assert "Decided by: character and title." in html
    assert html.count("<rect") == 3  # a part that takes away has no length
    assert 'width="300.0"' not in html
    assert 'aria-label="name 6.0, votes 2.5"' in html


@pytest.mark.parametrize("told", [None, {}, {"candidates": ["x", {"parts": 3}]}])
def test_reasons_of_another_kind_are_left_out(told: dict[str, object] | None) -> None:
    assert "<svg" not in why(Answer(Status.ANSWERED, "x", explanation=told))


@pytest.mark.parametrize(
    ("cell", "safe"),
    [("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"), (" =1", "' =1"), ("\t=1", "'\t=1"),
     ("Film", "Film"), ("", "")],
)  # fmt: skip
def test_no_cell_is_a_formula(cell: str, safe: str) -> None:
    assert neutral(cell) == safe


def test_csv_has_a_line_for_each_record() -> None:
    rows = list(csv.reader(io.StringIO(as_csv([HOSTILE, Evidence(TitleId(1), '=a"b,c', 1999)]))))
    assert rows[0] == ["title", "year", "title_id", "person", "person_id", "credit", "characters"]
    assert rows[1] == [HOSTILE.title, "2001", "tt9999999", HOSTILE.person, "", "self", "{{hit}} & Co."]
    assert rows[2] == ["'=a\"b,c", "1999", "tt0000001", "", "", "", ""]


def test_a_filmography_is_grouped_by_role_and_decade() -> None:
    answer = ScriptedAssistant().answer("her films")
    groups = grouped(answer.evidence)
    assert [(name, len(found)) for name, found in groups] == [
        ("Acting, 1990s", 5), ("Acting, 1980s", 10), ("Director, 1990s", 5),
    ]  # fmt: skip
    assert [record.year for record in groups[0][1]] == [1994, 1993, 1992, 1991, 1990]
    html = proof(answer)
    assert "All 20, by role and decade" in html
    assert "data-csv" in html


def test_a_year_that_is_unknown_is_a_group_of_its_own() -> None:
    records = [
        Evidence(TitleId(at), "x", year, PersonId(1), "y", "writer") for at, year in ((1, None), (2, 1999))
    ]
    assert [name for name, _ in grouped(records)] == ["Writer, 1990s", "Writer, year unknown"]


def test_the_script_shelf_answers_as_the_page_expects() -> None:
    assert len(ScriptedShelf().cards(ScriptedAssistant().answer("hostile"))) == 1
