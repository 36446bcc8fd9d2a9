"""Locks between processes: one builder at a time, and readers that keep ``prune`` from their build.

They are ``flock`` locks: the system drops them when the process ends, however it ends, so none is ever stale.
"""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer.errors import Busy, ResourceError

_TAKEN = (errno.EAGAIN, errno.EACCES)


class DirectoryLock:
    """A shared hold on a directory; it survives a rename of the directory. Release it with ``release()``."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    @classmethod
    def shared(cls, directory: Path) -> DirectoryLock:
        """Waits for nobody: a directory held exclusively is about to go. Raises Busy, FileNotFoundError."""
        return cls(_lock(directory, fcntl.LOCK_SH))

    @classmethod
    def exclusive(cls, directory: Path) -> DirectoryLock | None:
        """The hold, or None where a reader holds the directory. Raises FileNotFoundError."""
        try:
            return cls(_lock(directory, fcntl.LOCK_EX))
        except Busy:
            return None

    def holds(self, directory: Path) -> bool:
        """Whether ``directory`` still names what is held (it may have been removed or replaced meanwhile)."""
        if self._descriptor is None:
            return False
        try:
            return os.path.samestat(os.fstat(self._descriptor), directory.stat())
        except FileNotFoundError:
            return False

    def release(self) -> None:
        """Let go; a second call does nothing."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _lock(path: Path, how: int) -> int:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        if error.errno in _TAKEN:
            raise Busy(f"{path} is in use by another process") from error
        raise
    return descriptor


@contextmanager
def builder_lock(index: Path) -> Iterator[None]:
    """Be the one process that changes ``index``. Raises Busy naming the process that is, ResourceError."""
    path = index / "build.lock"
    try:
        index.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise ResourceError(
            f"cannot write in {index}: {error.strerror}; choose another place with --index or WHOPLAYED_INDEX"
        ) from error
    try:
        _take(descriptor, index)
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int, index: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in _TAKEN:
            raise
        holder = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip() or "unknown"
        raise Busy(
            f"another build of {index} is under way (process {holder}): "
            "wait for it to end, or build elsewhere with --index"
        ) from error
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode("ascii"), 0)
