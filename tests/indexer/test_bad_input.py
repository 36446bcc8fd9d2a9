"""Bad input, each kind with its message and exit status; none harms the index that serves."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.build import OPTIONAL, verify
from indexer.layout import builds_folder, current_build
from indexer.locks import builder_lock
from indexer.manifest import FORMAT, NAME
from tests.indexer.tiny import HEADERS, PRINCIPALS, run_indexer, tiny_index, write_data

LEAN = [f"--without={name}" for name in OPTIONAL if name != "names"]
# A limit on the size of one file stands for a full disk: without the signal, writes past it fail as on one.
LITTLE_ROOM = (
    "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
    "resource.setrlimit(resource.RLIMIT_FSIZE, ({bytes}, {bytes}))"
)


def build(data: Path, index: Path, *more: str, before: str = "") -> subprocess.CompletedProcess[str]:
    done = run_indexer("build", "--data", data, "--index", index, *LEAN, *more, before=before)
    assert "Traceback" not in done.stderr
    return done


def last_line(done: subprocess.CompletedProcess[str]) -> str:
    return done.stderr.strip().splitlines()[-1]


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Path]:
    """An index that must be the same and sound after whatever a test does."""
    place = tiny_index(tmp_path / "old")
    before = current_build(place)
    yield place
    assert current_build(place) == before
    assert verify(place) == []
    assert [path.name for path in builds_folder(place).iterdir()] == [before.name]


def test_an_empty_folder(tmp_path: Path, serving: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = build(tmp_path / "empty", serving)
    assert done.returncode == 1
    assert last_line(done).startswith("error: ")
    assert "title.basics" in last_line(done)
    assert "name.basics" in last_line(done)


def test_a_folder_that_is_not_there(tmp_path: Path, serving: Path) -> None:
    done = build(tmp_path / "nowhere", serving)
    assert done.returncode == 1
    assert str(tmp_path / "nowhere") in last_line(done)


def test_a_truncated_gzip(tmp_path: Path, serving: Path) -> None:
    data = write_data(tmp_path / "imdb")
    victim = data / "title.principals.tsv.gz"
    victim.write_bytes(victim.read_bytes()[:-20])
    done = build(data, serving)
    assert done.returncode == 1
    assert "title.principals.tsv.gz" in last_line(done)


def test_the_header_of_another_file(tmp_path: Path, serving: Path) -> None:
    data = write_data(tmp_path / "imdb")
    (data / "name.basics.tsv.gz").write_bytes((data / "title.ratings.tsv.gz").read_bytes())
    done = build(data, serving)
    assert done.returncode == 1
    assert "name.basics.tsv.gz: line 1" in last_line(done)
    assert "expected" in last_line(done)


def test_a_row_of_three_columns_is_rejected_and_counted(tmp_path: Path) -> None:
    many = "".join(f"tt{number:07d}\t1\tnm0000206\tactor\t\\N\t\\N\n" for number in range(1, 301))
    data = write_data(tmp_path / "imdb", principals=PRINCIPALS + "tt0133093\t9\tnm0000206\n" + many)
    done = build(data, tmp_path / "index")
    assert done.returncode == 0, done.stderr
    sources = json.loads((current_build(tmp_path / "index") / NAME).read_text())["sources"]
    report = sources["title.principals.tsv.gz"]
    assert report["rejected"] == 1
    assert report["reasons"] == {"3 columns instead of 6": 1}
    assert report["examples"] == [[PRINCIPALS.count("\n") + 2, "3 columns instead of 6"]]


def test_more_than_one_row_in_a_hundred_damaged_is_fatal(tmp_path: Path, serving: Path) -> None:
    data = write_data(tmp_path / "imdb", principals=PRINCIPALS + "tt0133093\t9\tnm0000206\n")
    done = build(data, serving)
    assert done.returncode == 1
    assert "1 of 13 rows are damaged, the limit is 1.0%" in last_line(done)
    assert "--tolerate" in last_line(done)


def test_tolerate_builds_from_what_is_whole(tmp_path: Path) -> None:
    data = write_data(tmp_path / "imdb", principals=PRINCIPALS + "tt0133093\t9\tnm0000206\n")
    assert build(data, tmp_path / "index", "--tolerate").returncode == 0


def test_text_that_is_not_utf8(tmp_path: Path, serving: Path) -> None:
    data = write_data(tmp_path / "imdb")
    with gzip.open(data / "title.ratings.tsv.gz", "wb") as stream:
        stream.write("\t".join(HEADERS["title.ratings"].split()).encode() + b"\ntt0133093\t8.5\t\xff\xfe\n")
    done = build(data, serving)
    assert done.returncode == 1
    assert "title.ratings.tsv.gz" in last_line(done)
    assert "UTF-8" in last_line(done)


def test_an_unknown_setting(tmp_path: Path, serving: Path) -> None:
    (tmp_path / "settings.toml").write_text("sed = 3\n")
    done = build(write_data(tmp_path / "imdb"), serving, f"--config={tmp_path / 'settings.toml'}")
    assert done.returncode == 1
    assert "unknown setting sed: known here are" in last_line(done)


@pytest.mark.parametrize("command", ["status", "verify", "prune"])
def test_a_missing_index(tmp_path: Path, command: str) -> None:
    done = run_indexer(command, "--index", tmp_path / "none")
    expected = (
        f"error: there is no index at {tmp_path / 'none'}: run `make index` or `python -m indexer build`\n"
    )
    assert (done.returncode, done.stderr, done.stdout) == (1, expected, "")
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("command", ["status", "verify"])
def test_an_index_of_an_older_format(tmp_path: Path, command: str) -> None:
    place = tiny_index(tmp_path)
    manifest = current_build(place) / NAME
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "format": FORMAT - 1}))
    done = run_indexer(command, "--index", place)
    assert done.returncode == 1
    assert done.stderr.endswith(f"expected {FORMAT}, found {FORMAT - 1}: rebuild with `make index`\n")


@pytest.mark.parametrize("limit", [1_000, 30_000, 100_000])
def test_no_room_on_the_disk(tmp_path: Path, serving: Path, limit: int) -> None:
    done = build(write_data(tmp_path / "imdb"), serving, before=LITTLE_ROOM.format(bytes=limit))
    assert done.returncode == 1
    assert last_line(done).startswith("error: ")
    assert "room" in last_line(done)
    assert str(serving) in last_line(done)


def test_two_builds_at_once(tmp_path: Path, serving: Path) -> None:
    with builder_lock(serving):
        done = build(write_data(tmp_path / "imdb"), serving)
    assert done.returncode == 1
    assert last_line(done) == (
        f"error: another build of {serving} is under way (process {os.getpid()}): "
        "wait for it to end, or build elsewhere with --index"
    )


def test_an_index_where_a_file_lies(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine")
    done = build(write_data(tmp_path / "imdb"), tmp_path / "taken")
    assert done.returncode == 1
    assert "cannot write in" in last_line(done)
    assert (tmp_path / "taken").read_text() == "mine"
