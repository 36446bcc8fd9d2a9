"""What the buttons of the list of conversations ask for, and what becomes of the page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.chat.drawer import Session
from assistant.chat.sidebar import link_box
from assistant.chat.talk import Desk

_CHAT = re.compile(r"[0-9a-f]{16}")
ACTS = ("open", "rename", "delete", "share", "revoke")
CLEAR = "clear"  # deletes all


@dataclass(frozen=True)
class Wish:
    """One of ``ACTS`` on one conversation, or ``CLEAR``; ``value`` is its new title."""

    act: str
    chat: str = ""
    value: str = ""


def wish(data: object) -> Wish | None:
    """What the page sent as a wish; None for anything else."""
    if not isinstance(data, dict) or data.get("act") not in (*ACTS, CLEAR):
        return None
    if data["act"] == CLEAR:
        return Wish(CLEAR)
    chat, value = data.get("chat"), data.get("value", "")
    if not isinstance(chat, str) or not _CHAT.fullmatch(chat) or not isinstance(value, str):
        return None
    return Wish(data["act"], chat, value[:200])


def act(desk: Desk, wanted: Wish | None, session: Session) -> tuple[Any, ...]:
    """The conversation, the session, the list, and the box with a new link."""
    if wanted is None:
        return (gr.skip(),) * 4
    if wanted.act == "open":
        return (*desk.open(wanted.chat), "")
    if wanted.act == CLEAR:
        desk.drawer.delete_all()
        return (*desk.fresh(), "")
    if wanted.act == "delete":
        desk.drawer.delete(wanted.chat)
        if wanted.chat == session.chat:
            return (*desk.fresh(), "")
    return (gr.skip(), gr.skip(), *_told(desk, wanted, session))


def _told(desk: Desk, wanted: Wish, session: Session) -> tuple[str, str]:
    """The list and the link after what leaves the conversation itself as it is."""
    token = None
    if wanted.act == "rename":
        desk.drawer.rename(wanted.chat, wanted.value)
    elif wanted.act == "share":
        token = desk.drawer.share(wanted.chat)
    elif wanted.act == "revoke":
        desk.drawer.revoke(wanted.chat)
    return desk.listed(session), "" if token is None else link_box(token)
