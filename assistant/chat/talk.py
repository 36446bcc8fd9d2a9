"""What the conversation's events do: a message, an edit, a retry, an undo, a like. Values in, values out.

Each gives, step by step, what becomes of the conversation, the session and the list of chats. Gradio sends
the whole of each at every step, so only the last turns of a long conversation are on the page, unless more is
wanted.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, cast

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
MOST_SHOWN = 12  # turns on the page
SOON = 0.25  # seconds in which an answer comes at once to a person
LIKE, DISLIKE = "Like", "Dislike"
_SAID = {None: None, True: LIKE, False: DISLIKE}
Step: TypeAlias = tuple[Any, Any, Any]


@dataclass(frozen=True)
class Desk:
    """One visitor at the page: who answers, where it is kept, and the words the list is searched for."""

    assistant: Answerer
    drawer: Drawer
    words: str = ""
    shelf: Shelf = field(default_factory=NoShelf)

    def resumed(self, session: Session, chat: object) -> Session:
        """The session; where the server has forgotten it meanwhile, the saved conversation on the page."""
        return self.drawer.open(chat) if isinstance(chat, str) and chat and not session.turns else session

    def respond(self, message: object, session: Session, gone: Turns = ()) -> Iterator[Step]:
        """Ask a message, which is checked, and keep it with its answer; ``gone`` stood on the page before."""
        now = session
        listed = self.listed(session)  # as it is: Gradio makes a component anew to leave it alone
        for turns in reply(self.assistant, message, session.turns):
            now = replace(session, turns=turns)
            if turns[-1].answer is None:
                yield shown(now, answering=True), now, listed
        now = self.drawer.keep(replace(now, turns=self._dressed(now)))
        yield Last((_settled(now, gone), now, self.listed(now)))

    def edit(self, at: int, text: object, session: Session) -> Iterator[Step]:
        """Ask the ``at``-th turn in other words; what came after it is forgotten."""
        turns = session.turns
        if not 0 <= at < len(turns) or turns[at].role != "user":
            yield shown(session), session, self.listed(session)
        else:
            yield from self.respond(text, self.drawer.cut(session, at), turns[at:])

    def retry(self, session: Session) -> Iterator[Step]:
        """Ask the last question again."""
        at = last_question(session.turns)
        if at is None:
            yield shown(session), session, self.listed(session)
        else:
            yield from self.edit(at, session.turns[at].text, session)

    def undo(self, session: Session) -> tuple[Any, ...]:
        """Take the last question back into the box, and its answer away."""
        at = last_question(session.turns)
        if at is None:
            return gr.skip(), shown(session), session, gr.skip()
        return session.turns[at].text, *self._whole(self.drawer.cut(session, at))

    def like(self, at: int, liked: bool | None, session: Session) -> Session:
        """Keep what was said of the ``at``-th turn, where that is an answer."""
        if not 0 <= at < len(session.turns) or session.turns[at].answer is None:
            return session
        return self.drawer.like(session, at, liked)

    def open(self, chat: str) -> Step:
        """A saved conversation."""
        return self._whole(self.drawer.open(chat))

    def earlier(self, session: Session) -> Step:
        """All of the conversation, from now on."""
        return self._whole(replace(session, whole=True))

    def fresh(self) -> Step:
        """An empty conversation; the one before stays in the list."""
        return self._whole(Session())

    def _whole(self, session: Session) -> Step:
        now = replace(session, turns=self._dressed(session))
        return whole(now), now, self.listed(now)

    def _dressed(self, session: Session) -> Turns:
        """The turns; those on the page with what stands under answers, the last with what to ask next."""
        start, turns = left_off(session), session.turns
        dressed = [turn if turn.under is None else replace(turn, under=None) for turn in turns[:start]]
        dressed += [self._with_under(turn) for turn in turns[start:]]
        return (*dressed[:-1], self._with_following(dressed[-1])) if dressed else ()

    def _with_under(self, turn: Turn) -> Turn:
        if turn.answer is None or turn.under is not None:
            return turn
        return replace(turn, under=_under(turn.answer, self._cards(turn.answer)))

    def _cards(self, answer: Answer) -> str:
        try:
            return cards(self.shelf.cards(answer))
        except Exception:
            log.exception("an answer has no cards")
            return ""

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


class Last(tuple[Any, Any, Any]):
    """The step after which there is none: nobody has to ask."""

    __slots__ = ()


async def stepwise(steps: Iterator[Step]) -> AsyncIterator[Step]:
    """The steps as they are sent; a thread makes them, and is left alone when the visitor stops or leaves.

    The first, which shows the question, is left out where the next is there soon: each costs the page as much
    as an answer does.
    """
    made: asyncio.Queue[Step | None] = asyncio.Queue()
    making = asyncio.create_task(run_sync(_make, steps, _putter(made), abandon_on_cancel=True))
    try:
        async for step in _without_haste(made):
            yield step
            if isinstance(step, Last):
                return
        await making  # raises what went wrong
    finally:
        making.cancel()


async def _without_haste(made: asyncio.Queue[Step | None]) -> AsyncIterator[Step]:
    first = await made.get()
    if first is None:
        return
    following = asyncio.ensure_future(made.get())
    try:
        soon, _ = await asyncio.wait([following], timeout=SOON)
        if not soon or following.result() is None:
            yield first
        step = await following
    finally:
        following.cancel()
    while step is not None:
        yield step
        step = await made.get()


def _putter(made: asyncio.Queue[Step | None]) -> Callable[[Step | None], None]:
    """Puts a step in from another thread; nowhere where the server has ended meanwhile."""
    loop = asyncio.get_running_loop()

    def put(step: Step | None) -> None:
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(made.put_nowait, step)

    return put


def _make(steps: Iterator[Step], put: Callable[[Step | None], None]) -> None:
    try:
        for step in steps:
            made = (sent(step[0]), *step[1:])
            put(Last(made) if isinstance(step, Last) else made)
    finally:
        put(None)


def sent(talk: list[Any] | Thumbed) -> Any:
    """A conversation as Gradio's Chatbot sends it to the browser."""
    if isinstance(talk, Thumbed):
        return gr.update(value=sent(talk.messages), feedback_value=talk.thumbs)
    return _CHATBOT.postprocess(talk).model_dump()


_CHATBOT = gr.Chatbot(render=False)


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


def left_off(session: Session) -> int:
    """How many turns from the beginning are not on the page; what is on it begins with a question."""
    start = len(session.turns) - MOST_SHOWN
    if start <= 0 or session.whole:
        return 0
    return next((at for at in range(start, len(session.turns)) if session.turns[at].role == "user"), start)


def meant(session: Session, at: int) -> int:
    """Which turn is the ``at``-th message of the page; -1 for the line that stands for those left off."""
    start = left_off(session)
    return at if start == 0 else at - 1 + start if at > 0 else -1


def shown(session: Session, answering: bool = False) -> list[Any]:
    """The conversation as the Chatbot takes it; the last answer offers its choices or what to ask next.

    ``answering``: more is on its way.
    """
    turns, start = session.turns, left_off(session)
    last = None if answering else len(turns) - 1
    messages = [_message(turns[at], last=at == last) for at in range(start, len(turns))]
    return [_LEFT_OFF, *messages] if start else messages


class Thumbed(NamedTuple):
    """A conversation as ``shown`` gives it, and the thumbs under its answers in their order."""

    messages: list[Any]
    thumbs: list[str | None]


def thumbed(session: Session) -> Thumbed:
    """The conversation with its thumbs."""
    return Thumbed(shown(session), thumbs(session))


def thumbs(session: Session) -> list[str | None]:
    """What was said of each answer on the page, in their order."""
    start = left_off(session)
    said = [_SAID[turn.liked] for turn in session.turns[start:] if turn.role == "assistant"]
    return [None, *said] if start else said


def _settled(session: Session, gone: Turns) -> list[Any] | Thumbed:
    """After an answer: the browser remembers thumbs by their place, where another answer may stand now."""
    moved = gone or left_off(session)
    told = any(turn.liked is not None for turn in (*session.turns, *gone))
    return thumbed(session) if moved and told else shown(session)


def whole(session: Session) -> gr.Chatbot:
    """The same as Gradio takes it from an event that leaves the sending to it."""
    return gr.Chatbot(value=shown(session), feedback_value=thumbs(session))


_LEFT_OFF: dict[str, Any] = {
    "role": "assistant",
    "content": [element('<p class="left-off small">What was said before is not shown here.</p>')],
}


def _message(turn: Turn, last: bool) -> dict[str, Any]:
    text = literal(turn.text)
    if turn.answer is None:
        return {"role": turn.role, "content": text}
    under = _under(turn.answer) if turn.under is None else turn.under
    message: dict[str, Any] = {"role": turn.role, "content": [text, element(under)]}
    offered = turn.answer.choices or turn.following
    if last and offered:
        message["options"] = [_option(choice) for choice in offered]
    return message


def _under(answer: Answer, its_cards: str = "") -> str:
    """What stands under an answer, as one element."""
    choosing = " choosing" if answer.choices else ""
    return f'<div class="under{choosing}">{proof(answer)}{its_cards}{why(answer)}</div>'


def _option(choice: Choice) -> dict[str, str]:
    label = choice.text if len(choice.text) <= LONGEST_LABEL else f"{choice.text[:LONGEST_LABEL]}…"
    return {"value": choice.question, "label": label}
