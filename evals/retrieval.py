"""Candidates in the order in which retrieval gives them, before any field is weighed; and what Chroma misses.

What reranking by fields is held against. Three orders, and the three fused:

names     the name index's own order (similarity and votes) for a row that names the title or person
words     how many of the words said of people and characters a title (or a person's credit) holds, as a
          full-text search over credits counts them; of equal counts the best known first
vectors   Chroma's order of the whole row's neighbours
fused     reciprocal rank fusion of those (Cormack et al. 2009)

``rough`` is the linker's own first pass, which sums hand-set weights over fields: field evidence already.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from indexer.errors import InputError
from indexer.fields.rows import Row
from indexer.linking.evidence import Asked, Evidence
from indexer.text import fold, name_key

if TYPE_CHECKING:
    from indexer.linking.facts import FactIndex
    from indexer.linking.linker import Linker

Array = npt.NDArray[Any]
Order = Callable[["Linker", Row], list[int]]
DEPTH = 100  # candidates of each order
_FUSED_AT = 60  # Cormack et al.'s constant
_RECALLED = 10
_QUERIES = 300  # of each kind that Chroma is asked
_COLLECTIONS = {"title": "titles", "person": "people"}


def orders(linker: Linker) -> dict[str, Order]:
    """The orders that this linker can give, by name; "vectors" only with vectors."""
    found: dict[str, Order] = {"retrieval by names": by_names, "retrieval by words": by_words}
    if linker.is_dense:
        found["retrieval by vectors"] = by_vectors
    return {**found, "retrieval fused": fused, "rough sum": by_rough_sum}


def by_names(linker: Linker, row: Row) -> list[int]:
    """Ids by the name index; [] for a row without the name of what it means."""
    name = Asked.of(row).name
    return [match.id for match in linker.matches(row.kind, name, DEPTH)] if name else []


def by_words(linker: Linker, row: Row) -> list[int]:
    """Ids by how many said words of people and characters they hold, then by votes; [] where none does."""
    asked, facts = Asked.of(row), linker.facts
    people = [word for text in (*asked.cast, asked.director or "") for word in name_key(text).split()]
    counts = _titles_holding(facts, people)
    roles = _credits_holding(facts, fold(asked.character or "").split())
    columns = facts.columns
    if row.kind == "title":
        np.maximum.at(roles_of := np.zeros(len(counts), np.int32), columns.credit_titles, roles)
        return _first(counts + roles_of, np.asarray(columns.votes), np.asarray(columns.title_ids))
    held = np.zeros(len(columns.person_ids), np.int32)
    np.maximum.at(held, columns.credit_people, roles + counts[columns.credit_titles])
    return _first(held, np.asarray(columns.fame), np.asarray(columns.person_ids))


def _titles_holding(facts: FactIndex, words: Sequence[str]) -> Array:
    """(T,) how many of the words occur in the names of those credited."""
    counts = np.zeros(len(facts.columns.title_ids), np.int32)
    for word in words:
        credit, _ = facts.credits_of_people(facts.words["people"].holding(word).astype(np.int64))
        counts[np.unique(facts.columns.credit_titles[credit])] += 1
    return counts


def _credits_holding(facts: FactIndex, words: Sequence[str]) -> Array:
    """(C,) how many of the words occur in the characters of each credit."""
    counts = np.zeros(len(facts.columns.credit_titles), np.int32)
    for word in words:
        counts[facts.words["characters"].holding(word)] += 1
    return counts


def _first(counts: Array, votes: Array, ids: Array) -> list[int]:
    places = np.flatnonzero(counts)
    best = places[np.lexsort((-votes[places], -counts[places]))][:DEPTH]
    return [int(entry) for entry in ids[best]]


def by_vectors(linker: Linker, row: Row) -> list[int]:
    """Ids of the whole row's neighbours as Chroma gives them; [] where the space knows none of its fields."""
    latent = _encoded(linker, row)
    if latent is None or linker.vectors is None:
        return []
    ids = linker.vectors.query(_COLLECTIONS[row.kind], latent[None], DEPTH)[0][0]
    return [int(entry) for entry in ids[ids >= 0]]


def _encoded(linker: Linker, row: Row) -> Array | None:
    if linker.joint is None:
        return None
    try:
        return np.asarray(linker.joint.encode([row])[0])
    except InputError:
        return None


def fused(linker: Linker, row: Row) -> list[int]:
    """The orders above as one: each gives an id 1 / (60 + rank), ranks from 1."""
    points: dict[int, float] = {}
    ranked = chain.from_iterable(
        enumerate(order(linker, row), start=1) for order in (by_names, by_words, by_vectors)
    )
    for rank, entry in ranked:
        points[entry] = points.get(entry, 0.0) + 1 / (_FUSED_AT + rank)
    return sorted(points, key=lambda entry: -points[entry])


def by_rough_sum(linker: Linker, row: Row) -> list[int]:
    """Titles by their rough scores, people by their names; before any learned weight."""
    if row.kind == "person":
        return by_names(linker, row)
    rough = Evidence(Asked.of(row), linker.facts, linker.name_indexes).rough_titles()
    best = (-rough).argsort(kind="stable")[:DEPTH]
    return [int(linker.facts.columns.title_ids[place]) for place in best]


def chroma_recall(linker: Linker, rows: Sequence[Row]) -> Mapping[str, float]:
    """Of the true ten neighbours, the share that Chroma finds, 0-1; {} without vectors.

    By kind, for query rows as they are asked ("titles, asked") and for stored vectors ("titles, stored").
    """
    if linker.vectors is None:
        return {}
    found = {}
    for kind, collection in _COLLECTIONS.items():
        ids = linker.vectors.ids(collection)
        stored = linker.vectors.rows(collection, ids[:: max(len(ids) // _QUERIES, 1)][:_QUERIES])
        own = [row for row in rows if row.kind == kind]
        encoded = [_encoded(linker, row) for row in own[:: max(len(own) // _QUERIES, 1)][:_QUERIES]]
        asked = [latent for latent in encoded if latent is not None]
        for what, latents in (("asked", asked), ("stored", list(stored))):
            if latents:
                found[f"{collection}, {what}"] = _recall(linker, collection, np.stack(latents))
    return found


def _recall(linker: Linker, collection: str, latents: Array) -> float:
    assert linker.vectors is not None  # noqa: S101 - the caller asked
    near, _ = linker.vectors.query(collection, latents, _RECALLED)
    true, _ = linker.vectors.exact(collection, latents, _RECALLED)
    shares = [np.isin(wanted[wanted >= 0], got).mean() for got, wanted in zip(near, true, strict=True)]
    return float(np.mean(shares))
