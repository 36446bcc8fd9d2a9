"""What the confidence model learns from, and how reliable it is out of fold and on sets it never saw."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.confidence import reliability
from assistant.confidence.folds import fold_of
from assistant.confidence.judging import POLICY
from assistant.confidence.signals import Signals
from assistant.confidence.training import PLOTS, SETS, Row, out_of_fold, train
from evals.scoring import first_number, judge
from evals.sets import Item, read_set
from evals.stats import share
from evals.tables import Bar, Line, Table
from indexer.errors import InputError

if TYPE_CHECKING:
    from assistant.confidence.model import Weights
    from assistant.core import Assistant
    from indexer.progress import Progress

UNSEEN = (PLOTS, "fresh_dev", "linking/unanswerable", "convquestions_movies_val_gold")
ROLES = ("nq_roles_dev", "efficientqa_roles_dev")
ROWS = "confidence_rows.jsonl"
_PARTIAL = ("moviesf_train",)  # golds are partial lists, and days where the catalogue has years
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
_SHORT_YEAR = re.compile(r"\b\d\d?-[A-Z][a-z]{2}-(\d\d)\b")  # 18-Dec-46


def run(trusting: Assistant, sets: Path, progress: Progress, out: Path | None, limit: int | None) -> Table:
    """Ask every set, train, and judge the chances; with ``out`` the rows are kept there.

    ``trusting``: an Assistant whose judge lets every finding pass. Raises InputError where a set is missing.
    """
    found: dict[str, list[Row]] = {}
    for name in (*SETS, *UNSEEN):
        items = items_of(sets, name, limit)
        found[name] = rows_of(trusting, name, progress.track(items, name, len(items), "questions"))
    rows = [row for kept in found.values() for row in kept]
    if out is not None:
        write_rows(rows, out / ROWS)
    return _table(train(rows), found)


def items_of(sets: Path, name: str, limit: int | None) -> list[Item]:
    """The items of a set; plots, which are told and not asked, as questions for the film."""
    if name != PLOTS:
        return read_set(sets / f"{name}.jsonl", limit)
    path = sets / f"{name}.jsonl"
    if not path.is_file():
        raise InputError(f"there is no set {path}: give the folder that holds it with --sets")
    told = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [_asked(item) for item in told[:limit]]


def _asked(told: Mapping[str, Any]) -> Item:
    golds = [told["gold"], *told.get("also", ())]
    return {
        "id": told["id"], "question": f"the film where {told['question']}", "answers": [[told["title"]]],
        "answer_type": "title", "kind": "plot", "history": [], "meta": {"gold_ids": [golds]},
    }  # fmt: skip


def rows_of(assistant: Assistant, name: str, items: Iterable[Item]) -> list[Row]:
    """The findings of a set's questions; those where nothing was found are left out."""
    rows = []
    for item in items:
        answer = assistant.answer(item["question"], item["history"], explain=True)
        signals = (answer.explanation or {}).get("signals")
        if not signals:
            continue
        right = is_right(name, item, answer.to_json())
        if right is not None:
            rows.append(Row(name, fold_of(item["question"]), Signals.from_json(signals), right))
    return rows


def is_right(name: str, item: Item, reply: Mapping[str, Any]) -> bool | None:
    """Whether a reply is right, asked back or not; ``None`` for ages, whose golds are as old as the set.

    A gold that is narrower than the catalogue does not make it wrong: a year is right where the gold is a day
    of it, a count within a tenth of the gold, and in sets of partial golds a list that holds one.
    """
    if reply["reading"].get("ask") == "age":
        return None
    verdict = judge(item, {**reply, "status": "answered"})
    if verdict.outcome == "right":
        return True
    if not reply["answers"]:
        return False
    said, golds = reply["answers"][0], " ".join(form for forms in item["answers"] for form in forms)
    if reply["reading"].get("ask") in ("year", "born", "died"):
        return said["text"] in _YEAR.findall(golds) or said["text"][-2:] in _SHORT_YEAR.findall(golds)
    if said["kind"] == "number" and reply["reading"].get("count"):
        return _about(golds, said["text"])
    if name == PLOTS:
        return any(
            judge(item, {"status": "answered", "answers": [one]}).first for one in reply["answers"][:3]
        )
    return name in _PARTIAL and verdict.f1 > 0 and said["kind"] in ("genre", "title", "text")


def _about(gold: str, said: str) -> bool:
    """Whether a count is within a tenth of the gold, or not below a gold of "at least"."""
    wanted, given = first_number(gold), first_number(said)
    if wanted is None or given is None:
        return False
    return abs(wanted - given) <= wanted / 10 or ("at least" in gold.lower() and given >= wanted)


def write_rows(rows: Sequence[Row], path: Path) -> None:
    """One JSON object a line; they hold no text of a set."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as stream:
        for row in rows:
            stream.write(json.dumps(row.to_json()) + "\n")


def _table(weights: Weights, found: Mapping[str, Sequence[Row]]) -> Table:
    roles = [row for name in ROLES for row in found[name]]
    told = out_of_fold(weights, roles)
    brier = reliability.brier(told, [row.right for row in roles])
    lines = [
        Line("role sets: ECE", round(_ece(told, roles), 3), "", Bar(0.08, 0.04, least=False)),
        Line("role sets: Brier", round(brier, 3), ""),
    ]
    for name, rows in found.items():
        lines += _lines(name, rows, out_of_fold(weights, rows))
    shown = reliability.to_text(reliability.table(told, [row.right for row in roles]))
    return Table("confidence: out of fold, and on sets never trained on", lines, f"role sets\n{shown}")


def _ece(told: Sequence[float], rows: Sequence[Row]) -> float:
    return reliability.ece(told, [row.right for row in rows])


def _lines(name: str, rows: Sequence[Row], told: Sequence[float]) -> list[Line]:
    said = [chance >= POLICY.say for chance in told]
    right = [row.right for row in rows]
    note = f"{len(rows)} findings, {sum(said)} said"
    return [
        Line(f"{name}: ECE", round(_ece(told, rows), 3), "", note=note),
        Line("  right of all findings", share(right)),
        Line("  right of those said", share(right, said)),
    ]
