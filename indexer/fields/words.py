"""Sets of words by the company they keep: a title's keywords as the mean of their Word2Vec vectors."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from typing import Any, ClassVar

import numpy as np

from indexer.fields.arrays import Array, Bag, Batch, Csr, Floats, Ops, Weights, unit
from indexer.fields.base import Configuration, Field, linear, own_rng
from indexer.fields.word2vec import Recipe, train
from indexer.text import fold

_SHARPNESS = 10.0


class WordVectorField(Field):
    """A value is a word or a tuple of words; words without a vector are passed over, a value of such words
    alone counts as missing.

    size: numbers in a word's vector. The vectors are trained on the values by ``learn``, are among the
    weights under ``NAME.words`` with their rarity as their length, and stay as they are: training the joint
    space moves only the two linear maps. The likelihood is 10 times the cosine with the mean of the vectors.
    """

    kind: ClassVar[str] = "words"

    def __init__(self, name: str, width: int, *, size: int = 64, words: Sequence[str] = ()) -> None:
        super().__init__(name, width)
        self.size = size
        self.words = tuple(words)
        self._index = {word: place for place, word in enumerate(self.words)}
        self._vectors: Floats | None = None  # (W, size); only the start of training needs them

    def learn(self, values: Iterable[Any]) -> None:
        """Word vectors of up to 16,384 words (Mikolov et al. 2013); memory does not grow with the stream."""
        lists = (folded for value in values if (folded := _folded(value)))
        found = train(lists, Recipe(size=self.size))
        self.words = found.words
        self._index = {word: place for place, word in enumerate(self.words)}
        # Rare words say more: with these lengths half of a title's keywords find the other half more often.
        self._vectors = unit(found.vectors) * found.rarity()[:, None]

    def features(self, values: Sequence[Any]) -> Bag:  # noqa: D102
        ids = [[self._index[word] for word in _folded(value) if word in self._index] for value in values]
        lists = Csr.of([item for group in ids for item in group], [len(group) for group in ids])
        return Bag.of(f"{self.name}.words", lists)

    def initial(self, rng: np.random.Generator, made: Container[str] = ()) -> dict[str, Floats]:  # noqa: ARG002
        """The learned vectors; random ones for a field that was restored rather than taught."""
        own = own_rng(self.name, rng)
        maps = {
            f"{self.name}.encoder": linear(own, self.size, self.width),
            f"{self.name}.decoder": linear(own, self.width, self.size),
        }
        vectors = self._vectors
        if vectors is None or not len(vectors):
            vectors = own.standard_normal((max(len(self.words), 1), self.size), np.float32)
        return maps | {f"{self.name}.words": vectors.astype(np.float32)}

    def _mean(self, batch: Batch, weights: Weights, ops: Ops) -> Array:
        """(B, size) unit rows; zeros where missing."""
        assert isinstance(batch, Bag)  # noqa: S101 - as made by features
        return ops.unit(ops.bag(ops.fixed(weights[f"{self.name}.words"]), batch))

    def encode(self, batch: Batch, weights: Weights, ops: Ops) -> Array:  # noqa: D102
        return ops.unit(self._mean(batch, weights, ops) @ weights[f"{self.name}.encoder"])

    def decode(self, latent: Array, weights: Weights) -> Array:
        """(B, size) unit rows."""
        return unit(latent @ weights[f"{self.name}.decoder"])

    def score(self, latent: Array, batch: Batch, weights: Weights, ops: Ops) -> Array:  # noqa: D102
        assert isinstance(batch, Bag)  # noqa: S101 - as made by features
        # Training gives its targets with their ids left in numpy, as other fields count them there.
        said = Bag(batch.table, *map(ops.host, (batch.ids, batch.starts, batch.present))).on(ops)
        mean = self._mean(said, weights, ops)
        return _SHARPNESS * (self.decode(latent, weights) * mean).sum(-1) * said.present

    def predicted(self, latent: Array, weights: Weights, ops: Ops) -> list[Any]:
        """The three words whose vectors lie nearest, nearest first; ``None`` without words."""
        if not self.words:
            return [None] * len(latent)
        likeness = ops.host(self.decode(latent, weights)) @ unit(ops.host(weights[f"{self.name}.words"])).T
        nearest = np.argsort(-likeness, axis=1)[:, :3]
        return [tuple(self.words[place] for place in row) for row in nearest]

    def state(self) -> Configuration:  # noqa: D102
        return {"size": self.size, "words": list(self.words)}


def _folded(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    words = (value,) if isinstance(value, str) else tuple(value)
    return tuple(key for word in words if (key := fold(word)))
