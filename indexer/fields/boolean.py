"""Yes-or-no fields: whether a title is for adults only."""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Sequence
from typing import Any, ClassVar

import numpy as np

from indexer.fields.arrays import Array, Bag, Batch, Csr, Floats, Ops, Weights
from indexer.fields.base import Configuration, Field, encode_bag, linear, own_rng, stated


class BooleanField(Field):
    """A value is ``True`` or ``False`` (or 1 or 0); anything else counts as missing.

    The likelihood is that of one yes-or-no, which starts from the share of the data that says yes.
    """

    kind: ClassVar[str] = "boolean"

    def __init__(self, name: str, width: int, *, share: float = 0.5) -> None:
        super().__init__(name, width)
        self.share = share

    def learn(self, values: Iterable[Any]) -> None:
        """The share of yes among the values, 0-1."""
        yes, count = 0, 0
        for value in values:
            if value in (True, False):
                yes, count = yes + bool(value), count + 1
        self.share = (yes + 1) / (count + 2)

    def features(self, values: Sequence[Any]) -> Bag:  # noqa: D102
        known = [value is not None and value in (True, False) for value in values]
        ids = [int(value) for value, said in zip(values, known, strict=True) if said]
        return Bag.of(f"{self.name}.table", Csr.of(ids, known))

    def initial(self, rng: np.random.Generator, made: Container[str] = ()) -> dict[str, Floats]:  # noqa: ARG002, D102
        own = own_rng(self.name, rng)
        return {
            f"{self.name}.table": linear(own, self.width, 2).T.copy(),
            f"{self.name}.decoder": linear(own, self.width, 1) * np.float32(0.1),
            f"{self.name}.bias": np.full(1, math.log(self.share / (1 - self.share)), np.float32),
        }

    def encode(self, batch: Batch, weights: Weights, ops: Ops) -> Array:  # noqa: D102
        return encode_bag(batch, weights, ops)

    def decode(self, latent: Array, weights: Weights) -> Array:
        """(B, 1) log-odds of yes."""
        return latent @ weights[f"{self.name}.decoder"] + weights[f"{self.name}.bias"]

    def score(self, latent: Array, batch: Batch, weights: Weights, ops: Ops) -> Array:  # noqa: D102
        said = stated(batch, 2, ops)
        odds = self.decode(latent, weights)[:, 0]
        return ops.log_sigmoid(odds * (said[:, 1] - said[:, 0])) * said.sum(-1)

    def predicted(self, latent: Array, weights: Weights, ops: Ops) -> list[Any]:
        """Whether yes is likelier than no."""
        return [bool(odds > 0) for odds in ops.host(self.decode(latent, weights))[:, 0]]

    def render(self, value: Any) -> str:  # noqa: D102
        return "unknown" if value is None else "yes" if value else "no"

    def state(self) -> Configuration:  # noqa: D102
        return {"share": self.share}
