"""What counts as right, by kind of answer and by kind of item."""

from __future__ import annotations

from typing import Any

import pytest

from evals.scoring import Verdict, date_parts, first_number, judge, plain, same


def item(answers: list[list[str]], answer_type: str = "person", **meta: Any) -> dict[str, Any]:
    return {"id": "q", "question": "?", "answers": answers, "answer_type": answer_type, "meta": meta}


def reply(*said: str, status: str = "answered", text: str = "", ids: tuple[str, ...] = ()) -> dict[str, Any]:
    answers = [{"text": name, **({"id": ids[place]} if ids else {})} for place, name in enumerate(said)]
    return {"id": "q", "status": status, "answers": answers, "text": text}


@pytest.mark.parametrize(
    ("kind", "gold", "given", "expected"),
    [
        ("person", "Samuel L. Jackson", "Samuel Jackson", True),
        ("person", "Robert Downey Jr.", "robert downey", True),
        ("person", "Mike Myers", "Michael Myers", True),
        ("person", "Penélope Cruz", "penelope cruz", True),
        ("person", "Sir Ian McKellen", "Ian McKellen", True),
        ("person", "Chaplin", "Charles Chaplin", True),
        ("person", "Charles Chaplin", "Chaplin", False),
        ("person", "Chris Evans", "Chris Pine", False),
        ("person", "John Paul Jones", "John Peter Jones", False),
        ("title", "Star Wars: Episode VI - Return of the Jedi", "Return of the Jedi", True),
        ("title", "The Godfather Part II", "Godfather 2", True),
        ("title", "Twelve Monkeys", "12 Monkeys", True),
        ("title", "Ocean's Twelve", "Oceans 12", True),
        ("title", "Alien", "Aliens", False),
        ("title", "Kill Bill: Vol. 1", "Vol. 1", True),
        ("title", "Star Wars: Andor", "Andor", False),
        ("character", "Thomas Anderson / Neo", "Neo", True),
        ("character", "Neo", "Neon", False),
        ("year", "1999", "1999", True),
        ("date", "5 July 1984", "1984-07-05", True),
        ("date", "5 July 1984", "1984", False),
        ("number", "90", "1h 30m", True),
        ("number", "seven", "7 seasons", True),
        ("boolean", "yes", "Yes, he did", True),
        ("genre", "Sci-Fi", "sci fi", True),
        ("genre", "Drama", "Comedy", False),
    ],
)  # fmt: skip
def test_same_meaning(kind: str, gold: str, given: str, expected: bool) -> None:
    assert same(gold, given, kind) is expected


def test_numbers_within_the_tolerance_are_the_same() -> None:
    assert same("100", "104", "number", tolerance=5)
    assert not same("100", "106", "number", tolerance=5)


def test_plain_words_lose_case_accents_points_articles_and_a_year_in_brackets() -> None:
    assert plain("The Amélie & Mr. L'Été (2001)") == ["amelie", "and", "mr", "lete"]
    assert plain("The") == ["the"]


def test_numbers_are_read_from_figures_words_and_spans() -> None:
    found = [
        first_number(text)
        for text in ("1,200 people", "two hours", "2 h 5 min", "6'1\"", "3 million", "none")
    ]
    assert found == [1200.0, 2.0, 125.0, 73.0, 3e6, None]


def test_date_parts_are_none_where_not_said() -> None:
    assert date_parts("March 1972") == (1972, 3, None)
    assert date_parts("24 march 1972") == (1972, 3, 24)
    assert date_parts("soon") == (None, None, None)


def test_a_wrong_name_is_wrong_even_if_the_text_holds_the_gold() -> None:
    said = reply("Joe Pantoliano", text="Joe Pantoliano, not Gloria Foster")
    assert judge(item([["Gloria Foster"]]), said).outcome == "wrong"


@pytest.mark.parametrize("status", ["unknown", "unsupported", "ambiguous", "crashed"])
def test_other_statuses_decline(status: str) -> None:
    assert judge(item([["Gloria Foster"]]), reply("Gloria Foster", status=status)) == Verdict(
        "declined", status
    )


def test_a_missing_reply_declines() -> None:
    assert judge(item([["Gloria Foster"]]), None).outcome == "declined"


def test_an_expected_status_is_right_and_a_crash_is_not() -> None:
    wanted = item([], "text", expect=["unknown", "unsupported"])
    outcomes = [
        judge(wanted, reply("x", status=status)).outcome for status in ("unknown", "answered", "crashed")
    ]
    assert outcomes == ["right", "wrong", "declined"]


def test_by_default_the_first_answer_counts() -> None:
    golds = item([["A B"], ["C D"]])
    assert judge(golds, reply("C D", "X Y")).outcome == "right"
    assert judge(golds, reply("X Y", "C D")).outcome == "wrong"


def test_all_needs_exactly_the_golds() -> None:
    golds = item([["A B"], ["C D"]], match="all")
    full, more, less = reply("C D", "A B"), reply("A B", "C D", "X Y"), reply("A B")
    assert [judge(golds, said).outcome for said in (full, more, less)] == ["right", "wrong", "wrong"]
    assert judge(golds, less).f1 == pytest.approx(2 / 3)


def test_some_needs_enough_hits_and_precision() -> None:
    golds = item([["A B"], ["C D"], ["E F"]], match="some", min_hits=2)
    assert judge(golds, reply("A B", "E F")).outcome == "right"
    assert judge(golds, reply("A B", "E F", "X Y")).outcome == "wrong"
    assert judge(golds, reply("A B")).outcome == "wrong"


def test_optional_answers_count_neither_way() -> None:
    golds = item([["A B"]], match="all", optional=["O P"], optional_ids=["nm7"])
    assert judge(golds, reply("A B", "O P")).outcome == "right"
    assert judge(golds, reply("A B", "X Y", ids=("nm1", "nm7"))).outcome == "right"


def test_ids_decide_where_both_have_one() -> None:
    golds = item([["The Avengers"]], "title", gold_ids=[["tt0848228"]])
    assert judge(golds, reply("The Avengers", ids=("tt0118661",))).outcome == "wrong"
    assert judge(golds, reply("Avengers Assemble", ids=("tt0848228",))).outcome == "right"
    assert judge(golds, reply("The Avengers")).outcome == "right"


def test_the_text_must_say_what_is_asked_of_it() -> None:
    golds = item([["Vince Vaughn"]], text_any=["1998"])
    assert judge(golds, reply("Vince Vaughn", text="in Psycho (1998)")).outcome == "right"
    assert judge(golds, reply("Vince Vaughn", text="in Psycho")).outcome == "wrong"
