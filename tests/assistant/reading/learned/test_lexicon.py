"""Closed lists and slips of the finger."""

from __future__ import annotations

import pytest

from assistant.reading.learned import lexicon


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("relased", "released"), ("diretced", "directed"), ("moive", "movie"), ("actres", "actress")],
)
def test_a_word_a_slip_away_from_a_known_one_is_that_word(typed: str, meant: str) -> None:
    assert lexicon.corrected(typed) == meant


@pytest.mark.parametrize("word", ["who", "zorro", "directed", "1999", "xyz"])
def test_known_short_and_far_words_stay_as_they_are(word: str) -> None:
    assert lexicon.corrected(word) == word


def test_a_word_knows_its_lists() -> None:
    assert lexicon.classes("director") == "job common"
    assert lexicon.classes("1999") == "year"
    assert lexicon.classes("zorro") == ""
