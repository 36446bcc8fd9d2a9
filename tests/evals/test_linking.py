from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from evals.linking import Tally, read_items, run, wilson
from indexer.errors import InputError
from indexer.linking.linker import Linker
from tests.indexer.linking.cases import linker

SETS: dict[str, list[dict[str, Any]]] = {
    "names": [
        {"query": "matirx", "kind": "title", "distortion": "one_edit", "golds": ["tt0000003"]},
        {"query": "Fiennes Ralph", "kind": "person", "distortion": "reversed", "golds": ["nm0000002"]},
    ],
    "same_name": [
        {
            "name": "The Avengers",
            "kind": "title",
            "hint": {"type": "year", "value": "1998"},
            "gold": "tt0000001",
            "others": ["tt0000002"],
        }
    ],
    "partial_rows": [
        {"facts": {"surnames": ["Thurman"], "year": 1997}, "gold": "tt0000001", "with_title": False}
    ],
}


@dataclass
class Opened:
    linker: Linker | None


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    (tmp_path / "linking").mkdir()
    for name, lines in SETS.items():
        text = "\n".join(json.dumps(line) for line in lines)
        (tmp_path / "linking" / f"{name}.jsonl").write_text(text, encoding="utf-8")
    return tmp_path


def test_hits_are_counted_by_group(sets: Path) -> None:
    tables = run(Opened(linker()), sets).to_json()["tables"]
    names = tables["names, lexical"]
    assert (names["all"]["n"], names["title"]["hit@1"], names["person"]["hit@1"]) == (2, 100.0, 0.0)
    assert tables["partial_rows, lexical"]["without a title"]["hit@1"] == 100.0


def test_the_most_voted_namesake_is_the_baseline(sets: Path) -> None:
    row = run(Opened(linker()), sets).to_json()["tables"]["same_name, lexical"]["title year"]
    assert (row["first among namesakes"], row["most votes first"]) == (100.0, 0.0)


def test_the_text_shows_figures_with_intervals(sets: Path) -> None:
    text = run(Opened(linker()), sets, limit=1).to_text()
    assert "names, baseline" in text
    assert "hit@1 100.0 [20.7-100.0]" in text


def test_surnames_and_a_misspelt_person_are_one_cast(tmp_path: Path) -> None:
    line = {"facts": {"person": "Uma T", "surnames": ["Fiennes"], "genre": "Action"}, "gold": "tt0000001"}
    file = tmp_path / "partial_rows.jsonl"
    file.write_text(json.dumps({**line, "with_title": False}), encoding="utf-8")
    assert read_items(file)[0].row.values == {"cast": ("Uma T", "Fiennes"), "genres": ("Action",)}


def test_probabilities_are_held_against_what_is_right(sets: Path) -> None:
    found = run(Opened(linker()), sets)
    held = found.to_json()["reliability"]["names, lexical"]
    assert set(held) == {"before", "after"}
    assert held["before"]["n"] == 2
    assert "stated:right after calibration" in found.to_text()


def test_an_index_without_a_linker_says_what_to_do(sets: Path) -> None:
    with pytest.raises(InputError, match="build it again"):
        run(Opened(None), sets)


def test_a_missing_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"names\.jsonl"):
        run(Opened(linker()), tmp_path)


def test_ranks_past_the_tenth_count_as_nothing() -> None:
    tally = Tally(ranks=[1, 2, None, 10])
    assert (tally.share(1), tally.share(10), tally.reciprocal()) == (25.0, 75.0, (1 + 0.5 + 0.1) / 4)


def test_wilson_interval_of_half() -> None:
    assert (wilson(50, 100), wilson(0, 0)) == ("40.4-59.6", "")
