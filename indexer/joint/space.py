"""The trained joint space, as it serves: numpy only, milliseconds a row."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from indexer.errors import FormatMismatch, IndexMissing, InputError, ShapeError
from indexer.fields.arrays import Batch, Floats, NumpyOps, Weights, unit
from indexer.fields.base import Field
from indexer.fields.rows import Kind, Row, Value
from indexer.fields.table import TABLE, FieldSpec, overview_spec
from indexer.joint.entities import ROLES
from indexer.joint.towers import OWN_SHARE, Towers
from indexer.settings import JointSettings

if TYPE_CHECKING:
    from indexer.joint.entities import Entities

FORMAT = 2
_HALVED = 1 << 20  # arrays of more numbers are kept in half precision


AROUND = "_around"  # of the names of collections that hold second halves


def halves(vectors: Floats) -> tuple[Floats, Floats]:
    """(N, D) vectors of entities as their halves, (N, W) unit rows each."""
    width = vectors.shape[1] // 2
    return np.asarray(unit(vectors[:, :width])), np.asarray(unit(vectors[:, width:]))


def join(first: Floats, second: Floats) -> Floats:
    """(N, D) vectors of entities from their halves, (N, W) unit rows each."""
    return np.concatenate([first * OWN_SHARE**0.5, second * (1 - OWN_SHARE) ** 0.5], axis=1)


class JointSpace:
    """Titles and people, whole or partial, as unit vectors of one space."""

    def __init__(
        self, towers: Towers, weights: Weights, settings: JointSettings, facts: dict[str, Any]
    ) -> None:
        self.towers = towers
        self.weights = {name: _stored(array) for name, array in weights.items()}
        self.settings = settings
        self.facts = facts
        self.entities: Entities | None = None  # what it was trained on, in the process that did
        self._ops = NumpyOps()

    @property
    def width(self) -> int:
        """W numbers in a query row, and in each half of an entity's vector."""
        return self.towers.width

    def encode(self, rows: Sequence[Row]) -> Floats:
        """(B, W) float32 unit rows, the first halves of B rows, of both kinds as they come; (0, W) for none.

        Raises InputError for a row that names none of its kind's fields.
        """
        return self._each(rows, self.towers.encode, self.width)

    def entity_vectors(self, rows: Sequence[Row]) -> Floats:
        """(B, D) float32 unit rows of B entities, with whom they work with: fields such as ``acted_by``, ids.

        So a title that came after training gets its vector. Errors as ``encode``.
        """
        return self._each(rows, self.towers.joined, self.towers.joined_width)

    def _each(self, rows: Sequence[Row], encode: Callable[..., Any], width: int) -> Floats:
        found = np.zeros((len(rows), width), np.float32)
        for kind in ("title", "person"):
            at = [place for place, row in enumerate(rows) if row.kind == kind]
            if at:
                batches = self._batches(kind, [_with_person_in_cast(rows[place]) for place in at])
                found[at] = encode(kind, batches, self.weights, self._ops)
        return found

    def _batches(self, kind: Kind, rows: Sequence[Row]) -> dict[str, Batch]:
        lines = [(spec, field) for spec, field in self.towers.of(kind)]
        for row in rows:
            if all(row.values.get(spec.name) is None for spec, _ in lines if not spec.neighbours):
                names = ", ".join(spec.name for spec, _ in lines if spec.reconstructed)
                raise InputError(f"a {kind} row says none of its fields: give at least one of {names}")
        columns = {spec.key: [row.values.get(spec.name) for row in rows] for spec, _ in lines}
        return {
            spec.key: field.features(columns[spec.key])
            for spec, field in lines
            if any(value is not None for value in columns[spec.key])
        }

    def asking(self, vectors: Floats, role: str | None, kind: Kind) -> Floats:
        """(N, D) unit rows of entities (N, D) of ``kind`` as queries for credits, as in "who composed it".

        Near such a query lie the people who may have that role in the title, or the titles in which the
        person may have it; in any role for ``None``. It is asked of the neighbours alone.
        Raises InputError for an unknown role (the known ones are listed), ShapeError.
        """
        if vectors.ndim != 2 or vectors.shape[1] != self.towers.joined_width:
            raise ShapeError(
                f"expected vectors of shape (N, {self.towers.joined_width}), not {vectors.shape}"
            )
        if role is not None and role not in ROLES:
            raise InputError(f"unknown role {role!r}: known are {', '.join(ROLES)}")
        roles = np.zeros((len(vectors), len(ROLES)), np.float32)
        if role is not None:
            roles[:, ROLES.index(role)] = 1
        second = unit(vectors[:, self.width :])
        asked = self.towers.asking(kind, second, roles, self.weights, self._ops)
        return np.concatenate([np.zeros_like(asked), asked], axis=1).astype(np.float32)

    def log_likelihood(
        self, vectors: Floats, field: str, value: Value, kind: Kind
    ) -> np.typing.NDArray[np.float64]:
        """(K,) how well each latent (K, D) explains that ``field`` is ``value``, in nats; zeros for ``None``.

        Raises InputError for a field that this kind of row does not have (the known ones are listed),
        ShapeError.
        """
        known = {spec.name: own for spec, own in self.towers.of(kind) if spec.reconstructed}
        if field not in known:
            raise InputError(f"a {kind} row has no field {field!r}: known are {', '.join(sorted(known))}")
        if vectors.ndim != 2 or vectors.shape[1] != self.width:
            raise ShapeError(f"expected vectors of shape (K, {self.width}), not {vectors.shape}")
        scores = known[field].log_likelihood(self.towers.latent(vectors), value, self.weights, self._ops)
        return scores.astype(np.float64)

    def save(self, directory: Path) -> None:
        """Write ``space.json`` (field table, settings, facts) and ``weights.safetensors``."""
        from safetensors.numpy import save_file

        directory.mkdir(parents=True, exist_ok=True)
        fields = [self.towers.fields[spec.key].configuration() for spec in self.towers.specs]
        head = {
            "format": FORMAT,
            "settings": dataclasses.asdict(self.settings),
            "facts": self.facts,
            "fields": fields,
        }
        (directory / "space.json").write_text(
            json.dumps(head, indent=1, ensure_ascii=False), encoding="utf-8"
        )
        save_file(
            {name: np.ascontiguousarray(array) for name, array in self.weights.items()},
            directory / "weights.safetensors",
        )

    @classmethod
    def load(cls, directory: Path) -> JointSpace:
        """The space saved there. Raises IndexMissing, or FormatMismatch saying what differs from this
        version.
        """
        from safetensors.numpy import load_file

        path = directory / "space.json"
        if not path.is_file():
            raise IndexMissing(f"no joint space at {directory}: build the index with `make index`")
        head = json.loads(path.read_text(encoding="utf-8"))
        if head.get("format") != FORMAT:
            raise FormatMismatch(
                f"{path} has format {head.get('format')}, expected {FORMAT}: rebuild with `make index`"
            )
        fields = [Field.from_configuration(saved) for saved in head["fields"]]
        lines = _checked(fields, path)
        settings = JointSettings(**head["settings"])
        towers = Towers(lines, {field.name: field for field in fields}, settings.width)
        return cls(towers, load_file(directory / "weights.safetensors"), settings, head["facts"])


def _checked(fields: Sequence[Field], path: Path) -> list[FieldSpec]:
    """The table's line of each saved field. Raises FormatMismatch for a field the table declares
    otherwise.
    """
    table = {line.key: line for line in (*TABLE, overview_spec(0))}
    lines = []
    for field in fields:
        line = table.get(field.name)
        if line is None:
            raise FormatMismatch(
                f"{path} has a field {field.name} that this version lacks: rebuild with `make index`"
            )
        if not isinstance(field, line.model):
            expected, found = line.model.kind, field.kind
            raise FormatMismatch(
                f"{path}: field {field.name} is {found}, expected {expected}: rebuild with `make index`"
            )
        lines.append(line)
    return lines


def _stored(array: Any) -> Any:
    return array.astype(np.float16) if array.size > _HALVED else array


def _with_person_in_cast(row: Row) -> Row:
    """In a title's row a ``person`` is somebody of unsaid function: looked for in the cast."""
    person = row.values.get("person")
    if row.kind != "title" or not isinstance(person, str):
        return row
    cast = row.values.get("cast") or ()
    names = (cast,) if isinstance(cast, str) else cast if isinstance(cast, tuple) else ()
    return Row("title", {**row.values, "cast": (*names, person)})
