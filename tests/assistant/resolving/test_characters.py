"""How well a character as somebody names it fits a character as it is credited."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.resolving.characters import (
    CharacterMatch,
    asked_gender,
    forms_of,
    match_character,
    match_characters,
)

KNOWN = 0.74  # the credited character is the one that was asked for
OTHER = 0.5  # below it, somebody else is


@pytest.mark.parametrize(
    ("asked", "credited"),
    [
        ("the Oracle", "Oracle"),
        ("Oracle", "The Oracle"),
        ("ripley", "Ripley"),
        ("Neo", "Thomas A. Anderson / Neo"),
        ("Thomas Anderson", "Thomas A. Anderson / Neo"),
        ("Ace", "Sam 'Ace' Rothstein"),
        ("Spiderman", "Spider-Man"),
        ("Spider Man", "Spider-Man"),
        ("ET", "E.T."),
        ("wall-e", "WALL·E"),
        ("R2D2", "R2-D2"),
    ],
)
def test_spellings_of_one_name_are_the_same(asked: str, credited: str) -> None:
    assert match_character(asked, credited) == 1.0


@pytest.mark.parametrize(
    ("asked", "credited"),
    [
        ("Marty", "Marty McFly"),
        ("McFly", "Marty McFly"),
        ("Sam Rothstein", "Sam 'Ace' Rothstein"),
        ("Hanna", "Lt. Vincent Hanna"),
        ("Lieutenant Hanna", "Lt. Vincent Hanna"),
        ("Doctor Brown", "Dr. Emmett Brown"),
        ("Jim Conway", "James Conway"),
        ("Obi Wan", "Obi-Wan Kenobi"),
        ("the narrator", "Narrator (voice)"),
    ],
)
def test_a_part_of_the_name_is_enough(asked: str, credited: str) -> None:
    assert KNOWN < match_character(asked, credited) < 1.0


def test_a_spelling_slip_still_fits_but_less() -> None:
    assert OTHER < match_character("Riply", "Ripley") < match_character("Ripley", "Ripley")


@pytest.mark.parametrize(
    ("asked", "credited"),
    [
        ("Marty's mother", "Marty McFly"),
        ("the mother of Marty", "Marty McFly"),
        ("Buzz's wife", "Buzz Lightyear"),
        ("Gandalf", "Saruman"),
        ("Batman", "Catwoman"),
        ("Mr. Smith", "Mrs. Smith"),
        ("Mrs. Smith", "Mr. Smith"),
        ("Prince Charming", "Princess Charming"),
        ("young Simba", "Adult Simba"),
    ],
)
def test_other_people_do_not_fit(asked: str, credited: str) -> None:
    assert match_character(asked, credited) < OTHER


def test_the_age_that_was_asked_for_fits_best() -> None:
    young = [match_character("young Simba", credited) for credited in ("Young Simba", "Simba", "Adult Simba")]
    assert young == sorted(young, reverse=True)
    assert match_character("Simba", "Simba") > match_character("Simba", "Young Simba")


def test_a_rank_alone_tells_little() -> None:
    assert match_character("the king", "King Theoden") < match_character("Theoden", "King Theoden")


def test_the_best_of_several_characters_is_named() -> None:
    assert match_characters("Batman", ["Bruce Wayne", "Batman"]) == CharacterMatch(1.0, "Batman")


def test_what_stands_behind_a_dash_is_no_part_of_the_name() -> None:
    assert match_character("Napoleon", "Napoleon - Emperor of France") == 1.0


@pytest.mark.parametrize("credited", [[], [""], ["Trinity", "Morpheus"]])
def test_nobody_fits_where_nobody_is_alike(credited: list[str]) -> None:
    assert match_characters("Neo", credited) == CharacterMatch(0.0, "")


def test_asking_for_nobody_fits_nobody() -> None:
    assert match_character("", "Neo") == 0.0


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.text(max_size=30), st.text(max_size=30))
def test_every_match_lies_between_0_and_1(asked: str, credited: str) -> None:
    assert 0.0 <= match_character(asked, credited) <= 1.0


@settings(derandomize=True, max_examples=100, deadline=None)
@given(st.text(alphabet="abcdefgh ", min_size=1, max_size=20).filter(str.strip))
def test_every_name_fits_itself(name: str) -> None:
    assert match_character(name, name) == 1.0


@pytest.mark.parametrize(
    ("asked", "credited"),
    [
        ("Bruno the baker", "Bruno"),
        ("the original Moriarty", "Moriarty"),
        ("Inspector Lestrade", "Lestrade"),
        ("Aunt Polly", "Polly"),
        ("Private Pike", "Pvt. Pike"),
        ("Gus", "Augustus 'Gus' Waters"),
        ("Herbert", "Cleveland Brown, Herbert"),
        ("Ralph", "Ralf Hoess"),
        ("Nala", "Adult Nala"),
    ],
)
def test_people_are_named_by_rank_epithet_or_sound(asked: str, credited: str) -> None:
    assert match_character(asked, credited) > KNOWN


@pytest.mark.parametrize(
    ("asked", "credited"),
    [
        ("Nala", "Nala's Mother"),
        ("the mom", "Field Trip Mom"),
        ("the girl", "Rodeo Girl"),
        ("young George Bailey", "George Bailey"),
        ("the genie", "Gen. Watson"),
        ("Shrek", "Shark"),
    ],
)
def test_bystanders_do_not_fit(asked: str, credited: str) -> None:
    assert match_character(asked, credited) < KNOWN


@pytest.mark.parametrize(
    ("asked", "gender"),
    [
        ("Mrs. Hudson", "actress"),
        ("Marty's dad", "actor"),
        ("the king's daughter", "actress"),
        ("the girl with the red hat", "actress"),
        ("mother of the king", "actress"),
        ("Ripley", ""),
    ],
)
def test_words_give_away_whether_a_woman_is_meant(asked: str, gender: str) -> None:
    assert asked_gender(asked) == gender


def test_an_epithet_may_be_left_out_of_the_credits() -> None:
    assert forms_of("Bruno the baker") == ("Bruno the baker", "Bruno")
    assert forms_of("the Oracle") == ("the Oracle",)
