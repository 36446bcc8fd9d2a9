from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.errors import IndexUnusable
from indexer.index import Index
from indexer.maps.known import Space, best_known_people, known_titles, sampled_titles, titles_at_once
from tests.indexer.maps.looked import TITLES, looked_at
from tests.indexer.tiny import tiny_index


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with Index.open(looked_at(tmp_path_factory.mktemp("known"))) as opened:
        yield opened


def test_half_of_the_titles_are_the_best_known_and_the_draw_depends_on_the_seed(index: Index) -> None:
    space = Space.of(index)
    draws = [[title.id for title in sampled_titles(index, space, 4, seed)] for seed in range(20)]
    assert all(draw[:2] == [133093, 848228] for draw in draws)  # by votes
    assert all(len(set(draw)) == 4 for draw in draws)
    assert len({tuple(draw) for draw in draws}) > 1
    assert draws[5] == [title.id for title in sampled_titles(index, space, 4, 5)]


def test_asked_for_more_than_there_are_all_come(index: Index) -> None:
    found = sampled_titles(index, Space.of(index), 5000, 0)
    assert sorted(title.id for title in found) == sorted(TITLES)


def test_without_reading_the_whole_catalogue_the_best_known_come_too(index: Index) -> None:
    assert index.vectors is not None
    draws = [[title.id for title in titles_at_once(index, index.vectors, 4, seed)] for seed in range(20)]
    assert all(draw[:2] == [133093, 848228] for draw in draws)
    assert all(len(set(draw)) == 4 for draw in draws)
    assert len({tuple(draw) for draw in draws}) > 1
    everything = titles_at_once(index, index.vectors, 5000, 0)
    assert sorted(title.id for title in everything) == sorted(TITLES)


def test_known_titles_are_drawn_and_stand_in_order_of_votes(index: Index) -> None:
    found = known_titles(index, Space.of(index), 5, 1)
    assert len(found) == 5
    assert [title.votes for title in found] == sorted((title.votes for title in found), reverse=True)


def test_people_come_by_the_votes_of_their_titles(index: Index) -> None:
    assert [person.name for person in best_known_people(index, Space.of(index), 1)] == ["Keanu Reeves"]


def test_an_index_without_vectors_says_what_to_do(tmp_path: Path) -> None:
    with (
        Index.open(tiny_index(tmp_path)) as opened,
        pytest.raises(
            IndexUnusable, match=r"has no vectors of titles and people: run `make index` or .* not --without"
        ),
    ):
        Space.of(opened)
