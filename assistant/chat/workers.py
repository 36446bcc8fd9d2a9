"""Threads that answer questions. One that takes too long is left to itself; another takes its place."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

from indexer import deadline
from indexer.errors import Busy

Found = TypeVar("Found")
_GRACE = 0.25  # seconds in which work that looks at its deadline ends by itself


@dataclass(eq=False)
class _Job(Generic[Found]):
    work: Callable[[], Found]
    seconds: float
    context: Context = field(default_factory=copy_context)
    found: Future[Found] = field(default_factory=Future)
    began: threading.Event = field(default_factory=threading.Event)
    left: bool = False  # nobody waits for it any more

    def do(self) -> None:
        """In a thread of the workers."""
        try:
            self.found.set_result(self.context.run(self._within))
        except BaseException as error:  # noqa: BLE001 - carried over to whoever waits, in their thread
            self.found.set_exception(error)

    def _within(self) -> Found:
        with deadline.within(self.seconds):
            return self.work()


class Workers:
    """At most ``count`` threads do what they are given, each within a time.

    Work ends by itself at its deadline where it looks at the clock (``indexer.deadline``), as all that asks
    the catalogue does. What does not is abandoned: the caller goes on, the thread runs to its end, and up to
    ``abandoned`` of them are replaced meanwhile. Threads end with the process.
    """

    def __init__(self, count: int, abandoned: int, waiting: int) -> None:
        self._count, self._most_abandoned, self._most_waiting = count, abandoned, waiting
        self._jobs: SimpleQueue[_Job[Any] | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._threads = self.running = self.abandoned = 0

    @property
    def waiting(self) -> int:
        """Jobs that nobody has begun."""
        return self._jobs.qsize()

    def run(self, work: Callable[[], Found], seconds: float, patience: float) -> Found:
        """What ``work`` gives, or raises.

        Raises TooLate after ``seconds`` from its beginning, Busy where that did not come within ``patience``
        seconds or too many wait already.
        """
        if self.waiting > self._most_waiting:
            raise Busy("Too many questions wait already: please ask again in a moment.")
        job = _Job(work, seconds)
        self._hire()
        self._jobs.put(job)
        if not job.began.wait(patience) and job.found.cancel():
            raise Busy("All are busy with other questions: please ask again in a moment.")
        return self._waited_for(job)

    def close(self) -> None:
        """Let the threads go that have nothing to do, the others after what they do."""
        for _ in range(self._threads):
            self._jobs.put(None)

    def _waited_for(self, job: _Job[Found]) -> Found:
        try:
            return job.found.result(job.seconds + _GRACE)
        except TimeoutError:
            if job.found.done():
                raise  # the work's own
            self._abandon(job)
            raise deadline.TooLate(f"stopped waiting after {job.seconds:g} s") from None

    def _hire(self) -> None:
        with self._lock:
            if self._threads < self._count + self.abandoned:
                self._threads += 1
                threading.Thread(target=self._work, name="answers", daemon=True).start()

    def _abandon(self, job: _Job[Any]) -> None:
        with self._lock:
            if self.abandoned < self._most_abandoned and not job.found.done():
                job.left = True
                self.abandoned += 1
        if job.left:
            self._hire()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            if self._do(job):
                break
            del job  # an idle thread holds nothing
        with self._lock:
            self._threads -= 1

    def _do(self, job: _Job[Any]) -> bool:
        """Do it; whether another thread has taken this one's place meanwhile."""
        if not job.found.set_running_or_notify_cancel():
            return False
        job.began.set()
        with self._lock:
            self.running += 1
        job.do()
        with self._lock:
            self.running -= 1
            self.abandoned -= job.left
        return job.left
