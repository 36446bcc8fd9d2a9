"""Ways to ask that need more than a wording: what is left out, who came first, either of two, the sequel."""

from __future__ import annotations

import pytest

from assistant.answer import Status
from tests.assistant.conftest import Ask


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        # lead-ins, fillers and contractions of people who talk
        ("i can't remember who played Morpheus", ["Laurence Fishburne"]),
        ("when'd Heat come out", ["1995"]),
        ("was Al Pacino also in Heat", ["Yes"]),
        ("was it Al Pacino who played Neil McCauley in Heat", ["No"]),
        # searches without a sentence, either way round
        ("director Goodfellas", ["Martin Scorsese"]),
        ("runtime Heat", ["170"]),
        ("Trinity The Matrix actress name", ["Carrie-Anne Moss"]),
        ("Heat Al Pacino character name", ["Lt. Vincent Hanna"]),
        # a title or a person that is left out
        ("who else was in Heat besides Al Pacino", ["Robert De Niro"]),
        ("what else did Martin Scorsese make apart from Casino", ["Goodfellas"]),
        # what stands beside a title in its series
        ("who directed the sequel to The Matrix", ["Lana Wachowski"]),
        ("what is the sequel to Toy Story", ["Toy Story 2"]),
        # age is said by a clause
        ("who played Norman Bates in Psycho 1960 when he was young", ["Anthony Perkins"]),
        # either of two, the same maker, people who worked together
        ("have Goodfellas and Casino the same director", ["Yes"]),
        ("are Alien and Aliens by the same director", ["No"]),
        ("did Martin Scorsese ever work with Robert De Niro", ["Yes"]),
        # first and last of several
        ("who was the first actor to play Norman Bates", ["Anthony Perkins"]),
        ("who was the last to play Norman Bates", ["Vince Vaughn"]),
        # alive or dead
        ("is Sean Connery still alive", ["No"]),
        ("is Keanu Reeves alive", ["Yes"]),
        ("is Sean Connery dead", ["Yes"]),
        # "made" may be any function; whoever made the music did not direct
        ("what movies has Martin Scorsese made", ["Goodfellas", "Casino"]),
        ("who made the music for The Matrix", ["Don Davis"]),
    ],
)
def test_asked_another_way(ask: Ask, question: str, expected: list[str]) -> None:
    answer = ask(question)
    assert answer.status is Status.ANSWERED, answer.text
    assert [item.text for item in answer.answers] == expected


def test_either_of_two_people_gives_the_titles_of_both(ask: Ask) -> None:
    answer = ask("movies with Al Pacino or Keanu Reeves")
    assert {"Heat", "The Matrix", "The Matrix Reloaded"} <= {item.text for item in answer.answers}


def test_all_who_played_somebody_are_listed_where_several_are_asked_for(ask: Ask) -> None:
    answer = ask("which actors have played Norman Bates")
    assert answer.status is Status.ANSWERED
    assert {item.text for item in answer.answers} == {"Anthony Perkins", "Vince Vaughn"}


def test_a_number_before_a_superlative_limits_the_list(ask: Ask) -> None:
    answer = ask("what are the 2 best movies of the 1990s")
    assert [item.text for item in answer.answers] == ["The Matrix", "Goodfellas"]


def test_who_made_the_music_is_not_who_directed_where_no_composer_is_known(ask: Ask) -> None:
    answer = ask("who made the music for Heat")
    assert answer.status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("earlier", "question", "expected"),
    [
        (("who played Trinity in The Matrix", "Carrie-Anne Moss"), "and Neo?", ["Keanu Reeves"]),
        (("who played Trinity in The Matrix", "Carrie-Anne Moss"), "how old was she then", ["32"]),
        (("is Al Pacino in Heat", "Yes"), "and Robert De Niro?", ["Yes"]),
        (
            ("who directed The Matrix", "Lana Wachowski"),
            "and the sequel?",
            ["Lana Wachowski"],
        ),
        (("what is the longest movie by Martin Scorsese", "Casino"), "and the shortest?", ["Goodfellas"]),
    ],
)
def test_half_a_question_changes_the_part_that_it_names(
    ask: Ask, earlier: tuple[str, str], question: str, expected: list[str]
) -> None:
    answer = ask(question, *earlier)
    assert answer.status is Status.ANSWERED, answer.text
    assert [item.text for item in answer.answers] == expected
