import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

from indexer.errors import ResourceError
from legacy_clients.asking import AskingFailed, Share

SHARES = [
    Share("western", 0.615),
    Share("drama", 0.2),
    Share("action", 0.1),
    Share("comedy", 0.05),
    Share("horror", 0.03),
    Share("documentary", 0.005),
]


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """A screen of our own."""
    pytest.importorskip("tkinter")
    program = shutil.which("Xvfb")
    if program is None:
        pytest.skip("Xvfb is not installed: no display to open a window on")
    read, write = os.pipe()
    arguments = [program, "-displayfd", str(write), "-screen", "0", "1200x800x24", "-nolisten", "tcp"]
    process = subprocess.Popen(arguments, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as pipe:
        number = pipe.readline().strip()
    yield f":{number}"
    process.terminate()
    process.wait(10)


def test_importing_makes_no_widget_and_needs_no_display() -> None:
    code = "import tkinter, legacy_clients.client; print(tkinter._default_root)"
    without = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=without, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "None"


@pytest.mark.display
def test_the_window_shows_the_answer_and_its_bars(display: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", display)
    from legacy_clients.client import Window

    window = Window(lambda plot: SHARES if "sheriff" in plot else [])
    try:
        window.root.update()
        assert (window.root.winfo_width(), window.root.winfo_height()) == (1000, 700)
        window.box.insert("1.0", "A sheriff rides into town.")
        window.button.invoke()
        assert window.button.instate(["disabled"])
        wait_for(window, "Top prediction: western")
        assert [row.name.cget("text") for row in window._rows] == [share.genre for share in SHARES]
        assert [row.percent.cget("text") for row in window._rows][:2] == ["61.5%", "20.0%"]
        widths = [row.canvas.coords(row.bar)[2] for row in window._rows]
        assert widths == sorted(widths, reverse=True)
        assert window.button.instate(["!disabled"])
    finally:
        window.close()


@pytest.mark.display
def test_a_server_that_is_down_is_said_in_the_window(display: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", display)
    from legacy_clients.client import Window

    def ask(plot: str) -> list[Share]:
        raise AskingFailed("The server cannot be reached.")

    window = Window(ask)
    try:
        window.box.insert("1.0", "A plot")
        window.button.invoke()
        wait_for(window, "The server cannot be reached.")
        assert [row.percent.cget("text") for row in window._rows] == [""] * 6
    finally:
        window.close()


@pytest.mark.display
def test_closing_while_the_server_thinks_is_quiet(display: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", display)
    from legacy_clients.client import Window

    window = Window(lambda _: SHARES)
    window.box.insert("1.0", "A plot")
    window.button.invoke()
    window.close()
    again = Window(lambda _: SHARES)
    assert again.button.winfo_exists()
    again.close()


def test_without_a_display_the_error_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("tkinter")
    monkeypatch.delenv("DISPLAY", raising=False)
    from legacy_clients.client import Window

    with pytest.raises(ResourceError, match="no window can be opened here"):
        Window(lambda _: SHARES)


def wait_for(window: object, text: str) -> None:
    """Runs the window's loop until it says ``text``, ten seconds at most."""
    import tkinter as tk

    from legacy_clients.client import Window

    assert isinstance(window, Window)
    late = tk.BooleanVar(window.root, value=False)
    guard = window.root.after(10_000, late.set, True)
    while window.verdict.cget("text") != text and not late.get():
        window.root.tk.dooneevent()
    window.root.after_cancel(guard)
    assert window.verdict.cget("text") == text
