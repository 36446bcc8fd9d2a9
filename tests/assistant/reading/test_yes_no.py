"""Yes/no questions read as what they ask of the records."""

from __future__ import annotations

import pytest

from assistant.reading.kinds import FILM_TYPES
from assistant.reading.reader import read
from assistant.reading.reading import Ask, Order, Part, PersonRef, Reading, TitleRef
from assistant.reading.yes_no import asked

PESCI = PersonRef("Joe Pesci")


def film(name: str) -> TitleRef:
    return TitleRef(name=name, full=name)


def of_series(name: str, *parts: Part) -> TitleRef:
    return TitleRef(name=name, full=name, types=FILM_TYPES, series=True, parts=parts)


def cast(title: TitleRef, *people: PersonRef, **fields: object) -> Reading:
    return Reading(Ask.IS_IN, title=title, people=people, category="acting", **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("was Joe Pesci the lead actor in Casino", cast(film("Casino"), PESCI)),
        ("did Joe Pesci make an appearance in Casino", cast(film("Casino"), PESCI)),
        (
            "is Joe Pesci the voice of Nicky in Casino",
            cast(film("Casino"), PESCI, character="Nicky"),
        ),
        (
            "in Casino, did Joe Pesci play alongside Robert De Niro",
            cast(film("Casino"), PESCI, PersonRef("Robert De Niro")),
        ),
        (
            "was Joe Pesci ever in any Lethal Weapon movies",
            Reading(
                Ask.TITLE,
                title=of_series("Lethal Weapon", Part(PESCI, category="acting")),
                threshold=("over", 0.0),
            ),
        ),
        (
            "was Joe Pesci in every Lethal Weapon",
            Reading(
                Ask.TITLE,
                title=of_series("Lethal Weapon", Part(PESCI, category="acting", without=True)),
                threshold=("under", 1.0),
            ),
        ),
        (
            "has Joe Pesci worked with Martin Scorsese more than twice",
            Reading(
                Ask.FILMOGRAPHY,
                title=TitleRef(types=FILM_TYPES),
                people=(PESCI, PersonRef("Martin Scorsese")),
                threshold=("over", 2.0),
            ),
        ),
        (
            "did Gremlins have at least two sequels",
            Reading(Ask.TITLE, title=of_series("Gremlins"), threshold=("over", 2.0)),
        ),
        (
            "was Aliens the longest Alien movie",
            Reading(
                Ask.TITLE,
                title=of_series("Alien"),
                titles=(film("Aliens"),),
                order=Order.RUNTIME,
                limit=1,
                relation="same",
            ),
        ),
        (
            "did Casino come out in the nineties",
            Reading(Ask.YEAR, title=film("Casino"), holds=("1990", "1999")),
        ),
        ("was Joe Pesci born before 1950", Reading(Ask.BORN, people=(PESCI,), holds=("0", "1949"))),
    ],
)
def test_what_is_asked_of_the_records(question: str, expected: Reading) -> None:
    assert next(asked(question)) == expected


def test_the_title_of_a_rank_may_end_anywhere_before_whose_film_it_is() -> None:
    found = [
        (reading.titles[0].name, reading.title.parts[0].person)
        for reading in asked("was Ginger Snaps John Fawcett's second film")
        if reading.title is not None
    ]
    assert ("Ginger Snaps", PersonRef("John Fawcett")) in found


def test_every_film_of_a_series_is_no_title() -> None:
    found = read("was Joe Pesci in every Lethal Weapon movie")
    assert found[0].ask is Ask.TITLE
    assert not any(reading.title and reading.title.full == "every Lethal Weapon movie" for reading in found)


@pytest.mark.parametrize(
    "question",
    [
        "does Ripley keep the cat",
        "who is in Casino",
        "is Casino any good",
        "in what year did they shoot Heat",
    ],
)
def test_what_asks_nothing_of_the_records_is_not_read(question: str) -> None:
    assert not list(asked(question))
