"""What the server answers at its door: how it is, what it counts, and who may not come in just now."""

from __future__ import annotations

from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Scope

from assistant.chat.clients import is_here, visitor_of
from assistant.chat.limits import Limits
from assistant.chat.password import CHALLENGE, Password
from assistant.chat.rates import Buckets, whole_seconds
from assistant.chat.service import Service, TooOften

PROGRAMS = ("/gradio_api/call/", "/gradio_api/run/", "/gradio_api/api/")
_NEW = {"Cache-Control": "no-store"}
_TEXT_FORMAT = "text/plain; version=1.0.0; charset=utf-8"


class Door:
    """Answers what needs no page, on the event loop itself: it does not wait for questions under way."""

    def __init__(self, service: Service, password: Password | None = None) -> None:
        limits: Limits = service.limits
        self._service, self._password = service, password
        self._requests = Buckets(limits.requests, limits.remembered)
        self._wrong = Buckets(limits.passwords, limits.remembered)

    def __call__(self, scope: Scope) -> Response | None:
        """The answer to a request; None where the page is to answer it."""
        if scope["type"] == "http" and scope["path"] == "/healthz":
            return self._health()
        if scope["type"] == "http" and scope["path"] == "/metrics":
            return self._metrics(scope)
        asking = HTTPConnection(scope)
        return self._without_password(asking) or self._too_often(asking)

    def _health(self) -> Response:
        standing = self._service.standing
        told = {"status": standing, "build": self._service.build()}
        return JSONResponse(told, 200 if standing == "ready" else 503, _NEW)

    def _metrics(self, scope: Scope) -> Response:
        """For this machine alone, and for no proxy on it that passes on what others ask."""
        address = scope["client"][0] if scope.get("client") else ""
        if not is_here(address) or scope.get("passed_on"):
            return PlainTextResponse("The figures are for this machine alone.\n", 403)
        return Response(self._service.figures.text(), headers={**_NEW, "Content-Type": _TEXT_FORMAT})

    def _without_password(self, asking: HTTPConnection) -> Response | None:
        if self._password is None:
            return None
        address, sent = visitor_of(asking).address, asking.headers.get("authorization", "")
        if sent and (seconds := self._wrong.wait(address)):
            return self._refused("password", seconds, "Too many wrong passwords came from your address")
        if self._password.fits(sent):
            return None
        if sent:
            self._wrong.take(address)
        self._service.figures.refused("password")
        text = "This page asks for a name and a password.\n"
        return PlainTextResponse(text, 401, {"WWW-Authenticate": CHALLENGE, **_NEW})

    def _too_often(self, asking: HTTPConnection) -> Response | None:
        """For floods, and for programs that would be refused anyway: at once, with a Retry-After."""
        if asking.scope.get("method") != "POST":
            return None
        visitor = visitor_of(asking)
        if seconds := self._requests.take(visitor.address):
            return self._refused("requests", seconds, "Too many requests come from your address")
        if asking.url.path.startswith(PROGRAMS) and (seconds := self._service.wait(visitor)):
            return self._refused("questions", seconds, str(TooOften(seconds)))
        return None

    def _refused(self, reason: str, seconds: float, text: str) -> Response:
        self._service.figures.refused(reason)
        headers = {"Retry-After": str(whole_seconds(seconds)), **_NEW}
        return JSONResponse({"detail": text}, 429, headers)
