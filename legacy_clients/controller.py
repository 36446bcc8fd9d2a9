"""What happens when somebody presses Classify, without knowing a widget."""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from legacy_clients.asking import AskingFailed, Share
from legacy_clients.history import Entry, History

_POLL_MS = 40
_PATIENCE_S = 3.0  # after which the window says that it still waits
_LOOK = 0
_BROKEN = "Something went wrong in this program; its terminal says what."


class View(Protocol):
    """The window, as the controller sees it; called on the window's own thread only."""

    def show_busy(self) -> None:
        """A question is on its way."""

    def show_waiting(self, seconds: int) -> None:
        """It has been for so long."""

    def show_shares(self, shares: Sequence[Share]) -> None:
        """The answer, likeliest genre first."""

    def show_problem(self, message: str) -> None:
        """There is no answer, and why."""

    def show_plot(self, plot: str) -> None:
        """An earlier description takes the place of what is typed."""

    def show_history(self, lines: Sequence[str], place: int | None) -> None:
        """The session's descriptions, newest first, and which of them is shown."""

    def show_model(self, summary: str | None) -> None:
        """Which model answers; ``None`` where the server does not say."""

    def show_absent(self, message: str) -> None:
        """That could not be looked up, and why; nothing was asked yet."""

    def later(self, milliseconds: int, call: Callable[[], None]) -> None:
        """Calls back from the window's own loop."""


class Server(Protocol):
    """Who is asked; ``legacy_clients.asking.Service`` is one. Called on other threads."""

    def ask(self, plot: str) -> Sequence[Share]:
        """The shares, likeliest first. Raises AskingFailed."""

    def model(self) -> str | None:
        """A sentence about the model; ``None`` where there is none. Raises AskingFailed."""


@dataclass(frozen=True)
class _Reply:
    """What a thread brings back; ``_LOOK`` is the ticket of a look at the model alone."""

    ticket: int
    answer: Entry | str | None
    model: str | None


class Controller:
    """Asks in a thread, one question at a time, and hands the answer over in the window's loop."""

    def __init__(self, view: View, server: Server, clock: Callable[[], float] = time.monotonic) -> None:
        self._view, self._server, self._clock = view, server, clock
        self._replies: queue.SimpleQueue[_Reply] = queue.SimpleQueue()
        self._history = History()
        self._model: str | None = None
        self._ticket = 0  # of the question under way, or the latest one
        self._asked_at: float | None = None  # None while no question is under way
        self._said = 0  # seconds of waiting that the window last spoke of
        self._polling = False

    @property
    def busy(self) -> bool:
        """Whether a question is under way."""
        return self._asked_at is not None

    def start(self) -> None:
        """Looks up which model answers."""
        self._in_thread(_LOOK, None)

    def classify(self, plot: str) -> None:
        """Starts asking about a plot; a second press meanwhile does nothing."""
        if self.busy:
            return
        if not plot.strip():
            self._view.show_problem("Enter a description of the film first.")
            return
        self._ticket, self._asked_at, self._said = self._ticket + 1, self._clock(), 0
        self._view.show_busy()
        self._in_thread(self._ticket, plot.strip())

    def cancel(self) -> None:
        """Gives up the question under way: what comes back of it is dropped. Otherwise nothing."""
        if self.busy:
            self._asked_at = None
            self._view.show_problem("Cancelled.")

    def recall(self, place: int) -> None:
        """Shows the description at a place of the history with its result."""
        if not self.busy:
            self._recalled(self._history.look_at(place))

    def step(self, older: int) -> None:
        """Shows the description so many steps older, or newer, than the one shown."""
        if not self.busy:
            self._recalled(self._history.step(older))

    def text(self) -> str | None:
        """The result that is shown as text; ``None`` without one."""
        entry = self._history.shown
        return None if entry is None or self.busy else entry.text(self._model)

    def _recalled(self, entry: Entry | None) -> None:
        if entry is not None:
            self._view.show_plot(entry.plot)
            self._shown(entry)

    def _shown(self, entry: Entry) -> None:
        self._view.show_shares(entry.shares)
        lines = [each.line for each in self._history.entries]
        self._view.show_history(lines, self._history.place)

    def _in_thread(self, ticket: int, plot: str | None) -> None:
        threading.Thread(target=self._fetch, args=(ticket, plot), daemon=True).start()
        if not self._polling:
            self._polling = True
            self._view.later(_POLL_MS, self._poll)

    def _fetch(self, ticket: int, plot: str | None) -> None:
        reply = _Reply(ticket, _BROKEN, None)
        try:
            reply = _Reply(ticket, None, self._server.model()) if plot is None else self._asked(ticket, plot)
        except AskingFailed as failure:
            reply = _Reply(ticket, str(failure), None)
        finally:
            self._replies.put(reply)

    def _asked(self, ticket: int, plot: str) -> _Reply:
        answer, model = Entry(plot, tuple(self._server.ask(plot))), None
        with contextlib.suppress(AskingFailed):  # an answer is not lost for that
            model = self._server.model()
        return _Reply(ticket, answer, model)

    def _poll(self) -> None:
        """Takes in what has come back; goes on while a question is under way or the model is looked up."""
        waiting = True
        try:
            reply = self._replies.get_nowait()
        except queue.Empty:
            self._say_waiting()
        else:
            self._take(reply)
            waiting = self.busy or not self._replies.empty()
        self._polling = waiting
        if waiting:
            self._view.later(_POLL_MS, self._poll)

    def _take(self, reply: _Reply) -> None:
        if reply.answer is None or isinstance(reply.answer, Entry):
            self._model = reply.model
            self._view.show_model(reply.model)
        elif reply.ticket == _LOOK:
            self._view.show_absent(reply.answer)
        if reply.answer is None or reply.ticket != self._ticket or not self.busy:
            return
        self._asked_at = None
        if isinstance(reply.answer, Entry):
            self._history.add(reply.answer)
            self._shown(reply.answer)
        else:
            self._history.place = None
            self._view.show_problem(reply.answer)

    def _say_waiting(self) -> None:
        seconds = 0 if self._asked_at is None else int(self._clock() - self._asked_at)
        if seconds >= _PATIENCE_S and seconds != self._said:
            self._said = seconds
            self._view.show_waiting(seconds)
