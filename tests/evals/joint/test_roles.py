from __future__ import annotations

from dataclasses import replace

import numpy as np

from evals.joint.baselines import Vectors, walk, walks
from evals.joint.graph import DIRECTIONS, Graph, unit
from evals.joint.ranks import Figures
from evals.joint.report import tables
from evals.joint.roles import Asked, asked, role_walks, space_roles, without_role
from evals.joint.run import Outcome, Trained, evaluated
from indexer.joint.entities import ROLES
from indexer.joint.split import PairSplit

CAST, DIRECTOR = 0, 1
BLOCKS, TITLES, PEOPLE = 5, 120, 160


def planted() -> Graph:
    """Five companies, in each of which the first quarter of the people direct and the others act."""
    rng = np.random.default_rng(4)
    same = np.arange(TITLES)[:, None] % BLOCKS == np.arange(PEOPLE) % BLOCKS
    titles, people = np.nonzero(same & (rng.random((TITLES, PEOPLE)) < 0.5))
    roles = np.where(people < PEOPLE // 4, 1 << DIRECTOR, 1 << CAST).astype(np.uint8)
    parts = PairSplit(0.1, 0.2).parts(titles, people)
    return Graph(np.arange(TITLES), np.arange(PEOPLE), titles, people, parts, roles)


GRAPH = planted()
BLIND = evaluated(GRAPH, walks(GRAPH))
TOLD = asked(GRAPH, "told", role_walks(GRAPH))


def first(found: Asked, role: str) -> float:
    return Figures.of(found.ranks["film->person"][role]).mrr


def test_walks_that_know_the_function_find_directors_better() -> None:
    blind = without_role(GRAPH, "blind", BLIND.ranks)
    assert first(TOLD, "director") > 1.3 * first(blind, "director")


def test_every_pair_is_asked_once_for_each_of_its_functions() -> None:
    graph = replace(GRAPH, roles=GRAPH.roles | np.uint8(1 << CAST))
    pairs = graph.pairs("film->person")
    blind = without_role(graph, "blind", BLIND.ranks)
    directed = len(pairs.of_role(DIRECTOR))
    assert 0 < directed < len(pairs.queries)
    assert {role: len(ranks) for role, ranks in blind.ranks["film->person"].items()} == {
        "cast": len(pairs.queries), "director": directed
    }  # fmt: skip
    assert len(blind.all("film->person")) == len(pairs.queries) + directed


def test_a_walk_whose_last_step_is_of_a_function_ends_with_those_who_had_it() -> None:
    rows = walk(GRAPH, "film->person", (0.5, 0.5, 0), (None, GRAPH.training_as(DIRECTOR)))(np.arange(TITLES))
    assert not rows[:, PEOPLE // 4 :].any()
    assert rows[:, : PEOPLE // 4].any()


class Space:
    """Knows who directs: turns a query for directors towards them."""

    def __init__(self) -> None:
        block = np.eye(BLOCKS, dtype=np.float32)
        directs = (np.arange(PEOPLE) < PEOPLE // 4).astype(np.float32)
        people = np.hstack([block[np.arange(PEOPLE) % BLOCKS], directs[:, None], 1 - directs[:, None]])
        titles = np.hstack([block[np.arange(TITLES) % BLOCKS], np.full((TITLES, 2), 0.5, np.float32)])
        self.vectors = Vectors(unit(titles), unit(people))

    def asking(self, vectors: np.ndarray, role: str, kind: str) -> np.ndarray:
        turned = vectors.copy()
        if kind == "title":
            turned[:, -2:] = (1, 0) if role == "director" else (0, 1)
        return turned


def test_a_space_is_asked_through_its_projection_of_the_function() -> None:
    space = Space()
    scores = space_roles(space.asking, space.vectors)
    found = asked(GRAPH, "space", scores)
    row = scores("film->person", ROLES.index("director"))(np.array([3]))[0]
    assert set(np.argsort(-row)[:8]) == set(range(3, PEOPLE // 4, BLOCKS))
    assert first(found, "director") > 10


def test_the_report_shows_what_saying_the_function_brings() -> None:
    ranks = BLIND.ranks
    spaces = [Trained("joint space", ranks, None, "", 1.0, 7, 60.0, 900.0, 9_000.0, TOLD)]
    (table,) = tables(Outcome(GRAPH, [BLIND], spaces, TOLD))
    lines = {line.what: line for line in table.lines}
    for direction in DIRECTIONS:
        line = lines[f"{direction}, function said: recall@10"]
        assert line.baseline == Figures.of(TOLD.all(direction)).ten
        assert "1.00 x" in line.note
        assert f"{direction}, recall@10" in table.extra
    assert [row["name"] for row in table.data["joint"]["function said"]] == ["told", "told"]
