"""One connection of a thread: closing it under a statement stops the statement, not the process."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from indexer.catalog.reader import UNLIMITED, Reader
from indexer.errors import IndexUnusable

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
# The process would die of it, so it has one of its own.
CLOSED_UNDER_A_STATEMENT = """
import sys
from pathlib import Path
from tests.indexer.catalog.test_reader import closed_under_a_statement
print(closed_under_a_statement(Path(sys.argv[1])))
"""


def _watched(reader: Reader) -> threading.Event:
    """Set once SQLite has looked at the clock, as it does within a statement alone."""
    looked = threading.Event()
    is_late: Callable[[], bool] = reader._clock.is_late

    def watching() -> bool:
        looked.set()
        return is_late()

    reader._connection.set_progress_handler(watching, 1_000)
    return looked


def closed_under_a_statement(path: Path) -> str:
    reader = Reader(path)
    looked = _watched(reader)
    with ThreadPoolExecutor(1) as threads:
        counting = threads.submit(reader.rows, ENDLESS, (), UNLIMITED)
        looked.wait()
        reader.close()
        return str(counting.exception())


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    path = tmp_path / "empty.db"
    sqlite3.connect(path).execute("VACUUM").connection.close()
    return path


def test_a_statement_is_stopped_where_its_connection_is_closed(empty: Path) -> None:
    command = [sys.executable, "-c", CLOSED_UNDER_A_STATEMENT, str(empty)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == f"{empty} was closed while it was read: ask again", done.stderr
    assert done.returncode == 0


def test_a_closed_reader_says_so(empty: Path) -> None:
    reader = Reader(empty)
    reader.close()
    reader.close()
    with pytest.raises(IndexUnusable, match="closed while it was read"):
        reader.rows("SELECT 1", (), UNLIMITED)
