from __future__ import annotations

import dataclasses

import pytest

from assistant.answer import Answer, Choice, Evidence, Status
from assistant.chat.suggestions import MOST, suggestions
from assistant.core import Assistant
from assistant.reading.reading import Ask, Reading
from indexer.ids import TitleId
from tests.assistant.conftest import Ask as Asked

QUESTIONS = (
    "who played the Oracle in the first Matrix",
    "whom did Gloria Foster play in The Matrix Reloaded",
    "who directed The Matrix",
    "who was in Psycho (1960)",
    "how long is Heat",
    "what was Keanu Reeves in",
    "when was Keanu Reeves born",
    "what did Lana Wachowski direct",
    "who directed Us",
    "who was in It",
    "who was in 8½",
    "who directed M (1931)",
)


def _labels(assistant: Assistant, answer: Answer) -> list[str]:
    return [each.text for each in suggestions(assistant.index, answer)]


@pytest.mark.parametrize("question", QUESTIONS)
def test_whatever_is_suggested_is_answered(question: str, ask: Asked, assistant: Assistant) -> None:
    answer = ask(question)
    found = suggestions(assistant.index, answer)
    assert answer.status is Status.ANSWERED
    assert 0 < len(found) <= MOST
    for each in found:
        following = ask(each.question, question, answer.text)
        assert following.status is Status.ANSWERED, each.question
        assert following.evidence, each.question


def test_after_a_role_come_its_next_player_the_person_and_the_director(
    ask: Asked, assistant: Assistant
) -> None:
    answer = ask("who played the Oracle in the first Matrix")
    assert suggestions(assistant.index, answer) == [
        Choice("And in The Matrix Reloaded (2003)?", "Who played Oracle in The Matrix Reloaded (2003)?"),
        Choice("What else was Gloria Foster in?", "What else was Gloria Foster in?"),
        Choice("Who directed it?", "Who directed The Matrix (1999)?"),
    ]


def test_what_was_asked_is_not_suggested_again(ask: Asked, assistant: Assistant) -> None:
    assert "Who directed it?" not in _labels(assistant, ask("who directed The Matrix"))
    assert "Who was in it?" not in _labels(assistant, ask("who was in The Matrix"))
    assert not [label for label in _labels(assistant, ask("what was Keanu Reeves in")) if "else" in label]


def test_a_title_that_is_one_of_several_is_named(assistant: Assistant) -> None:
    listed = Answer(
        Status.ANSWERED,
        "The Matrix (1999), The Matrix Reloaded (2003)",
        evidence=(Evidence(TitleId(133093)), Evidence(TitleId(234215))),
        reading=Reading(Ask.SIMILAR),
    )
    assert _labels(assistant, listed)[0] == "Who directed The Matrix (1999)?"
    cast = dataclasses.replace(listed, reading=Reading(Ask.CAST))
    assert _labels(assistant, cast) == []


def test_nothing_is_suggested_where_there_are_choices_or_no_answer(ask: Asked, assistant: Assistant) -> None:
    answer = ask("who played the Oracle in the first Matrix")
    choosing = dataclasses.replace(answer, choices=(Choice("Psycho (1960)", "who directed psycho (1960)"),))
    unknown = dataclasses.replace(answer, status=Status.UNKNOWN)
    unread = dataclasses.replace(answer, reading=None)
    assert [_labels(assistant, each) for each in (choosing, unknown, unread)] == [[], [], []]
