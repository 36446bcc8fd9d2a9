"""The page: a header, the conversation, one line to write on; and the events between them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import gradio as gr
from anyio.to_thread import run_sync
from gradio.events import api

from assistant.answer import Answer, Choice
from assistant.chat.markup import escaped, literal, proof
from assistant.chat.replies import reply
from assistant.chat.turns import MAX_MESSAGE, Turn, Turns, checked_history, checked_question
from assistant.engine import Answerer
from indexer.errors import WhoplayedError

AT_ONCE = 8  # questions answered at the same time; the others wait in the queue
WAITING = 256  # questions that may wait; the next is told that the page is busy
FORGET_AFTER = 6 * 3600  # seconds after which a silent visitor's conversation is dropped
LONGEST_LABEL = 120  # characters of a choice

# All work on the bundled sample: a role in a series of films, a recast one, a name for two films, a plot.
EXAMPLES = (
    "Who played the Oracle in the first Matrix?",
    "Who was Dumbledore in the third Harry Potter film?",
    "Who directed Psycho?",
    "Which film is about a hacker who learns that his world is a simulation?",
)
_MARK = (
    '<svg viewBox="0 0 32 32" aria-hidden="true"><rect x="2" y="6" width="28" height="20" rx="4"/>'
    '<path d="M13 11.5v9l7.5-4.5z"/></svg>'
)
_HEADER = (
    f'<div class="masthead">{_MARK}<div><h1>Whoplayed</h1>'
    "<p>Ask the movies: every answer shows the records behind it.</p></div></div>"
)
_FOOT = '<p class="small">Answers hold for the data that was indexed. What you ask stays on this server.</p>'
_WELCOME = "### What would you like to know?\nAsk in your own words, and ask on: *and who directed it?*"
_DARK = "() => { document.body.classList.toggle('dark'); }"

_ANSWERING: dict[str, Any] = {
    "api_visibility": "private",
    "concurrency_limit": AT_ONCE,
    "concurrency_id": "answers",
    "show_progress": "minimal",
}
Standing = Callable[[], str]
Step = TypeVar("Step")


@dataclass(frozen=True)
class _Parts:
    """What the events read and write."""

    turns: gr.State
    talk: gr.Chatbot
    box: gr.Textbox
    fresh: gr.Button
    dark: gr.Button
    standing: gr.HTML

    def outputs(self) -> list[Any]:
        return [self.box, self.talk, self.turns]


def page(assistant: Answerer, standing: Standing | None = None) -> gr.Blocks:
    """The page over an assistant; ``standing`` gives the line about the index, when that is open."""
    blocks: gr.Blocks = gr.Blocks(title="Whoplayed", fill_height=True, analytics_enabled=False)
    with blocks:
        parts = _layout()
        _connect(parts, assistant)
        if standing is not None:
            _tell(blocks, parts.standing, standing)
        api(asker(assistant), api_name="ask", concurrency_limit=AT_ONCE, concurrency_id="answers")
    blocks.queue(max_size=WAITING, default_concurrency_limit=AT_ONCE)
    return blocks


def _layout() -> _Parts:
    with gr.Row(elem_id="top", equal_height=True):
        gr.HTML(_HEADER, elem_id="masthead")
        standing = gr.HTML("", elem_id="index-standing")
        fresh = gr.Button("New chat", size="sm", scale=0, min_width=96, elem_id="new-chat")
        dark = gr.Button("Light / dark", size="sm", scale=0, min_width=110, elem_id="dark")
    talk, box = _talk(), _box()
    gr.HTML(_FOOT, elem_id="foot")
    return _Parts(gr.State((), time_to_live=FORGET_AFTER), talk, box, fresh, dark, standing)


def _box() -> gr.Textbox:
    return gr.Textbox(
        label="Your question",
        show_label=False,
        container=False,
        placeholder="Who played…? Which film…? Who directed…?",
        lines=1,
        max_lines=6,
        max_length=MAX_MESSAGE,
        submit_btn="Ask",
        elem_id="question",
        autofocus=True,
    )


def _talk() -> gr.Chatbot:
    """Text is shown as it is: no Markdown, no formulas. The rest is our own HTML, in which all is escaped."""
    return gr.Chatbot(
        label="Conversation",
        show_label=False,
        elem_id="talk",
        scale=1,
        height="calc(100dvh - 226px)",
        min_height=320,
        layout="bubble",
        render_markdown=False,
        sanitize_html=True,
        latex_delimiters=[],
        allow_tags=False,
        buttons=["copy_all"],
        feedback_options=None,
        placeholder=_WELCOME,
        examples=[{"text": example} for example in EXAMPLES],
    )


def _connect(parts: _Parts, assistant: Answerer) -> None:
    async def submitted(message: Any, turns: Turns) -> AsyncIterator[tuple[Any, ...]]:
        async for step in stepwise(respond(assistant, message, turns)):
            yield step

    async def clicked(turns: Turns, event: gr.SelectData) -> AsyncIterator[tuple[Any, ...]]:
        async for step in stepwise(respond(assistant, picked(event.value), turns)):
            yield step

    answering: dict[str, Any] = {"outputs": parts.outputs(), "show_progress_on": parts.talk, **_ANSWERING}
    running = [
        parts.box.submit(submitted, [parts.box, parts.turns], **answering),
        parts.talk.example_select(clicked, [parts.turns], **answering),
        parts.talk.option_select(clicked, [parts.turns], **answering),
    ]
    ending: dict[str, Any] = {"cancels": running, "queue": False, "api_visibility": "private"}
    parts.box.stop(_idle, None, parts.box, **ending)
    gr.on([parts.fresh.click, parts.talk.clear], _cleared, None, parts.outputs(), **ending)
    parts.dark.click(None, None, None, js=_DARK, api_visibility="private")


def _tell(blocks: gr.Blocks, place: gr.HTML, standing: Standing) -> None:
    """Fill the line about the index whenever the page is opened."""

    def told() -> Iterator[str]:
        yield from index_line(standing)

    blocks.load(told, None, place, api_visibility="private", concurrency_limit=None, show_progress="hidden")


def respond(assistant: Answerer, message: object, turns: Turns) -> Iterator[tuple[Any, ...]]:
    """What the box, the conversation and the session's turns become, step by step; the message is checked."""
    yield _busy(), gr.skip(), gr.skip()
    now = turns
    for now in reply(assistant, message, turns):
        yield gr.skip(), shown(now), now
    yield _idle(), shown(now), now


async def stepwise(steps: Iterator[Step]) -> AsyncIterator[Step]:
    """The steps, each made in a thread that is left alone when the visitor stops or leaves."""
    end = object()
    while (step := await run_sync(next, steps, end, abandon_on_cancel=True)) is not end:
        yield cast(Step, step)


def picked(value: object) -> object:
    """The question behind a click on an example ({"text": ...}) or on a choice (text)."""
    return value.get("text") if isinstance(value, dict) else value


def shown(turns: Turns) -> list[Any]:
    """The conversation as the Chatbot takes it; only the last answer offers its choices."""
    return [_message(turn, last=at == len(turns) - 1) for at, turn in enumerate(turns)]


def _message(turn: Turn, last: bool) -> dict[str, Any]:
    text = literal(turn.text)
    if turn.answer is None:
        return {"role": turn.role, "content": text}
    message: dict[str, Any] = {"role": turn.role, "content": [text, gr.HTML(proof(turn.answer))]}
    if last and turn.answer.choices:
        message["options"] = [_option(choice) for choice in turn.answer.choices]
    return message


def _option(choice: Choice) -> dict[str, str]:
    label = choice.text if len(choice.text) <= LONGEST_LABEL else f"{choice.text[:LONGEST_LABEL]}…"
    return {"value": choice.question, "label": label}


def _busy() -> gr.Textbox:
    return gr.Textbox(value="", submit_btn=False, stop_btn="Stop")


def _idle() -> gr.Textbox:
    return gr.Textbox(submit_btn="Ask", stop_btn=False)


def _cleared() -> tuple[Any, ...]:
    return gr.Textbox(value="", submit_btn="Ask", stop_btn=False), [], ()


def index_line(standing: Standing) -> Iterator[str]:
    """The line about the index: that it is being opened, then what it holds."""
    yield '<p class="small loading" role="status">Opening the index…</p>'
    try:
        line = standing()
    except WhoplayedError as error:
        line = str(error)
    yield f'<p class="small" role="status">{escaped(line)}</p>'


def asker(assistant: Answerer) -> Callable[..., dict[str, Any]]:
    """The function behind the documented endpoint ``/ask``."""

    def ask(question: str, history: list[dict[str, Any]] | None = None) -> dict[str, Any]:
        """Answer a question about films and series from the catalogue, with the records that prove it.

        Args:
            question: at most 2,000 characters.
            history: the turns before it, oldest first, each {"role": "user" | "assistant", "content": text}.
        """
        try:
            answer: Answer = assistant.answer(checked_question(question), checked_history(history))
        except WhoplayedError as error:
            raise gr.Error(str(error), print_exception=False) from None
        return answer.to_json()

    return ask
