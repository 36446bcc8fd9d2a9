"""The door of the page's server: what is not served at all, and the headers everything carries."""

from __future__ import annotations

from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.chat.clients import Proxies
from assistant.chat.hosts import ANY, LOOPBACK, host_of

MAX_BODY = 1_000_000  # bytes; a question of 2,000 characters with its history is far below
CLOSED = (
    "/gradio_api/upload", "/gradio_api/file=", "/gradio_api/proxy=", "/gradio_api/stream/",
    "/gradio_api/deep_link",  # writes a file for whoever asks
    "/gradio_api/mcp/sse", "/gradio_api/mcp/messages",  # the older transport, which keeps connections open
)  # fmt: skip
Check = Callable[[Scope], Response | None]
NOT_HERE = "This page is not served under that name: use the address that the server gave when it started.\n"
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
    """ASGI application around the page's: takes only requests by a name of ``hosts`` (see ``hosts.py``).

    It closes the routes that take or give files, bounds bodies, and adds ``HEADERS`` to every response.
    ``proxies`` are believed about their clients; ``check`` may answer a request before the page does.
    """

    def __init__(
        self,
        app: ASGIApp,
        hosts: frozenset[str] = LOOPBACK,
        proxies: Proxies | None = None,
        check: Check | None = None,
    ) -> None:
        self._app, self._hosts = app, hosts
        self._proxies, self._check = proxies or Proxies(), check

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; the parameters are ASGI's."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        send, scope = _with_headers(send), self._proxies.seen_through(scope)
        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, send)
        else:
            await _bounded(self._app, scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        """The answer to a request that the page does not see; None for all others."""
        headers = Headers(scope=scope)
        if not self._ours(headers.getlist("host")):
            return PlainTextResponse(NOT_HERE, 400)
        if scope["path"].startswith(CLOSED):
            return PlainTextResponse("This route is closed: the page takes and gives no files.\n", 403)
        if _length(headers) > MAX_BODY:
            return _too_long()
        return None if self._check is None else self._check(scope)

    def _ours(self, named: list[str]) -> bool:
        return self._hosts == ANY or (len(named) == 1 and host_of(named[0]) in self._hosts)


async def _bounded(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """The application with at most ``MAX_BODY`` bytes of the body, whatever the request's headers say."""
    body = _Body(receive, send)
    try:
        await app(scope, body.receive, body.send)
    except Exception:
        if not body.refused:
            raise
    if body.refused:
        await _too_long()(scope, receive, send)


class _Body:
    """Counts what is read. Past the limit the client seems gone, and what the application says is dropped."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._read, self._over, self._started = 0, False, False

    @property
    def refused(self) -> bool:
        """Whether the body was too long and no other answer had begun by then."""
        return self._over and not self._started

    async def receive(self) -> Message:
        if self._over:
            return {"type": "http.disconnect"}
        message = await self._receive()
        self._read += len(message.get("body", b""))
        self._over = self._read > MAX_BODY
        return {"type": "http.disconnect"} if self._over else message

    async def send(self, message: Message) -> None:
        if not self.refused:
            self._started = True
            await self._send(message)


def _too_long() -> Response:
    return PlainTextResponse(f"At most {MAX_BODY:,} bytes are taken.\n", 413)


def _length(headers: Headers) -> int:
    """What the request says of its body; a length that is no small number counts as too long."""
    said = headers.get("content-length", "0")
    short = len(said) <= len(str(MAX_BODY)) and said.isascii() and said.isdigit()
    return int(said) if short else MAX_BODY + 1


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] in ("http.response.start", "websocket.http.response.start"):
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)  # a page without scripts has a stricter policy of its own
        await send(message)

    return sending
