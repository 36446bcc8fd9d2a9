from __future__ import annotations

import threading

import pytest

from assistant.chat.opening import OpeningAssistant
from indexer.errors import IndexMissing, ResourceError
from tests.assistant.chat.fakes import ScriptedAssistant


def test_a_question_waits_until_the_index_is_open() -> None:
    gate = threading.Event()

    def slowly() -> ScriptedAssistant:
        gate.wait(10)
        return ScriptedAssistant()

    opening = OpeningAssistant(slowly)
    opening.start()
    assert not opening.ready
    threading.Timer(0.01, gate.set).start()
    assert opening.answer("hello").text == "0 turns, then hello"
    assert opening.ready


def test_patience_ends_with_a_message() -> None:
    with pytest.raises(ResourceError, match="still being opened"):
        OpeningAssistant(ScriptedAssistant, patience=0).answer("hello")


def test_an_index_that_does_not_open_is_told_and_raised() -> None:
    def missing() -> ScriptedAssistant:
        raise IndexMissing("there is no index: run `make index`")

    told = threading.Event()
    opening = OpeningAssistant(missing)
    opening.start(failed=told.set)
    assert told.wait(10)
    assert opening.failed
    with pytest.raises(IndexMissing, match="make index"):
        opening.answer("hello")
    opening.close()


def test_closing_closes_the_open_assistant() -> None:
    class Closing(ScriptedAssistant):
        closed = False

        def close(self) -> None:
            self.closed = True

    opening = OpeningAssistant(Closing)
    opening.start()
    assistant = opening.wait(10)
    opening.close()
    assert assistant.closed
