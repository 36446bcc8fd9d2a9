"""Progress of long work: a bar with rate and time left on a terminal, plain lines on a pipe."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol, TextIO, TypeVar

if TYPE_CHECKING:
    from rich.progress import Progress as Rich
    from rich.progress import TaskID

Item = TypeVar("Item")
_PLAIN_EVERY_S = 10.0


class Task(Protocol):
    """One piece of work under way."""

    def advance(self, amount: int = 1, note: str = "") -> None:
        """Say that ``amount`` more units are done; ``note`` (a loss, a file) is shown beside the bar."""


class Progress:
    """Where long steps report to.

    ``Progress.silent()`` for tests and libraries, ``Progress.on(sys.stderr)`` for commands.
    """

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream

    @classmethod
    def silent(cls) -> Progress:
        """Reports nothing."""
        return cls(None)

    @classmethod
    def on(cls, stream: TextIO = sys.stderr) -> Progress:
        """Bars where ``stream`` is a terminal, a line every ten seconds where it is not."""
        return cls(stream)

    def say(self, text: str) -> None:
        """One line of plain text."""
        if self._stream is not None:
            print(text, file=self._stream, flush=True)

    @contextmanager
    def task(self, name: str, total: int | None = None, unit: str = "rows") -> Iterator[Task]:
        """A task of ``total`` units (``None``: unknown), closed when the block ends."""
        if self._stream is None:
            yield _Silent()
        elif self._stream.isatty():
            with _bar(name, total, unit, self._stream) as task:
                yield task
        else:
            plain = _Plain(name, total, unit, self._stream)
            yield plain
            plain.finish()

    def track(
        self, items: Iterable[Item], name: str, total: int | None = None, unit: str = "rows"
    ) -> Iterator[Item]:
        """``items``, reporting each one."""
        with self.task(name, total, unit) as task:
            for item in items:
                yield item
                task.advance()


class _Silent:
    def advance(self, amount: int = 1, note: str = "") -> None:
        del amount, note


class _Plain:
    def __init__(self, name: str, total: int | None, unit: str, stream: TextIO) -> None:
        self._name, self._total, self._unit, self._stream = name, total, unit, stream
        self._started = self._said = time.monotonic()
        self._done, self._note = 0, ""

    def advance(self, amount: int = 1, note: str = "") -> None:
        self._done += amount
        self._note = note or self._note
        now = time.monotonic()
        if now - self._said >= _PLAIN_EVERY_S:
            self._said = now
            self._print(now - self._started)

    def finish(self) -> None:
        self._print(time.monotonic() - self._started, end=" done")

    def _print(self, elapsed: float, end: str = "") -> None:
        rate = self._done / elapsed if elapsed > 0 else 0.0
        of = f"/{self._total:,}" if self._total else ""
        left = f", {(self._total - self._done) / rate:.0f} s left" if self._total and rate and not end else ""
        note = f" {self._note}" if self._note else ""
        print(
            f"{self._name}: {self._done:,}{of} {self._unit} in {elapsed:.1f} s "
            f"({rate:,.0f}/s{left}){note}{end}",
            file=self._stream,
            flush=True,
        )


class _Bar:
    def __init__(self, rich: Rich, task_id: TaskID) -> None:
        self._rich, self._task_id, self._note = rich, task_id, ""

    def advance(self, amount: int = 1, note: str = "") -> None:
        self._note = note or self._note
        self._rich.update(self._task_id, advance=amount, note=self._note)


@contextmanager
def _bar(name: str, total: int | None, unit: str, stream: TextIO) -> Iterator[Task]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Rich
    from rich.progress import Task as RichTask
    from rich.text import Text

    class Speed(TextColumn):
        def render(self, task: RichTask) -> Text:
            return Text(f"{task.speed or 0:,.0f} {unit}/s")

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        Speed(""),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
    )
    with Rich(*columns, console=Console(file=stream)) as rich:
        yield _Bar(rich, rich.add_task(name, total=total, note=""))
