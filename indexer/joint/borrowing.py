"""Second halves for entities without known neighbours: those of entities that are called and described alike.

A title that nobody is known of yet stands by its name, year, genres and plot alone; who made the films
nearest to it in these (the earlier parts of its series, say) is the best guess at who made it.
"""

from __future__ import annotations

import numpy as np
import torch

from indexer.fields.arrays import Flags, Floats, Ints
from indexer.joint.space import halves, join

LENDERS = 10  # entities nearest by the first half that lend their second
_HEAT = 0.05  # of the softmax of cosines that weighs them
_AT_ONCE = 256  # rows of one table of cosines; with 100 thousand lenders it is 100 MB


def borrow(vectors: Floats, alone: Flags) -> Floats:
    """(N, D) unit rows; those marked in ``alone`` (N,) get the mean second half of the ten most like them.

    Cosines of the first halves say who is like whom and weigh the mean; rows that are marked or NaN lend
    nothing. The rows come back as they are where none is marked or none can lend.
    """
    lenders = np.flatnonzero(~alone & np.isfinite(vectors[:, 0]))
    borrowers = np.flatnonzero(alone & np.isfinite(vectors[:, 0]))
    if not len(lenders) or not len(borrowers):
        return vectors
    first, second = halves(vectors)
    found = vectors.copy()
    for start in range(0, len(borrowers), _AT_ONCE):
        at = borrowers[start : start + _AT_ONCE]
        found[at] = join(first[at], _lent(first, second, at, lenders))
    return found


def _lent(first: Floats, second: Floats, at: Ints, lenders: Ints) -> Floats:
    """(B, W) unit means of the second halves of the lenders most like the rows ``at`` (B,)."""
    cosines = torch.from_numpy(first[at]) @ torch.from_numpy(first[lenders]).T
    near, places = cosines.topk(min(LENDERS, len(lenders)), dim=1)
    weights = torch.softmax(near / _HEAT, dim=1)  # (B, 10)
    lent = torch.from_numpy(second)[torch.from_numpy(lenders)[places]]  # (B, 10, W)
    mean = torch.nn.functional.normalize((weights[:, :, None] * lent).sum(1), dim=1)
    found: Floats = mean.numpy()
    return found
