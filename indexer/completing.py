"""Credits that an index probably lacks, of one title or one person."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from indexer.errors import FormatMismatch, InputError
from indexer.fields.rows import Kind
from indexer.ids import PersonId, TitleId, format_person_id, format_title_id, parse_person_id, parse_title_id
from indexer.layout import cache_folder
from indexer.progress import Progress

if TYPE_CHECKING:
    from indexer.index import Index
    from indexer.joint.missing.graph import CreditGraph
    from indexer.joint.missing.ranker import CreditRanker, Missing

_FOLDER = "missing-credits"  # in the cache


def probable(index: Index, wanted: str, limit: int, progress: Progress) -> Iterator[dict[str, Any]]:
    """The people probably missing from a title (``tt...``), or the titles from a person (``nm...``).

    Likeliest first: {"id", "name", "year" (of a title), "score" (no probability), "partners": how many of
    the known credits lead there}. Nothing where walks lead nowhere. The first call for an index learns the
    ranker, some minutes for a hundred thousand titles, and keeps it in the index's cache.
    Raises InputError for an id that is malformed or has no known credit in scope.
    """
    from indexer.joint.missing.graph import CreditGraph

    kind: Kind = "title" if wanted.startswith("tt") else "person"
    own = int(parse_title_id(wanted) if kind == "title" else parse_person_id(wanted))
    graph = CreditGraph.read(index.catalog, index.settings.vectors, progress)
    at = int(np.searchsorted(graph.ids(kind), own))
    if at == len(graph.ids(kind)) or graph.ids(kind)[at] != own:
        raise InputError(f"{wanted} has no vector in {index.directory}: it is unknown, or has too few votes")
    ranker = _ranker(index, graph, progress)
    found = next(ranker.missing(kind, np.array([at])))[:limit]
    yield from _told(index, graph, kind, found)


def _ranker(index: Index, graph: CreditGraph, progress: Progress) -> CreditRanker:
    """The one in the cache; learnt, and kept there, where there is none or it is of other credits."""
    from indexer.joint.missing.ranker import CreditRanker

    folder = None if index.root is None else cache_folder(index.root) / _FOLDER
    if folder is not None and folder.is_dir():
        try:
            return CreditRanker.load(folder, graph)
        except FormatMismatch as error:
            progress.say(f"missing credits: {error}")
    threads = index.settings.threads or os.cpu_count() or 1
    ranker = CreditRanker.fit(graph, progress, seed=index.settings.seed, threads=threads)
    if folder is not None:
        _keep(ranker, folder)
    return ranker


def _keep(ranker: CreditRanker, folder: Path) -> None:
    """Write beside, then move into place: a folder that is there is whole."""
    beside = folder.with_name(f"{folder.name}.{os.getpid()}")
    ranker.save(beside)
    shutil.rmtree(folder, ignore_errors=True)
    beside.rename(folder)


def _told(index: Index, graph: CreditGraph, kind: Kind, found: list[Missing]) -> Iterator[dict[str, Any]]:
    if kind == "title":
        ids = [PersonId(int(graph.person_ids[one.place])) for one in found]
        people = index.catalog.people(ids)
        for person_id, one in zip(ids, found, strict=True):
            yield {"id": format_person_id(person_id), "name": people[person_id].name, **_scored(one)}
        return
    numbers = [TitleId(int(graph.title_ids[one.place])) for one in found]
    titles = index.catalog.titles(numbers)
    for title_id, one in zip(numbers, found, strict=True):
        title = titles[title_id]
        yield {"id": format_title_id(title_id), "name": title.name, "year": title.year, **_scored(one)}


def _scored(one: Missing) -> dict[str, Any]:
    return {"score": round(one.score, 3), "partners": one.partners}
