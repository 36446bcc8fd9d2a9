"""A conversation on a page and where it is kept: one visitor's drawer of saved conversations."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace

from assistant.chat.chats import Chat, Chats
from assistant.chat.keys import key_of
from assistant.chat.turns import Turns
from indexer.errors import ResourceError

log = logging.getLogger("whoplayed.chat")


@dataclass(frozen=True)
class Session:
    """What one open page holds: the turns, as which chat they are saved, and how many of them are.

    ``whole``: the page is to show all of them, however many they are.
    """

    chat: str | None = None
    turns: Turns = ()
    kept: int = 0
    whole: bool = False


@dataclass(frozen=True)
class Drawer:
    """One visitor's saved conversations; without a file or a key nothing is saved, and nothing is found."""

    chats: Chats | None
    key: str | None

    @classmethod
    def of(cls, chats: Chats | None, cookies: Mapping[str, str]) -> Drawer:
        """The drawer of whoever sent a request."""
        return cls(chats, key_of(cookies))

    def keep(self, session: Session) -> Session:
        """The session with its new turns saved; as it was, and a line in the log, where that fails.

        A conversation that is gone by now, deleted in another window, begins again with all its turns.
        """
        if self.chats is None or self.key is None:
            return session
        try:
            return self._kept(self.chats, self.key, session)
        except ResourceError:
            log.exception("a conversation is not saved")
            return session

    def _kept(self, chats: Chats, key: str, session: Session) -> Session:
        new = tuple(turn for turn in session.turns[session.kept :] if turn.remembered)
        if not new:
            return session
        if session.chat is not None and chats.append(key, session.chat, new):
            return replace(session, kept=len(session.turns))
        if session.chat is not None and chats.chat(key, session.chat) is not None:
            return session  # it has no room
        chat = chats.create(key, next((turn.text for turn in session.turns if turn.role == "user"), ""))
        chats.append(key, chat, [turn for turn in session.turns if turn.remembered])
        return replace(session, chat=chat, kept=len(session.turns))

    def open(self, chat: str) -> Session:
        """A saved conversation on the page; an empty one where there is none of that id."""
        if self.chats is None or self.key is None:
            return Session()
        turns = self.chats.turns(self.key, chat)
        return Session(chat, turns, len(turns)) if turns else Session()

    def cut(self, session: Session, at: int) -> Session:
        """The session without the ``at``-th turn and all after it, which are deleted for good."""
        left = replace(session, turns=session.turns[:at], kept=min(session.kept, at))
        saved = [turn for turn in session.turns[at : session.kept] if turn.remembered]
        if saved and session.chat is not None and self.chats is not None and self.key is not None:
            self.chats.cut(self.key, session.chat, saved[0].id)
        return left

    def like(self, session: Session, at: int, liked: bool | None) -> Session:
        """The session with what was said of its ``at``-th turn, which is stored too."""
        turn = replace(session.turns[at], liked=liked)
        if session.chat is not None and self.chats is not None and self.key is not None:
            self.chats.like(self.key, session.chat, turn.id, liked)
        return replace(session, turns=(*session.turns[:at], turn, *session.turns[at + 1 :]))

    def listed(self, words: str = "") -> list[Chat]:
        """The conversations, the latest first; only those with all the words."""
        if self.chats is None or self.key is None:
            return []
        return self.chats.search(self.key, words) if words.strip() else self.chats.newest(self.key)

    def rename(self, chat: str, title: str) -> None:
        """Give one another title; an empty one leaves it as it is."""
        if self.chats is not None and self.key is not None and title.strip():
            self.chats.rename(self.key, chat, title)

    def delete(self, chat: str) -> None:
        """Delete one for good."""
        if self.chats is not None and self.key is not None:
            self.chats.delete(self.key, chat)

    def delete_all(self) -> None:
        """Delete all of them for good."""
        if self.chats is not None and self.key is not None:
            self.chats.delete_all(self.key)

    def share(self, chat: str) -> str | None:
        """The token of a new link to one; None where there is none of that id."""
        return self.chats.share(self.key, chat) if self.chats is not None and self.key is not None else None

    def revoke(self, chat: str) -> None:
        """Make all links to one invalid."""
        if self.chats is not None and self.key is not None:
            self.chats.revoke(self.key, chat)
