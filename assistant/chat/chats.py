"""Saved conversations: one SQLite file in the user's state directory, which only that user may read.

Whose a conversation is, a private random key says that the visitor's browser holds; the file has its hash.
Every method takes that key, and none gives or changes what belongs to another: it is not there then.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.chat.stored import answer_from_json
from assistant.chat.turns import Turn, Turns
from indexer.errors import FormatMismatch, InputError, ResourceError

VARIABLE = "WHOPLAYED_CHATS"  # names the file; without it, the user's state directory has it
VERSION = 1
DAY = 24 * 3600
KEEP_DAYS = 180  # a conversation that nobody continues is deleted after so many days
MOST_CHATS = 500  # of one visitor; the oldest go
MOST_TURNS = 2_000  # of one conversation
MOST_PAGES = 500_000  # of 4 kB: what the file may grow to
MAX_TITLE = 80  # characters
SHARE_DAYS = 30
_SCHEMA = """
CREATE TABLE chats (
    id TEXT PRIMARY KEY, owner BLOB NOT NULL, title TEXT NOT NULL, made REAL NOT NULL, changed REAL NOT NULL
) STRICT;
CREATE INDEX idx_chats_owner ON chats (owner, changed);
CREATE INDEX idx_chats_changed ON chats (changed);
CREATE TABLE turns (
    number INTEGER PRIMARY KEY, chat TEXT NOT NULL REFERENCES chats ON DELETE CASCADE, id TEXT NOT NULL,
    role TEXT NOT NULL, text TEXT NOT NULL, folded TEXT NOT NULL, answer TEXT, liked INTEGER,
    made REAL NOT NULL, UNIQUE (chat, id)
) STRICT;
CREATE TABLE shares (
    token BLOB PRIMARY KEY, chat TEXT NOT NULL REFERENCES chats ON DELETE CASCADE, last INTEGER NOT NULL,
    made REAL NOT NULL, expires REAL NOT NULL
) STRICT;
CREATE INDEX idx_shares_chat ON shares (chat);
"""
_OURS = """SELECT id, title, made, changed,
    (SELECT count(*) FROM shares WHERE chat = chats.id AND expires >= ?2) FROM chats WHERE owner = ?1 """
_LISTED = _OURS + "ORDER BY changed DESC, id LIMIT ?3"
_ONE = _OURS + "AND id = ?3"
_TURNS = "SELECT id, role, text, answer, liked FROM turns WHERE chat = ?1 "
# The two that go: the long silent, and what one visitor has beyond the most.
_SWEEP = "DELETE FROM chats WHERE changed < ?"
_CROWD = """DELETE FROM chats WHERE owner = ?1 AND id NOT IN
    (SELECT id FROM chats WHERE owner = ?1 ORDER BY changed DESC LIMIT ?2)"""


@dataclass(frozen=True)
class Chat:
    """One saved conversation; times are seconds since 1970, ``links`` is how many links show it now."""

    id: str
    title: str
    made: float
    changed: float
    links: int = 0


@dataclass(frozen=True)
class Shared:
    """What somebody with a link sees: the conversation as it was when it was shared."""

    title: str
    turns: Turns
    expires: float


def new_key() -> str:
    """A key of 128 random bits for a new visitor."""
    return secrets.token_urlsafe(16)


def chats_path() -> Path:
    """Where the conversations lie: what ``WHOPLAYED_CHATS`` says, else in the user's state directory."""
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named)
    from platformdirs import user_state_path

    return user_state_path("whoplayed") / "chats.db"


class Chats:
    """The saved conversations of all visitors. For any thread; several processes may share one file."""

    def __init__(
        self, path: Path, keep_days: float = KEEP_DAYS, now: Callable[[], float] = time.time
    ) -> None:
        self._keep, self._now, self._lock = keep_days * DAY, now, threading.Lock()
        self._db = _connect(path)
        self.sweep()

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        with self._lock:
            self._db.close()

    def create(self, key: str, title: str) -> str:
        """A new, empty conversation; its id. The visitor's oldest go where there are too many."""
        chat, owner, now = secrets.token_hex(8), _hash(key), self._now()
        with self._writing() as db:
            db.execute("INSERT INTO chats VALUES (?, ?, ?, ?, ?)", (chat, owner, _titled(title), now, now))
            db.execute(_CROWD, (owner, MOST_CHATS))
        if now - self._swept > DAY:
            self.sweep()
        return chat

    def append(self, key: str, chat: str, turns: Iterable[Turn]) -> bool:
        """Add turns that it does not hold yet; whether it is there and has room for them."""
        now = self._now()
        with self._writing() as db:
            if not self._owned(key, chat) or self._count(chat) >= MOST_TURNS:
                return False
            db.executemany(
                "INSERT OR IGNORE INTO turns (chat, id, role, text, folded, answer, liked, made) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [(chat, *_turn_row(turn), now) for turn in turns],
            )
            db.execute("UPDATE chats SET changed = ? WHERE id = ?", (now, chat))
        return True

    def cut(self, key: str, chat: str, turn: str) -> bool:
        """Delete a turn and all after it for good; whether it was there."""
        with self._writing() as db:
            found = self._one("SELECT number FROM turns WHERE chat = ? AND id = ?", chat, turn)
            if found is None or not self._owned(key, chat):
                return False
            db.execute("DELETE FROM turns WHERE chat = ? AND number >= ?", (chat, found[0]))
        self._scrub()
        return True

    def like(self, key: str, chat: str, turn: str, liked: bool | None) -> bool:
        """Note that an answer was liked or disliked, or (None) neither; whether it was there."""
        with self._writing() as db:
            if not self._owned(key, chat):
                return False
            changed = db.execute("UPDATE turns SET liked = ? WHERE chat = ? AND id = ?", (liked, chat, turn))
            return changed.rowcount > 0

    def rename(self, key: str, chat: str, title: str) -> bool:
        """Give it another title; whether it was there. Raises InputError for an empty title."""
        name = _titled(title)
        if not title.strip():
            raise InputError("A conversation's title has at least one character.")
        with self._writing() as db:
            row = (name, chat, _hash(key))
            return db.execute("UPDATE chats SET title = ? WHERE id = ? AND owner = ?", row).rowcount > 0

    def delete(self, key: str, chat: str) -> bool:
        """Delete it with its links for good: the file keeps no copy of its words. Whether it was there."""
        with self._writing() as db:
            row = (chat, _hash(key))
            found = db.execute("DELETE FROM chats WHERE id = ? AND owner = ?", row).rowcount > 0
        self._scrub()
        return found

    def delete_all(self, key: str) -> int:
        """Delete all of a visitor's conversations for good; how many there were."""
        with self._writing() as db:
            found = db.execute("DELETE FROM chats WHERE owner = ?", (_hash(key),)).rowcount
        self._scrub()
        return found

    def sweep(self) -> int:
        """Delete what nobody has continued for too long, and links that have expired; how many chats went.

        Done when the file is opened, and once a day.
        """
        self._swept = self._now()
        with self._writing() as db:
            db.execute("DELETE FROM shares WHERE expires < ?", (self._now(),))
            gone = db.execute(_SWEEP, (self._now() - self._keep,)).rowcount
        if gone:
            self._scrub()
        return gone

    def newest(self, key: str, limit: int = 100) -> list[Chat]:
        """The visitor's conversations, the latest first."""
        return self._chats(_LISTED, _hash(key), self._now(), limit)

    def search(self, key: str, words: str, limit: int = 100) -> list[Chat]:
        """Conversations that hold all the words, in their title or in any turn, the latest first."""
        found = self.newest(key, MOST_CHATS)
        for word in words.split()[:8]:
            holding = {row[0] for row in self._rows(_HOLDING, _hash(key), _pattern(word))}
            folded = word.casefold()
            found = [chat for chat in found if chat.id in holding or folded in chat.title.casefold()]
        return found[:limit]

    def chat(self, key: str, chat: str) -> Chat | None:
        """One of the visitor's conversations; None where there is none of that id."""
        found = self._chats(_ONE, _hash(key), self._now(), chat)
        return found[0] if found else None

    def turns(self, key: str, chat: str) -> Turns:
        """Its turns, oldest first; () where there is none of that id."""
        return self._turns(_TURNS + "ORDER BY number", chat) if self.chat(key, chat) else ()

    # ------------------------------------------------------------------------------------------- links

    def share(self, key: str, chat: str, days: float = SHARE_DAYS) -> str | None:
        """A token of 128 random bits that shows the conversation as it is now, for so many days.

        None where there is no such conversation, or it is empty. The file holds only the token's hash.
        """
        token = new_key()
        with self._writing() as db:
            last = self._one("SELECT max(number) FROM turns WHERE chat = ?", chat)
            if last is None or last[0] is None or not self._owned(key, chat):
                return None
            now = self._now()
            row = (_hash(token), chat, last[0], now, now + days * DAY)
            db.execute("INSERT INTO shares VALUES (?, ?, ?, ?, ?)", row)
        return token

    def revoke(self, key: str, chat: str) -> int:
        """Make all links to a conversation invalid; how many there were."""
        with self._writing() as db:
            if not self._owned(key, chat):
                return 0
            return db.execute("DELETE FROM shares WHERE chat = ?", (chat,)).rowcount

    def shared(self, token: str) -> Shared | None:
        """What a link shows; None where it has expired, was revoked or never was."""
        found = self._rows(
            "SELECT chats.id, title, last, expires FROM shares JOIN chats ON chats.id = chat "
            "WHERE token = ? AND expires >= ?",
            _hash(token),
            self._now(),
        )
        if not found:
            return None
        chat, title, last, expires = found[0]
        return Shared(title, self._turns(_TURNS + "AND number <= ?2 ORDER BY number", chat, last), expires)

    # ------------------------------------------------------------------------------------------ within

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction. Raises ResourceError where the disk or the file is full, or the file is locked."""
        with self._lock:
            try:
                with self._db:
                    self._db.execute("BEGIN IMMEDIATE")
                    yield self._db
            except sqlite3.OperationalError as error:
                raise ResourceError(f"The conversation could not be saved ({error}).") from error

    def _scrub(self) -> None:
        """Take what was deleted out of the write-ahead log too; the file itself is overwritten with zeros."""
        with self._lock:
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._db.execute(statement, values).fetchall()

    def _one(self, statement: str, *values: Any) -> tuple[Any, ...] | None:
        """Within ``_writing``."""
        row: tuple[Any, ...] | None = self._db.execute(statement, values).fetchone()
        return row

    def _owned(self, key: str, chat: str) -> bool:
        return self._one("SELECT 1 FROM chats WHERE id = ? AND owner = ?", chat, _hash(key)) is not None

    def _count(self, chat: str) -> int:
        row = self._one("SELECT count(*) FROM turns WHERE chat = ?", chat)
        return 0 if row is None else int(row[0])

    def _chats(self, statement: str, *values: Any) -> list[Chat]:
        return [Chat(*row) for row in self._rows(statement, *values)]

    def _turns(self, statement: str, *values: Any) -> Turns:
        return tuple(_turn(row) for row in self._rows(statement, *values))


_HOLDING = """SELECT DISTINCT chat FROM turns JOIN chats ON chats.id = chat
    WHERE owner = ? AND folded LIKE ? ESCAPE '\\'"""


def _connect(path: Path) -> sqlite3.Connection:
    """The file, made with mode 0600 where it is missing. Raises FormatMismatch for another version's."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # SQLite's side files take over its mode
        path.chmod(0o600)
        db = sqlite3.connect(path, timeout=5, isolation_level=None, check_same_thread=False)
        for setting in (
            "journal_mode = WAL",
            "synchronous = NORMAL",
            "secure_delete = ON",
            "foreign_keys = ON",
        ):
            db.execute(f"PRAGMA {setting}")
        db.execute(f"PRAGMA max_page_count = {MOST_PAGES}")
        _upgrade(db, path)
    except (OSError, sqlite3.Error) as error:
        raise ResourceError(
            f"cannot keep conversations in {path} ({error}): name another file with {VARIABLE}"
        ) from error
    return db


def _upgrade(db: sqlite3.Connection, path: Path) -> None:
    with db:
        db.execute("BEGIN IMMEDIATE")
        found = db.execute("PRAGMA user_version").fetchone()[0]
        if found not in (0, VERSION):
            raise FormatMismatch(
                f"{path} holds conversations of format {found}, expected {VERSION}: "
                f"move it away, or name another file with {VARIABLE}"
            )
        if found == 0:
            for statement in _SCHEMA.split(";"):
                db.execute(statement)
            db.execute(f"PRAGMA user_version = {VERSION}")


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _titled(text: str) -> str:
    line = " ".join(text.split()) or "Untitled"
    return line if len(line) <= MAX_TITLE else f"{line[: MAX_TITLE - 1]}…"


def _pattern(word: str) -> str:
    """A LIKE pattern for text that holds the word, whatever signs that is made of."""
    plain = word.casefold()
    for sign in ("\\", "%", "_"):
        plain = plain.replace(sign, f"\\{sign}")
    return f"%{plain}%"


def _turn_row(turn: Turn) -> Sequence[Any]:
    answer = None if turn.answer is None else json.dumps(turn.answer.to_json(), ensure_ascii=False)
    return turn.id, turn.role, turn.text, turn.text.casefold(), answer, turn.liked


def _turn(row: tuple[Any, ...]) -> Turn:
    turn_id, role, text, answer, liked = row
    told = None if answer is None else answer_from_json(json.loads(answer))
    return Turn(role, text, told, id=turn_id, liked=None if liked is None else bool(liked))
