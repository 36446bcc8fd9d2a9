"""Titles and people described by parts, read whole or not at all."""

from __future__ import annotations

import pytest

from assistant.reading.described import Described, described
from assistant.reading.kinds import FILM_TYPES
from assistant.reading.phrases import Ranking
from assistant.reading.reader import read
from assistant.reading.reading import Ask, Order, Part, PersonRef, Reading, TitleRef

COPPOLA = Part(PersonRef("Sofia Coppola"), category="director")
MURRAY = Part(PersonRef("Bill Murray"), category="acting")
NO_MURRAY = Part(PersonRef("Bill Murray"), category="acting", without=True)


def films(**fields: object) -> TitleRef:
    return TitleRef(types=FILM_TYPES, **fields)  # type: ignore[arg-type]


def of_series(name: str, **fields: object) -> TitleRef:
    return films(name=name, full=name, series=True, **fields)


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("movie directed by Sofia Coppola and starring Bill Murray", films(parts=(COPPOLA, MURRAY))),
        ("film that Sofia Coppola directed with Bill Murray", films(parts=(COPPOLA, MURRAY))),
        ("film starring Bill Murray that was directed by Sofia Coppola", films(parts=(MURRAY, COPPOLA))),
        (
            "movie was directed by Sofia Coppola and came out in 2003",
            films(parts=(COPPOLA,), years=(2003, 2003)),
        ),
        ("the Ghostbusters movie that Bill Murray is not in", of_series("Ghostbusters", parts=(NO_MURRAY,))),
        ("Ghostbusters film did not star Bill Murray", of_series("Ghostbusters", parts=(NO_MURRAY,))),
        ("Ghostbusters movie without Bill Murray", of_series("Ghostbusters", parts=(NO_MURRAY,))),
        ("the third movie in the Ghostbusters series", of_series("Ghostbusters", ordinal=3)),
        ("the 2nd Ghostbusters film", of_series("Ghostbusters", ordinal=2)),
        ("Bill Murray's second movie", films(ordinal=2, parts=(Part(PersonRef("Bill Murray")),))),
        (
            "Ghostbusters movie with a character named Slimer",
            of_series("Ghostbusters", parts=(Part(category="acting", character="Slimer"),)),
        ),
        ("the penultimate Ghostbusters film", of_series("Ghostbusters", ordinal=-2)),
        (
            "film starring Bill Murray that came out on May 5, 1984",
            films(parts=(MURRAY,), years=(1984, 1984)),
        ),
        (
            "film starring Bill Murray with the word day in the title",
            films(parts=(MURRAY,), word="day"),
        ),
        (
            "first film ever released that featured Bill Murray",
            films(ordinal=1, parts=(MURRAY,)),
        ),
        ("his first film", films(ordinal=1, parts=(Part(PersonRef(context=True)),))),
        ("Ghostbusters movie was released in the 1980s", of_series("Ghostbusters", years=(1980, 1989))),
        ("Ghostbusters movies were not made after 2000", of_series("Ghostbusters", years=(0, 2000))),
        ("Ghostbusters movie was not made in 1985 or later", of_series("Ghostbusters", years=(0, 1984))),
        ("the first Ghostbusters movie to be released in cinemas", of_series("Ghostbusters", ordinal=1)),
        ("film came out starring Bill Murray", films(parts=(MURRAY,))),
        (
            "mainline Ghostbusters film stars Bill Murray but not Rick Moranis",
            of_series(
                "Ghostbusters",
                parts=(MURRAY, Part(PersonRef("Rick Moranis"), category="acting", without=True)),
            ),
        ),
        ("animated movie features Bill Murray", films(genres=("Animation",), parts=(MURRAY,))),
        (
            "film with Bill Murray as Peter Venkman",
            films(parts=(Part(PersonRef("Bill Murray"), category="acting", character="Peter Venkman"),)),
        ),
    ],
)
def test_a_phrase_is_read_in_parts(phrase: str, expected: TitleRef) -> None:
    assert described(phrase)[0].ref == expected


@pytest.mark.parametrize(
    ("phrase", "ranking"),
    [
        ("the longest Ghostbusters movie", Ranking(Order.RUNTIME, descending=True)),
        ("Ghostbusters film is the shortest", Ranking(Order.RUNTIME, descending=False)),
        ("Ghostbusters movie has the highest rating", Ranking(Order.RATING, descending=True)),
        ("Ghostbusters movie has the longest running time", Ranking(Order.RUNTIME, descending=True)),
    ],
)
def test_a_rank_is_read_before_and_behind_the_noun(phrase: str, ranking: Ranking) -> None:
    assert described(phrase)[0] == Described(of_series("Ghostbusters"), ranking, one=True)


@pytest.mark.parametrize(
    "phrase",
    [
        "movie directed by Sofia Coppola that won an Oscar",
        "movie starring Bill Murray and filmed in Chicago",
        "Ghostbusters movie made the most money",
        "film with Bill Murray is about a cursed day",
        "the longest Disney movie",
        "no noun at all",
    ],
)
def test_a_phrase_with_a_part_that_is_not_known_is_not_read(phrase: str) -> None:
    assert described(phrase) == []


def test_a_name_may_hold_the_noun() -> None:
    assert of_series("Scary Movie", parts=(NO_MURRAY,)) in [
        item.ref for item in described("Scary Movie did not star Bill Murray")
    ]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (
            "did Ghostbusters come out before Tootsie?",
            Reading(
                Ask.COMPARE,
                titles=(TitleRef("Ghostbusters", "Ghostbusters"), TitleRef("Tootsie", "Tootsie")),
                order=Order.YEAR,
                relation="less",
            ),
        ),
        (
            "was Tootsie released before 1980?",
            Reading(Ask.YEAR, title=TitleRef("Tootsie", "Tootsie"), threshold=("under", 1980.0)),
        ),
        (
            "did Tootsie come out after the year 1980",
            Reading(Ask.YEAR, title=TitleRef("Tootsie", "Tootsie"), threshold=("over", 1980.0)),
        ),
        (
            "is Tootsie a comedy?",
            Reading(Ask.GENRES, title=TitleRef("Tootsie", "Tootsie"), holds=("Comedy",)),
        ),
        (
            "have Bill Murray and Sofia Coppola been in a movie together",
            Reading(
                Ask.TITLE,
                title=films(parts=(MURRAY, Part(PersonRef("Sofia Coppola"), category="acting"))),
                threshold=("over", 0.0),
            ),
        ),
        (
            "are there more than two Ghostbusters movies",
            Reading(Ask.TITLE, title=of_series("Ghostbusters"), threshold=("over", 2.0)),
        ),
        (
            "how many years after Tootsie was Ghostbusters released",
            Reading(
                Ask.COMPARE,
                titles=(TitleRef("Tootsie", "Tootsie"), TitleRef("Ghostbusters", "Ghostbusters")),
                order=Order.YEAR,
                count=True,
            ),
        ),
        (
            "who directed Tootsie but not Ghostbusters",
            Reading(
                Ask.PERSON,
                parts=(
                    Part(title=TitleRef("Tootsie", "Tootsie"), category="director"),
                    Part(title=TitleRef("Ghostbusters", "Ghostbusters"), category="director", without=True),
                ),
            ),
        ),
        (
            "which actor played both Peter Venkman and Phil Connors",
            Reading(
                Ask.PERSON,
                parts=(
                    Part(category="acting", character="Peter Venkman"),
                    Part(category="acting", character="Phil Connors"),
                ),
            ),
        ),
        (
            "who has directed more films, Sofia Coppola or Bill Murray?",
            Reading(
                Ask.COMPARE,
                title=films(),
                people=(PersonRef("Sofia Coppola"), PersonRef("Bill Murray")),
                category="director",
                order=Order.CREDITS,
                limit=1,
            ),
        ),
        (
            "how old was Bill Murray in Tootsie",
            Reading(Ask.AGE, title=TitleRef("Tootsie", "Tootsie"), people=(PersonRef("Bill Murray"),)),
        ),
    ],
)
def test_questions_made_of_parts(question: str, expected: Reading) -> None:
    assert expected in read(question)


def test_what_turns_a_question_round_is_not_passed_over() -> None:
    readings = read("which films does Bill Murray not appear in")
    assert all(
        reading.title is None or any(part.without for part in reading.title.parts) or reading.title.name
        for reading in readings
        if reading.ask in (Ask.FILMOGRAPHY, Ask.TITLE) and reading.weight > 0.5
    )


def test_words_that_are_ranks_may_be_a_name() -> None:
    named = of_series("Last Horror", years=(0, 2002))
    assert named in [item.ref for item in described("Last Horror movie was not made after 2002")]


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("which Ghostbusters movie was not made after 2000", (0, 2000)),
        ("which Ghostbusters movie was not released before 1989", (1989, 9999)),
    ],
)
def test_a_time_that_is_denied_is_read(question: str, years: tuple[int, int]) -> None:
    assert Reading(Ask.TITLE, title=of_series("Ghostbusters", years=years)) in read(question)


def test_what_follows_but_not_may_be_of_the_same_series() -> None:
    first = of_series("Ghostbusters", ordinal=1)
    for words, step, ordinal in (("the sequel", 1, 1), ("the second one", 0, 2)):
        [reading] = [
            reading
            for reading in read(f"who directed the first Ghostbusters movie but not {words}")
            if reading.ask is Ask.PERSON
        ]
        title = reading.parts[1].title
        assert title is not None
        assert (title.name, title.step, title.ordinal) == (first.name, step, ordinal)


def test_roles_in_two_series() -> None:
    saw, alien = (
        Part(None, TitleRef(name, f"{name} films", types=FILM_TYPES, series=True), "acting")
        for name in ("the Saw", "Alien")
    )
    question = "which actor had leading roles both in the Saw and Alien franchises"
    assert Reading(Ask.PERSON, parts=(saw, alien)) in read(question)


@pytest.mark.parametrize(
    ("question", "first", "second"),
    [
        ("who wrote and directed Tootsie", "writer", "director"),
        ("which actor starred in Tootsie and also directed it", "acting", "director"),
        ("who was the director of Tootsie and wrote Tootsie", "director", "writer"),
    ],
)
def test_two_shares_in_one_film(question: str, first: str, second: str) -> None:
    title = TitleRef("Tootsie", "Tootsie")
    parts = (Part(None, title, first), Part(None, title, second))
    assert Reading(Ask.PERSON, parts=parts) in read(question)
