"""The server: its door, its headers, its port."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from assistant.chat.app import address, listen, serve
from assistant.chat.gate import MAX_BODY
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


def test_files_are_neither_taken_nor_given(served: str) -> None:
    sent = httpx.post(f"{served}/gradio_api/upload", files={"files": ("a.txt", b"hello")})
    asked = httpx.get(f"{served}/gradio_api/file=/etc/hostname")
    assert (sent.status_code, asked.status_code) == (403, 403)


def test_an_endless_body_is_refused(served: str) -> None:
    response = httpx.post(f"{served}/gradio_api/call/ask", content=b"x" * (MAX_BODY + 1))
    assert response.status_code == 413


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
