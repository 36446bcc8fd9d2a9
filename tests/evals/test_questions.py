"""Figures of question sets, from an assistant whose answers are known."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from assistant.answer import Answer, Item, Status
from assistant.core import Assistant
from evals import question_tables, questions
from evals.baselines import BASELINES
from evals.leaks import Near
from evals.questions import CRASHED, SetResult, Wish, ask, ask_set
from evals.stats import Share
from indexer.errors import IndexUnusable, InputError
from indexer.progress import Progress


class Parrot:
    """Answers with the question's last two words; "boom" raises, "long" is refused, "hm" is not known."""

    index = SimpleNamespace(
        catalog=SimpleNamespace(
            credits_of_character=lambda *_: [], search_titles=lambda *_: [], titles=lambda _: {}
        )
    )

    def answer(self, question: str, history: Sequence[Mapping[str, str]] = ()) -> Answer:
        if question == "boom":
            raise KeyError(question)
        if question == "broken":
            raise IndexUnusable("damaged: rebuild it")
        if question == "long":
            raise InputError("too long")
        if question == "hm":
            return Answer(Status.UNKNOWN, "I don't know.")
        said = " ".join(question.split()[-2:])
        return Answer(Status.ANSWERED, said, (Item(said, "person", "nm1"),), stages={"read_ms": 1.0})


PARROT = cast("Assistant", Parrot())


def item(
    question: str, gold: str | None = "Ann Lee", *, answerable: bool = True, **meta: Any
) -> dict[str, Any]:
    meta = {"answerable": answerable, **meta}
    answers = [[gold]] if gold else []
    return {"id": question, "question": question, "answers": answers, "answer_type": "person", "kind": "role",
            "history": [], "meta": meta}  # fmt: skip


ITEMS = [
    item("who is Ann Lee"), item("who is Bob Ray"), item("hm"), item("boom"),
    item("who is Cy Poe", None, answerable=False), item("long", None, answerable=False),
]  # fmt: skip


def asked(name: str = "some_set") -> SetResult:
    return ask_set(PARROT, name, ITEMS, Progress.silent())


def test_right_wrong_and_precision_count_what_they_say() -> None:
    result = asked()
    held = result.answerable
    found = [
        result.right(held),
        result.precision(held),
        result.wrong(held),
        result.wrong([not keep for keep in held]),
    ]
    assert [(share.hits, share.n) for share in found] == [(1, 4), (1, 2), (1, 4), (1, 2)]


def test_a_crash_is_counted_apart_and_never_right() -> None:
    row = ask(PARROT, item("boom", None, expect=["unknown", "unsupported"]))
    assert (row.reply["status"], row.verdict.outcome) == (CRASHED, "declined")


def test_a_refused_question_is_unsupported_as_in_batch() -> None:
    assert ask(PARROT, item("long")).reply["status"] == "unsupported"


def test_a_broken_index_stops_the_run() -> None:
    with pytest.raises(IndexUnusable, match="rebuild"):
        ask(PARROT, item("broken"))


def test_baselines_answer_the_same_items_of_sets_about_roles() -> None:
    result = asked(questions.NQ)
    assert {name: len(verdicts) for name, verdicts in result.baselines.items()} == dict.fromkeys(BASELINES, 6)
    assert result.best_baseline(result.answerable) == 0.0
    assert asked().best_baseline(result.answerable) is None


def test_all_sets_give_tables_misses_and_rows(tmp_path: Path) -> None:
    folder = sets_folder(tmp_path)
    tables, results = questions.run(PARROT, Wish(folder, misses=1), Progress.silent())
    text = "\n".join(table.to_text("head") for table in tables)
    for part in ("nq_roles answerable: right", "fresh_dev: right", "answer path p95",
                 "mean reciprocal rank", "questions that crashed", "who is Bob Ray"):  # fmt: skip
        assert part in text
    questions.write_rows(results, tmp_path / "answers.jsonl")
    rows = [
        json.loads(line) for line in (tmp_path / "answers.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert len(rows) == 6 * len(ITEMS)
    assert {row["outcome"] for row in rows} == {"right", "wrong", "declined"}


def sets_folder(place: Path) -> Path:
    folder = place / "sets"
    (folder / "linking").mkdir(parents=True)
    for name in (questions.NQ, questions.FRESH, *questions.OTHERS):
        ids: dict[str, Any] = {"gold_ids": [["nm1"], ["nm2"]]} if name == "imdb_rename_dev" else {}
        items = [{**row, "meta": {**row["meta"], **ids}} for row in ITEMS]
        (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, items)), encoding="utf-8")
    return folder


def test_a_missing_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nq_roles_dev\.jsonl"):
        questions.run(PARROT, Wish(tmp_path), Progress.silent())


def test_of_turns_that_repeat_the_first_answerable_one_is_asked() -> None:
    rows = [
        item("a", answerable=False, distinct="t1"), item("b", distinct="t1"), item("c", distinct="t1"),
        item("d", answerable=False, distinct="t2"), item("e"), item("f"),
    ]  # fmt: skip
    assert [row["question"] for row in questions.distinct_turns(rows)] == ["b", "d", "e", "f"]


def test_a_question_near_an_exemplar_is_left_out_of_the_figures_and_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def near(asked: Sequence[str]) -> list[Near]:
        return [Near(question, "odd", 1.0) for question in asked if "Bob" in question]

    monkeypatch.setattr(questions, "near_wordings", near)
    tables, results = questions.run(PARROT, Wish(sets_folder(tmp_path)), Progress.silent())
    text = "\n".join(table.to_text("head") for table in tables)
    assert "nq_roles_dev: 'who is Bob Ray' ~ 'odd' (1.00)" in text
    [line] = [line for line in tables[0].lines if line.what == "nq_roles answerable: right"]
    assert isinstance(line.measured, Share)
    assert (line.measured.hits, line.measured.n) == (1, 3)
    assert "25.0 of 4 with what was left out" in line.note
    assert len(results[0].asked) == len(ITEMS)


def test_the_majority_answer_is_what_a_constant_reaches() -> None:
    rows = [item(str(place), gold) for place, gold in enumerate(["Yes", "Yes", "No", "the no"])]
    result = ask_set(PARROT, "any", rows, Progress.silent())
    assert question_tables.majority(result, [True] * 4) == 50.0
    assert question_tables.majority(result, [True, True, True, False]) == pytest.approx(200 / 3)
    assert question_tables.majority(result, [False] * 4) == 0.0


def test_crag_takes_wrong_answers_off() -> None:
    result = asked()
    assert result.crag(result.everything) == pytest.approx((1 - 2) / 6)
    assert result.crag([False] * 6) == 0.0
