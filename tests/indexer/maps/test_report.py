from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from indexer.errors import IndexUnusable, ResourceError
from indexer.fields.category import CategoryField
from indexer.fields.table import TABLE
from indexer.index import Index
from indexer.joint.space import JointSpace
from indexer.joint.towers import Towers
from indexer.layout import current_build
from indexer.maps.report import escaped, write_report
from indexer.progress import Progress
from indexer.settings import JointSettings
from tests.indexer.maps.looked import looked_at
from tests.indexer.tiny import run_indexer


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With a model of one field, types."""
    found = looked_at(tmp_path_factory.mktemp("report"))
    (spec,) = (line for line in TABLE if line.key == "title/type")
    towers = Towers((spec,), {spec.key: CategoryField(spec.key, 2, classes=("movie", "short"))}, 2)
    weights = towers.initial(np.random.default_rng(0))
    weights["title/type.bias"] = np.array([9, -9], np.float32)
    space = JointSpace(towers, weights, JointSettings(width=2), {})
    space.save(current_build(found) / "models" / "joint")
    return found


def test_the_report_has_neighbours_and_what_is_remembered_in_both_forms(place: Path, tmp_path: Path) -> None:
    with Index.open(place) as index:
        page, data = write_report(index, tmp_path / "new", 0, Progress.silent())
    text = page.read_text(encoding="utf-8")
    assert "| The Matrix (1999) | The Matrix Reloaded (2003) 1.00," in text
    assert "**Keanu Reeves** 1.00" in text
    assert "| type | movie | movie |" in text
    found = json.loads(data.read_text(encoding="utf-8"))
    assert found["format"] == 1
    assert (len(found["titles"]), len(found["people"]), len(found["remembered"])) == (8, 9, 8)
    matrix = next(each for each in found["titles"] if each["id"] == "tt0133093")
    assert matrix["people"][0]["credited"] is True


def test_a_seed_gives_one_report(place: Path, tmp_path: Path) -> None:
    with Index.open(place) as index:
        first, second = (
            write_report(index, tmp_path / name, 4, Progress.silent())[0].read_text() for name in ("a", "b")
        )
    assert first == second


def test_letters_of_markup_in_names_are_escaped() -> None:
    assert escaped("M*A*S*H | <b>[x](y)</b>\n_$1_") == r"M\*A\*S\*H \| \<b\>\[x\](y)\</b\> \_\$1\_"


def test_an_index_without_the_model_says_what_to_do(tmp_path: Path) -> None:
    with (
        Index.open(looked_at(tmp_path)) as index,
        pytest.raises(IndexUnusable, match=r"was built without the joint model: run .* not --without joint"),
    ):
        write_report(index, tmp_path / "out", 0, Progress.silent())


def test_a_place_that_cannot_be_written_is_named(place: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with (
        Index.open(place) as index,
        pytest.raises(ResourceError, match=r"cannot write the report to .*file: .*give --out"),
    ):
        write_report(index, tmp_path / "file", 0, Progress.silent())


def test_the_command_prints_the_files_it_wrote(place: Path, tmp_path: Path) -> None:
    done = run_indexer("joint", "report", "--index", place, "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        str(tmp_path / "joint-report.md"),
        str(tmp_path / "joint-report.json"),
    ]
