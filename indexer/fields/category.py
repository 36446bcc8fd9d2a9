"""Category fields: one of a few words (type), or several (genres)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Sequence
from typing import Any, ClassVar

import numpy as np

from indexer.fields.arrays import Array, Bag, Batch, Csr, Floats, Ops, Weights
from indexer.fields.base import Configuration, Field, encode_bag, linear, own_rng, stated

_MAX_CLASSES = 512


class CategoryField(Field):
    """A value is a word, or with ``multi`` a tuple of words; case is ignored, a never-seen word counts as
    missing.

    The likelihood is a softmax over the classes, with ``multi`` the sum over the stated words of a
    yes-or-no each.
    """

    kind: ClassVar[str] = "category"

    def __init__(self, name: str, width: int, *, multi: bool = False, classes: Sequence[str] = ()) -> None:
        super().__init__(name, width)
        self.multi = multi
        self.classes = tuple(classes)
        self._index = {word: index for index, word in enumerate(self.classes)}

    def learn(self, values: Iterable[Any]) -> None:
        """The up to 512 most frequent words become the classes; of very many, rare ones are forgotten on the
        way.
        """
        counts: Counter[str] = Counter()
        for value in values:
            counts.update(_words(value))
            if len(counts) > 64 * _MAX_CLASSES:
                counts = Counter(dict(counts.most_common(32 * _MAX_CLASSES)))
        self.classes = tuple(sorted(word for word, _ in counts.most_common(_MAX_CLASSES)))
        self._index = {word: index for index, word in enumerate(self.classes)}

    @property
    def _count(self) -> int:
        return max(len(self.classes), 1)

    def features(self, values: Sequence[Any]) -> Bag:  # noqa: D102
        ids = [[self._index[word] for word in _words(value) if word in self._index] for value in values]
        lists = Csr.of([item for group in ids for item in group], [len(group) for group in ids])
        return Bag.of(f"{self.name}.table", lists)

    def initial(self, rng: np.random.Generator, made: Container[str] = ()) -> dict[str, Floats]:  # noqa: ARG002, D102
        own, count = own_rng(self.name, rng), self._count
        return {
            f"{self.name}.table": linear(own, self.width, count).T.copy(),
            f"{self.name}.decoder": linear(own, self.width, count),
            f"{self.name}.bias": np.zeros(count, np.float32),
        }

    def encode(self, batch: Batch, weights: Weights, ops: Ops) -> Array:  # noqa: D102
        return encode_bag(batch, weights, ops)

    def decode(self, latent: Array, weights: Weights) -> Array:  # noqa: D102
        return latent @ weights[f"{self.name}.decoder"] + weights[f"{self.name}.bias"]

    def score(self, latent: Array, batch: Batch, weights: Weights, ops: Ops) -> Array:  # noqa: D102
        assert isinstance(batch, Bag)  # noqa: S101 - as made by features
        logits = self.decode(latent, weights)
        log_p = ops.log_sigmoid(logits) if self.multi else ops.log_softmax(logits)
        return (log_p * stated(batch, self._count, ops)).sum(-1)

    def loss(self, latent: Array, batch: Batch, weights: Weights, ops: Ops) -> Array:
        """With ``multi`` the words that are not there count too, else predicting all of them would be
        free.
        """
        if not self.multi:
            return super().loss(latent, batch, weights, ops)
        assert isinstance(batch, Bag)  # noqa: S101 - as made by features
        logits, said = self.decode(latent, weights), stated(batch, self._count, ops)
        terms = ops.log_sigmoid(logits) * said + ops.log_sigmoid(-logits) * (1 - said)
        return -(terms.sum(-1) * batch.present).sum() / (batch.present.sum() + 1e-6)

    def predicted(self, latent: Array, weights: Weights, ops: Ops) -> list[Any]:
        """The likeliest word, with ``multi`` the words that are likelier than not, sorted."""
        logits = ops.host(self.decode(latent, weights))[:, : len(self.classes)]
        if not self.classes:
            return [None] * len(logits)
        if not self.multi:
            return [self.classes[at] for at in logits.argmax(1)]
        return [tuple(self.classes[at] for at in np.flatnonzero(row > 0)) for row in logits]

    def state(self) -> Configuration:  # noqa: D102
        return {"multi": self.multi, "classes": list(self.classes)}


def _words(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    words = (value,) if isinstance(value, str) else tuple(value)
    return tuple(word.lower() for word in words)
