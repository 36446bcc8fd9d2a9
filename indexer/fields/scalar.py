"""Numbers on a scale: runtime, votes."""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np

from indexer.errors import InputError
from indexer.fields.arrays import Array, Batch, Dense, Floats, Ops, Weights
from indexer.fields.base import Configuration, Field, linear, own_rng

_BUMPS = 16
_HALF_LOG_2PI = 0.5 * math.log(2 * math.pi)
_LEAST_DEVIATION = 1e-3
Scale = Literal["none", "standardise", "min-max", "log"]
_SCALES = ("none", "standardise", "min-max", "log")


@dataclass
class _Statistics:
    """Of numbers in one pass (Welford 1962)."""

    count: int = 0
    mean: float = 0.0
    squares: float = 0.0
    low: float = math.inf
    high: float = -math.inf

    def add(self, number: float) -> None:
        self.count += 1
        step = number - self.mean
        self.mean += step / self.count
        self.squares += step * (number - self.mean)
        self.low, self.high = min(self.low, number), max(self.high, number)

    @property
    def deviation(self) -> float:
        return max(math.sqrt(self.squares / self.count), _LEAST_DEVIATION) if self.count else 1.0


class ScalarField(Field):
    """A number on a scale. Not a number counts as not said.

    scale: "none" (as it comes), "standardise" (mean 0, deviation 1), "min-max" (what was learned onto 0..1),
    "log" (standardised after the logarithm of 1 + x, numbers below 0 as 0). clip: how many deviations from
    the mean a number may be before it is cut to that; ``None`` for no limit.
    It is encoded through 16 bumps along the scale. The likelihood is that of a normal distribution round
    the decoded mean, per unit of the scale.
    """

    kind: ClassVar[str] = "scalar"

    def __init__(
        self,
        name: str,
        width: int,
        *,
        scale: Scale = "standardise",
        clip: float | None = 3.0,
        mean: float = 0.0,
        deviation: float = 1.0,
        bounds: Sequence[float] = (-3.0, 3.0),
    ) -> None:
        super().__init__(name, width)
        if scale not in _SCALES:
            raise InputError(f"scale of {name} is {scale!r}: expected {', '.join(_SCALES)}")
        if clip is not None and not clip > 0:
            raise InputError(f"clip of {name} is {clip!r}: expected a number of deviations above 0, or none")
        self.scale: Scale = scale
        self.clip = clip
        self.mean, self.deviation = mean, deviation
        self.low, self.high = bounds

    def learn(self, values: Iterable[Any]) -> None:
        """Mean, deviation and bounds, in one pass."""
        found = _Statistics()
        for value in values:
            if _said(value):
                found.add(self._curved(value))
        self.mean, self.deviation = found.mean, found.deviation
        self.low, self.high = (found.low, found.high) if found.count else (-3.0, 3.0)

    def _curved(self, value: float) -> float:
        return math.log1p(max(value, 0.0)) if self.scale == "log" else float(value)

    def _bounds(self) -> tuple[float, float]:
        """The least and the largest number that is let through, before it is scaled."""
        if self.clip is None:
            return -math.inf, math.inf
        reach = self.clip * self.deviation
        return self.mean - reach, self.mean + reach

    def _units(self) -> tuple[float, float]:
        """What is taken off a number, and what it is then divided by."""
        if self.scale == "none":
            return 0.0, 1.0
        if self.scale != "min-max":
            return self.mean, self.deviation
        least, most = self._bounds()
        low, high = max(self.low, least), min(self.high, most)
        return low, max(high - low, _LEAST_DEVIATION)

    def scaled(self, value: float) -> float:
        """The number as the model sees it."""
        (least, most), (offset, size) = self._bounds(), self._units()
        return (min(max(self._curved(value), least), most) - offset) / size

    def unscaled(self, number: float) -> float:
        """What ``scaled`` was given, were it not for the clipping."""
        offset, size = self._units()
        curved = number * size + offset
        return math.expm1(min(curved, 700.0)) if self.scale == "log" else curved

    def features(self, values: Sequence[Any]) -> Dense:
        """One scaled number each, (B, 1)."""
        present = np.array([_said(value) for value in values], np.float32)
        scaled = [self.scaled(value) if _said(value) else 0.0 for value in values]
        return Dense(np.array(scaled, np.float32).reshape(-1, 1), present)

    def _centres(self) -> tuple[Floats, float]:
        """(1, 16) places along the scale, three deviations to both sides, and the distance between two."""
        offset, size = self._units()
        middle, reach = (self.mean - offset) / size, 3 * self.deviation / size
        found = np.linspace(middle - reach, middle + reach, _BUMPS, dtype=np.float32)
        return found[None, :], 2 * reach / (_BUMPS - 1)

    def initial(self, rng: np.random.Generator, made: Container[str] = ()) -> dict[str, Floats]:  # noqa: ARG002
        """The decoder starts from the mean and deviation of the data."""
        own, (offset, size) = own_rng(self.name, rng), self._units()
        return {
            f"{self.name}.bumps": linear(own, self.width, _BUMPS).T.copy(),
            f"{self.name}.decoder": linear(own, self.width, 1) * np.float32(0.1),
            f"{self.name}.bias": np.full(1, (self.mean - offset) / size, np.float32),
            f"{self.name}.spread": np.full(1, math.log(self.deviation / size), np.float32),
        }

    def encode(self, batch: Batch, weights: Weights, ops: Ops) -> Array:  # noqa: D102
        assert isinstance(batch, Dense)  # noqa: S101 - as made by features
        centres, step = self._centres()
        away = (batch.values - ops.array(centres)) / step  # (B, 16)
        bumps = ops.exp(-0.32 * away * away) + 1e-4  # a number far outside still has a direction
        return ops.unit(bumps @ weights[f"{self.name}.bumps"]) * batch.present[:, None]

    def decode(self, latent: Array, weights: Weights) -> Array:
        """(B, 1) expected number, on the scale."""
        return latent @ weights[f"{self.name}.decoder"] + weights[f"{self.name}.bias"]

    def score(self, latent: Array, batch: Batch, weights: Weights, ops: Ops) -> Array:  # noqa: D102
        assert isinstance(batch, Dense)  # noqa: S101 - as made by features
        spread = weights[f"{self.name}.spread"]  # log of the standard deviation
        away = (batch.values - self.decode(latent, weights)) * ops.exp(-spread)
        return (-0.5 * away * away - spread - _HALF_LOG_2PI).sum(-1) * batch.present

    def predicted(self, latent: Array, weights: Weights, ops: Ops) -> list[Any]:
        """Expected numbers in the value's own unit."""
        return [self.unscaled(float(number)) for (number,) in ops.host(self.decode(latent, weights))]

    def state(self) -> Configuration:  # noqa: D102
        return {
            "scale": self.scale,
            "clip": self.clip,
            "mean": self.mean,
            "deviation": self.deviation,
            "bounds": [self.low, self.high],
        }


def _said(value: Any) -> bool:
    return value is not None and math.isfinite(value)
