"""Many visitors at one page: steady ones, a burst at one instant, and what memory they leave behind."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from evals.chat.served import Served, serving
from evals.chat.visits import Page, Reply, Visit
from evals.stats import quantile
from evals.tables import Bar, Line, Table
from indexer.progress import Progress, Task

WARM = 500  # questions before memory is looked at for the first time
_LOOKS = 0.1  # seconds between two looks at /healthz


@dataclass(frozen=True)
class Plan:
    """What is asked of the page."""

    visitors: int = 100
    every: float = 8.0  # seconds between two questions of one visitor
    minutes: float = 10.0
    questions: int = 10_000  # after which memory is compared
    stay: int = 20  # questions of a visitor, who then leaves; another comes
    a_second: float = 15.0  # questions of all while memory is measured: below what one address may ask


@dataclass
class Measured:
    """What came of it; times in seconds, memory in MB."""

    steady: list[Reply] = field(default_factory=list)
    burst: list[Reply] = field(default_factory=list)
    burst_seconds: float = 0.0
    health: list[float] = field(default_factory=list)
    processor: float = 0.0  # seconds of the server for the steady part
    warm: float = 0.0
    after: float = 0.0
    asked: int = 0
    later: list[Reply] = field(default_factory=list)  # those asked for memory's sake


def run(index: Path | None, questions: Sequence[str], plan: Plan, progress: Progress) -> Table:
    """Serve the page in a process of its own and visit it."""
    with serving(index) as served:
        served.there()
        served.ready()
        return table(asyncio.run(measure(served, questions, plan, progress)), plan)


async def measure(served: Served, questions: Sequence[str], plan: Plan, progress: Progress) -> Measured:
    """All three parts, one after the other."""
    found, asked = Measured(), itertools.cycle(questions)
    async with AsyncExitStack() as stack:
        visits = await _arrive(stack, served.address, plan.visitors)
        await asyncio.gather(*(visit.ask(next(asked)) for visit in visits))  # parts opened at first use
        before = served.processor()
        found.steady = await _steadily(visits, asked, plan, progress)
        found.processor = served.processor() - before
        await _at_once(served.address, visits, asked, found)
    await _for_memory(served, asked, plan, found, progress)
    return found


async def _arrive(stack: AsyncExitStack, address: str, count: int) -> list[Visit]:
    """Visitors one after the other, all on the same page."""
    async with httpx.AsyncClient(base_url=address) as client:
        page = Page.of((await client.get("/config")).json())
    return [await stack.enter_async_context(Visit.open(address, page)) for _ in range(count)]


async def _steadily(
    visits: Sequence[Visit], asked: Iterator[str], plan: Plan, progress: Progress
) -> list[Reply]:
    """Each visitor asks every so often, all of them spread evenly, whatever the last answer took."""
    end = time.perf_counter() + 60 * plan.minutes
    with progress.task(
        "steady visitors", round(60 * plan.minutes / plan.every * len(visits)), "questions"
    ) as task:

        async def ask_on(visit: Visit, start: float) -> list[Reply]:
            replies: list[Reply] = []
            for at in itertools.count():
                due = start + at * plan.every
                if due > end:
                    return replies
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                replies.append(await visit.ask(next(asked)))
                task.advance(1)
            return replies

        now = time.perf_counter()
        places = [now + plan.every * place / len(visits) for place in range(len(visits))]
        return _flat(await asyncio.gather(*map(ask_on, visits, places)))


async def _at_once(address: str, visits: Sequence[Visit], asked: Iterator[str], found: Measured) -> None:
    """Every visitor asks at one instant, while somebody looks whether the page is well."""
    looking = asyncio.create_task(_look(address, found.health))
    began = time.perf_counter()
    found.burst = await asyncio.gather(*(visit.ask(next(asked)) for visit in visits))
    found.burst_seconds = time.perf_counter() - began
    looking.cancel()
    await asyncio.gather(looking, return_exceptions=True)


async def _look(address: str, took: list[float]) -> None:
    async with httpx.AsyncClient(base_url=address, timeout=60) as client:
        while True:
            began = time.perf_counter()
            (await client.get("/healthz")).raise_for_status()
            took.append(time.perf_counter() - began)
            await asyncio.sleep(_LOOKS)


async def _for_memory(
    served: Served, asked: Iterator[str], plan: Plan, found: Measured, progress: Progress
) -> None:
    """Visitors come, ask, and leave until all questions are asked; memory after the first and the last."""
    with progress.task("visitors who leave", plan.questions, "questions") as task:
        for count in (min(WARM, plan.questions // 2), plan.questions):
            left = _Countdown(count - found.asked, plan, task)
            coming = (_come_and_go(served.address, asked, plan, left) for _ in range(plan.visitors))
            found.later += _flat(await asyncio.gather(*coming))
            found.asked = count
            if not found.warm:
                found.warm = served.memory()
    found.after = served.memory()


class _Countdown:
    """Questions left to ask, no faster than the plan says."""

    def __init__(self, left: int, plan: Plan, task: Task) -> None:
        self._left, self._pause, self._task = left, 1 / plan.a_second, task
        self._next = time.perf_counter()

    @property
    def over(self) -> bool:
        """Whether all have been asked."""
        return self._left <= 0

    async def take(self) -> bool:
        """Wait for one's turn; whether there is a question left."""
        if self.over:
            return False
        self._left -= 1
        self._next = max(self._next + self._pause, time.perf_counter())
        await asyncio.sleep(self._next - time.perf_counter())
        self._task.advance(1)
        return True


async def _come_and_go(address: str, asked: Iterator[str], plan: Plan, left: _Countdown) -> list[Reply]:
    replies: list[Reply] = []
    while not left.over:
        async with Visit.open(address) as visit:
            for _ in range(plan.stay):
                if not await left.take():
                    return replies
                replies.append(await visit.ask(next(asked)))
    return replies


def table(found: Measured, plan: Plan) -> Table:
    """The figures against their bars."""
    took = [1000 * reply.seconds for reply in found.steady]
    lines = [*_steady_lines(found, took, plan), *_burst_lines(found), *_memory_lines(found)]
    problems = dict.fromkeys(_problems([*found.steady, *found.burst, *found.later]))
    extra = "".join(f"\n  problem: {problem}" for problem in list(problems)[:5])
    return Table("load", lines, extra.strip("\n"), {"asked": len(found.steady), "problems": list(problems)})


def _steady_lines(found: Measured, took: Sequence[float], plan: Plan) -> list[Line]:
    count = f"{plan.visitors} visitors, each every {plan.every:g} s, {plan.minutes:g} minutes"
    each = round(1000 * found.processor / max(1, len(found.steady)), 1)
    return [
        _none("steady: errors", found.steady, count),
        Line("steady: p50 of the round trip", round(quantile(took, 0.5), 1), "ms"),
        Line("steady: p95", round(quantile(took, 0.95), 1), "ms", Bar(400, 200, least=False)),
        Line("steady: processor time a question", each, "ms", note="the server's"),
    ]


def _burst_lines(found: Measured) -> list[Line]:
    slowest = round(max(found.health, default=0.0), 2)
    return [
        _none("burst: lost", found.burst, f"of {len(found.burst)}"),
        Line("burst: all answered within", round(found.burst_seconds, 2), "s", Bar(12, 6, least=False)),
        Line("burst: slowest /healthz meanwhile", slowest, "s", Bar(1, 1, least=False)),
    ]


def _memory_lines(found: Measured) -> list[Line]:
    grown = round(100 * (found.after / found.warm - 1), 1) if found.warm else 0.0
    return [
        Line("memory after warm-up", round(found.warm), "MB"),
        Line("memory grown", grown, "%", Bar(5, 1, least=False), note=f"after {found.asked:,} questions"),
        Line("errors meanwhile", float(len(_problems(found.later))), ""),
    ]


def _none(what: str, replies: Sequence[Reply], note: str) -> Line:
    """There are to be no problems."""
    return Line(what, float(len(_problems(replies))), "", Bar(0, 0, least=False), note=note)


def _problems(replies: Sequence[Reply]) -> list[str]:
    return [reply.problem for reply in replies if reply.problem is not None]


def _flat(groups: Sequence[list[Reply]]) -> list[Reply]:
    return [reply for group in groups for reply in group]
