"""Questions in many wordings -> what they ask, as whole Readings."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.reading.reader import MAX_QUESTION, MAX_READINGS, passes_over, read, topic_of
from assistant.reading.reading import Ask, Order, PersonRef, Reading, TitleRef
from indexer.errors import InputError

FILMS = ("movie", "tvMovie", "video")
HEAT = TitleRef(name="Heat", full="Heat")
ALIEN = TitleRef(name="Alien", full="Alien")
PACINO = PersonRef(name="Al Pacino")
DE_NIRO = PersonRef(name="Robert De Niro")


def readings(question: str) -> list[Reading]:
    """What ``question`` may mean, without how usual each wording is."""
    return [dataclasses.replace(reading, weight=1.0) for reading in read(question)]


def assert_best(question: str, expected: Reading) -> None:
    assert readings(question)[0] == expected


def assert_among(question: str, expected: Reading) -> None:
    """The catalogue decides between readings of one wording: it must be among them."""
    assert expected in readings(question)


@pytest.mark.parametrize(
    "question",
    [
        "who plays Ripley in Alien",
        "who played Ripley in Alien?",
        "Who's playing Ripley in Alien",
        "so, who portrayed Ripley in Alien please",
        "which actress had the role of Ripley in Alien",
        "in Alien who played Ripley",
        "name the actress who played Ripley in Alien",
        "who was Ripley played by in Alien",
        "Ripley in Alien is played by who",
        "who was cast as Ripley in Alien",
        "who stars in Alien as Ripley",
        "ok, can you tell me who acted as Ripley in Alien again?",
        "who was Ripley in Alien",
        "who appeared in Alien as Ripley",
        "who casted as Ripley in Alien",
        "which actress is best known for playing Ripley in Alien",
    ],
)
def test_who_played_a_character(question: str) -> None:
    assert_among(question, Reading(Ask.PLAYED_BY, title=ALIEN, character="Ripley"))


@pytest.mark.parametrize(
    ("reading", "text"),
    [
        (Reading(Ask.AGE, title=ALIEN, people=(PACINO,)), "how old is Al Pacino in Alien"),
        (Reading(Ask.TITLE, title=TitleRef("Pixar", series=True), order=Order.YEAR), "the latest of Pixar"),
        (Reading(Ask.FILMOGRAPHY, people=(PersonRef("Al Pacino last"),)), "what was Al Pacino last in"),
        (Reading(Ask.FILMOGRAPHY, people=(PACINO,)), "which films is Al Pacino not in"),
    ],
)
def test_what_a_reading_must_not_pass_over(reading: Reading, text: str) -> None:
    assert passes_over(reading, text)
    assert not passes_over(Reading(Ask.CREW, title=ALIEN, category="director"), "who directed Alien")


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("what role did Al Pacino play in the 1995 movie, Heat", "Heat"),
        ("what part does Al Pacino have in the film, Heat", "Heat"),
    ],
)
def test_a_comma_before_a_title_parts_nothing(question: str, title: str) -> None:
    assert title in {reading.title.name for reading in read(question) if reading.title}


def test_a_question_about_a_voice_says_so() -> None:
    expected = Reading(
        Ask.PLAYED_BY, title=TitleRef(name="Toy Story", full="Toy Story"), character="Woody", voice=True
    )
    assert_best("who voices Woody in Toy Story", expected)
    assert_best("who did the voice of Woody in Toy Story?", expected)


def test_a_character_alone_asks_for_any_title() -> None:
    assert_among("who played Ripley", Reading(Ask.PLAYED_BY, character="Ripley"))


@pytest.mark.parametrize(
    "question",
    [
        "who did Al Pacino play in Heat",
        "what part did Al Pacino play in Heat",
        "which character is Al Pacino in Heat",
        "what was Al Pacino's role in Heat",
        "Al Pacino's character in Heat",
        "what is the name of the character Al Pacino played in Heat",
    ],
)
def test_whom_somebody_played(question: str) -> None:
    assert_among(question, Reading(Ask.CHARACTER_OF, title=HEAT, people=(PACINO,)))


@pytest.mark.parametrize(
    "question",
    [
        "who stars in Heat",
        "who is in Heat",
        "cast of Heat",
        "the full cast of Heat?",
        "Heat cast",
        "which actors appear in Heat",
        "who were the lead actors in Heat",
    ],
)
def test_the_cast(question: str) -> None:
    assert_among(question, Reading(Ask.CAST, title=HEAT))


@pytest.mark.parametrize(
    ("question", "category"),
    [
        ("who directed Heat", "director"),
        ("who made Heat", "director"),
        ("director of Heat", "director"),
        ("who was Heat directed by", "director"),
        ("who is Heat's director", "director"),
        ("who wrote Heat", "writer"),
        ("who is the screenwriter of Heat", "writer"),
        ("who composed the music for Heat", "composer"),
        ("who did the score for Heat", "composer"),
        ("who produced Heat", "producer"),
        ("who shot Heat", "cinematographer"),
        ("who edited Heat", "editor"),
    ],
)
def test_the_crew(question: str, category: str) -> None:
    assert_among(question, Reading(Ask.CREW, title=HEAT, category=category))


@pytest.mark.parametrize(
    ("question", "category"),
    [
        ("which films has Al Pacino been in", "acting"),
        ("what movies did Al Pacino star in", "acting"),
        ("films starring Al Pacino", "acting"),
        ("what films did Al Pacino direct", "director"),
        ("movies directed by Al Pacino", "director"),
        ("films written by Al Pacino", "writer"),
        ("films scored by Al Pacino", "composer"),
        ("films produced by Al Pacino", "producer"),
    ],
)
def test_what_somebody_was_in_or_made(question: str, category: str) -> None:
    expected = Reading(Ask.FILMOGRAPHY, title=TitleRef(types=FILMS), people=(PACINO,), category=category)
    assert_among(question, expected)


def test_a_filmography_without_a_kind_has_no_title_part() -> None:
    assert_among("Al Pacino filmography", Reading(Ask.FILMOGRAPHY, people=(PACINO,), category="acting"))


def test_kinds_genres_and_years_narrow_a_filmography() -> None:
    expected = Reading(
        Ask.FILMOGRAPHY,
        title=TitleRef(types=FILMS, genres=("Western",), years=(0, 1949)),
        people=(PersonRef(name="John Wayne"),),
        category="acting",
    )
    assert_best("which western movies did John Wayne star in before 1950", expected)


def test_films_of_a_decade() -> None:
    expected = Reading(Ask.FILMOGRAPHY, title=TitleRef(types=FILMS, years=(1970, 1979)), people=(PACINO,))
    assert_best("Al Pacino movies from the 70s", expected)


def test_counting_films() -> None:
    expected = Reading(
        Ask.FILMOGRAPHY, title=TitleRef(types=FILMS), people=(PACINO,), category="director", count=True
    )
    assert_best("how many films did Al Pacino direct", expected)


@pytest.mark.parametrize(
    "question",
    [
        "movies with Al Pacino and Robert De Niro",
        "films starring both Al Pacino and Robert De Niro",
        "which movies do Al Pacino and Robert De Niro both appear in",
        "which films did Al Pacino and Robert De Niro make together",
    ],
)
def test_films_of_two_people_together(question: str) -> None:
    assert_among(question, Reading(Ask.FILMOGRAPHY, title=TitleRef(types=FILMS), people=(PACINO, DE_NIRO)))


def test_films_of_one_without_another() -> None:
    expected = Reading(
        Ask.FILMOGRAPHY,
        title=TitleRef(types=FILMS),
        people=(PACINO,),
        without=(DE_NIRO,),
        category="acting",
    )
    assert_best("films starring Al Pacino but not Robert De Niro", expected)


@pytest.mark.parametrize(
    ("superlative", "order", "descending"),
    [
        ("longest", Order.RUNTIME, True),
        ("highest rated", Order.RATING, True),
        ("worst", Order.RATING, False),
        ("first", Order.YEAR, False),
        ("latest", Order.YEAR, True),
        ("most popular", Order.VOTES, True),
    ],
)
def test_superlatives_of_a_person(superlative: str, order: Order, descending: bool) -> None:
    expected = Reading(
        Ask.FILMOGRAPHY,
        title=TitleRef(types=FILMS),
        people=(PersonRef(name="Martin Scorsese"),),
        order=order,
        descending=descending,
        limit=1,
    )
    assert_among(f"what is the {superlative} film by Martin Scorsese", expected)


@pytest.mark.parametrize(
    ("question", "ask"),
    [
        ("when did Heat come out", Ask.YEAR),
        ("what year did Heat come out", Ask.YEAR),
        ("in which year was Heat released?", Ask.YEAR),
        ("when's Heat from", Ask.YEAR),
        ("how long is Heat", Ask.RUNTIME),
        ("what's the running time of Heat", Ask.RUNTIME),
        ("what is the imdb rating of Heat", Ask.RATING),
        ("how good is Heat", Ask.RATING),
        ("how many people voted for Heat", Ask.VOTES),
        ("what genre is Heat", Ask.GENRES),
        ("genres of Heat", Ask.GENRES),
        ("what's Heat about?", Ask.PLOT),
        ("summary of Heat", Ask.PLOT),
        ("what other titles does Heat have", Ask.ALTERNATIVE_TITLES),
        ("how many episodes does Heat have", Ask.EPISODES),
        ("how many seasons of Heat", Ask.SEASONS),
        ("is Heat a movie or a series", Ask.TYPE),
        ("something like Heat", Ask.SIMILAR),
    ],
)
def test_facts_of_a_title(question: str, ask: Ask) -> None:
    assert_among(question, Reading(ask, title=HEAT))


@pytest.mark.parametrize(
    ("question", "ask"),
    [
        ("when was Al Pacino born", Ask.BORN),
        ("what year American actor Al Pacino born", Ask.BORN),
        ("birth year of Al Pacino", Ask.BORN),
        ("when did Al Pacino die", Ask.DIED),
        ("how old is Al Pacino", Ask.AGE),
        ("what does Al Pacino do for a living", Ask.PROFESSIONS),
    ],
)
def test_facts_of_a_person(question: str, ask: Ask) -> None:
    assert_among(question, Reading(ask, people=(PACINO,)))


@pytest.mark.parametrize(
    ("question", "category"),
    [
        ("was Al Pacino in Heat", "acting"),
        ("did Al Pacino star in Heat?", "acting"),
        ("did Al Pacino direct Heat", "director"),
        ("was Heat written by Al Pacino", "writer"),
        ("did Al Pacino produce Heat", "producer"),
    ],
)
def test_yes_or_no(question: str, category: str) -> None:
    assert_among(question, Reading(Ask.IS_IN, title=HEAT, people=(PACINO,), category=category))


def test_yes_or_no_about_a_length() -> None:
    assert_best("is Heat longer than two hours", Reading(Ask.RUNTIME, title=HEAT, threshold=("over", 120.0)))
    assert_best("is Heat under 100 minutes", Reading(Ask.RUNTIME, title=HEAT, threshold=("under", 100.0)))


def test_comparing_titles() -> None:
    titles = (HEAT, TitleRef(name="Casino", full="Casino"))
    assert_best(
        "which is longer, Heat or Casino", Reading(Ask.COMPARE, titles=titles, order=Order.RUNTIME, limit=1)
    )
    assert_among(
        "which came out first, Heat or Casino",
        Reading(Ask.COMPARE, titles=titles, order=Order.YEAR, descending=False, limit=1),
    )


def test_comparing_people() -> None:
    expected = Reading(Ask.COMPARE, people=(PACINO, DE_NIRO), order=Order.BORN, descending=False, limit=1)
    assert_among("who is older, Al Pacino or Robert De Niro", expected)


def test_a_film_described_by_its_plot() -> None:
    expected = Reading(Ask.TITLE, title=TitleRef(plot="a thief who falls in love"), limit=1)
    assert_best("what movie is about a thief who falls in love", expected)


def test_a_film_described_by_a_character() -> None:
    expected = Reading(Ask.TITLE, title=TitleRef(character="Pennywise"), limit=10)
    assert_among("which movies have the character Pennywise", expected)


def test_a_film_described_by_who_played_whom_in_it() -> None:
    nested = TitleRef(people=(DE_NIRO,), character="Neil")
    expected = Reading(Ask.CREW, title=nested, category="director")
    assert_among("who directed the film where Robert De Niro played Neil", expected)


def test_a_person_described_by_what_they_made() -> None:
    by = Reading(Ask.CREW, title=HEAT, category="director")
    assert_among("when was the director of Heat born", Reading(Ask.BORN, people=(PersonRef(by=by),)))


def test_pronouns_point_into_the_conversation() -> None:
    assert_among(
        "who directed it", Reading(Ask.CREW, title=TitleRef(full="it", context=True), category="director")
    )
    assert_among("when was she born", Reading(Ask.BORN, people=(PersonRef(context=True),)))


def test_what_else_leaves_out_the_title_just_spoken_of() -> None:
    expected = Reading(
        Ask.FILMOGRAPHY, people=(PersonRef(context=True),), category="acting", exclude_context=True
    )
    assert_among("what else was she in", expected)


@pytest.mark.parametrize(
    "question",
    [
        "who directed heat",
        "WHO DIRECTED HEAT",
        "who directed Heat???",
        "  who   directed  Heat ",
        "well, who directed Heat",
        "Hi! Could you please tell me who directed Heat, please?",
        "do you know who directed Heat",
        "who directed “Heat”",
        'who directed "Heat"',
    ],
)
def test_case_spaces_politeness_and_quotes_change_nothing(question: str) -> None:
    best = readings(question)[0]
    assert best.ask is Ask.CREW
    assert best.title is not None
    assert (best.title.name or "").lower() == "heat"


def test_every_split_is_read_where_the_words_allow_several() -> None:
    splits = {
        (reading.character, reading.title.name)
        for reading in readings("who plays Alice in Alice in Wonderland")
        if reading.ask is Ask.PLAYED_BY and reading.title is not None
    }
    assert {("Alice", "Alice in Wonderland"), ("Alice in Alice", "Wonderland")} <= splits


@pytest.mark.parametrize(
    "title", ["It", "M", "Us", "8½", "1923", "Who", "Max", "Carter", "11.22.63", "WALL·E"]
)
def test_odd_titles_survive_the_reading(title: str) -> None:
    best = readings(f"who directed {title}")[0]
    assert best.ask is Ask.CREW
    assert best.title is not None
    assert best.title.full == title


def test_words_of_no_known_wording_are_taken_for_a_name() -> None:
    assert_among("Blade Runner", Reading(Ask.TITLE, title=TitleRef(name="Blade Runner", full="Blade Runner")))


@pytest.mark.parametrize(
    ("question", "topic"),
    [("who won the Oscar for Heat", "awards"), ("who directed Heat", None)],
)
def test_topics_the_data_cannot_hold(question: str, topic: str | None) -> None:
    assert topic_of(question) == topic


def test_a_question_too_long_is_refused_with_the_limit() -> None:
    with pytest.raises(InputError, match="3,000 characters: at most 2,000"):
        read("a" * 3_000)


def test_a_question_without_words_is_refused() -> None:
    with pytest.raises(InputError, match="no words"):
        read("   ")


@settings(derandomize=True, max_examples=120, deadline=None)
@given(st.text(min_size=1, max_size=120))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        found = read(text)
    except InputError as error:
        assert "no words" in str(error)
        return
    assert len(found) <= MAX_READINGS
    assert [reading.weight for reading in found] == sorted((item.weight for item in found), reverse=True)
    assert all(reading.validated() == reading for reading in found)


vocabulary = st.sampled_from(
    "who what which played plays in the of and it she not with film films movie director first second 1999 "
    "Neo Heat Al Pacino 's ? or how many long before but where is was did voice longer than hours".split()
)


@settings(derandomize=True, max_examples=150, deadline=None)
@given(st.lists(vocabulary, min_size=1, max_size=24))
def test_any_order_of_question_words_is_read_into_valid_readings(words: list[str]) -> None:
    try:
        found = read(" ".join(words))
    except InputError as error:
        assert "no words" in str(error)
        return
    assert all(Reading.from_json(reading.to_json()) == reading for reading in found)


def test_the_longest_question_is_read_in_reasonable_time() -> None:
    question = ("who played a in b of c and d with e " * 60)[:MAX_QUESTION]
    assert len(read(question)) <= MAX_READINGS
