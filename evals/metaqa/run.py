"""MetaQA's questions, brackets removed, through an assistant over its own catalogue."""

from __future__ import annotations

import dataclasses
import gzip
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evals.metaqa.catalogue import build_index, rating_word
from evals.questions import Asked, SetResult, ask_set
from evals.scoring import judge
from evals.sets import Item, draw, read_set

if TYPE_CHECKING:
    from indexer.progress import Progress

HOPS = (1, 2, 3)
_FOLDER = "metaqa"
_DRAWN = 3_000  # of each whole part


def knowledge_base(sets: Path) -> Path:
    """Where the folder of sets keeps MetaQA's triples."""
    return sets / _FOLDER / "kb.txt.gz"


def run(sets: Path, progress: Progress, limit: int | None = None, *, whole: bool = False) -> list[SetResult]:
    """A result for each number of hops: the fixed samples, or with ``whole`` 3,000 of each whole part.

    Raises InputError where a file is missing.
    """
    from assistant.core import Assistant

    with (
        tempfile.TemporaryDirectory(prefix="whoplayed-metaqa-") as folder,
        build_index(knowledge_base(sets), Path(folder), progress) as index,
    ):
        assistant = Assistant(index)
        return [
            _worded(ask_set(assistant, f"metaqa_dev_{hop}hop", items(sets, hop, whole)[:limit], progress))
            for hop in HOPS
        ]


def items(sets: Path, hop: int, whole: bool) -> list[Item]:
    """The questions of one number of hops."""
    if not whole:
        return read_set(sets / f"metaqa_dev_{hop}hop_500.jsonl")
    path = sets / _FOLDER / f"metaqa_dev_{hop}hop.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        rows = [
            {"kind": "", "history": [], "meta": {}, **json.loads(line)} for line in stream if line.strip()
        ]
    return draw(rows, _DRAWN)


def _worded(result: SetResult) -> SetResult:
    """Ratings judged as the words they were made of."""
    result.asked = [_in_words(row) for row in result.asked]
    return result


def _in_words(row: Asked) -> Asked:
    reply = row.reply
    if (reply.get("reading") or {}).get("ask") != "rating" or not reply.get("answers"):
        return row
    worded = {**reply, "answers": _rating_words(reply["answers"])}
    return dataclasses.replace(row, reply=worded, verdict=judge(row.item, worded))


def _rating_words(answers: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{**answer, "text": rating_word(float(answer["text"]))} for answer in answers]
