from __future__ import annotations

import random

import numpy as np

from indexer.joint.noise import misremember, misspell, misspell_all
from indexer.joint.pairs import CreditPairs, equal

# title 0: people 0 and 1; title 1: people 1 and 2; title 2: person 2
TITLES, PEOPLE = np.array([0, 0, 1, 1, 2, 2]), np.array([0, 1, 1, 2, 2, 2])


def test_two_functions_in_one_title_are_one_pair() -> None:
    assert len(CreditPairs(TITLES, PEOPLE, (3, 3))) == 5


def test_an_epoch_shows_every_credit_once() -> None:
    rng = np.random.default_rng(0)
    titles, people = rng.integers(0, 50, 400), rng.integers(0, 60, 400)
    pairs = CreditPairs(titles, people, (50, 60))
    ranks = (rng.permutation(50), rng.permutation(60))
    for likeness in (None, ranks):
        batches = list(pairs.batches(64, rng, likeness))
        shown = {(t, p) for ts, ps in batches for t, p in zip(ts.tolist(), ps.tolist(), strict=True)}
        assert shown == set(zip(titles.tolist(), people.tolist(), strict=True))
        assert sum(len(ts) for ts, _ in batches) == len(pairs)


def test_other_true_credits_of_a_batch_are_known_even_twice() -> None:
    pairs = CreditPairs(TITLES, PEOPLE, (3, 3))
    found = pairs.credited(np.array([0, 1, 0]), np.array([1, 2, 0]))
    assert sorted(map(tuple, found.T.tolist())) == [(0, 0), (0, 2), (1, 0), (1, 1), (2, 0), (2, 2)]
    assert pairs.credited(np.array([2]), np.array([0])).shape == (2, 0)


def test_equal_values_are_found_wherever_they_stand() -> None:
    found = equal(np.array([4, 7, 4, 9]), np.array([9, 4, 4]))
    assert found.tolist() == [[0, 0, 2, 2, 3], [1, 2, 1, 2, 0]]
    assert equal(np.array([], np.int64), np.array([1])).shape == (2, 0)
    assert equal(np.array([5]), np.array([1, 9])).shape == (2, 0)


def test_popularity_is_the_share_of_credits() -> None:
    pairs = CreditPairs(TITLES, PEOPLE, (3, 3))
    np.testing.assert_allclose(np.exp(pairs.log_q_people), [1 / 5, 2 / 5, 2 / 5])


def test_slips_are_reproducible_and_never_empty() -> None:
    names = ["keanu reeves", "o", "the matrix", "laurence fishburne", "us"] * 40
    noisy = misspell_all(names, "titles", 3)
    assert noisy == misspell_all(names, "titles", 3)
    assert noisy != misspell_all(names, "titles", 4)
    assert all(noisy)
    changed = sum(a != b for a, b in zip(names, noisy, strict=True)) / len(names)
    assert 0.2 < changed < 0.8


def test_short_names_stay_recognisable() -> None:
    rng = random.Random(0)
    assert {misspell("m", rng) for _ in range(50)} == {"m"}


def test_in_passing_a_person_is_a_surname_and_a_role_its_first_word() -> None:
    rng = random.Random(0)
    people = [misremember("keanu charles reeves", "names", rng) for _ in range(200)]
    roles = [misremember("thomas a anderson", "characters", rng) for _ in range(200)]
    assert people.count("reeves") > 30 > people.count("keanu")
    assert roles.count("thomas") > 50 > roles.count("anderson")


def test_a_pair_has_the_first_of_its_roles() -> None:
    titles, people, roles = np.array([0, 0, 1]), np.array([1, 1, 0]), np.array([1, 2, 5])
    pairs = CreditPairs(titles, people, (2, 2), roles)
    assert pairs.roles_of(np.array([1, 0]), np.array([0, 1])).tolist() == [5, 1]
