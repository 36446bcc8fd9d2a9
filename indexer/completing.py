"""Credits that an index probably lacks, of one title or one person."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

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

_RANKER, _GRAPH = "missing-credits", "credit-graph.safetensors"  # in the cache
Made = TypeVar("Made")


def probable(index: Index, wanted: str, limit: int, progress: Progress) -> Iterator[dict[str, Any]]:
    """The people probably missing from a title (``tt...``), or the titles from a person (``nm...``).

    Likeliest first: {"id", "name", "year" (of a title), "score" (no probability), "partners": how many of
    the known credits lead there}. Nothing where walks lead nowhere. The first call for an index reads the
    graph of credits and learns the ranker, some minutes for a hundred thousand titles, and keeps both in the
    index's cache.
    Raises InputError for an id that is malformed, or of which no credit is known in scope.
    """
    kind, own = _read(wanted)
    graph = _graph(index, progress)
    at = int(np.searchsorted(graph.ids(kind), own))
    if at == len(graph.ids(kind)) or graph.ids(kind)[at] != own:
        raise InputError(
            f"{wanted} is not among the titles and people in scope: unknown, or with too few votes"
        )
    if graph.half(kind).starts[at] == graph.half(kind).starts[at + 1]:
        raise InputError(f"no credit of {wanted} is known, and nothing leads on from there")
    ranker = _ranker(index, graph, progress)
    found = next(ranker.missing(kind, np.array([at])))[:limit]
    yield from _told(index, graph, kind, found)


def _read(wanted: str) -> tuple[Kind, int]:
    """Which kind an id is of, and its number."""
    if wanted.startswith("tt"):
        return "title", int(parse_title_id(wanted))
    if wanted.startswith("nm"):
        return "person", int(parse_person_id(wanted))
    raise InputError(f"{wanted!r} is no id: give a title's (tt0133093) or a person's (nm0000206)")


def _graph(index: Index, progress: Progress) -> CreditGraph:
    """The one in the cache; read, and kept there, where there is none or it is of another catalogue."""
    from indexer.joint.missing.graph import CreditGraph
    from indexer.joint.missing.kept import load_graph, save_graph

    source = f"{index.manifest['catalogue_hash']}, {index.settings.vectors}"
    return _kept(
        None if index.root is None else cache_folder(index.root) / _GRAPH,
        lambda place: load_graph(place, source),
        lambda: CreditGraph.read(index.catalog, index.settings.vectors, progress),
        lambda graph, place: save_graph(graph, place, source),
        progress,
    )


def _ranker(index: Index, graph: CreditGraph, progress: Progress) -> CreditRanker:
    """The one in the cache; learnt, and kept there, where there is none or it is of other credits."""
    from indexer.joint.missing.ranker import CreditRanker

    threads = index.settings.threads or os.cpu_count() or 1
    return _kept(
        None if index.root is None else cache_folder(index.root) / _RANKER,
        lambda place: CreditRanker.load(place, graph),
        lambda: CreditRanker.fit(graph, progress, seed=index.settings.seed, threads=threads),
        CreditRanker.save,
        progress,
    )


def _kept(
    place: Path | None,
    load: Callable[[Path], Made],
    make: Callable[[], Made],
    save: Callable[[Made, Path], None],
    progress: Progress,
) -> Made:
    """What lies at ``place``; made, and kept there, where nothing does or what does not fit."""
    if place is not None and place.exists():
        try:
            return load(place)
        except FormatMismatch as error:
            progress.say(f"missing credits: {error}")
    made = make()
    if place is not None:
        _keep(lambda beside: save(made, beside), place, progress)
    return made


def _keep(save: Callable[[Path], None], place: Path, progress: Progress) -> None:
    """Write beside, then move into place. Where that fails the answer comes all the same, and it says so."""
    beside = place.with_name(f"{place.name}.{os.getpid()}")
    try:
        save(beside)
        _remove(place)
        beside.rename(place)
    except OSError as error:
        progress.say(f"missing credits: {place} could not be kept: {error}")
    finally:
        _remove(beside)


def _remove(place: Path) -> None:
    """A folder or a file that may be there."""
    if place.is_dir():
        shutil.rmtree(place, ignore_errors=True)
    else:
        with suppress(OSError):
            place.unlink(missing_ok=True)


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
