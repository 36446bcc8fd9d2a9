"""The ablation of questions: what each means brings, from questions whose outcomes are known."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evals.ablation import questions
from evals.ablation.questions import WAYS, gain
from evals.questions import NQ
from indexer.index import Index
from indexer.progress import Progress
from tests.assistant.tiny import tiny_index


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with Index.open(tiny_index(tmp_path_factory.mktemp("ablated"))) as opened:
        yield opened


def item(question: str, gold: str, **meta: Any) -> dict[str, Any]:
    return {"id": question, "question": question, "answers": [[gold]], "answer_type": "person",
            "meta": {"answerable": True, **meta}}  # fmt: skip


ITEMS = [
    item("who played norman bates in psycho", "Anthony Perkins", character_matches=True, tconst="tt0054215"),
    item("who was in a film nobody made", "Nobody", answerable=False),
]


def test_every_way_answers_the_answerable_items(index: Index, tmp_path: Path) -> None:
    (tmp_path / "linking").mkdir()
    for name in questions.SETS:
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, ITEMS)), encoding="utf-8")
    row = {"gold": "tt0054215", "facts": {"title": "psycho", "year": 1960}, "with_title": True}
    (tmp_path / "linking" / "partial_rows.jsonl").write_text(json.dumps(row), encoding="utf-8")
    table = questions.run(index, tmp_path, Progress.silent())
    assert [way["way"] for way in table.data["ways"]] == list(WAYS)
    found = {way["way"]: way[NQ]["right"] for way in table.data["ways"]}
    assert (found[questions.TOGETHER]["hits"], found[questions.TOGETHER]["n"]) == (1, 1)
    assert len([line for line in table.lines if line.what.startswith("dense only")]) == 2


def test_a_way_off_is_really_off(index: Index) -> None:
    from assistant.reading.reading import TitleRef
    from assistant.resolving.context import Context
    from assistant.resolving.titles import TitleLinker
    from assistant.resolving.ways import Ways

    ref = TitleRef(name="Psycho", full="Psycho")
    names, linker = index.names["title"], index.linker
    voted = TitleLinker(index.catalog, names, linker).link(ref, Context())
    plain = TitleLinker(index.catalog, names, linker, Ways(popularity=False)).link(ref, Context())
    assert voted[0].parts["votes"] > 0
    assert {hit.parts["votes"] for hit in plain} == {0.0}


def test_gain_is_in_points_of_the_same_items() -> None:
    assert gain([True, True, False, False], [True, False, False, False]) == 25.0
    assert gain([], []) == 0.0
