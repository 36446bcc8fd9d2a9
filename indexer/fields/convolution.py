"""Text through a convolutional network over its characters (Zhang et al. 2015; Kim 2014)."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from typing import Any, ClassVar

import numpy as np

from indexer.errors import InputError
from indexer.fields.arrays import Array, Bag, Batch, Csr, Floats, Ints, Ops, Weights, ranges
from indexer.fields.base import Configuration, linear, own_rng
from indexer.fields.strings import StringsField

_LETTERS = 256  # bytes of the folded text
_EDGE = 1  # a byte that no folded text has, before and after each string


class ConvolutionField(StringsField):
    """One string or several: an embedding of each character, convolutions over windows of characters, their
    largest outputs over all positions, and a projection.

    table: the vocabulary, and the first part of the names of the weights that its fields share. letters:
    numbers in a character's embedding. windows: characters that each convolution sees at once. filters: of
    each convolution.
    """

    kind: ClassVar[str] = "convolution"

    def __init__(
        self,
        name: str,
        width: int,
        table: str,
        *,
        numbers: bool = False,
        letters: int = 32,
        windows: Sequence[int] = (3, 5),
        filters: int = 128,
    ) -> None:
        super().__init__(name, width, table, f"{table}.letters", numbers=numbers)
        if not windows or min(windows) < 1:
            raise InputError(
                f"windows of {name} are {list(windows)}: expected one or more of 1 character or more"
            )
        self.letters, self.windows, self.filters = letters, tuple(windows), filters
        self._edges = max(*windows, 2) - 1  # so that no window reaches from one string into the next

    def learn(self, values: Iterable[Any]) -> None:
        """Nothing: characters are bytes."""

    def pool(self, texts: Sequence[str]) -> Csr:
        """The bytes of each text between its edges."""
        edge = bytes([_EDGE]) * self._edges
        found = [edge + text.encode() + edge if text else b"" for text in texts]
        return Csr.of(np.frombuffer(b"".join(found), np.uint8), [len(one) for one in found])

    def initial(self, rng: np.random.Generator, made: Container[str] = ()) -> dict[str, Floats]:  # noqa: D102
        own = self.decoder(rng)
        if self.table in made:
            return own
        shared = own_rng(self.vocabulary, rng)
        own[self.table] = shared.standard_normal((_LETTERS, self.letters), np.float32)
        for window in self.windows:
            filters = linear(shared, window * self.letters, self.filters)
            own[self._named("filters", window)] = filters.reshape(window, self.letters, self.filters)
            own[self._named("bias", window)] = np.zeros(self.filters, np.float32)
            own[self._named("out", window)] = linear(shared, self.filters, self.width)
        return own

    def _named(self, part: str, window: int) -> str:
        return f"{self.vocabulary}.{part}{window}"

    def encode(self, batch: Batch, weights: Weights, ops: Ops) -> Array:  # noqa: D102
        assert isinstance(batch, Bag)  # noqa: S101 - as made by features
        starts = ops.host(batch.starts)
        lengths = np.diff(np.append(starts, len(batch.ids)))
        projected = None
        for window in self.windows:
            outputs = self._outputs(batch, starts, lengths, window, weights, ops)  # (B, F)
            part = outputs @ weights[self._named("out", window)]  # (B, D)
            projected = part if projected is None else projected + part
        return ops.unit(projected) * batch.present[:, None]

    def _outputs(
        self, batch: Bag, starts: Ints, lengths: Ints, window: int, weights: Weights, ops: Ops
    ) -> Array:
        """(B, F) the largest output of each filter over the places where the window lies within the value."""
        places = np.maximum(lengths - window + 1, 0)
        at = ops.array(ranges(starts, places))  # (W,)
        filters = weights[self._named("filters", window)]  # (window, E, F)
        total = weights[self._named("bias", window)]
        for step in range(window):
            # Few letters, many windows: each letter's part is computed once and then looked up.
            letters = weights[self.table] @ filters[step]  # (256, F)
            total = total + ops.rows(letters, batch.ids[at + step])  # (W, F)
        first = np.concatenate([[0], np.cumsum(places)[:-1]]).astype(np.int64)
        return ops.most(ops.relu(total), first, batch.present)

    def scored(self, lists: Csr) -> Csr:
        """Character 3-grams within the values."""
        places = np.maximum(np.diff(lists.starts) - 2, 0)
        at = ranges(lists.starts[:-1], places)
        letters = lists.ids.astype(np.int64)
        grams = (letters[at] * _LETTERS + letters[at + 1]) * _LETTERS + letters[at + 2]
        return Csr.of(grams * 40_503 % 65_521, places)

    def state(self) -> Configuration:  # noqa: D102
        return {
            "table": self.vocabulary,
            "numbers": self.numbers,
            "letters": self.letters,
            "windows": list(self.windows),
            "filters": self.filters,
        }
