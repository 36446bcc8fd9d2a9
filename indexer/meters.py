"""What one step of a build costs: wall and processor seconds, and its peak of memory."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")


@dataclass
class Cost:
    """Filled in when the measured block ends."""

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_mb: float = 0.0

    def __str__(self) -> str:
        return f"{self.seconds:.1f} s, {self.cpu_seconds:.1f} s of processor, {self.peak_mb:,.0f} MB"

    def to_json(self) -> dict[str, float]:
        """Rounded for the manifest."""
        return {
            "seconds": round(self.seconds, 3),
            "cpu_seconds": round(self.cpu_seconds, 3),
            "peak_mb": round(self.peak_mb, 1),
        }


@contextmanager
def measured() -> Iterator[Cost]:
    """Measure a block; its peak is its own on Linux, that of the process so far elsewhere."""
    cost = Cost()
    _forget_peak()
    wall, cpu = time.perf_counter(), time.process_time()
    try:
        yield cost
    finally:
        cost.seconds = time.perf_counter() - wall
        cost.cpu_seconds = time.process_time() - cpu
        cost.peak_mb = peak_mb()


def peak_mb() -> float:
    """The most memory resident at once since the last measured block began, in MB (10**6 bytes)."""
    with suppress(OSError, ValueError, IndexError):
        for line in _STATUS.read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    scale = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale / 1e6


def _forget_peak() -> None:
    """Linux resets the high-water mark of memory when 5 is written there."""
    with suppress(OSError):
        _CLEAR.write_text("5", encoding="ascii")
