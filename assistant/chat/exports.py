"""A saved conversation as a file: Markdown to read, JSON to go on with."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

from assistant.answer import Answer, Evidence
from assistant.chat.chats import Chat
from assistant.chat.turns import Turn, Turns
from indexer.catalog.records import dated

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+!|$~&-])")
_SAID = {None: None, True: "liked", False: "disliked"}


def markdown(chat: Chat, turns: Turns) -> str:
    """The conversation with its evidence; what could be read as Markdown or HTML is escaped."""
    head = f"# {_plain(chat.title)}\n\n{_date(chat.made)}, Whoplayed\n"
    return "\n".join([head, *(_turn(turn) for turn in turns)])


def as_json(chat: Chat, turns: Turns) -> str:
    """The conversation with its answers whole, and what was said of them ("liked", "disliked" or null)."""
    parts = {
        "title": chat.title,
        "made": _date(chat.made),
        "changed": _date(chat.changed),
        "turns": [_turn_json(turn) for turn in turns],
    }
    return json.dumps(parts, ensure_ascii=False, indent=1)


def file_name(title: str, ending: str) -> str:
    """A name that every file system takes: "Who-played-the-Oracle.md"."""
    words = re.findall(r"[A-Za-z0-9]+", title)
    return f"{'-'.join(words)[:60].rstrip('-') or 'conversation'}.{ending}"


def _turn(turn: Turn) -> str:
    if turn.role == "user":
        return f"**You:** {_plain(turn.text)}\n"
    said = _SAID[turn.liked]
    lines = [f"**Whoplayed:** {_plain(turn.text)}" + (f" _({said})_" if said else ""), ""]
    lines += [f"- {_record(record)}" for record in turn.answer.evidence] if turn.answer else []
    return "\n".join([*lines, ""] if lines[-1] else lines)


def _record(record: Evidence) -> str:
    names = [dated(record.title, record.year) if record.title else None, record.person]
    credit = (record.job or record.category or "").replace("_", " ")
    roles = " / ".join(record.characters)
    return _plain(", ".join(part for part in (*names, credit, roles and f"as {roles}") if part))


def _turn_json(turn: Turn) -> dict[str, object]:
    answer: Answer | None = turn.answer
    parts: dict[str, object] = {"role": turn.role, "content": turn.text}
    if answer is not None:
        parts |= {"answer": answer.to_json(), "said": _SAID[turn.liked]}
    return parts


def _plain(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def _date(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"
