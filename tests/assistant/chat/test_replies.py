from __future__ import annotations

import logging
from itertools import pairwise

import pytest

from assistant.answer import Answer
from assistant.chat.replies import reply
from assistant.chat.turns import MAX_MESSAGE, Turn, Turns
from tests.assistant.chat.fakes import ScriptedAssistant

ASKED = "who played the Oracle in the first Matrix?"


def _last(assistant: ScriptedAssistant, message: object, turns: Turns = ()) -> Turns:
    return list(reply(assistant, message, turns))[-1]


def test_a_short_answer_comes_whole_with_its_proof() -> None:
    asked, answered = reply(ScriptedAssistant(), ASKED, ())
    assert asked == (Turn("user", ASKED),)
    assert answered[-1].text == "Gloria Foster played the Oracle in The Matrix (1999)."
    assert isinstance(answered[-1].answer, Answer)


def test_a_long_answer_grows_in_few_steps_and_ends_with_its_proof() -> None:
    steps = list(reply(ScriptedAssistant(), "many", ()))
    assert 4 <= len(steps) <= 6
    texts = [turns[-1].text for turns in steps[1:]]
    assert all(longer.startswith(shorter) and longer != shorter for shorter, longer in pairwise(texts))
    assert [turns[-1].answer for turns in steps[1:-1]] == [None] * (len(steps) - 2)
    assert isinstance(steps[-1][-1].answer, Answer)


def test_a_follow_up_carries_the_conversation() -> None:
    assistant = ScriptedAssistant()
    turns = _last(assistant, "and who directed it?", _last(assistant, ASKED))
    assert turns[-1].text == "Lana Wachowski and Lilly Wachowski directed The Matrix (1999)."
    assert [role for role, _ in assistant.heard[1][1]] == ["user", "assistant"]


def test_two_conversations_do_not_know_each_other() -> None:
    assistant = ScriptedAssistant()
    _last(assistant, ASKED)
    assert _last(assistant, "and who directed it?")[-1].text == "0 turns, then and who directed it?"


@pytest.mark.parametrize("message", [None, 3, {"a": 1}, ["x"], "  "])
def test_what_is_no_question_gets_a_polite_line_and_nobody_is_asked(message: object) -> None:
    assistant = ScriptedAssistant()
    turns = _last(assistant, message)
    assert [turn.role for turn in turns] == ["assistant"]
    assert turns[0].text.endswith(".")
    assert assistant.heard == []


def test_a_message_that_is_too_long_is_shown_shortened() -> None:
    assistant = ScriptedAssistant()
    turns = _last(assistant, "x" * (MAX_MESSAGE + 1))
    assert turns[0].text == "x" * 200 + "…"
    assert "at most 2,000" in turns[1].text
    assert assistant.heard == []


def test_what_the_assistant_refuses_is_said_and_not_remembered() -> None:
    assistant = ScriptedAssistant()
    turns = _last(assistant, "refuse")
    assert [turn.text for turn in turns] == ["refuse", "Please ask about <films>."]
    _last(assistant, "next", turns)
    assert assistant.heard[-1] == ("next", ())


def test_a_failure_gets_an_id_that_is_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger="whoplayed.chat"):
        turns = _last(ScriptedAssistant(), "fail")
    report = turns[-1].text.split("log as ")[1].split(".")[0]
    assert len(report) == 8
    assert report in caplog.text
    assert "a secret cause" in caplog.text
    assert "secret" not in turns[-1].text
    assert not turns[-1].remembered
