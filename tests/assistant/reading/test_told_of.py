"""People of whom something is told that no catalogue holds; the players of a character."""

from __future__ import annotations

import pytest

from assistant.reading.kinds import FILM_TYPES
from assistant.reading.players import players
from assistant.reading.reader import read
from assistant.reading.reading import Ask, Part, Reading, TitleRef
from assistant.reading.told_of import told_of

ALIEN = Part(None, TitleRef(name="Alien", full="Alien"), "acting")
RIPLEY = Part(None, None, "acting", "Ripley")


@pytest.mark.parametrize(
    ("question", "parts", "unchecked"),
    [
        ("which actress starred in Alien and studied at Stanford", (ALIEN,), "studied at Stanford"),
        ("which actress who starred in Alien is also a climber", (ALIEN,), "is also a climber"),
        ("which English actress was in Alien", (ALIEN,), "English"),
        ("which actress in Alien graduated from Yale", (ALIEN,), "graduated from Yale"),
        ("which actress was born in Texas and starred in Alien", (ALIEN,), "was born in Texas"),
        ("who played Ripley and was married to a director", (RIPLEY,), "was married to a director"),
        ("who won an Oscar for playing Ripley", (RIPLEY,), "won an Oscar"),
        ("which actress from Austria was in Alien", (ALIEN,), "from Austria"),
    ],
)
def test_what_the_data_cannot_hold_is_kept_apart(
    question: str, parts: tuple[Part, ...], unchecked: str
) -> None:
    reading = next(told_of(question))
    assert (reading.parts, reading.unchecked) == (parts, unchecked)


def test_years_of_birth_and_death_are_conditions() -> None:
    reading = next(told_of("which actress starred in Alien and was born in 1949"))
    assert (reading.born, reading.unchecked, reading.profession) == ((1949, 1949), None, "actress")
    gone = next(told_of("which actors in Alien are no longer alive"))
    assert (gone.parts, gone.died) == ((ALIEN,), (1, 9999))


@pytest.mark.parametrize(
    "question",
    [
        "which actors in Alien are no longer alive",
        "who starred in Alien but was not awarded an Oscar",
        "which actress starred in Never Again and studied law",
    ],
)
def test_a_no_that_is_told_or_part_of_a_title_is_not_passed_over(question: str) -> None:
    assert Ask.PERSON in {reading.ask for reading in read(question)}


@pytest.mark.parametrize(
    "question", ["which actress starred in Alien", "who studied at Stanford", "who wrote Alien and Aliens"]
)
def test_credits_alone_or_none_at_all_are_read_elsewhere(question: str) -> None:
    assert not list(told_of(question))


def test_the_players_of_a_character_by_their_turn() -> None:
    film = TitleRef(types=FILM_TYPES, ordinal=2)
    second = Reading(Ask.PERSON, title=film, parts=(RIPLEY,), limit=1)
    assert list(players("who was the second actress to play Ripley")) == [second]
    assert next(players("how many actors have played Ripley")).count


def test_a_reading_of_a_person_round_trips() -> None:
    reading = next(told_of("which actress starred in Alien and was born in 1949 and studied at Stanford"))
    assert Reading.from_json(reading.to_json()) == reading


def test_who_played_somebody_is_not_asked_whom_they_played() -> None:
    found = read("who is the actress that plays Ripley in Alien")
    assert found[0].ask is Ask.PLAYED_BY
    assert not any(reading.ask in (Ask.CHARACTER_OF, Ask.PROFESSIONS) for reading in found)
