from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from indexer.fields import word2vec
from indexer.fields.word2vec import Recipe, nearest, train
from indexer.fields.words import WordVectorField

SPACE = ("space", "alien", "rocket", "planet", "robot", "astronaut")
LOVE = ("love", "letter", "wedding", "kiss", "paris", "flowers")


def lists(count: int = 400) -> Iterator[tuple[str, ...]]:
    """Four words each, all of space or all of love."""
    rng = np.random.default_rng(1)
    for number in range(count):
        yield tuple(str(word) for word in rng.choice((SPACE, LOVE)[number % 2], 4, replace=False))


def test_words_that_stand_together_are_neighbours() -> None:
    found = train(lists(), Recipe(size=8))
    for theme in (SPACE, LOVE):
        for word in theme:
            assert set(nearest(found, word, 5)) == set(theme) - {word}


def test_one_seed_gives_one_set_of_vectors() -> None:
    first, second = (train(lists(), Recipe(size=4)) for _ in range(2))
    np.testing.assert_array_equal(first.vectors, second.vectors)
    assert first.words == second.words
    assert np.abs(first.vectors - train(lists(), Recipe(size=4, seed=8)).vectors).max() > 0


def test_rare_words_are_left_out_and_counts_are_kept() -> None:
    found = train([("a", "b"), ("a", "c"), ("a", "b", "b")], Recipe(size=4))
    assert found.words == ("a", "b")
    assert found.counts.tolist() == [3, 2]
    assert found.rarity()[0] < found.rarity()[1]


def test_of_more_words_than_allowed_the_frequent_ones_stay() -> None:
    found = train([*[("x", "y")] * 9, ("x", "z"), ("y", "z")], Recipe(size=4, words=2))
    assert found.words == ("x", "y")


def test_of_more_lists_than_allowed_a_random_choice_is_learned_from() -> None:
    kept, counts, total = word2vec._sample(
        ((f"w{n}", "all") for n in range(1000)), Recipe(lists=50, words=10), np.random.default_rng(0)
    )
    assert len(kept) == 50
    assert (counts["all"], total) == (1000, 1000)
    assert len(counts) <= 16 * 10 + 1
    assert len({words[0] for words in kept}) == 50
    assert np.mean([int(words[0][1:]) for words in kept]) > 250  # not the first fifty


def test_no_lists_and_single_words_give_vectors_without_a_fault() -> None:
    assert train([]).vectors.shape == (0, 64)
    assert np.isfinite(train([("a",), ("a",)], Recipe(size=4)).vectors).all()


def test_an_unknown_word_has_no_neighbours() -> None:
    assert nearest(train(lists(), Recipe(size=4)), "zebra") == []


def test_a_title_is_near_those_with_keywords_of_its_kind() -> None:
    field = WordVectorField("title/keywords", 16, size=8)
    field.learn(lists())
    weights = field.initial(np.random.default_rng(0))
    ops_rows = [list(itertools.islice(SPACE, 3)), SPACE[3:], LOVE[:3], LOVE[3:], ("zebra",), None]
    from indexer.fields.arrays import NumpyOps

    rows = field.encode(field.features(ops_rows), weights, NumpyOps())
    likeness = rows @ rows.T
    assert likeness[0, 1] > likeness[0, 2] + 0.5
    assert likeness[2, 3] > likeness[0, 3] + 0.5
    assert not rows[4:].any()


def test_case_and_accents_of_keywords_do_not_matter() -> None:
    field = WordVectorField("title/keywords", 16, size=4)
    field.learn(lists())
    assert (
        field.features([("SPACE", "Álien")]).ids.tolist() == field.features([("space", "alien")]).ids.tolist()
    )
