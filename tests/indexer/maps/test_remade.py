from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.index import Index
from indexer.maps.remade import near, remade
from tests.indexer.maps.looked import looked_at


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    place: Path = looked_at(tmp_path_factory.mktemp("remade"))
    with Index.open(place) as opened:
        yield opened


def test_neighbours_come_nearest_first_without_the_title_itself(index: Index) -> None:
    matrix = index.catalog.title(133093)
    assert matrix is not None
    assert near(index, matrix, 2) == [234215, 242653]


def test_a_person_s_neighbours_are_people(index: Index) -> None:
    reeves = index.catalog.person(206)
    assert reeves is not None
    assert near(index, reeves, 1) == [287825]


def test_who_has_no_vector_has_no_neighbours(index: Index) -> None:
    without = next(title for title in index.catalog.iter_titles() if title.id not in index_of_titles(index))
    assert near(index, without, 3) == []


def test_without_a_joint_space_nothing_is_read_back(index: Index) -> None:
    matrix = index.catalog.title(133093)
    assert matrix is not None
    assert remade(index, matrix) is None


def index_of_titles(index: Index) -> set[int]:
    assert index.vectors is not None
    return set(index.vectors.ids("titles").tolist())
