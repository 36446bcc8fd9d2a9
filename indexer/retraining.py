"""Training the joint space of an index again, with other settings or in several processes."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from indexer.progress import Progress
from indexer.settings import Settings
from indexer.steps import CHECKPOINT

if TYPE_CHECKING:
    from indexer.index import Index
    from indexer.joint.loop import RunOptions
    from indexer.joint.space import JointSpace


@dataclass(frozen=True)
class Changes:
    """What is otherwise than when the index was built; ``None``: nothing."""

    epochs: int | None = None
    minutes: float | None = None
    seed: int | None = None
    threads: int | None = None
    validate: bool = False

    def over(self, settings: Settings) -> Settings:
        """The settings with the changes."""
        joint = _given(epochs=self.epochs, max_minutes=self.minutes, validate=self.validate or None)
        changed = dataclasses.replace(settings.joint, **joint)
        return settings.replace(joint=changed, **_given(seed=self.seed, threads=self.threads))


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def retrain(index: Index, out: Path, changes: Changes, progress: Progress) -> Iterator[str]:
    """Train on what the index holds and write the space to ``out``; says in lines what came of it.

    Goes on from the checkpoint of an interrupted run in ``out``. Raises FormatMismatch where that was another
    run, InputError where nothing in scope has a credit.
    """
    from indexer.joint.distributed import processes
    from indexer.joint.loop import RunOptions

    group = processes()
    try:
        first = group.rank == 0
        options = RunOptions(out / CHECKPOINT, out, processes=group)
        told = progress if first else Progress.silent()
        space = _trained(index, options, changes.over(index.settings), told)
        if first:
            space.save(out)
            (out / CHECKPOINT).unlink()
            yield f"{out}: {_told(space)}"
    finally:
        group.close()


def _trained(index: Index, options: RunOptions, settings: Settings, progress: Progress) -> JointSpace:
    from indexer.joint.training import train_joint

    return train_joint(index.catalog, settings, progress, index.overviews, options=options)


def _told(space: JointSpace) -> str:
    facts = space.facts
    text = f"{facts['credits']:,} credits in {facts['wall_s']:.0f} s"
    return f"{text}, validation recall@10 {facts['validation']:.1%}" if "validation" in facts else text
