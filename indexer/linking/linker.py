"""From a query row to the titles or people it may mean, best first, each with the parts of its score."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from indexer.errors import InputError
from indexer.fields.rows import Row
from indexer.ids import format_person_id, format_title_id
from indexer.linking.evidence import Asked, Evidence
from indexer.linking.facts import FactIndex
from indexer.linking.features import FEATURES, person_table, title_table
from indexer.linking.names import NameIndex, NameMatch
from indexer.linking.weights import Weights, softmax

if TYPE_CHECKING:
    from indexer.joint.space import JointSpace
    from indexer.linking.source import LinkingSource
    from indexer.vectors import Vectors

Kind = Literal["title", "person"]
Mode = Literal["hybrid", "dense", "lexical"]
LEXICAL_CANDIDATES = 100
DENSE_CANDIDATES = 50
Array = npt.NDArray[Any]
_COLLECTIONS = {"title": "titles", "person": "people"}
_LIKELY = (
    "year",
    "decade",
    "runtime",
    "genres",
    "type",
    "born",
    "profession",
)  # fields judged by log-likelihood


@dataclass(frozen=True, slots=True)
class Candidate:
    """A title or person that a query row may mean.

    score: any real number, higher is better. probability: 0-1 among all candidates considered. parts: what
    each kind of evidence added to the score; of a name alone: its similarity (0-1), its relation to the query
    (1.0), its votes.
    """

    kind: Kind
    id: int
    name: str
    year: int | None  # of a title: its first year; of a person: of birth
    score: float
    probability: float
    parts: dict[str, float]

    def to_json(self) -> dict[str, Any]:
        """``{"id", "name", "year", "score", "probability", "parts"}`` with the id in IMDb's spelling."""
        spelled = format_title_id(self.id) if self.kind == "title" else format_person_id(self.id)
        return {
            "id": spelled,
            "name": self.name,
            "year": self.year,
            "score": round(self.score, 4),
            "probability": round(self.probability, 4),
            "parts": {name: round(value, 3) for name, value in self.parts.items()},
        }


class Linker:
    """Links query rows to one catalogue; without vectors or joint space it does so lexically.

    facts: where ``None``, it is made from the catalogue when first needed: an instant for hundreds of titles,
    half a minute for a hundred thousand.
    """

    def __init__(
        self,
        catalog: LinkingSource,
        vectors: Vectors | None,
        joint: JointSpace | None,
        names: Mapping[str, NameIndex],
        weights: Weights,
        facts: FactIndex | None = None,
    ) -> None:
        self.catalog, self.vectors, self.joint = catalog, vectors, joint
        self.name_indexes, self.weights = names, weights
        self._facts = facts

    @cached_property
    def facts(self) -> FactIndex:
        """The catalogue's columns and postings."""
        return self._facts if self._facts is not None else FactIndex.from_catalog(self.catalog)

    @property
    def is_dense(self) -> bool:
        """Whether there are vectors to compare with."""
        return self.vectors is not None and self.joint is not None

    def link(self, row: Row, limit: int = 10, mode: Mode = "hybrid") -> list[Candidate]:
        """The ``limit`` likeliest titles or people, best first; [] when nothing fits.

        hybrid: names, facts and vectors. lexical: without vectors. dense: candidates and scores from vectors,
        with years, genres and such but no spelling. Raises InputError for an unknown mode.
        """
        asked = Asked.of(row)
        if mode not in ("hybrid", "dense", "lexical"):
            raise InputError(f"unknown mode {mode!r}: known are hybrid, dense, lexical")
        if mode != "dense" and asked.size == 1 and asked.name:
            return self.names(row.kind, asked.name, limit)
        ids, table = self.table(row, mode)
        if not len(ids):
            return []
        weights = self.weights.of(row.kind, mode if self.is_dense else "lexical")
        scores = table @ weights
        order = np.argsort(-scores, kind="stable")[:limit]
        return self._candidates(
            row.kind, ids[order], scores[order], softmax(scores)[order], table[order] * weights
        )

    def link_many(self, rows: Iterable[Row], limit: int = 10, mode: Mode = "hybrid") -> list[list[Candidate]]:
        """``link`` for each row."""
        return [self.link(row, limit, mode) for row in rows]

    def names(self, kind: Kind, text: str, limit: int = 20) -> list[Candidate]:
        """Titles or people by a name alone, best first: about 2 ms, no credits are read."""
        index = self.name_indexes.get(kind)
        matches = index.search(text, limit) if index is not None else []
        chances = softmax(np.asarray([match.score for match in matches], np.float64))
        known = self._known(kind, [match.id for match in matches])
        return [
            Candidate(kind, match.id, *known[match.id], match.score, float(chance), _parts_of(match))
            for match, chance in zip(matches, chances, strict=True)
            if match.id in known
        ]

    def table(self, row: Row, mode: str) -> tuple[Array, Array]:
        """(K,) ids of the candidates of ``row`` and their (K, F) features, in the order of FEATURES."""
        evidence = Evidence(Asked.of(row), self.facts, self.name_indexes)
        latent = self._latent(row) if mode != "lexical" else None
        rows = [np.zeros(0, np.int64)]
        if mode != "dense":
            choose = evidence.candidate_titles if row.kind == "title" else evidence.candidate_people
            rows.append(choose(LEXICAL_CANDIDATES))
        if latent is not None and self.vectors is not None:
            near = self.vectors.query(_COLLECTIONS[row.kind], latent, DENSE_CANDIDATES)[0][0]
            rows.append(self._rows(row.kind, near[near >= 0]))
        places = np.unique(np.concatenate(rows))
        table = (title_table if row.kind == "title" else person_table)(evidence, places)
        columns = self.facts.columns
        ids = np.asarray((columns.title_ids if row.kind == "title" else columns.person_ids)[places])
        if latent is not None:
            self._compare_vectors(row, latent, ids, table)
        return ids, table

    def _rows(self, kind: str, ids: Array) -> Array:
        return (self.facts.find_titles if kind == "title" else self.facts.find_people)(ids)[0]

    def _latent(self, row: Row) -> Array | None:
        """(1, D) where the query row lies in the joint space; ``None`` without a space or a known field."""
        if self.joint is None or self.vectors is None:
            return None
        try:
            return np.asarray(self.joint.encode([row]))
        except InputError:
            return None

    def _compare_vectors(self, row: Row, latent: Array, ids: Array, table: Array) -> None:
        """Fill the dense columns of ``table``; without a vector: 0 and the worst likelihood seen."""
        if self.vectors is None or self.joint is None:
            return
        rows = self.vectors.rows(_COLLECTIONS[row.kind], ids)
        there = ~np.isnan(rows[:, 0])
        table[there, FEATURES.index("dense")] = rows[there] @ latent[0]
        likely = np.zeros(int(there.sum()))
        for name in _LIKELY:
            likely += self._likelihood(row, name, rows[there])
        if likely.size:
            table[:, FEATURES.index("likelihood")] = likely.min()
            table[there, FEATURES.index("likelihood")] = likely

    def _likelihood(self, row: Row, name: str, latents: Array) -> Array:
        """(K,) of -1 to 0: tens of nats by which each candidate explains a value less well than the best."""
        value = row.values.get(name)
        if value is None or self.joint is None or not len(latents):
            return np.zeros(len(latents))
        try:
            nats = self.joint.log_likelihood(latents, name, value, row.kind)
        except InputError:
            return np.zeros(len(latents))
        return np.asarray(np.maximum(nats - nats.max(), -10) / 10)

    def _known(self, kind: str, ids: Sequence[int]) -> dict[int, tuple[str, int | None]]:
        """Name and year of those that the catalogue holds."""
        if kind == "title":
            return {int(key): (title.name, title.year) for key, title in self.catalog.titles(ids).items()}
        return {
            int(key): (person.name, person.birth_year) for key, person in self.catalog.people(ids).items()
        }

    def _candidates(
        self, kind: Kind, ids: Array, scores: Array, chances: Array, parts: Array
    ) -> list[Candidate]:
        known = self._known(kind, ids.tolist())
        return [
            Candidate(kind, entry, *known[entry], float(score), float(chance),
                      {name: float(value) for name, value in zip(FEATURES, row, strict=True) if value})
            for entry, score, chance, row in zip(ids.tolist(), scores, chances, parts, strict=True)
            if entry in known
        ]  # fmt: skip


def _parts_of(match: NameMatch) -> dict[str, float]:
    return {"similarity": match.similarity, match.relation: 1.0, "votes": match.weight}
