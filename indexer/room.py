"""Telling a full disk from a fault, in the words of the libraries that meet it first."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer.errors import ResourceError, WhoplayedError

_NO_ROOM = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
# SQLite, Chroma and safetensors (both Rust), and numpy's tofile say it in words only.
_WORDS = (
    "database or disk is full",
    "no space left on device",
    "file too large",
    "disk quota exceeded",
    "os error 27",
    "os error 28",
)


@contextmanager
def room_on(directory: Path) -> Iterator[None]:
    """A block that writes under ``directory``: a full disk leaves it as ResourceError with the remedy."""
    try:
        yield
    except WhoplayedError:
        raise
    except Exception as error:
        if not is_no_room(error):
            raise
        raise ResourceError(
            f"no room left to write in {directory} ({_short(error)}): free some space or lift the limit on "
            "file size, or build elsewhere with --index; the index that served before still does"
        ) from error


def is_no_room(error: BaseException) -> bool:
    """Whether the disk, the quota or the limit on file size is behind ``error``."""
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        return True
    if isinstance(error, sqlite3.Error) and _sqlite_io(error):
        return True
    words = str(error).lower()
    if isinstance(error, OSError) and " requested and " in words:  # numpy: "100 requested and 12 written"
        return True
    if any(word in words for word in _WORDS):
        return True
    cause = error.__cause__ or error.__context__
    return cause is not None and is_no_room(cause)


def _sqlite_io(error: sqlite3.Error) -> bool:
    """SQLITE_FULL, or a write that the system refused."""
    code = getattr(error, "sqlite_errorcode", None)
    return code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_TRUNCATE)


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:120]
