"""Question sets as files: one JSON object a line, as docs/evaluation.md describes them."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evals.stats import SEED
from indexer.errors import InputError

Item = dict[str, Any]
_NEEDED = ("id", "question", "answers", "answer_type")
SAMPLE_QUESTIONS = Path(__file__).resolve().parent / "sample_questions.jsonl"


def read_set(path: Path, limit: int | None = None, drawn: int | None = None) -> list[Item]:
    """The items of a set, in order: all, the first ``limit``, or ``drawn`` at random with the fixed seed.

    Raises InputError for a missing file, a line that is not JSON, or an item that lacks a field.
    """
    if not path.is_file():
        raise InputError(f"there is no set {path}: give the folder that holds {path.name} with --sets")
    items = [_item(line, path, number) for number, line in _lines(path)]
    return (items if drawn is None else draw(items, drawn))[:limit]


def draw(items: list[Item], number: int) -> list[Item]:
    """``number`` of the items at random with the fixed seed; all where there are no more."""
    return random.Random(SEED).sample(items, number) if number < len(items) else items


def _lines(path: Path) -> Sequence[tuple[int, str]]:
    text = path.read_text(encoding="utf-8")
    return [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]


def _item(line: str, path: Path, number: int) -> Item:
    try:
        item = json.loads(line)
    except ValueError as error:
        raise InputError(f"{path}, line {number}: not JSON ({error})") from error
    missing = [name for name in _NEEDED if not isinstance(item, dict) or name not in item]
    if missing:
        raise InputError(f"{path}, line {number}: lacks {', '.join(missing)}")
    return {"kind": "", "history": [], "meta": {}, **item}
