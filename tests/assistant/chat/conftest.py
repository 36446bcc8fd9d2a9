"""One served page for all tests that need one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.assistant.chat.browsing import FLAGS, Visit, serving


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a page over the scripted assistant."""
    with serving(tmp_path_factory.mktemp("chats") / "chats.db") as address:
        yield address


@pytest.fixture(
    scope="module"
)  # while it is open, this thread's event loop runs, and other modules need their own
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture(scope="session")
def album(pytestconfig: pytest.Config) -> Path | None:
    """The folder that ``--screenshots`` names, made where it is not there; None without it."""
    folder: Path | None = pytestconfig.getoption("--screenshots")
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def visit(browser: Browser, served: str) -> Iterator[Visit]:
    opened = Visit.open(browser, served)
    yield opened
    opened.close()
