"""The runs over a page that is really served: a moment of each, on the sample."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from evals.chat import load, startup
from evals.chat.served import Served, serving
from evals.chat.visits import Visit
from indexer.errors import ResourceError
from indexer.progress import Progress

QUESTIONS = ("who played the Oracle in the first Matrix", "who directed Psycho", "what is the weather")
PLAN = load.Plan(visitors=3, every=0.2, minutes=0.01, questions=9, stay=2, a_second=1_000)


@pytest.fixture(scope="module")
def served(sample_index: Path) -> Iterator[Served]:
    with serving(sample_index) as started:
        yield started


@pytest.mark.timeout(400)
def test_a_start_is_timed_to_the_page_and_to_the_first_answer(served: Served) -> None:
    measured = asyncio.run(startup._round(served))
    assert 0 < measured.there < measured.answered
    assert measured.processor > 0


def test_visitors_ask_steadily_at_once_and_leave(served: Served) -> None:
    found = asyncio.run(load.measure(served, QUESTIONS, PLAN, Progress.silent()))
    assert len(found.steady) == PLAN.visitors * 3  # at 0, 0.2 and 0.4 s
    assert [len(found.burst), len(found.later), found.asked] == [
        PLAN.visitors,
        PLAN.questions,
        PLAN.questions,
    ]
    assert load._problems([*found.steady, *found.burst, *found.later]) == []
    assert any("Gloria Foster" in reply.text for reply in found.steady)
    assert found.health
    assert found.warm > 50
    assert found.after > 50
    verdicts = {line.what: line.verdict() for line in load.table(found, PLAN).lines}
    assert verdicts["steady: errors"] == verdicts["burst: lost"] == "goal"


def test_an_apology_is_a_problem(served: Served) -> None:
    async def ask() -> str | None:
        async with Visit.open(served.address) as visit:
            return (await visit.ask("x" * 2_001)).problem

    problem = asyncio.run(ask())
    assert problem is not None
    assert problem.startswith("refused: That is 2,001 characters long")


def test_a_page_that_does_not_start_is_told(tmp_path: Path) -> None:
    with serving(tmp_path / "none") as started, pytest.raises(ResourceError, match="ended with status 1"):
        started.there()
