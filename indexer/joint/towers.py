"""Two towers: the encoded fields of a title or a person, known ones only, to one unit vector.

A vector has two halves. The first says what an entity is called and what is known of it; query rows fill it
alone. The second says who it works with: the neighbours in the graph of credits. They are kept apart because
they compete: added up in one half, names lost ten points of hit@1 and credits half of their recall@10.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from indexer.fields.arrays import Array, Batch, Floats, Ops, Weights, unit
from indexer.fields.base import Field, linear, own_rng
from indexer.fields.rows import Kind
from indexer.fields.table import FieldSpec
from indexer.joint.entities import ROLES

OWN_SHARE = 0.35  # of the squared length of an entity's vector, for the first half


class Towers:
    """The fields of both kinds of row and what merges them. Holds no weights: see ``initial``.

    width: W numbers in each half of a vector.
    """

    def __init__(self, specs: Sequence[FieldSpec], fields: Mapping[str, Field], width: int) -> None:
        self.specs = tuple(specs)
        self.fields = dict(fields)
        self.width = width

    def of(self, kind: Kind) -> list[tuple[FieldSpec, Field]]:
        """The fields of one kind of row, in the table's order."""
        return [(spec, self.fields[spec.key]) for spec in self.specs if spec.kind == kind]

    @property
    def joined_width(self) -> int:
        """D = 2W numbers in a vector."""
        return 2 * self.width

    def _parts(self, kind: Kind, *, ids: bool) -> list[tuple[FieldSpec, Field]]:
        return [(spec, field) for spec, field in self.of(kind) if spec.neighbours is ids]

    def initial(self, rng: np.random.Generator) -> dict[str, Floats]:
        """All weights to start training from, by name."""
        weights: dict[str, Floats] = {}
        for spec in self.specs:
            weights.update(self.fields[spec.key].initial(rng, weights))
            noise = linear(own_rng(f"{spec.key}.into", rng), self.width, self.width)
            some = np.float32(0.0 if spec.neighbours else 0.2)
            weights[f"{spec.key}.into"] = np.eye(self.width, dtype=np.float32) + noise * some
            weights[f"{spec.key}.share"] = np.log(np.full(1, spec.weight, np.float32))
        for kind in ("title", "person"):
            own = own_rng(kind, rng)
            weights[f"{kind}.hidden"] = linear(own, self.width, 2 * self.width)
            weights[f"{kind}.hidden_bias"] = np.zeros(2 * self.width, np.float32)
            weights[f"{kind}.out"] = linear(own, 2 * self.width, self.width) * np.float32(0.1)
            weights[f"{kind}.alone"] = linear(own, self.width, 1)[:, 0] * np.float32(0.1)
            weights[f"{kind}.role_scale"] = np.zeros((len(ROLES), self.width), np.float32)
            weights[f"{kind}.role_bias"] = np.zeros((len(ROLES), self.width), np.float32)
        return weights

    def encode(self, kind: Kind, batches: Mapping[str, Batch], weights: Weights, ops: Ops) -> Array:
        """(B, W) unit rows, the first half of B rows.

        batches: by field key, what any of them knows; neighbours are passed over, one other field is needed.
        """
        return self._finish(
            kind, ops.unit(self._merged(kind, batches, weights, ops, ids=False)), weights, ops
        )

    def surroundings(self, kind: Kind, batches: Mapping[str, Batch], weights: Weights, ops: Ops) -> Array:
        """(B, W) unit rows, the second half of B entities; those without neighbours share one, see
        ``indexer.joint.borrowing``.
        """
        merged = self._merged(kind, batches, weights, ops, ids=True)
        return ops.unit(merged + weights[f"{kind}.alone"])

    def joined(self, kind: Kind, batches: Mapping[str, Batch], weights: Weights, ops: Ops) -> Array:
        """(B, D) unit rows of B whole entities."""
        first = self.encode(kind, batches, weights, ops) * OWN_SHARE**0.5
        second = self.surroundings(kind, batches, weights, ops) * (1 - OWN_SHARE) ** 0.5
        return ops.beside(first, second)

    def _merged(
        self, kind: Kind, batches: Mapping[str, Batch], weights: Weights, ops: Ops, *, ids: bool
    ) -> Array:
        coded: list[Array] = []  # (B, W) each
        maps: list[Array] = []  # (W, W) each; the share scales the map, which is small, rather than the rows
        for spec, field in self._parts(kind, ids=ids):
            if spec.key in batches:
                coded.append(field.encode(batches[spec.key], weights, ops))
                maps.append(weights[f"{spec.key}.into"] * ops.exp(weights[f"{spec.key}.share"]))
        if not coded:
            nothing: Array = next(iter(batches.values())).present[:, None] * 0  # (B, 1)
            return nothing
        return ops.beside(*coded) @ ops.below(*maps)

    def asking(self, kind: Kind, rows: Array, roles: Array, weights: Weights, ops: Ops) -> Array:
        """(B, W) unit second halves of ``kind`` as queries for who, or what, they are credited with.

        roles: (B, R) float, 1 for the role asked for, none where it is left open: then the row asks as it is.
        """
        scale, bias = weights[f"{kind}.role_scale"], weights[f"{kind}.role_bias"]
        return ops.unit(rows * (1 + roles @ scale) + roles @ bias)

    def latent(self, rows: Array) -> Array:
        """(B, W) what decoders read of unit rows (B, W) or (B, D): the first half, numbers of size 1 each."""
        return unit(rows[:, : self.width]) * self.width**0.5

    def _finish(self, kind: Kind, merged: Array, weights: Weights, ops: Ops) -> Array:
        hidden = ops.relu(merged @ weights[f"{kind}.hidden"] + weights[f"{kind}.hidden_bias"])  # (B, 2W)
        return ops.unit(merged + hidden @ weights[f"{kind}.out"])
