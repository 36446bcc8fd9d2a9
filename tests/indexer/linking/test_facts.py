from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from indexer.errors import FormatMismatch
from indexer.linking.facts import FactIndex
from indexer.linking.texts import WordPostings
from tests.indexer.linking.cases import TinyCatalog, facts


def test_a_word_is_found_in_all_texts_that_hold_it() -> None:
    words = WordPostings.of(["door keeper", "", "the door", "doors"])
    assert [words.holding(word).tolist() for word in ("door", "keeper", "zzz", "")] == [[0, 2], [0], [], []]


def test_shares_weigh_rare_words_more() -> None:
    texts, share = WordPostings.of(["the oracle", "the door", "the end", "the"]).shares(["the", "oracle"])
    assert texts.tolist() == [0, 1, 2, 3]
    assert share[0] == 1.0
    assert share[1] < 0.5


def test_titles_of_actors_and_of_directors_are_kept_apart() -> None:
    index = facts()
    whedon = index.find_people(np.asarray([6]))[0]
    assert index.titles_of(whedon, np.ones(1)).sum() == 0
    assert np.flatnonzero(index.titles_of(whedon, np.ones(1), directing=True)).tolist() == [1]


def test_the_best_of_several_people_counts() -> None:
    index = facts()
    people = index.find_people(np.asarray([4, 5]))[0]
    assert index.titles_of(people, np.asarray([0.4, 0.9]))[2] == np.float32(0.9)


def test_unknown_ids_are_left_out() -> None:
    rows, there = facts().find_titles(np.asarray([3, 999, 1]))
    assert (rows.tolist(), there.tolist()) == ([2, 0], [True, False, True])


def test_a_saved_index_holds_the_same(tmp_path: Path) -> None:
    built = FactIndex.build(TinyCatalog(), tmp_path)
    opened = FactIndex.open(tmp_path)
    assert opened.codes == built.codes
    assert np.array_equal(opened.columns.genres, built.columns.genres)
    assert opened.characters[0] == built.characters[0] == "john steed"
    assert opened.words["people"].holding("williams").tolist() == [9, 10]


def test_a_missing_index_asks_for_a_rebuild(tmp_path: Path) -> None:
    with pytest.raises(FormatMismatch, match="rebuild"):
        FactIndex.open(tmp_path)


def test_an_empty_catalogue_has_an_empty_index(tmp_path: Path) -> None:
    class Nothing(TinyCatalog):
        def iter_titles(self):  # type: ignore[no-untyped-def]
            return iter(())

        iter_people = iter_credits = iter_titles

    index = FactIndex.build(Nothing(), tmp_path)
    assert len(index.columns.title_ids) == len(index.columns.credit_titles) == 0
