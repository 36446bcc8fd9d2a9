"""Training of the joint space: the loop. Imports torch."""

from __future__ import annotations

import ctypes
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch

from indexer.errors import InputError
from indexer.fields.arrays import Floats, Ints
from indexer.fields.table import FieldSpec, specs
from indexer.joint.embedding import embed_entities
from indexer.joint.entities import Entities, EntitySource, Keep
from indexer.joint.model import Model
from indexer.joint.space import JointSpace
from indexer.joint.towers import Towers
from indexer.progress import Progress, Task
from indexer.settings import Settings

__all__ = ["Run", "embed_entities", "learn", "train_joint", "train_on", "use_threads"]

_LEAST_STEPS = 60  # of a small catalogue, whose epochs would be few
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # of glibc's malloc.h


def train_joint(
    catalog: EntitySource,
    settings: Settings,
    progress: Progress,
    overview: tuple[Ints, Floats] | None = None,
    *,
    keep: Keep | None = None,
    credit_fields: bool = True,
) -> JointSpace:
    """A joint space for the catalogue's titles and people in scope.

    overview: ids (N,) and vectors (N, k) of plots, where there are some. keep: which credits may be known
    (all).
    credit_fields: whether rows hold other entities' names; false where film -> person is evaluated.
    The same seed and thread count give the same space. It ends early at ``settings.joint.max_minutes``,
    saying so.
    Raises InputError if nothing in scope has a credit.
    """
    use_threads(settings.threads)
    entities = Entities.from_catalog(catalog, settings.vectors, progress, overview, keep)
    return train_on(entities, settings, progress, credit_fields=credit_fields)


def train_on(
    entities: Entities, settings: Settings, progress: Progress, *, credit_fields: bool = True
) -> JointSpace:
    """``train_joint`` on entities already read."""
    if not len(entities.credits[0]):
        raise InputError("no title in scope has a credit: lower vectors.min_votes or import title.principals")
    size = None if entities.overview is None else entities.overview.shape[1]
    lines = specs(size, credits=credit_fields)
    width = settings.joint.width
    towers = Towers(lines, {line.key: line.make(width, _strings(line, entities)) for line in lines}, width)
    learn(towers, entities)
    model = Model(towers, entities, settings)
    run = Run(model, settings)
    run.run(progress)
    space = JointSpace(towers, model.weights(), settings.joint, {"seed": settings.seed, **run.facts})
    space.entities = entities
    return space


def _strings(line: FieldSpec, entities: Entities) -> int | None:
    """How many different strings a text field's table has to tell apart; ``None`` for other fields."""
    pool = entities.pools.get(line.options.get("table", ""))
    return None if pool is None else len(pool)


def use_threads(threads: int) -> None:
    """Let torch use so many threads, all cores for 0, and give equal results for equal counts."""
    _keep_freed_memory()
    torch.set_num_threads(threads or os.cpu_count() or 1)
    torch.use_deterministic_algorithms(True, warn_only=True)


def _keep_freed_memory() -> None:
    """Tell glibc not to hand every large block back to the system: page faults cost more than the
    arithmetic.
    """
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        libc.mallopt(_M_MMAP_THRESHOLD, 1 << 25)
        libc.mallopt(_M_TRIM_THRESHOLD, 1 << 30)


@contextmanager
def _quick_products() -> Iterator[None]:
    """Matrix products through bf16 where the processor has it: twice as fast, and training does not mind."""
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("medium")
    try:
        yield
    finally:
        torch.set_float32_matmul_precision(before)


def learn(towers: Towers, entities: Entities) -> None:
    """The statistics of every field that is not text; tables of text are learned from their pools."""
    for key, field in towers.fields.items():
        if key in entities.values:
            field.learn(entities.values[key])
        elif key == "title/overview" and entities.overview is not None:
            field.learn(row for row in entities.overview if np.isfinite(row[0]))


class Run:
    """The loop over a model: epochs, batches, the clock and the learning rate."""

    def __init__(self, model: Model, settings: Settings) -> None:
        self._model, self._settings, self._joint = model, settings, settings.joint
        self.facts: dict[str, Any] = {}

    def run(self, progress: Progress) -> None:
        """All epochs, or as many steps as the minutes allow; the learning rate falls to a twentieth on the
        way.
        """
        started, processor = time.monotonic(), time.process_time()
        epochs = self._epochs()
        total = self._model.credits * epochs
        done = 0
        with _quick_products(), progress.task("joint: training", total=total, unit="credits") as task:
            for epoch in range(epochs):
                done = self._epoch(epoch, done, total, started, task)
        seconds = time.process_time() - processor
        self.facts = {
            "credits": done,
            "cpu_s": round(seconds, 1),
            "wall_s": round(time.monotonic() - started, 1),
        }
        rate = done / max(seconds, 1e-9)
        progress.say(
            f"joint: {done:,} of {total:,} credits in {seconds:.0f} processor seconds ({rate:,.0f} a second)"
        )

    def _batch(self) -> int:
        """The batch as set, smaller where the whole catalogue would fill only a few."""
        return min(self._joint.batch, max(self._model.credits // 8, 64))

    def _epochs(self) -> int:
        """The epochs as set, more where they are few steps: a sample learns in seconds anyway."""
        return max(self._joint.epochs, -(-_LEAST_STEPS * self._batch() // self._model.credits))

    def _epoch(self, epoch: int, done: int, total: int, started: float, task: Task) -> int:
        limit = self._joint.max_minutes * 60
        for titles, people in self._model.epoch(epoch, self._batch()):
            spent = time.monotonic() - started
            if spent > limit:
                break
            share = _progress(done / total, spent / limit)
            losses = self._model.step(titles, people, max(1.0 - share, 0.05))
            done += len(titles)
            task.advance(len(titles), note=" ".join(f"{name} {value:.3f}" for name, value in losses.items()))
        return done


def _progress(done: float, spent: float) -> float:
    """How far a run is, 0-1. The clock counts only where time runs out first, so that others reproduce."""
    return spent if spent > done + 0.05 else done
