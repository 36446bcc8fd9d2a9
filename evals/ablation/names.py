"""Misspelt names drawn from the catalogue, and where the vectors find whom they mean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from evals.joint.ranks import Ranks, inner, ranks_by
from indexer.fields.arrays import Csr, Floats, Ints
from indexer.fields.rows import Kind, Row
from indexer.joint.entities import Entities
from indexer.joint.space import JointSpace, halves
from indexer.linking.noise import distorted

_FIELDS: dict[Kind, tuple[str, str]] = {
    "title": ("title/title", "titles"), "person": ("person/person", "names")
}  # fmt: skip


@dataclass(frozen=True)
class Names:
    """Q query rows that say a name alone, and by query the places of all entities that bear the right one."""

    rows: Sequence[Row]
    golds: Csr


def drawn(entities: Entities, kind: Kind, count: int, seed: int) -> Names:
    """The first names of ``count`` entities, each through the linker's noise; any namesake is right."""
    key, table = _FIELDS[kind]
    pool, lists = entities.pools[table], entities.lists[key]
    first = lists.ids[lists.starts[:-1]]
    named = np.flatnonzero([bool(pool[at]) for at in first])
    chosen = np.random.default_rng(seed).choice(named, min(count, len(named)), replace=False)
    texts = [pool[first[at]] for at in chosen]
    random = Random(seed)
    rows = [Row(kind, {kind: distorted(text, kind, random) or text}) for text in texts]
    bearers = _bearers(pool, lists, frozenset(texts))
    golds = [bearers[text] for text in texts]
    return Names(rows, Csr.of(np.concatenate(golds), [len(part) for part in golds]))


def _bearers(pool: Sequence[str], lists: Csr, texts: frozenset[str]) -> dict[str, Ints]:
    """By text, the places of the entities among whose names it is."""
    wanted = np.array([text in texts for text in pool], np.bool_)
    at = np.flatnonzero(wanted[lists.ids])
    owners = np.repeat(np.arange(len(lists)), np.diff(lists.starts))[at]
    found: dict[str, set[int]] = defaultdict(set)
    for place, owner in zip(lists.ids[at], owners, strict=True):
        found[pool[place]].add(int(owner))
    return {text: np.array(sorted(places), np.int64) for text, places in found.items()}


def ranks(space: JointSpace, names: Names, vectors: Floats) -> Ranks:
    """(Q,) the best rank of a right entity among all (N, D) ``vectors``, by their first halves."""
    golds = names.golds
    queries = np.repeat(np.arange(len(golds)), np.diff(golds.starts))
    scores = inner(space.encode(names.rows), halves(vectors)[0])
    found = ranks_by(scores, (queries, golds.ids.astype(np.int64)), golds)
    best: Ranks = np.minimum.reduceat(found, golds.starts[:-1])
    return best


def narrowed(queries: Floats, candidates: Floats) -> tuple[Floats, Floats]:
    """Without the columns in which every query is 0: half of them, and of the work, for most queries."""
    used = np.flatnonzero(queries.any(axis=0))
    return queries[:, used], candidates[:, used]
