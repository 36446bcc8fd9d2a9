"""What every field model can do. A field holds its declaration and statistics; its weights live outside, by
name.

Letters: B values of a batch, K candidates, D width of a field (one half of a vector of the joint space),
C classes.
"""

from __future__ import annotations

import zlib
from abc import ABC, abstractmethod
from collections.abc import Container, Iterable, Sequence
from typing import Any, ClassVar

import numpy as np

from indexer.errors import FormatMismatch
from indexer.fields.arrays import Array, Bag, Batch, Dense, Floats, Ops, Weights

Configuration = dict[str, Any]


class Field(ABC):
    """One column of one kind of row, such as ``title/year``.

    Weights are named arrays kept by the caller (``initial`` makes them), so that one mathematics serves
    with numpy and trains with torch, and fields may share a table. Missing values are part of every batch:
    they encode as zeros, add nothing to the loss, and have likelihood 0 (nothing was said).
    """

    kinds: ClassVar[dict[str, type[Field]]] = {}
    kind: ClassVar[str] = ""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if cls.kind:
            Field.kinds[cls.kind] = cls

    def __init__(self, name: str, width: int) -> None:
        self.name = name
        self.width = width

    @abstractmethod
    def learn(self, values: Iterable[Any]) -> None:
        """Gather statistics from a stream of values, once, in memory that does not grow with its length."""

    @abstractmethod
    def features(self, values: Sequence[Any]) -> Batch:
        """B raw values (``None``: missing) as a batch of numpy arrays; no weights are needed."""

    def column(self, values: Sequence[Any]) -> Batch:
        """The same of what the catalogue holds, where ``None`` is a fact for fields that treat it as one:
        "not dead" is worth knowing of a person, and nobody said it of a person in a question.
        """
        return self.features(values)

    @abstractmethod
    def initial(self, rng: np.random.Generator, made: Container[str] = ()) -> dict[str, Floats]:
        """The weights to start from, by name; shared ones that are in ``made`` already are left out.

        A shared name means shared weights, and any of the fields starts them equally well.
        """

    @abstractmethod
    def encode(self, batch: Batch, weights: Weights, ops: Ops) -> Array:
        """(B, D) unit rows; zeros where the value is missing."""

    @abstractmethod
    def decode(self, latent: Array, weights: Weights) -> Array:
        """What the latent (B, D) says of the field: (B, C) logits, or (B, k) expected numbers."""

    @abstractmethod
    def score(self, latent: Array, batch: Batch, weights: Weights, ops: Ops) -> Array:
        """(B,) log-likelihood in nats of each value under its own latent; 0 where missing."""

    def loss(self, latent: Array, batch: Batch, weights: Weights, ops: Ops) -> Array:
        """Scalar: the mean negative log-likelihood of the values that are present; 0 if none is."""
        return -self.score(latent, batch, weights, ops).sum() / (batch.present.sum() + 1e-6)

    def log_likelihood(self, latent: Floats, value: Any, weights: Weights, ops: Ops) -> Floats:
        """(K,) log-likelihood of one stated value under each of K latents (K, D); zeros for ``None``."""
        batch = self.features([value])
        return np.asarray(self.score(latent, repeat(batch, len(latent)), weights, ops), np.float32)

    @abstractmethod
    def predicted(self, latent: Array, weights: Weights, ops: Ops) -> list[Any]:
        """The likeliest value under each latent (B, D), as ``features`` takes it; ``None`` where that is
        to be missing (a year of death), and for text, which is scored and not spelt out.
        """

    def render(self, value: Any) -> str:
        """The value as text for a person; ``"unknown"`` where missing."""
        if value is None or value in ("", ()):
            return "unknown"
        return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)

    def configuration(self) -> Configuration:
        """Everything but the weights, as JSON: kind, name, width, options, statistics."""
        return {"kind": self.kind, "name": self.name, "width": self.width, **self.state()}

    @abstractmethod
    def state(self) -> Configuration:
        """Options and statistics as JSON: the keyword arguments of the kind."""

    @classmethod
    def restore(cls, name: str, width: int, state: Configuration) -> Field:
        """The field that ``state`` was taken from."""
        return cls(name, width, **state)

    @staticmethod
    def from_configuration(saved: Configuration) -> Field:
        """The field saved by ``configuration``. Raises FormatMismatch for a kind or an option that this
        version does not know.
        """
        rest = dict(saved)
        kind = rest.pop("kind", None)
        if kind not in Field.kinds:
            raise FormatMismatch(
                f"unknown kind of field {kind!r}: known are {', '.join(sorted(Field.kinds))}; rebuild"
            )
        name, width = rest.pop("name"), rest.pop("width")
        try:
            return Field.kinds[kind].restore(name, width, rest)
        except TypeError as error:
            raise FormatMismatch(
                f"field {name} is {kind}, which does not take {', '.join(rest)}: rebuild with `make index`"
            ) from error


def repeat(batch: Batch, count: int) -> Batch:
    """A numpy batch of one value, ``count`` times."""
    present = np.repeat(batch.present, count)
    if isinstance(batch, Dense):
        return Dense(np.repeat(batch.values, count, axis=0), present)
    size = len(batch.ids)
    return Bag(batch.table, np.tile(batch.ids, count), np.arange(count, dtype=np.int64) * size, present)


def encode_bag(batch: Batch, weights: Weights, ops: Ops) -> Array:
    """The sum of a bag's rows, scaled to length 1: long and short values weigh the same."""
    assert isinstance(batch, Bag)  # noqa: S101 - tells the type checker; fields make their own batches
    return ops.unit(ops.bag(weights[batch.table], batch))


def stated(batch: Batch, count: int, ops: Ops) -> Array:
    """(B, count) 1 at the ids that each value of a bag names."""
    assert isinstance(batch, Bag)  # noqa: S101 - as in encode_bag
    ids, starts = ops.host(batch.ids), ops.host(batch.starts)
    said = np.zeros((len(starts), count), np.float32)
    said[np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(ids)))), ids] = 1
    return ops.array(said)


def own_rng(name: str, rng: np.random.Generator) -> np.random.Generator:
    """A generator that depends on the name and on ``rng``'s seed, not on how much others drew before."""
    seed = rng.bit_generator.seed_seq.entropy  # type: ignore[attr-defined]
    return np.random.default_rng([zlib.crc32(name.encode()), int(seed)])


def linear(rng: np.random.Generator, rows: int, columns: int) -> Floats:
    """(rows, columns) weights of variance 1/rows."""
    found: Floats = rng.standard_normal((rows, columns), np.float32) / np.float32(np.sqrt(rows))
    return found
