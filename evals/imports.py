"""The import against imdb-sqlite: seconds and bytes for the six files both load, in alternation on one
machine.

Ours is timed with all its checks, indexes, character records and popularity; full text is left out, because
the peer has none. What it would add is a row of its own.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from indexer.errors import InputError, SourceError

FILES = ("name.basics", "title.basics", "title.akas", "title.principals", "title.episode", "title.ratings")
OURS, FULL_TEXT, PEER = "whoplayed", "whoplayed with full text", "imdb-sqlite"
_CHILD = """
import sys
from pathlib import Path
from indexer.catalog import load_catalog
from indexer.progress import Progress
from indexer.settings import Settings
from indexer.sources import Sources
folder, db, full_text = sys.argv[1:]
sources = Sources.find(Path(folder))
load_catalog(sources, Path(db), Settings(), Progress.silent(), full_text=full_text == "yes")
"""


@dataclass(frozen=True)
class Measured:
    """One loader: medians over the rounds, and every round's processor seconds."""

    loader: str
    cpu_s: float
    wall_s: float
    megabytes: float  # of the finished database, 10^6 bytes
    rounds: tuple[float, ...]


@dataclass(frozen=True)
class ImportTable:
    """The comparison; speed ratio above 1: ours is faster; size ratio below 1: ours is smaller."""

    files_megabytes: float  # compressed
    rows: list[Measured] = field(default_factory=list)

    @property
    def speed_ratio(self) -> float:
        """The peer's processor seconds over ours."""
        return self._row(PEER).cpu_s / self._row(OURS).cpu_s

    @property
    def wall_ratio(self) -> float:
        """The peer's wall seconds over ours."""
        return self._row(PEER).wall_s / self._row(OURS).wall_s

    @property
    def size_ratio(self) -> float:
        """Our bytes over the peer's."""
        return self._row(OURS).megabytes / self._row(PEER).megabytes

    def to_json(self) -> dict[str, Any]:
        """Plain data with the ratios."""
        ratios = {"speed": self.speed_ratio, "wall": self.wall_ratio, "size": self.size_ratio}
        return {**asdict(self), "ratios": {name: round(value, 3) for name, value in ratios.items()}}

    def to_text(self) -> str:
        """A table for a terminal."""
        lines = [
            f"import of {len(FILES)} .tsv.gz files, {self.files_megabytes:.1f} MB, medians of "
            f"{len(self.rows[0].rounds)} rounds in alternation",
            f"{'loader':26} {'cpu s':>8} {'wall s':>8} {'MB':>8}  cpu s of each round",
        ]
        lines += [
            f"{row.loader:26} {row.cpu_s:8.2f} {row.wall_s:8.2f} {row.megabytes:8.1f}  "
            + " ".join(f"{value:.2f}" for value in row.rounds)
            for row in self.rows
        ]
        lines.append(
            f"speed ratio {self.speed_ratio:.2f} (processor; wall {self.wall_ratio:.2f}), "
            f"size ratio {self.size_ratio:.3f}"
        )
        return "\n".join(lines)

    def _row(self, loader: str) -> Measured:
        return next(row for row in self.rows if row.loader == loader)


def run(data: Path, rounds: int = 3, *, full_text: bool = True) -> ImportTable:
    """Loads the six .tsv.gz files of ``data`` with each loader ``rounds`` times; about 40 s a round on the
    real set.

    Raises SourceError for a missing file, InputError where the peer is not installed or a loader fails.
    """
    if find_spec("imdb_sqlite") is None:
        raise InputError(
            "imdb-sqlite is not installed: run `make evals`, which installs what evaluations need"
        )
    loaders = [OURS, PEER, *([FULL_TEXT] if full_text else [])]
    times: dict[str, list[tuple[float, float]]] = {loader: [] for loader in loaders}
    sizes: dict[str, int] = {}
    with tempfile.TemporaryDirectory(prefix="whoplayed-import-") as scratch:
        folder = _six_files(data, Path(scratch) / "files")
        db = Path(scratch) / "loaded.db"
        for _ in range(rounds):
            for loader in loaders:
                times[loader].append(_timed(partial(_load, loader, folder, db)))
                sizes[loader] = db.stat().st_size
                db.unlink()
        total = sum(path.stat().st_size for path in folder.iterdir())
    return ImportTable(total / 1e6, [_measured(loader, times[loader], sizes[loader]) for loader in loaders])


def _six_files(data: Path, folder: Path) -> Path:
    """A folder with links to just the files both loaders read, so that the peer finds nothing to download."""
    folder.mkdir()
    for name in FILES:
        path = data / f"{name}.tsv.gz"
        if not path.is_file():
            raise SourceError(f"{path} is missing: the comparison needs {', '.join(FILES)} as .tsv.gz")
        (folder / path.name).symlink_to(path.resolve())
    return folder


def _load(loader: str, folder: Path, db: Path) -> None:
    if loader == PEER:
        arguments = ["-m", "imdb_sqlite", "--db", str(db), "--cache-dir", str(folder)]
    else:
        arguments = ["-c", _CHILD, str(folder), str(db), "yes" if loader == FULL_TEXT else "no"]
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise InputError(f"{loader} failed on {folder}: {done.stderr.strip()[-400:]}")


def _timed(work: Callable[[], None]) -> tuple[float, float]:
    """(processor seconds of the processes started, wall seconds)."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    work()
    wall, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall


def _measured(loader: str, times: list[tuple[float, float]], size: int) -> Measured:
    cpu = tuple(round(seconds, 3) for seconds, _ in times)
    wall = statistics.median(seconds for _, seconds in times)
    return Measured(loader, statistics.median(cpu), round(wall, 3), round(size / 1e6, 3), cpu)
