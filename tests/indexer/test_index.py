"""Opening an index: cheap, held against pruning, safe for threads, and clear about what is wrong."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from indexer.build import build
from indexer.errors import FormatMismatch, IndexMissing, IndexUnusable
from indexer.index import Index
from indexer.layout import current_build
from indexer.manifest import FORMAT, NAME
from indexer.progress import Progress
from indexer.settings import Settings
from tests.indexer.tiny import options, tiny_index


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_index(tmp_path_factory.mktemp("index"))


def test_a_missing_index_names_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(
        IndexMissing, match=r"there is no index at .*: run `make index` or `python -m indexer build`"
    ):
        Index.open(tmp_path)


def test_the_variable_names_the_default_index(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHOPLAYED_INDEX", str(place))
    with Index.open() as index:
        assert index.directory == current_build(place)


@pytest.mark.parametrize("text", ["", "../../etc", "20260101T000000Z-abcdef", "\xff"])
def test_a_current_file_that_names_no_build_is_a_missing_index(tmp_path: Path, text: str) -> None:
    (tmp_path / "current").write_text(text, encoding="latin-1")
    with pytest.raises(IndexMissing, match="make index"):
        Index.open(tmp_path)


def test_an_index_of_an_older_format_says_which_and_what_to_do(tmp_path: Path) -> None:
    manifest = current_build(tiny_index(tmp_path)) / NAME
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "format": FORMAT - 1}))
    expected = f"expected {FORMAT}, found {FORMAT - 1}: rebuild with `make index`"
    with pytest.raises(FormatMismatch, match=expected):
        Index.open(tmp_path / "index")


def test_a_damaged_manifest_says_so(tmp_path: Path) -> None:
    (current_build(tiny_index(tmp_path)) / NAME).write_text("{")
    with pytest.raises(IndexUnusable, match=r"manifest\.json cannot be read"):
        Index.open(tmp_path / "index")


def test_parts_that_were_not_built_are_none(place: Path) -> None:
    with Index.open(place) as index:
        assert index.vectors is None
        assert index.joint is None
        assert index.encoder is None
        assert index.similar is None
        assert index.genre is None
        assert set(index.names) == {"title", "person"}


def test_settings_of_the_build_come_back_typed(place: Path) -> None:
    with Index.open(place) as index:
        assert index.settings == Settings()


def test_a_part_is_opened_once_for_all_threads(place: Path) -> None:
    with Index.open(place) as index, ThreadPoolExecutor(8) as pool:
        catalogs = list(pool.map(lambda _: index.catalog, range(32)))
        assert len({id(catalog) for catalog in catalogs}) == 1
        counts = list(pool.map(lambda _: index.catalog.counts()["titles"], range(32)))
        assert counts == [8] * 32


def test_an_open_index_knows_when_another_build_serves(tmp_path: Path) -> None:
    place = tiny_index(tmp_path)
    with Index.open(place) as index:
        assert not index.stale()
        build(options(tmp_path / "imdb", place), Progress.silent())
        assert index.stale()
        assert index.catalog.counts()["titles"] == 8


def test_closing_twice_is_harmless(place: Path) -> None:
    index = Index.open(place)
    index.close()
    index.close()
    with Index.open(place) as again:
        assert again.catalog.counts()["titles"] == 8
