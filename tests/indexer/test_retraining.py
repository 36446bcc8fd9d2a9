"""A joint space is trained on from where it stopped, and again; one of other data is noticed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from indexer import steps
from indexer.build import OPTIONAL, build, verify
from indexer.errors import FormatMismatch
from indexer.index import Index
from indexer.joint.space import JointSpace
from indexer.layout import cache_folder, current_build
from indexer.progress import Progress, Task
from indexer.retraining import Changes, retrain
from indexer.settings import JointSettings, Settings, VectorScope
from tests.indexer.tiny import options, run_indexer, write_data

QUIET = Progress.silent()
ONLY_JOINT = frozenset(OPTIONAL) - {"joint"}


def settings(minutes: float = 3.0) -> Settings:
    made = JointSettings(width=8, checkpoint_minutes=minutes)
    return Settings(threads=1, vectors=VectorScope(min_votes=0), joint=made)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("joint")
    build(options(write_data(folder / "imdb"), folder / "index", ONLY_JOINT, settings(0.0)), QUIET)
    return folder / "index"


class Stopped(Exception):
    """As Ctrl-C."""


class Stopping(Progress):
    """Stops training at its third step; hears what is said."""

    def __init__(self, *, stop: bool = True) -> None:
        super().__init__(None)
        self.said: list[str] = []
        self._left = 3 if stop else -1

    def say(self, text: str) -> None:
        self.said.append(text)

    @contextmanager
    def task(self, name: str, total: int | None = None, unit: str = "rows") -> Iterator[Task]:
        yield self

    def advance(self, amount: int = 1, note: str = "") -> None:
        self._left -= bool(note)
        if not self._left:
            raise Stopped


def test_a_build_goes_on_with_the_training_of_one_that_was_interrupted(place: Path, tmp_path: Path) -> None:
    wanted = options(write_data(tmp_path / "imdb"), tmp_path / "index", ONLY_JOINT, settings(0.0))
    with pytest.raises(Stopped):
        build(wanted, Stopping())
    checkpoint = cache_folder(wanted.index) / steps.CHECKPOINT
    assert checkpoint.is_file()
    hearing = Stopping(stop=False)
    built = build(wanted, hearing)
    assert any(text.startswith("joint: goes on at ") for text in hearing.said)
    assert not checkpoint.exists()
    weights = (Path("models") / "joint") / "weights.safetensors"
    assert (built / weights).read_bytes() == (current_build(place) / weights).read_bytes()


def test_a_build_of_other_data_begins_anew(tmp_path: Path) -> None:
    wanted = options(write_data(tmp_path / "imdb"), tmp_path / "index", ONLY_JOINT, settings(0.0))
    with pytest.raises(Stopped):
        build(wanted, Stopping())
    write_data(tmp_path / "imdb", ratings="tt0133093\t8.5\t2000001\n")
    hearing = Stopping(stop=False)
    build(wanted, hearing)
    (told,) = [text for text in hearing.said if text.startswith("joint: begins anew")]
    assert "the values are others (hash " in told
    assert not (cache_folder(wanted.index) / steps.CHECKPOINT).exists()


def test_a_build_keeps_the_log_and_the_picture_of_its_training(place: Path) -> None:
    folder = current_build(place) / "models" / "joint"
    last = json.loads((folder / "losses.jsonl").read_text().splitlines()[-1])
    assert set(last["losses"]) == {"credits", "neighbours", "titles", "people", "fields"}
    assert (folder / "training.png").stat().st_size > 1000


def test_verify_notices_a_space_of_other_data(place: Path, tmp_path: Path) -> None:
    assert verify(place) == []
    index = tmp_path / "index"
    shutil.copytree(place, index)
    directory = current_build(index)
    head = directory / "models" / "joint" / "space.json"
    saved = json.loads(head.read_text())
    saved["facts"]["data"]["people"] = "0" * 24
    head.write_text(json.dumps(saved))
    manifest = json.loads((directory / "manifest.json").read_text())
    del manifest["files"]["models/joint/space.json"]
    (directory / "manifest.json").write_text(json.dumps(manifest))
    (told,) = verify(index)
    assert told == "the joint space was trained on other people than the 3 of the catalogue in scope"


def test_training_again_writes_a_space_and_leaves_the_index_alone(place: Path, tmp_path: Path) -> None:
    done = run_indexer("joint", "train", "--index", place, "--out", tmp_path, "--epochs", 2, "--seed", 9)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{tmp_path}: ")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "losses.jsonl",
        "space.json",
        "training.png",
        "weights.safetensors",
    ]
    assert JointSpace.load(tmp_path).facts["seed"] == 9
    assert verify(place) == []


def test_training_again_goes_on_only_with_the_same_run(place: Path, tmp_path: Path) -> None:
    with Index.open(place) as index:
        with pytest.raises(Stopped):
            list(retrain(index, tmp_path, Changes(), Stopping()))
        with pytest.raises(FormatMismatch, match=r"setting seed is 7, here 8: .* remove it"):
            list(retrain(index, tmp_path, Changes(seed=8), QUIET))
        (told,) = retrain(index, tmp_path, Changes(), QUIET)
    assert told.startswith(f"{tmp_path}: ")
    again = (tmp_path / "weights.safetensors").read_bytes()
    assert again == (current_build(place) / "models" / "joint" / "weights.safetensors").read_bytes()
