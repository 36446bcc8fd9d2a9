"""The private key of a browser: a cookie that no script can read, by which its saved chats are found."""

from __future__ import annotations

import re
from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.chat.chats import new_key

COOKIE = "whoplayed"
_AGE = 400 * 24 * 3600  # seconds; the longest that browsers keep a cookie
_KEY = re.compile(r"[A-Za-z0-9_-]{22}")


class Keyring:
    """ASGI application around the page's: gives a key to a browser that opens the page without one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; the parameters are ASGI's."""
        if scope["type"] == "http" and scope["method"] == "GET" and scope["path"] == "/":
            send = _with_cookie(send, _cookie(_cookies(scope).get(COOKIE), scope["scheme"] == "https"))
        await self._app(scope, receive, send)


def key_of(cookies: Mapping[str, str]) -> str | None:
    """The key among a request's cookies; None where there is none that we could have given."""
    key = cookies.get(COOKIE, "")
    return key if _KEY.fullmatch(key) else None


def _cookies(scope: Scope) -> dict[str, str]:
    sent = b"; ".join(value for name, value in scope["headers"] if name == b"cookie")
    return cookie_parser(sent.decode("latin-1"))


def _cookie(held: str | None, secure: bool) -> str:
    """The header that gives a key, or that keeps the one held from growing too old."""
    key = held if held is not None and _KEY.fullmatch(held) else new_key()
    ending = "; Secure" if secure else ""
    return f"{COOKIE}={key}; Path=/; Max-Age={_AGE}; HttpOnly; SameSite=Lax{ending}"


def _with_cookie(send: Send, cookie: str) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).append("set-cookie", cookie)
        await send(message)

    return sending
