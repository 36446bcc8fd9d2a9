from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from evals.joint.graph import DIRECTIONS, Graph, read_graph
from evals.joint.inputs import TrainingView
from evals.joint.ranker import ranked
from evals.joint.run import evaluated
from indexer.ids import TitleId
from indexer.joint.missing.graph import CreditGraph
from indexer.joint.split import TRAIN, PairSplit
from indexer.progress import Progress
from indexer.settings import Settings, VectorScope
from tests.indexer.joint.studio import Studio

SILENT = Progress.silent()
GRAPH: Graph = read_graph(Studio(60), VectorScope(), PairSplit(0.1, 0.1), SILENT)


class Plotless(Studio):
    """Sixty titles without plots."""

    def __init__(self) -> None:
        super().__init__(60)

    def iter_overviews(self) -> Iterator[tuple[TitleId, str]]:
        return iter(())


class Without(Studio):
    """The studio without what the graph holds out."""

    def __init__(self) -> None:
        super().__init__(60)
        at = np.flatnonzero(GRAPH.parts != TRAIN)
        pairs = zip(GRAPH.titles[at].tolist(), GRAPH.people[at].tolist(), strict=True)
        self.held = {(GRAPH.title_ids[title], GRAPH.person_ids[person]) for title, person in pairs}
        self.credits = [one for one in self.credits if (one.title_id, one.person_id) not in self.held]


def test_what_the_ranker_reads_is_a_catalogue_without_the_held_out_credits() -> None:
    without = Without()
    seen, wanted = (
        CreditGraph.read(source, VectorScope(), SILENT)
        for source in (TrainingView.of(Plotless(), GRAPH), without)
    )
    assert without.held
    for part in ("by_title", "by_person", "facts"):
        ours, theirs = getattr(seen, part), getattr(wanted, part)
        assert all(np.array_equal(one, other) for one, other in zip(ours, theirs, strict=True)), part


def test_held_out_credits_of_a_studio_rank_far_above_chance_in_both_directions() -> None:
    method = ranked(TrainingView.of(Plotless(), GRAPH), Settings(threads=1), SILENT)
    found = evaluated(GRAPH, method)
    assert found.left_out is None
    for direction in DIRECTIONS:
        # Of 60 candidates half are of the other studio, whom no walk reaches.
        assert np.median(found.ranks[direction]) <= 20, direction
        assert found.ranks[direction].max() <= 60
