"""A full disk is told from a fault, whichever library met it."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

import pytest

from indexer.errors import Busy, ResourceError
from indexer.meters import measured
from indexer.room import is_no_room, room_on


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EFBIG, "File too large"),
        OSError("1000 requested and 12 written"),
        sqlite3.OperationalError("database or disk is full"),
        RuntimeError("I/O error: File too large (os error 27)"),
    ],
)
def test_each_librarys_full_disk_is_recognised(error: Exception) -> None:
    assert is_no_room(error)


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.EACCES, "Permission denied"),
        sqlite3.OperationalError("no such table: t"),
        ValueError("7"),
    ],
)
def test_other_faults_are_not(error: Exception) -> None:
    assert not is_no_room(error)


def test_a_full_disk_behind_another_error_is_recognised() -> None:
    try:
        try:
            raise OSError(errno.ENOSPC, "No space left on device")
        except OSError as full:
            raise RuntimeError("could not save the model") from full
    except RuntimeError as error:
        assert is_no_room(error)


def test_the_message_names_the_place_and_the_remedy(tmp_path: Path) -> None:
    with (
        pytest.raises(
            ResourceError, match=rf"no room left to write in {tmp_path} .*free some space.*--index"
        ),
        room_on(tmp_path),
    ):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_errors_with_a_message_of_their_own_pass_unchanged(tmp_path: Path) -> None:
    with pytest.raises(Busy, match=r"^taken$"), room_on(tmp_path):
        raise Busy("taken")


def test_a_block_that_needs_memory_shows_in_its_peak_and_not_in_the_next() -> None:
    with measured() as small:
        pass
    with measured() as large:
        block = b"x" * 200_000_000
        del block
    with measured() as after:
        pass
    assert large.peak_mb > small.peak_mb + 150
    assert after.peak_mb < large.peak_mb - 100
