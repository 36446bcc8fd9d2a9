"""How steps reach the browser: in order, the first only where the next is long in coming."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from assistant.chat.drawer import Session
from assistant.chat.talk import Last, Step, stepwise

ASKED: Step = ([{"role": "user", "content": "asked"}], Session(), "")
PIECE: Step = ([{"role": "assistant", "content": "piece"}], Session(), "")
WHOLE = Last(([{"role": "assistant", "content": "whole"}], Session(), ""))


def _waiting(until: threading.Event) -> Iterator[Step]:
    """An answer that is long in coming."""
    yield ASKED
    until.wait(60)
    yield WHOLE


def _texts(steps: Iterator[Step]) -> list[str]:
    async def gathered() -> list[str]:
        return [step[0][-1]["content"][0]["text"] async for step in stepwise(steps)]

    return asyncio.run(gathered())


def test_the_question_alone_is_not_sent_where_the_answer_is_there_at_once() -> None:
    assert _texts(iter([ASKED, WHOLE])) == ["whole"]
    assert _texts(iter([ASKED, PIECE, WHOLE])) == ["piece", "whole"]


def test_the_question_is_sent_where_the_answer_takes_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.chat.talk.SOON", 0.0)
    seen = threading.Event()

    async def gathered() -> list[str]:
        texts = []
        async for step in stepwise(_waiting(seen)):
            texts.append(step[0][-1]["content"][0]["text"])
            seen.set()
        return texts

    assert asyncio.run(gathered()) == ["asked", "whole"]


def test_one_step_alone_is_sent_and_none_is_none() -> None:
    assert _texts(iter([ASKED])) == ["asked"]
    assert _texts(iter([])) == []


def test_what_goes_wrong_is_raised() -> None:
    def failing() -> Iterator[Step]:
        yield ASKED
        raise ValueError("a cause")

    with pytest.raises(ValueError, match="a cause"):
        _texts(failing())


def test_a_visitor_who_leaves_does_not_wait_for_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.chat.talk.SOON", 0.0)
    release = threading.Event()

    async def left() -> Any:
        steps = stepwise(_waiting(release))
        first = await anext(steps)
        await steps.aclose()  # type: ignore[attr-defined]
        release.set()
        return first

    assert asyncio.run(left())[0][-1]["content"][0]["text"] == "asked"
