"""One thread's read-only connection to a catalogue, with a limit on the time of a statement."""

from __future__ import annotations

import math
import sqlite3
import threading
import time
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from indexer.deadline import check, due
from indexer.errors import IndexUnusable, ResourceError

LONGEST = 5.0  # seconds of one statement; to 150 thousand titles the slowest question takes 0.2
UNLIMITED = math.inf  # for those who read whole tables: builders, checks
_OPERATIONS = 100_000  # of SQLite's machine between two looks at the clock: a few milliseconds
_AT_ONCE = 256  # rows fetched in one go

Row = tuple[Any, ...]
Values = Sequence[Any] | Mapping[str, Any]


class Reader:
    """A connection that is closed when nobody holds the reader any more: with its thread, at the latest."""

    def __init__(self, path: Path) -> None:
        """Raises IndexUnusable where the file cannot be opened."""
        self._path = path
        self._clock = _Clock()
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        try:
            self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False, isolation_level=None)
        except sqlite3.Error as error:
            raise IndexUnusable(f"{path} cannot be opened ({error}): rebuild it with `make index`") from error
        # Not __del__: that would run for a reader half made, too.
        self._end = weakref.finalize(self, self._connection.close)
        self._end.atexit = False  # threads that answer may still run at the process's end
        self._running = threading.Lock()  # SQLite crashes where it is closed under a statement
        self._connection.execute("PRAGMA trusted_schema=OFF")
        self._connection.execute("PRAGMA query_only=ON")
        self._connection.execute("PRAGMA mmap_size=1073741824")
        # The clock knows nothing of the connection: a cycle of the two would outlive its thread.
        self._connection.set_progress_handler(self._clock.is_late, _OPERATIONS)

    def close(self) -> None:
        """Closes the connection; a statement that runs in another thread is stopped first."""
        self._clock.stop()
        with self._running:
            self._end()

    def rows(self, statement: str, values: Values, seconds: float) -> list[Row]:
        """All rows. Raises ResourceError after ``seconds``, IndexUnusable for a damaged file.

        TooLate where the thread has a deadline (``indexer.deadline``) and it passes first.
        """
        with self._within(seconds):
            return self._connection.execute(statement, values).fetchall()

    def stream(self, statement: str, values: Values, seconds: float) -> Iterator[Row]:
        """The rows as they are found; ``seconds`` are SQLite's own, the caller's do not count."""
        started = time.monotonic()
        with self._within(seconds):
            cursor = self._connection.execute(statement, values)
        left = seconds - (time.monotonic() - started)
        while True:
            started = time.monotonic()
            with self._within(left):
                found = cursor.fetchmany(_AT_ONCE)
            left -= time.monotonic() - started
            if not found:
                return
            yield from found

    @contextmanager
    def _within(self, seconds: float) -> Iterator[None]:
        check()
        try:
            with self._running:
                self._clock.due = min(time.monotonic() + seconds, due())
                yield
        except sqlite3.DatabaseError as error:
            if self._clock.stopped:
                raise IndexUnusable(f"{self._path} was closed while it was read: ask again") from error
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
                check()
                raise ResourceError(
                    f"a search of {self._path} was stopped after {LONGEST:g} s: ask for something narrower, "
                    "or again when the machine has less to do"
                ) from error
            raise IndexUnusable(f"{self._path} is damaged ({error}): rebuild it with `make index`") from error


class _Clock:
    """When the running statement must have ended; each statement sets it anew."""

    def __init__(self) -> None:
        self.due = UNLIMITED
        self.stopped = False

    def stop(self) -> None:
        """Whatever runs is late from now on."""
        self.stopped = True

    def is_late(self) -> bool:
        return self.stopped or time.monotonic() > self.due
