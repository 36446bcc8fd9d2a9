"""The page: a header, the conversation, one line to write on; and the events between them."""

# No annotations as text here: Gradio reads those of an event's function each time it happens.
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.chat.chats import Chats
from assistant.chat.clients import visitor_of
from assistant.chat.drawer import Drawer, Session
from assistant.chat.functions import add_asking, add_functions
from assistant.chat.library import Library, NoShelf, Shelf
from assistant.chat.markup import escaped
from assistant.chat.service import Service
from assistant.chat.sidebar import SCRIPT
from assistant.chat.tabs import add_tabs
from assistant.chat.talk import DISLIKE, LIKE, Desk, Step, meant, picked, place, said, stepwise, thumbs
from assistant.chat.tmdb import NOTICE
from assistant.chat.turns import MAX_MESSAGE
from assistant.chat.wishes import act, wish
from indexer.errors import WhoplayedError

AT_ONCE = 8  # questions answered at the same time; the others wait in the queue
WAITING = 256  # questions that may wait; the next is told that the page is busy
FORGET_AFTER = 6 * 3600  # seconds after which a silent visitor's conversation is dropped

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
_SKIP = '<a class="skip" href="#question">To the question</a>'
_FOOT = '<p class="small">Answers hold for the data that was indexed. What you ask stays on this server.</p>'
_NOTICE = f'<p class="small">{NOTICE}</p>'
_WELCOME = "### What would you like to know?\nAsk in your own words, and ask on: *and who directed it?*"
# Before an event that asks or changes: page.js empties the box, and says which conversation the page shows;
# while that changes, it holds questions back.
_ASKED = "(...values) => { window.whoplayedAsked(); return window.whoplayedShown(values, 3); }"
_SHOWN = "(...values) => window.whoplayedShown(values, 2)"
_NEW = "(...values) => window.whoplayedLeaves(values)"
_ACTS = "(...values) => window.whoplayedLeaves(window.whoplayedShown(values, 2))"
_LEFT = "() => window.whoplayedLeft(%s, %s)"
_DARK = "() => { window.whoplayedDark(); }"

_ANSWERING: dict[str, Any] = {
    "api_visibility": "private",
    # Gradio would change each value in a thread of its own, which costs more than that: talk.py does it.
    "preprocess": False,
    "postprocess": False,
    "concurrency_limit": AT_ONCE,
    "concurrency_id": "answers",
    "show_progress": "minimal",
}
_QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
MAX_SEARCH = 200  # characters
Standing = Callable[[], str]


@dataclass(frozen=True)
class _Parts:
    """What the events read and write."""

    session: gr.State
    open: gr.Textbox
    talk: gr.Chatbot
    box: gr.Textbox
    earlier: gr.Button
    fresh: gr.Button
    dark: gr.Button
    standing: gr.HTML
    search: gr.Textbox
    chats: gr.HTML
    link: gr.HTML

    def outputs(self) -> list[Any]:
        return [self.talk, self.session, self.chats]

    def known(self) -> list[Any]:
        return [self.session, self.search, self.open]


def page(
    service: Service,
    standing: Standing | None = None,
    chats: Chats | None = None,
    shelf: Shelf | None = None,
) -> gr.Blocks:
    """The page over a service; ``standing`` gives the line about the index, when that is open.

    ``chats`` is where conversations are saved; without it none is. ``shelf`` has the cards.
    """
    blocks: gr.Blocks = gr.Blocks(title="Whoplayed", fill_height=True, analytics_enabled=False)
    with blocks:
        parts = _layout(service, shelf or NoShelf())
        desk = _desks(service, chats, shelf or NoShelf())
        _connect(parts, desk)
        _connect_chats(blocks, parts, desk)
        if standing is not None:
            _tell(blocks, parts.standing, standing)
        add_asking(service)
        if isinstance(shelf, Library):
            add_functions(service, shelf)
    blocks.queue(max_size=WAITING, default_concurrency_limit=AT_ONCE)
    return blocks


def _layout(service: Service, shelf: Shelf) -> _Parts:
    gr.HTML(_SKIP, elem_id="skip")
    with gr.Sidebar(label="Conversations", open=False, width=290, elem_id="side"):
        fresh = gr.Button("New chat", size="sm", elem_id="new-chat")
        search = gr.Textbox(
            label="Search conversations",
            show_label=False,
            container=False,
            placeholder="Search conversations",
            max_length=200,
            elem_id="search-chats",
        )
        link = gr.HTML("", elem_id="chat-link")
        chats = gr.HTML("", elem_id="chats", js_on_load=SCRIPT)
    with gr.Row(elem_id="top", equal_height=True):
        gr.HTML(_HEADER, elem_id="masthead")
        standing = gr.HTML("", elem_id="index-standing")
        dark = gr.Button("Light / dark", size="sm", scale=0, min_width=110, elem_id="dark")
    with gr.Tabs(elem_id="views") as tabs:
        with gr.Tab("Chat", id="chat"):
            earlier = gr.Button("Show what was said before", size="sm", elem_id="earlier")
            talk, box = _talk(), _box()
            gr.HTML(_foot(shelf), elem_id="foot")
        if isinstance(shelf, Library):
            add_tabs(service, shelf, tabs)
    session = gr.State(Session(), time_to_live=FORGET_AFTER)
    shown = gr.Textbox(visible=False)  # the id of the conversation that the page shows, as the page says it
    return _Parts(session, shown, talk, box, earlier, fresh, dark, standing, search, chats, link)


def _foot(shelf: Shelf) -> str:
    named = isinstance(shelf, Library) and shelf.posters is not None and shelf.posters.credited
    return _FOOT + _NOTICE if named else _FOOT


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
        stop_btn="Stop",  # style.css shows the one of the two that may be used
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
        height="calc(100dvh - 274px)",
        min_height=320,
        layout="bubble",
        render_markdown=False,
        sanitize_html=True,
        latex_delimiters=[],
        allow_tags=False,
        buttons=["copy_all"],
        feedback_options=(LIKE, DISLIKE),
        autoscroll=False,  # page.js follows the answer without losing its question
        editable="user",
        placeholder=_WELCOME,
        examples=[{"text": example} for example in EXAMPLES],
    )


def _desks(service: Service, chats: Chats | None, shelf: Shelf) -> Callable[..., Desk]:
    def desk(request: gr.Request, words: object = "") -> Desk:
        searched = words[:MAX_SEARCH] if isinstance(words, str) else ""
        return Desk(service.to(visitor_of(request)), Drawer.of(chats, request.cookies), searched, shelf)

    return desk


def _connect(parts: _Parts, desk: Callable[..., Desk]) -> None:
    async def submitted(
        message: Any, held: Session, words: Any, chat: Any, request: gr.Request
    ) -> AsyncIterator[Step]:
        at = desk(request, words)
        async for step in stepwise(at.respond(message, at.resumed(held, chat))):
            yield step

    async def clicked(
        held: Session, words: Any, chat: Any, event: gr.SelectData, request: gr.Request
    ) -> AsyncIterator[Step]:
        at = desk(request, words)
        async for step in stepwise(at.respond(picked(event.value), at.resumed(held, chat))):
            yield step

    async def edited(
        held: Session, words: Any, chat: Any, event: gr.EditData, request: gr.Request
    ) -> AsyncIterator[Step]:
        at = desk(request, words)
        now = at.resumed(held, chat)
        async for step in stepwise(at.edit(meant(now, place(event.index)), event.value, now)):
            yield step

    async def retried(held: Session, words: Any, chat: Any, request: gr.Request) -> AsyncIterator[Step]:
        at = desk(request, words)
        async for step in stepwise(at.retry(at.resumed(held, chat))):
            yield step

    known = parts.known()
    answering: dict[str, Any] = {"outputs": parts.outputs(), "show_progress_on": parts.talk, **_ANSWERING}
    running = [
        parts.box.submit(submitted, [parts.box, *known], js=_ASKED, **answering),
        parts.talk.example_select(clicked, known, js=_SHOWN, **answering),
        parts.talk.option_select(clicked, known, js=_SHOWN, **answering),
        parts.talk.edit(edited, known, js=_SHOWN, **answering),
        parts.talk.retry(retried, known, js=_SHOWN, **answering),
    ]
    _connect_ends(parts, desk, running)
    parts.dark.click(None, None, None, js=_DARK, api_visibility="private")


def _connect_ends(parts: _Parts, desk: Callable[..., Desk], running: list[Any]) -> None:
    """What ends an answer under way: stop, a new chat, undo, another chat; and all of the conversation."""

    def fresh(words: Any, request: gr.Request) -> Step:
        return desk(request, words).fresh()

    def undone(held: Session, words: Any, chat: Any, request: gr.Request) -> tuple[Any, ...]:
        at = desk(request, words)
        return at.undo(at.resumed(held, chat))

    def earlier(held: Session, words: Any, chat: Any, request: gr.Request) -> Step:
        at = desk(request, words)
        return at.earlier(at.resumed(held, chat))

    outputs, known = [parts.box, *parts.outputs()], parts.known()
    ending: dict[str, Any] = {"cancels": running, "queue": False, **_QUIET}
    parts.box.stop(None, None, None, **ending)
    news = [parts.fresh.click, parts.talk.clear]
    _leaving(gr.on(news, fresh, parts.search, parts.outputs(), js=_NEW, **ending), "true")
    parts.talk.undo(undone, known, outputs, js=_SHOWN, **ending)
    parts.earlier.click(earlier, known, parts.outputs(), js=_SHOWN, queue=False, **_QUIET)


def _leaving(event: Any, fresh: str) -> None:
    """Let page.js know when an event has brought another conversation, a fresh one or not, or failed to."""
    for ended, there in ((event.success, "true"), (event.failure, "false")):
        ended(None, None, None, js=_LEFT % (there, fresh), api_visibility="private")


def _connect_chats(blocks: gr.Blocks, parts: _Parts, desk: Callable[..., Desk]) -> None:
    """The list of conversations, and what its buttons do."""

    def listed(held: Session, words: Any, request: gr.Request) -> str:
        return desk(request, words).listed(held)

    def acted(
        held: Session, words: Any, chat: Any, event: gr.EventData, request: gr.Request
    ) -> tuple[Any, ...]:
        at = desk(request, words)
        return act(at, wish(event._data), at.resumed(held, chat))

    def liked(
        held: Session, words: Any, chat: Any, event: gr.LikeData, request: gr.Request
    ) -> tuple[Any, ...]:
        at = desk(request, words)
        now = at.resumed(held, chat)
        now = at.like(meant(now, place(event.index)), said(event.liked), now)
        return now, gr.Chatbot(feedback_value=thumbs(now))  # else the page keeps it at its place for ever

    known, outputs = parts.known(), [*parts.outputs(), parts.link]
    _leaving(parts.chats.click(acted, known, outputs, js=_ACTS, queue=False, **_QUIET), "false")
    parts.talk.like(liked, known, [parts.session, parts.talk], js=_SHOWN, queue=False, **_QUIET)
    known = [parts.session, parts.search]
    parts.search.change(listed, known, parts.chats, queue=False, trigger_mode="always_last", **_QUIET)
    blocks.load(listed, known, parts.chats, queue=False, **_QUIET)


def _tell(blocks: gr.Blocks, place: gr.HTML, standing: Standing) -> None:
    """Fill the line about the index whenever the page is opened."""

    def told() -> Iterator[str]:
        yield from index_line(standing)

    blocks.load(told, None, place, api_visibility="private", concurrency_limit=None, show_progress="hidden")


def index_line(standing: Standing) -> Iterator[str]:
    """The line about the index: that it is being opened, then what it holds."""
    yield '<p class="small loading" role="status">Opening the index…</p>'
    try:
        line = standing()
    except WhoplayedError as error:
        line = str(error)
    yield f'<p class="small" role="status">{escaped(line)}</p>'
