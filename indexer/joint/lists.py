"""Lists of ids laid end to end, as machine code: what a training step does with half a million ids."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from indexer.fields.arrays import Csr, Ints
from indexer.joint.compiled import compiled

Places = npt.NDArray[np.int32]


def through(rows: Csr, pool: Csr) -> Csr:
    """Each id replaced by the list it names in ``pool``, as ``Csr.through`` does it."""
    return Csr(*_through(rows.ids, rows.starts, pool.ids, pool.starts))


@compiled
def _through(ids: Places, starts: Ints, pool: Places, pool_starts: Ints) -> tuple[Places, Ints]:
    ends = np.zeros(len(starts), np.int64)
    for at in range(len(starts) - 1):
        total = ends[at]
        for place in range(starts[at], starts[at + 1]):
            total += pool_starts[ids[place] + 1] - pool_starts[ids[place]]
        ends[at + 1] = total
    found = np.empty(ends[-1], np.int32)
    filled = 0
    for one in ids:
        for place in range(pool_starts[one], pool_starts[one + 1]):
            found[filled] = pool[place]
            filled += 1
    return found, ends


@compiled
def inverted(ids: Ints, starts: Ints, scratch: Places) -> tuple[Ints, Ints, Ints]:
    """The (U,) distinct ids as they first come, and where each stands: owners (M,), lists that begin at (U,).

    ids: (M,) in B lists that begin at starts (B,), each below V. scratch: (V,) all -1, and so again after.
    """
    distinct, counts = np.empty(len(ids), np.int64), np.zeros(len(ids) + 1, np.int64)
    used = 0
    for one in ids:
        if scratch[one] < 0:
            scratch[one] = used
            distinct[used] = one
            used += 1
        counts[scratch[one] + 1] += 1
    first = np.cumsum(counts[: used + 1])
    owners, filled = np.empty(len(ids), np.int64), first[:-1].copy()
    for owner in range(len(starts)):
        end = starts[owner + 1] if owner + 1 < len(starts) else len(ids)
        for place in range(starts[owner], end):
            row = scratch[ids[place]]
            owners[filled[row]] = owner
            filled[row] += 1
    for row in range(used):
        scratch[distinct[row]] = -1
    return distinct[:used].copy(), owners, first[:-1].copy()
