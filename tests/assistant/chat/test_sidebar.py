from __future__ import annotations

import json
from pathlib import Path

import gradio as gr
import pytest

from assistant.chat.chats import Chat, Chats, Shared, new_key
from assistant.chat.drawer import Drawer, Session
from assistant.chat.exports import as_json, file_name, markdown
from assistant.chat.sharing import shared_page
from assistant.chat.sidebar import DAY, chat_list
from assistant.chat.talk import Desk
from assistant.chat.turns import Turn
from assistant.chat.wishes import Wish, act, wish
from tests.assistant.chat.fakes import HOSTILE, ScriptedAssistant

NOW = 400 * DAY
ID = "0123456789abcdef"
BAD = '<b onclick="x">"${x} {{y}}'


def _chat(changed: float, title: str = "t", links: int = 0) -> Chat:
    return Chat(ID, title, changed, changed, links)


def test_the_list_is_grouped_by_day() -> None:
    html = chat_list([_chat(NOW), _chat(NOW - DAY), _chat(NOW - 5 * DAY), _chat(NOW - 60 * DAY)], None, NOW)
    heads = [part.partition("<")[0] for part in html.split("<h3>")[1:]]
    assert heads == ["Today", "Yesterday", "This week", "December 1970"]


def test_a_hostile_title_is_text_in_the_list_and_on_the_shared_page() -> None:
    html = chat_list([_chat(NOW, BAD)], ID, NOW) + shared_page(Shared(BAD, (Turn("user", BAD),), NOW))
    assert "<b" not in html.replace("<button", "").replace("<body", "")
    assert "${" not in html
    assert "{{" not in html


def test_only_a_shared_chat_can_be_revoked() -> None:
    assert "revoke" not in chat_list([_chat(NOW)], None, NOW)
    assert "Revoke its 2 links" in chat_list([_chat(NOW, links=2)], None, NOW)


@pytest.mark.parametrize(
    "data",
    [None, "open", {}, {"act": "drop", "chat": ID}, {"act": "open"}, {"act": "open", "chat": "' OR 1=1"},
     {"act": "rename", "chat": ID, "value": 5}],
)  # fmt: skip
def test_what_no_button_says_is_no_wish(data: object) -> None:
    assert wish(data) is None


def test_a_button_says_what_to_do_with_which_chat() -> None:
    assert wish({"act": "rename", "chat": ID, "value": "x" * 999}) == Wish("rename", ID, "x" * 200)


def test_without_saving_every_wish_leaves_the_page_as_it_is() -> None:
    desk = Desk(ScriptedAssistant(), Drawer(None, None))
    for name in ("rename", "share", "revoke", "delete", "clear"):
        assert act(desk, Wish(name, ID, "x"), Session())[3] == ""
    assert act(desk, None, Session()) == (gr.skip(),) * 4
    assert desk.drawer.open(ID) == Session()


def test_the_chat_on_the_page_leaves_it_when_it_is_deleted(tmp_path: Path) -> None:
    desk = Desk(ScriptedAssistant(), Drawer(Chats(tmp_path / "c.db"), new_key()))
    session = list(desk.respond("one", Session()))[-1][1]
    _, now, html, _ = act(desk, Wish("delete", session.chat or ""), session)
    assert now == Session()
    assert "kept here" in html


def test_all_chats_of_a_visitor_are_deleted_and_nobody_elses(tmp_path: Path) -> None:
    chats = Chats(tmp_path / "c.db")
    desk, other = (Desk(ScriptedAssistant(), Drawer(chats, new_key())) for _ in range(2))
    session, _, _ = (list(each.respond("one", Session()))[-1][1] for each in (desk, desk, other))
    assert "Delete all" in desk.listed(session)
    _, now, html, _ = act(desk, wish({"act": "clear"}), session)
    assert now == Session()
    assert "kept here" in html
    assert desk.drawer.listed() == []
    assert len(other.drawer.listed()) == 1


def test_markdown_shows_hostile_text_as_it_is() -> None:
    answer = ScriptedAssistant().answer("hostile")
    text = markdown(_chat(0, BAD), (Turn("user", "# a"), Turn("assistant", answer.text, answer, liked=True)))
    assert "<script>" not in text
    assert "**You:** \\# a" in text
    assert "_(liked)_" in text
    assert "- \\<script\\>" in text


def test_json_has_the_answer_whole_and_what_was_said_of_it() -> None:
    answer = ScriptedAssistant().answer("hostile")
    told = json.loads(
        as_json(_chat(0), (Turn("user", "q"), Turn("assistant", answer.text, answer, liked=False)))
    )
    assert told["turns"][0] == {"role": "user", "content": "q"}
    assert told["turns"][1]["said"] == "disliked"
    assert told["turns"][1]["answer"]["evidence"][0]["title"] == HOSTILE.title


@pytest.mark.parametrize(
    ("title", "name"), [("Who's <it>?", "Who-s-it.md"), ("../../etc", "etc.md"), ("愛", "conversation.md")]
)
def test_a_file_name_is_plain(title: str, name: str) -> None:
    assert file_name(title, "md") == name
