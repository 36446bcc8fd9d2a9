"""Vector fields: a vector that another model made, such as an overview's."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from typing import Any, ClassVar

import numpy as np

from indexer.errors import ShapeError
from indexer.fields.arrays import Array, Batch, Dense, Floats, Ops, Weights, unit
from indexer.fields.base import Configuration, Field, linear, own_rng

_SHARPNESS = 10.0


class VectorField(Field):
    """A value is a (size,) float vector; only its direction counts, its mean over the data is taken off.

    The likelihood is that of a von Mises-Fisher distribution without its constant: 10 times the cosine.
    """

    kind: ClassVar[str] = "vector"

    def __init__(self, name: str, width: int, *, size: int, mean: Sequence[float] = ()) -> None:
        super().__init__(name, width)
        self.size = size
        self.mean = np.asarray(mean, np.float32) if len(mean) else np.zeros(size, np.float32)

    def learn(self, values: Iterable[Any]) -> None:
        """The mean direction."""
        total, count = np.zeros(self.size), 0
        for value in values:
            if value is not None:
                total, count = total + unit(np.asarray(value, np.float64)), count + 1
        self.mean = (total / max(count, 1)).astype(np.float32)

    def features(self, values: Sequence[Any]) -> Dense:
        """Unit rows (B, size). Raises ShapeError for a vector of another length."""
        rows = np.zeros((len(values), self.size), np.float32)
        present = np.array([value is not None for value in values], np.float32)
        for index, value in enumerate(values):
            if value is not None:
                rows[index] = self._checked(value)
        return self.dense(rows, present)

    def dense(self, rows: Floats, present: Floats) -> Dense:
        """The same for rows (B, size) already in one array, 0 in ``present`` (B,) where missing."""
        centred = unit(unit(rows) - self.mean)
        return Dense((centred * present[:, None]).astype(np.float32), present)

    def _checked(self, value: Any) -> Floats:
        vector = np.asarray(value, np.float32)
        if vector.shape != (self.size,):
            raise ShapeError(
                f"field {self.name} takes vectors of {self.size} numbers, not of shape {vector.shape}"
            )
        return vector

    def initial(self, rng: np.random.Generator, made: Container[str] = ()) -> dict[str, Floats]:  # noqa: ARG002, D102
        own = own_rng(self.name, rng)
        return {
            f"{self.name}.encoder": linear(own, self.size, self.width),
            f"{self.name}.decoder": linear(own, self.width, self.size),
        }

    def encode(self, batch: Batch, weights: Weights, ops: Ops) -> Array:  # noqa: D102
        assert isinstance(batch, Dense)  # noqa: S101 - as made by features
        return ops.unit(batch.values @ weights[f"{self.name}.encoder"])

    def decode(self, latent: Array, weights: Weights) -> Array:
        """(B, size) unit rows."""
        return unit(latent @ weights[f"{self.name}.decoder"])

    def score(self, latent: Array, batch: Batch, weights: Weights, ops: Ops) -> Array:  # noqa: ARG002, D102
        assert isinstance(batch, Dense)  # noqa: S101 - as made by features
        return _SHARPNESS * (self.decode(latent, weights) * batch.values).sum(-1) * batch.present

    def predicted(self, latent: Array, weights: Weights, ops: Ops) -> list[Any]:
        """Unit vectors, the mean of the data taken off."""
        return list(ops.host(self.decode(latent, weights)))

    def render(self, value: Any) -> str:  # noqa: D102
        return "unknown" if value is None else f"a vector of {self.size} numbers"

    def state(self) -> Configuration:  # noqa: D102
        return {"size": self.size, "mean": [round(float(number), 6) for number in self.mean]}
