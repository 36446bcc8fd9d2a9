import csv
import json
from pathlib import Path

import numpy as np
import pytest

from indexer.errors import InputError
from indexer.predictors.genre.material import Material
from indexer.predictors.genre.metrics import by_class, calibration_error, confusion, label_calibration_error
from indexer.predictors.genre.plots import Plots
from indexer.predictors.genre.reports import by_rarest, look, mixed, write
from indexer.progress import Progress
from tests.indexer.predictors.genre.plots import rows
from tests.indexer.predictors.genre.test_training import catalogue


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    found = look(*catalogue(rows(20, seed=5)), None, None, Progress.silent())
    write(found, folder)
    (folder / "all.json").write_text(json.dumps(found.to_json()))
    return folder


def lines(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_every_table_and_picture_is_there(written: Path) -> None:
    tables = "classes confusion distribution imbalance words years".split()
    assert sorted(path.stem for path in written.glob("*.csv")) == tables
    pictures = sorted(written.glob("*.png"))
    assert [path.stem for path in pictures] == sorted(
        "classes confusion curves distribution imbalance words years".split()
    )
    assert all(path.read_bytes().startswith(b"\x89PNG") and path.stat().st_size > 5_000 for path in pictures)
    assert all(f"]({path.name})" in (written / "report.md").read_text() for path in pictures)


def test_the_tables_say_what_the_plots_hold(written: Path) -> None:
    assert {line["genre"]: line["plots"] for line in lines(written, "distribution")}["Horror"] == "20"
    words = {line["genre"]: line["words"].split() for line in lines(written, "words")}
    assert "ghost" in words["Horror"] and "sheriff" in words["Western"]
    assert sum(int(line["plots"]) for line in lines(written, "years")) == 120
    assert len(lines(written, "imbalance")) == 16
    held = sum(int(line["support"]) for line in lines(written, "classes"))
    assert held == json.loads((written / "all.json").read_text())["held_out"] == 24


def test_too_few_plots_to_hold_any_out_are_said() -> None:
    with pytest.raises(InputError, match="12 plots are too few to look at: 40 at least"):
        look(*catalogue(rows(2, seed=5)), None, None, Progress.silent())


def test_figures_by_hand() -> None:
    truth = np.array([0, 0, 1, 1])
    chances = np.array([[0.9, 0.1], [0.4, 0.6], [0.1, 0.9], [0.1, 0.9]], np.float32)
    assert confusion(truth, chances).tolist() == [[1, 1], [0, 2]]
    assert calibration_error(truth, chances) == pytest.approx((3 * 0.1 + 0.6) / 4)
    held = np.array([[True, False], [True, True]])
    assert mixed(held, np.array([[True, True], [True, False]])).tolist() == [[1.0, 0.5], [1.0, 0.0]]
    assert label_calibration_error(held, np.array([[1.0, 0.0], [1.0, 0.5]], np.float32)) == pytest.approx(
        0.125
    )
    assert by_class(held, np.array([[True, False], [False, False]])) == [
        {"precision": 1.0, "recall": 0.5, "f1": 0.6667, "support": 2},
        {"precision": None, "recall": 0.0, "f1": 0.0, "support": 1},
    ]


def test_a_plot_s_rarest_genre_stands_for_it() -> None:
    targets = np.array([[1, 1, 0], [1, 0, 0], [1, 0, 1], [0, 0, 1], [0, 0, 0]], np.float32)
    known = Material(Plots.only_texts(["a", "b", "c", "d", "e"]), ("x", "y", "z"), targets)
    assert by_rarest(known).targets.argmax(axis=1).tolist() == [1, 0, 2, 2]
