"""One service over the sample for all tests of the older clients, and a screen for its window."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from assistant.core import Assistant
from legacy_clients.resources import Engine
from legacy_clients.server import create_app, listen, warmed

if TYPE_CHECKING:
    from waitress import Server

Post = Callable[[str, Any], TestResponse]


@pytest.fixture(scope="session")
def engine(sample_index: Path) -> Iterator[Assistant]:
    opened = Assistant.open(sample_index)
    assert warmed(opened.index) == []
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def client(engine: Assistant) -> FlaskClient:
    return create_app(engine, ["films.example"]).test_client()


def _until_closed(server: Server) -> None:
    with suppress(OSError):  # its loop may still wait on the socket that close() takes away
        server.run()


@contextmanager
def listening(engine: Engine) -> Iterator[str]:
    """The address of a real server over an engine."""
    server = listen(create_app(engine), "127.0.0.1", 0)
    thread = threading.Thread(target=_until_closed, args=(server,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(10)


@pytest.fixture(scope="session")
def address(engine: Assistant) -> Iterator[str]:
    with listening(engine) as address:
        yield address


@contextmanager
def screen(*options: str) -> Iterator[str]:
    """The name of a screen of our own."""
    program = shutil.which("Xvfb")
    assert program is not None, "mark the test with @pytest.mark.display"
    read, write = os.pipe()
    arguments = [program, "-displayfd", str(write), *options, "-nolisten", "tcp"]
    process = subprocess.Popen(arguments, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as pipe:
        number = pipe.readline().strip()
    try:
        yield f":{number}"
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """A screen of 96 dots to the inch."""
    pytest.importorskip("tkinter")
    with screen("-screen", "0", "1200x800x24", "-dpi", "96") as name:
        yield name


class Broken:
    """An engine of which every question fails."""

    def reading(self) -> AbstractContextManager[Any]:
        raise RuntimeError("the inner words of a failure")
