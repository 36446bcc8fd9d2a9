from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.indexer.tiny import run_indexer, tiny_index

ROWS = [
    {"id": 1, "kind": "title", "row": {"title": "Metropolis", "year": 1927}},
    {"id": 2, "kind": "person", "row": {"person": "Fritz Lang"}},
]
BY_VECTOR = {"vector", "name by vector", "cast by vector"}


def parts(place: Path, *options: str) -> list[set[str]]:
    """Of each row the fields that the candidates' scores are made of."""
    done = run_indexer("link", "-", "--index", place, *options, stdin="\n".join(map(json.dumps, ROWS)))
    assert done.returncode == 0, done.stderr
    lines: list[Any] = [json.loads(line) for line in done.stdout.splitlines()]
    assert all(line["candidates"] for line in lines)
    return [{part for one in line["candidates"] for part in one["parts"]} for line in lines]


def test_dense_only_scores_by_vectors_and_values_but_no_spelling(sample_index: Path) -> None:
    for found in parts(sample_index, "--dense-only"):
        assert BY_VECTOR & found
        assert "name" not in found


def test_lexical_only_scores_without_vectors(sample_index: Path) -> None:
    for found in parts(sample_index, "--lexical-only"):
        assert not BY_VECTOR & found
        assert "name" in found


def test_by_default_both_count(sample_index: Path) -> None:
    assert {"name", "year", "vector", "votes"} <= parts(sample_index)[0]


def test_dense_only_over_an_index_without_vectors_says_what_to_do(tmp_path: Path) -> None:
    done = run_indexer(
        "link", "-", "--index", tiny_index(tmp_path), "--dense-only", stdin=json.dumps(ROWS[0])
    )
    assert done.returncode == 1
    assert "has no vectors" in done.stderr
    assert "build" in done.stderr
