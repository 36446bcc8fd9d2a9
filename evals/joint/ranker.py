"""The ranker of missing credits as a method: what it puts first among the candidates of walks."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np

from evals.joint.baselines import Method
from evals.joint.graph import DIRECTIONS, Direction
from indexer.fields.arrays import Floats, Ints
from indexer.fields.rows import Kind
from indexer.joint.missing.graph import CreditGraph
from indexer.joint.missing.ranker import CreditRanker

if TYPE_CHECKING:
    from evals.joint.inputs import TrainingView
    from evals.joint.ranks import Scores
    from indexer.progress import Progress
    from indexer.settings import Settings


def ranked(view: TrainingView, settings: Settings, progress: Progress) -> Method:
    """Learnt from known credits alone, each of which is hidden in turn; no validation pair is needed."""
    threads = settings.threads or os.cpu_count() or 1
    graph = CreditGraph.read(view, settings.vectors, progress)
    ranker = CreditRanker.fit(graph, progress, seed=settings.seed, threads=threads)
    return Method(
        f"missing credits ranked, seed {settings.seed}",
        {direction: _scores(ranker, graph, direction, threads) for direction in DIRECTIONS},
    )


def _scores(ranker: CreditRanker, graph: CreditGraph, direction: Direction, threads: int) -> Scores:
    """Candidates by their place; all others are alike and come last."""
    kind: Kind = "title" if direction == "film->person" else "person"
    width = len(graph.person_ids if kind == "title" else graph.title_ids)

    def scores(queries: Ints) -> Floats:
        found = np.zeros((len(queries), width), np.float32)
        for row, missing in zip(found, ranker.missing(kind, queries, threads), strict=True):
            places = [one.place for one in missing]
            row[places] = np.arange(len(places), 0, -1)
        return found

    return scores
