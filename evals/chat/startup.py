"""How soon the page is there, and how soon it answers: each round starts a process of its own."""

from __future__ import annotations

import asyncio
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

from evals.chat.served import Served, serving
from evals.chat.visits import Visit
from evals.tables import Bar, Line, Table
from indexer.errors import ResourceError
from indexer.progress import Progress

QUESTION = "who played the Oracle in the first Matrix"


@dataclass(frozen=True)
class Round:
    """Seconds from the start of the process."""

    there: float
    answered: float
    processor: float  # seconds of processor time until then; on a busy machine the steadier figure


def run(index: Path | None, rounds: int, progress: Progress) -> Table:
    """Medians over ``rounds``; the first round warms the disk up and does not count."""
    measured: list[Round] = []
    with progress.task("starting the page", rounds + 1, "rounds") as task:
        for _ in range(rounds + 1):
            with serving(index) as served:
                measured.append(asyncio.run(_round(served)))
            task.advance(1)
    return table(measured[1:])


async def _round(served: Served) -> Round:
    there = served.there()
    async with Visit.open(served.address) as visit:
        reply = await visit.ask(QUESTION)
    if reply.problem is not None:
        raise ResourceError(f"the first question was not answered: {reply.problem}")
    return Round(there, time.perf_counter() - served.started, served.processor())


def table(rounds: list[Round]) -> Table:
    """The medians against their bars."""
    note = f"median of {len(rounds)} rounds"
    lines = [
        Line("page served", _median([each.there for each in rounds]), "s", Bar(5, 3, least=False), note=note),
        Line(
            "first answer",
            _median([each.answered for each in rounds]),
            "s",
            Bar(12, 6, least=False),
            note=note,
        ),
        Line("processor time until then", _median([each.processor for each in rounds]), "s"),
    ]
    data = {"rounds": [[each.there, each.answered, each.processor] for each in rounds]}
    return Table("startup", lines, "  from the start of the process; the question is asked at once", data)


def _median(values: list[float]) -> float:
    return round(statistics.median(values), 2)
