"""Free wordings -> Readings, with the weights that are shipped."""

from __future__ import annotations

import time
from typing import Any

import pytest

from assistant.reading.learned.free import likely, mended, read_freely
from assistant.reading.words import read_words


def best(question: str) -> dict[str, Any]:
    """The likeliest Reading without its weight."""
    told = read_freely(read_words(question))[0].to_json()
    told.pop("weight", None)
    return told


def named(name: str) -> dict[str, str]:
    return {"name": name, "full": name}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (
            "who was behind the camera for Chinatown",
            {"ask": "crew", "title": named("Chinatown"), "category": "director"},
        ),
        (
            "could you say when the actor who played Forrest Gump was born",
            None,
        ),
        (
            "the longest of the Alien movies",
            {"ask": "title", "title": {**named("Alien"), "series": True}, "order": "runtime", "limit": 1},
        ),
        (
            "how many times has Hugh Jackman played Wolverine",
            {
                "ask": "title",
                "title": {"parts": [{"person": {"name": "Hugh Jackman"}, "character": "Wolverine"}]},
                "count": True,
            },
        ),
        (
            "who is that actress from both Thor and Black Swan",
            {
                "ask": "person",
                "parts": [
                    {"title": named("Thor"), "category": "acting"},
                    {"title": named("Black Swan"), "category": "acting"},
                ],
            },
        ),
        (
            "is Meg Ryan older than Billy Crystal",
            {
                "ask": "compare",
                "people": [{"name": "Meg Ryan"}, {"name": "Billy Crystal"}],
                "order": "born",
                "relation": "less",
            },
        ),
    ],
)
def test_free_wordings_are_read(question: str, expected: dict[str, Any] | None) -> None:
    if expected is not None:
        assert best(question) == expected
    else:
        assert best(question)["ask"] == "born"


@pytest.mark.parametrize(
    "question", ["wich moive did tom hanks diret", "in whcih movies did tom hanks appaer"]
)
def test_slips_of_the_finger_do_not_hide_what_is_asked(question: str) -> None:
    assert best(question)["ask"] == "filmography"


@pytest.mark.parametrize(
    "question",
    [
        "who is Tom Hanks married to",
        "which actor was in Titanic and was born in London",
        "how much did Titanic cost",
        "colourless green ideas sleep furiously",
    ],
)
def test_what_no_shape_means_gives_nothing(question: str) -> None:
    assert read_freely(read_words(question)) == []


def test_names_may_be_of_another_kind_than_they_look() -> None:
    asked = read_words("how many films has Indiana Jones appeared in")
    told = [reading.to_json() for reading in read_freely(asked, swapped=True)]
    assert any("Indiana Jones" in str(reading) and "character" in str(reading) for reading in told)


def test_weights_are_probabilities_best_first() -> None:
    weights = [reading.weight for reading in read_freely(read_words("who did the soundtrack to Gladiator"))]
    assert weights == sorted(weights, reverse=True)
    assert all(0 < weight < 1 for weight in weights)


def test_the_nearer_the_likelier() -> None:
    assert 0 < likely(0.3) < likely(0.6) < likely(0.9) < 1


def test_no_words_and_very_long_questions_give_nothing() -> None:
    assert read_freely(read_words("")) == []
    assert read_freely(read_words("alien " * 60)) == []


def test_a_question_is_read_in_milliseconds() -> None:
    asked = read_words("who wrote the film in which Jodie Foster plays Clarice Starling")
    read_freely(asked)
    started = time.process_time()
    for _ in range(10):
        read_freely(asked)
    assert (time.process_time() - started) / 10 < 0.05


def test_slips_outside_of_names_are_mended_names_are_left_alone() -> None:
    assert mended(read_words("who diected the moive Alein")) == "who directed the movie Alein"
    assert mended(read_words("who directed Alien")) is None
    assert mended(read_words("which film has the word gold in the title")) is None
