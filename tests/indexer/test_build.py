"""A build is atomic, honest in its manifest, and alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from indexer.build import OPTIONAL, STEPS, BuildOptions, build, prune, status, verify
from indexer.errors import Busy, InputError, SourceError
from indexer.index import Index
from indexer.layout import builds_folder, current_build, finished_builds, leftovers
from indexer.locks import builder_lock
from indexer.manifest import read_manifest
from indexer.progress import Progress
from indexer.settings import Settings
from tests.indexer.tiny import ROOT, options, run_indexer, tiny_index, write_data

QUIET = Progress.silent()


class Killer(Progress):
    """Ends its process, as ``kill -9`` does, when a build says that text."""

    def __init__(self, at: str) -> None:
        super().__init__(None)
        self.at = at

    def say(self, text: str) -> None:
        if text.startswith(self.at):
            os.kill(os.getpid(), signal.SIGKILL)


def kill_at(step: str, data: Path, index: Path) -> int:
    """The exit status of a build that is killed when it begins ``step``."""
    script = (
        "import sys; from pathlib import Path\n"
        "from tests.indexer.test_build import Killer, options; from indexer.build import build\n"
        "build(options(Path(sys.argv[1]), Path(sys.argv[2])), Killer(sys.argv[3]))"
    )
    command = [sys.executable, "-c", script, str(data), str(index), step]
    return subprocess.run(command, cwd=ROOT, check=False, timeout=100).returncode


def test_a_build_serves_what_the_files_say(tmp_path: Path) -> None:
    with Index.open(tiny_index(tmp_path)) as index:
        title = index.catalog.title(index.catalog.search_titles("matrix", 1)[0])
    assert title is not None
    assert (title.name, title.year, title.votes) == ("The Matrix", 1999, 2_000_000)


def test_the_manifest_names_sources_settings_costs_and_counts(tmp_path: Path) -> None:
    place = tiny_index(tmp_path)
    manifest = read_manifest(current_build(place))
    assert manifest["seed"] == Settings().seed
    assert manifest["counts"]["titles"] == 8
    assert manifest["counts"]["people"] == 9
    assert set(manifest["steps"]) == {"import", "names"}
    assert manifest["steps"]["import"]["peak_mb"] > 10
    assert manifest["steps"]["import"]["seconds"] > 0
    assert len(manifest["catalogue_hash"]) == 64
    assert "catalog.db" in manifest["files"]
    assert manifest["versions"]["python"].startswith("3.")


def test_two_builds_of_the_same_files_have_one_catalogue_hash(tmp_path: Path) -> None:
    data = write_data(tmp_path / "imdb")
    first = read_manifest(build(options(data, tmp_path / "one"), QUIET))
    second = read_manifest(build(options(data, tmp_path / "two"), QUIET))
    assert first["catalogue_hash"] == second["catalogue_hash"]
    changed = write_data(tmp_path / "changed", ratings="tt0133093\t8.5\t2000001\n")
    third = read_manifest(build(options(changed, tmp_path / "three"), QUIET))
    assert third["catalogue_hash"] != first["catalogue_hash"]


@pytest.mark.parametrize("step", ["step import", "step names", "step check"])
def test_a_build_killed_at_any_step_leaves_the_old_one_serving(tmp_path: Path, step: str) -> None:
    place = tiny_index(tmp_path)
    before = current_build(place)
    assert kill_at(step, tmp_path / "imdb", place) == -signal.SIGKILL
    assert current_build(place) == before
    assert verify(place) == []
    assert len(leftovers(place)) == 1
    build(options(tmp_path / "imdb", place), QUIET)
    assert leftovers(place) == []
    assert verify(place) == []


def test_a_first_build_killed_leaves_no_index(tmp_path: Path) -> None:
    data = write_data(tmp_path / "imdb")
    kill_at("step names", data, tmp_path / "index")
    assert finished_builds(tmp_path / "index") == []
    assert "there is no index" in run_indexer("status", "--index", tmp_path / "index").stderr


def test_a_second_builder_is_told_that_one_is_at_work(tmp_path: Path) -> None:
    place = tiny_index(tmp_path)
    with (
        builder_lock(place),
        pytest.raises(Busy, match=f"another build of .* is under way \\(process {os.getpid()}\\)"),
    ):
        build(options(tmp_path / "imdb", place), QUIET)


def test_unusable_sources_leave_nothing_behind(tmp_path: Path) -> None:
    data = write_data(tmp_path / "imdb")
    (data / "name.basics.tsv.gz").write_bytes(b"not gzip at all")
    with pytest.raises(SourceError, match=r"name\.basics\.tsv\.gz"):
        build(options(data, tmp_path / "index"), QUIET)
    assert list(builds_folder(tmp_path / "index").iterdir()) == []


def test_a_failed_build_removes_what_it_wrote(tmp_path: Path) -> None:
    place = tiny_index(tmp_path)
    damaged = write_data(tmp_path / "damaged", principals="tt0133093\t1\tnm0000206\n")
    with pytest.raises(SourceError, match="--tolerate"):
        build(options(damaged, place), QUIET)
    assert [path.name for path in builds_folder(place).iterdir()] == [current_build(place).name]


def test_only_known_steps_can_be_left_out(tmp_path: Path) -> None:
    data = write_data(tmp_path / "imdb")
    with pytest.raises(InputError, match=r"no step import to leave out: known are overviews, names"):
        options(data, tmp_path / "index", frozenset({"import"}))
    assert set(OPTIONAL) == set(STEPS) - {"import"}
    assert isinstance(options(data, tmp_path / "index"), BuildOptions)


def test_steps_with_nothing_to_work_on_are_skipped_with_the_reason(tmp_path: Path) -> None:
    unrated = write_data(tmp_path / "imdb", ratings="")
    manifest = read_manifest(
        build(options(unrated, tmp_path / "index", frozenset({"overviews", "linking"})), QUIET)
    )
    reasons = {name: report["skipped"] for name, report in manifest["steps"].items() if "skipped" in report}
    assert set(reasons) == {"joint", "vectors", "genre", "rating"}
    assert "vectors.min_votes" in reasons["joint"]
    assert status(tmp_path / "index")["parts"] == ["import", "names"]


def test_prune_removes_old_builds_but_not_those_in_use(tmp_path: Path) -> None:
    place = tiny_index(tmp_path)
    first = current_build(place)
    reader = Index.open(place)
    build(options(tmp_path / "imdb", place), QUIET)
    build(options(tmp_path / "imdb", place), QUIET)
    middle = finished_builds(place)[1]
    done = prune(place)
    assert (done.removed, done.in_use) == ([middle.name], [first.name])
    assert done.freed > 10_000
    assert reader.catalog.counts()["titles"] == 8
    reader.close()
    assert prune(place).removed == [first.name]
    assert finished_builds(place) == [current_build(place)]


def test_verify_names_a_file_that_changed(tmp_path: Path) -> None:
    place = tiny_index(tmp_path)
    assert verify(place) == []
    with (current_build(place) / "catalog.db").open("r+b") as stream:
        stream.seek(5_000)
        stream.write(b"damage")
    assert verify(place) == ["catalog.db has changed since it was built"]


def test_verify_names_a_file_that_is_gone(tmp_path: Path) -> None:
    place = tiny_index(tmp_path)
    victim = next((current_build(place) / "models" / "names").rglob("*.npy"))
    victim.unlink()
    assert [problem.rpartition(" is ")[2] for problem in verify(place)] == ["missing"]


def test_status_counts_and_names_other_builds(tmp_path: Path) -> None:
    place = tiny_index(tmp_path)
    old = current_build(place).name
    build(options(tmp_path / "imdb", place), QUIET)
    found = status(place)
    assert found["build"] != old
    assert found["other_builds"] == [old]
    assert found["counts"]["titles"] == 8
    assert found["parts"] == ["import", "names"]
