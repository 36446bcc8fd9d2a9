"""The door of the page's server: what is not served at all, and the headers everything carries."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY = 1_000_000  # bytes; a question of 2,000 characters with its history is far below
CLOSED = ("/gradio_api/upload", "/gradio_api/file=", "/gradio_api/proxy=", "/gradio_api/stream/")
# Gradio's page is made by its own inline scripts and styles. No other host is named.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Gate:
    """ASGI middleware: closes the routes that take or give files, bounds bodies, adds ``HEADERS``."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; the parameters are ASGI's."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["path"].startswith(CLOSED):
            await PlainTextResponse("This page takes and gives no files.\n", 403)(scope, receive, send)
        elif _length(scope) > MAX_BODY:
            message = f"At most {MAX_BODY:,} bytes are taken.\n"
            await PlainTextResponse(message, 413)(scope, receive, send)
        else:
            await self._app(scope, receive, _with_headers(send))


def _length(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else MAX_BODY + 1
    return 0


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(HEADERS)
        await send(message)

    return sending
