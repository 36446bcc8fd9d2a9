"""How often somebody may ask: token buckets, one for each browser and address, the last used ones kept."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from assistant.chat.limits import Rate

Clock = Callable[[], float]


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float  # when there were so many


class Buckets:
    """A bucket for each key, for any thread; at most ``most`` are kept, those used last.

    A new key has a full bucket, so that a forgotten one loses nothing but its debt.
    """

    def __init__(self, rate: Rate, most: int, clock: Clock = time.monotonic) -> None:
        self.rate, self._most, self._clock = rate, most, clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._buckets)

    def take(self, key: str) -> float:
        """Take a token: 0.0, or the seconds until there is one, and then none is taken."""
        with self._lock:
            bucket = self._filled(key)
            if bucket.tokens < 1:
                return self._seconds(bucket)
            bucket.tokens -= 1
            return 0.0

    def wait(self, key: str) -> float:
        """The seconds until a token can be taken; 0.0 for now."""
        with self._lock:
            return self._seconds(self._filled(key)) if key in self._buckets else 0.0

    def give_back(self, key: str) -> None:
        """Put a token back that was taken for nothing."""
        with self._lock:
            bucket = self._filled(key)
            bucket.tokens = min(self.rate.burst, bucket.tokens + 1)

    def _filled(self, key: str) -> _Bucket:
        """The key's bucket as it is now, marked as the last used."""
        now = self._clock()
        bucket = self._buckets.setdefault(key, _Bucket(self.rate.burst, now))
        gained = (now - bucket.at) * self.rate.per_minute / 60
        bucket.tokens, bucket.at = min(self.rate.burst, bucket.tokens + gained), now
        self._buckets.move_to_end(key)
        while len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return bucket

    def _seconds(self, bucket: _Bucket) -> float:
        return max(0.0, (1 - bucket.tokens) * 60 / self.rate.per_minute)


def whole_seconds(seconds: float) -> int:
    """For a Retry-After header or a person: rounded up, at least 1."""
    return max(1, math.ceil(seconds))
