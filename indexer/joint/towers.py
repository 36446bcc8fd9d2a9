"""Two towers: the encoded fields of a title or a person, known ones only, to one unit vector."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from indexer.fields.arrays import Array, Batch, Floats, Ops, Weights, unit
from indexer.fields.base import Field, linear, own_rng
from indexer.fields.rows import Kind
from indexer.fields.table import FieldSpec
from indexer.joint.entities import ROLES


class Towers:
    """The fields of both kinds of row and what merges them. Holds no weights: see ``initial``."""

    def __init__(self, specs: Sequence[FieldSpec], fields: Mapping[str, Field], width: int) -> None:
        self.specs = tuple(specs)
        self.fields = dict(fields)
        self.width = width

    def of(self, kind: Kind) -> list[tuple[FieldSpec, Field]]:
        """The fields of one kind of row, in the table's order."""
        return [(spec, self.fields[spec.key]) for spec in self.specs if spec.kind == kind]

    def initial(self, rng: np.random.Generator) -> dict[str, Floats]:
        """All weights to start training from, by name."""
        weights: dict[str, Floats] = {}
        for spec in self.specs:
            weights.update(self.fields[spec.key].initial(rng, weights))
            noise = linear(own_rng(f"{spec.key}.into", rng), self.width, self.width) * np.float32(0.2)
            weights[f"{spec.key}.into"] = np.eye(self.width, dtype=np.float32) + noise
            weights[f"{spec.key}.share"] = np.log(np.full(1, spec.weight, np.float32))
        for kind in ("title", "person"):
            own = own_rng(kind, rng)
            weights[f"{kind}.hidden"] = linear(own, self.width, 2 * self.width)
            weights[f"{kind}.hidden_bias"] = np.zeros(2 * self.width, np.float32)
            weights[f"{kind}.out"] = linear(own, 2 * self.width, self.width) * np.float32(0.1)
            weights[f"{kind}.role_scale"] = np.zeros((len(ROLES), self.width), np.float32)
            weights[f"{kind}.role_bias"] = np.zeros((len(ROLES), self.width), np.float32)
        return weights

    def encode(self, kind: Kind, batches: Mapping[str, Batch], weights: Weights, ops: Ops) -> Array:
        """(B, D) unit rows of B rows; ``batches`` holds, by field key, the fields that any of them knows."""
        merged = None
        for spec, field in self.of(kind):
            if spec.key in batches:
                coded = field.encode(batches[spec.key], weights, ops) @ weights[f"{spec.key}.into"]  # (B, D)
                coded = coded * ops.exp(weights[f"{spec.key}.share"])
                merged = coded if merged is None else merged + coded
        return self._finish(kind, unit(merged), weights, ops)

    def asking(self, kind: Kind, rows: Array, roles: Array, weights: Weights) -> Array:
        """(B, D) unit rows (B, D) of ``kind`` as queries for whoever, or whatever, they are credited with.

        roles: (B, R) float, 1 for the role asked for, none where it is left open: then the row asks as it is.
        """
        scale, bias = weights[f"{kind}.role_scale"], weights[f"{kind}.role_bias"]
        return unit(rows * (1 + roles @ scale) + roles @ bias)

    def latent(self, rows: Array) -> Array:
        """Unit rows (B, D) as decoders read them: numbers of size 1 each, else decoders learn too slowly."""
        return rows * self.width**0.5

    def _finish(self, kind: Kind, merged: Array, weights: Weights, ops: Ops) -> Array:
        hidden = ops.relu(merged @ weights[f"{kind}.hidden"] + weights[f"{kind}.hidden_bias"])  # (B, 2D)
        return unit(merged + hidden @ weights[f"{kind}.out"])
