"""The run ``genre``: learns on train.txt and the catalogue's overviews, measures on dev.txt."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, cast

import numpy as np

from evals.genre import models, service
from evals.genre.figures import accuracy_line, error_line, label_lines, macro_line
from evals.genre.models import Flags, Single
from evals.tables import Bar, Line, Table, columns
from indexer.errors import InputError, WhoplayedError
from indexer.ids import parse_title_id
from indexer.predictors.genre.classifier import Lesson
from indexer.predictors.genre.linear import Linear
from indexer.predictors.genre.material import Material, from_catalog, from_rows
from indexer.predictors.genre.rows import GenreRow, find_rows, read_rows
from indexer.predictors.genre.taught import Taught, teachers_of
from indexer.predictors.genre.trained import KINDS, Trained
from indexer.predictors.genre.training import train_several
from indexer.predictors.genre.twins import HeldOut

if TYPE_CHECKING:
    from indexer.index import Index
    from indexer.progress import Progress

SERVED = "taught"
_METADATA = ("movies_metadata.csv.gz", "movies_metadata.csv")
_NAMES_THE_GENRE = "wikipedia"  # overviews of such a source begin "X is a 1942 American comedy film"
_LONGEST = 10_000_000


@dataclass(frozen=True)
class Given:
    """What is learnt from and measured on."""

    known: Material  # the catalogue's overviews, films of the dev rows left out
    tested: Flags  # (N,) which of them may be measured on
    learnt: Material  # rows to learn from
    held: Material  # rows to measure on


def run(index: Index, folder: Path, data: Path | None, progress: Progress, limit: int | None) -> list[Table]:
    """The tables. Raises InputError where the index has no overview vectors.

    folder: holds train.txt and dev.txt. data: holds movies_metadata.csv, which says what overviews come from.
    limit: only so many of each.
    """
    given = _given(index, folder, data, limit)
    progress.say(
        f"genre: {len(given.known):,} overviews, {len(given.learnt):,} rows, {len(given.held):,} held out"
    )
    teachers = teachers_of(given.known.plots, given.known.targets, Lesson(exclusive=False))
    weighted = models.single(lambda: Taught(teachers=teachers), given.learnt, given.held, "weights")
    single_table = _single_table(_singles(teachers, given, progress), weighted)
    progress.say(single_table.to_text(""))
    serving = train_several(given.known, Lesson().seed)
    several_table = _several_table(serving, given, progress)
    progress.say(several_table.to_text(""))
    return [single_table, several_table, _balance_table(given), _service_table(index, given)]


def _given(index: Index, folder: Path, data: Path | None, limit: int | None) -> Given:
    vectors, encoder = index.vectors, index.encoder
    if vectors is None or "overviews" not in vectors or encoder is None:
        raise InputError(f"{index.directory} has no overview vectors: build it with --overviews")
    learnt = read_rows(find_rows(folder)).rows[:limit]
    held = read_rows(find_rows(folder, "dev.txt")).rows[:limit]
    ids = vectors.ids("overviews")[:limit]
    known = from_catalog(index.catalog, ids, vectors.rows("overviews", ids), _held_out(held))
    rows = from_rows(_apart(learnt, held), encoder)
    return Given(known, _tested(known, data), rows, from_rows(held, encoder, rows.labels))


def _held_out(rows: Sequence[GenreRow]) -> HeldOut:
    return HeldOut.of((row.name, row.year, row.text) for row in rows)


def _apart(learnt: Sequence[GenreRow], held: Sequence[GenreRow]) -> list[GenreRow]:
    """The rows to learn from without those whose text or film is also held out."""
    out = _held_out(held)
    return [row for row in learnt if not out.holds([row.name], row.year, row.text)]


def _tested(known: Material, data: Path | None) -> Flags:
    """Which overviews may be measured on: those that are no Wikipedia extract, by the metadata's column."""
    named = _naming(data)
    return np.array([title not in named for title in known.ids], dtype=bool)


def _naming(data: Path | None) -> set[int]:
    """Titles whose overview names the genre; none where nothing says where overviews come from."""
    path = next((data / name for name in _METADATA if (data / name).is_file()), None) if data else None
    if path is None:
        return set()
    csv.field_size_limit(_LONGEST)
    with _opened(path) as stream:
        return {
            int(parse_title_id(row["imdb_id"]))
            for row in csv.DictReader(stream)
            if (row.get("overview_source") or "").startswith(_NAMES_THE_GENRE) and row["imdb_id"]
        }


def _opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return cast("TextIO", gzip.open(path, "rt", encoding="utf-8", newline=""))
    return path.open(encoding="utf-8", newline="")


def _singles(teachers: Sequence[Linear], given: Given, progress: Progress) -> list[Single]:
    found = []
    for make in models.makers(teachers):
        found.append(models.single(make, given.learnt, given.held))
        progress.say("  ".join(found[-1].cells()))
    return found


def _single_table(singles: Sequence[Single], weighted: Single) -> Table:
    """The served one against its bars, one whose rare genres count as much as the others, then all."""
    served = next(one for one in singles if one.kind == SERVED)
    truth, chances = served.among_six
    lines = [
        accuracy_line("six genres: accuracy", truth, chances, Bar(75.5, 79)),
        macro_line("six genres: macro F1", truth, chances, Bar(71.5, 77)),
        error_line("six genres: ECE", truth, chances, Bar(0.06, 0.03, least=False)),
        accuracy_line(
            f"{served.chances.shape[1]} genres: accuracy", served.truth, served.chances, Bar(56.5, 60)
        ),
        macro_line(f"{served.chances.shape[1]} genres: macro F1", served.truth, served.chances, Bar(31, 38)),
        macro_line(
            "the same, rare ones weighted (not served)", weighted.truth, weighted.chances, Bar(31, 38)
        ),
        error_line(f"{served.chances.shape[1]} genres: ECE", served.truth, served.chances),
    ]
    head = ["accuracy/macro F1:", "six", "all", "ECE of six", "cpu s"]
    return Table("genre: one each", lines, "\n".join(columns([head, *(one.cells() for one in singles)])))


def _several_table(serving: Trained, given: Given, progress: Progress) -> Table:
    """The served one against its bars, then all that can learn several."""
    found = [models.of_serving(serving, given.known, given.tested)]
    for kind in KINDS.values():
        if kind.kind not in (serving.classifier.kind, SERVED):
            found.append(models.several(kind, given.known, given.tested))
            progress.say("  ".join(found[-1].cells()))
    lines = label_lines(
        "several genres", found[0].truth, found[0].guess, micro=Bar(61, 67), macro=Bar(56, 62)
    )
    head = ["F1:", "micro", "macro, common", "macro, all", "learnt from", "measured on", "cpu s"]
    return Table("genre: several each", lines, "\n".join(columns([head, *(one.cells() for one in found)])))


def _balance_table(given: Given) -> Table:
    rows = list(models.balanced(given.learnt, given.held))
    head = ["accuracy/macro F1:", "balance", "six", "all"]
    return Table("genre: rare ones balanced", [], "\n".join(columns([head, *rows])))


def _service_table(index: Index, given: Given) -> Table:
    """The service of the index's own model."""
    try:
        if index.genre is None or index.root is None:
            return Table("genre: the service", [], "  the index has no genre model")
        lines: list[Line] = service.lines(index.root, list(given.held.plots.texts[:200]))
    except WhoplayedError as error:  # the tables before took minutes: they are not lost for this
        return Table("genre: the service", [], f"  not measured: {error}")
    return Table("genre: the service", lines, f"  served by {index.genre.serving['six_by']}")
