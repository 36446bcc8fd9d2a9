from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import gradio as gr
import pytest
from gradio.components.chatbot import ComponentMessage

from assistant.answer import Answer, Choice, Status
from assistant.chat.chats import Chats, new_key
from assistant.chat.clients import Visitor
from assistant.chat.drawer import Drawer, Session
from assistant.chat.functions import Asking
from assistant.chat.limits import Limits, Rate
from assistant.chat.page import EXAMPLES, index_line
from assistant.chat.service import Service
from assistant.chat.talk import (
    LONGEST_LABEL,
    MOST_SHOWN,
    Desk,
    Thumbed,
    meant,
    picked,
    place,
    said,
    sent,
    shown,
)
from assistant.chat.turns import MAX_MESSAGE, Turn, Turns
from indexer.errors import IndexMissing
from tests.assistant.chat.fakes import ScriptedAssistant

VISITOR = Visitor("127.0.0.1", "0123456789012345678901")
REQUEST = cast(gr.Request, SimpleNamespace(cookies={}, client=SimpleNamespace(host="127.0.0.1")))
ASKING = Asking(Service(ScriptedAssistant()))
NOWHERE = Desk(ScriptedAssistant(), Drawer(None, None))


def _asked(message: object, turns: Turns = (), desk: Desk = NOWHERE) -> list[tuple[Any, ...]]:
    """What the conversation on the page and its turns become."""
    steps = list(desk.respond(message, Session(None, turns)))
    return [(talk, getattr(session, "turns", None)) for talk, session, _ in steps]


def test_the_session_holds_what_is_shown_at_every_step() -> None:
    for messages, turns in _asked("who directed psycho"):
        assert len(messages) == len(turns)


def test_only_the_last_answer_offers_its_choices() -> None:
    messages, turns = _asked("who directed psycho?")[-1]
    assert messages[-1]["options"] == [
        {"value": "who directed psycho (1960)", "label": "Psycho (1960)"},
        {"value": "who directed psycho (1998)", "label": "<b>Psycho</b> (1998)"},
    ]
    messages, _ = _asked("many", turns)[-1]
    assert "options" not in messages[1]


def test_an_endless_choice_is_shortened() -> None:
    answer = Answer(Status.AMBIGUOUS, "Which?", choices=(Choice("x" * 500, "q"),))
    label = shown(Session(None, (Turn("assistant", "Which?", answer),)))[0]["options"][0]["label"]
    assert len(label) == LONGEST_LABEL + 1


def test_messages_are_text_and_proof() -> None:
    messages, _ = _asked("hostile")[-1]
    assert messages[0] == {"role": "user", "content": "hostile"}
    text, html = messages[1]["content"]
    assert text.startswith("It is &lt;script>")
    assert isinstance(html, ComponentMessage)
    assert (html.component, html.value.startswith('<div class="under')) == ("html", True)


@pytest.mark.parametrize("message", [None, 5, {"x": 1}, "x" * (MAX_MESSAGE + 1)])
def test_a_message_of_another_kind_or_length_ends_politely(message: object) -> None:
    messages, turns = _asked(message)[-1]
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
    history: list[dict[str, Any]] = [
        {"role": "user", "content": "who played the Oracle in the first Matrix"},
        {"role": "assistant", "content": [{"type": "text", "text": "Gloria Foster, in The Matrix"}]},
    ]
    answer = ASKING.ask("and who directed it", REQUEST, history)
    assert [record["person"] for record in answer["evidence"]] == ["Lana Wachowski", "Lilly Wachowski"]


@pytest.mark.parametrize(
    ("question", "history"), [(5, None), ("x" * 2001, None), ("who", "x"), ("refuse", None)]
)
def test_the_endpoint_refuses_with_a_message(question: Any, history: Any) -> None:
    with pytest.raises(gr.Error, match=r"text|2,001|list|films"):
        ASKING.ask(question, REQUEST, history)


def test_the_endpoint_says_that_it_did_not_find_it_in_time() -> None:
    asking = Asking(Service(ScriptedAssistant(), Limits(seconds=0.01)))
    answer = asking.ask("wait", REQUEST)
    asking.ask("release", REQUEST)
    assert answer["status"] == "unknown"
    assert answer["text"].startswith("That took longer than 0.01 seconds")
    assert (answer["answers"], answer["confidence"]) == ([], 0)


def test_the_page_says_that_it_did_not_find_it_in_time_and_forgets_it() -> None:
    service = Service(ScriptedAssistant(), Limits(seconds=0.01))
    messages, turns = _asked("wait", desk=Desk(service.to(VISITOR), Drawer(None, None)))[-1]
    service.to(VISITOR).answer("release")
    assert messages[-1]["content"].startswith("That took longer than 0.01 seconds")
    assert not turns[-1].remembered


def test_the_page_asks_whoever_asks_too_often_to_wait() -> None:
    service = Service(ScriptedAssistant(), Limits(browser=Rate(1, 1.0)))
    desk = Desk(service.to(VISITOR), Drawer(None, None))
    _asked("hello", desk=desk)
    messages, turns = _asked("hello", desk=desk)[-1]
    assert "please wait" in messages[-1]["content"]
    assert not turns[-1].remembered


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with closing(Chats(tmp_path / "chats.db")) as chats:
        yield Desk(ScriptedAssistant(), Drawer(chats, new_key()))


def _session(desk: Desk, *questions: str) -> Session:
    session = Session()
    for question in questions:
        session = list(desk.respond(question, session))[-1][1]
    return session


def _saved(desk: Desk, session: Session) -> list[str]:
    return [turn.text for turn in desk.drawer.open(session.chat or "").turns]


def test_what_is_asked_and_answered_is_saved(desk: Desk) -> None:
    session = _session(desk, "one", "two")
    assert _saved(desk, session) == ["one", "0 turns, then one", "two", "2 turns, then two"]
    assert [chat.title for chat in desk.drawer.listed()] == ["one"]


def test_a_failure_is_shown_and_not_saved(desk: Desk) -> None:
    session = _session(desk, "one", "fail", "two")
    assert len(session.turns) == 6
    assert _saved(desk, session) == ["one", "0 turns, then one", "two", "2 turns, then two"]


def test_a_page_that_the_server_has_forgotten_goes_on_with_its_saved_chat(desk: Desk) -> None:
    held = _session(desk, "one")
    assert desk.resumed(Session(), held.chat) == held
    assert desk.resumed(held, "0" * 16) is held
    for chat in ("", "0" * 16, None, 5):
        assert desk.resumed(Session(), chat) == Session()
    stranger = Desk(ScriptedAssistant(), Drawer(desk.drawer.chats, new_key()))
    assert stranger.resumed(Session(), held.chat) == Session()


def test_a_chat_deleted_in_another_window_is_saved_again(desk: Desk) -> None:
    session = _session(desk, "one")
    desk.drawer.delete(session.chat or "")
    session = list(desk.respond("two", session))[-1][1]
    assert _saved(desk, session) == ["one", "0 turns, then one", "two", "2 turns, then two"]


def test_an_edit_forgets_what_came_after(desk: Desk) -> None:
    session = list(desk.edit(2, "other", _session(desk, "one", "two", "three")))[-1][1]
    assert _saved(desk, session) == ["one", "0 turns, then one", "other", "2 turns, then other"]
    assert [turn.text for turn in session.turns] == _saved(desk, session)


@pytest.mark.parametrize("at", [-1, 1, 99])
def test_only_a_question_is_edited(desk: Desk, at: int) -> None:
    session = _session(desk, "one")
    assert [step[1] for step in desk.edit(at, "x", session)] == [session]


def test_undo_gives_the_question_back(desk: Desk) -> None:
    box, _, session, _ = desk.undo(_session(desk, "one", "two"))
    assert box == "two"
    assert _saved(desk, session) == ["one", "0 turns, then one"]
    box, _, session, _ = desk.undo(session)
    assert (box, session.turns, desk.undo(session)[2]) == ("one", (), session)


def test_retry_asks_the_last_question_again(desk: Desk) -> None:
    session = list(desk.retry(_session(desk, "one", "two")))[-1][1]
    assert _saved(desk, session) == ["one", "0 turns, then one", "two", "2 turns, then two"]
    assert [step[1] for step in desk.retry(Session())] == [Session()]


def test_what_is_said_of_an_answer_is_in_the_saved_chat(desk: Desk) -> None:
    session = _session(desk, "one")
    liked = desk.like(1, True, session)
    assert [turn.liked for turn in desk.drawer.open(session.chat or "").turns] == [None, True]
    assert desk.like(1, None, liked).turns[1].liked is None
    assert desk.like(0, True, session) == desk.like(7, True, session) == session


@pytest.mark.parametrize(("index", "at"), [(3, 3), ([3, 1], 3), ((2, 0), 2), ([], -1), ("x", -1), (True, -1)])
def test_an_event_names_its_message(index: object, at: int) -> None:
    assert place(index) == at


def test_a_thumb_is_a_word_or_a_flag() -> None:
    assert [said(thumb) for thumb in ("Like", "Dislike", True, False, "", None)] == [
        True,
        False,
        True,
        False,
        None,
        None,
    ]


def test_a_long_conversation_shows_its_last_turns_until_more_is_wanted(desk: Desk) -> None:
    session = _session(desk, *(f"question {number}" for number in range(MOST_SHOWN)))
    messages = shown(session)
    assert len(messages) == MOST_SHOWN + 1
    assert "left-off" in str(messages[0])
    assert messages[1]["content"] == f"question {MOST_SHOWN // 2}"
    assert [meant(session, at) for at in range(3)] == [-1, MOST_SHOWN, MOST_SHOWN + 1]
    _, session, _ = desk.earlier(session)
    assert [message["content"] for message in shown(session)[:3:2]] == ["question 0", "question 1"]
    assert [meant(session, at) for at in (0, 5)] == [0, 5]
    assert len(shown(list(desk.respond("more", session))[-1][1])) == 2 * MOST_SHOWN + 2


def test_an_edit_means_the_turn_that_is_shown(desk: Desk) -> None:
    session = _session(desk, *(f"question {number}" for number in range(MOST_SHOWN)))
    session = list(desk.edit(meant(session, 1), "other", session))[-1][1]
    assert [turn.text for turn in session.turns[-3:]] == [
        f"{MOST_SHOWN - 2} turns, then question {MOST_SHOWN // 2 - 1}",
        "other",
        f"{MOST_SHOWN} turns, then other",
    ]


def test_a_thumb_stays_with_its_answer_when_turns_go_off_the_page(desk: Desk) -> None:
    session = _session(desk, *(f"question {number}" for number in range(MOST_SHOWN)))
    liked = desk.like(meant(session, 4), True, session)
    talk, session, _ = list(desk.respond("more", liked))[-1]
    assert isinstance(talk, Thumbed)
    assert talk.thumbs == [None, "Like", *([None] * (MOST_SHOWN // 2 - 1))]
    assert sent(talk)["feedback_value"] == talk.thumbs
    assert len(sent(talk)["value"]) == MOST_SHOWN + 1


def test_a_thumb_goes_with_the_answer_that_is_asked_again_or_changed(desk: Desk) -> None:
    liked = desk.like(1, True, _session(desk, "one"))
    again, changed = desk.retry(liked), desk.edit(0, "two", liked)
    for talk, _, _ in (list(again)[-1], list(changed)[-1]):
        assert isinstance(talk, Thumbed)
        assert talk.thumbs == [None]
    assert not isinstance(list(desk.retry(_session(desk, "one")))[-1][0], Thumbed)


def test_what_is_off_the_page_holds_no_html(desk: Desk) -> None:
    session = _session(desk, *(f"question {number}" for number in range(MOST_SHOWN)))
    answers = [turn for turn in session.turns if turn.answer is not None]
    assert [turn.under is None for turn in answers] == [True] * (MOST_SHOWN // 2) + [False] * (
        MOST_SHOWN // 2
    )
