"""A shared conversation as a page to read: plain HTML without any script."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from assistant.chat.chats import Shared
from assistant.chat.markup import escaped, read_only
from assistant.chat.turns import Turn

_STYLE = Path(__file__).with_name("share.css")


def shared_page(shared: Shared) -> str:
    """The whole page; every word of the conversation is escaped."""
    until = f"{datetime.fromtimestamp(shared.expires, UTC):%d %B %Y}".lstrip("0")
    turns = "".join(_turn(turn) for turn in shared.turns)
    return _page(
        shared.title,
        f'<p class="small">A conversation with Whoplayed, shared to be read until {until}.</p>{turns}',
    )


def gone_page() -> str:
    """What stands behind a link that shows nothing, whatever the reason."""
    return _page("Nothing to read here", "<p>This link has expired or was revoked, or never was one.</p>")


def _page(title: str, body: str) -> str:
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escaped(title)} · Whoplayed</title><style>{_STYLE.read_text(encoding='utf-8')}</style>"
    )
    return (
        f'<!doctype html><html lang="en"><head>{head}</head><body><main><h1>{escaped(title)}</h1>{body}'
        "</main></body></html>"
    )


def _turn(turn: Turn) -> str:
    who = "Question" if turn.role == "user" else "Answer"
    proof = "" if turn.answer is None else read_only(turn.answer)
    said = f'<p class="said">{escaped(turn.text)}</p>'
    return f'<section class="{turn.role}"><h2>{who}</h2>{said}{proof}</section>'
