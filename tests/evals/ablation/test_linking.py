"""Parts of linking: what serves is what ``link`` finds, and a part that decides is missed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.ablation import report
from evals.ablation.linking import GROUPS, counted, run, ways
from evals.linking import Item
from indexer.errors import InputError
from indexer.fields.rows import Row
from indexer.linking.features import FEATURES
from indexer.progress import Progress
from tests.evals.test_linking import Opened
from tests.indexer.linking.cases import dense_linker, linker

SILENT = Progress.silent()
ROWS = (
    Row("title", {"title": "matirx"}),
    Row("person", {"person": "ralf fiennes"}),
    Row("title", {"title": "the avengers", "year": 1998}),
    Row("title", {"cast": ("Uma Thurman",), "genres": ("Action",)}),
    Row("person", {"person": "paul williams", "character": "door keeper"}),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: " ".join(row.values))
def test_what_serves_and_the_other_modes_are_what_link_finds(row: Row) -> None:
    own = dense_linker()
    found = {way: ids for way, ids, _ in ways(own, row)}
    for way, mode in (("hybrid", "hybrid"), ("lexical only", "lexical"), ("dense only", "dense")):
        linked = own.link(row, mode=mode)  # type: ignore[arg-type]
        assert found[way] == [candidate.id for candidate in linked]


def test_without_vectors_lexical_linking_serves() -> None:
    found = [way for way, _, _ in ways(linker(), ROWS[2])]
    assert found[0] == "lexical"
    assert "dense only" not in found


def test_without_the_year_the_better_known_namesake_comes_first() -> None:
    found = counted(linker(), [Item(ROWS[2], frozenset({1}), ("all",))])
    assert found["lexical"].tally.ranks == [1]
    assert found["without year"].tally.ranks == [2]


def test_groups_that_no_query_speaks_of_are_left_out() -> None:
    found = counted(linker(), [Item(ROWS[2], frozenset({1}), ("all",))])
    assert "without genres" not in found
    assert found["without year"].touched == 1


def test_a_bare_name_loses_its_spelling_or_the_votes_and_nothing_else() -> None:
    found = counted(linker(), [Item(ROWS[0], frozenset({3}), ("all",))])
    groups = {way for way in found if way.startswith("without")}
    assert groups == {"without how well known", "without spelling of the name"}


def test_every_group_is_of_features_that_there_are() -> None:
    assert {name for group in GROUPS.values() for name in group} <= set(FEATURES)


def test_the_table_has_a_line_for_each_way_with_intervals(tmp_path: Path) -> None:
    (tmp_path / "linking").mkdir()
    line = {"facts": {"surnames": ["Thurman"], "year": 1997}, "gold": "tt0000001", "with_title": False}
    for name in ("names", "same_name"):
        (tmp_path / "linking" / f"{name}.jsonl").write_text("", encoding="utf-8")
    (tmp_path / "linking" / "partial_rows.jsonl").write_text(json.dumps(line), encoding="utf-8")
    table = report.linking_table(run(Opened(linker()), tmp_path, SILENT, limit=1))
    text = table.to_text("here")
    assert "without cast" in text
    assert "100.0 [20.7, 100.0] of 1" in text
    assert "not fitted again" in text
    assert table.to_json({})["linking parts"]["partial_rows"]["lexical"]["hit@1"]["hits"] == 1


def test_an_index_without_names_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="without names"):
        run(Opened(None), tmp_path, SILENT)
