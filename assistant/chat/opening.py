"""An assistant that is still being opened, behind the interface of an open one: the page does not wait."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from typing import TYPE_CHECKING, Generic, TypeVar

from assistant.answer import Answer
from indexer.errors import ResourceError

if TYPE_CHECKING:
    from assistant.engine import Answerer

Opened = TypeVar("Opened", bound="Answerer")
PATIENCE = 120.0  # seconds a question waits for the index


class OpeningAssistant(Generic[Opened]):
    """Opens an assistant in a thread; questions wait for it. ``start()`` begins, ``wait()`` gives it."""

    def __init__(self, open_assistant: Callable[[], Opened], patience: float = PATIENCE) -> None:
        self._open, self._patience = open_assistant, patience
        self._opened: Future[Opened] = Future()

    @property
    def ready(self) -> bool:
        """Whether questions are answered by now."""
        return self._opened.done() and self._opened.exception() is None

    @property
    def failed(self) -> bool:
        """Whether opening it has failed; ``wait()`` raises why."""
        return self._opened.done() and self._opened.exception() is not None

    def start(self, failed: Callable[[], None] = lambda: None) -> None:
        """Begin; ``failed`` is called where it could not be opened, and ``wait()`` then raises why."""
        threading.Thread(target=self._run, args=(failed,), name="opening", daemon=True).start()

    def wait(self, seconds: float | None = None) -> Opened:
        """The open assistant. Raises what opening it raised, or ResourceError after ``seconds``."""
        try:
            return self._opened.result(self._patience if seconds is None else seconds)
        except NotYet:
            raise ResourceError("The index is still being opened. Please ask again in a moment.") from None

    def answer(
        self, question: str, history: Sequence[Mapping[str, str]] = (), *, explain: bool = False
    ) -> Answer:
        """As ``Assistant.answer``, after ``wait()``."""
        return self.wait().answer(question, history, explain=explain)

    def close(self) -> None:
        """Close the assistant where it is open."""
        end = getattr(self._opened.result(), "close", None) if self.ready else None
        if callable(end):
            end()

    def _run(self, failed: Callable[[], None]) -> None:
        try:
            self._opened.set_result(self._open())
        except BaseException as error:  # noqa: BLE001 - carried over to whoever waits, in their thread
            self._opened.set_exception(error)
            failed()
