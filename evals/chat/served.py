"""A page in a process of its own, as a person starts it, and what it says of itself."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from indexer.errors import ResourceError

LONGEST = 180.0  # seconds a page may take to be there, or to be ready
_PAUSE = 0.02  # seconds between two looks
_MEMORY, _PROCESSOR = "process_resident_memory_bytes", "process_cpu_seconds_total"


@dataclass(frozen=True)
class Served:
    """Where it is, and when it was started by ``time.perf_counter()``."""

    address: str
    started: float
    process: subprocess.Popen[bytes]

    def there(self) -> float:
        """Wait for the page; the seconds from the start until it came. Raises ResourceError for none."""
        return self._until("/")

    def ready(self) -> float:
        """Wait until questions are answered; the seconds since the start. Raises ResourceError for never."""
        return self._until("/healthz")

    def memory(self) -> float:
        """Resident MB of the process."""
        return self._figure(_MEMORY) / 1e6

    def processor(self) -> float:
        """Seconds of processor time that it has used."""
        return self._figure(_PROCESSOR)

    def _figure(self, name: str) -> float:
        for line in httpx.get(f"{self.address}/metrics", timeout=30).text.splitlines():
            if line.startswith(f"{name} "):
                return float(line.split()[1])
        raise ResourceError(f"{self.address}/metrics has no {name}: it is counted on Linux alone")

    def _until(self, path: str) -> float:
        while time.perf_counter() - self.started < LONGEST:
            if self.process.poll() is not None:
                raise ResourceError(
                    f"the page ended with status {self.process.returncode} before it answered"
                )
            try:
                response = httpx.get(f"{self.address}{path}", timeout=30)
            except httpx.TransportError:
                time.sleep(_PAUSE)
                continue
            if response.status_code == httpx.codes.OK:
                return time.perf_counter() - self.started
            time.sleep(_PAUSE)
        raise ResourceError(f"the page did not answer {path} within {LONGEST:g} s")


@contextmanager
def serving(index: Path | None) -> Iterator[Served]:
    """``python -m assistant chat`` on a free port, with saved conversations of its own."""
    port = _free_port()
    command = [sys.executable, "-m", "assistant", "chat", "--port", str(port)]
    command += [] if index is None else ["--index", str(index)]
    with TemporaryDirectory(prefix="whoplayed-") as place:
        environment = {**os.environ, "WHOPLAYED_CHATS": str(Path(place) / "chats.db")}
        started = time.perf_counter()
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment) as process:
            try:
                yield Served(f"http://127.0.0.1:{port}", started, process)
            finally:
                process.terminate()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
