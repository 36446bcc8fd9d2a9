"""Trains on made-up credits in as many processes as ``torchrun`` starts; tells the validation figure.

``python -m torch.distributed.run --standalone --nproc_per_node 2 -m tests.indexer.joint.two_processes DIR``
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
from pathlib import Path

import numpy as np

from indexer.catalog.records import Credit
from indexer.fields.arrays import Weights
from indexer.joint.distributed import processes
from indexer.joint.loop import RunOptions
from indexer.joint.training import train_joint
from indexer.progress import Progress
from indexer.settings import JointSettings, Settings
from tests.indexer.joint.studio import Studio

EPOCHS = 12
GROUP, CAST = 10, 6


class Companies(Studio):
    """80 titles and people in eight companies of ten, each title with six of its company: whom it lacks is
    easily guessed.
    """

    def __init__(self) -> None:
        super().__init__(80)
        rng = random.Random(2)
        self.credits = [
            Credit(title.id, self.people[p].id, place + 1, "actor", None, ())
            for t, title in enumerate(self.titles)
            for place, p in enumerate(rng.sample(range(t // GROUP * GROUP, t // GROUP * GROUP + GROUP), CAST))
        ]


def main() -> None:
    """A file of JSON from every process, in the folder that is the program's argument."""
    group = processes()
    joint = JointSettings(
        width=32, epochs=EPOCHS, batch=128, learning_rate=0.005, validate=True, looks=1, max_minutes=5.0
    )
    options = RunOptions(processes=group)
    space = train_joint(Companies(), Settings(threads=1, joint=joint), Progress.silent(), options=options)
    found = {"rank": group.rank, "of": group.size, "validation": space.facts["validation"]}
    text = json.dumps({**found, "weights": digest(space.weights)})
    (Path(sys.argv[1]) / f"{group.rank}.json").write_text(text)
    group.close()


def digest(weights: Weights) -> str:
    """Equal for equal weights."""
    found = hashlib.sha256()
    for name in sorted(weights):
        found.update(np.ascontiguousarray(weights[name]).tobytes())
    return found.hexdigest()


if __name__ == "__main__":
    main()
