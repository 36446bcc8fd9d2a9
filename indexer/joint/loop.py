"""The loop that trains a model: epochs, clock, learning rate, validation, checkpoints. Imports torch."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch

from indexer.errors import FormatMismatch
from indexer.fields.arrays import Ints
from indexer.joint.checkpoint import Arrays, Checkpoint, Position, refuse_shapes
from indexer.joint.distributed import Alone, Processes
from indexer.joint.history import PICTURE, History, draw_run
from indexer.joint.identity import Identity
from indexer.joint.model import Model
from indexer.progress import Progress, Task
from indexer.settings import JointSettings, Settings

_LEAST_STEPS = 60  # of a small catalogue, whose epochs would be few
_LOG_ENTRIES = 150
_LEAST_SHARE = 8  # credits: a batch that would leave a process fewer is passed over


@dataclass(frozen=True)
class RunOptions:
    """What a run leaves behind, and who takes part.

    checkpoint: a file to go on from where it is there, and to write; whoever gave it removes it.
    folder: for losses.jsonl and training.png. strict: whether a checkpoint of another run is an error, or
    passed over with a message.
    """

    checkpoint: Path | None = None
    folder: Path | None = None
    strict: bool = True
    processes: Processes = field(default_factory=Alone)


@dataclass
class Run:
    """One training of a model; ``position`` says how far it is.

    validate: a figure of the model, higher is better. It is looked at ``joint.looks`` times; the run ends
    when ``joint.patience`` looks brought nothing better, and the model keeps the weights of the best.
    """

    model: Model
    settings: Settings
    identity: Identity
    validate: Callable[[Model], float] | None = None
    options: RunOptions = field(default_factory=RunOptions)
    position: Position = field(default_factory=Position)

    def __post_init__(self) -> None:
        self._best: Arrays = {}
        self._resumed_rng: dict[str, Any] | None = None
        self._history = History(None, 1)
        self._clock = (0.0, 0.0)
        self._written = 0.0

    @property
    def _joint(self) -> JointSettings:
        return self.settings.joint

    def run(self, progress: Progress) -> None:
        """All epochs, or as many steps as the minutes allow; the learning rate falls to a twentieth on the
        way.

        Raises FormatMismatch where the checkpoint is of another run and the options are strict.
        """
        self._begin(progress)
        with _quick_products(), progress.task("joint: training", self._total(), "credits") as task:
            task.advance(self.position.credits)
            while not self.position.ended:
                self._epoch(task)
        self._end(progress)

    @property
    def facts(self) -> dict[str, Any]:
        """What the run says of itself."""
        position = self.position
        found = {
            "credits": position.credits,
            "cpu_s": round(position.cpu, 1),
            "wall_s": round(position.spent, 1),
            "data": self.identity.data,
        }
        return found if position.best is None else {**found, "validation": round(position.best, 4)}

    def batch(self) -> int:
        """The batch as set, smaller where the whole catalogue would fill only a few."""
        return min(self._joint.batch, max(self.model.credits // 8, 64))

    def epochs(self) -> int:
        """The epochs as set, more where they are few steps: a sample learns in seconds anyway."""
        step = min(self.batch(), self.model.credits)
        return max(self._joint.epochs, -(-_LEAST_STEPS * step // self.model.credits))

    def _steps(self) -> int:
        return -(-self.model.credits // self.batch()) * self.epochs()

    def _total(self) -> int:
        return self.model.credits * self.epochs()

    # ------------------------------------------------------------------------------------------ the steps

    def _epoch(self, task: Task) -> None:
        """The rest of an epoch."""
        position = self.position
        for batch in self._batches():
            if self._late():
                position.ended, position.stopped = True, "the time was up"
                return
            position.batch += 1
            self._step(batch, task)
            if position.ended:
                return
            self._save_when_due()
        position.epoch, position.batch = position.epoch + 1, 0
        position.ended = position.epoch >= self.epochs()

    def _batches(self) -> Iterator[tuple[Ints, Ints]]:
        """Those of this epoch that are still to come; their order depends on seed and epoch alone."""
        position, model = self.position, self.model
        model.rng = np.random.default_rng([self.settings.seed, position.epoch])
        batches = model.epoch(position.epoch, self.batch())
        for _ in range(position.batch):
            next(batches)
        if position.batch and self._resumed_rng is not None:
            model.rng = np.random.default_rng()
            model.rng.bit_generator.state = self._resumed_rng
        self._resumed_rng = None
        return batches

    def _step(self, batch: tuple[Ints, Ints], task: Task) -> None:
        position, group, size = self.position, self.options.processes, len(batch[0])
        rate = max(1.0 - self._share(), 0.05)
        position.credits += size
        if group.size == 1 or size >= _LEAST_SHARE * group.size:
            losses = self.model.step(*group.share(batch), rate, group.exchange)
            self._history.step(losses, size, self._entry(rate))
            task.advance(size, note=" ".join(f"{name} {value:.3f}" for name, value in losses.items()))
        if self.validate is not None and self._due_to_look():
            self._look(self.validate)

    def _entry(self, rate: float) -> dict[str, Any]:
        return {
            "credits": self.position.credits,
            "epoch": self.position.epoch,
            "seconds": round(self.position.spent, 2),
            "rate": round(rate * self._joint.learning_rate, 8),
        }

    def _share(self) -> float:
        """How far the run is, 0-1. The clock counts only where time runs out first, so that others
        reproduce.
        """
        done, spent = self.position.credits / self._total(), self.position.spent / self._limit()
        return spent if spent > done + 0.05 else done

    def _limit(self) -> float:
        return self._joint.max_minutes * 60

    def _late(self) -> bool:
        """Look at the clock; all processes at the first one's."""
        self._tick()
        self.position.spent = self.options.processes.agreed(self.position.spent)
        return self.position.spent > self._limit()

    def _tick(self) -> None:
        """Add what has passed to the run's clocks."""
        now, processor = time.monotonic(), time.process_time()
        self.position.spent += now - self._clock[0]
        self.position.cpu += processor - self._clock[1]
        self._clock = (now, processor)

    # ----------------------------------------------------------------------------------------- validation

    def _due_to_look(self) -> bool:
        every = max(self._steps() // max(self._joint.looks, 1), 1)
        done = self.position.epoch * (self._steps() // self.epochs()) + self.position.batch
        return done % every == 0

    def _look(self, validate: Callable[[Model], float]) -> None:
        position = self.position
        figure = self.options.processes.agreed(validate(self.model))
        position.looked = position.credits
        self._history.add({"credits": position.credits, "validation": round(figure, 5)})
        if position.best is None or figure > position.best:
            position.best, position.since = figure, 0
            self._best = {name: array.copy() for name, array in self.model.weights().items()}
            return
        position.since += 1
        if position.since >= self._joint.patience:
            position.ended = True
            position.stopped = f"{position.since} looks at the validation pairs brought nothing better"

    def _restore_best(self) -> None:
        if self._best:
            best = {f"weights/{name}": array for name, array in self._best.items()}
            self.model.load_state(self.model.state() | best)

    # ---------------------------------------------------------------------------------- beginning and end

    def _begin(self, progress: Progress) -> None:
        folder = self.options.folder if self.options.processes.rank == 0 else None
        entries: list[dict[str, Any]] = []
        found = self._saved(progress)
        if found is not None:
            progress.say(f"joint: goes on at {found.position.credits:,} of {self._total():,} credits")
            self.position, self._best, entries = found.position, found.best, found.entries
            self.model.load_state(found.state)
            self._resumed_rng = found.rng
        self._history = History(folder, max(self._total() // _LOG_ENTRIES, self.batch()), entries)
        self._clock = (time.monotonic(), time.process_time())
        self._written = time.monotonic()

    def _saved(self, progress: Progress) -> Checkpoint | None:
        """The run that the checkpoint holds."""
        path = self.options.checkpoint
        if path is None or not path.is_file():
            return None
        try:
            found = Checkpoint.load(path, self.identity)
            refuse_shapes(path, found.state, self.model.state())
        except FormatMismatch as error:
            if self.options.strict:
                raise
            progress.say(f"joint: begins anew, for {error}")
            return None
        return found

    def _save_when_due(self) -> None:
        if time.monotonic() - self._written >= self._joint.checkpoint_minutes * 60:
            self._save()

    def _save(self) -> None:
        path = self.options.checkpoint
        if path is None or self.options.processes.rank > 0:
            return
        self._tick()
        model, rng = self.model, dict(self.model.rng.bit_generator.state)
        saved = Checkpoint(
            self.identity, self.position, rng, model.state(), self._best, self._history.saved()
        )
        saved.save(path)
        self._written = time.monotonic()

    def _end(self, progress: Progress) -> None:
        if self.validate is not None and self.position.looked != self.position.credits:
            self._look(self.validate)
        self._history.close()
        self._restore_best()
        self._save()
        self._tick()
        if self._history.entries and self.options.folder is not None and self.options.processes.rank == 0:
            draw_run(self._history.entries, self.options.folder / PICTURE)
        progress.say(self._told())

    def _told(self) -> str:
        position = self.position
        seconds = position.cpu
        text = (
            f"joint: {position.credits:,} of {self._total():,} credits in {seconds:.0f} processor seconds "
            f"({position.credits / max(seconds, 1e-9):,.0f} a second)"
        )
        text += f", ended early: {position.stopped}" if position.stopped else ""
        return text if position.best is None else f"{text}; best validation {position.best:.1%}"


@contextmanager
def _quick_products() -> Iterator[None]:
    """Matrix products through bf16 where the processor has it: twice as fast, and training does not mind."""
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("medium")
    try:
        yield
    finally:
        torch.set_float32_matmul_precision(before)
