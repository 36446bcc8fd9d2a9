"""Questions about sets of films become Readings within Readings."""

from __future__ import annotations

import json

import pytest

from assistant.reading.chains import readings
from assistant.reading.reading import Ask, PersonRef, Reading, TitleRef


def best(text: str) -> Reading:
    found = readings(text)
    assert found, text
    return found[0]


def chain(text: str) -> tuple[Ask, str | None, str | None, str | None]:
    """What is asked, of whom; the films' function; whose films."""
    reading = best(text)
    films = reading if reading.ask is Ask.FILMOGRAPHY else reading.title.by if reading.title else None
    assert films is not None, text
    who = films.people[0]
    source = who.name or (who.by.title.name if who.by and who.by.title else None)
    return reading.ask, reading.category, films.category, source


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("what genres are the films by the director Jane Campion",
         (Ask.GENRES, None, "director", "Jane Campion")),
        ("in which languages are the movies written by Lee Chang-dong",
         (Ask.LANGUAGES, None, "writer", "Lee Chang-dong")),
        ("when were the films starring Toni Servillo released", (Ask.YEAR, None, "acting", "Toni Servillo")),
        ("who wrote the movies directed by Agnès Varda", (Ask.CREW, "writer", "director", "Agnès Varda")),
        ("Akira Kurosawa directed which films", (Ask.FILMOGRAPHY, "director", "director", "Akira Kurosawa")),
        ("which films share a composer with Vertigo", (Ask.FILMOGRAPHY, "composer", "composer", "Vertigo")),
        ("who acted in the films whose director also made Ran", (Ask.CAST, None, "director", "Ran")),
        ("the films written by the writer of Chinatown were directed by whom",
         (Ask.CREW, "director", "writer", "Chinatown")),
        ("who starred in movies for the director of Stalker", (Ask.CAST, None, "director", "Stalker")),
    ],
)  # fmt: skip
def test_films_are_those_of_people_named_or_described(
    text: str, expected: tuple[Ask, str | None, str | None, str | None]
) -> None:
    assert chain(text) == expected


def test_a_title_shared_with_is_not_meant_itself() -> None:
    assert best("which movies have the same writer as Fargo").exclude_context
    assert not best(
        "what are the genres of the films directed by the director of Fargo"
    ).title.by.exclude_context  # type: ignore[union-attr]


def test_all_holders_of_a_function_are_meant() -> None:
    reading = best("which films did the writers of Casablanca also write")
    crew = Reading(Ask.CREW, title=TitleRef(name="Casablanca", full="Casablanca"), category="writer")
    assert reading.people == (PersonRef(by=crew, every=True),)


def test_chains_nest_as_deep_as_they_are_spelt() -> None:
    reading = best("what genres are the films directed by the writers of the movies starring Tilda Swinton")
    inner = reading.title.by.people[0].by.title.by  # type: ignore[union-attr]
    assert inner is not None
    assert (inner.ask, inner.category, inner.people[0].name) == (Ask.FILMOGRAPHY, "acting", "Tilda Swinton")


def test_those_who_worked_with_somebody_leave_them_out() -> None:
    reading = best("who co-starred with Setsuko Hara")
    assert (reading.ask, reading.without) == (Ask.CAST, (PersonRef(name="Setsuko Hara"),))


def test_the_article_of_a_title_stays() -> None:
    reading = best("which movies have the same director as The Thing")
    assert reading.people[0].by is not None
    assert reading.people[0].by.title == TitleRef(name="The Thing", full="The Thing")


@pytest.mark.parametrize(
    "text", ["who played Neo in The Matrix", "hello", "what else was she in", "it " * 200]
)
def test_other_questions_are_no_chains(text: str) -> None:
    assert [reading for reading in readings(text) if reading.weight >= 0.8] == []


def test_chains_survive_json() -> None:
    for text in ("who wrote the films that share a director with Jaws", "films about baseball"):
        reading = best(text)
        assert Reading.from_json(json.loads(json.dumps(reading.to_json()))) == reading
