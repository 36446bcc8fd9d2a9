"""Making an index: the steps in order beside the build that serves, checked, then switched to in one step.

A crash at any moment leaves the old build serving; what a dead build left is removed by the next build or by
``prune``.
"""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from indexer import steps
from indexer.catalog.catalog import Catalog
from indexer.errors import InputError, WhoplayedError
from indexer.index import Index
from indexer.layout import (
    PARTIAL,
    builds_folder,
    cache_folder,
    current_build,
    finished_builds,
    leftovers,
    new_build_id,
    remove_build,
    size_of,
    switch_to,
    sync,
    sync_tree,
)
from indexer.locks import DirectoryLock, builder_lock
from indexer.manifest import (
    Manifest,
    digests,
    file_sha256,
    fixed_files,
    machine,
    read_manifest,
    versions,
    write_manifest,
)
from indexer.meters import measured
from indexer.progress import Progress
from indexer.room import room_on
from indexer.settings import Settings
from indexer.sources.files import Sources
from indexer.steps import Work

STEPS: dict[str, Callable[[Work], dict[str, Any]]] = {
    "import": steps.import_sources,
    "overviews": steps.encode_plots,
    "names": steps.index_names,
    "joint": steps.train_joint_space,
    "vectors": steps.write_vectors,
    "linking": steps.learn_linking,
    "genre": steps.learn_genres,
    "rating": steps.learn_ratings,
}
OPTIONAL = tuple(name for name in STEPS if name != "import")


@dataclass(frozen=True)
class BuildOptions:
    """What to build from what, where; ``without`` names the steps to leave out (one of OPTIONAL).

    genre_data: a file of plots with one genre each, or a folder that holds train.txt.
    """

    index: Path
    sources: Sources
    settings: Settings = field(default_factory=Settings)
    without: frozenset[str] = frozenset()
    genre_data: Path | None = None

    def __post_init__(self) -> None:
        unknown = sorted(self.without - set(OPTIONAL))
        if unknown:
            raise InputError(
                f"there is no step {', '.join(unknown)} to leave out: known are {', '.join(OPTIONAL)}"
            )


def build(options: BuildOptions, progress: Progress) -> Path:
    """Build an index and make it serve; the folder of the new build.

    Raises SourceError where the sources are unusable (looked at before it writes), Busy where another process
    builds, ResourceError where there is no room. Whatever it raises, the build that served before still does,
    and what it wrote is gone again, but for the cache: vectors of texts, and a checkpoint of the joint
    training, from which the next build of the same files goes on.
    """
    with builder_lock(options.index), room_on(options.index):
        _clear_leftovers(options.index)
        name = new_build_id(str(options))
        partial = builds_folder(options.index) / (name + PARTIAL)
        partial.mkdir(parents=True)
        try:
            _make(options, partial, progress)
            installed = _install(options.index, partial, name)
            (cache_folder(options.index) / steps.CHECKPOINT).unlink(missing_ok=True)
            return installed
        finally:
            if partial.exists():
                shutil.rmtree(partial, ignore_errors=True)


def _make(options: BuildOptions, directory: Path, progress: Progress) -> None:
    """All steps, the manifest, and the check of what was written."""
    started = datetime.now(UTC)
    work = Work(
        directory,
        cache_folder(options.index),
        options.sources,
        options.settings,
        progress,
        options.without,
        _genre_rows(options.genre_data),
    )
    try:
        reports, whole = _run_steps(work, options, progress)
        manifest: Manifest = {
            "id": directory.stem,
            "started": started.isoformat(timespec="seconds"),
            "settings": dataclasses.asdict(options.settings),
            "seed": options.settings.seed,
            "without": sorted(options.without),
            "versions": versions(),
            "machine": machine(options.settings.threads),
            "sources": reports["import"].pop("sources"),
            "counts": reports["import"].pop("counts"),
            "catalogue_hash": reports["import"].pop("catalogue_hash"),
            "steps": reports,
            "total": whole,
        }
    finally:
        work.close()
    manifest["files"] = digests(directory, fixed_files(directory))
    write_manifest(directory, manifest)
    _check(directory, progress)


def _genre_rows(given: Path | None) -> Path | None:
    """The file of rows. Raises SourceError where it is not there or not one of its lines is good."""
    from indexer.predictors.genre.rows import find_rows, read_rows

    if given is None:
        return None
    read_rows(found := find_rows(given))
    return found


def _run_steps(
    work: Work, options: BuildOptions, progress: Progress
) -> tuple[dict[str, dict[str, Any]], dict[str, float]]:
    """What each step said of itself with its cost, and the cost of all together."""
    reports: dict[str, dict[str, Any]] = {}
    peak = 0.0
    wall = cpu = 0.0
    for name, step in STEPS.items():
        if name in options.without:
            continue
        progress.say(f"step {name}")
        with measured() as cost:
            report = step(work)
        reports[name] = {**cost.to_json(), **report}
        wall, cpu, peak = wall + cost.seconds, cpu + cost.cpu_seconds, max(peak, cost.peak_mb)
        progress.say(f"step {name}: {cost}")
    return reports, {"seconds": round(wall, 3), "cpu_seconds": round(cpu, 3), "peak_mb": round(peak, 1)}


def _check(directory: Path, progress: Progress) -> None:
    """Open what was written as a reader would. Raises WhoplayedError for the first fault."""
    progress.say("step check")
    with Index(directory) as index:
        problems = _problems(index, samples=100)
    if problems:
        raise WhoplayedError(f"the new build does not pass its own check ({problems[0]}); please report this")


def _install(index: Path, partial: Path, name: str) -> Path:
    """From a partial build to the one that serves; each step is on the disk before the next."""
    sync_tree(partial)
    final = partial.with_name(name)
    partial.rename(final)
    sync(final.parent)
    switch_to(index, final)
    return final


def _clear_leftovers(index: Path) -> int:
    """Remove what dead builds left; the bytes freed. Call it under the builder's lock."""
    (index / "current.new").unlink(missing_ok=True)
    return sum(remove_build(path) for path in leftovers(index))


# ------------------------------------------------------------------------------------------ looking after


@dataclass(frozen=True)
class Pruned:
    """What ``prune`` did: names of builds removed and kept because in use, and the bytes freed."""

    removed: list[str]
    in_use: list[str]
    freed: int


def prune(index: Path) -> Pruned:
    """Remove all builds but the one that serves and those a process holds open. Raises Busy, IndexMissing."""
    serving = current_build(index)
    with builder_lock(index):
        freed = _clear_leftovers(index)
        removed: list[str] = []
        in_use: list[str] = []
        for directory in finished_builds(index):
            if directory == serving:
                continue
            with _unused(directory) as unused:
                if unused:
                    freed += remove_build(directory)
                (removed if unused else in_use).append(directory.name)
    return Pruned(removed, in_use, freed)


@contextmanager
def _unused(directory: Path) -> Iterator[bool]:
    """Whether nobody reads that build; while the block runs nobody can begin to."""
    lock = DirectoryLock.exclusive(directory)
    try:
        yield lock is not None
    finally:
        if lock is not None:
            lock.release()


def verify(index: Path, samples: int = 100) -> list[str]:
    """Problems of the build that serves, in words; ``[]`` where it is sound.

    Every file against its sha256, SQLite's integrity check, counts against the manifest, and ``samples``
    vectors that must find themselves. Raises IndexMissing, FormatMismatch.
    """
    with Index.open(index) as opened:
        return _changed_files(opened) or _problems(opened, samples)


def _changed_files(index: Index) -> list[str]:
    """Files that are not what the build wrote."""
    problems = []
    for name, expected in index.manifest["files"].items():
        path = index.directory / name
        if not path.is_file():
            problems.append(f"{name} is missing")
        elif path.stat().st_size != expected["bytes"] or file_sha256(path) != expected["sha256"]:
            problems.append(f"{name} has changed since it was built")
    return problems


def _problems(index: Index, samples: int) -> list[str]:
    """What a reader would stumble over."""
    problems = _count_problems(index.catalog, index.manifest["counts"]) + index.catalog.problems()
    if not problems and index.vectors is not None:
        problems += index.vectors.verify(samples)
    return problems or _joint_problems(index)


def _joint_problems(index: Index) -> list[str]:
    """How what the joint space was trained on differs from the catalogue beside it."""
    from indexer.joint.identity import scope_problems

    if index.joint is None:
        return []
    titles = index.catalog.scope_titles(index.settings.vectors)
    return scope_problems(index.joint.facts, titles, index.catalog.scope_people(titles))


def _count_problems(catalog: Catalog, expected: dict[str, int]) -> list[str]:
    found = catalog.counts()
    differing = [
        f"the manifest says {count:,} {name}, the catalogue holds {found.get(name, 0):,}"
        for name, count in expected.items()
        if found.get(name) != count
    ]
    return differing if found.get("titles") else ["the catalogue holds no title", *differing]


def status(index: Path) -> dict[str, Any]:
    """What serves and what else lies there, as JSON. Raises IndexMissing, FormatMismatch."""
    directory = current_build(index)
    manifest = read_manifest(directory)
    return {
        "index": str(index),
        "build": directory.name,
        "bytes": size_of(directory),
        "counts": manifest["counts"],
        "catalogue_hash": manifest["catalogue_hash"],
        "encoder": manifest["settings"]["overviews"]["encoder"],
        "parts": [name for name, report in manifest["steps"].items() if "skipped" not in report],
        "sources": manifest["sources"],
        "steps": manifest["steps"],
        "total": manifest["total"],
        "versions": manifest["versions"],
        "other_builds": [path.name for path in finished_builds(index) if path != directory],
        "leftovers": [path.name for path in leftovers(index)],
    }
