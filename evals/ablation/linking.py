"""Linking on the frozen sets with the weight of one group of features after another set to 0.

No weight is fitted again: the others would make up for part of what is missing, so each line says the most
that a group brings. Candidates stay those of the whole linker.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from evals import retrieval
from evals.linking import FOLDER, SETS, Item, Tally, read_items
from indexer.errors import InputError
from indexer.linking.evidence import Asked
from indexer.linking.features import FEATURES, GUESSED, PRIORS, STRUCTURED

if TYPE_CHECKING:
    from evals.linking import Linked
    from indexer.fields.rows import Row
    from indexer.linking.linker import Linker
    from indexer.progress import Progress

Array = npt.NDArray[Any]
Way = tuple[str, list[int], bool]  # what is left out, the ids found, and whether that changed any score
QUERIES = 500  # of each set
_TOP = 10
VOTES, SPELLING = "how well known", "spelling of the name"
GROUPS: dict[str, tuple[str, ...]] = {
    VOTES: PRIORS,
    SPELLING: ("name", "same_name", "name_held"),
    "cast": ("cast", "cast_least"),
    "director": ("director",),
    "characters": ("character", "role_words"),
    "title somebody is in": ("title",),
    "all of one credit": ("together",),
    **{name: (name, f"{name}_guessed") for name in STRUCTURED},
    "nearness of vectors": ("dense",),
    "guesses of missing values": GUESSED,
    "nearness and guesses": ("dense", *GUESSED),
}


@dataclass
class Counted:
    """Hits of one way, and of how many queries it changed a candidate's score."""

    tally: Tally = field(default_factory=Tally)
    touched: int = 0


Found = Mapping[str, Mapping[str, Counted]]  # by set and way; the first way is all as it serves


def run(index: Linked, sets: Path, progress: Progress, limit: int | None = None) -> Found:
    """Every way on the first ``limit`` queries of each set (QUERIES).

    Raises InputError where the index has no linker or the sets are not there.
    """
    linker = index.linker
    if linker is None:
        raise InputError("this index was built without names: build it again without --without names")
    found = {}
    for name in SETS:
        items = read_items(sets / FOLDER / f"{name}.jsonl", limit or QUERIES)
        told = progress.track(items, f"ablation: linking, {name}", len(items), "queries")
        found[name] = counted(linker, told)
    return found


def counted(linker: Linker, items: Iterable[Item]) -> dict[str, Counted]:
    """All ways over the items of one set; ways that change no query are left out."""
    found: dict[str, Counted] = {}
    for item in items:
        for way, ids, touched in ways(linker, item.row):
            one = found.setdefault(way, Counted())
            rank = next((place for place, key in enumerate(ids[:_TOP], 1) if key in item.golds), None)
            one.tally.ranks.append(rank)
            one.touched += touched
    return {way: one for way, one in found.items() if one.touched}


def ways(linker: Linker, row: Row) -> Iterator[Way]:
    """The ids found for one row as it serves, without each group, in other modes and by retrieval alone."""
    served = "hybrid" if linker.is_dense else "lexical"
    yield from _by_name(linker, row) if _bare(row) else _by_table(linker, row, served)
    modes = ("lexical", "dense") if linker.is_dense else ()
    for mode in modes:
        yield f"{mode} only", _ids(linker, row, mode), True
    yield "retrieval order only", retrieval.fused(linker, row), True


def _bare(row: Row) -> bool:
    asked = Asked.of(row)
    return bool(asked.size == 1 and asked.name)


def _by_table(linker: Linker, row: Row, mode: str) -> Iterator[Way]:
    ids, table = linker.table(row, mode)
    weights = linker.weights.of(row.kind, mode)
    yield mode, _first(ids, table @ weights), True
    for group, features in GROUPS.items():
        at = [FEATURES.index(name) for name in features]
        less = weights.copy()
        less[at] = 0.0
        touched = bool(np.any(table[:, at] * weights[at]))
        yield f"without {group}", _first(ids, table @ less), touched


def _by_name(linker: Linker, row: Row) -> Iterator[Way]:
    """A name alone is scored by spelling and votes; the other groups say nothing of it."""
    matches = linker.matches(row.kind, Asked.of(row).name or "")
    ids = np.array([match.id for match in matches], np.int64)
    scores = np.array([match.score for match in matches], np.float64)
    priors = np.array([match.prior for match in matches], np.float64)
    yield "hybrid" if linker.is_dense else "lexical", _first(ids, scores), True
    for group in GROUPS:
        less = {VOTES: scores - priors, SPELLING: priors}.get(group, scores)
        yield f"without {group}", _first(ids, less), bool(np.any(less != scores))


def _ids(linker: Linker, row: Row, mode: str) -> list[int]:
    """As ``link`` finds them."""
    if mode != "dense" and _bare(row):
        return [match.id for match in linker.matches(row.kind, Asked.of(row).name or "")]
    ids, table = linker.table(row, mode)
    return _first(ids, table @ linker.weights.of(row.kind, mode))


def _first(ids: Array, scores: Array) -> list[int]:
    return [int(key) for key in ids[np.argsort(-scores, kind="stable")[:_TOP]]]
