from __future__ import annotations

import json
from pathlib import Path

import pytest

from indexer.errors import ResourceError
from indexer.index import Index
from indexer.maps.joint_map import MapOptions, draw_map
from indexer.progress import Progress
from tests.indexer.maps.looked import TITLES, looked_at
from tests.indexer.tiny import run_indexer, tiny_index


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return looked_at(tmp_path_factory.mktemp("map"))


def test_three_pictures_and_their_coordinates_are_written(place: Path, tmp_path: Path) -> None:
    with Index.open(place) as index:
        paths = draw_map(index, tmp_path / "new", MapOptions(people=3), Progress.silent())
    names = ["joint-map-genre.png", "joint-map-decade.png", "joint-map-type.png", "joint-map.json"]
    assert [path.name for path in paths] == names
    assert all(path.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n" for path in paths[:3])
    found = json.loads(paths[3].read_text(encoding="utf-8"))
    assert len(found["titles"]) == len(TITLES)
    assert len(found["people"]) == 3
    matrix = found["titles"][0]
    assert (matrix["id"], matrix["name"], matrix["year"]) == ("tt0133093", "The Matrix", 1999)
    assert (matrix["genre"], matrix["decade"], matrix["type"]) == ("Sci-Fi", "1990s", "movie")
    assert {"x", "y"} <= matrix.keys()
    for kind, legend in found["legends"].items():
        assert {group["label"] for group in legend} == {title[kind] for title in found["titles"]}


def test_the_same_index_gives_the_same_bytes(place: Path, tmp_path: Path) -> None:
    with Index.open(place) as index:
        first, second = (
            [path.read_bytes() for path in draw_map(index, tmp_path / name, MapOptions(), Progress.silent())]
            for name in ("first", "second")
        )
    assert first == second


def test_a_place_that_cannot_be_written_is_named(place: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with (
        Index.open(place) as index,
        pytest.raises(ResourceError, match=r"cannot write the map to .*file: .*give --out"),
    ):
        draw_map(index, tmp_path / "file", MapOptions(), Progress.silent())


def test_the_command_prints_the_files_it_wrote(place: Path, tmp_path: Path) -> None:
    done = run_indexer("joint", "map", "--index", place, "--out", tmp_path, "--titles", 5)
    assert done.returncode == 0, done.stderr
    assert [Path(line).parent for line in done.stdout.splitlines()] == [tmp_path] * 4
    assert len(json.loads((tmp_path / "joint-map.json").read_text())["titles"]) == 5


def test_the_command_tells_what_an_index_lacks(tmp_path: Path) -> None:
    done = run_indexer("joint", "map", "--index", tiny_index(tmp_path), "--out", tmp_path)
    assert done.returncode == 1
    assert "has no vectors" in done.stderr
    assert "Traceback" not in done.stderr
