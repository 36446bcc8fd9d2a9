"""The genre service as it is served: a real server on a free port, asked one by one and at once."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx

from evals.stats import quantile
from evals.tables import Bar, Line
from indexer.errors import ResourceError

# As its clients have always asked it; spelt out here, so that a change of them is noticed.
ROUTE, PARAMETER = "/small_bert/get_probabilities", "processed_description"
_PATIENCE = 60.0  # seconds until it listens
_CLIENTS, _ALONE, _EACH = 20, 200, 5


def lines(index: Path, plots: Sequence[str]) -> list[Line]:
    """p50 and p95 of the old route, and how many of 20 clients' requests at once fail."""
    with serving(index) as address, httpx.Client(trust_env=False, timeout=30) as client:
        _ask(client, address, plots[0])  # warms up
        times = [_ask(client, address, plots[n % len(plots)])[1] for n in range(_ALONE)]
        failed, slowest = _at_once(address, plots)
    return [
        Line("the route: p50", round(quantile(times, 0.5), 1), "ms"),
        Line("the route: p95", round(quantile(times, 0.95), 1), "ms", Bar(60, 25, least=False)),
        Line(f"{_CLIENTS} clients at once: errors", float(failed), "", Bar(0, 0, least=False),
             note=f"{_CLIENTS * _EACH} requests, the slowest {slowest:.0f} ms"),
    ]  # fmt: skip


@contextmanager
def serving(index: Path) -> Iterator[str]:
    """The address of ``python -m legacy_clients server`` over an index, once it answers.

    Raises ResourceError where it ends or does not answer within a minute.
    """
    port = _free_port()
    command = [sys.executable, "-m", "legacy_clients", "server", "--index", str(index), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _await(server, port)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _await(server: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        if server.poll() is not None:
            raise ResourceError(f"the service ended with status {server.returncode} before it served")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise ResourceError(f"the service on port {port} did not answer within {_PATIENCE:.0f} s")


def _ask(client: httpx.Client, address: str, plot: str) -> tuple[bool, float]:
    """Whether six shares came that sum to 1, and the milliseconds it took."""
    started = time.perf_counter()
    try:
        answer = client.get(address + ROUTE, params={PARAMETER: plot[:2000]})
        shares = answer.json()["probabilities"] if answer.status_code == 200 else {}
    except httpx.HTTPError:
        shares = {}
    good = len(shares) == 6 and abs(sum(shares.values()) - 1) < 1e-3
    return good, 1000 * (time.perf_counter() - started)


def _at_once(address: str, plots: Sequence[str]) -> tuple[int, float]:
    def client(number: int) -> list[tuple[bool, float]]:
        with httpx.Client(trust_env=False, timeout=30) as own:
            return [_ask(own, address, plots[(number + n) % len(plots)]) for n in range(_EACH)]

    with ThreadPoolExecutor(_CLIENTS) as pool:
        done = [one for answers in pool.map(client, range(_CLIENTS)) for one in answers]
    return sum(not good for good, _ in done), max(took for _, took in done)
