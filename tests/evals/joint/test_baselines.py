from __future__ import annotations

import numpy as np
import pytest

from evals.joint.baselines import (
    Method,
    Vectors,
    decomposed,
    least_squares,
    normalised_svd,
    popularity,
    tuned,
    walk,
    walks,
)
from evals.joint.graph import DIRECTIONS, Graph
from evals.joint.ranks import Figures, ranks_by
from evals.joint.tables import Recipe, random_tables, svd_tables, trained
from indexer.joint.split import PairSplit

BLOCKS, TITLES, PEOPLE = 6, 120, 180


def planted(seed: int = 0) -> Graph:
    """Titles and people of six companies, who work with their own."""
    rng = np.random.default_rng(seed)
    titles, people = np.nonzero(
        (np.arange(TITLES)[:, None] % BLOCKS == np.arange(PEOPLE) % BLOCKS)
        & (rng.random((TITLES, PEOPLE)) < 0.6)
    )
    parts = PairSplit(0.1, 0.1).parts(titles, people)
    return Graph(np.arange(TITLES), np.arange(PEOPLE), titles, people, parts, np.ones(len(titles), np.uint8))


GRAPH = planted()


def reached(method: Method) -> list[float]:
    """Recall@10 on the test pairs in both directions."""
    return [
        Figures.of(ranks_by(method.scores[way], GRAPH.pairs(way).both, GRAPH.known(way))).ten
        for way in DIRECTIONS
    ]


@pytest.mark.parametrize(
    "method",
    [walks, least_squares, normalised_svd, lambda graph: random_tables(graph, Recipe(16, 12)), svd_tables],
)
def test_every_baseline_finds_the_blocks_that_popularity_cannot(method) -> None:  # type: ignore[no-untyped-def]
    assert min(reached(method(GRAPH))) > 2 * max(reached(popularity(GRAPH)))


def test_popularity_says_the_same_to_everybody() -> None:
    rows = popularity(GRAPH).scores["film->person"](np.array([3, 90]))
    assert (rows[0] == rows[1]).all()
    assert rows[0].argmax() == GRAPH.degrees("film->person").argmax()


def test_a_walk_is_three_products_of_the_training_pairs() -> None:
    table = GRAPH.training.toarray()
    people, titles = np.maximum(table.sum(0), 1), np.maximum(table.sum(1), 1)
    expected = (table / people) @ (table.T / titles**0.5) @ (table / people**0.25)
    found = walk(GRAPH, "film->person", (1, 0.5, 0.25))(np.arange(TITLES))
    np.testing.assert_allclose(found, expected, rtol=1e-4)


def test_the_randomised_decomposition_is_that_of_the_normalised_matrix() -> None:
    table = GRAPH.training.toarray()
    scaled = table / np.sqrt(np.outer(table.sum(1), table.sum(0)))
    left, values, right = decomposed(GRAPH.training, 100)
    exact = np.linalg.svd(scaled, compute_uv=False)
    np.testing.assert_allclose(values[:6], exact[:6], rtol=1e-3)
    best = np.abs(scaled - (left * values) @ right.T).max()
    assert best < 0.1


def test_tuning_keeps_what_is_best_on_the_validation_pairs() -> None:
    good = walk(GRAPH, "film->person", (0.5, 0.5, 0)), walk(GRAPH, "person->film", (0.5, 0.5, 0))
    by_direction = dict(zip(DIRECTIONS, good, strict=True))
    options = [("all alike", popularity(GRAPH).scores.__getitem__), ("walks", by_direction.__getitem__)]
    found = tuned("either", GRAPH, options)
    assert found.note == "film->person walks; person->film walks"
    assert reached(found) == reached(Method("walks", by_direction))


def test_no_baseline_sees_a_held_out_pair() -> None:
    held = np.flatnonzero(GRAPH.parts)
    assert len(held)
    assert not GRAPH.training[GRAPH.titles[held], GRAPH.people[held]].any()


def test_tables_of_one_seed_are_equal() -> None:
    start = Vectors(*(np.eye(count, 8, dtype=np.float32) for count in GRAPH.shape))
    first, second = (trained(GRAPH, start, Recipe(8, 1, seed=3)) for _ in range(2))
    assert (first.titles == second.titles).all()
    assert (first.people == second.people).all()
