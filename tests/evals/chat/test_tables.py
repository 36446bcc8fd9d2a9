from __future__ import annotations

import asyncio

import httpx
import pytest

from evals.chat import load, startup
from evals.chat.visits import Event, Page, Reply, Visit
from indexer.errors import ResourceError

CONFIG = {
    "components": [
        {"id": 1, "props": {"elem_id": "question", "value": ""}},
        {"id": 2, "props": {"elem_id": "search-chats", "value": "x"}},
        {"id": 3, "props": {}},
    ],
    "dependencies": [
        {"id": 7, "targets": [[2, "submit"]], "inputs": [2]},
        {"id": 8, "targets": [[1, "submit"]], "inputs": [1, 3, 2]},
        {"id": 9, "targets": [[99, "load"]], "inputs": []},
    ],
}


def test_the_events_of_a_page_are_read_from_its_description() -> None:
    page = Page.of(CONFIG)
    assert page == Page(Event(8, 1, ("", None, "x")), (Event(9, 99, ()),))


def test_a_page_of_somebody_else_is_told() -> None:
    with pytest.raises(ResourceError, match="no line to ask on"):
        Page.of({"components": [], "dependencies": []})


def test_a_server_that_refuses_is_a_problem_and_no_failure() -> None:
    async def ask() -> Reply:
        busy = httpx.MockTransport(lambda _: httpx.Response(503, text="full"))
        async with httpx.AsyncClient(transport=busy, base_url="http://localhost") as client:
            return await Visit(client, Page.of(CONFIG)).ask("who")

    assert asyncio.run(ask()).problem == "ResourceError: status 503: full"


def test_load_is_held_against_its_bars() -> None:
    found = load.Measured(
        steady=[Reply(0.1)] * 98 + [Reply(0.5), Reply(0.5, problem="lost")],
        burst=[Reply(1.0)] * 3,
        burst_seconds=7.0,
        health=[0.2, 1.5],
        processor=4.0,
        warm=1_000,
        after=1_030,
        asked=10_000,
    )
    lines = {line.what: line for line in load.table(found, load.Plan()).lines}
    assert {name: line.verdict() for name, line in lines.items() if line.verdict()} == {
        "steady: errors": "not met",
        "steady: p95": "goal",
        "burst: lost": "goal",
        "burst: all answered within": "met",
        "burst: slowest /healthz meanwhile": "not met",
        "memory grown": "met",
    }
    assert lines["steady: processor time a question"].measured == 40.0
    assert "problem: lost" in load.table(found, load.Plan()).extra


def test_startup_is_the_median_of_its_rounds() -> None:
    rounds = [startup.Round(4.0, 9.0, 5.0), startup.Round(2.0, 5.0, 4.0), startup.Round(4.5, 20.0, 6.0)]
    lines = startup.table(rounds).lines
    assert [(line.measured, line.verdict()) for line in lines] == [(4.0, "met"), (9.0, "met"), (5.0, "")]
