from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import InputError
from indexer.joint.split import TEST, TRAIN, VALIDATION, LeftOutTitles, PairSplit

RNG = np.random.default_rng(3)
TITLES, PEOPLE = RNG.integers(1, 5_000, 60_000), RNG.integers(1, 6_000, 60_000)
# Of three people of The Matrix with 40 neighbouring titles: a change of the hash would move every split.
HELD = [0, 26, 28, 29, 30, 33, 35, 41, 45, 54, 94, 100, 109]
PAIRS = st.lists(st.tuples(st.integers(1, 9), st.integers(1, 6)), max_size=40)


def columns(pairs: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    table = np.array(pairs, np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def test_the_shares_held_out_are_those_asked_for() -> None:
    parts = PairSplit(0.05, 0.1).parts(TITLES, PEOPLE)
    assert np.mean(parts == VALIDATION) == pytest.approx(0.05, abs=0.004)
    assert np.mean(parts == TEST) == pytest.approx(0.1, abs=0.006)


def test_another_process_draws_the_same_parts() -> None:
    code = (
        "import numpy as np\nfrom indexer.joint.split import PairSplit\n"
        "n = np.arange(4000)\nprint(PairSplit().parts(n % 700, n % 90).tolist())"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    n = np.arange(4000)
    assert run.stdout.strip() == str(PairSplit().parts(n % 700, n % 90).tolist())


def test_the_parts_of_known_pairs_stay_what_they_are() -> None:
    titles = np.arange(120) % 40 + 133_093
    people = np.repeat([206, 401, 113], 40)
    held = np.flatnonzero(PairSplit().parts(titles, people))
    assert held.tolist() == HELD


def test_seeds_draw_different_parts() -> None:
    first, second = (PairSplit(seed=seed).parts(TITLES, PEOPLE) == TEST for seed in (0, 1))
    assert np.mean(second[first]) < 0.1


def test_credits_given_in_another_order_keep_their_parts() -> None:
    order = RNG.permutation(len(TITLES))
    parts = PairSplit().parts(TITLES, PEOPLE)
    assert (PairSplit().parts(TITLES[order], PEOPLE[order]) == parts[order]).all()


def test_nobody_with_two_titles_is_held_out_however_many_credits_they_have() -> None:
    titles, people = np.arange(2_000) // 500 % 2, np.arange(2_000) % 500
    assert not PairSplit(0.4, 0.4).parts(titles, people).any()


@given(PAIRS)
def test_every_credit_of_a_pair_falls_into_one_part(pairs: list[tuple[int, int]]) -> None:
    parts = PairSplit(0.3, 0.3).parts(*columns(pairs + pairs))
    assert (parts[: len(pairs)] == parts[len(pairs) :]).all()
    assert len(set(zip(pairs, parts.tolist(), strict=False))) == len(set(pairs))


@given(PAIRS, st.integers(1, 5))
def test_only_people_with_enough_titles_are_held_out(pairs: list[tuple[int, int]], least: int) -> None:
    parts = PairSplit(0.4, 0.5, least=least).parts(*columns(pairs))
    for (_, person), part in zip(pairs, parts.tolist(), strict=True):
        if part != TRAIN:
            assert len({title for title, other in pairs if other == person}) >= least


@given(PAIRS)
def test_training_is_what_is_neither_validation_nor_test(pairs: list[tuple[int, int]]) -> None:
    split = PairSplit(0.3, 0.3)
    assert (split.training(*columns(pairs)) == (split.parts(*columns(pairs)) == TRAIN)).all()


def test_titles_left_out_do_not_depend_on_the_others() -> None:
    ids = np.arange(20_000)
    mask = LeftOutTitles().mask(ids)
    assert mask.mean() == pytest.approx(0.05, abs=0.006)
    assert (LeftOutTitles().mask(ids[::7]) == mask[::7]).all()


def test_impossible_shares_are_refused() -> None:
    with pytest.raises(InputError, match=r"0\.6, 0\.5"):
        PairSplit(0.6, 0.5)
    with pytest.raises(InputError, match=r"-0\.1"):
        LeftOutTitles(-0.1)
