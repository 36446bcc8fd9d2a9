"""What the words of a slot refer to: titles with years and ordinals, people, characters, kinds, lengths."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.reading.kinds import (
    Kind,
    parse_amount,
    parse_kind,
    parse_measure,
    parse_superlative,
    parse_years,
    split_time,
)
from assistant.reading.reading import Ask, Order, PersonRef, Reading, TitleRef
from assistant.reading.refs import (
    character_name,
    people_refs,
    person_ref,
    split_alternatives,
    title_ref,
)

FILMS = ("movie", "tvMovie", "video")
SERIES = ("tvSeries", "tvMiniSeries")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Matrix", TitleRef(name="The Matrix")),
        ("RoboCop 2014", TitleRef(name="RoboCop", years=(2014, 2014))),
        ("RoboCop (2014)", TitleRef(name="RoboCop", years=(2014, 2014))),
        ("the 2014 RoboCop", TitleRef(name="RoboCop", years=(2014, 2014))),
        ("Psycho from 1998", TitleRef(name="Psycho", years=(1998, 1998))),
        ("the 1998 version of Psycho", TitleRef(name="Psycho", years=(1998, 1998))),
        ("the 1998", TitleRef(years=(1998, 1998))),
        ("the first Matrix", TitleRef(name="Matrix", ordinal=1)),
        ("Rocky 1", TitleRef(name="Rocky", ordinal=1)),
        ("Star Wars Episode I", TitleRef(name="Star Wars Episode I")),
        ("star wars: episode one", TitleRef(name="star wars episode I")),
        ("Star Wars Episode 5", TitleRef(name="Star Wars episode V")),
        ("the 3rd Matrix", TitleRef(name="Matrix", ordinal=3)),
        ("the original Psycho", TitleRef(name="Psycho", ordinal=1)),
        ("the latest Batman", TitleRef(name="Batman", ordinal=-1)),
        ("the second Matrix movie", TitleRef(name="Matrix", ordinal=2, types=FILMS, series=True)),
        ("Rocky I", TitleRef(name="Rocky", ordinal=1)),
        ("the movie Heat", TitleRef(name="Heat", types=FILMS)),
        ("the tv series Fargo", TitleRef(name="Fargo", types=SERIES)),
        ("Fargo the series", TitleRef(name="Fargo", types=SERIES)),
        ("the Matrix films", TitleRef(name="the Matrix", types=FILMS, series=True)),
        ("the first four Matrix films", TitleRef(name="Matrix", types=FILMS, series=True)),
        ("all the movies in the Matrix series", TitleRef(name="Matrix", types=FILMS, series=True)),
        ("the sequel to The Matrix", TitleRef(name="The Matrix", step=1)),
        ('"swing it"', TitleRef(name="swing it")),
        ("2001: A Space Odyssey", TitleRef(name="2001: A Space Odyssey")),
        ("Blade Runner 2049", TitleRef(name="Blade Runner 2049")),
        ("Toy Story 3", TitleRef(name="Toy Story 3")),
        ("1917", TitleRef(name="1917")),
        ("Matrix, The", TitleRef(name="Matrix, The")),
    ],
)
def test_years_ordinals_and_kinds_are_taken_off_a_name(text: str, expected: TitleRef) -> None:
    found = title_ref(text)
    assert found.full == text
    assert found == TitleRef(**{**vars(expected), "full": text})


@pytest.mark.parametrize("text", ["it", "It", "that movie", "this one", "the film", "the show"])
def test_pronouns_mean_the_title_of_the_conversation(text: str) -> None:
    assert title_ref(text) == TitleRef(full=text, context=True)


def test_an_ordinal_alone_means_the_conversation() -> None:
    assert title_ref("the second one") == TitleRef(full="the second one", ordinal=2, context=True)


@pytest.mark.parametrize(
    "title", ["First Blood", "Scary Movie", "Movie 43", "The Last Samurai", "Class of 1984"]
)
def test_the_whole_name_is_kept_where_words_of_it_could_be_taken_off(title: str) -> None:
    assert title_ref(title).full == title


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "the film where Tom Hanks plays Woody",
            TitleRef(people=(PersonRef(name="Tom Hanks"),), character="Woody"),
        ),
        (
            "the movie with Al Pacino and Val Kilmer",
            TitleRef(people=(PersonRef(name="Al Pacino"), PersonRef(name="Val Kilmer"))),
        ),
        ("the film by Michael Mann", TitleRef(directors=(PersonRef(name="Michael Mann"),))),
        ("the movie written by James Cameron", TitleRef(writers=(PersonRef(name="James Cameron"),))),
        (
            "the movie with Al Pacino in 1995",
            TitleRef(people=(PersonRef(name="Al Pacino"),), years=(1995, 1995)),
        ),
    ],
)
def test_titles_described_by_their_people(text: str, expected: TitleRef) -> None:
    assert title_ref(text) == expected


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("the 40s", (1940, 1949)),
        ("the 1940s", (1940, 1949)),
        ("the '90s", (1990, 1999)),
        ("the nineties", (1990, 1999)),
        ("the 00s", (2000, 2009)),
        ("2010s", (2010, 2019)),
        ("early 80s", (1980, 1989)),
        ("1987", (1987, 1987)),
        ("in 1987", (1987, 1987)),
        ("before 2000", (0, 1999)),
        ("until 1950", (0, 1950)),
        ("as of 1950", (0, 1950)),
        ("after 1990", (1991, 9999)),
        ("since 1990", (1990, 9999)),
        ("1990 to 1995", (1990, 1995)),
        ("between 1990 and 1995", (1990, 1995)),
        ("nonsense", None),
        ("40", None),
        ("", None),
    ],
)
def test_years_and_decades(text: str, years: tuple[int, int] | None) -> None:
    assert parse_years(text) == years


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("horror movies", Kind(genres=("Horror",), types=FILMS)),
        ("sci fi films", Kind(genres=("Sci-Fi",), types=FILMS)),
        ("crime drama films", Kind(genres=("Crime", "Drama"), types=FILMS)),
        ("westerns", Kind(genres=("Western",), types=FILMS)),
        ("tv shows", Kind(types=SERIES)),
        ("good films", Kind(types=FILMS)),
        ("roles", Kind()),
        ("90s action movies", Kind(genres=("Action",), types=FILMS, years=(1990, 1999))),
        ("1987 films", Kind(types=FILMS, years=(1987, 1987))),
        ("blue movies", None),
        ("nonsense", None),
    ],
)
def test_kinds_of_titles(text: str, expected: Kind | None) -> None:
    assert parse_kind(text) == expected


@pytest.mark.parametrize(
    ("text", "order", "descending"),
    [
        ("highest rated", Order.RATING, True),
        ("best", Order.RATING, True),
        ("the worst", Order.RATING, False),
        ("longest", Order.RUNTIME, True),
        ("shortest", Order.RUNTIME, False),
        ("the very first", Order.YEAR, False),
        ("most recent", Order.YEAR, True),
        ("most popular", Order.VOTES, True),
    ],
)
def test_superlatives(text: str, order: Order, descending: bool) -> None:
    found = parse_superlative(text)
    assert found is not None
    assert (found.order, found.descending) == (order, descending)


@pytest.mark.parametrize(
    ("text", "order", "descending"),
    [
        ("newer", Order.YEAR, True),
        ("the older", Order.YEAR, False),
        ("longer", Order.RUNTIME, True),
        ("shorter", Order.RUNTIME, False),
        ("better rated", Order.RATING, True),
        ("more popular", Order.VOTES, True),
    ],
)
def test_comparatives(text: str, order: Order, descending: bool) -> None:
    found = parse_measure(text)
    assert found is not None
    assert (found.order, found.descending) == (order, descending)


def test_what_orders_nothing_is_none() -> None:
    assert parse_superlative("cheapest") is None
    assert parse_measure("greener") is None


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("two hours", 120.0),
        ("100 minutes", 100.0),
        ("an hour and a half", 90.0),
        ("2.5 hours", 150.0),
        ("3 hrs", 180.0),
        ("many moons", None),
        ("hours", None),
    ],
)
def test_lengths_of_time(text: str, minutes: float | None) -> None:
    assert parse_amount(text) == minutes


@pytest.mark.parametrize(
    ("text", "rest", "years"),
    [
        ("al pacino before 2000", "al pacino", (0, 1999)),
        ("al pacino in the 90s", "al pacino", (1990, 1999)),
        ("al pacino between 1970 and 1980", "al pacino", (1970, 1980)),
        ("al pacino", "al pacino", None),
    ],
)
def test_a_time_at_the_end_is_split_off(text: str, rest: str, years: tuple[int, int] | None) -> None:
    assert split_time(text) == (rest, years)


def test_people_are_split_at_commas_and_ands() -> None:
    expected = tuple(PersonRef(name=name) for name in ("Al Pacino", "Joe Pesci", "Robert De Niro"))
    assert people_refs("Al Pacino, Joe Pesci and Robert De Niro") == expected
    assert people_refs("Al Pacino, Joe Pesci, and Robert De Niro") == expected


def test_a_person_may_be_a_pronoun_or_described() -> None:
    heat = TitleRef(name="Heat", full="Heat")
    assert person_ref("she") == PersonRef(context=True)
    assert person_ref("the director of Heat") == PersonRef(
        by=Reading(Ask.CREW, title=heat, category="director")
    )
    assert person_ref("the actor who played Neil in Heat") == PersonRef(
        by=Reading(Ask.PLAYED_BY, title=heat, character="Neil")
    )
    assert person_ref("the actor who played Neo") == PersonRef(by=Reading(Ask.PLAYED_BY, character="Neo"))
    assert person_ref("the lead actress of Heat") == PersonRef(
        by=Reading(Ask.CAST, title=heat, profession="actress")
    )
    assert person_ref("actor Al Pacino") == PersonRef(name="Al Pacino")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("the role of Neo", "Neo"),
        ("the character Neo", "Neo"),
        ("the voice of Woody", "Woody"),
        ("a guy named Bob", "Bob"),
        ("the Joker", "the Joker"),
        ("Neo", "Neo"),
    ],
)
def test_words_around_a_character_are_taken_off(text: str, name: str) -> None:
    assert character_name(text) == name


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("heat or casino", ("heat", "casino")),
        ("between heat and casino", ("heat", "casino")),
        ("heat vs. casino", ("heat", "casino")),
        ("heat", ("heat",)),
    ],
)
def test_alternatives(text: str, parts: tuple[str, ...]) -> None:
    assert split_alternatives(text) == parts


@settings(derandomize=True, max_examples=150, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_a_reference_of_some_kind(text: str) -> None:
    assert isinstance(title_ref(text), TitleRef)
    assert isinstance(person_ref(text), PersonRef)
    assert isinstance(character_name(text), str)
    assert parse_years(text) is None or len(parse_years(text) or ()) == 2
    assert parse_kind(text) is None or isinstance(parse_kind(text), Kind)
    assert parse_amount(text) is None or isinstance(parse_amount(text), float)
