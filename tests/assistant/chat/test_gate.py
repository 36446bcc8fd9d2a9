"""The door, before an application that repeats the body it reads."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Message

from assistant.chat.gate import HEADERS, MAX_BODY, Gate
from assistant.chat.hosts import ANY, LOOPBACK, allowed_hosts, host_of

CHUNK = 100_000  # bytes


class Repeater:
    """An application that repeats the body, turns a read that broke off into a 400, and fails at /fail."""

    def __init__(self) -> None:
        self.routes = [
            Route("/", self.repeat, methods=["POST"]),
            Route("/unguarded", self.unguarded, methods=["POST"]),
            Route("/fail", self.fail, methods=["POST"]),
        ]

    async def repeat(self, request: Request) -> Response:
        try:
            return PlainTextResponse(await request.body())
        except ClientDisconnect:
            return PlainTextResponse("could not parse the body", 400)

    async def unguarded(self, request: Request) -> Response:
        return PlainTextResponse(await request.body())

    async def fail(self, request: Request) -> Response:
        raise RuntimeError(f"a cause at {request.url.path}")


class Chunks:
    """A body sent in pieces without a length; counts the pieces that were taken."""

    def __init__(self, pieces: int) -> None:
        self.pieces, self.taken = pieces, 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for _ in range(self.pieces):
            self.taken += 1
            yield b"x" * CHUNK


def asked(
    path: str = "/",
    content: bytes | Chunks = b"hello",
    hosts: frozenset[str] = LOOPBACK,
    headers: list[tuple[str, str]] | None = None,
) -> httpx.Response:
    async def asking() -> httpx.Response:
        gate = Gate(Starlette(routes=Repeater().routes), hosts)
        transport = httpx.ASGITransport(gate, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:7860") as client:
            return await client.post(path, content=content, headers=headers)

    return asyncio.run(asking())


def test_what_is_within_the_limits_is_passed_on() -> None:
    response = asked(content=Chunks(MAX_BODY // CHUNK))
    assert (response.status_code, len(response.content)) == (200, MAX_BODY)


@pytest.mark.parametrize("path", ["/", "/unguarded"])
def test_a_body_is_not_read_past_the_limit(path: str) -> None:
    body = Chunks(500)
    response = asked(path, body)
    assert (response.status_code, response.text) == (413, "At most 1,000,000 bytes are taken.\n")
    assert body.taken == MAX_BODY // CHUNK + 1


@pytest.mark.parametrize("said", [str(MAX_BODY + 1), "-1", "1e3", "9" * 5_000])
def test_a_said_length_that_is_too_long_or_no_number_is_refused_unread(said: str) -> None:
    body = Chunks(1)
    assert asked(content=body, headers=[("content-length", said)]).status_code == 413
    assert body.taken == 0


@pytest.mark.parametrize(
    ("response", "status"),
    [
        (asked, 200),
        (lambda: asked(headers=[("host", "films.example")]), 400),
        (lambda: asked("/gradio_api/upload"), 403),
        (lambda: asked("/nowhere"), 404),
        (lambda: asked(content=b"x" * (MAX_BODY + 1)), 413),
        (lambda: asked(content=Chunks(11)), 413),
        (lambda: asked("/fail"), 500),
    ],
    ids=["answered", "host", "closed", "unknown", "length", "body", "failed"],
)
def test_every_response_carries_the_headers(response: Callable[[], httpx.Response], status: int) -> None:
    given = response()
    assert given.status_code == status
    assert {name: given.headers.get(name) for name in HEADERS} == HEADERS


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:7860", "127.0.0.1:7860", "[::1]", "[::1]:80"])
def test_this_machines_own_names_are_taken(host: str) -> None:
    assert asked(headers=[("host", host)]).text == "hello"


@pytest.mark.parametrize(
    "host",
    [
        "films.example",
        "localhost.films.example",
        "127.0.0.1.films.example",
        "localhost@films.example",
        "",
        "[",
    ],
)
def test_other_names_are_refused_with_a_plain_message(host: str) -> None:
    response = asked(headers=[("host", host)])
    assert response.status_code == 400
    assert response.headers["content-type"].startswith("text/plain")
    assert "not served under that name" in response.text


def test_two_names_are_refused() -> None:
    assert asked(headers=[("host", "localhost"), ("host", "films.example")]).status_code == 400


def test_any_name_is_taken_where_every_address_is_served() -> None:
    assert asked(hosts=ANY, headers=[("host", "films.example")]).text == "hello"


def test_another_sites_name_opens_no_websocket() -> None:
    sent: list[str] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message["type"])

    scope = {"type": "websocket", "path": "/", "headers": [(b"host", b"films.example")]}
    asyncio.run(Gate(Starlette())(scope, receive, send))
    assert sent == ["websocket.http.response.start", "websocket.http.response.body"]


@pytest.mark.parametrize(
    ("address", "host", "hosts", "expected"),
    [
        ("127.0.0.1", "127.0.0.1", (), LOOPBACK),
        ("192.0.2.7", "Films.lan", (), LOOPBACK | {"192.0.2.7", "films.lan"}),
        ("::1", "0:0:0:0:0:0:0:1", ("films.example",), LOOPBACK | {"films.example"}),
        ("0.0.0.0", "0.0.0.0", (), ANY),  # noqa: S104 - what is tested
        ("::", "::", (), ANY),
        ("::", "::", ("films.example",), LOOPBACK | {"::", "films.example"}),
        ("127.0.0.1", "127.0.0.1", ("*",), ANY),
    ],
)
def test_the_names_follow_from_the_address_and_what_is_named(
    address: str, host: str, hosts: tuple[str, ...], expected: frozenset[str]
) -> None:
    assert allowed_hosts(address, host, hosts) == expected


def test_an_address_is_one_name_however_it_is_written() -> None:
    assert host_of("[0:0:0:0:0:0:0:1]:7860") == host_of("[::1]") == "::1"
    assert host_of("a b") is None
