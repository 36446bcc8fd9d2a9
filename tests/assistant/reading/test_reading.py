"""Readings as JSON and back, and what no Reading may be."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.reading.reading import (
    CATEGORIES,
    PERSON_ASKS,
    TITLE_ASKS,
    Ask,
    Order,
    Part,
    PersonRef,
    Reading,
    TitleRef,
)
from indexer.errors import InputError

HEAT = TitleRef(name="Heat")
PACINO = PersonRef(name="Al Pacino")


def names() -> st.SearchStrategy[str | None]:
    return st.none() | st.text(min_size=1, max_size=12)


def people(refs: st.SearchStrategy[PersonRef]) -> st.SearchStrategy[tuple[PersonRef, ...]]:
    return st.lists(refs, max_size=2).map(tuple)


def titles(refs: st.SearchStrategy[PersonRef]) -> st.SearchStrategy[TitleRef]:
    return st.builds(
        TitleRef,
        name=names(),
        full=names(),
        years=st.none() | st.tuples(st.integers(0, 9999), st.integers(0, 9999)),
        ordinal=st.none() | st.integers(-1, 9),
        types=st.lists(st.sampled_from(["movie", "tvSeries"]), max_size=2).map(tuple),
        genres=st.lists(st.sampled_from(["Horror", "Sci-Fi"]), max_size=2).map(tuple),
        people=people(refs),
        directors=people(refs),
        writers=people(refs),
        character=names(),
        plot=names(),
        series=st.booleans(),
        context=st.booleans(),
    )


def parts(refs: st.SearchStrategy[PersonRef]) -> st.SearchStrategy[Part]:
    return st.builds(
        Part,
        person=st.none() | refs,
        title=st.none() | titles(refs),
        category=st.none() | st.sampled_from(CATEGORIES),
        character=names(),
        without=st.booleans(),
    )


def valid_readings(refs: st.SearchStrategy[PersonRef]) -> st.SearchStrategy[Reading]:
    return st.builds(
        Reading,
        ask=st.sampled_from(Ask),
        title=titles(refs),
        titles=st.lists(titles(refs), max_size=2).map(tuple),
        parts=st.lists(parts(refs), min_size=1, max_size=2).map(tuple),
        people=st.lists(refs, min_size=1, max_size=2).map(tuple),
        without=people(refs),
        character=st.text(min_size=1, max_size=12),
        category=st.none() | st.sampled_from(CATEGORIES),
        voice=st.booleans(),
        count=st.booleans(),
        order=st.none() | st.sampled_from(Order),
        descending=st.booleans(),
        limit=st.none() | st.integers(1, 20),
        threshold=st.none() | st.tuples(st.sampled_from(["over", "under", "equal"]), st.floats(0, 500)),
        holds=st.lists(st.sampled_from(["Comedy", "War"]), max_size=2).map(tuple),
        relation=st.none() | st.sampled_from(["more", "less", "same"]),
        exclude_context=st.booleans(),
        topic=names(),
        weight=st.floats(0.01, 1.0),
    )


named = st.builds(PersonRef, name=names(), context=st.booleans())
described = st.builds(PersonRef, by=valid_readings(named))


@settings(derandomize=True, max_examples=80, deadline=None)
@given(valid_readings(named | described))
def test_every_reading_survives_json(reading: Reading) -> None:
    assert Reading.from_json(json.loads(json.dumps(reading.to_json()))) == reading


def test_json_holds_only_what_is_set() -> None:
    reading = Reading(Ask.CREW, title=HEAT, category="director")
    assert reading.to_json() == {"ask": "crew", "title": {"name": "Heat"}, "category": "director"}


def test_json_spells_nested_readings_out() -> None:
    by = Reading(Ask.CREW, title=HEAT, category="director")
    assert Reading(Ask.BORN, people=(PersonRef(by=by),)).to_json() == {
        "ask": "born",
        "people": [{"by": {"ask": "crew", "title": {"name": "Heat"}, "category": "director"}}],
    }


@pytest.mark.parametrize("ask", sorted(TITLE_ASKS))
def test_an_ask_about_a_title_needs_the_title(ask: Ask) -> None:
    with pytest.raises(InputError, match=f"asks for {ask} needs a title"):
        Reading(ask, people=(PACINO,)).validated()


@pytest.mark.parametrize("ask", sorted(PERSON_ASKS))
def test_an_ask_about_a_person_needs_the_person(ask: Ask) -> None:
    with pytest.raises(InputError, match=f"asks for {ask} needs a person"):
        Reading(ask, title=HEAT).validated()


def test_who_played_needs_the_character() -> None:
    with pytest.raises(InputError, match="needs the character"):
        Reading(Ask.PLAYED_BY, title=HEAT).validated()


@pytest.mark.parametrize("weight", [0.0, -1.0, 1.5])
def test_a_weight_lies_above_0_and_up_to_1(weight: float) -> None:
    with pytest.raises(InputError, match=r"weight is in \(0, 1\], not"):
        Reading(Ask.CAST, title=HEAT, weight=weight).validated()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "needs an ask"),
        ({"ask": "everything"}, "unknown ask 'everything': known are played_by"),
        ({"ask": "cast", "titel": {}}, "unknown field 'titel' in a Reading: known are"),
        ({"ask": "cast", "title": {"nam": "x"}}, "unknown field 'nam' in a TitleRef"),
        ({"ask": "born", "people": [{"nam": "x"}]}, "unknown field 'nam' in a PersonRef"),
        ({"ask": "cast", "title": {"name": "x"}, "order": "size"}, "unknown order 'size': known are votes"),
        ({"ask": "crew", "title": {"name": "x"}, "category": "stunts"}, "unknown category 'stunts'"),
        ({"ask": "cast"}, "needs a title"),
    ],
)
def test_json_of_no_reading_is_refused_in_words(data: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        Reading.from_json(data)
