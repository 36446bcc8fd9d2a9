"""Question sets through the assistant, in one process, beside simple ways of answering the same items."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evals.baselines import BASELINES
from evals.leaks import near_wordings
from evals.scoring import Verdict, judge
from evals.sets import SAMPLE_QUESTIONS, Item, read_set
from evals.stats import Share, quantile, share
from evals.tables import NO_BAR, Bar, Line, Table, columns
from indexer.errors import InputError, WhoplayedError

if TYPE_CHECKING:
    from assistant.core import Assistant
    from indexer.catalog.catalog import Catalog
    from indexer.progress import Progress

NQ, FRESH = "nq_roles_dev", "fresh_dev"
OTHERS = ("efficientqa_roles_dev", "moviesf_train", "linking/unanswerable", "imdb_rename_dev")
MORE = {
    "mintaka_movies_train": 400, "convquestions_movies_val_gold": 300, "metaqa_dev_1hop_500": 200,
    "metaqa_dev_2hop_500": 200, "metaqa_dev_3hop_500": 200,
}  # fmt: skip
_COMPARED = (NQ, FRESH, "efficientqa_roles_dev")  # sets about roles: the baselines know nothing else
_WARMING = 20  # questions asked before the clock starts
CRASHED = "crashed"  # no status of an Answer, so that it never counts as right


@dataclass(frozen=True)
class Asked:
    """One item with its reply as JSON, the outcome, and the ms it took of the clock and the processor."""

    item: Item
    reply: Mapping[str, Any]
    verdict: Verdict
    ms: float
    cpu_ms: float

    @property
    def answerable(self) -> bool:
        """Whether the catalogue holds the gold; items of sets without the mark count as answerable."""
        return bool(self.item["meta"].get("answerable", True))


@dataclass
class SetResult:
    """A set's items as asked, and the verdicts of each baseline on the same items."""

    name: str
    asked: list[Asked]
    baselines: dict[str, list[Verdict]] = field(default_factory=dict)

    def right(self, kept: Sequence[bool]) -> Share:
        """Right answers among the items kept."""
        return share([row.verdict.outcome == "right" for row in self.asked], kept)

    def precision(self, kept: Sequence[bool]) -> Share:
        """Right answers among those of the items kept that were answered."""
        answered = [
            row.verdict.outcome != "declined" and keep for row, keep in zip(self.asked, kept, strict=True)
        ]
        return share([row.verdict.outcome == "right" for row in self.asked], answered)

    def wrong(self, kept: Sequence[bool]) -> Share:
        """Wrong answers among the items kept."""
        return share([row.verdict.outcome == "wrong" for row in self.asked], kept)

    def where(self, **meta: Any) -> list[bool]:
        """A mask of the items whose meta has these values."""
        return [
            all(row.item["meta"].get(name) == value for name, value in meta.items()) for row in self.asked
        ]

    @property
    def answerable(self) -> list[bool]:
        """A mask of the answerable items."""
        return [row.answerable for row in self.asked]

    @property
    def everything(self) -> list[bool]:
        """A mask of all items."""
        return [True] * len(self.asked)

    def baseline_right(self, name: str, kept: Sequence[bool]) -> Share:
        """A baseline's right answers among the items kept."""
        return share([verdict.outcome == "right" for verdict in self.baselines[name]], kept)

    def best_baseline(self, kept: Sequence[bool]) -> float | None:
        """The best baseline's share of right answers in per cent; ``None`` where none ran."""
        found = [self.baseline_right(name, kept).percent for name in self.baselines]
        return max(found, default=None)

    def best_baseline_precision(self, kept: Sequence[bool]) -> float | None:
        """The best baseline's precision when it answers, in per cent; ``None`` where none ran."""
        found = []
        for verdicts in self.baselines.values():
            answered = [v.outcome != "declined" and keep for v, keep in zip(verdicts, kept, strict=True)]
            found.append(share([v.outcome == "right" for v in verdicts], answered).percent)
        return max(found, default=None)


@dataclass(frozen=True)
class Wish:
    """What to run: the sets' folder, the first ``limit`` items of each, ``more`` sets, ``misses`` to show."""

    sets: Path
    limit: int | None = None
    more: bool = False
    misses: int = 0


# ---------------------------------------------------------------------------------------------- asking


def ask_set(assistant: Assistant, name: str, items: Sequence[Item], progress: Progress) -> SetResult:
    """Every item once, in order, one at a time."""
    result = SetResult(
        name, [ask(assistant, item) for item in progress.track(items, name, len(items), "questions")]
    )
    if name in _COMPARED:
        add_baselines(result, assistant.index.catalog)
    return result


def ask(assistant: Assistant, item: Item) -> Asked:
    """One item. A question that raises something unexpected gets the status "crashed", never right."""
    started, worked = time.perf_counter(), time.process_time()
    reply = _reply(assistant, item)
    ms, cpu_ms = 1000 * (time.perf_counter() - started), 1000 * (time.process_time() - worked)
    return Asked(item, reply, judge(item, reply), ms, cpu_ms)


def _reply(assistant: Assistant, item: Item) -> Mapping[str, Any]:
    try:
        return assistant.answer(item["question"], item["history"]).to_json(item["id"])
    except InputError as error:
        return {"id": item["id"], "status": "unsupported", "answers": [], "text": str(error)}
    except WhoplayedError:
        raise  # the index or the machine is at fault, not the question
    except Exception as error:  # noqa: BLE001 - hours of questions must not be lost to one; crashes are counted
        return {
            "id": item["id"],
            "status": CRASHED,
            "answers": [],
            "text": f"{type(error).__name__}: {error}",
        }


def warm(assistant: Assistant, items: Iterable[Item]) -> None:
    """Open every part of the index before times are taken."""
    for item in items:
        _reply(assistant, item)


def add_baselines(result: SetResult, catalog: Catalog) -> None:
    """Let every baseline answer the items of the set; follow-ups are asked as they stand."""
    for name, answer in BASELINES.items():
        result.baselines[name] = [
            judge(row.item, answer(catalog, row.item["question"])) for row in result.asked
        ]


# ---------------------------------------------------------------------------------------------- tables


def run(assistant: Assistant, wish: Wish, progress: Progress) -> tuple[list[Table], list[SetResult]]:
    """The tables of all sets, and the raw results. Raises InputError where a set is missing."""
    drawn: dict[str, int | None] = dict.fromkeys((NQ, FRESH, *OTHERS))
    drawn |= MORE if wish.more else {}
    items = {
        name: read_set(wish.sets / f"{name}.jsonl", wish.limit, number) for name, number in drawn.items()
    }
    warm(assistant, items[NQ][:_WARMING])
    results = [ask_set(assistant, name, kept, progress) for name, kept in items.items()]
    tables = [
        Table("questions: what the first line asks for", _section_lines({row.name: row for row in results})),
        Table("questions: every set", _all_lines(results), "\n".join(_kinds(results))),
        _leak_table(items),
    ]
    return _with_misses(tables, results, wish.misses), results


def run_sample(assistant: Assistant, misses: int, progress: Progress) -> tuple[list[Table], list[SetResult]]:
    """The questions that come with the project, over the bundled sample."""
    items = read_set(SAMPLE_QUESTIONS)
    warm(assistant, items[:_WARMING])
    result = ask_set(assistant, "sample_questions", items, progress)
    lines = [
        Line("right", result.right(result.everything), bar=Bar(90, 100)),
        Line("precision when answered", result.precision(result.everything)),
        *_latency([result]),
    ]
    table = Table("sample questions", lines, "\n".join(_kinds([result])), {"n": len(items)})
    return _with_misses([table], [result], misses), [result]


def _section_lines(results: Mapping[str, SetResult]) -> list[Line]:
    nq, fresh = results[NQ], results[FRESH]
    held, best = nq.answerable, nq.best_baseline(nq.answerable)
    return [
        Line("nq_roles answerable: right", nq.right(held), bar=Bar(62, 72), baseline=best),
        Line("nq_roles answerable: precision when answered", nq.precision(held), bar=Bar(78, 85),
             baseline=nq.best_baseline_precision(held)),
        Line("fresh_dev: right", fresh.right(fresh.everything), bar=Bar(70, 83.3),
             baseline=fresh.best_baseline(fresh.everything), note="must 42, goal 50 of 60"),
        *_latency([nq, fresh], Bar(60, 25, least=False), Bar(200, 100, least=False)),
    ]  # fmt: skip


def _latency(results: Sequence[SetResult], half: Bar = NO_BAR, most: Bar = NO_BAR) -> list[Line]:
    rows = [row for result in results for row in result.asked]
    times, worked = [row.ms for row in rows], [row.cpu_ms for row in rows]
    spent = f"processor {quantile(worked, 0.5):.1f} ms", f"processor {quantile(worked, 0.95):.1f} ms"
    note = f"warm, {len(rows)} questions"
    return [
        Line("answer path p50", round(quantile(times, 0.5), 1), "ms", half, note=f"{note}, {spent[0]}"),
        Line("answer path p95", round(quantile(times, 0.95), 1), "ms", most, note=f"{note}, {spent[1]}"),
    ]


def _all_lines(results: Sequence[SetResult]) -> list[Line]:
    return [line for result in results for line in _set_lines(result)]


def _set_lines(result: SetResult) -> list[Line]:
    everything, held = result.everything, result.answerable
    lines = [
        Line(f"{result.name}: right, all", result.right(everything)),
        Line("  precision when answered, all", result.precision(everything)),
        Line("  wrong, all", result.wrong(everything)),
    ]
    if not all(held) and any(held):
        lines += [Line("  right, answerable", result.right(held)),
                  Line("  precision when answered, answerable", result.precision(held)),
                  Line("  wrong, answerable", result.wrong(held))]  # fmt: skip
    if not all(held):
        lines.append(Line("  wrong, not answerable", result.wrong([not keep for keep in held])))
    lines += _special_lines(result)
    lines += [
        Line(f"  baseline {name}: right, answerable", result.baseline_right(name, held))
        for name in result.baselines
    ]
    crashed = sum(row.reply.get("status") == CRASHED for row in result.asked)
    return [*lines, *([Line("  questions that crashed", float(crashed), "")] if crashed else [])]


def _special_lines(result: SetResult) -> list[Line]:
    """What one set alone is asked."""
    held = result.answerable
    if result.name == NQ:
        by = {flag: _both(held, result.where(character_matches=flag)) for flag in (True, False)}
        names = {
            True: "  right, answerable, a character string names the role",
            False: "  right, answerable, none does",
        }
        return [
            Line(names[flag], result.right(kept), baseline=result.best_baseline(kept))
            for flag, kept in by.items()
        ]
    if result.name == "moviesf_train":
        sources = dict.fromkeys(row.item["meta"].get("source") for row in result.asked)
        return [Line(f"  right, answerable, {source}", result.right(_both(held, result.where(source=source))))
                for source in sources]  # fmt: skip
    if result.name == "imdb_rename_dev":
        note = f"of {sum(held)} titles in the catalogue; answers, then choices"
        return [Line("  mean reciprocal rank", round(_reciprocal(result), 3), "", note=note)]
    return []


def _both(left: Sequence[bool], right: Sequence[bool]) -> list[bool]:
    return [a and b for a, b in zip(left, right, strict=True)]


def _reciprocal(result: SetResult) -> float:
    """The mean of 1/rank of the gold id among the ids replied, 0 where missing; answerable items only."""
    ranks = []
    for row in filter(lambda row: row.answerable, result.asked):
        golds = {
            key for ids in row.item["meta"]["gold_ids"] for key in ([ids] if isinstance(ids, str) else ids)
        }
        said = [part.get("id") for name in ("answers", "choices") for part in row.reply.get(name, ())]
        unique = list(dict.fromkeys(said))
        ranks.append(next((1 / place for place, key in enumerate(unique, 1) if key in golds), 0.0))
    return sum(ranks) / len(ranks) if ranks else 0.0


def _kinds(results: Sequence[SetResult]) -> list[str]:
    """Counts by kind of question, and how long the stages took."""
    rows = [["by kind", "n", "right", "declined", "wrong"]]
    for result in results:
        for kind in sorted({row.item["kind"] for row in result.asked}):
            outcomes = [row.verdict.outcome for row in result.asked if row.item["kind"] == kind]
            counts = [str(outcomes.count(name)) for name in ("right", "declined", "wrong")]
            rows.append([f"{result.name} {kind}", str(len(outcomes)), *counts])
    return [*columns(rows), *_stages(results)]


def _stages(results: Sequence[SetResult]) -> list[str]:
    stages = [row.reply.get("stages") or {} for result in results for row in result.asked]
    rows = [["stage", "p50 ms", "p95 ms"]]
    for name in dict.fromkeys(key for stage in stages for key in stage):
        times = [stage[name] for stage in stages if name in stage]
        rows.append([name, f"{quantile(times, 0.5):.1f}", f"{quantile(times, 0.95):.1f}"])
    return columns(rows)


def _leak_table(items: Mapping[str, Sequence[Item]]) -> Table:
    """Whether wordings of the reader were written after single questions of a set."""
    lines, listed = [], []
    for name, kept in items.items():
        near = near_wordings([item["question"] for item in kept])
        lines.append(Line(f"{name}: near a specific wording", float(len(near)), f"of {len(kept)}"))
        listed += [
            f"  {name}: {found.question!r} ~ {found.wording!r} ({found.similarity:.2f})" for found in near[:5]
        ]
    return Table("questions: leak guard", lines, "\n".join(listed))


# ---------------------------------------------------------------------------------------------- misses


def _with_misses(tables: list[Table], results: Sequence[SetResult], number: int) -> list[Table]:
    """The tables and, where asked for, what was said wrongly in each set."""
    if number <= 0:
        return tables
    text = [line for result in results for line in _misses(result, number)]
    return [*tables, Table("questions: misses", [], "\n".join(text))]


def _misses(result: SetResult, number: int) -> list[str]:
    """The first ``number`` wrong items, and as many that were answerable and declined."""
    return [
        f"  {result.name} {outcome} {row.item['id']} {row.item['question']!r}: gold "
        f"{[gold[0] for gold in row.item['answers']][:3]}, said {_said(row.reply)}"
        for outcome in ("wrong", "declined")
        for row in [row for row in result.asked if row.verdict.outcome == outcome and row.answerable][:number]
    ]


def _said(reply: Mapping[str, Any]) -> str:
    answers = [answer.get("text") for answer in reply.get("answers", ())][:3]
    return f"{reply.get('status')} {answers} {str(reply.get('text', ''))[:120]!r}"


def write_rows(results: Sequence[SetResult], path: Path) -> None:
    """Every item's reply and outcome, one JSON object a line."""
    with path.open("w", encoding="utf-8") as stream:
        for result in results:
            for row in result.asked:
                kept = {
                    "set": result.name,
                    "outcome": row.verdict.outcome,
                    "ms": round(row.ms, 2),
                    **row.reply,
                }
                stream.write(json.dumps(kept, ensure_ascii=False) + "\n")
