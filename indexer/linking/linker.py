"""From a query row to the titles or people it may mean, best first, each with the parts of its score."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from indexer.errors import InputError
from indexer.fields.rows import Row
from indexer.ids import format_person_id, format_title_id
from indexer.linking.dense import DenseView
from indexer.linking.evidence import Asked, Evidence
from indexer.linking.facts import FactIndex
from indexer.linking.features import (
    by_field,
    person_parts,
    prior_parts,
    stacked,
    title_parts,
    value_parts,
)
from indexer.linking.guesses import COLLECTIONS, Guesses
from indexer.linking.likelihood import FieldLikelihood
from indexer.linking.names import NameIndex, NameMatch
from indexer.linking.weights import Weights

if TYPE_CHECKING:
    from indexer.joint.space import JointSpace
    from indexer.linking.source import LinkingSource
    from indexer.vectors import Vectors

Kind = Literal["title", "person"]
Mode = Literal["hybrid", "dense", "lexical"]
LEXICAL_CANDIDATES = 100
DENSE_CANDIDATES = 50
MATCHES = 20  # names among which probabilities are shared
Forgotten = Callable[[str, "npt.NDArray[Any]"], "npt.NDArray[np.bool_]"]
Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A title or person that a query row may mean.

    score: any real number, higher is better. probability: 0-1 that this is what is meant; those of all
    candidates add up to less than 1 where it may be none of them. parts: what each field added to the score,
    in nats ("by model" and "by vector": the joint model's, where the catalogue has no value or is not asked).
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
        return self._ranked(row, limit, mode, self.table(row, mode))

    def search(self, row: Row, limit: int = 10, among: Array | None = None) -> list[Candidate]:
        """The titles that fit every name a title's row says, best first; [] where none does.

        among: (N,) ids of titles; others are left out before anything is ranked, not after.
        A candidate's probability is its share among these.
        """
        evidence = Evidence(Asked.of(row), self.facts, self.name_indexes)
        rows = self.facts.find_titles(among)[0] if among is not None else None
        places = evidence.fitting_titles(max(limit, LEXICAL_CANDIDATES), rows)
        return self._ranked(row, limit, "hybrid", self.table(row, "hybrid", places=places))

    def _ranked(self, row: Row, limit: int, mode: Mode, found: tuple[Array, Array]) -> list[Candidate]:
        """The candidates of a table by what the features weigh."""
        asked, (ids, table) = Asked.of(row), found
        if not len(ids):
            return []
        served = mode if self.is_dense else "lexical"
        weights = self.weights.of(row.kind, served)
        scores = table @ weights
        order = np.argsort(-scores, kind="stable")[:limit]
        chances = self.weights.calibration(row.kind, served).probabilities(scores, asked.size)
        return self._candidates(row.kind, ids[order], scores[order], chances[order], table[order] * weights)

    def link_many(self, rows: Iterable[Row], limit: int = 10, mode: Mode = "hybrid") -> list[list[Candidate]]:
        """``link`` for each row."""
        return [self.link(row, limit, mode) for row in rows]

    def names(self, kind: Kind, text: str, limit: int = 20) -> list[Candidate]:
        """Titles or people by a name alone, best first: about 2 ms, no credits are read."""
        matches = self.matches(kind, text, limit)
        scores = np.asarray([match.score for match in matches], np.float64)
        chances = self.weights.calibration(kind, "name").probabilities(scores, 1)
        known = self._known(kind, [match.id for match in matches[:limit]])
        return [
            Candidate(kind, match.id, *known[match.id], match.score, float(chance), _parts_of(match))
            for match, chance in zip(matches[:limit], chances, strict=False)
            if match.id in known
        ]

    def matches(self, kind: Kind, text: str, limit: int = MATCHES) -> list[NameMatch]:
        """The best names, MATCHES of them at least: probabilities are shares among these."""
        index = self.name_indexes.get(kind)
        return index.search(text, max(limit, MATCHES)) if index is not None else []

    def table(
        self, row: Row, mode: str, forgotten: Forgotten | None = None, places: Array | None = None
    ) -> tuple[Array, Array]:
        """(K,) ids of the candidates of ``row`` and their (K, F) features, in the order of FEATURES.

        forgotten: given a field and row numbers (K,), which of their values to take as missing: it teaches
        what the joint model's guesses are worth. places: row numbers of the candidates, instead of those that
        names, facts and vectors find.
        """
        asked = Asked.of(row)
        evidence = Evidence(asked, self.facts, self.name_indexes)
        view = self._view(row, asked) if mode != "lexical" else None
        places = self._places(row.kind, evidence, view, mode) if places is None else places
        columns = self.facts.columns
        ids = np.asarray((columns.title_ids if row.kind == "title" else columns.person_ids)[places])
        latents = self.vectors.rows(COLLECTIONS[row.kind], ids) if view is not None and self.vectors else None
        found = prior_parts(evidence, places)
        if mode != "dense":
            found |= (title_parts if row.kind == "title" else person_parts)(evidence, places)
        if view is not None and latents is not None:
            found["dense"] = view.nats(latents)
            found |= view.parts(self.facts, latents) if mode == "dense" else {}
        found |= self._values(row, evidence, places, latents, forgotten)
        return ids, stacked(found, len(places))

    def _places(self, kind: str, evidence: Evidence, view: DenseView | None, mode: str) -> Array:
        """(K,) row numbers of all candidates, ascending."""
        rows = [np.zeros(0, np.int64)]
        if mode != "dense":
            choose = evidence.candidate_titles if kind == "title" else evidence.candidate_people
            rows.append(choose(LEXICAL_CANDIDATES))
        if view is not None:
            near = view.candidates(self.facts) if mode == "dense" else view.near(DENSE_CANDIDATES)
            rows.append(self._rows(kind, near))
        return np.unique(np.concatenate(rows))

    def _values(
        self, row: Row, evidence: Evidence, places: Array, latents: Array | None, forgotten: Forgotten | None
    ) -> dict[str, Array]:
        """Years, genres and such: nats by the catalogue's value, by the joint model where it has none."""
        found = {}
        for field, nats in value_parts(self.values, evidence, places).items():
            known = self.values.known(field, places)
            if forgotten is not None:
                known = known & ~forgotten(field, places)
            found[field] = np.where(known, nats, 0.0)
            if self.guesses is not None and latents is not None and not known.all():
                guessed = np.zeros(len(places))
                guessed[~known] = self.guesses.nats(row, field, latents[~known])
                found[f"{field}_guessed"] = guessed
        return found

    @cached_property
    def values(self) -> FieldLikelihood:
        """The catalogue's values as likelihoods of what is said."""
        return FieldLikelihood(self.facts)

    @cached_property
    def guesses(self) -> Guesses | None:
        """The joint model's likelihoods, ``None`` without vectors."""
        if self.joint is None or self.vectors is None:
            return None
        return Guesses(self.joint, self.vectors)

    def _view(self, row: Row, asked: Asked) -> DenseView | None:
        """The row in the joint space; ``None`` without a space or a field that it knows."""
        if self.joint is None or self.vectors is None:
            return None
        view = DenseView(row, asked, self.joint, self.vectors)
        return view if view.latent is not None else None

    def _rows(self, kind: str, ids: Array) -> Array:
        return (self.facts.find_titles if kind == "title" else self.facts.find_people)(ids)[0]

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
            Candidate(kind, entry, *known[entry], float(score), float(chance), by_field(row))
            for entry, score, chance, row in zip(ids.tolist(), scores, chances, parts, strict=True)
            if entry in known
        ]


def _parts_of(match: NameMatch) -> dict[str, float]:
    return {"name": match.score - match.prior, "votes": match.prior}
