"""The page's functions as programs use them: a real MCP client, Gradio's own, and plain HTTP."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult, TextContent

from tests.assistant.chat.browsing import serving

Found = TypeVar("Found")
NAMES = {"ask", "similar_to_title", "find_by_plot", "title", "person", "genre", "rating"}
PLOT = "A computer hacker learns about the true nature of his reality and his role in the war."
SECRET = "Basic YWRhOnNlY3JldA=="  # ada:secret


@pytest.fixture(scope="module")
def address(sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page whose questions are answered from a script, and all else from the sample, behind a password."""
    place = tmp_path_factory.mktemp("programs") / "chats.db"
    with serving(place, index=sample_index, WHOPLAYED_USER="ada", WHOPLAYED_PASSWORD="secret") as served:
        yield served


def _mcp(address: str, use: Callable[[ClientSession], Awaitable[Found]], secret: str = SECRET) -> Found:
    async def session() -> Found:
        url, headers = f"{address}/gradio_api/mcp/", {"Authorization": secret}
        async with (
            httpx.AsyncClient(headers=headers, timeout=400) as client,
            streamable_http_client(url, http_client=client) as (reading, writing, _),
            ClientSession(reading, writing) as opened,
        ):
            await opened.initialize()
            return await use(opened)

    return asyncio.run(session())


def _called(address: str, calls: list[tuple[str, dict[str, Any]]]) -> list[CallToolResult]:
    async def use(session: ClientSession) -> list[CallToolResult]:
        return [await session.call_tool(name, arguments) for name, arguments in calls]

    return _mcp(address, use)


def _text(result: CallToolResult) -> str:
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


def test_an_mcp_client_finds_the_documented_tools_and_no_event_of_the_page(address: str) -> None:
    tools = {tool.name: tool for tool in _mcp(address, lambda session: session.list_tools()).tools}
    assert set(tools) == NAMES
    assert all(tool.description and "Returns:" in tool.description for tool in tools.values())
    ask = tools["ask"].inputSchema
    assert ask["required"] == ["question"]
    assert ask["properties"]["question"]["type"] == "string"
    assert "2,000 characters" in ask["properties"]["question"]["description"]
    assert set(ask["properties"]) == {"question", "history"}
    assert set(tools["rating"].inputSchema["properties"]) == {"title", "facts"}
    assert tools["similar_to_title"].inputSchema["properties"]["limit"]["type"] == "integer"


def test_an_mcp_client_calls_every_tool(address: str) -> None:
    results = _called(
        address,
        [
            ("ask", {"question": "who played the Oracle in the first Matrix"}),
            ("title", {"title": "tt0133093"}),
            ("person", {"person": "Keanu Reeves"}),
            ("similar_to_title", {"title": "The Matrix", "limit": 3}),
            ("find_by_plot", {"plot": PLOT, "limit": 2}),
            ("genre", {"plot": PLOT}),
            ("rating", {"title": "The Matrix (1999)"}),
            ("rating", {"facts": {"year": 1999, "genres": ["Drama"]}}),
        ],
    )
    assert [result.isError for result in results] == [False] * len(results), [*map(_text, results)]
    ask, title, person, similar, plot, genre, rating, guess = (json.loads(_text(each)) for each in results)
    assert ask["evidence"][0]["person_id"] == "nm0287825"
    assert (title["title"], title["year"], title["credits_in_all"] > 5) == ("The Matrix", 1999, True)
    assert (person["person_id"], person["born"]) == ("nm0000206", 1964)
    assert similar["title"]["title_id"] == "tt0133093"
    assert len(similar["similar"]) == 3
    assert [len(plot["titles"]), plot["titles"][0]["title_id"]] == [2, "tt0133093"]
    assert sum(each["probability"] > 0 for each in genre["genres"]) == len(genre["genres"])
    assert rating["rating"] == title["rating"]
    assert 1 <= guess["predicted"] <= 10


@pytest.mark.parametrize(
    ("name", "arguments", "told"),
    [
        ("ask", {}, "'question' is a required property"),
        ("ask", {"question": 5}, "5 is not of type 'string'"),
        ("ask", {"question": "x" * 2_001}, "2,001 characters long"),
        ("ask", {"question": "who", "history": [{"role": "system", "content": "x"}]}, "has a role"),
        ("ask", {"question": "fail"}, "it is in the log as"),
        ("title", {"title": "tt9999999"}, "No title in the catalogue is like 'tt9999999'"),
        ("title", {"title": ""}, "1 to 200 characters, not 0"),
        ("person", {"person": "x" * 300}, "1 to 200 characters, not 300"),
        ("find_by_plot", {"plot": "   "}, "no question in that"),
        ("similar_to_title", {"title": "The Matrix", "limit": 1_000}, "1 to 100, not 1000"),
        ("rating", {}, "either a title or facts"),
        ("rating", {"facts": {"budget": 5}}, "unknown fact 'budget': known are"),
        ("nothing", {}, "Unknown tool"),
    ],
)
def test_bad_arguments_get_a_clear_error(
    name: str, arguments: dict[str, Any], told: str, address: str
) -> None:
    (result,) = _called(address, [(name, arguments)])
    assert result.isError
    assert told in _text(result)
    assert "secret cause" not in _text(result)
    assert "Traceback" not in _text(result)


def test_an_mcp_client_without_the_password_is_refused(address: str) -> None:
    with pytest.raises(BaseExceptionGroup) as told:
        _mcp(address, lambda session: session.list_tools(), "Basic eDp5")
    assert "401" in repr(_first(told.value))


def _first(error: BaseException) -> BaseException:
    return _first(error.exceptions[0]) if isinstance(error, BaseExceptionGroup) else error


def test_what_holds_at_the_gate_holds_for_mcp(address: str) -> None:
    url, own = f"{address}/gradio_api/mcp/", {"Authorization": SECRET}
    assert httpx.post(url, headers={**own, "Host": "films.example"}).status_code == 400
    assert httpx.post(url, headers=own, content=b"x" * 1_000_001).status_code == 413
    assert httpx.get(f"{url}sse", headers=own).status_code == 403
    page = httpx.get(url, headers=own)
    assert "://" not in page.headers["content-security-policy"]


def test_gradios_own_client_calls_the_same_functions(address: str) -> None:
    from gradio_client import Client  # type: ignore[import-untyped]

    client = Client(
        address,
        headers={"Authorization": SECRET},
        verbose=False,
        download_files=False,
        analytics_enabled=False,
    )
    found = client.predict(title="tt0133093", api_name="/title")
    assert found["title"] == "The Matrix"
    with pytest.raises(Exception, match="1 to 100, not 0"):
        client.predict(plot=PLOT, limit=0, api_name="/find_by_plot")
    client.close()


def test_every_function_is_an_endpoint_over_plain_http(address: str) -> None:
    own = {"Authorization": SECRET}
    endpoints = httpx.get(f"{address}/gradio_api/info", headers=own).json()["named_endpoints"]
    assert {name.strip("/") for name in endpoints} == NAMES
    called = f"{address}/gradio_api/call/person"
    event = httpx.post(called, json={"data": ["nm0000206"]}, headers=own).json()["event_id"]
    events = httpx.get(f"{called}/{event}", headers=own, timeout=20).text
    assert "event: complete" in events
    assert '"Keanu Reeves"' in events
