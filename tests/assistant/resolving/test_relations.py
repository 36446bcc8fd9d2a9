"""Roles that a question describes instead of naming: from the credits alone, or not at all."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from assistant.resolving.relations import named_relative, related
from indexer.catalog.records import Credit, Person, Title
from indexer.ids import PersonId, parse_title_id

FILM = Title(parse_title_id("tt0088763"), "Back to the Future", "movie", year=1985)


def credit(person: int, character: str, category: str = "actor", place: int = 1) -> Credit:
    return Credit(FILM.id, person, place, category, characters=(character,))  # type: ignore[arg-type]


MARTY = credit(1, "Marty McFly")
GEORGE = credit(2, "George McFly", place=2)
LORRAINE = credit(3, "Lorraine Baines", "actress", place=3)
LINDA = credit(4, "Linda McFly", "actress", place=4)
DIRECTOR = Credit(FILM.id, 9, 5, "director")  # type: ignore[arg-type]


BORN = {1: 1961, 2: 1964, 3: 1961, 7: 1975, 8: 1977}


def people(ids: Sequence[int]) -> dict[PersonId, Person]:
    """Those of ``ids`` with a birth year, as the catalogue gives them."""
    return {
        PersonId(key): Person(PersonId(key), f"P{key}", birth_year=BORN[key]) for key in ids if key in BORN
    }


def found(described: str, *credits: Credit, title: Title = FILM) -> Credit | None:
    answer = related(described, title, credits, people)
    assert answer is None or 0.0 < answer.confidence <= 1.0
    assert answer is None or answer.rule
    return answer.credit if answer else None


@pytest.mark.parametrize(
    "described", ["Marty's dad", "Marty McFly's father", "the father of Marty", "father of Marty McFly"]
)
def test_a_father_shares_the_surname_and_is_a_man(described: str) -> None:
    assert found(described, MARTY, GEORGE, LORRAINE, LINDA, DIRECTOR) == GEORGE


def test_mrs_tells_the_mother_from_the_sister() -> None:
    mother = credit(5, "Mrs. McFly", "actress")
    assert found("Marty's mother", MARTY, GEORGE, LINDA, mother) == mother


def test_a_niece_shares_the_surname_and_is_a_woman() -> None:
    assert found("Marty's niece", MARTY, GEORGE, LORRAINE, LINDA) == LINDA


def test_of_two_women_of_the_name_the_daughter_is_by_far_the_younger() -> None:
    wife, daughter = credit(7, "Jennifer McFly", "actress"), credit(10, "Marlene McFly", "actress")
    BORN[10] = 1990
    assert found("george mcfly daughter", GEORGE, wife, daughter) == daughter
    del BORN[10]
    assert found("george mcfly daughter", GEORGE, wife, daughter) is None  # her age is not known


def test_two_possible_brothers_are_no_answer() -> None:
    dave = credit(6, "Dave McFly")
    assert found("Marty's brother", MARTY, GEORGE, dave) is None


def test_a_mother_of_another_name_is_not_guessed() -> None:
    assert found("Marty's mother", MARTY, GEORGE, LORRAINE) is None


def test_relatives_of_nobody_credited_are_not_guessed() -> None:
    assert found("Biff's mother", MARTY, GEORGE, LORRAINE) is None


@pytest.mark.parametrize(
    "described", ["the main character", "main character", "the lead", "the protagonist", "the hero"]
)
def test_the_main_character_is_billed_first(described: str) -> None:
    assert found(described, MARTY, GEORGE) == MARTY


def test_a_boy_and_a_girl_are_those_who_were_children_then() -> None:
    boy, girl = credit(7, "Alan", place=4), credit(8, "Beth", "actress", place=5)
    assert found("the boy", MARTY, GEORGE, LORRAINE, boy, girl) == boy
    assert found("the little girl", MARTY, GEORGE, LORRAINE, boy, girl) == girl
    assert found("the boy", MARTY, GEORGE) is None


def test_nobody_is_a_child_where_the_year_is_unknown() -> None:
    undated = Title(parse_title_id("tt0000105"), "Undated", "movie")
    assert found("the boy", credit(7, "Alan"), title=undated) is None


def test_a_character_named_like_the_title_is_billed_first() -> None:
    ripley = Title(parse_title_id("tt0000106"), "The Great Gonzo", "movie", year=1990)
    assert found("the great gonzo", MARTY, GEORGE, title=ripley) == MARTY


def test_without_credits_nobody_is_found() -> None:
    assert found("the main character") is None
    assert found("Marty's dad", DIRECTOR) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Marty McFly's dad George", "George"),
        ("Marty's mother, Lorraine", "Lorraine"),
        ("Marty's dad", None),
        ("Neo", None),
    ],
)
def test_a_name_after_the_relation_is_the_name(text: str, name: str | None) -> None:
    assert named_relative(text) == name


def family(*names: str) -> list[Credit]:
    return [
        credit(place, name, "actress" if name.startswith(("Ann", "Eve")) else "actor", place)
        for place, name in enumerate(names, start=20)
    ]


BORN.update({20: 1945, 21: 1947, 22: 1970, 23: 1974, 24: 1949})


def test_the_mom_is_the_grown_woman_of_the_family() -> None:
    cast = family("Tom Baker", "Ann Baker", "Ned Baker", "Eve Baker")
    assert found("the mom", *cast) == cast[1]
    assert found("the daughter", *cast) == cast[3]


def test_an_in_law_is_not_guessed() -> None:
    assert found("Marty's father in law", MARTY, GEORGE, LORRAINE, LINDA) is None


def test_a_wife_of_another_name_stands_beside_the_lead() -> None:
    assert found("Marty's wife", MARTY, GEORGE, LORRAINE) == LORRAINE
    assert found("George's sister", MARTY, GEORGE, LORRAINE) is None


def test_the_overview_names_the_relative() -> None:
    plot = "Marty must bring his mother Lorraine to love his father."
    answer = related("Marty's mother", FILM, [MARTY, GEORGE, LORRAINE], people, plot)
    assert answer is not None and answer.credit == LORRAINE
