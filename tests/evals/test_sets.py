"""Reading question sets."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.sets import SAMPLE_QUESTIONS, read_set
from indexer.errors import InputError


def written(path: Path, count: int) -> Path:
    items = [{"id": str(n), "question": "?", "answers": [], "answer_type": "person"} for n in range(count)]
    path.write_text("\n".join(map(json.dumps, items)) + "\n\n", encoding="utf-8")
    return path


def test_a_limit_keeps_the_first_items_with_empty_history(tmp_path: Path) -> None:
    items = read_set(written(tmp_path / "a.jsonl", 5), limit=2)
    assert [item["id"] for item in items] == ["0", "1"]
    assert items[0]["history"] == []


def test_drawn_items_are_the_same_each_time(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", 50)
    first = [item["id"] for item in read_set(path, drawn=10)]
    assert len(set(first)) == 10
    assert first == [item["id"] for item in read_set(path, drawn=10)]


def test_a_missing_set_says_which_option_to_give(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--sets"):
        read_set(tmp_path / "none.jsonl")


@pytest.mark.parametrize("line", ["{", '{"id": "1"}', "[]"])
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 1"):
        read_set(path)


def test_sample_questions_have_unique_ids_and_questions() -> None:
    items = read_set(SAMPLE_QUESTIONS)
    assert len({item["id"] for item in items}) == len({item["question"] for item in items}) == len(items)
