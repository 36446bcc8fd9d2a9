"""What the kinds of text have in common: one string or several, scored by their character 3-grams."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np

from indexer.fields.arrays import Array, Bag, Batch, Csr, Floats, Ops, Weights
from indexer.fields.base import Field, linear, own_rng
from indexer.text import fold, number_key

BUCKETS = 1024


class StringsField(Field):
    """One string or several (a cast), as lists of ids laid end to end.

    vocabulary: the kind of names these are (``titles``, ``names``, ``characters``); fields of one vocabulary
    share its weights. table: the name of the weights that ids are rows of. numbers: whether "II" and "two"
    are read as 2, as in titles.
    The likelihood is that of the mean feature, over 1,024 buckets of features: nats per feature.
    """

    def __init__(self, name: str, width: int, vocabulary: str, table: str, *, numbers: bool) -> None:
        super().__init__(name, width)
        self.vocabulary = vocabulary
        self.table = table
        self.numbers = numbers

    def folded(self, text: str) -> str:
        """The text as it is compared: folded, in titles with numbers as figures."""
        return number_key(fold(text)) if self.numbers else fold(text)

    @abstractmethod
    def pool(self, texts: Sequence[str]) -> Csr:
        """The ids of each of N folded texts; no ids for an empty one."""

    def features(self, values: Sequence[Any]) -> Bag:  # noqa: D102
        texts = [[self.folded(text) for text in _strings(value)] for value in values]
        pool = self.pool([text for group in texts for text in group])
        groups = Csr.of(np.arange(len(pool)), [len(group) for group in texts])
        return Bag.of(self.table, groups.through(pool))

    def decoder(self, rng: np.random.Generator) -> dict[str, Floats]:
        """The weights of ``decode`` to start from."""
        own = linear(own_rng(self.name, rng), self.width, BUCKETS)
        return {f"{self.name}.decoder": own, f"{self.name}.bias": np.zeros(BUCKETS, np.float32)}

    def decode(self, latent: Array, weights: Weights) -> Array:
        """(B, 1024) logits of the buckets."""
        return latent @ weights[f"{self.name}.decoder"] + weights[f"{self.name}.bias"]

    def score(self, latent: Array, batch: Batch, weights: Weights, ops: Ops) -> Array:  # noqa: D102
        assert isinstance(batch, Bag)  # noqa: S101 - as made by features
        log_p = ops.log_softmax(self.decode(latent, weights))
        return (log_p * ops.array(self.target(batch, ops))).sum(-1)

    def target(self, batch: Bag, ops: Ops) -> Floats:
        """(B, 1024) how a value's features spread over the buckets, adding up to 1; zeros where missing."""
        lists = Csr(ops.host(batch.ids), np.append(ops.host(batch.starts), len(batch.ids)))
        return _shares(self.scored(lists))

    def scored(self, lists: Csr) -> Csr:
        """The features, as any whole numbers, by which the lists of ids are scored: the ids themselves."""
        return lists

    def predicted(self, latent: Array, weights: Weights, ops: Ops) -> list[Any]:  # noqa: ARG002
        """No text: it is scored, not spelt out."""
        return [None] * len(latent)


def _shares(lists: Csr) -> Floats:
    lengths = np.diff(lists.starts)
    flat = np.repeat(np.arange(len(lists)), lengths) * BUCKETS + lists.ids.astype(np.int64) % BUCKETS
    counts = np.bincount(flat, minlength=len(lists) * BUCKETS).reshape(len(lists), BUCKETS)
    return (counts / np.maximum(lengths, 1)[:, None]).astype(np.float32)


def _strings(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)
