"""What can be run by name: each run turns options into tables."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evals.tables import NO_BAR, Bar, Line, Table, heading
from indexer.errors import InputError

if TYPE_CHECKING:
    from evals.questions import SetResult
    from indexer.index import Index
    from indexer.progress import Progress

_REAL = 100_000  # titles; a smaller index is no measure of a build


@dataclass(frozen=True)
class Options:
    """What the command was given; paths are ``None`` where it was not."""

    sets: Path | None = None
    data: Path | None = None
    genre_data: Path | None = None
    index: Path | None = None
    limit: int | None = None
    misses: int = 0
    more: bool = False
    rounds: int = 3
    seeds: int = 3
    minutes: float = 10.0
    out: Path | None = None
    progress: Progress | None = None


@dataclass(frozen=True)
class Finished:
    """The tables of one run and what they are headed with."""

    tables: Sequence[Table]
    heading: Mapping[str, Any]

    def to_json(self) -> list[dict[str, Any]]:
        """Each table with the heading."""
        return [table.to_json(dict(self.heading)) for table in self.tables]


@dataclass(frozen=True)
class Run:
    """A name that can be run: what it measures, the options it cannot do without, and how."""

    name: str
    measures: str
    needs: tuple[str, ...]
    start: Callable[[Options], Finished] = field(repr=False)

    def __call__(self, options: Options) -> Finished:
        """Raises InputError where an option it needs is missing."""
        missing = [f"--{name.replace('_', '-')}" for name in self.needs if getattr(options, name) is None]
        if missing:
            raise InputError(f"{self.name} needs {' and '.join(missing)}")
        return self.start(options)


def _import(options: Options) -> Finished:
    from evals import imports

    data = _given(options.data)
    table = imports.run(data, rounds=options.rounds)
    lines = [
        Line(
            "speed ratio to imdb-sqlite",
            round(table.speed_ratio, 2),
            "x",
            Bar(1.3, 1.8),
            note="processor time",
        ),
        Line("size ratio to imdb-sqlite", round(table.size_ratio, 3), "x", Bar(0.60, 0.55, least=False)),
    ]
    tables = [Table("import", lines, table.to_text(), {"import": table.to_json()})]
    with _index(options) as index:
        return Finished([*tables, _build_table(index)], heading(index, data))


def _build_table(index: Index) -> Table:
    """What the build that serves cost, by its manifest; the bars are for a whole build of the real files."""
    total, steps = index.manifest["total"], index.manifest["steps"]
    whole = index.manifest["counts"]["titles"] >= _REAL and not index.manifest["without"]
    wall, memory = (Bar(30, 15, least=False), Bar(5, 3, least=False)) if whole else (NO_BAR, NO_BAR)
    lines = [
        Line("build of this index: wall", round(total["seconds"] / 60, 1), "min", wall),
        Line("build of this index: peak memory", round(total["peak_mb"] / 1000, 2), "GB", memory),
    ]
    lines += [Line(f"  {name}: wall", round(step["seconds"] / 60, 1), "min") for name, step in steps.items()]
    without = ", ".join(index.manifest["without"])
    note = "  the bars are for the real files with overviews, on an idle machine"
    return Table("build", lines, note + (f"\n  built without {without}" if without else ""))


def _linking(options: Options) -> Finished:
    from evals import linking
    from evals.linking_lines import lines

    with _index(options) as index:
        report = linking.run(index, _given(options.sets), options.limit)
        head = heading(index, options.data)
    table = Table("linking", lines(report), report.to_text(), {"linking": report.to_json()})
    return Finished([table], head)


def _questions(options: Options) -> Finished:
    from assistant.confidence.model import cross_fitted
    from assistant.core import Assistant
    from evals import questions

    wish = questions.Wish(_given(options.sets), options.limit, options.more, options.misses)
    with _index(options) as index:
        assistant = Assistant(index, cross_fitted())
        tables, results = questions.run(assistant, wish, _progress(options))
        _keep(results, options, "answers.jsonl")
        return Finished(tables, heading(index, options.data))


def _confidence(options: Options) -> Finished:
    from assistant.confidence.judging import Trusting
    from assistant.core import Assistant
    from evals import confidence

    with _index(options) as index:
        trusting = Assistant(index, confidence=Trusting())
        table = confidence.run(trusting, _given(options.sets), _progress(options), options.out, options.limit)
        return Finished([table], heading(index, options.data))


def _sample_questions(options: Options) -> Finished:
    from assistant.core import Assistant
    from evals import questions

    with _index(options) as index:
        tables, results = questions.run_sample(Assistant(index), options.misses, _progress(options))
        _keep(results, options, "sample_answers.jsonl")
        return Finished(tables, heading(index, options.data))


def _fields(options: Options) -> Finished:
    from evals import fields

    with _index(options) as index:
        tables = fields.run(index, _progress(options), options.seeds)
        return Finished(tables, heading(index, options.data))


def _joint(options: Options) -> Finished:
    from evals.joint import report, run

    with _index(options) as index:
        outcome = run.run(index, _progress(options), options.seeds, options.limit, options.out)
        return Finished(report.tables(outcome), heading(index, options.data))


def _missing(options: Options) -> Finished:
    from evals.joint import report, run

    with _index(options) as index:
        outcome = run.run_missing(index, _progress(options), options.seeds, options.limit)
        return Finished(report.tables(outcome), heading(index, options.data))


def _ablation(options: Options) -> Finished:
    from evals.ablation import linking, questions, report, space

    sets, progress = _given(options.sets), _progress(options)
    with _index(options) as index:
        parts = report.linking_table(linking.run(index, sets, progress, options.limit))
        asked = questions.run(index, sets, progress, options.limit)
        progress.say(f"{parts.extra}\n{asked.extra}")  # trainings take half an hour: this is safe already
        budget = space.Budget().at_most(options.limit)
        trials = space.run(index, progress, budget, options.seeds, options.out)
        return Finished([report.space_table(trials), parts, asked], heading(index, options.data))


def _question_ablation(options: Options) -> Finished:
    from evals.ablation import questions

    with _index(options) as index:
        table = questions.run(index, _given(options.sets), _progress(options), options.limit)
        return Finished([table], heading(index, options.data))


def _slots(options: Options) -> Finished:
    from evals.slots import mit_movie

    with _index(options) as index:
        table, _ = mit_movie.run(_given(options.sets), index.catalog, options.limit)
        return Finished([table], heading(index, options.data))


def _genre(options: Options) -> Finished:
    from evals.genre import run

    with _index(options) as index:
        folder, data = _given(options.genre_data), options.data
        tables = run.run(index, folder, data, _progress(options), options.limit)
        return Finished(tables, heading(index, data))


def _sample(options: Options) -> Finished:
    from evals.sample_facts import check_sample
    from indexer.sources.bundled import sample_dir

    data = _given(options.data)
    report = check_sample(sample_dir(), data)
    confirmed, contradicted = len(report.of("confirmed")), len(report.of("contradicted"))
    flags = [True] * confirmed + [False] * contradicted
    from evals.stats import share

    lines = [
        Line("facts of the sample confirmed, of those covered", share(flags), bar=Bar(97, 99.5)),
        Line("contradicted without a reason", float(len(report.unexplained())), "", Bar(0, 0, least=False)),
    ]
    table = Table("sample", lines, report.to_text(), {"sample": report.to_json()})
    return Finished([table], heading(None, data))


def _startup(options: Options) -> Finished:
    from evals.chat import startup

    table = startup.run(options.index, options.rounds, _progress(options))
    with _index(options) as index:
        return Finished([table], heading(index, options.data))


def _load(options: Options) -> Finished:
    from evals.chat import load

    plan = load.Plan(minutes=options.minutes, questions=options.limit or load.Plan.questions)
    table = load.run(options.index, _first_questions(), plan, _progress(options))
    with _index(options) as index:
        return Finished([table], heading(index, options.data))


def _first_questions() -> list[str]:
    """The project's own questions that need no conversation before them."""
    from evals.sets import SAMPLE_QUESTIONS, read_set

    return [item["question"] for item in read_set(SAMPLE_QUESTIONS) if not item["history"]]


RUNS: dict[str, Run] = {
    run.name: run
    for run in (
        Run("import", "loading the files against imdb-sqlite; what the build cost", ("data",), _import),
        Run("questions", "question sets through the assistant, beside baselines", ("sets",), _questions),
        Run("confidence", "what the confidence model learns from; its reliability", ("sets",), _confidence),
        Run("linking", "names, namesakes with a hint, partial rows: hits and time", ("sets",), _linking),
        Run("fields", "what vectors remember of each field; scalars or digits; text encoders", (), _fields),
        Run("joint", "held-out credits found again by the joint space and by baselines", (), _joint),
        Run("missing", "the part of joint without the space: credits ranked, and baselines", (), _missing),
        Run("ablation", "what each part of the joint space and of linking brings", ("sets",), _ablation),
        Run(
            "question_ablation",
            "what each means of resolving brings to right answers (part of ablation)",
            ("sets",),
            _question_ablation,
        ),
        Run("slots", "span F1 on mit_movie, with a tagger of its own", ("sets",), _slots),
        Run("genre", "genres of plots by every model; the service under load", ("genre_data",), _genre),
        Run("sample", "the facts of the bundled sample against IMDb's own files", ("data",), _sample),
        Run("startup", "how soon the page is there and answers, from the start of its process", (), _startup),
        Run("load", "many visitors at the page: round trips, a burst, memory; takes a while", (), _load),
        Run("sample_questions", "the project's own questions over the bundled sample", (), _sample_questions),
    )
}  # fmt: skip


def _given(path: Path | None) -> Path:
    """A path that ``needs`` promises; raises InputError where it is no folder."""
    if path is None or not path.is_dir():
        raise InputError(f"{path} is not a folder: give one that exists")
    return path


def _index(options: Options) -> Index:
    from indexer.index import Index

    return Index.open(options.index)


def _progress(options: Options) -> Progress:
    from indexer.progress import Progress

    return options.progress or Progress.on(sys.stderr)


def _keep(results: Sequence[SetResult], options: Options, name: str) -> None:
    from evals.questions import write_rows

    if options.out is not None:
        options.out.mkdir(parents=True, exist_ok=True)
        write_rows(results, options.out / name)


def write_tables(finished: Mapping[str, Finished], folder: Path) -> None:
    """All tables as one JSON file, ``tables.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps({name: done.to_json() for name, done in finished.items()}, ensure_ascii=False, indent=1)
    (folder / "tables.json").write_text(text + "\n", encoding="utf-8")
