"""Chains over a small catalogue: every step is a set."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.answer import Answer, Status
from assistant.confidence.judging import Trusting
from assistant.core import Assistant
from evals.metaqa.catalogue import build_index
from indexer.progress import Progress
from tests.evals.metaqa.small import write_kb


@pytest.fixture(scope="module")
def robots(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("robots")
    with build_index(write_kb(folder), folder / "made", Progress.silent()) as index:
        yield Assistant(index, Trusting())


def said(answer: Answer) -> set[str]:
    return {item.text for item in answer.answers}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("what genres are the films directed by Paul Verhoeven", {"Adventure", "Crime"}),
        ("when were the films starring John Hurt released", {"1978", "1979"}),
        ("in what languages are the films directed by Ridley Scott", {"English", "Japanese"}),
        ("who directed the films written by Dan O'Bannon", {"Ridley Scott", "Paul Verhoeven"}),
        ("which films share a director with Blade Runner", {"Alien"}),
        ("which movies share actors with Alien", {"Aliens", "Midnight Express"}),
        ("who wrote the films that share a director with Blade Runner", {"Dan O'Bannon"}),
        ("who starred in the films directed by the director of Total Recall",
         {"Arnold Schwarzenegger", "Peter Weller"}),
        ("who co-starred with Michael Biehn", {"Sigourney Weaver", "Linda Hamilton"}),
        ("what genres are the films directed by the writer of Aliens", {"Action"}),
        ("films tagged with robot", {"The Terminator", "Blade Runner", "RoboCop"}),
    ],
)  # fmt: skip
def test_every_value_of_the_set_is_said(robots: Assistant, question: str, expected: set[str]) -> None:
    answer = robots.answer(question)
    assert answer.status is Status.ANSWERED, answer.text
    assert said(answer) == expected


def test_answers_are_proved_by_the_titles_they_come_from(robots: Assistant) -> None:
    answer = robots.answer("who directed the films written by Dan O'Bannon")
    shown = {(item.title, item.person) for item in answer.evidence}
    assert shown == {("Alien", "Ridley Scott"), ("Total Recall", "Paul Verhoeven")}


def test_the_film_asked_from_comes_last(robots: Assistant) -> None:
    answer = robots.answer("who are the writers of the films directed by the director of Alien")
    assert [item.text for item in answer.answers] == ["Hampton Fancher", "Dan O'Bannon"]


def test_nobody_or_nothing_is_said_to_be_unknown(robots: Assistant) -> None:
    for question in ("who wrote the films directed by Zed Zedson", "which films share an editor with Alien"):
        assert robots.answer(question).status is Status.UNKNOWN, question
