from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.joint.ranks import Figures, by_group, ranks, ranks_by, sampled, wilson
from indexer.fields.arrays import Csr

RNG = np.random.default_rng(1)


def plain(scores: np.ndarray, pairs: tuple[np.ndarray, np.ndarray], known: Csr) -> list[float]:
    """The ranks by looking at candidates one by one."""
    asked = list(zip(*(part.tolist() for part in pairs), strict=True))
    found = []
    for query, target in asked:
        true = {*known.take(np.array([query])).ids.tolist(), *(t for q, t in asked if q == query)}
        others = [float(scores[query, n]) for n in range(scores.shape[1]) if n not in true]
        own = float(scores[query, target])
        found.append(1 + sum(score > own for score in others) + sum(score == own for score in others) / 2)
    return found


def table(rows: int, candidates: int, seed: int) -> tuple[np.ndarray, Csr]:
    """Whole scores, so that many are equal, and what is known of each row."""
    rng = np.random.default_rng(seed)
    lists = [rng.choice(candidates, rng.integers(0, candidates // 2 + 1), replace=False) for _ in range(rows)]
    known = Csr.of(np.concatenate([*lists, np.zeros(0, int)]), [len(part) for part in lists])
    return rng.integers(0, 4, (rows, candidates)).astype(np.float32), known


@given(st.integers(1, 7), st.integers(2, 9), st.integers(0, 99), st.integers(1, 4))
def test_ranks_are_those_of_sorting(rows: int, candidates: int, seed: int, chunk: int) -> None:
    scores, known = table(rows, candidates, seed)
    rng = np.random.default_rng(seed)
    pairs = rng.integers(0, rows, 20), rng.integers(0, candidates, 20)
    found = ranks_by(lambda at: scores[at].copy(), pairs, known, chunk)
    assert found.tolist() == plain(scores, pairs, known)


def test_vectors_rank_by_their_inner_products() -> None:
    queries, candidates = (RNG.standard_normal((n, 8)).astype(np.float32) for n in (30, 200))
    known = Csr.of(RNG.integers(0, 200, 90), [3] * 30)
    pairs = RNG.integers(0, 30, 70), RNG.integers(0, 200, 70)
    assert ranks(queries, candidates, pairs, known, chunk=7).tolist() == plain(
        queries @ candidates.T, pairs, known
    )


def test_other_true_candidates_do_not_stand_in_the_way() -> None:
    scores = np.array([[9, 8, 7, 6, 5]], np.float32)
    pairs = np.array([0]), np.array([3])
    alone, filtered = Csr.of([3], [1]), Csr.of([0, 1, 3], [3])
    assert ranks_by(lambda at: scores[at].copy(), pairs, alone).tolist() == [4]
    assert ranks_by(lambda at: scores[at].copy(), pairs, filtered).tolist() == [2]


def test_equal_scores_share_their_places() -> None:
    pairs = np.array([0]), np.array([1])
    found = ranks_by(lambda at: np.zeros((len(at), 101), np.float32), pairs, Csr.of([], [0]))
    assert found.tolist() == [51]


def test_an_entity_without_a_vector_comes_last() -> None:
    candidates = np.array([[1, 0], [np.nan, np.nan], [-0.5, 0]], np.float32)
    pairs = np.array([0, 1]), np.array([0, 1])
    queries = np.array([[1, 0], [1, 0]], np.float32)
    assert ranks(queries, candidates, pairs, Csr.of([], [0, 0])).tolist() == [1, 3]


def test_figures_of_known_ranks() -> None:
    figures = Figures.of(np.array([1.0, 2, 20, 200]))
    assert [part.hits for part in figures.recall.values()] == [1, 2, 3]
    assert figures.mrr == pytest.approx(100 * (1 + 0.5 + 0.05 + 0.005) / 4)
    assert figures.ten == 50
    assert Figures.of(np.zeros(0)).mrr == 0


def test_wilson_is_the_textbook_interval() -> None:
    found = wilson(10, 100)
    assert (found.low, found.high) == pytest.approx((5.52, 17.44), abs=0.01)
    assert wilson(0, 50).low == 0


def test_groups_are_counted_apart_and_empty_ones_left_out() -> None:
    found = np.array([1.0, 50, 1])
    groups = {"cast": np.array([True, False, True]), "writer": np.zeros(3, bool)}
    assert {name: part.ten for name, part in by_group(found, groups).items()} == {"cast": 100}


def test_a_sample_is_the_same_every_time_and_within_its_size() -> None:
    assert sampled(5).tolist() == [0, 1, 2, 3, 4]
    assert len(set(sampled(1000, 50))) == 50
    assert (sampled(1000, 50) == sampled(1000, 50)).all()
