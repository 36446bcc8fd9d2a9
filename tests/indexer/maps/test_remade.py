from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.catalog.records import Title
from indexer.ids import TitleId
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
    assert near(index, Title(TitleId(1), "A film of which nothing is known", "movie"), 3) == []


def test_without_a_joint_space_nothing_is_read_back(index: Index) -> None:
    matrix = index.catalog.title(133093)
    assert matrix is not None
    assert remade(index, matrix) is None
