"""The server: its door, its headers, its port."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest

from assistant.chat import app
from assistant.chat.access import Options
from assistant.chat.app import address, listen, serve
from assistant.chat.chats import VARIABLE
from assistant.chat.gate import HEADERS, MAX_BODY
from assistant.core import Assistant
from indexer.errors import IndexMissing, ResourceError


def test_a_taken_port_says_which_option_changes_it() -> None:
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        assert address(first) == f"http://127.0.0.1:{port}"
        with pytest.raises(ResourceError, match=f"port {port} on 127.0.0.1 is taken.*--port"):
            listen("127.0.0.1", port)


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(ResourceError, match="--host"):
        listen("192.0.2.1", 7860)


def test_a_port_beyond_the_last_is_refused() -> None:
    with pytest.raises(ResourceError, match=r"0-65535"):
        listen("127.0.0.1", 70_000)


def test_without_an_index_there_is_no_page(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="make index"):
        serve(tmp_path / "none", port=0)


def test_the_page_carries_headers_that_name_no_other_host(served: str) -> None:
    response = httpx.get(served)
    assert response.status_code == 200
    assert response.text.startswith("<!doctype html>")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"
    policy = response.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "://" not in policy
    assert "server" not in response.headers


def test_a_browser_gets_a_key_that_no_script_and_no_other_site_sees(served: str) -> None:
    given = httpx.get(served).headers["set-cookie"]
    assert re.fullmatch(
        r"whoplayed=[\w-]{22}; Path=/; Max-Age=34560000; HttpOnly; SameSite=Lax", given, re.ASCII
    )
    held = {"cookie": "a=b; whoplayed=0123456789012345678901"}
    assert (
        httpx.get(served, headers=held).headers["set-cookie"].startswith("whoplayed=0123456789012345678901;")
    )
    made_up = httpx.get(served, headers={"cookie": "whoplayed=mine"}).headers["set-cookie"]
    assert not made_up.startswith("whoplayed=mine")
    assert "set-cookie" not in httpx.get(f"{served}/config").headers


def test_nobody_without_a_key_gets_a_conversation(served: str) -> None:
    for path in ("chats/0123456789abcdef.md", "chats/x.json", "chats/0123456789abcdef.exe", "share/nothing"):
        response = httpx.get(f"{served}/{path}")
        assert response.status_code == 404
        assert response.headers["cache-control"] == "no-store"


def test_files_are_neither_taken_nor_given(served: str) -> None:
    sent = httpx.post(f"{served}/gradio_api/upload", files={"files": ("a.txt", b"hello")})
    asked = httpx.get(f"{served}/gradio_api/file=/etc/hostname")
    assert (sent.status_code, asked.status_code) == (403, 403)


def test_an_endless_body_is_refused(served: str) -> None:
    response = httpx.post(f"{served}/gradio_api/call/ask", content=b"x" * (MAX_BODY + 1))
    assert response.status_code == 413


def test_an_endless_body_of_no_said_length_is_refused(served: str) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(MAX_BODY // 50_000 + 1):
            yield b"x" * 50_000

    response = httpx.post(f"{served}/gradio_api/call/ask", content=chunks())
    assert "content-length" not in response.request.headers
    assert (response.status_code, response.text) == (413, "At most 1,000,000 bytes are taken.\n")
    assert response.headers.items() >= {name.lower(): value for name, value in HEADERS.items()}.items()


def test_a_short_body_of_no_said_length_is_answered(served: str) -> None:
    asked = json.dumps({"data": ["hello", None]}).encode()
    said = {"content-type": "application/json"}
    response = httpx.post(f"{served}/gradio_api/call/ask", content=iter([asked[:9], asked[9:]]), headers=said)
    assert response.status_code == 200
    assert "event_id" in response.json()


def test_another_sites_name_for_this_machine_is_refused(served: str) -> None:
    response = httpx.get(served, headers={"host": "films.example:7860"})
    assert response.status_code == 400
    assert response.text.startswith("This page is not served under that name")


@pytest.mark.parametrize(
    ("host", "hosts", "expected"),
    [
        ("127.0.0.1", (), {"localhost", "127.0.0.1", "::1"}),
        ("localhost", ("films.example",), {"localhost", "127.0.0.1", "::1", "films.example"}),
        ("0.0.0.0", (), {"*"}),  # noqa: S104 - what is tested
    ],
)
def test_serving_passes_on_the_names_it_goes_by(
    host: str, hosts: tuple[str, ...], expected: set[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given: list[Any] = []
    monkeypatch.setenv(VARIABLE, str(tmp_path / "chats.db"))
    monkeypatch.setattr(app, "serve_assistant", lambda *parts: given.extend(parts))
    monkeypatch.setattr("indexer.layout.current_build", lambda root: root)
    serve(host=host, port=0, options=Options(hosts))
    assert given[4].access.hosts == expected
    assert (tmp_path / "chats.db").exists()


def test_reading_of_plots_that_fails_while_warming_up_is_logged_and_stops_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fails(_: str) -> None:
        raise RuntimeError("no weights")

    gc.disable()
    try:
        app._warm_up(cast(Assistant, SimpleNamespace(answer=fails)))
        assert gc.isenabled()
    finally:
        gc.enable()
        gc.unfreeze()
    assert "no weights" in caplog.text


def test_the_line_about_the_index_is_of_the_build_moved_on_to() -> None:
    def closed() -> dict[str, int]:
        moving.index = newer
        raise RuntimeError("Cannot operate on a closed database.")

    newer = SimpleNamespace(catalog=SimpleNamespace(counts=lambda: {"titles": 1_000, "people": 2}))
    moving = SimpleNamespace(index=SimpleNamespace(catalog=SimpleNamespace(counts=closed)))
    assert app._holding(cast(Assistant, moving)) == "1,000 titles, 2 people"


def test_a_failure_to_count_in_the_build_that_serves_is_raised() -> None:
    def broken() -> dict[str, int]:
        raise RuntimeError("disk I/O error")

    standing = SimpleNamespace(index=SimpleNamespace(catalog=SimpleNamespace(counts=broken)))
    with pytest.raises(RuntimeError, match="disk"):
        app._holding(cast(Assistant, standing))


def test_only_the_documented_endpoint_is_public(served: str) -> None:
    endpoints = httpx.get(f"{served}/gradio_api/info").json()["named_endpoints"]
    assert list(endpoints) == ["/ask"]
    assert [parameter["parameter_name"] for parameter in endpoints["/ask"]["parameters"]] == [
        "question",
        "history",
    ]


def test_the_endpoint_answers_over_http(served: str) -> None:
    asked = "who played the Oracle in the first Matrix"
    started = httpx.post(f"{served}/gradio_api/call/ask", json={"data": [asked, None]}).json()
    events = httpx.get(f"{served}/gradio_api/call/ask/{started['event_id']}", timeout=20).text
    data = next(line for line in events.splitlines() if line.startswith("data: "))
    answer = json.loads(data.removeprefix("data: "))[0]
    assert answer["evidence"][0]["person_id"] == "nm0287825"


def test_a_line_lost_at_the_end_is_not_worth_saying_and_a_failure_is() -> None:
    def record(message: str, error: BaseException | None = None) -> logging.LogRecord:
        told = None if error is None else (type(error), error, None)
        return logging.LogRecord("uvicorn.error", logging.ERROR, "", 0, message, (), told)

    assert not app._worth_saying(record("Exception in ASGI application\n", asyncio.CancelledError()))
    assert not app._worth_saying(record("Cancel 1 running task(s), timeout graceful shutdown exceeded"))
    assert app._worth_saying(record("Exception in ASGI application\n", ValueError()))
