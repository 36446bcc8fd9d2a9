"""The tabs beside the chat as Gradio parts: what is typed goes to a view, what that says is shown."""

# No annotations as text here: Gradio reads those of an event's function each time it happens.
import logging
import re
import secrets
from collections.abc import AsyncIterator, Callable, Iterator
from typing import TYPE_CHECKING, Any

import gradio as gr
from anyio.to_thread import run_sync

from assistant.chat.cards import TYPES
from assistant.chat.clients import visitor_of
from assistant.chat.explore import explored
from assistant.chat.library import Library
from assistant.chat.markup import escaped
from assistant.chat.posters import Posters
from assistant.chat.service import Service
from assistant.chat.views import Filters, alike, drawn_map, manifest, told
from indexer.errors import WhoplayedError

if TYPE_CHECKING:
    from indexer.index import Index

log = logging.getLogger("whoplayed.chat")
MOST = 2_000  # characters of a plot
ANY = "any"
GENRES = (
    ANY, "Action", "Adventure", "Animation", "Biography", "Comedy", "Crime", "Documentary", "Drama", "Family",
    "Fantasy", "Film-Noir", "History", "Horror", "Music", "Musical", "Mystery", "Romance", "Sci-Fi", "Sport",
    "Thriller", "War", "Western",
)  # fmt: skip
# Buttons of a page that open another's; the same names as in explore.button.
SCRIPT = """
element.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-explore]');
  if (button) trigger('click', {explore: button.dataset.explore});
});
"""
_LOOKING: dict[str, Any] = {
    "api_visibility": "private",
    "concurrency_limit": 4,
    "concurrency_id": "views",
    "show_progress": "minimal",
}
View = Callable[["Index"], str]


def add_tabs(service: Service, library: Library, tabs: gr.Tabs) -> None:
    """Explore, Find by plot, Similar, Map and Index, within ``tabs``."""
    show = _Shown(service, library)
    with gr.Tab("Explore", id="explore", elem_id="explore"):
        name = _line(
            "A title or person, or an IMDb id", "The Matrix, Keanu Reeves, tt0133093…", "explore-name"
        )
        page = gr.HTML("", js_on_load=SCRIPT, elem_classes="view", elem_id="explore-page")
        name.submit(show.explored, name, page, **_LOOKING)
        _jumps(page, tabs, name, page, show)
    with gr.Tab("Find by plot", id="plot"):
        plot = _line(
            "What happens in it", "A hacker learns that his world is a simulation", "plot-text", MOST
        )
        filters = _filters("plot")
        found = gr.HTML("", js_on_load=SCRIPT, elem_classes="view", elem_id="plot-page")
        gr.on([plot.submit, *_changes(filters)], show.told, [plot, *filters], found, **_LOOKING)
        _jumps(found, tabs, name, page, show)
    with gr.Tab("Similar", id="similar"):
        like = _line("Titles like", "The Matrix, or tt0133093", "similar-name")
        filters = _filters("similar")
        near = gr.HTML("", js_on_load=SCRIPT, elem_classes="view", elem_id="similar-page")
        gr.on([like.submit, *_changes(filters)], show.alike, [like, *filters], near, **_LOOKING)
        _jumps(near, tabs, name, page, show)
    with gr.Tab("Map", id="map") as tab:
        colour = gr.Radio(
            ["genre", "decade", "type"], value="genre", label="Coloured by", elem_id="map-colour"
        )
        picture = gr.HTML("", elem_classes="view", elem_id="map-page")
        gr.on([tab.select, colour.change], show.drawn, colour, picture, **_LOOKING)
    with gr.Tab("Index", id="index") as tab:
        facts = gr.HTML("", elem_classes="view", elem_id="index-page")
        tab.select(show.manifest, None, facts, **_LOOKING)


class _Shown:
    """The views as Gradio's events call them, under the service's limits: what a browser sends is checked."""

    def __init__(self, service: Service, library: Library) -> None:
        self._service, self._library = service, library

    @property
    def _posters(self) -> Posters | None:
        return self._library.posters

    async def explored(self, name: Any, request: gr.Request) -> str:
        return await self._seen(request, "explore", lambda index: explored(index, _text(name), self._posters))

    async def told(self, plot: Any, kind: Any, genre: Any, first: Any, last: Any, request: gr.Request) -> Any:
        if _begun(first) or _begun(last):
            return gr.skip()
        wanted = _wanted(kind, genre, first, last)
        return await self._seen(
            request, "plot", lambda index: told(index, _text(plot), wanted, self._posters)
        )

    async def alike(
        self, name: Any, kind: Any, genre: Any, first: Any, last: Any, request: gr.Request
    ) -> Any:
        if not _text(name).strip() or _begun(first) or _begun(last):
            return gr.skip()
        wanted = _wanted(kind, genre, first, last)
        return await self._seen(
            request, "similar", lambda index: alike(index, _text(name), wanted, self._posters)
        )

    async def drawn(self, colour: Any, request: gr.Request) -> str:
        return await self._seen(request, "map", lambda index: drawn_map(index, _text(colour)))

    async def manifest(self, request: gr.Request) -> str:
        return await self._seen(request, "manifest", manifest)

    async def _seen(self, request: gr.Request, name: str, view: View) -> str:
        return await run_sync(self._looked, request, name, view, abandon_on_cancel=True)

    def _looked(self, request: gr.Request, name: str, view: View) -> str:
        """The view, or a polite line; the log has a failure's cause under the line's id."""
        try:
            return self._service.look(visitor_of(request), name, lambda: self._library.read(view))
        except WhoplayedError as error:
            line = str(error)
        except Exception:
            report = secrets.token_hex(4)
            log.exception("report %s", report)
            line = f"Something went wrong on this side, and it is in the log as {report}."
        return f'<p class="quiet" role="alert">{escaped(line)}</p>'


def _jumps(from_page: gr.HTML, tabs: gr.Tabs, name: gr.Textbox, page: gr.HTML, show: _Shown) -> None:
    """A page's Explore buttons fill the Explore tab and open it."""

    async def jumped(event: gr.EventData, request: gr.Request) -> AsyncIterator[tuple[Any, ...]]:
        key = event._data.get("explore") if isinstance(event._data, dict) else None
        if isinstance(key, str):
            yield gr.Tabs(selected="explore"), key, await show.explored(key, request)

    from_page.click(jumped, None, [tabs, name, page], **_LOOKING)


def _line(label: str, placeholder: str, key: str, most: int = 200) -> gr.Textbox:
    return gr.Textbox(
        label=label, placeholder=placeholder, max_length=most, lines=1, submit_btn="Show", elem_id=key
    )


def _filters(key: str) -> list[Any]:
    with gr.Row():
        return [
            gr.Dropdown(
                [(ANY, ANY), *((name, key) for key, name in TYPES.items())],
                value=ANY,
                label="Type",
                elem_id=f"{key}-type",
                min_width=120,
            ),
            gr.Dropdown(list(GENRES), value=ANY, label="Genre", elem_id=f"{key}-genre", min_width=120),
            gr.Textbox(label="From year", max_length=4, elem_id=f"{key}-first", min_width=100),
            gr.Textbox(label="To year", max_length=4, elem_id=f"{key}-last", min_width=100),
        ]


def _changes(filters: list[Any]) -> Iterator[Any]:
    for each in filters:
        yield each.change


def _wanted(kind: Any, genre: Any, first: Any, last: Any) -> Filters:
    return Filters(
        kind if kind in TYPES else "",
        genre if genre in GENRES and genre != ANY else "",
        _year(first),
        _year(last),
    )


def _year(value: Any) -> int | None:
    """A year as it is typed; None for anything else."""
    return int(value) if isinstance(value, str) and re.fullmatch(r"\d{4}", value, re.ASCII) else None


def _begun(year: Any) -> bool:
    """Whether a year is still being typed: the next key comes with a view of its own."""
    return isinstance(year, str) and re.fullmatch(r"\d{1,3}", year, re.ASCII) is not None


def _text(value: Any) -> str:
    return value[:MOST] if isinstance(value, str) else ""
