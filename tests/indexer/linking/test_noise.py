from __future__ import annotations

from random import Random

from rapidfuzz.distance import DamerauLevenshtein

from indexer.linking import noise


def test_slips_stay_within_the_number_asked_for() -> None:
    for seed in range(200):
        assert DamerauLevenshtein.distance("Gotham City", noise.misspelt("Gotham City", 1, Random(seed))) <= 1
        assert DamerauLevenshtein.distance("Gotham City", noise.misspelt("Gotham City", 2, Random(seed))) <= 2


def test_text_without_letters_is_left_alone() -> None:
    assert noise.misspelt("$ -", 2, Random(1)) == "$ -"


def test_articles_go_or_move_to_the_end() -> None:
    found = {noise.article_moved("The Matrix", Random(seed)) for seed in range(20)}
    assert found == {"Matrix", "Matrix, The"}
    assert noise.article_moved("Theodora", Random(1)) == "Theodora"


def test_numbers_are_written_another_way() -> None:
    found = {noise.number_respelled("Rocky II", Random(seed)) for seed in range(20)}
    assert found == {"Rocky 2", "Rocky two"}


def test_the_last_name_comes_first() -> None:
    found = {noise.last_name_first("Uma Thurman", Random(seed)) for seed in range(20)}
    assert found == {"Thurman Uma", "Thurman, Uma"}


def test_two_words_lose_none() -> None:
    assert noise.without_a_word("Star Wars", Random(1)) == "Star Wars"
    assert len(noise.without_a_word("Lord of the Rings", Random(1)).split()) == 3
