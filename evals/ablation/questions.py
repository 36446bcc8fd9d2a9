"""Question sets with one means of resolving after another: what each brings to right answers.

Every way answers the same questions. Confidence is not judged, so that a way is not helped by what was learnt
from another: what is right and wrong is all that a way finds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.resolving.ways import Ways
from evals.linking import FOLDER, read_items
from evals.questions import MOVIESF, NQ, Asked, ask, warm
from evals.sets import Item, draw, read_set
from evals.stats import Share, share
from evals.tables import Bar, Line, Table, columns
from indexer.errors import InputError
from indexer.ids import parse_title_id

if TYPE_CHECKING:
    from assistant.core import Assistant
    from indexer.index import Index
    from indexer.linking.linker import Linker
    from indexer.progress import Progress

SETS = (NQ, MOVIESF)
QUESTIONS = 200  # answerable ones of each set, drawn with the fixed seed
ROWS = 200  # of partial_rows
_WARMING = 10
_TOP = 10
FIELDS, TOGETHER, SERVES = "+ field reranking", "+ joint resolution (as it serves)", "as it serves"
WAYS: dict[str, Ways] = {
    "lexical only": Ways(dense=False, fields=False, together=False),
    "dense only": Ways(lexical=False, fields=False, together=False),
    "both": Ways(fields=False, together=False),
    FIELDS: Ways(together=False),
    TOGETHER: Ways(),
    "- popularity": Ways(popularity=False),
    "- field reranking": Ways(fields=False),
    "- dense": Ways(dense=False),
    "- shapes": Ways(shapes=False),
}


@dataclass
class Trial:
    """One way over the sets: rows by set, in the order of the items."""

    name: str
    asked: dict[str, list[Asked]]

    def right(self, of: str) -> list[bool]:
        """Whether each item of a set was right."""
        return [row.verdict.outcome == "right" for row in self.asked[of]]

    def answered(self, of: str) -> list[bool]:
        """Whether each item of a set was answered."""
        return [row.verdict.outcome != "declined" for row in self.asked[of]]


def run(index: Index, sets: Path, progress: Progress, limit: int | None = None) -> Table:
    """All ways on the answerable items of nq_roles and moviesf, and dense-only linking.

    Raises InputError where a set is missing or the build has no names.
    """
    items = {name: _answerable(sets, name, limit or QUESTIONS) for name in SETS}
    trials = [_trial(index, name, ways, items, progress) for name, ways in WAYS.items()]
    linked = _titles_found(index, _with_titles(trials), progress)
    rows = _rows_found(index, sets, limit or ROWS, progress)
    lines = [*_gains(trials), *_dense_lines(linked, rows)]
    return Table("ablation: questions", lines, _to_text(trials), {"ways": [_to_json(one) for one in trials]})


def _answerable(sets: Path, name: str, number: int) -> list[Item]:
    return draw([item for item in read_set(sets / f"{name}.jsonl") if item["meta"].get("answerable")], number)


def _trial(
    index: Index, name: str, ways: Ways, items: Mapping[str, Sequence[Item]], progress: Progress
) -> Trial:
    assistant = _assistant(index, ways)
    warm(assistant, items[NQ][:_WARMING])
    asked = {
        of: [ask(assistant, item) for item in progress.track(rows, f"{name}: {of}", len(rows), "questions")]
        for of, rows in items.items()
    }
    return Trial(name, asked)


def _assistant(index: Index, ways: Ways) -> Assistant:
    from assistant.confidence.judging import Trusting
    from assistant.core import Assistant

    return Assistant(index, Trusting(), ways)


# ----------------------------------------------------------------------------------------------- figures


def _gains(trials: Sequence[Trial]) -> list[Line]:
    """What field reranking brings, on top of both ways of finding and of everything else."""
    held = {trial.name: trial for trial in trials}
    return [
        _gained(held[name], held[less], of)
        for of in SETS
        for name, less in ((FIELDS, "both"), (TOGETHER, "- field reranking"))
    ]


def _gained(trial: Trial, less: Trial, of: str) -> Line:
    points = gain(trial.right(of), less.right(of))
    note = f"{trial.name} less {less.name}"
    return Line(f"field reranking, {of}: right, points", points, "", Bar(1, 4), note=note)


def gain(right: Sequence[bool], other: Sequence[bool]) -> float:
    """Points (per cent) by which the first is right more often on the same items; 0 for no items."""
    return round(100 * (sum(right) - sum(other)) / max(len(right), 1), 1)


def _to_text(trials: Sequence[Trial]) -> str:
    head = [f"{of}: {what}" for of in SETS for what in ("right", "precision")]
    rows = [["way", *head, "ms p50"]]
    rows += [[trial.name, *_cells(trial), f"{_middle(trial):.0f}"] for trial in trials]
    return "\n".join(columns(rows))


def _cells(trial: Trial) -> list[str]:
    pairs = ((share(trial.right(of)), share(trial.right(of), trial.answered(of))) for of in SETS)
    return [one.to_text() for pair in pairs for one in pair]


def _middle(trial: Trial) -> float:
    times = sorted(row.ms for rows in trial.asked.values() for row in rows)
    return times[len(times) // 2] if times else 0.0


def _to_json(trial: Trial) -> dict[str, Any]:
    return {
        "way": trial.name,
        **{
            of: {
                "right": share(trial.right(of)).to_json(),
                "precision": share(trial.right(of), trial.answered(of)).to_json(),
            }
            for of in SETS
        },
    }


# ---------------------------------------------------------------------------------------- dense linking


def _with_titles(trials: Sequence[Trial]) -> list[Asked]:
    """The items of nq_roles with a character string, as the serving way read them."""
    serving = next(trial for trial in trials if trial.name == TOGETHER)
    return [
        row
        for row in serving.asked[NQ]
        if row.item["meta"].get("character_matches") and row.item["meta"].get("tconst")
    ]


def _titles_found(index: Index, rows: Sequence[Asked], progress: Progress) -> Share:
    """How often the gold title is among the first ten by the joint space alone."""
    from assistant.reading.reading import Reading
    from assistant.resolving.context import Context
    from assistant.resolving.titles import TitleLinker

    linker = TitleLinker(index.catalog, index.names["title"], index.linker, Ways(lexical=False))
    found = []
    for row in progress.track(rows, "dense-only titles", len(rows), "questions"):
        data = row.reply.get("reading") or {}
        reading = Reading.from_json(data) if data.get("title") else None
        hits = (
            linker.link(reading.title, Context(), character=reading.character)
            if reading is not None and reading.title is not None
            else []
        )
        golds = row.item["meta"]["tconst"]
        wanted = {parse_title_id(key) for key in ([golds] if isinstance(golds, str) else golds)}
        found.append(any(hit.title.id in wanted for hit in hits[:_TOP]))
    return share(found)


def _rows_found(index: Index, sets: Path, number: int, progress: Progress) -> Share:
    """How often a half-remembered row finds its title among the first ten by the joint space alone."""
    linker: Linker | None = index.linker
    if linker is None:
        raise InputError("this index was built without names: build it again without --without names")
    items = read_items(sets / FOLDER / "partial_rows.jsonl", number)
    told = progress.track(items, "dense-only rows", len(items), "queries")
    found = []
    for item in told:
        hits = linker.link(item.row, _TOP, "dense")
        found.append(any(hit.id in item.golds for hit in hits))
    return share(found)


def _dense_lines(titles: Share, rows: Share) -> list[Line]:
    return [
        Line("dense only, nq_roles with a character string: title in the first 10", titles, bar=Bar(75, 90)),
        Line("dense only, partial_rows: title in the first 10", rows, bar=Bar(80, 92)),
    ]
