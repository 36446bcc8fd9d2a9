"""One served page for all tests that need one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def served() -> Iterator[str]:
    """The address of a page over the scripted assistant."""
    command = [sys.executable, "-m", "tests.assistant.chat.server"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        line = server.stdout.readline()
        try:
            assert line.startswith("Whoplayed is at http://127.0.0.1:"), line
            yield line.split()[3]
        finally:
            server.terminate()
