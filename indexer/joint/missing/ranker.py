"""Ranks the candidates of walks by boosted trees that learnt to find credits which were hidden from them.

Each credit in a draw is hidden in turn and has to be found among the first 200 candidates (LambdaMART: Burges
2010, in LightGBM). No measure is the number of people who are known of a title: one of which some were hidden
for a test would give itself away by that, and where nothing is hidden it says nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from indexer.errors import FormatMismatch, InputError
from indexer.fields.arrays import Floats, Ints
from indexer.fields.rows import Kind
from indexer.joint.identity import ids_hash
from indexer.joint.missing.graph import CreditGraph
from indexer.joint.missing.measures import MEASURES, Measured, Measurer

if TYPE_CHECKING:
    from lightgbm import Booster

    from indexer.progress import Progress, Task

KINDS: tuple[Kind, ...] = ("title", "person")
_FORMAT = 1
_LEAST = 3  # titles of whoever is hidden: two are left to know them by
_KEPT = 0.5  # share of the other candidates that are learnt from, drawn evenly: those far down too
_ROUNDS, _PATIENCE = 200, 20  # trees, and how many that bring nothing end it
_MANY = 5_000  # queries, from which all trees are worth it
_PARAMETERS = {
    "objective": "lambdarank",
    "metric": "ndcg",
    "eval_at": [10],
    "lambdarank_truncation_level": 20,
    "learning_rate": 0.1,
    "num_leaves": 63,
    "feature_fraction": 0.4,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "max_bin": 127,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}


@dataclass(frozen=True)
class Missing:
    """One probable credit: the place of who or what is missing, the trees' score (higher is likelier; no
    probability), and how many of the known credits lead there.
    """

    place: int
    score: float
    partners: int


class CreditRanker:
    """Finds credits that are probably missing, in both directions."""

    def __init__(self, graph: CreditGraph, trees: Mapping[Kind, Booster]) -> None:
        self.graph, self._trees = graph, dict(trees)
        self._measurers = {kind: Measurer(graph, kind) for kind in KINDS}

    @classmethod
    def fit(
        cls,
        graph: CreditGraph,
        progress: Progress,
        *,
        queries: int = 60_000,
        seed: int = 0,
        threads: int = 1,
    ) -> CreditRanker:
        """Learn from at most so many hidden credits in each direction, each of which takes up to 40 kB.

        The same seed gives the same trees. Raises InputError where walks find none of them: nobody in scope
        has three titles, or no two titles share two people.
        """
        rng = np.random.default_rng(seed)
        total = 2 * min(queries, len(graph.by_title.ids))
        with progress.task("missing credits: learning", total=total, unit="credits") as task:
            trees = {kind: _learnt(graph, kind, queries, rng, threads, task) for kind in KINDS}
        return cls(graph, trees)

    def missing(self, kind: Kind, places: Ints, threads: int = 1) -> Iterator[list[Missing]]:
        """For each title its probable people, for each person their probable titles, likeliest first.

        At most 200; an empty list where nothing else is known of those it is credited with.
        """
        for measured in self._measurers[kind].all(places, threads=threads):
            yield list(self._ranked(kind, measured))

    def _ranked(self, kind: Kind, measured: Measured) -> Iterator[Missing]:
        if not len(measured.candidates):
            return
        scores = np.asarray(self._trees[kind].predict(measured.rows, num_threads=1))
        partners = measured.partners()
        for at in np.argsort(-scores, kind="stable").tolist():
            yield Missing(int(measured.candidates[at]), float(scores[at]), int(partners[at]))

    def save(self, folder: Path) -> None:
        """The trees as LightGBM's text and what they were learnt on, as JSON."""
        folder.mkdir(parents=True, exist_ok=True)
        texts = {kind: trees.model_to_string() for kind, trees in self._trees.items()}
        for kind, text in texts.items():
            (folder / f"{kind}.txt").write_text(text, encoding="utf-8")
        told = _identity(self.graph) | {"trees": _digests(texts)}
        (folder / "ranker.json").write_text(json.dumps(told), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, graph: CreditGraph) -> CreditRanker:
        """What ``save`` wrote. Raises FormatMismatch where it was learnt on another graph or measures,
        or is damaged.
        """
        from lightgbm import Booster

        try:
            saved = json.loads((folder / "ranker.json").read_text(encoding="utf-8"))
            texts = {kind: (folder / f"{kind}.txt").read_text(encoding="utf-8") for kind in KINDS}
        except (OSError, ValueError) as error:
            raise FormatMismatch(f"{folder} cannot be read ({error}): learn it anew") from error
        digests = saved.pop("trees", None) if isinstance(saved, dict) else None
        if saved != _identity(graph):
            raise FormatMismatch(f"{folder} was learnt on other credits or measures: learn it anew")
        if digests != _digests(texts):
            raise FormatMismatch(f"{folder} is damaged: learn it anew")
        return cls(graph, {kind: Booster(model_str=text) for kind, text in texts.items()})


def _digests(texts: Mapping[Kind, str]) -> dict[str, str]:
    return {kind: hashlib.sha256(text.encode()).hexdigest() for kind, text in texts.items()}


def _identity(graph: CreditGraph) -> dict[str, Any]:
    pairs = graph.by_title
    owners = np.repeat(np.arange(len(graph.title_ids)), pairs.degrees())
    return {
        "format": _FORMAT,
        "measures": list(MEASURES),
        "titles": ids_hash(graph.title_ids),
        "people": ids_hash(graph.person_ids),
        "credits": ids_hash(owners * max(len(graph.person_ids), 1) + pairs.ids),
    }


# -------------------------------------------------------------------------------------------------- learning


def _learnt(
    graph: CreditGraph, kind: Kind, most: int, rng: np.random.Generator, threads: int, task: Task
) -> Booster:
    from lightgbm import Dataset, early_stopping, train

    rows, found, sizes = _examples(graph, kind, most, rng, threads, task)
    few = len(sizes) < _MANY
    told = {
        **_PARAMETERS,
        "min_data_in_leaf": int(np.clip(len(rows) // 1_000, 20, 200)),
        "num_threads": 1 if few else threads,
        "seed": int(rng.integers(1 << 30)),
    }
    names = [name.replace(" ", "_") for name in MEASURES]
    kept = len(sizes) - (len(sizes) // 5 if few else 0)  # the others say when trees only learn by heart
    edge = sum(sizes[:kept])
    learnt = Dataset(rows[:edge], found[:edge], group=sizes[:kept], feature_name=names)
    if kept == len(sizes):
        return train(told, learnt, _ROUNDS)
    rest = Dataset(rows[edge:], found[edge:], group=sizes[kept:], reference=learnt)
    return train(told, learnt, _ROUNDS, [rest], callbacks=[early_stopping(_PATIENCE, verbose=False)])


def _examples(
    graph: CreditGraph, kind: Kind, most: int, rng: np.random.Generator, threads: int, task: Task
) -> tuple[Floats, npt.NDArray[np.int8], list[int]]:
    """(R, F) candidates of the queries that can be answered, (R,) which is the hidden one, and each query's
    number of rows.
    """
    queries, hidden = _drawn(graph, kind, most, rng)
    rows, found = [], []
    measured = Measurer(graph, kind).all(queries, hidden, threads)
    for at, one in enumerate(measured):
        own = one.candidates == hidden[at]
        if own.any():
            kept = own | (rng.random(len(own)) < _KEPT)
            rows.append(one.rows[kept])
            found.append(own[kept])
        if at % 1_000 == 0:
            task.advance(1_000)
    if not rows:
        raise InputError("no credit can be found by others: the index holds too few titles that share people")
    return np.concatenate(rows), np.concatenate(found).astype(np.int8), [len(part) for part in found]


def _drawn(graph: CreditGraph, kind: Kind, most: int, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """(Q,) queries and (Q,) who or what is hidden of each: credits of people with three titles or more."""
    half = graph.by_title
    titles = np.repeat(np.arange(len(graph.title_ids)), half.degrees())
    people = half.ids.astype(np.int64)
    at = np.flatnonzero(graph.by_person.degrees()[people] >= _LEAST)
    at = rng.permutation(at)[:most]
    return (titles[at], people[at]) if kind == "title" else (people[at], titles[at])
