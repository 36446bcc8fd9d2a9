"""What stands between a visitor and the assistant: how often, how many at once, how long; and counts it."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from assistant.answer import Answer
from assistant.chat.clients import Visitor
from assistant.chat.figures import Figures
from assistant.chat.limits import Limits
from assistant.chat.rates import Buckets, whole_seconds
from assistant.chat.workers import Workers
from indexer.deadline import TooLate
from indexer.errors import Busy, InputError, ResourceError, WhoplayedError

if TYPE_CHECKING:
    from assistant.engine import Answerer

log = logging.getLogger("whoplayed.chat")
Found = TypeVar("Found")


class TooOften(ResourceError):
    """Somebody asks more often than they may; ``seconds`` until the next question."""

    def __init__(self, seconds: float) -> None:
        self.seconds = whole_seconds(seconds)
        count = "a second" if self.seconds == 1 else f"{self.seconds:,} seconds"
        super().__init__(f"That is more than this page answers at a time: please wait {count} and ask again.")


class TookTooLong(ResourceError):
    """A question was given up at its time limit; the log has it under the message's id."""


class Service:
    """Asks an assistant for visitors, within ``limits``, and counts it in ``figures``. For any thread.

    An assistant that is still being opened is waited for before a question's time begins.
    """

    def __init__(
        self, assistant: Answerer, limits: Limits | None = None, figures: Figures | None = None
    ) -> None:
        self.limits, self.figures = limits or Limits(), figures or Figures()
        self._assistant = assistant
        self.workers = Workers(self.limits.at_once, self.limits.abandoned, self.limits.waiting)
        self._browsers = Buckets(self.limits.browser, self.limits.remembered)
        self._viewers = Buckets(self.limits.views, self.limits.remembered)
        self._addresses = Buckets(self.limits.address, self.limits.remembered)
        self._buckets = (self._browsers, self._viewers, self._addresses)
        self.figures.watch(self.build, self._now)

    def to(self, visitor: Visitor, function: str = "chat") -> Answerer:
        """The assistant as one visitor may ask it."""
        return _Counter(self, visitor, function)

    def do(self, visitor: Visitor, function: str, work: Callable[[], Found]) -> Found:
        """What ``work`` gives, under all limits.

        Raises TooOften, TookTooLong, Busy, and what ``work`` raises.
        """
        return self._counted(visitor, function, work, self._browsers)

    def look(self, visitor: Visitor, view: str, work: Callable[[], Found]) -> Found:
        """The same for a tab beside the chat; how often, the limit ``views`` says instead of ``browser``."""
        return self._counted(visitor, view, work, self._viewers)

    def wait(self, visitor: Visitor) -> float:
        """The seconds until a visitor may ask; 0.0 for now."""
        return max(
            self._addresses.wait(visitor.address),
            self._browsers.wait(visitor.key) if visitor.key is not None else 0.0,
        )

    def close(self) -> None:
        """Let the threads go."""
        self.workers.close()

    def build(self) -> str | None:
        """The id of the build that serves; None until one is open."""
        if not getattr(self._assistant, "ready", True):
            return None
        index = getattr(self._open(), "index", None)
        return None if index is None else str(index.manifest["id"])

    @property
    def standing(self) -> str:
        """ "opening", "ready" or "failed"."""
        if getattr(self._assistant, "failed", False):
            return "failed"
        return "ready" if getattr(self._assistant, "ready", True) else "opening"

    def answer(self, question: str, history: Sequence[Mapping[str, Any]], explain: bool) -> Answer:
        """What the open assistant answers, without any limit."""
        return self._open().answer(question, history, explain=explain)

    def _open(self) -> Answerer:
        wait = getattr(self._assistant, "wait", None)
        return self._assistant if wait is None else wait()

    def _counted(
        self, visitor: Visitor, function: str, work: Callable[[], Found], browsers: Buckets
    ) -> Found:
        with self.figures.asked(function, _status) as status:
            found = self._done(visitor, work, browsers)
            if isinstance(found, Answer):
                status[0] = str(found.status)
                self.figures.answered(found)
            return found

    def _done(self, visitor: Visitor, work: Callable[[], Found], browsers: Buckets) -> Found:
        self._admit(visitor, browsers)
        self._open()
        try:
            return self.workers.run(work, self.limits.seconds, self.limits.patience)
        except TooLate as error:
            raise TookTooLong(self._reported()) from error

    def _admit(self, visitor: Visitor, browsers: Buckets) -> None:
        """Take a token of the address and of the browser. Raises TooOften, and then takes none."""
        if seconds := self._addresses.take(visitor.address):
            raise TooOften(seconds)
        if visitor.key is not None and (seconds := browsers.take(visitor.key)):
            self._addresses.give_back(visitor.address)
            raise TooOften(seconds)

    def _reported(self) -> str:
        report = secrets.token_hex(4)
        log.warning("report %s: a question was given up after %g s", report, self.limits.seconds)
        return (
            f"That took longer than {self.limits.seconds:g} seconds, so I stopped looking; it is in the log "
            f"as {report}. Please ask for something narrower, or again in a moment."
        )

    def _now(self) -> list[tuple[str, str, float]]:
        workers = self.workers
        return [
            ("whoplayed_in_flight", "Questions that are being answered", workers.running),
            ("whoplayed_waiting", "Questions that wait for their turn", workers.waiting),
            ("whoplayed_abandoned", "Questions past their time that still run", workers.abandoned),
            ("whoplayed_buckets", "Rate limits that are kept", sum(map(len, self._buckets))),
        ]


@dataclass(frozen=True)
class _Counter:
    """Where one visitor asks."""

    service: Service
    visitor: Visitor
    function: str

    def answer(
        self, question: str, history: Sequence[Mapping[str, str]] = (), *, explain: bool = False
    ) -> Answer:
        return self.service.do(
            self.visitor, self.function, lambda: self.service.answer(question, history, explain)
        )


_STATUSES: tuple[tuple[type[BaseException], str], ...] = (
    (TooOften, "too often"),
    (TookTooLong, "late"),
    (Busy, "busy"),
    (InputError, "invalid"),
    (WhoplayedError, "refused"),
)


def _status(error: BaseException) -> str:
    """How a call ended that raised."""
    return next((status for kind, status in _STATUSES if isinstance(error, kind)), "failed")
