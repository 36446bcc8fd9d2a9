"""A time by which an answer must be found, carried along by the thread that looks for it.

    with within(3.0):
        check()  # raises TooLate when three seconds have passed

Nothing is interrupted: the catalogue asks before and during every statement, and so does whoever loops over
much else, once a round. Without ``within`` there is no limit.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from indexer.errors import ResourceError

_DUE: ContextVar[float] = ContextVar("due", default=math.inf)


class TooLate(ResourceError):
    """The time that was given has passed."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Until it ends, ``check()`` raises once ``seconds`` have passed; an earlier limit around it stands."""
    token = _DUE.set(min(due(), time.monotonic() + seconds))
    try:
        yield
    finally:
        _DUE.reset(token)


@contextmanager
def lifted() -> Iterator[None]:
    """Until it ends there is no limit: for what all later questions need, too, such as opening a model."""
    token = _DUE.set(math.inf)
    try:
        yield
    finally:
        _DUE.reset(token)


def due() -> float:
    """When this thread must be done, by ``time.monotonic()``; infinite without a limit."""
    return _DUE.get()


def check() -> None:
    """Raises TooLate where the time has passed."""
    if time.monotonic() > due():
        raise TooLate("this takes longer than it may: ask for something narrower")
