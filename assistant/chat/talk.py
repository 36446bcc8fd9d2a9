"""What the conversation's events do: a message, an edit, a retry, an undo, a like. Values in, values out.

Each gives, step by step, what becomes of the box, the conversation, the session and the list of chats.
"""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

import gradio as gr
from anyio.to_thread import run_sync

from assistant.answer import Answer, Choice
from assistant.chat.cards import cards
from assistant.chat.drawer import Drawer, Session
from assistant.chat.elements import element
from assistant.chat.library import NoShelf, Shelf
from assistant.chat.markup import literal, proof
from assistant.chat.replies import reply
from assistant.chat.sidebar import chat_list
from assistant.chat.turns import Turn, Turns
from assistant.chat.why import why

if TYPE_CHECKING:
    from assistant.engine import Answerer

log = logging.getLogger("whoplayed.chat")
LONGEST_LABEL = 120  # characters of a choice
LIKE, DISLIKE = "Like", "Dislike"
_SAID = {None: None, True: LIKE, False: DISLIKE}
Step: TypeAlias = tuple[Any, Any, Any, Any]
Value = TypeVar("Value")


@dataclass(frozen=True)
class Desk:
    """One visitor at the page: who answers, where it is kept, and the words the list is searched for."""

    assistant: Answerer
    drawer: Drawer
    words: str = ""
    shelf: Shelf = field(default_factory=NoShelf)

    def respond(self, message: object, session: Session) -> Iterator[Step]:
        """Ask a message, which is checked, and keep it with its answer."""
        box, now, before = busy(), session, shown(session.turns, answering=True)
        listed = self.listed(session)  # as it is: Gradio makes a component anew to leave it alone
        for turns in reply(self.assistant, message, session.turns):
            now = replace(session, turns=turns)
            if turns[-1].answer is None:
                yield box, [*before, *shown(turns[len(before) :])], now, listed
                box = gr.skip()
        now = self.drawer.keep(replace(now, turns=self._carded(now.turns)))
        yield idle(), [*before, *shown(now.turns[len(before) :])], now, self.listed(now)

    def edit(self, at: int, text: object, session: Session) -> Iterator[Step]:
        """Ask the ``at``-th turn in other words; what came after it is forgotten."""
        turns = session.turns
        if not 0 <= at < len(turns) or turns[at].role != "user":
            yield idle(), shown(turns), session, gr.skip()
        else:
            yield from self.respond(text, self.drawer.cut(session, at))

    def retry(self, session: Session) -> Iterator[Step]:
        """Ask the last question again."""
        at = last_question(session.turns)
        if at is None:
            yield idle(), shown(session.turns), session, gr.skip()
        else:
            yield from self.edit(at, session.turns[at].text, session)

    def undo(self, session: Session) -> Step:
        """Take the last question back into the box, and its answer away."""
        at = last_question(session.turns)
        if at is None:
            return idle(), shown(session.turns), session, gr.skip()
        now = self.drawer.cut(session, at)
        return idle(session.turns[at].text), whole(now.turns), now, self.listed(now)

    def like(self, at: int, liked: bool | None, session: Session) -> Session:
        """Keep what was said of the ``at``-th turn, where that is an answer."""
        if not 0 <= at < len(session.turns) or session.turns[at].answer is None:
            return session
        return self.drawer.like(session, at, liked)

    def open(self, chat: str) -> Step:
        """A saved conversation."""
        found = self.drawer.open(chat)
        now = replace(found, turns=self._carded(found.turns))
        return idle(""), whole(now.turns), now, self.listed(now)

    def fresh(self) -> Step:
        """An empty conversation; the one before stays in the list."""
        return idle(""), whole(()), Session(), self.listed(Session())

    def _carded(self, turns: Turns) -> Turns:
        """The turns with the cards of those answers that have none yet, the last with what to ask next."""
        carded = [self._with_cards(turn) for turn in turns]
        return (*carded[:-1], self._with_following(carded[-1])) if carded else ()

    def _with_cards(self, turn: Turn) -> Turn:
        if turn.answer is None or turn.cards:
            return turn
        try:
            return replace(turn, cards=cards(self.shelf.cards(turn.answer)))
        except Exception:
            log.exception("an answer has no cards")
            return turn

    def _with_following(self, turn: Turn) -> Turn:
        if turn.answer is None or turn.answer.choices:
            return turn
        try:
            return replace(turn, following=tuple(self.shelf.suggestions(turn.answer)))
        except Exception:
            log.exception("an answer has no suggestions")
            return turn

    def listed(self, session: Session) -> str:
        """The list of conversations, this session's marked."""
        chats = self.drawer.listed(self.words)
        return chat_list(chats, session.chat, time.time(), searched=bool(self.words.strip()))


async def stepwise(steps: Iterator[Value]) -> AsyncIterator[Value]:
    """The steps, each made in a thread that is left alone when the visitor stops or leaves."""
    end = object()
    while (step := await run_sync(next, steps, end, abandon_on_cancel=True)) is not end:
        yield cast(Value, step)


def picked(value: object) -> object:
    """The question behind a click on an example ({"text": ...}) or on a choice (text)."""
    return value.get("text") if isinstance(value, dict) else value


def place(index: object) -> int:
    """Which message an event means: Gradio gives a number, or the number of it and of its part; -1: none."""
    first = index[0] if isinstance(index, list | tuple) and index else index
    return first if isinstance(first, int) and not isinstance(first, bool) else -1


def said(liked: object) -> bool | None:
    """What a click on a thumb means; a second click takes the first back."""
    return {True: True, LIKE: True, False: False, DISLIKE: False}.get(cast(Any, liked))


def last_question(turns: Turns) -> int | None:
    """Where the last question stands; None where there is none."""
    return next((at for at in reversed(range(len(turns))) if turns[at].role == "user"), None)


def shown(turns: Turns, answering: bool = False) -> list[Any]:
    """The conversation as the Chatbot takes it; the last answer offers its choices or what to ask next.

    ``answering``: another one is on its way, and comes after them.
    """
    last = None if answering else len(turns) - 1
    return [_message(turn, last=at == last) for at, turn in enumerate(turns)]


def whole(turns: Turns) -> gr.Chatbot:
    """The same with the thumbs that stand under its answers."""
    thumbs = [_SAID[turn.liked] for turn in turns if turn.role == "assistant"]
    return gr.Chatbot(value=shown(turns), feedback_value=thumbs)


def _message(turn: Turn, last: bool) -> dict[str, Any]:
    text = literal(turn.text)
    if turn.answer is None:
        return {"role": turn.role, "content": text}
    message: dict[str, Any] = {"role": turn.role, "content": [text, element(_under(turn, turn.answer))]}
    offered = turn.answer.choices or turn.following
    if last and offered:
        message["options"] = [_option(choice) for choice in offered]
    return message


def _under(turn: Turn, answer: Answer) -> str:
    """What stands under an answer, as one element."""
    choosing = " choosing" if answer.choices else ""
    return f'<div class="under{choosing}">{proof(answer)}{turn.cards}{why(answer)}</div>'


def _option(choice: Choice) -> dict[str, str]:
    label = choice.text if len(choice.text) <= LONGEST_LABEL else f"{choice.text[:LONGEST_LABEL]}…"
    return {"value": choice.question, "label": label}


def busy() -> gr.Textbox:
    """The box while an answer is on its way."""
    return gr.Textbox(value="", submit_btn=False, stop_btn="Stop")


def idle(text: str | None = None) -> gr.Textbox:
    """The box when it may be asked; ``text`` replaces what stands in it."""
    given = {} if text is None else {"value": text}
    return gr.Textbox(submit_btn="Ask", stop_btn=False, **cast(Any, given))
