"""Templates and slots -> Readings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from assistant.reading import kinds
from assistant.reading.learned.masks import Item, items_of
from assistant.reading.learned.tagger import Span
from assistant.reading.learned.templates import filled
from assistant.reading.reading import Ask, Order, PersonRef, Reading, TitleRef
from assistant.reading.words import read_words

QUESTION = read_words("which alien film with ripley not from the 1980s is the longest")
SLOTS = {
    item.slot: item
    for item in items_of(QUESTION, [Span("title", 1, 2), Span("person", 4, 5)])
    if item.slot is not None
}


def reading(template: Mapping[str, Any]) -> Reading | None:
    return filled(template, QUESTION, SLOTS, 1.0)


def test_names_are_parsed_as_the_wordings_parse_them() -> None:
    assert reading({"ask": "year", "title": "{title}"}) == Reading(
        Ask.YEAR, title=TitleRef(name="alien", full="alien")
    )


def test_a_superlative_gives_the_order_and_more_may_be_said_of_a_title() -> None:
    told = reading({"ask": "title", "title": {"is": "{title}", "series": True}, "order": "{superlative}"})
    assert told == Reading(
        Ask.TITLE, title=TitleRef(name="alien", full="alien", series=True), order=Order.RUNTIME
    )


def test_a_kind_gives_types_and_nothing_where_the_question_has_none() -> None:
    template = {
        "ask": "filmography",
        "people": ["{person}"],
        "title": {"types": "{kind}", "genres": "{kind}"},
    }
    told = reading(template)
    assert told is not None
    assert told.people == (PersonRef(name="ripley"),)
    assert told.title == TitleRef(types=kinds.FILM_TYPES)
    without = filled(template, QUESTION, {"person": SLOTS["person"]}, 1.0)
    assert without is not None
    assert without.title == TitleRef()


def test_years_that_are_left_out_run_from_after_to_before() -> None:
    told = reading({"ask": "title", "title": {"is": "{title}", "years": "not {time}"}})
    assert told is not None
    assert told.title is not None
    assert told.title.years == (1990, 1979)


def test_a_slot_that_is_not_there_or_does_not_fit_gives_nothing() -> None:
    assert reading({"ask": "played_by", "title": "{title}", "character": "{character}"}) is None
    assert reading({"ask": "year", "title": "{title}", "threshold": "{time}"}) is None


@pytest.mark.parametrize(
    ("years", "expected"),
    [((0, 1999), ("under", 2000.0)), ((2001, 9999), ("over", 2000.0)), ((1999, 1999), ("equal", 1999.0))],
)
def test_limits_of_years_become_thresholds(years: kinds.Years, expected: tuple[str, float]) -> None:
    slots = {**SLOTS, "time": Item("{time}", 6, 8, years)}
    told = filled({"ask": "year", "title": "{title}", "threshold": "{time}"}, QUESTION, slots, 1.0)
    assert told is not None
    assert told.threshold == expected
