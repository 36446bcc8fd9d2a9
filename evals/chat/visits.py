"""A visitor at the page, as a browser speaks to it: its key, its events, its stream of answers."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import httpx

from indexer.errors import ResourceError

_PATIENCE = httpx.Timeout(60.0)


@dataclass(frozen=True)
class Event:
    """One of the page's events: its number and what is sent with it, the values a fresh page holds."""

    number: int
    trigger: int
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Page:
    """What a visitor must know of the page: the event that asks, and those that happen when it is opened."""

    asks: Event
    opens: tuple[Event, ...]

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> Page:
        """From Gradio's description of a page. Raises ResourceError where nothing on it can be asked."""
        parts = {part["id"]: part for part in config["components"]}
        box = next((key for key, part in parts.items() if part["props"].get("elem_id") == "question"), None)
        events = [_events(dependency, parts) for dependency in config["dependencies"]]
        flat = [pair for found in events for pair in found]
        asks = [event for name, event in flat if name == "submit" and event.trigger == box]
        if not asks:
            raise ResourceError("the page has no line to ask on: is it Whoplayed's?")
        return cls(asks[0], tuple(event for name, event in flat if name == "load"))


@dataclass(frozen=True)
class Reply:
    """What came of a question; ``problem`` is None where it was answered."""

    seconds: float
    text: str = ""
    problem: str | None = None


class Visit:
    """One visitor with an open page."""

    def __init__(self, client: httpx.AsyncClient, page: Page) -> None:
        self._client, self._page = client, page
        self._session = secrets.token_hex(6)

    @classmethod
    @asynccontextmanager
    async def open(cls, address: str, page: Page | None = None) -> AsyncIterator[Visit]:
        """Get the page with its key, be told of the index, and stay until the visit ends."""
        async with httpx.AsyncClient(base_url=address, timeout=_PATIENCE) as client:
            (await client.get("/")).raise_for_status()
            known = page or Page.of((await client.get("/config")).json())
            visit = cls(client, known)
            staying = asyncio.create_task(visit._stay())
            try:
                for event in known.opens:
                    await visit._happen(event, event.values)
                yield visit
            finally:
                staying.cancel()
                with suppress(asyncio.CancelledError, httpx.HTTPError):
                    await staying

    async def ask(self, question: str) -> Reply:
        """Type a question and wait for the whole answer. Raises nothing."""
        began, event = time.perf_counter(), self._page.asks
        try:
            output = await self._happen(event, (question, *event.values[1:]))
        except (httpx.HTTPError, ResourceError, ValueError, KeyError) as error:
            return Reply(time.perf_counter() - began, problem=f"{type(error).__name__}: {error}")
        return _read(output, time.perf_counter() - began)

    async def _happen(self, event: Event, values: tuple[Any, ...]) -> list[Any]:
        """What becomes of the page. Raises ResourceError for a failure that the page tells of."""
        body = {
            "data": list(values),
            "fn_index": event.number,
            "trigger_id": event.trigger,
            "session_hash": self._session,
            "event_data": None,
        }
        joined = await self._client.post("/gradio_api/queue/join", json=body)
        if joined.status_code != httpx.codes.OK:
            raise ResourceError(f"status {joined.status_code}: {joined.text[:200]}")
        return await self._outcome(joined.json()["event_id"])

    async def _outcome(self, event_id: str) -> list[Any]:
        asked = {"session_hash": self._session}
        async with self._client.stream("GET", "/gradio_api/queue/data", params=asked) as stream:
            async for line in stream.aiter_lines():
                message = json.loads(line.removeprefix("data: ")) if line.startswith("data: ") else {}
                if message.get("event_id") == event_id and message["msg"] == "process_completed":
                    return _completed(message)
        raise ResourceError("the stream ended before the answer")

    async def _stay(self) -> None:
        async with self._client.stream(
            "GET", f"/gradio_api/heartbeat/{self._session}", timeout=None
        ) as beats:
            async for _ in beats.aiter_raw():
                pass


def _completed(message: Mapping[str, Any]) -> list[Any]:
    if not message["success"]:
        raise ResourceError(f"the event failed: {message['output'].get('error')}")
    data: list[Any] = message["output"]["data"]
    return data


def _read(output: list[Any], seconds: float) -> Reply:
    """The last message of the conversation; a line without proof under it is no answer but an apology."""
    conversation = next((part for part in output if isinstance(part, list) and part), None)
    if conversation is None:
        return Reply(seconds, problem="no conversation came back")
    content = conversation[-1]["content"]
    text = " ".join(part.get("text", "") for part in content).strip()
    answered = any(part.get("type") == "component" for part in content)
    return Reply(seconds, text, None if answered else f"refused: {text}")


def _events(dependency: Mapping[str, Any], parts: Mapping[int, Any]) -> list[tuple[str, Event]]:
    """The name and event of each of a dependency's targets."""
    values = tuple(parts[key]["props"].get("value") if key in parts else None for key in dependency["inputs"])
    return [(name, Event(dependency["id"], key, values)) for key, name in dependency["targets"]]
