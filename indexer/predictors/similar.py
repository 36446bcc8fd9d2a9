"""Titles like a title, and titles like a plot that somebody tells."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from indexer.catalog.records import Title
from indexer.errors import IndexUnusable, InputError
from indexer.ids import TitleId, format_title_id

if TYPE_CHECKING:
    from indexer.catalog.catalog import Catalog
    from indexer.overviews.encoder import Encoder
    from indexer.vectors import Vectors

MAX_PLOT = 20_000  # characters; the encoder reads some hundreds of words at most
_POOL = 150  # neighbours each source brings; the order among them is ours
_ERA = 15.0  # years over which closeness in time falls to a third


@dataclass(frozen=True)
class SimilarWeights:
    """What each part of the score counts; no unit. Every part lies in 0..1 before it is weighted.

    Plots say what a title is about and the joint space who made it: they carry the score. Shared genres are
    coarse but reliable. Era and popularity break ties: among equals, the one people have seen is the better
    advice, but a blockbuster must not outrank a film that is really alike.
    """

    overview: float = 1.0
    joint: float = 0.8
    genres: float = 0.6
    collection: float = 0.5
    popularity: float = 0.3
    era: float = 0.2
    told: float = 0.4  # popularity beside the cosine of a told plot: people tell films that many have seen


@dataclass(frozen=True)
class ScoredTitle:
    """One title that is alike; ``parts`` add up to ``score``. Higher is more alike, the unit is arbitrary."""

    title_id: TitleId
    score: float
    parts: dict[str, float] = field(default_factory=dict)


class SimilarTitles:
    """Neighbours among plots and in the joint space, reordered by everything the catalogue knows."""

    def __init__(
        self,
        catalog: Catalog,
        vectors: Vectors | None,
        encoder: Encoder | None = None,
        weights: SimilarWeights | None = None,
    ) -> None:
        self._catalog, self._vectors, self._encoder = catalog, vectors, encoder
        self._weights = weights or SimilarWeights()

    def to_title(self, title_id: int, k: int = 10) -> list[ScoredTitle]:
        """The ``k`` titles most like one, best first; ``[]`` where it has no vector.

        Raises InputError for an id that is not in the catalogue.
        """
        title = self._catalog.title(title_id)
        if title is None:
            raise InputError(f"no title {format_title_id(title_id)} in this index")
        collection = set(self._catalog.collection(title_id))
        pool = self._neighbours("overviews", title_id) | self._neighbours("titles", title_id) | collection
        others = self._catalog.titles(pool - {title_id})
        if not others:
            return []
        return self._scored(title, list(others.values()), collection)[:k]

    def to_text(self, plot: str, k: int = 10) -> list[ScoredTitle]:
        """The ``k`` titles whose overviews are most like ``plot``, best first; ``[]`` for an empty plot.

        Raises InputError for a plot that is too long, IndexUnusable where the build has no overview vectors.
        """
        if len(plot) > MAX_PLOT:
            raise InputError(f"the plot has {len(plot):,} characters: the limit is {MAX_PLOT:,}")
        if not plot.strip():
            return []
        return self._told(self._by_meaning(plot, max(k, _POOL)))[:k]

    def nearness(self, plot: str, ids: Sequence[int]) -> dict[int, float]:
        """The cosine of a plot with the overview of each of ``ids`` that has one. Raises as ``to_text``."""
        if self._vectors is None or self._encoder is None or "overviews" not in self._vectors:
            raise IndexUnusable("this index has no overview vectors: rebuild with python -m indexer build")
        rows = np.asarray(self._vectors.rows("overviews", list(ids)), dtype=np.float32).reshape(len(ids), -1)
        query = self._encoder.encode_one(plot[:MAX_PLOT])
        return {i: float(row @ query) for i, row in zip(ids, rows, strict=True) if not np.isnan(row).any()}

    def _told(self, dense: Sequence[tuple[int, float]]) -> list[ScoredTitle]:
        """Neighbours of a plot with the prior that the telling of it brings."""
        titles = self._catalog.titles([i for i, _ in dense])
        found = [
            ScoredTitle(
                TitleId(i),
                score + self._weights.told * popularity(titles[TitleId(i)]),
                {"overview": score, "popularity": self._weights.told * popularity(titles[TitleId(i)])},
            )
            for i, score in dense
            if TitleId(i) in titles
        ]
        return sorted(found, key=lambda item: (-item.score, item.title_id))

    def _by_meaning(self, plot: str, k: int) -> list[tuple[int, float]]:
        if self._vectors is None or self._encoder is None or "overviews" not in self._vectors:
            raise IndexUnusable("this index has no overview vectors: rebuild with python -m indexer build")
        query = self._encoder.encode_one(plot)[None]
        ids, scores = self._vectors.query("overviews", query, k)
        return [(i, float(score)) for i, score in zip(ids[0].tolist(), scores[0], strict=True) if i >= 0]

    def _neighbours(self, collection: str, title_id: int) -> set[TitleId]:
        if self._vectors is None or collection not in self._vectors:
            return set()
        row = self._vectors.rows(collection, [title_id])
        if np.isnan(row).any():
            return set()
        ids, _ = self._vectors.query(collection, row, _POOL)
        return {TitleId(i) for i in ids[0].tolist() if i >= 0}

    def _scored(self, title: Title, others: list[Title], collection: set[TitleId]) -> list[ScoredTitle]:
        weights = self._weights
        parts = {
            "overview": weights.overview * self._cosines("overviews", title, others),
            "joint": weights.joint * self._cosines("titles", title, others),
            "genres": weights.genres * _array(shared_genres(title, other) for other in others),
            "collection": weights.collection * _array(other.id in collection for other in others),
            "popularity": weights.popularity * _array(popularity(other) for other in others),
            "era": weights.era * _array(same_era(title, other) for other in others),
        }
        scores = np.sum(list(parts.values()), axis=0)
        order = np.lexsort((np.array([other.id for other in others]), -scores))
        return [
            ScoredTitle(
                others[at].id,
                float(sum(part[at] for part in parts.values())),
                {name: float(part[at]) for name, part in parts.items()},
            )
            for at in order.tolist()
        ]

    def _cosines(self, collection: str, title: Title, others: list[Title]) -> NDArray[np.float64]:
        """(K,) cosines, at least 0; one without a vector counts as the least alike of those with one."""
        if self._vectors is None or collection not in self._vectors:
            return np.zeros(len(others))
        row = self._vectors.rows(collection, [title.id])[0]
        cosines = self._vectors.rows(collection, [other.id for other in others]) @ row
        known = ~np.isnan(cosines)
        if not known.any():
            return np.zeros(len(others))
        return np.where(known, np.maximum(cosines, 0), max(0.0, float(cosines[known].min()))).astype(
            np.float64
        )


def shared_genres(one: Title, other: Title) -> float:
    """Jaccard's index of the genres, 0..1; 0 where one has none."""
    union = set(one.genres) | set(other.genres)
    return len(set(one.genres) & set(other.genres)) / len(union) if union else 0.0


def popularity(title: Title) -> float:
    """0 without votes, 1 at a million: the logarithm of the votes."""
    return min(1.0, math.log10(1 + title.votes) / 6)


def same_era(one: Title, other: Title) -> float:
    """1 in the same year, falling with the distance; 0 where a year is unknown."""
    if one.year is None or other.year is None:
        return 0.0
    return math.exp(-abs(one.year - other.year) / _ERA)


def _array(values: Iterable[float]) -> NDArray[np.float64]:
    return np.fromiter(values, dtype=np.float64)
