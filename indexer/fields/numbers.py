"""Number fields: digit by digit (years, where a neighbour is nearly right) or on a scale (runtime, rating,
votes).
"""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Sequence
from typing import Any, ClassVar, Literal

import numpy as np

from indexer.errors import InputError
from indexer.fields.arrays import Array, Bag, Batch, Csr, Dense, Floats, Ops, Weights, unit
from indexer.fields.base import Configuration, Field, encode_bag, linear, own_rng

_CENTRES = np.linspace(-3.0, 3.0, 16, dtype=np.float32)
_HALF_LOG_2PI = 0.5 * math.log(2 * math.pi)


class NumericDigitCategoryField(Field):
    """A whole number as a class per digit; one outside 0..base**digits - 1 counts as missing.

    The likelihood is the sum over the digits of their log-probabilities.
    """

    kind: ClassVar[str] = "digits"

    def __init__(self, name: str, width: int, *, digits: int = 4, base: int = 10) -> None:
        super().__init__(name, width)
        self.digits = digits
        self.base = base

    def learn(self, values: Iterable[Any]) -> None:
        """Nothing: the digits are declared."""

    def features(self, values: Sequence[Any]) -> Bag:  # noqa: D102
        ids = [self._digits(value) for value in values]
        lists = Csr.of([item for group in ids for item in group], [len(group) for group in ids])
        return Bag.of(f"{self.name}.table", lists)

    def _digits(self, value: Any) -> list[int]:
        if value is None or not 0 <= value < self.base**self.digits:
            return []
        number = int(value)
        return [place * self.base + number // self.base**place % self.base for place in range(self.digits)]

    def initial(self, rng: np.random.Generator, made: Container[str] = ()) -> dict[str, Floats]:  # noqa: ARG002, D102
        own, count = own_rng(self.name, rng), self.digits * self.base
        return {
            f"{self.name}.table": linear(own, self.width, count).T.copy(),
            f"{self.name}.decoder": linear(own, self.width, count),
            f"{self.name}.bias": np.zeros(count, np.float32),
        }

    def encode(self, batch: Batch, weights: Weights, ops: Ops) -> Array:  # noqa: D102
        return encode_bag(batch, weights, ops)

    def decode(self, latent: Array, weights: Weights) -> Array:
        """(B, digits, base) logits, the last digit of the number first."""
        logits = latent @ weights[f"{self.name}.decoder"] + weights[f"{self.name}.bias"]
        return logits.reshape(-1, self.digits, self.base)

    def score(self, latent: Array, batch: Batch, weights: Weights, ops: Ops) -> Array:  # noqa: D102
        assert isinstance(batch, Bag)  # noqa: S101 - as made by features
        log_p = ops.log_softmax(self.decode(latent, weights)).reshape(-1, self.digits * self.base)
        return (log_p * self._said(batch, ops)).sum(-1)

    def _said(self, batch: Bag, ops: Ops) -> Array:
        """(B, digits * base) 1 at each digit of each value."""
        ids, starts = np.asarray(batch.ids.tolist(), np.int64), np.asarray(batch.starts.tolist(), np.int64)
        said = np.zeros((len(starts), self.digits * self.base), np.float32)
        said[np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(ids)))), ids] = 1
        return ops.array(said)

    def state(self) -> Configuration:  # noqa: D102
        return {"digits": self.digits, "base": self.base}

    @classmethod
    def restore(cls, name: str, width: int, state: Configuration) -> NumericDigitCategoryField:  # noqa: D102
        return cls(name, width, digits=state["digits"], base=state["base"])


Scale = Literal["plain", "log"]


class ScalarField(Field):
    """A number on a scale, standardised (after a logarithm of 1 + x for ``log``) and clipped at three
    deviations.

    It is encoded through 16 bumps along the scale. The likelihood is that of a normal distribution round
    the decoded mean, per standard deviation.
    """

    kind: ClassVar[str] = "scalar"

    def __init__(
        self, name: str, width: int, *, scale: Scale = "plain", mean: float = 0.0, deviation: float = 1.0
    ) -> None:
        super().__init__(name, width)
        if scale not in ("plain", "log"):
            raise InputError(f"scale of {name} is {scale!r}: expected plain or log")
        self.scale: Scale = scale
        self.mean = mean
        self.deviation = deviation

    def learn(self, values: Iterable[Any]) -> None:
        """Mean and deviation, in one pass (Welford 1962)."""
        count, mean, squares = 0, 0.0, 0.0
        for value in values:
            if value is not None:
                count += 1
                step = self._scaled(value) - mean
                mean += step / count
                squares += step * (self._scaled(value) - mean)
        self.mean = mean
        self.deviation = max(math.sqrt(squares / count), 1e-3) if count else 1.0

    def _scaled(self, value: float) -> float:
        return math.log1p(max(value, 0.0)) if self.scale == "log" else float(value)

    def _standard(self, value: Any) -> float:
        return min(max((self._scaled(value) - self.mean) / self.deviation, -3.0), 3.0)

    def features(self, values: Sequence[Any]) -> Dense:
        """One standardised number each, (B, 1)."""
        standard = [0.0 if value is None else self._standard(value) for value in values]
        present = np.array([value is not None for value in values], np.float32)
        return Dense(np.array(standard, np.float32).reshape(-1, 1), present)

    def initial(self, rng: np.random.Generator, made: Container[str] = ()) -> dict[str, Floats]:  # noqa: ARG002, D102
        own = own_rng(self.name, rng)
        return {
            f"{self.name}.bumps": linear(own, self.width, len(_CENTRES)).T.copy(),
            f"{self.name}.decoder": linear(own, self.width, 1) * np.float32(0.1),
            f"{self.name}.bias": np.zeros(1, np.float32),
            f"{self.name}.spread": np.zeros(1, np.float32),
        }

    def encode(self, batch: Batch, weights: Weights, ops: Ops) -> Array:  # noqa: D102
        assert isinstance(batch, Dense)  # noqa: S101 - as made by features
        bumps = ops.exp(-2.0 * (batch.values - ops.array(_CENTRES[None, :])) ** 2)  # (B, 16)
        return unit(bumps @ weights[f"{self.name}.bumps"]) * batch.present[:, None]

    def decode(self, latent: Array, weights: Weights) -> Array:
        """(B, 1) expected standardised number."""
        return latent @ weights[f"{self.name}.decoder"] + weights[f"{self.name}.bias"]

    def score(self, latent: Array, batch: Batch, weights: Weights, ops: Ops) -> Array:  # noqa: D102
        assert isinstance(batch, Dense)  # noqa: S101 - as made by features
        spread = weights[f"{self.name}.spread"]  # log of the standard deviation
        away = (batch.values - self.decode(latent, weights)) * ops.exp(-spread)
        return (-0.5 * away * away - spread - _HALF_LOG_2PI).sum(-1) * batch.present

    def state(self) -> Configuration:  # noqa: D102
        return {"scale": self.scale, "mean": self.mean, "deviation": self.deviation}

    @classmethod
    def restore(cls, name: str, width: int, state: Configuration) -> ScalarField:  # noqa: D102
        return cls(name, width, **state)
