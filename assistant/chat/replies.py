"""A message in, the conversation out, piece by piece as the answer arrives. Knows no screen."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.answer import Answer
from assistant.chat.turns import MAX_MESSAGE, Turn, Turns, checked_question
from indexer.errors import InputError, WhoplayedError

if TYPE_CHECKING:
    from assistant.engine import Answerer

log = logging.getLogger("whoplayed.chat")


@dataclass(frozen=True)
class _Explaining:
    """An assistant whose answers say why."""

    assistant: Answerer

    def answer(
        self,
        question: str,
        history: Sequence[Mapping[str, str]] = (),
        *,
        explain: bool = True,  # noqa: ARG002 - as an Answerer
    ) -> Answer:
        return self.assistant.answer(question, history, explain=True)


def reply(assistant: Answerer, message: object, turns: Turns) -> Iterator[Turns]:
    """The conversation after each step: with the question, with more and more of the answer, with its proof.

    Raises nothing: a question that cannot be taken gets a polite line, and so does a failure, with an id that
    is in the log beside its cause. Such turns are shown but not remembered.
    """
    try:
        question = checked_question(message)
    except InputError as error:
        yield _refused(turns, message, str(error))
        return
    asked = (*turns, Turn("user", question))
    yield asked
    try:
        for turn in _answered(assistant, question, turns):
            yield (*asked, turn)
    except WhoplayedError as error:
        yield _refused(turns, question, str(error))
    except Exception:  # noqa: BLE001 - a visitor gets a line and an id, whatever went wrong
        yield _refused(turns, question, _reported())


def _answered(assistant: Answerer, question: str, turns: Turns) -> Iterator[Turn]:
    from assistant.engine import MovieChatEngine, answer_of  # LlamaIndex, which the page does not wait for

    history = [turn.message() for turn in turns if turn.remembered]
    response = MovieChatEngine.from_turns(_Explaining(assistant), history).stream_chat(question)
    turn = Turn("assistant", "")
    for piece in response.response_gen:
        if turn.text:  # the last piece comes with its proof
            yield turn
        turn = replace(turn, text=turn.text + piece)
    yield replace(turn, answer=answer_of(response))


def _refused(turns: Turns, message: object, reason: str) -> Turns:
    shown = message.strip() if isinstance(message, str) else ""
    if len(shown) > MAX_MESSAGE:
        shown = f"{shown[:200]}…"
    question = (Turn("user", shown, remembered=False),) if shown else ()
    return (*turns, *question, Turn("assistant", reason, remembered=False))


def _reported() -> str:
    report = secrets.token_hex(4)
    log.exception("report %s", report)
    return f"Something went wrong on this side, and it is in the log as {report}. Please try it another way."
