"""What a conversation is to the page: turns; and how what a browser or a program sends becomes one."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from assistant.answer import Answer, Choice
from indexer.errors import InputError

MAX_MESSAGE = 2_000  # characters
MAX_HISTORY = 100  # turns a program may send, and that an answer looks back
MAX_TURN = 20_000  # characters of one of them
Role: TypeAlias = Literal["user", "assistant"]


@dataclass(frozen=True)
class Turn:
    """One message. ``answer`` is there once complete; a turn that is not ``remembered`` is an error's.

    ``id`` is random and its name in storage; ``liked`` is what the reader said of an answer (None: nothing).
    """

    role: Role
    text: str
    answer: Answer | None = None
    remembered: bool = True
    id: str = field(default_factory=lambda: secrets.token_hex(8), compare=False)
    liked: bool | None = None
    # Made anew whenever the turn comes back to the page: what stands under it as HTML, and how to go on.
    under: str | None = field(default=None, compare=False)
    following: tuple[Choice, ...] = field(default=(), compare=False)

    def message(self) -> dict[str, str]:
        """As ``Assistant.answer`` takes a history."""
        return {"role": self.role, "content": self.text}


Turns: TypeAlias = tuple[Turn, ...]


def checked_question(value: object) -> str:
    """The question without space at its ends.

    Raises InputError for anything but text, for no text, and for more than ``MAX_MESSAGE`` characters.
    """
    if not isinstance(value, str):
        raise InputError(f"A question is text, not {_kind(value)}.")
    if len(value) > MAX_MESSAGE:
        raise InputError(
            f"That is {len(value):,} characters long; a question has at most {MAX_MESSAGE:,}. Shorten it."
        )
    text = value.strip()
    if not text:
        raise InputError("There is no question in that. Try one of the examples.")
    return text


def checked_history(value: object) -> list[dict[str, str]]:
    """Earlier turns as a program sends them, oldest first; content may be text or a list of blocks.

    The last ``MAX_HISTORY`` are taken. Raises InputError where they are not {"role", "content"} turns.
    """
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        raise InputError(f"A history is a list of turns, not {_kind(value)}.")
    return [_checked_turn(turn) for turn in value[-MAX_HISTORY:]]


def _checked_turn(turn: object) -> dict[str, str]:
    if not isinstance(turn, Mapping) or turn.get("role") not in ("user", "assistant"):
        raise InputError('A turn of a history has a role, "user" or "assistant", and a content.')
    content = plain_text(turn.get("content"))
    if len(content) > MAX_TURN:
        raise InputError(f"A turn of the history has {len(content):,} characters; at most {MAX_TURN:,}.")
    return {"role": str(turn["role"]), "content": content}


def plain_text(content: object) -> str:
    """The text of a message whose content is text, a block, or a list of blocks; other blocks are skipped."""
    if isinstance(content, str):
        return content
    if isinstance(content, Mapping):
        text = content.get("text")
        return text if isinstance(text, str) else ""
    if isinstance(content, Iterable):
        return "\n".join(text for text in map(plain_text, content) if text)
    return ""


def _kind(value: object) -> str:
    names = {bool: "a yes or no", int: "a number", float: "a number", dict: "an object", list: "a list"}
    return "nothing" if value is None else names.get(type(value), "something else")
