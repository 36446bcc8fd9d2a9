"""What happens when somebody presses Classify, without knowing a widget."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from typing import Protocol

from legacy_clients.asking import AskingFailed, Share

_POLL_MS = 40


class View(Protocol):
    """The window, as the controller sees it; called on the window's own thread only."""

    def show_busy(self) -> None:
        """A question is on its way."""

    def show_shares(self, shares: Sequence[Share]) -> None:
        """The answer, likeliest genre first."""

    def show_problem(self, message: str) -> None:
        """There is no answer, and why."""

    def later(self, milliseconds: int, call: Callable[[], None]) -> None:
        """Calls back from the window's own loop."""


class Controller:
    """Asks in a thread, one question at a time, and hands the answer over in the window's loop."""

    def __init__(self, view: View, ask: Callable[[str], Sequence[Share]]) -> None:
        self._view, self._ask = view, ask
        self._answers: queue.SimpleQueue[Sequence[Share] | str] = queue.SimpleQueue()
        self._busy = False

    def classify(self, plot: str) -> None:
        """Starts asking about a plot; a second press meanwhile does nothing."""
        if self._busy:
            return
        if not plot.strip():
            self._view.show_problem("Enter a description of the film first.")
            return
        self._busy = True
        self._view.show_busy()
        threading.Thread(target=self._fetch, args=(plot.strip(),), daemon=True).start()
        self._view.later(_POLL_MS, self._poll)

    def _fetch(self, plot: str) -> None:
        try:
            self._answers.put(self._ask(plot))
        except AskingFailed as failure:
            self._answers.put(str(failure))
        except BaseException:
            self._answers.put("Something went wrong in this program; its terminal says what.")
            raise

    def _poll(self) -> None:
        try:
            answer = self._answers.get_nowait()
        except queue.Empty:
            self._view.later(_POLL_MS, self._poll)
            return
        self._busy = False
        if isinstance(answer, str):
            self._view.show_problem(answer)
        else:
            self._view.show_shares(answer)
