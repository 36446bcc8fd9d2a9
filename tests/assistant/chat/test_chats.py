from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import pytest

from assistant.answer import Answer, Choice, Item, Status
from assistant.chat.chats import DAY, VARIABLE, Chats, chats_path, new_key
from assistant.chat.turns import Turn
from assistant.reading.reading import Ask, Reading, TitleRef
from indexer.errors import FormatMismatch, InputError, ResourceError
from tests.assistant.chat.fakes import HOSTILE, ORACLE

ANNA, BERT = new_key(), new_key()
QUESTION = Turn("user", "who played the Oracle")
ANSWER = Turn(
    "assistant",
    "Gloria Foster, 100 % of it",
    Answer(
        Status.AMBIGUOUS,
        "Gloria Foster, 100 % of it",
        (Item("Gloria Foster", "person", "nm0287825", 0.5), Item("1999", "year")),
        (ORACLE, HOSTILE),
        (Choice("Psycho", "who directed psycho", "tt0054215"), Choice("x", "y")),
        Reading(Ask.PLAYED_BY, TitleRef("matrix", years=(1999, 1999)), character="Oracle"),
        0.5,
        31.0,
        {"read_ms": 1.0},
        {"rule": "because", "candidates": [{"title": "The Matrix", "parts": {"name": 6.0}}]},
    ),
)


class Clock:
    """A time that only moves when it is told to."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def _open(folder: Path, clock: Clock | None = None) -> Chats:
    return Chats(folder / "state" / "chats.db", keep_days=10, now=clock or Clock())


def _filled(chats: Chats, key: str = ANNA, *turns: Turn) -> str:
    chat = chats.create(key, "The Oracle")
    assert chats.append(key, chat, turns or (QUESTION, ANSWER))
    return chat


def test_a_conversation_is_there_after_a_restart_with_its_answers_whole(tmp_path: Path) -> None:
    chats = _open(tmp_path)
    chat = _filled(chats)
    chats.close()
    again = _open(tmp_path)
    assert again.turns(ANNA, chat) == (QUESTION, ANSWER)
    assert [turn.id for turn in again.turns(ANNA, chat)] == [QUESTION.id, ANSWER.id]
    assert [found.title for found in again.newest(ANNA)] == ["The Oracle"]


def test_the_file_is_for_its_owner_alone_and_holds_no_key(tmp_path: Path) -> None:
    chats = _open(tmp_path)
    token = chats.share(ANNA, _filled(chats))
    files = sorted((tmp_path / "state").iterdir())
    assert [file.name for file in files] == ["chats.db", "chats.db-shm", "chats.db-wal"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    held = b"".join(file.read_bytes() for file in files)
    assert token is not None
    assert ANNA.encode() not in held
    assert token.encode() not in held


def test_nobody_reaches_another_visitors_conversation(tmp_path: Path) -> None:
    chats = _open(tmp_path)
    chat = _filled(chats)
    assert chats.newest(BERT) == chats.search(BERT, "oracle") == []
    assert (chats.chat(BERT, chat), chats.turns(BERT, chat), chats.share(BERT, chat)) == (None, (), None)
    assert not chats.append(BERT, chat, [QUESTION])
    assert not chats.rename(BERT, chat, "mine")
    assert not chats.cut(BERT, chat, QUESTION.id)
    assert not chats.like(BERT, chat, ANSWER.id, True)
    assert not chats.delete(BERT, chat)
    assert (chats.revoke(BERT, chat), chats.delete_all(BERT)) == (0, 0)
    assert chats.turns(ANNA, chat) == (QUESTION, ANSWER)


def test_the_same_turn_is_kept_once(tmp_path: Path) -> None:
    chats = _open(tmp_path)
    chat = _filled(chats)
    assert chats.append(ANNA, chat, [QUESTION, ANSWER])
    assert len(chats.turns(ANNA, chat)) == 2


def test_a_cut_takes_a_turn_and_all_after_it(tmp_path: Path) -> None:
    chats = _open(tmp_path)
    chat = _filled(chats, ANNA, QUESTION, ANSWER, Turn("user", "and who directed it"))
    assert chats.cut(ANNA, chat, ANSWER.id)
    assert chats.turns(ANNA, chat) == (QUESTION,)
    assert not chats.cut(ANNA, chat, ANSWER.id)


def test_what_was_said_of_an_answer_is_kept_and_taken_back(tmp_path: Path) -> None:
    chats = _open(tmp_path)
    chat = _filled(chats)
    for liked in (True, False, None):
        assert chats.like(ANNA, chat, ANSWER.id, liked)
        assert chats.turns(ANNA, chat)[1].liked is liked


def test_a_new_title_is_one_short_line(tmp_path: Path) -> None:
    chats = _open(tmp_path)
    chat = _filled(chats)
    chats.rename(ANNA, chat, " a\n b " + "c" * 200)
    title = chats.newest(ANNA)[0].title
    assert (title[:5], len(title), title[-1]) == ("a b c", 80, "…")
    with pytest.raises(InputError, match="title"):
        chats.rename(ANNA, chat, " ")


@pytest.mark.parametrize("deleted", ["chat", "cut", "all", "old"])
def test_what_is_deleted_leaves_no_word_in_the_files(tmp_path: Path, deleted: str) -> None:
    clock = Clock()
    chats = _open(tmp_path, clock)
    secret = Turn("user", "xyzzyplugh" * 100)
    chat = _filled(chats, ANNA, secret)
    clock.now += 11 * DAY
    if deleted == "chat":
        assert chats.delete(ANNA, chat)
    elif deleted == "cut":
        assert chats.cut(ANNA, chat, secret.id)
    else:
        assert (chats.delete_all(ANNA) if deleted == "all" else chats.sweep()) == 1
    held = b"".join(file.read_bytes() for file in (tmp_path / "state").iterdir())
    assert b"xyzzyplugh" not in held


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("FOSTER oracle", 1),
        ("foster nobody", 0),
        ("100 %", 1),
        ("10_", 0),
        ("%%", 0),
        ("'; DROP TABLE chats --", 0),
        ("héro", 1),
    ],
)
def test_a_search_finds_all_words_literally(tmp_path: Path, words: str, found: int) -> None:
    chats = _open(tmp_path)
    _filled(chats, ANNA, QUESTION, ANSWER, Turn("user", "HÉRO"))
    _filled(chats, ANNA, Turn("user", "something else"))
    assert len(chats.search(ANNA, words)) == found


def test_the_long_silent_go_and_the_others_stay(tmp_path: Path) -> None:
    clock = Clock()
    chats = _open(tmp_path, clock)
    old, young = _filled(chats), _filled(chats, BERT)
    clock.now += 9 * DAY
    assert chats.append(BERT, young, [Turn("user", "again")])
    clock.now += 2 * DAY
    assert chats.sweep() == 1
    assert chats.chat(ANNA, old) is None
    assert chats.chat(BERT, young) is not None


def test_the_long_silent_go_while_others_begin(tmp_path: Path) -> None:
    clock = Clock()
    chats = _open(tmp_path, clock)
    old = _filled(chats)
    clock.now += 11 * DAY
    _filled(chats, BERT)
    assert chats.chat(ANNA, old) is None


def test_a_link_shows_what_was_there_until_it_expires(tmp_path: Path) -> None:
    clock = Clock()
    chats = _open(tmp_path, clock)
    chat = _filled(chats)
    token = chats.share(ANNA, chat, days=2)
    assert token is not None
    chats.append(ANNA, chat, [Turn("user", "said later")])
    shared = chats.shared(token)
    assert shared is not None
    assert (shared.title, shared.turns) == ("The Oracle", (QUESTION, ANSWER))
    assert chats.newest(ANNA)[0].links == 1
    clock.now += 2 * DAY + 1
    assert chats.shared(token) is None
    assert chats.newest(ANNA)[0].links == 0


def test_a_link_is_revoked_by_its_owner_or_with_its_conversation(tmp_path: Path) -> None:
    chats = _open(tmp_path)
    chat = _filled(chats)
    tokens = [chats.share(ANNA, chat) or "", chats.share(ANNA, chat) or ""]
    assert len(set(tokens)) == 2
    assert all(len(token) == 22 for token in tokens)  # 128 bits
    assert chats.revoke(ANNA, chat) == 2
    assert [chats.shared(token) for token in tokens] == [None, None]
    token = chats.share(ANNA, chat) or ""
    chats.delete(ANNA, chat)
    assert chats.shared(token) is None


def test_an_empty_conversation_has_nothing_to_share(tmp_path: Path) -> None:
    chats = _open(tmp_path)
    assert chats.share(ANNA, chats.create(ANNA, "empty")) is None


def test_two_processes_share_one_file(tmp_path: Path) -> None:
    one, other = _open(tmp_path), _open(tmp_path)
    chat = _filled(one)
    assert other.append(ANNA, chat, [Turn("user", "from the other")])
    assert [turn.text for turn in one.turns(ANNA, chat)][-1] == "from the other"


def test_a_file_of_another_version_is_left_alone(tmp_path: Path) -> None:
    _open(tmp_path).close()
    with sqlite3.connect(tmp_path / "state" / "chats.db") as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(FormatMismatch, match=f"format 99, expected 1.*{VARIABLE}"):
        _open(tmp_path)


def test_a_place_that_is_no_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ResourceError, match=f"{tmp_path}.*{VARIABLE}"):
        Chats(tmp_path)


def test_where_they_lie_can_be_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "x.db"))
    assert chats_path() == tmp_path / "x.db"
    monkeypatch.delenv(VARIABLE)
    assert chats_path().name == "chats.db"
