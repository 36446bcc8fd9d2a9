"""Question sets through the assistant, in one process, beside simple ways of answering the same items."""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evals.baselines import BASELINES
from evals.leaks import near_wordings
from evals.scoring import Verdict, judge
from evals.sets import SAMPLE_QUESTIONS, Item, read_set
from evals.stats import Share, share
from evals.tables import Bar, Line, Table
from indexer.errors import InputError, WhoplayedError

if TYPE_CHECKING:
    from assistant.core import Assistant
    from indexer.catalog.catalog import Catalog
    from indexer.progress import Progress

NQ, FRESH = "nq_roles_dev", "fresh_dev"
EFFICIENT, MOVIESF, UNANSWERABLE = "efficientqa_roles_dev", "moviesf_train", "linking/unanswerable"
RENAME, MINTAKA = "imdb_rename_dev", "mintaka_movies_train"
CONV_GOLD, CONV_ASKED = "convquestions_movies_val_gold", "convquestions_movies_val_asked"
OTHERS = (EFFICIENT, MOVIESF, UNANSWERABLE, RENAME)
LARGE = (MINTAKA, CONV_GOLD, CONV_ASKED)  # asked where the folder has them
_COMPARED = (NQ, FRESH, EFFICIENT)  # sets about roles: the baselines know nothing else
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

    def without(self, questions: Collection[str]) -> SetResult:
        """The result but for the items with these questions."""
        kept = [place for place, row in enumerate(self.asked) if row.item["question"] not in questions]
        baselines = {name: [verdicts[place] for place in kept] for name, verdicts in self.baselines.items()}
        return SetResult(self.name, [self.asked[place] for place in kept], baselines)

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

    def first(self, kept: Sequence[bool]) -> Share:
        """Items kept of which the first answer is a gold, whatever follows."""
        return share([row.verdict.first for row in self.asked], kept)

    def held(self, kept: Sequence[bool]) -> Share:
        """Items kept of which any answer is a gold."""
        return share([row.verdict.held for row in self.asked], kept)

    def crag(self, kept: Sequence[bool]) -> float:
        """Right less wrong answers, as a share (-1 to 1) of the items kept; 0 for none."""
        outcomes = [row.verdict.outcome for row, keep in zip(self.asked, kept, strict=True) if keep]
        return (outcomes.count("right") - outcomes.count("wrong")) / max(len(outcomes), 1)

    def of_kind(self, *kinds: str) -> list[bool]:
        """A mask of the items of these kinds."""
        return [row.item["kind"] in kinds for row in self.asked]

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
    """What to run: the sets' folder, the first ``limit`` items of each, ``more`` of the largest, ``misses``
    to show of each.
    """

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


# --------------------------------------------------------------------------------------------------- runs


def run(assistant: Assistant, wish: Wish, progress: Progress) -> tuple[list[Table], list[SetResult]]:
    """The tables of all sets, and the raw results. Raises InputError where a set is missing.

    Questions near a specific wording or exemplar of the reader are left out of the figures and listed.
    """
    from evals import question_tables as tables

    items = read_sets(wish)
    near = {name: near_wordings([item["question"] for item in kept]) for name, kept in items.items()}
    warm(assistant, items[NQ][:_WARMING])
    whole = {name: ask_set(assistant, name, rows, progress) for name, rows in items.items()}
    memory = tables.memory_line()  # before another index is opened
    hops = _metaqa(wish, progress)
    found = {name: result.without({one.question for one in near[name]}) for name, result in whole.items()}
    results = list(found.values())
    made = [
        Table("questions: section 3", [*tables.section_lines(found, whole, hops), memory]),
        Table("questions: every set", tables.all_lines(results), "\n".join(tables.kinds(results))),
        tables.calibration_table([found[name] for name in (NQ, EFFICIENT)]),
        tables.leak_table(items, near),
    ]
    if hops:
        made.append(tables.metaqa_table(hops))
    everything = [*whole.values(), *hops]
    return _with_misses(made, everything, wish.misses), everything


def read_sets(wish: Wish) -> dict[str, list[Item]]:
    """The items of each set; of conversations that repeat themselves one of each distinct turn."""
    names = [NQ, FRESH, *OTHERS, *(name for name in LARGE if (wish.sets / f"{name}.jsonl").is_file())]
    whole = {name: read_set(wish.sets / f"{name}.jsonl") for name in names}
    return {name: distinct_turns(items)[: wish.limit] for name, items in whole.items()}


def distinct_turns(items: Sequence[Item]) -> list[Item]:
    """The items, of those that say the same turn the first that is answerable, else the first."""
    kept: dict[Any, Item] = {}
    for place, item in enumerate(items):
        key = item["meta"].get("distinct", place)
        held = kept.setdefault(key, item)
        if item["meta"].get("answerable") and not held["meta"].get("answerable", True):
            kept[key] = item
    return list(kept.values())


def _metaqa(wish: Wish, progress: Progress) -> list[SetResult]:
    """MetaQA over its own catalogue; [] where the folder has no knowledge base."""
    from evals.metaqa import run as metaqa

    if not metaqa.knowledge_base(wish.sets).is_file():
        return []
    return metaqa.run(wish.sets, progress, wish.limit, whole=wish.more)


def run_sample(assistant: Assistant, misses: int, progress: Progress) -> tuple[list[Table], list[SetResult]]:
    """The questions that come with the project, over the bundled sample."""
    from evals import question_tables as tables

    items = read_set(SAMPLE_QUESTIONS)
    warm(assistant, items[:_WARMING])
    result = ask_set(assistant, "sample_questions", items, progress)
    lines = [
        Line("right", result.right(result.everything), bar=Bar(90, 100)),
        Line("precision when answered", result.precision(result.everything)),
        *tables.latency([result]),
    ]
    table = Table("sample questions", lines, "\n".join(tables.kinds([result])), {"n": len(items)})
    return _with_misses([table], [result], misses), [result]


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
