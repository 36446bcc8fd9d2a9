"""Questions in MetaQA's form over their own catalogue."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from evals.metaqa import run as metaqa
from indexer.progress import Progress
from tests.evals.metaqa.small import write_kb


def item(question: str, *golds: str, answer_type: str = "person") -> dict[str, Any]:
    return {"id": question, "question": question, "answers": [[gold] for gold in golds],
            "answer_type": answer_type, "kind": "k", "history": [], "meta": {"match": "all"}}  # fmt: skip


CAST = "who are the actors in the films by the director Paul Verhoeven"
SHARED = "who wrote the films that share a director with Blade Runner"
ITEMS = {
    1: [item("who directed Alien", "Ridley Scott"), item("what is Alien rated", "good", answer_type="text")],
    2: [item(CAST, "Peter Weller", "Arnold Schwarzenegger")],
    3: [item(SHARED, "Dan O'Bannon"), item("who was it", "Nobody")],
}


def test_hops_are_asked_and_the_first_answer_counts(tmp_path: Path) -> None:
    write_kb(tmp_path)
    for hop, items in ITEMS.items():
        path = tmp_path / f"metaqa_dev_{hop}hop_500.jsonl"
        path.write_text("\n".join(map(json.dumps, items)), encoding="utf-8")
    results = metaqa.run(tmp_path, Progress.silent())
    assert [result.name for result in results] == [f"metaqa_dev_{hop}hop" for hop in (1, 2, 3)]
    assert [result.first(result.everything).hits for result in results] == [2, 1, 1]
