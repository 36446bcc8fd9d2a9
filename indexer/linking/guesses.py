"""What the joint model thinks of a field of which the catalogue has no value for a candidate."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from indexer.errors import InputError
from indexer.fields.rows import Row

if TYPE_CHECKING:
    from indexer.joint.space import JointSpace
    from indexer.vectors import Vectors

Array = npt.NDArray[Any]
COLLECTIONS = {"title": "titles", "person": "people"}
_SAMPLE = 256  # entities that stand for all
_MOST = 8.0  # nats that a guess may add or take


class Guesses:
    """The joint model's own likelihoods, in nats over what it gives a random entity; at most 8 either way."""

    def __init__(self, joint: JointSpace, vectors: Vectors) -> None:
        self._joint, self._vectors = joint, vectors
        self._sample = cache(self._drawn)

    def nats(self, row: Row, field: str, latents: Array) -> Array:
        """(K,) for latents (K, D), NaN rows for candidates without a vector: these get 0."""
        there = ~np.isnan(latents[:, 0])
        found = np.zeros(len(latents))
        if row.values.get(field) is None or not there.any():
            return found
        usual = self._sample(row.kind)
        try:
            nats = self._joint.log_likelihood(
                np.concatenate([usual, latents[there]]), field, row.values[field], row.kind
            )
        except InputError:  # the space was trained without the field
            return found
        level = np.logaddexp.reduce(nats[: len(usual)]) - np.log(max(len(usual), 1))
        found[there] = np.clip(nats[len(usual) :] - level, -_MOST, _MOST)
        return found

    def _drawn(self, kind: str) -> Array:
        """(S, D) vectors of every so many entities."""
        ids = self._vectors.ids(COLLECTIONS[kind])
        step = max(len(ids) // _SAMPLE, 1)
        return self._vectors.rows(COLLECTIONS[kind], np.asarray(ids[::step][:_SAMPLE]))
