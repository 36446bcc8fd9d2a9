"""A query row in the joint space: its neighbours, and the neighbours of everybody and everything it names.

A name among a row's facts (a cast, a director, of a person's row a title) is one of many that an entity's
vector has to hold. So each is also encoded as a row of its own kind, which finds the people it may mean; how
near these lie to a candidate says how likely they are credited together. Late interaction, as in ColBERT
(Khattab and Zaharia 2020), over entities in place of words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from indexer.errors import InputError
from indexer.fields.rows import Row
from indexer.linking.evidence import Asked
from indexer.linking.guesses import COLLECTIONS

if TYPE_CHECKING:
    from indexer.joint.space import JointSpace
    from indexer.linking.facts import FactIndex
    from indexer.vectors import Vectors

Array = npt.NDArray[Any]
WIDE, NAMED = 600, 300  # neighbours of the whole row, of the name alone
_MEANT, _FOLLOWED, _AROUND = 100, 12, 100  # entities a name may mean, those followed, the neighbours of each
_FAME = 0.35  # of the prior: log popularity; a name's likeliest bearer is a known one


@dataclass(frozen=True)
class Named:
    """One of the row's names as the entities it may mean: M vectors, likeliest first."""

    part: str
    vectors: Array  # (M, D)
    chances: Array  # (M,) that it means each, log


class DenseView:
    """One query row as vectors. ``sharpness``: nats per unit of cosine, one over training's temperature."""

    def __init__(self, row: Row, asked: Asked, joint: JointSpace, vectors: Vectors) -> None:
        self._row, self._asked = row, asked
        self._joint, self._vectors = joint, vectors
        self.sharpness = 1 / joint.settings.temperature
        self._collection = COLLECTIONS[row.kind]

    @cached_property
    def latent(self) -> Array | None:
        """(D,) the whole row; ``None`` where it says nothing that the space knows."""
        return self._encoded(self._row)

    def _encoded(self, row: Row) -> Array | None:
        try:
            return np.asarray(self._joint.encode([row])[0])
        except InputError:
            return None

    def near(self, limit: int) -> Array:
        """(K,) ids of the nearest entities of the row's kind, nearest first."""
        return self._around([self.latent], limit) if self.latent is not None else np.zeros(0, np.int64)

    def _around(self, latents: list[Array], limit: int) -> Array:
        if not latents:
            return np.zeros(0, np.int64)
        ids = self._vectors.query(self._collection, np.stack(latents).astype(np.float32), limit)[0]
        return np.asarray(ids[ids >= 0])

    def nats(self, latents: Array) -> Array:
        """(K,) how near the whole row is to latents (K, D); 0 for a row of NaN, that of no vector."""
        return np.zeros(len(latents)) if self.latent is None else self._near(self.latent, latents)

    def _near(self, latent: Array, latents: Array) -> Array:
        return np.asarray(np.nan_to_num(latents @ latent) * self.sharpness)

    def candidates(self, facts: FactIndex) -> Array:
        """(K,) ids, some twice: around the row, its name, and those whom its other names may mean."""
        alone = [latent for part, latent in self._alone.items() if part == "near_name"]
        followed = [vector for named in self._named(facts) for vector in named.vectors[:_FOLLOWED]]
        found = [self.near(WIDE), self._around(alone, NAMED), self._around(followed, _AROUND)]
        return np.concatenate(found)

    def parts(self, facts: FactIndex, latents: Array) -> dict[str, Array]:
        """By feature: (K,) nats for latents (K, D) of each thing the row names, taken by itself."""
        found = {part: self._near(latent, latents) for part, latent in self._alone.items()}
        for named in self._named(facts):
            nats = np.nan_to_num(latents) @ named.vectors.T * self.sharpness + named.chances  # (K, M)
            found[named.part] = found.get(named.part, 0) + np.logaddexp.reduce(nats, axis=1)
        return found

    @cached_property
    def _alone(self) -> dict[str, Array]:
        """The name, and the character, encoded without the rest of the row."""
        asked = self._asked
        said = {"near_name": (asked.kind, asked.name), "near_role": ("character", asked.character)}
        rows = {part: Row(self._row.kind, {field: text}) for part, (field, text) in said.items() if text}
        found = {part: self._encoded(row) for part, row in rows.items()}
        return {part: latent for part, latent in found.items() if latent is not None}

    def _named(self, facts: FactIndex) -> list[Named]:
        if self._names is None:
            self._names = [self._meant(*said, facts) for said in self._said()]
        return self._names

    _names: list[Named] | None = None

    def _said(self) -> Iterator[tuple[str, Row]]:
        for text in self._asked.cast:
            yield "near_cast", Row("person", {"person": text})
        if self._asked.director:
            yield "near_director", Row("person", {"person": self._asked.director})
        if self._asked.title and self._row.kind == "person":
            yield "near_title", Row("title", {"title": self._asked.title})

    def _meant(self, part: str, row: Row, facts: FactIndex) -> Named:
        latent = self._joint.encode([row])
        ids, cosines = (found[0] for found in self._vectors.query(COLLECTIONS[row.kind], latent, _MEANT))
        ids, cosines = ids[ids >= 0], cosines[ids >= 0]
        chances = self.sharpness * cosines + _FAME * _fame(facts, row.kind, ids)
        order = np.argsort(-chances, kind="stable")
        level = np.logaddexp.reduce(chances) if len(chances) else 0.0
        return Named(part, self._vectors.rows(COLLECTIONS[row.kind], ids[order]), chances[order] - level)


def _fame(facts: FactIndex, kind: str, ids: Array) -> Array:
    """(M,) log popularity of people, log votes of titles."""
    columns = facts.columns
    found = np.zeros(len(ids))
    rows, there = facts.find_titles(ids) if kind == "title" else facts.find_people(ids)
    found[there] = (columns.votes if kind == "title" else columns.fame)[rows]
    return found
