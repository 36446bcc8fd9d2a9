"""Genres of a plot that the question tells: a guess that is called one."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from assistant.answer import Status
from assistant.answering import answer_of
from assistant.reading.reader import read
from assistant.reading.reading import Ask as Asked
from assistant.resolving.guesses import GuessedGenres
from assistant.resolving.resolver import Tools, resolve
from tests.assistant.conftest import Ask

PLOT = "an outlaw returns to a mining town to bury his brother"


@pytest.mark.parametrize(
    ("question", "plot"),
    [
        (f"what genre is this: {PLOT}", PLOT),
        (f"What genre is this plot? {PLOT}", PLOT),
        (f"guess the genre of this story: {PLOT}", PLOT),
        (f"which genre would a film be in which {PLOT}", PLOT),
        ("classify this: a lonely robot", "a lonely robot"),
    ],
)
def test_a_told_plot_is_read_whole(question: str, plot: str) -> None:
    first = read(question)[0]
    assert first.ask is Asked.GUESSED_GENRES
    assert first.title is not None and first.title.plot == plot


@pytest.mark.parametrize(
    "question",
    ["what genre is The Shining", "what genre is this film", "what genre is it", "which genre is Heat"],
)
def test_the_genres_of_a_title_are_still_its_record_s(question: str) -> None:
    assert all(reading.ask is not Asked.GUESSED_GENRES for reading in read(question))


def guessing(chances: dict[str, float], foreign: str | None = None) -> Tools:
    return cast("Tools", SimpleNamespace(guessed_genres=lambda _plot: GuessedGenres(chances, foreign)))


def test_the_likely_ones_are_told_with_percentages_as_a_guess_without_records() -> None:
    found = resolve(
        read(f"what genre is this: {PLOT}")[:1], guessing({"Western": 0.62, "Drama": 0.3, "War": 0.1})
    )
    assert found is not None
    answer = answer_of(found)
    assert answer.status is Status.ANSWERED
    assert answer.text.startswith("By that plot alone it may be Western (62 %) and Drama (30 %).")
    assert "guess, not a record" in answer.text
    assert [(item.text, item.kind, item.score) for item in answer.answers] == [
        ("Western", "genre", 0.62), ("Drama", "genre", 0.3),
    ]  # fmt: skip
    assert answer.evidence == ()
    assert answer.confidence == 0.62


def test_another_language_is_a_doubt() -> None:
    found = resolve(read(f"what genre is this: {PLOT}")[:1], guessing({"Western": 0.2}, "de"))
    assert found is not None
    assert "written in another language (de)" in answer_of(found).text


def test_an_index_without_a_model_says_so(ask: Ask) -> None:
    answer = ask(f"what genre is this: {PLOT}")
    assert answer.status is Status.UNKNOWN
    assert answer.text == "This index has no model that guesses genres."
