from __future__ import annotations

from collections.abc import Iterator

import pytest

from indexer.index import Index
from indexer.maps.known import Space
from indexer.maps.neighbours import alike, credited_nearby, of_people, of_titles
from tests.indexer.maps.looked import TITLES, looked_at


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with Index.open(looked_at(tmp_path_factory.mktemp("near"))) as opened:
        yield opened


def test_the_nearest_of_a_title_come_without_itself_and_say_who_is_credited(index: Index) -> None:
    matrix = index.catalog.titles([133093])
    (found,) = of_titles(index.catalog, Space.of(index), list(matrix.values()), 3)
    assert (found.id, found.name) == ("tt0133093", "The Matrix (1999)")
    assert [each.name for each in found.titles] == [
        "The Matrix Reloaded (2003)", "The Matrix Revolutions (2003)", "The Avengers (1998)",
    ]  # fmt: skip
    assert [(each.name, each.credited) for each in found.people] == [
        ("Keanu Reeves", True), ("Gloria Foster", True), ("Mary Alice", False),
    ]  # fmt: skip
    assert found.titles[0].likeness == pytest.approx(0.999, abs=1e-3)
    assert found.titles[0].credited is None


def test_the_nearest_of_a_person_come_without_themselves(index: Index) -> None:
    people = index.catalog.people([206])
    (found,) = of_people(index.catalog, Space.of(index), list(people.values()), 2)
    assert {each.name for each in found.titles} == {"The Matrix (1999)", "The Matrix Reloaded (2003)"}
    assert all(each.credited for each in found.titles)
    assert [each.name for each in found.people] == ["Gloria Foster", "Mary Alice"]


def test_how_alike_neighbours_are_is_counted(index: Index) -> None:
    titles = list(index.catalog.titles(TITLES).values())
    found = {each.what: each for each in alike(index.catalog, Space.of(index), titles, 1, 0)}
    # Nearest of each: the films of its series; of Face/Off The Matrix or Psycho.
    assert found["a title that shares a genre"].neighbours >= 7 / 8
    assert found["one that shares a person"].neighbours == 3 / 8  # Keanu Reeves in all three
    assert found["one of the same type"].chance == 1.0


def test_people_nearby_that_are_credited_are_counted(index: Index) -> None:
    titles = list(index.catalog.titles([133093, 119094]).values())
    assert credited_nearby(index.catalog, Space.of(index), titles, 1, 0).neighbours == 1.0
