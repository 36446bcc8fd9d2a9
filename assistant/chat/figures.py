"""What the server counts, as Prometheus reads it; never what was asked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from prometheus_client import (
    CollectorRegistry,
    Counter,
    GCCollector,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from assistant.answer import Answer

# Seconds: a stage takes some milliseconds, an answer some tens of them, and three seconds at most.
_BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 1.0, 2.0, 3.0, 5.0, 10.0)
Now = Callable[
    [], Iterable[tuple[str, str, float]]
]  # name, meaning, value of gauges read when they are asked for


class Figures:
    """Counters and histograms of one server, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self._asked = Counter(
            "whoplayed_questions",
            "Questions and calls by function, and how they ended",
            ("function", "status"),
            registry=self.registry,
        )
        self._took = Histogram(
            "whoplayed_answer_seconds",
            "From being taken to being answered, waiting included",
            ("function", "status"),
            buckets=_BOUNDS,
            registry=self.registry,
        )
        self._stages = Histogram(
            "whoplayed_stage_seconds",
            "What each stage of an answer took",
            ("stage", "status"),
            buckets=_BOUNDS,
            registry=self.registry,
        )
        self._refused = Counter(
            "whoplayed_refused_requests", "Requests refused at the door", ("reason",), registry=self.registry
        )

    @contextmanager
    def asked(self, function: str, status_of: Callable[[BaseException], str]) -> Iterator[list[str]]:
        """Counts one call; the caller puts its status into the list, an error has that of ``status_of``."""
        began, status = time.perf_counter(), ["answered"]
        try:
            yield status
        except BaseException as error:
            status[0] = status_of(error)
            raise
        finally:
            self._asked.labels(function, status[0]).inc()
            self._took.labels(function, status[0]).observe(time.perf_counter() - began)

    def answered(self, answer: Answer) -> None:
        """Counts the stages of an answer."""
        for name, milliseconds in answer.stages.items():
            stage = name.removesuffix("_ms")
            self._stages.labels(stage, str(answer.status)).observe(milliseconds / 1000)

    def refused(self, reason: str) -> None:
        """Counts a request that went no further than the door."""
        self._refused.labels(reason).inc()

    def watch(self, build: Callable[[], str | None], now: Now) -> None:
        """Also tell, whenever somebody looks, the build that serves and how things stand."""
        self.registry.register(_Now(build, now))

    def text(self) -> bytes:
        """In Prometheus' text format."""
        return generate_latest(self.registry)


class _Now(Collector):
    def __init__(self, build: Callable[[], str | None], now: Now) -> None:
        self._build, self._now = build, now

    def collect(self) -> Iterable[Metric]:
        build = InfoMetricFamily("whoplayed_build", "The build that serves; empty until it is open")
        build.add_metric((), {"id": self._build() or ""})
        yield build
        for name, meaning, value in self._now():
            yield GaugeMetricFamily(name, meaning, value)
