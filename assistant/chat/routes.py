"""What the server gives beside the page: saved conversations to whom they belong, and shared ones."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from assistant.chat.chats import Chat, Chats
from assistant.chat.exports import as_json, file_name, markdown
from assistant.chat.keys import key_of
from assistant.chat.posters import Posters, posters
from assistant.chat.sharing import gone_page, shared_page
from assistant.chat.turns import Turns

_FORMATS: dict[str, tuple[str, Callable[[Chat, Turns], str]]] = {
    "md": ("text/markdown; charset=utf-8", markdown),
    "json": ("application/json", as_json),
}
PRIVATE = {"Cache-Control": "no-store"}
PATIENCE = 8.0  # seconds that a browser waits for a picture on its way
_NOTHING = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)
_SHARED = {
    **PRIVATE,
    "X-Robots-Tag": "noindex",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
}


def routes(chats: Chats) -> list[Route]:
    """``/chats/ID.md``, ``/chats/ID.json``, ``/share/TOKEN`` and ``/posters/ttID``."""

    async def export(request: Request) -> Response:
        return await run_in_threadpool(_export, chats, request)

    async def share(request: Request) -> Response:
        return await run_in_threadpool(_share, chats, request.path_params["token"])

    async def poster(request: Request) -> Response:
        return await _poster(posters(), request.path_params["name"])

    return [
        Route("/chats/{chat}.{ending}", export, methods=["GET"]),
        Route("/share/{token}", share, methods=["GET"]),
        Route("/posters/{name}", poster, methods=["GET"]),
    ]


def _export(chats: Chats, request: Request) -> Response:
    key, chat_id = key_of(request.cookies), request.path_params["chat"]
    wanted = _FORMATS.get(request.path_params["ending"])
    chat = chats.chat(key, chat_id) if key is not None else None
    if key is None or chat is None or wanted is None:
        return PlainTextResponse("There is no such conversation here.\n", 404, PRIVATE)
    media, written = wanted
    name = file_name(chat.title, request.path_params["ending"])
    headers = {**PRIVATE, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(written(chat, chats.turns(key, chat_id)), media_type=media, headers=headers)


def _share(chats: Chats, token: str) -> Response:
    shared = chats.shared(token)
    if shared is None:
        return HTMLResponse(gone_page(), 404, _SHARED)
    return HTMLResponse(shared_page(shared), headers=_SHARED)


async def _poster(posters: Posters, name: str, patience: float = PATIENCE) -> Response:
    """A title's picture, or one that nothing is seen of: the card has drawn its own beneath."""
    coming = posters.picture(name)
    if coming is not None:
        picture = asyncio.wrap_future(coming)
        await asyncio.wait([picture], timeout=patience)
        path = picture.result() if picture.done() and not picture.cancelled() else None
        if path is not None and path.is_file():
            return FileResponse(path, headers={"Cache-Control": "private, max-age=86400"})
    return Response(_NOTHING, media_type="image/gif", headers=PRIVATE)
