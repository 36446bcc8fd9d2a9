"""One title or person in the joint space: what lies near it, and what its vector says of its own fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from indexer.catalog.records import Person, Title
from indexer.fields.arrays import NumpyOps
from indexer.fields.rows import Kind, Row
from indexer.linking.guesses import COLLECTIONS
from indexer.maps.facts import title_values

if TYPE_CHECKING:
    from indexer.fields.arrays import Floats
    from indexer.fields.base import Field
    from indexer.index import Index
    from indexer.joint.space import JointSpace


@dataclass(frozen=True)
class Remade:
    """One field of one title or person.

    catalogue: the true value, ``None`` or empty where the catalogue has none. model: the likeliest value by
    the vector alone; ``None`` of a field that is scored and not spelt out (names, plots). nats: how much
    likelier this vector makes the catalogue's value than other entities' vectors do, at most 8 either way;
    ``None`` without a value.
    """

    field: str
    catalogue: Any
    model: Any
    nats: float | None


def remade(index: Index, found: Title | Person) -> list[Remade] | None:
    """Each field that the space decodes and the catalogue may fill; [] for an entity that has no vector.

    ``None`` where the build has no joint space.
    """
    kind, space = _kind(found), index.joint
    row = _vector(index, kind, found.id)
    if row is None or space is None:
        return None
    if np.isnan(row).any():
        return []
    return list(_decoded(index, space, kind, row[:, : space.width], _values(index, found)))


def near(index: Index, found: Title | Person, count: int) -> list[int]:
    """Ids of the ``count`` nearest of its kind, nearest first; [] without vectors."""
    row = _vector(index, _kind(found), found.id)
    if row is None or np.isnan(row).any() or index.vectors is None:
        return []
    ids, _ = index.vectors.query(COLLECTIONS[_kind(found)], row, count + 1)
    return [key for key in ids[0].tolist() if key >= 0 and key != found.id][:count]


def _decoded(
    index: Index, space: JointSpace, kind: Kind, row: Floats, values: dict[str, Any]
) -> Iterator[Remade]:
    latent = space.towers.latent(row)
    spelt = {word.lower(): word for word in (*index.catalog.genres(), *index.catalog.types())}
    for spec, field in space.towers.of(kind):
        if spec.reconstructed and spec.name in values:
            (read,) = field.predicted(latent, space.weights, NumpyOps())
            value = values[spec.name]
            yield Remade(
                spec.name, value, _spelt(read, spelt), _nats(index, kind, field, spec.name, value, row)
            )


def _nats(index: Index, kind: Kind, field: Field, name: str, value: Any, row: Floats) -> float | None:
    if value in (None, (), "") or not field.features([value]).present[0] or index.linker.guesses is None:
        return None
    nats = index.linker.guesses.nats(Row(kind, {name: value}), name, row)
    return round(float(nats[0]), 2) + 0.0  # not -0.0


def _spelt(read: Any, spelt: dict[str, str]) -> Any:
    """Words as the catalogue spells them, which fields keep in small letters; ``None`` of what is no word."""
    if isinstance(read, tuple):
        return tuple(spelt.get(word, word) for word in read)
    if isinstance(read, str):
        return spelt.get(read, read)
    return None if isinstance(read, np.ndarray) else read


def _kind(found: Title | Person) -> Kind:
    return "title" if isinstance(found, Title) else "person"


def _vector(index: Index, kind: Kind, key: int) -> Floats | None:
    """(1, D), NaN for an entity without one; ``None`` where the build has no vectors of its kind."""
    collection = COLLECTIONS[kind]
    if index.vectors is None or collection not in index.vectors:
        return None
    return index.vectors.rows(collection, [key])


def _values(index: Index, found: Title | Person) -> dict[str, Any]:
    if isinstance(found, Title):
        return title_values(index.catalog, [found])[0]
    return {
        "person": found.name,
        "born": found.birth_year,
        "died": found.death_year,
        "profession": found.professions,
    }
