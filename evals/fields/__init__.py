"""Field models alone: what the joint space remembers of each field, and which encodings the table should
declare.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evals.tables import Table
    from indexer.index import Index
    from indexer.progress import Progress


def run(index: Index, progress: Progress, seeds: int = 3) -> list[Table]:
    """What the joint space remembers; scalars beside digits over 5 seeds or more; encoders of text over
    ``seeds``. About five minutes of one idle thread with the real data, half of it for the encoders of text.
    """
    from evals.fields import encodings, reconstruction, texts
    from indexer.joint.training import use_threads

    with use_threads(1):  # processor time is compared
        return [
            reconstruction.run(index, progress),
            encodings.run(index, progress, encodings.Size(seeds=max(seeds, 5))),
            texts.run(index, progress, seeds=seeds),
        ]
