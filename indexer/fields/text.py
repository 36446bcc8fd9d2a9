"""Text fields: names and titles as hashed character 3-grams and words."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from typing import Any, ClassVar

import numpy as np

from indexer.fields.arrays import Array, Bag, Batch, Csr, Floats, Ints, Ops, Weights
from indexer.fields.base import Configuration, Field, encode_bag, linear, own_rng
from indexer.fields.hashing import hash_strings
from indexer.text import fold, number_key

_BUCKETS = 1024
_CHUNK = 50_000


class TextField(Field):
    """One string or several (a cast): a bag of features over all of them, in a table of hashed rows.

    table: the name of the table, shared by fields of one vocabulary (a person's name and the cast of a
    title).
    hashes: rows of that table, a power of two. numbers: whether "II" and "two" are read as 2, as in titles.
    The likelihood is that of the mean feature, over 1,024 buckets of the table: nats per feature.
    """

    kind: ClassVar[str] = "text"

    def __init__(
        self,
        name: str,
        width: int,
        table: str,
        *,
        hashes: int = 1 << 17,
        numbers: bool = False,
        rarity: Floats | None = None,
    ) -> None:
        super().__init__(name, width)
        self.table = table
        self.hashes = hashes
        self.numbers = numbers
        self._rarity = rarity  # (hashes,) inverse document frequency; only the start of training needs it

    def learn(self, values: Iterable[Any]) -> None:
        """Count in how many values each feature occurs; memory is that of the table's height."""
        counts, total, chunk = np.zeros(self.hashes, np.int64), 0, []
        for value in values:
            chunk.append(value)
            if len(chunk) == _CHUNK:
                counts, total, chunk = counts + self._occurrences(chunk), total + len(chunk), []
        counts, total = counts + self._occurrences(chunk), total + len(chunk)
        self.learn_counts(counts, total)

    def learn_counts(self, counts: Ints, total: int) -> None:
        """The same from (hashes,) counts made elsewhere, of ``total`` values."""
        self._rarity = (np.log((1.0 + total) / (1.0 + counts)) + 0.3).astype(np.float32)

    def _occurrences(self, values: Sequence[Any]) -> Ints:
        return np.bincount(self.features(values).ids, minlength=self.hashes).astype(np.int64)

    def folded(self, text: str) -> str:
        """The text as it is compared: folded, in titles with numbers as figures."""
        return number_key(fold(text)) if self.numbers else fold(text)

    def features(self, values: Sequence[Any]) -> Bag:  # noqa: D102
        texts = [[self.folded(text) for text in _strings(value)] for value in values]
        pool = hash_strings([text for group in texts for text in group], self.hashes)
        groups = Csr.of(np.arange(len(pool)), [len(group) for group in texts])
        return Bag.of(self.table, groups.through(pool))

    def initial(self, rng: np.random.Generator, made: Container[str] = ()) -> dict[str, Floats]:
        """Random rows, longer for rare features, so that the start already is a sketch of tf-idf."""
        decoder = linear(own_rng(self.name, rng), self.width, _BUCKETS)
        own = {f"{self.name}.decoder": decoder, f"{self.name}.bias": np.zeros(_BUCKETS, np.float32)}
        return own if self.table in made else own | {self.table: self._start(rng)}

    def _start(self, rng: np.random.Generator) -> Floats:
        scale = np.full(self.hashes, 1 / np.sqrt(self.width), np.float32)
        if self._rarity is not None:
            scale *= self._rarity / self._rarity.mean()
        return (
            own_rng(self.table, rng).standard_normal((self.hashes, self.width), np.float32) * scale[:, None]
        )

    def encode(self, batch: Batch, weights: Weights, ops: Ops) -> Array:  # noqa: D102
        return encode_bag(batch, weights, ops)

    def decode(self, latent: Array, weights: Weights) -> Array:  # noqa: D102
        return latent @ weights[f"{self.name}.decoder"] + weights[f"{self.name}.bias"]

    def score(self, latent: Array, batch: Batch, weights: Weights, ops: Ops) -> Array:  # noqa: D102
        assert isinstance(batch, Bag)  # noqa: S101 - as made by features
        log_p = ops.log_softmax(self.decode(latent, weights))
        return (log_p * self._shares(batch, ops)).sum(-1)

    def _shares(self, batch: Bag, ops: Ops) -> Array:
        """(B, 1024) the share of each bucket among a value's features; zeros where missing."""
        ids, starts = np.asarray(batch.ids.tolist()), np.asarray(batch.starts.tolist(), np.int64)
        lengths = np.diff(np.append(starts, len(ids)))
        flat = np.repeat(np.arange(len(starts)), lengths) * _BUCKETS + ids.astype(np.int64) % _BUCKETS
        counts = np.bincount(flat, minlength=len(starts) * _BUCKETS).reshape(len(starts), _BUCKETS)
        return ops.array((counts / np.maximum(lengths, 1)[:, None]).astype(np.float32))

    def state(self) -> Configuration:  # noqa: D102
        return {"table": self.table, "hashes": self.hashes, "numbers": self.numbers}

    @classmethod
    def restore(cls, name: str, width: int, state: Configuration) -> TextField:  # noqa: D102
        return cls(name, width, state["table"], hashes=state["hashes"], numbers=state["numbers"])


def _strings(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)
