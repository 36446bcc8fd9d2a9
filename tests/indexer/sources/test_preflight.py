from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from indexer.errors import SourceError
from indexer.sources import Sources, preflight
from indexer.sources.blocks import LONGEST_LINE
from tests.indexer.catalog import studio


def check(folder: Path, **extra: Path) -> None:
    preflight(Sources.find(folder, **extra))


def test_good_files_are_surveyed_with_check_sum_and_lines(tmp_path: Path) -> None:
    folder = studio.write(tmp_path / "data")
    facts = preflight(Sources.find(folder))
    basics = facts[folder / "title.basics.tsv.gz"]
    assert (basics.lines, basics.size) == (5, basics.path.stat().st_size)
    assert len(facts) == 7


def test_only_basics_principals_and_names_are_needed(tmp_path: Path) -> None:
    folder = studio.write(tmp_path / "data", packed=False)
    for name in ("title.ratings", "title.crew", "title.episode", "title.akas"):
        (folder / f"{name}.tsv").unlink()
    check(folder)
    (folder / "name.basics.tsv").unlink()
    with pytest.raises(
        SourceError, match=r"lacks name.basics.tsv.gz \(with or without .gz\).*indexer download"
    ):
        check(folder)


def test_an_empty_folder_names_all_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(
        SourceError, match=r"lacks title.basics.tsv.gz, title.principals.tsv.gz, name.basics.tsv.gz"
    ):
        check(tmp_path)


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="nowhere is not a folder; expected one with IMDb's files"):
        check(tmp_path / "nowhere")


def test_another_files_header(tmp_path: Path) -> None:
    folder = studio.write(tmp_path / "data")
    (folder / "title.basics.tsv.gz").write_bytes((folder / "title.akas.tsv.gz").read_bytes())
    with pytest.raises(
        SourceError, match=r"title.basics.tsv.gz: line 1: 8 columns; expected 9: tconst, .*; found: titleId"
    ):
        check(folder)


def test_a_header_with_other_names(tmp_path: Path) -> None:
    folder = studio.write(tmp_path / "data")
    studio.put(folder / "title.ratings.tsv.gz", b"a\tb\tc\n")
    with pytest.raises(
        SourceError, match=r"line 1: another header; expected: tconst, averageRating, .*; found: a, b, c"
    ):
        check(folder)


def test_an_empty_file(tmp_path: Path) -> None:
    folder = studio.write(tmp_path / "data")
    studio.put(folder / "title.ratings.tsv.gz", b"")
    with pytest.raises(SourceError, match=r"line 1: .*found: nothing"):
        check(folder)


def test_a_file_that_is_not_gzip(tmp_path: Path) -> None:
    folder = studio.write(tmp_path / "data")
    (folder / "name.basics.tsv.gz").write_bytes(b"<html>not found</html>")
    with pytest.raises(SourceError, match=r"name.basics.tsv.gz: line 1: not gzip, .*expected gzip"):
        check(folder)


def test_a_gzip_file_that_is_cut_off(tmp_path: Path) -> None:
    folder = studio.write(tmp_path / "data")
    path = folder / "title.principals.tsv.gz"
    path.write_bytes(path.read_bytes()[:-12])
    with pytest.raises(
        SourceError,
        match=r"title.principals.tsv.gz: line \d+: the gzip file is cut off here; .*download it again",
    ):
        check(folder)


def test_a_gzip_file_with_a_wrong_check_sum(tmp_path: Path) -> None:
    folder = studio.write(tmp_path / "data")
    path = folder / "title.principals.tsv.gz"
    data = bytearray(path.read_bytes())
    data[-6] ^= 0xFF
    path.write_bytes(bytes(data))
    with pytest.raises(SourceError, match=r"title.principals.tsv.gz: line \d+: damaged gzip"):
        check(folder)


def test_text_that_is_not_utf8(tmp_path: Path) -> None:
    folder = studio.write(tmp_path / "data")
    path = folder / "name.basics.tsv.gz"
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()).replace("Öst".encode(), b"\xd6st")))
    with pytest.raises(
        SourceError, match=r"name.basics.tsv.gz: line 3: byte 0xd6 is not UTF-8; expected UTF-8"
    ):
        check(folder)


def test_a_line_without_end(tmp_path: Path) -> None:
    folder = studio.write(tmp_path / "data")
    header = studio.LAYOUT["title.akas"].header.encode()
    studio.put(folder / "title.akas.tsv.gz", header + b"\n" + b"x" * (LONGEST_LINE + 100_000))
    with pytest.raises(SourceError, match=r"title.akas.tsv.gz: .*line of more than 4,194,304 bytes"):
        check(folder)


def test_metadata_without_its_columns(tmp_path: Path) -> None:
    folder = studio.write(tmp_path / "data")
    path = studio.put(tmp_path / "movies_metadata.csv", b"id,title\n1,x\n")
    with pytest.raises(
        SourceError, match=r"movies_metadata.csv: line 1: no column imdb_id, overview; .*found: id, title"
    ):
        check(folder, overviews=path)


def test_metadata_that_is_not_there(tmp_path: Path) -> None:
    folder = studio.write(tmp_path / "data")
    with pytest.raises(SourceError, match=r"none.csv: cannot be read \(No such file or directory\)"):
        check(folder, overviews=tmp_path / "none.csv")
