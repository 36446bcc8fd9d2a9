"""Text fields: names and titles as hashed character 3-grams and words, as word pieces, or strings whole."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from typing import Any, ClassVar, Literal

import numpy as np

from indexer.errors import InputError
from indexer.fields.arrays import Array, Batch, Csr, Floats, Ints, Ops, Weights
from indexer.fields.base import Configuration, encode_bag, own_rng
from indexer.fields.hashing import hash_strings, hash_whole
from indexer.fields.strings import StringsField

_CHUNK = 50_000
Units = Literal["grams", "pieces", "both", "whole"]
_UNITS = ("grams", "pieces", "both", "whole")


class TextField(StringsField):
    """One string or several (a cast): a bag of features over all of them, in a table of hashed rows.

    table: the vocabulary, and the name of the table that its fields share (a person's name and the cast of a
    title). hashes: rows of that table, a power of two. units: what a text is cut into: "grams" (character
    3-grams and whole words), "pieces" (the word pieces of the bundled MiniLM), "both", or "whole" (not cut
    at all: a row for each string, as ids of other entities want it; Weinberger et al. 2009).
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
        units: Units = "grams",
        rarity: Floats | None = None,
    ) -> None:
        super().__init__(name, width, table, table, numbers=numbers)
        if units not in _UNITS:
            raise InputError(f"units of {name} are {units!r}: expected {', '.join(_UNITS)}")
        self.hashes = hashes
        self.units: Units = units
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

    def pool(self, texts: Sequence[str]) -> Csr:  # noqa: D102
        if self.units == "grams":
            return hash_strings(texts, self.hashes)
        if self.units == "whole":
            return hash_whole(texts, self.hashes)
        from indexer.fields.pieces import hash_pieces  # the tokenizer is loaded where it is wanted

        pieces = hash_pieces(texts, self.hashes)
        return pieces if self.units == "pieces" else hash_strings(texts, self.hashes).beside(pieces)

    def initial(self, rng: np.random.Generator, made: Container[str] = ()) -> dict[str, Floats]:
        """Random rows, longer for rare features, so that the start already is a sketch of tf-idf."""
        own = self.decoder(rng)
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

    def state(self) -> Configuration:  # noqa: D102
        return {"table": self.table, "hashes": self.hashes, "numbers": self.numbers, "units": self.units}
