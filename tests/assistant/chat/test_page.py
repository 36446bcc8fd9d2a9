from __future__ import annotations

from typing import Any

import gradio as gr
import pytest

from assistant.answer import Answer, Choice, Status
from assistant.chat.page import EXAMPLES, LONGEST_LABEL, asker, index_line, picked, respond, shown
from assistant.chat.turns import MAX_MESSAGE, Turn, Turns
from indexer.errors import IndexMissing
from tests.assistant.chat.fakes import ScriptedAssistant


def _asked(message: object, turns: Turns = ()) -> list[tuple[Any, ...]]:
    return list(respond(ScriptedAssistant(), message, turns))


def test_the_box_is_emptied_first_and_asks_again_at_the_end() -> None:
    steps = _asked("who directed psycho")
    assert (steps[0][0].value, steps[0][0].stop_btn) == ("", "Stop")
    assert (steps[-1][0].submit_btn, steps[-1][0].stop_btn) == ("Ask", False)


def test_the_session_holds_what_is_shown_at_every_step() -> None:
    for _, messages, turns in _asked("who directed psycho")[1:]:
        assert len(messages) == len(turns)


def test_only_the_last_answer_offers_its_choices() -> None:
    _, messages, turns = _asked("who directed psycho?")[-1]
    assert messages[-1]["options"] == [
        {"value": "who directed psycho (1960)", "label": "Psycho (1960)"},
        {"value": "who directed psycho (1998)", "label": "<b>Psycho</b> (1998)"},
    ]
    _, messages, _ = _asked("many", turns)[-1]
    assert "options" not in messages[1]


def test_an_endless_choice_is_shortened() -> None:
    answer = Answer(Status.AMBIGUOUS, "Which?", choices=(Choice("x" * 500, "q"),))
    label = shown((Turn("assistant", "Which?", answer),))[0]["options"][0]["label"]
    assert len(label) == LONGEST_LABEL + 1


def test_messages_are_text_and_proof() -> None:
    _, messages, _ = _asked("hostile")[-1]
    assert messages[0] == {"role": "user", "content": "hostile"}
    text, html = messages[1]["content"]
    assert text.startswith("It is &lt;script>")
    assert isinstance(html, gr.HTML)


@pytest.mark.parametrize("message", [None, 5, {"x": 1}, "x" * (MAX_MESSAGE + 1)])
def test_a_message_of_another_kind_or_length_ends_politely(message: object) -> None:
    _, messages, turns = _asked(message)[-1]
    assert messages[-1]["role"] == "assistant"
    assert not turns[-1].remembered


def test_a_click_on_an_example_or_a_choice_is_its_question() -> None:
    assert picked({"text": EXAMPLES[0], "files": []}) == EXAMPLES[0]
    assert picked("who directed psycho (1960)") == "who directed psycho (1960)"


def test_the_line_about_the_index_says_it_is_opening_then_what_it_holds() -> None:
    opening, line = index_line(lambda: "3 titles & 5 people")
    assert "Opening the index" in opening
    assert "3 titles &amp; 5 people" in line


def test_the_line_about_an_index_that_does_not_open_says_why() -> None:
    def fail() -> str:
        raise IndexMissing("no index: run `make index`")

    assert "make index" in list(index_line(fail))[-1]


def test_the_endpoint_answers_with_the_json_of_an_answer() -> None:
    ask = asker(ScriptedAssistant())
    history = [
        {"role": "user", "content": "who played the Oracle in the first Matrix"},
        {"role": "assistant", "content": [{"type": "text", "text": "Gloria Foster, in The Matrix"}]},
    ]
    answer = ask("and who directed it", history)
    assert [record["person"] for record in answer["evidence"]] == ["Lana Wachowski", "Lilly Wachowski"]


@pytest.mark.parametrize(
    ("question", "history"), [(5, None), ("x" * 2001, None), ("who", "x"), ("refuse", None)]
)
def test_the_endpoint_refuses_with_a_message(question: Any, history: Any) -> None:
    with pytest.raises(gr.Error, match=r"text|2,001|list|films"):
        asker(ScriptedAssistant())(question, history)
