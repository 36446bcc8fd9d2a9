"""Where things lie in an index, and the one step that makes another build serve.

INDEX/current names the build that serves, INDEX/builds/<id>/ are finished builds, <id>.partial one under way,
<id>.dead one being removed, INDEX/cache/ what the next build can use again.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

from indexer.errors import IndexMissing

PARTIAL, DEAD = ".partial", ".dead"
_ID = re.compile(r"\d{8}T\d{6}(?:\d{3})?Z-[0-9a-f]{6}", re.ASCII)
MEND = "run `make index` or `python -m indexer build`"


def new_build_id(seed: str) -> str:
    """UTC time to the ms, a hash of ``seed`` and the clock: ``20260131T120000123Z-1a2b3c``; sorts by age."""
    digest = hashlib.sha256(f"{seed} {time.time_ns()} {os.getpid()}".encode()).hexdigest()
    now = datetime.now(UTC)
    return f"{now:%Y%m%dT%H%M%S}{now.microsecond // 1000:03d}Z-{digest[:6]}"


def builds_folder(index: Path) -> Path:
    """Where the builds lie."""
    return index / "builds"


def cache_folder(index: Path) -> Path:
    """What outlives single builds: vectors of texts already encoded."""
    return index / "cache"


def finished_builds(index: Path) -> list[Path]:
    """Complete builds, oldest first; ``[]`` where there is no index."""
    folder = builds_folder(index)
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if _ID.fullmatch(path.name) and path.is_dir())


def leftovers(index: Path) -> list[Path]:
    """What dead builds and interrupted removals left; ours to remove only under the builder's lock."""
    folder = builds_folder(index)
    if not folder.is_dir():
        return []
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix in (PARTIAL, DEAD) and _ID.fullmatch(path.stem) and not path.is_symlink()
    )


def current_build(index: Path) -> Path:
    """The build that serves. Raises IndexMissing with the command that makes one."""
    try:
        name = (index / "current").read_text(encoding="ascii").strip()
    except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError):
        name = ""
    if not _ID.fullmatch(name):
        raise IndexMissing(f"there is no index at {index}: {MEND}")
    directory = builds_folder(index) / name
    if not directory.is_dir():
        raise IndexMissing(f"the build {name} that {index / 'current'} names is gone: {MEND}")
    return directory


def switch_to(index: Path, directory: Path) -> None:
    """Make a finished build the one that serves, in one step: readers see the old name or the new one."""
    staged = index / "current.new"
    with staged.open("w", encoding="ascii") as stream:
        stream.write(f"{directory.name}\n")
        stream.flush()
        os.fsync(stream.fileno())
    staged.replace(index / "current")
    sync(index)


def sync(path: Path) -> None:
    """Put one file's data, or one folder's names, on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(directory: Path) -> None:
    """Put all files under ``directory`` and their names on the disk."""
    for folder, _, files in os.walk(directory, topdown=False):
        for name in files:
            sync(Path(folder, name))
        sync(Path(folder))


def size_of(directory: Path) -> int:
    """Bytes of all files under ``directory``."""
    return sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())


def remove_build(directory: Path) -> int:
    """Remove a build that nobody uses; the bytes freed. First it leaves the list of builds."""
    freed = size_of(directory)
    dead = directory if directory.suffix == DEAD else directory.with_name(directory.name + DEAD)
    if directory.suffix == PARTIAL:
        dead = directory.with_suffix(DEAD)
    if dead != directory:
        directory.rename(dead)
    shutil.rmtree(dead)
    return freed
