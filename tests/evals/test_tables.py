"""What a line says about its bars."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from evals.stats import Share
from evals.tables import Bar, Line, Table, data_date, heading, heading_text

if TYPE_CHECKING:
    from indexer.index import Index


@pytest.mark.parametrize(
    ("value", "bar", "expected"),
    [
        (61.9, Bar(62, 72), "not met"),
        (62.0, Bar(62, 72), "met"),
        (72.0, Bar(62, 72), "goal"),
        (80.0, Bar(), ""),
        (201.0, Bar(200, 100, least=False), "not met"),
        (150.0, Bar(200, 100, least=False), "met"),
        (99.0, Bar(200, 100, least=False), "goal"),
    ],
)
def test_a_verdict_follows_the_bar(value: float, bar: Bar, expected: str) -> None:
    assert Line("x", value, bar=bar).verdict() == expected


def test_with_few_items_the_lower_end_must_lie_above_the_baseline() -> None:
    few, many = Share(45, 60, 63.0, 85.0), Share(450, 600, 63.0, 85.0)
    assert Line("x", few, bar=Bar(70), baseline=65.0).verdict() == "not met"
    assert Line("x", few, bar=Bar(70), baseline=50.0).verdict() == "met"
    assert Line("x", many, bar=Bar(70), baseline=65.0).verdict() == "met"


def test_a_table_shows_measured_must_goal_verdict_and_baseline() -> None:
    text = Table("t", [Line("right", Share(3, 4, 50.0, 100.0), bar=Bar(62, 72), baseline=41.7)]).to_text(
        "head"
    )
    assert "75.0 [50.0, 100.0] of 4" in text
    for part in ("head", "must", "goal", "62", "72", "baseline 41.7"):
        assert part in text


def test_json_keeps_the_figures_and_leaves_out_what_is_not_there() -> None:
    [line] = Table("t", [Line("p50", 12.34567, "ms")]).to_json({"seed": 7})["lines"]
    assert line == {"what": "p50", "measured": 12.346, "unit": "ms"}


def test_every_heading_says_seed_data_machine_and_that_figures_are_for_development(tmp_path: Path) -> None:
    (tmp_path / "title.basics.tsv").write_text("tconst\n", encoding="utf-8")
    text = heading_text(heading(None, tmp_path))
    assert "seed 7" in text
    assert f"data files dated {data_date(tmp_path)}" in text
    assert "cores" in text
    assert "development figures" in text


def test_a_folder_without_files_has_no_date(tmp_path: Path) -> None:
    assert data_date(tmp_path) == "unknown"


def test_a_heading_names_the_index_and_its_catalogue() -> None:
    manifest = {
        "id": "b1",
        "started": "2026-01-02T03:04:05",
        "counts": {"titles": 1200},
        "catalogue_hash": "abc" * 20,
    }
    text = heading_text(heading(cast("Index", SimpleNamespace(manifest=manifest)), None))
    assert "index b1 of 2026-01-02T03:04 (1,200 titles, catalogue abcabcabcabc)" in text
