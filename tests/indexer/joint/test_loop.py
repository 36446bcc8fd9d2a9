"""A run goes on from its checkpoint as if nothing had happened, and ends early by what it watches."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexer.errors import FormatMismatch
from indexer.joint.entities import Entities
from indexer.joint.history import LOG, PICTURE
from indexer.joint.loop import RunOptions
from indexer.joint.model import Model
from indexer.joint.space import JointSpace
from indexer.joint.training import train_joint, train_on
from indexer.progress import Progress, Task
from indexer.settings import JointSettings, Settings, VectorScope
from tests.indexer.joint.studio import Studio

SILENT = Progress.silent()
STUDIO = Studio()


@pytest.fixture(scope="module", autouse=True)
def epochs_as_set() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("indexer.joint.loop._LEAST_STEPS", 1)
        yield


@pytest.fixture(scope="module")
def entities() -> Entities:
    return Entities.from_catalog(STUDIO, VectorScope(), SILENT)


def settings(epochs: int = 3, seed: int = 7, **joint: Any) -> Settings:
    changed = JointSettings(width=16, epochs=epochs, batch=64, checkpoint_minutes=0.0, **joint)
    return Settings(seed=seed, threads=1, joint=changed)


class Interrupted(Exception):
    """As Ctrl-C."""


class Interrupting(Progress):
    """Stops the work at its ``steps``-th report of something done; hears what is said."""

    def __init__(self, steps: int | None = None) -> None:
        super().__init__(None)
        self.said: list[str] = []
        self.done = 0
        self._left = steps

    def say(self, text: str) -> None:
        self.said.append(text)

    @contextmanager
    def task(self, name: str, total: int | None = None, unit: str = "rows") -> Iterator[Task]:
        yield self

    def advance(self, amount: int = 1, note: str = "") -> None:
        self.done += bool(note)
        if self.done == self._left:
            raise Interrupted


def interrupted(entities: Entities, at: int, path: Path, made: Settings, **given: Any) -> None:
    options = RunOptions(path / "run.safetensors", path)
    with pytest.raises(Interrupted):
        train_on(entities, made, Interrupting(at), options=options, **given)


def same(first: JointSpace, second: JointSpace) -> bool:
    assert first.weights.keys() == second.weights.keys()
    return all(np.array_equal(array, second.weights[name]) for name, array in first.weights.items())


@pytest.mark.parametrize(("at", "credits"), [(3, 128), (5, 240), (6, 304)])
def test_an_interrupted_run_ends_with_the_same_weights(
    entities: Entities, tmp_path: Path, at: int, credits: int
) -> None:
    whole = train_on(entities, settings(), SILENT, options=RunOptions(folder=tmp_path / "whole"))
    interrupted(entities, at, tmp_path, settings())
    hearing = Interrupting()
    again = train_on(
        entities, settings(), hearing, options=RunOptions(tmp_path / "run.safetensors", tmp_path)
    )
    assert hearing.said[0] == f"joint: goes on at {credits} of 720 credits"
    assert same(whole, again)
    assert losses(tmp_path) == losses(tmp_path / "whole")


def losses(folder: Path) -> list[Any]:
    entries = [json.loads(line) for line in (folder / LOG).read_text().splitlines()]
    return [(entry["credits"], entry["epoch"], entry["rate"], entry["losses"]) for entry in entries]


def test_a_finished_run_is_not_trained_again(entities: Entities, tmp_path: Path) -> None:
    options, hearing = RunOptions(tmp_path / "run.safetensors"), Interrupting()
    first = train_on(entities, settings(1), SILENT, options=options)
    assert same(first, train_on(entities, settings(1), hearing, options=options))
    assert hearing.done == 0


def test_a_checkpoint_of_another_run_is_refused_by_what_differs(entities: Entities, tmp_path: Path) -> None:
    interrupted(entities, 2, tmp_path, settings())
    options = RunOptions(tmp_path / "run.safetensors")
    with pytest.raises(FormatMismatch, match=r"setting epochs is 3, here 4; setting seed is 7, here 8"):
        train_on(entities, settings(4, seed=8), SILENT, options=options)
    fewer = Studio()
    fewer.credits = fewer.credits[:-1]
    other = Entities.from_catalog(fewer, VectorScope(), SILENT)
    with pytest.raises(FormatMismatch, match=r"the credits are others \(hash \w+, here \w+\)"):
        train_on(other, settings(), SILENT, options=options)
    with pytest.raises(FormatMismatch, match=r"field title/cast is not in this version's table"):
        train_on(entities, settings(), SILENT, credit_fields=False, options=options)


def test_a_build_begins_anew_where_a_checkpoint_is_of_another_run(entities: Entities, tmp_path: Path) -> None:
    interrupted(entities, 2, tmp_path, settings())
    hearing = Interrupting()
    options = RunOptions(tmp_path / "run.safetensors", strict=False)
    space = train_on(entities, settings(1, seed=8), hearing, options=options)
    assert "joint: begins anew, for the checkpoint" in hearing.said[0]
    assert "setting seed is 7, here 8" in hearing.said[0]
    assert space.facts["seed"] == 8


def test_a_damaged_checkpoint_is_named(entities: Entities, tmp_path: Path) -> None:
    interrupted(entities, 2, tmp_path, settings())
    path = tmp_path / "run.safetensors"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(FormatMismatch, match=r"run.safetensors is damaged \(.*\): remove it to begin again"):
        train_on(entities, settings(), SILENT, options=RunOptions(path))


def test_a_checkpoint_half_written_does_not_replace_the_old_one(
    entities: Entities, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted(entities, 2, tmp_path, settings())
    path = tmp_path / "run.safetensors"
    before = path.read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr("safetensors.numpy.save_file", full)
    with pytest.raises(OSError, match="No space left"):
        train_on(entities, settings(), SILENT, options=RunOptions(path))
    assert path.read_bytes() == before


class Falling:
    """A figure that is best at the second look."""

    def __init__(self) -> None:
        self.looks = 0
        self.best: dict[str, Any] = {}

    def __call__(self, model: Model) -> float:
        self.looks += 1
        if self.looks == 2:
            self.best = {name: array.copy() for name, array in model.weights().items()}
        return 1.0 - abs(self.looks - 2) / 10


def test_a_run_that_gets_no_better_ends_with_the_best_weights(entities: Entities, tmp_path: Path) -> None:
    made, falling, hearing = settings(10, looks=10, patience=3), Falling(), Interrupting()
    space = train_on(entities, made, hearing, validate=falling, options=RunOptions(folder=tmp_path))
    assert falling.looks == 5
    assert space.facts["validation"] == 1.0
    assert space.facts["credits"] == 5 * 240
    assert "ended early: 3 looks at the validation pairs brought nothing better" in hearing.said[-1]
    assert all(np.array_equal(space.weights[name], array) for name, array in falling.best.items())


def test_an_interrupted_run_remembers_its_best_weights(entities: Entities, tmp_path: Path) -> None:
    made = settings(10, looks=10, patience=3)
    whole = train_on(entities, made, SILENT, validate=Falling())
    falling = Falling()
    interrupted(entities, 14, tmp_path, made, validate=falling)
    falling.looks = 3
    options = RunOptions(tmp_path / "run.safetensors")
    assert same(whole, train_on(entities, made, SILENT, validate=falling, options=options))


def test_training_watches_pairs_that_it_does_not_know(tmp_path: Path) -> None:
    made = settings(25, validate=True, looks=5, learning_rate=0.005)
    space = train_joint(STUDIO, made, SILENT, options=RunOptions(folder=tmp_path))
    assert space.entities is not None
    known = len(space.entities.credits[0])
    assert 0.88 * 240 < known < 240
    entries = [json.loads(line) for line in (tmp_path / LOG).read_text().splitlines()]
    figures = [entry["validation"] for entry in entries if "validation" in entry]
    assert len(figures) == 5
    assert max(figures) == pytest.approx(space.facts["validation"], abs=1e-4)
    assert max(figures) >= 0.5  # 20 people of the same studio, 6 of them credited; 0.27 by chance


def test_a_run_leaves_a_log_and_a_picture(entities: Entities, tmp_path: Path) -> None:
    train_on(entities, settings(2), SILENT, options=RunOptions(folder=tmp_path))
    entries = [json.loads(line) for line in (tmp_path / LOG).read_text().splitlines()]
    assert entries[-1]["credits"] == 480
    assert set(entries[0]["losses"]) >= {"credits", "titles", "people", "fields"}
    assert entries[0]["rate"] > entries[-1]["rate"]
    assert (tmp_path / PICTURE).read_bytes().startswith(b"\x89PNG")


def test_a_space_says_what_data_it_is_of(entities: Entities) -> None:
    data = train_on(entities, settings(1), SILENT).facts["data"]
    fewer = Studio()
    fewer.credits = fewer.credits[:-1]
    other = train_on(Entities.from_catalog(fewer, VectorScope(), SILENT), settings(1), SILENT).facts["data"]
    assert {name for name in data if data[name] != other[name]} == {"credits", "lists"}
