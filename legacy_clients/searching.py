"""Titles by names and filters; the filters come first, so that nothing that passes them is lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from indexer.catalog.records import Title, TitleFilter
from indexer.errors import IndexUnusable
from indexer.fields.rows import Row
from indexer.ids import TitleId
from indexer.layout import MEND
from legacy_clients.asked import DEEPEST, AskedSearch
from legacy_clients.lines import rounded, title_fields
from legacy_clients.problems import not_among, refused
from legacy_clients.said import Found, SearchAnswer

if TYPE_CHECKING:
    from indexer.catalog.catalog import Catalog
    from indexer.index import Index
    from indexer.linking.linker import Candidate


def search(index: Index, asked: AskedSearch) -> SearchAnswer:
    """One page of the titles that pass the filters, ranked by the names said, or by votes without one."""
    wanted = _filter(index.catalog, asked)
    filtered = index.catalog.count_where(wanted)
    first, end = (asked.page - 1) * asked.per_page, asked.page * asked.per_page
    if asked.names:
        ranked = _ordered(index, asked, _ranked(index, asked, wanted, filtered))
        results, total = [_found(title, hit) for title, hit in ranked[first:end]], len(ranked)
    else:
        titles = index.catalog.titles(index.catalog.titles_where(wanted, end)[first:])
        results, total = [_found(title, None) for title in titles.values()], filtered
    return SearchAnswer(
        results=results, page=asked.page, per_page=asked.per_page, total=total, filtered=filtered
    )


def _filter(catalog: Catalog, asked: AskedSearch) -> TitleFilter:
    """Raises Refusal, with what is allowed, for a genre or type that no title has."""
    genres, bad_genres = _known("genre", asked.genre, catalog.genres())
    types, bad_types = _known("type", asked.type, catalog.types())
    if bad_genres or bad_types:
        raise refused(422, [*bad_genres, *bad_types])
    return TitleFilter(
        years=asked.years,
        genres=genres,
        types=types,
        min_votes=asked.min_votes,
        min_rating=asked.min_rating,
        order="votes" if asked.order == "relevance" else asked.order,
    )


def _known(field: str, words: Sequence[str], allowed: Sequence[str]) -> tuple[tuple[str, ...], list[Any]]:
    """The words as the catalogue spells them, and the faults of those that it does not have."""
    spelt = {word.casefold(): word for word in allowed}
    faults = [not_among(field, word, allowed) for word in words if word.casefold() not in spelt]
    return tuple(spelt[word.casefold()] for word in words if word.casefold() in spelt), faults


def _ranked(index: Index, asked: AskedSearch, wanted: TitleFilter, filtered: int) -> list[Candidate]:
    """The best thousand at most of those that fit every name, best first."""
    if "title" not in index.names or "person" not in index.names:
        raise IndexUnusable(f"this index has no names to search: {MEND}")
    everything = filtered == index.catalog.counts()["titles"]
    among = None if everything else np.asarray(index.catalog.titles_where(wanted, filtered), np.int64)
    return index.linker.search(Row("title", asked.names), DEEPEST, among)


def _ordered(
    index: Index, asked: AskedSearch, hits: Sequence[Candidate]
) -> list[tuple[Title, Candidate | None]]:
    titles = index.catalog.titles([hit.id for hit in hits])
    found: list[tuple[Title, Candidate | None]] = [
        (title, hit) for hit in hits if (title := titles.get(TitleId(hit.id))) is not None
    ]
    if asked.order != "relevance":
        found.sort(key=lambda each: getattr(each[0], asked.order) or -1, reverse=True)
    return found


def _found(title: Title, hit: Candidate | None) -> Found:
    score = None if hit is None else round(hit.score, 4)
    return Found(**title_fields(title), score=score, parts=None if hit is None else rounded(hit.parts))
