"""Workers over work that the tests hold in their hands: it goes on when a test lets it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from pathlib import Path

import pytest

from assistant.chat.workers import Workers
from indexer import deadline
from indexer.catalog.reader import UNLIMITED, Reader
from indexer.deadline import TooLate
from indexer.errors import Busy

LONG = 20.0
ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"


class Held:
    """Work that begins, and ends when it is released, whatever the clock says."""

    def __init__(self) -> None:
        self.began, self.released = threading.Event(), threading.Event()

    def __call__(self) -> str:
        self.began.set()
        self.released.wait(LONG)
        return "done"


def _workers(count: int = 1, abandoned: int = 1, waiting: int = 5) -> Workers:
    return Workers(count, abandoned, waiting)


def test_what_work_gives_or_raises_is_passed_on() -> None:
    def fail() -> str:
        raise ValueError("why")

    def late() -> str:
        raise TimeoutError("its own")

    workers = _workers()
    assert workers.run(lambda: 5, LONG, LONG) == 5
    with pytest.raises(ValueError, match="why"):
        workers.run(fail, LONG, LONG)
    with pytest.raises(TimeoutError, match="its own"):
        workers.run(late, LONG, LONG)
    assert (workers.running, workers.waiting, workers.abandoned) == (0, 0, 0)


def test_work_sees_the_callers_context() -> None:
    said: ContextVar[str] = ContextVar("said")
    said.set("hello")
    assert _workers().run(said.get, LONG, LONG) == "hello"


def test_an_endless_search_of_the_catalogue_ends_at_its_time(tmp_path: Path) -> None:
    (tmp_path / "catalog.db").touch()
    workers = _workers()

    def search() -> list[tuple[object, ...]]:
        return Reader(tmp_path / "catalog.db").rows(ENDLESS, (), UNLIMITED)

    with pytest.raises(TooLate, match="longer than it may"):
        workers.run(search, 0.05, LONG)
    assert workers.abandoned == 0
    assert workers.run(lambda: "next", LONG, LONG) == "next"


def test_a_loop_that_looks_at_the_clock_ends_at_its_time() -> None:
    def endless() -> None:
        while True:
            deadline.check()

    with pytest.raises(TooLate):
        _workers().run(endless, 0.01, LONG)


def test_the_earlier_of_two_deadlines_counts() -> None:
    with deadline.within(0), deadline.within(LONG), pytest.raises(TooLate):
        deadline.check()
    deadline.check()


def test_a_part_of_an_index_is_opened_whole_whatever_the_time() -> None:
    with deadline.within(0):
        with deadline.lifted():
            deadline.check()
        with pytest.raises(TooLate):
            deadline.check()


def test_work_that_does_not_end_is_left_and_another_thread_takes_its_place() -> None:
    workers, held = _workers(), Held()
    with pytest.raises(TooLate, match="stopped waiting"):
        workers.run(held, 0.01, LONG)
    assert workers.abandoned == 1
    assert workers.run(lambda: "next", LONG, LONG) == "next"
    held.released.set()
    _until(lambda: workers.abandoned == 0)
    assert workers.run(lambda: "again", LONG, LONG) == "again"
    _until(lambda: workers._threads == 1)


def test_so_many_abandoned_are_replaced_and_then_all_are_busy() -> None:
    workers, held = _workers(count=1, abandoned=1), [Held(), Held()]
    for each in held:
        with pytest.raises(TooLate):
            workers.run(each, 0.01, LONG)
    with pytest.raises(Busy, match="busy with other questions"):
        workers.run(lambda: "next", LONG, 0.01)
    for each in held:
        each.released.set()
    assert workers.run(lambda: "next", LONG, LONG) == "next"


def test_only_so_many_wait() -> None:
    workers, held = _workers(waiting=0), Held()
    with ThreadPoolExecutor(2) as visitors:
        first = visitors.submit(workers.run, held, LONG, LONG)
        held.began.wait(LONG)
        second = visitors.submit(workers.run, lambda: "second", LONG, LONG)
        _until(lambda: workers.waiting == 1)
        with pytest.raises(Busy, match="Too many questions wait"):
            workers.run(lambda: "third", LONG, LONG)
        held.released.set()
        assert (first.result(LONG), second.result(LONG)) == ("done", "second")


def test_no_more_threads_than_wanted_answer_at_once() -> None:
    workers, held = _workers(count=2), [Held() for _ in range(6)]
    with ThreadPoolExecutor(6) as visitors:
        asked = [visitors.submit(workers.run, each, LONG, LONG) for each in held]
        _until(lambda: workers.running == 2 and workers.waiting == 4)
        for each in held:
            each.released.set()
        assert {each.result(LONG) for each in asked} == {"done"}
    assert workers._threads == 2


def test_threads_go_when_the_workers_close() -> None:
    workers = _workers(count=2)
    workers.run(lambda: 1, LONG, LONG)
    workers.close()
    _until(lambda: workers._threads == 0)


def _until(holds: Callable[[], bool]) -> None:
    """Looks until it holds; the time limit of the test ends a wait in vain."""
    pause = threading.Event()
    while not holds():
        pause.wait(0.001)
