"""Serves the chat page: one door, one process, this machine alone unless told otherwise."""

from __future__ import annotations

import contextlib
import errno
import gc
import importlib
import logging
import os
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from assistant.chat.stubs import write_no_stubs
from indexer.errors import InputError, ResourceError, WhoplayedError

# Before Gradio is imported, which reads them once: nothing is reported to anybody, and no table of the last
# ten thousand events is made after each, which costs more than the event. figures.py has what is counted.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["GRADIO_ANALYTICS_MAX_EVENTS"] = "1"
os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = str(10**12)
write_no_stubs()

if TYPE_CHECKING:
    import gradio as gr
    import uvicorn
    from fastapi import FastAPI
    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp

    from assistant.chat.access import Access, Options
    from assistant.chat.chats import Chats
    from assistant.chat.library import Shelf
    from assistant.chat.limits import Limits
    from assistant.chat.service import Service
    from assistant.core import Assistant
    from assistant.engine import Answerer

log = logging.getLogger("whoplayed.chat")
Opened = TypeVar("Opened", bound="Answerer")
PORT = 7860
_SWITCHES = 0.001  # seconds; Python's own is 0.005
WARM_UP = "who played the Oracle in the first Matrix"
WARM_UP_PLOT = "the film where a hacker learns of a simulation"


def build_app(
    assistant: Answerer | Service,
    standing: Callable[[], str] | None = None,
    chats: Chats | None = None,
    shelf: Shelf | None = None,
) -> gr.Blocks:
    """The chat page over an assistant; ``standing`` gives the line about the index shown in its header.

    ``chats`` is where conversations are saved; without it none is. ``shelf`` has the cards under answers.
    """
    from assistant.chat.page import page
    from assistant.chat.service import Service

    service = assistant if isinstance(assistant, Service) else Service(assistant)
    return page(service, standing, chats, shelf)


def web_app(
    blocks: gr.Blocks, service: Service, access: Access | None = None, chats: Chats | None = None
) -> ASGIApp:
    """The page as an ASGI application, behind its ``Gate``, for whom ``access`` lets in.

    With ``chats`` a browser gets a key, and the routes to saved and shared conversations are there.
    """
    from fastapi import FastAPI

    from assistant.chat.access import Access
    from assistant.chat.door import Door
    from assistant.chat.gate import Gate
    from assistant.chat.keys import Keyring
    from assistant.chat.routes import routes

    # Before the page, which takes every path that is left.
    given: list[BaseRoute] = [] if chats is None else list(routes(chats))
    mounted = _mounted(FastAPI(openapi_url=None, docs_url=None, redoc_url=None, routes=given), blocks)
    access = access or Access()
    # Around all of it, where a middleware would leave out the answers to failures.
    door = Door(service, access.password)
    return Gate(mounted if chats is None else Keyring(mounted), access.hosts, access.proxies, door)


def _mounted(app: FastAPI, blocks: gr.Blocks) -> FastAPI:
    """The application with the page in it, and its functions as MCP tools."""
    import gradio as gr

    from assistant.chat.functions import as_json
    from assistant.chat.look import head, script, theme
    from assistant.chat.sessions import keep_little

    gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        theme=theme(),
        head=head(),
        js=script(),
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        max_file_size=1,
        show_error=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=True,
    )
    keep_little(app, blocks)
    if blocks.mcp_server_obj is None:
        raise RuntimeError(f"no MCP server: {blocks.mcp_error}")
    blocks.mcp_server_obj.postprocess_output_data = as_json  # type: ignore[assignment, method-assign]
    return app


def serve(
    index: Path | None = None,
    host: str = "127.0.0.1",
    port: int = PORT,
    chroma_url: str | None = None,
    say: Callable[[str], None] = print,
    options: Options | None = None,
) -> None:
    """Serve the page until the process is stopped; it is there at once, while the index opens behind it.

    ``port`` 0 takes a free one; ``say`` is given the page's address.
    Raises ResourceError for a port that is taken, InputError for options that make no sense, and what opening
    the index raises: IndexMissing or FormatMismatch, with the command that mends it.
    """
    from assistant.chat.access import Options
    from indexer.layout import current_build
    from indexer.settings import index_path

    current_build(index_path(index))  # without an index there is no page
    options = options or Options()
    with listen(host, port) as listener:
        access = options.access(listener.getsockname()[0], host)
        with closing(open_chats()) as chats:
            served = Served(access, options.limits, chats, _library)
            gc.disable()  # while page and index are loaded, which makes much and no garbage
            try:
                serve_assistant(listener, lambda: _open(index, chroma_url), _holding, say, served)
            finally:
                gc.enable()


@dataclass(frozen=True)
class Served(Generic[Opened]):
    """What a page is served with, besides an assistant; ``shelf`` makes its cards and tabs from that."""

    access: Access | None = None
    limits: Limits | None = None
    chats: Chats | None = None
    shelf: Callable[[Callable[[], Opened]], Shelf] | None = None


def serve_assistant(
    listener: socket.socket,
    open_assistant: Callable[[], Opened],
    holding: Callable[[Opened], str],
    say: Callable[[str], None],
    served: Served[Opened] | None = None,
) -> None:
    """As ``serve``, on a socket, with any assistant; ``holding`` says in a line what an open one knows."""
    from assistant.chat.opening import OpeningAssistant
    from assistant.chat.service import Service

    served = served or Served()
    opening = OpeningAssistant(open_assistant)
    service = Service(opening, served.limits)
    shelf = None if served.shelf is None else served.shelf(opening.wait)
    blocks = build_app(service, lambda: holding(opening.wait()), served.chats, shelf)
    server = web_server(web_app(blocks, service, served.access, served.chats))
    opening.start(failed=lambda: setattr(server, "should_exit", True))
    say(f"Whoplayed is at {address(listener)} (Ctrl-C stops it)")
    try:
        server.run(sockets=[listener])
    finally:
        service.close()
        opening.close()
    if opening.failed:
        opening.wait()


def open_chats() -> Chats:
    """The user's saved conversations. Raises FormatMismatch or ResourceError."""
    from assistant.chat.chats import Chats, chats_path

    return Chats(chats_path())


def web_server(app: ASGIApp) -> uvicorn.Server:
    """A server for the page that has no socket yet: ``run(sockets=[listen(host, port)])``."""
    import uvicorn

    logging.getLogger("uvicorn.error").addFilter(_worth_saying)
    return uvicorn.Server(
        uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,  # uvicorn believes whoever asks from this machine; clients.py those named
            timeout_keep_alive=75,  # seconds; people ask less often than uvicorn's five
            timeout_graceful_shutdown=2,
        )
    )


def _worth_saying(record: logging.LogRecord) -> bool:
    """Not that a page which stands open lost its line when the server was stopped."""
    from asyncio import CancelledError

    ended = record.exc_info is not None and record.exc_info[0] is CancelledError
    return not (ended or "graceful shutdown exceeded" in record.getMessage())


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises ResourceError where the port is taken or the address is not ours."""
    if not 0 <= port <= 65_535:
        raise ResourceError(f"there is no port {port}: choose one of 0-65535 with --port (0: any free one)")
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=256)
    except OSError as error:
        raise ResourceError(_no_door(host, port, error)) from error


def _no_door(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} on {host} is taken: stop what uses it, or choose another with --port"
    if error.errno == errno.EACCES:
        return f"port {port} on {host} is not free for everybody to use: choose one above 1023 with --port"
    return f"cannot listen on {host} port {port} ({error}): change them with --host and --port"


def address(listener: socket.socket) -> str:
    """What to type into a browser on this machine."""
    host, port = listener.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104 - only compared; the user asked for every address
        host = "127.0.0.1"
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def _open(index: Path | None, chroma_url: str | None) -> Assistant:
    """An open assistant that has answered once, so that the first visitor does not wait for its parts."""
    from assistant.core import Assistant
    from indexer.index import Index

    importlib.import_module("assistant.engine")  # with LlamaIndex, which the first answer needs
    assistant = Assistant(Index.open(index, chroma_url=chroma_url))
    with contextlib.suppress(InputError):
        assistant.answer(WARM_UP)
    threading.Thread(target=_warm_up, args=(assistant,), name="warming up", daemon=True).start()
    return assistant


def _warm_up(assistant: Assistant) -> None:
    """Load what reads plots, for which most questions do not wait; from then on nothing large is to come."""
    try:
        with contextlib.suppress(WhoplayedError):
            assistant.answer(WARM_UP_PLOT)
    except Exception:
        log.exception("plots cannot be read")
    gc.collect()
    gc.freeze()  # what is open by now stays: looking through it for garbage would hold up an answer
    gc.enable()


def share_the_cores() -> None:
    """Set this process up for the answers of many: for its beginning, before anything computes."""
    # Questions share the cores, not the sums of one question: read where torch is imported, behind the page.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    # So long the thread that speaks to the browsers waits for one that computes, several times a question.
    sys.setswitchinterval(_SWITCHES)


def _library(assistant: Callable[[], Assistant]) -> Shelf:
    from assistant.chat.library import Library
    from assistant.chat.posters import posters

    return Library(assistant, posters())


def _holding(assistant: Assistant) -> str:
    counts = _counts(assistant)
    return f"{counts['titles']:,} titles, {counts['people']:,} people"


def _counts(assistant: Assistant) -> dict[str, int]:
    """The rows of the build that serves; a question may move the assistant on, which closes the one read."""
    while True:
        index = assistant.index
        try:
            return index.catalog.counts()
        except Exception:
            if index is assistant.index:
                raise
