"""Source files into a catalogue: one pass over each, block by block; indexes and full text at the end."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from indexer.catalog import rows, schema, words
from indexer.errors import InputError, ResourceError
from indexer.progress import Progress
from indexer.settings import Settings
from indexer.sources import Rejected, Sources, movies_dataset, preflight
from indexer.sources.blocks import FileFacts
from indexer.sources.layouts import AKAS, BASICS, CREW, EPISODES, NAMES, PRINCIPALS, RATINGS, Layout
from indexer.sources.tsv import row_blocks


@dataclass
class FileReport:
    """What became of one source file."""

    path: str
    sha256: str
    read: int = 0
    kept: int = 0
    rejected: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    examples: list[tuple[int, str]] = field(default_factory=list)  # (line, reason), the first twenty


@dataclass
class LoadReport:
    """Files by name, rows by table, seconds by step."""

    files: dict[str, FileReport] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Plain data for the manifest."""
        return asdict(self)


def load_catalog(
    sources: Sources, db: Path, settings: Settings, progress: Progress, *, full_text: bool = True
) -> LoadReport:
    """Makes the catalogue ``db``, a new file, of ``sources``; ``full_text=False`` leaves searching out.

    All files are checked before anything is written. Raises SourceError for a file that is missing, of
    another layout, damaged, or with more rejected rows than the settings allow; ResourceError where the
    disk is full. A database that could not be finished is removed.
    """
    if db.exists():
        raise InputError(f"{db} exists: give a path for a new catalogue")
    report = LoadReport()
    with _timed(report, "preflight"):
        facts = preflight(sources)
    connection = sqlite3.connect(db)
    try:
        _Loader(connection, sources, settings, progress, report, facts).run(full_text)
        connection.close()
        _to_disk(db)
    except BaseException as error:
        connection.close()
        db.unlink(missing_ok=True)
        if isinstance(error, sqlite3.OperationalError | OSError):
            raise ResourceError(
                f"{db} could not be written ({error}): make room on the disk and build again"
            ) from error
        raise
    return report


class _Loader:
    """One load: what every step needs, and the steps in order."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        sources: Sources,
        settings: Settings,
        progress: Progress,
        report: LoadReport,
        facts: dict[Path, FileFacts],
    ) -> None:
        self.db, self.sources, self.settings = connection, sources, settings
        self.progress, self.report, self.facts = progress, report, facts
        self.interned = {name: rows.Interner() for name in rows.INTERNED}

    def run(self, full_text: bool) -> None:
        database = schema.create(self.db)
        intern = self.interned
        self.table(RATINGS, rows.ratings)
        self.table(BASICS, lambda block, _: rows.titles(block, intern["types"], intern["genre_sets"]))
        self.table(PRINCIPALS, lambda block, bad: rows.credits(block, intern["categories"], bad))
        self.db.execute(rows.CREW_TABLE)
        self.table(CREW, lambda block, _: rows.crew(block, intern["categories"]), many=True)
        with self.step("credits"):
            self.db.execute(rows.MERGE_CREW)
            database.table("credits").create_index(["person_id"])
            self.db.executescript(rows.POPULARITY)
        self.table(NAMES, lambda block, _: rows.people(block, intern["profession_sets"]))
        self.table(EPISODES, rows.episodes)
        self.table(AKAS, rows.akas)
        self.films()
        with self.step("indexes"):
            self.write({name: list(self.interned[name].rows()) for name in rows.INTERNED})
            database.table("episodes").create_index(["series_id"])
        if full_text:
            with self.step("full text"):
                self.db.executescript(words.RANKS)
                words.fill(self.db, self.progress)
        with self.step("analyze"):
            self.finish(full_text)

    def table(
        self, layout: Layout, convert: Callable[[rows.Raw, Rejected], rows.Inserts], *, many: bool = False
    ) -> None:
        """One official file, where there is one; ``many``: a line gives no fixed number of rows."""
        path = self.sources.tables.get(layout.name)
        if path is None:
            return
        rejected = Rejected(path.name)
        lines = self.facts[path].lines - 1
        with self.step(layout.name), self.progress.task(layout.name, lines) as task:
            kept = 0
            for block in row_blocks(path, layout, rejected):
                new = self.write(convert(block, rejected))
                kept += len(block) if many else new
                task.advance(len(block))
        self.close(path, rejected, lines, kept)

    def films(self) -> None:
        """The files of The Movies Dataset, where there are any."""
        tmdb: dict[int, Any] = {}
        intern = self.interned
        if self.sources.overviews is not None:
            self.csv(
                self.sources.overviews,
                lambda path, bad: rows.films(
                    movies_dataset.films(path, bad), tmdb, intern["companies"], intern["languages"]
                ),
            )
        if self.sources.keywords is not None:
            self.csv(
                self.sources.keywords,
                lambda path, bad: rows.keywords(movies_dataset.keywords(path, tmdb, bad), intern["keywords"]),
            )
        if self.sources.credits is not None:
            self.write({"categories": list(intern["categories"].rows())})
            self.csv(
                self.sources.credits,
                lambda path, bad: rows.missing_roles(movies_dataset.casts(path, tmdb, bad), self.unnamed),
            )

    def unnamed(self, title_id: int) -> list[tuple[int, str]]:
        """(credit key, person's name) of a title's actors whose character is not known."""
        return self.db.execute(rows.UNNAMED, (title_id,)).fetchall()

    def csv(self, path: Path, convert: Callable[[Path, Rejected], Iterable[rows.Inserts]]) -> None:
        """One CSV file, a title at a time."""
        rejected = Rejected(path.name)
        good = 0
        with self.step(path.name), self.progress.task(path.name, unit="titles") as task:
            for inserts in convert(path, rejected):
                good += 1
                self.write(inserts)
                task.advance()
        self.close(path, rejected, good + rejected.total, good)

    def write(self, inserts: rows.Inserts) -> int:
        """Inserts rows whose key is not there yet; gives how many rows of the first table are new."""
        new = []
        for table, batch in inserts.items():
            before = self.db.total_changes
            self.db.executemany(rows.INSERT[table], batch)
            new.append(self.db.total_changes - before)
        return new[0] if new else 0

    def close(self, path: Path, rejected: Rejected, read: int, kept: int) -> None:
        """Notes a finished file; raises SourceError where too much of it was rejected."""
        repeated = read - rejected.total - kept
        if repeated > 0:
            rejected.add("repeats the key of an earlier row", count=repeated)
        self.report.files[path.name] = FileReport(
            str(path),
            self.facts[path].sha256,
            read,
            kept,
            rejected.total,
            dict(rejected.reasons),
            rejected.examples,
        )
        if not self.settings.tolerate:
            rejected.check(read, self.settings.max_rejected_share)

    def finish(self, full_text: bool) -> None:
        """Counts, statistics for the query planner, and everything on the disk."""
        for name in schema.TABLES:
            if name != "meta":
                self.report.counts[name] = self.db.execute(rows.COUNT[name]).fetchone()[0]
        meta = [
            ("full_text", str(int(full_text))),
            *((f"count {k}", str(v)) for k, v in self.report.counts.items()),
        ]
        self.db.executemany("INSERT INTO meta VALUES (?, ?)", meta)
        self.db.execute("PRAGMA analysis_limit=1000")
        self.db.execute("ANALYZE")
        self.db.commit()

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        with _timed(self.report, name):
            yield


@contextmanager
def _timed(report: LoadReport, name: str) -> Iterator[None]:
    started = time.monotonic()
    yield
    report.seconds[name] = round(time.monotonic() - started, 3)


def _to_disk(db: Path) -> None:
    """SQLite was told not to wait for the disk; the finished file is."""
    with db.open("rb") as file:
        os.fsync(file.fileno())
