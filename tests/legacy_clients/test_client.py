"""The window on a screen of its own: what it shows, and that the keyboard reaches all of it."""

import gc
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from assistant.core import Assistant
from indexer.errors import ResourceError
from legacy_clients.asking import AskingFailed, Service, Share
from tests.legacy_clients.conftest import listening, screen

if TYPE_CHECKING:
    from legacy_clients.client import Window

SHARES = [
    Share("western", 0.615),
    Share("drama", 0.2),
    Share("action", 0.1),
    Share("comedy", 0.05),
    Share("horror", 0.03),
    Share("documentary", 0.005),
]
PLOT = "A sheriff rides into town."


class Server:
    """Answers "sheriff", is down for others, and waits for ``release`` where it is slow."""

    def __init__(self) -> None:
        self.release = threading.Event()
        self.release.set()

    def ask(self, plot: str) -> Sequence[Share]:
        assert self.release.wait(20)
        if "sheriff" not in plot:
            raise AskingFailed("The server cannot be reached.")
        return SHARES

    def model(self) -> str | None:
        return "Trained on 120 plots."


@pytest.fixture(autouse=True)
def _collected() -> Iterator[None]:
    """A window's objects are in circles; Tcl aborts the process where another thread happens to free them."""
    yield
    gc.collect()


@contextmanager
def opened(display: str, monkeypatch: pytest.MonkeyPatch, server: Server | Service) -> Iterator["Window"]:
    from legacy_clients.client import Window

    monkeypatch.setenv("DISPLAY", display)
    window = Window(server, "http://127.0.0.1:5000")
    try:
        window.root.update()
        window.box.focus_force()
        window.root.update()
        yield window
    finally:
        window.close()


def wait_until(window: "Window", reached: Callable[[], bool]) -> None:
    """Runs the window's loop until something holds, twenty seconds at most."""
    late: list[bool] = []
    guard = window.root.after(20_000, late.append, True)
    while not reached() and not late:
        window.root.tk.dooneevent()
    window.root.after_cancel(guard)
    assert reached()


def says(window: "Window", text: str) -> Callable[[], bool]:
    return lambda: text in str(window.verdict.cget("text"))


def classify(window: "Window", plot: str, text: str) -> None:
    window.show_plot(plot)
    window.button.invoke()
    wait_until(window, says(window, text))


def test_importing_makes_no_widget_and_needs_no_display() -> None:
    code = "import tkinter, legacy_clients.client; print(tkinter._default_root)"
    without = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=without, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "None"


def test_without_a_display_the_error_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("tkinter")
    monkeypatch.delenv("DISPLAY", raising=False)
    from legacy_clients.client import Window

    with pytest.raises(ResourceError, match="no window can be opened here"):
        Window(Server(), "")


@pytest.mark.display
def test_the_window_shows_the_answer_its_bars_and_the_model(
    display: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(display, monkeypatch, Server()) as window:
        assert abs(window.root.winfo_width() - 1000) < 3
        assert abs(window.root.winfo_height() - 700) < 3
        classify(window, PLOT, "Top prediction: western")
        assert [row.name.cget("text") for row in window.rows] == [share.genre for share in SHARES]
        assert [row.percent.cget("text") for row in window.rows][:2] == ["61.5%", "20.0%"]
        assert [float(row.bar.cget("value")) for row in window.rows][:2] == [61.5, 20.0]
        wait_until(window, lambda: window.foot.cget("text") == "Trained on 120 plots.")
        window.show_model("Trained on 120 plots and 2,000 rows, and good on those that were held out. " * 4)
        wait_until(window, lambda: window.foot.winfo_reqwidth() <= window.foot.winfo_width() < 1000)
        assert window.button.instate(["!disabled"])
        assert window.cancel.instate(["disabled"])


@pytest.mark.display
def test_a_server_that_is_down_is_said_and_the_bars_are_empty(
    display: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(display, monkeypatch, Server()) as window:
        classify(window, PLOT, "Top prediction")
        classify(window, "A plot", "The server cannot be reached.")
        assert [row.percent.cget("text") for row in window.rows] == [""] * 6
        assert [float(row.bar.cget("value")) for row in window.rows] == [0] * 6
        assert window.copy.instate(["disabled"])


@pytest.mark.display
def test_the_foot_says_that_no_server_is_there(display: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(display, monkeypatch, Service("http://127.0.0.1:9")) as window:
        wait_until(window, lambda: "cannot be reached" in str(window.foot.cget("text")))
        assert window.verdict.cget("text") == ""


@pytest.mark.display
def test_a_slow_server_is_said_and_escape_cancels(display: str, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server()
    server.release.clear()
    with opened(display, monkeypatch, server) as window:
        window.show_plot(PLOT)
        window.button.invoke()
        assert window.button.instate(["disabled"])
        assert window.cancel.instate(["!disabled"])
        wait_until(window, says(window, "Still waiting for http://127.0.0.1:5000 (3 s). Escape cancels."))
        window.box.event_generate("<Escape>")
        wait_until(window, says(window, "Cancelled."))
        server.release.set()
        classify(window, f"{PLOT} Again.", "Top prediction: western")
        assert window.list.size() == 1


@pytest.mark.display
def test_closing_while_the_server_thinks_is_quiet(display: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(display, monkeypatch, Server()) as window:
        window.show_plot(PLOT)
        window.button.invoke()
    with opened(display, monkeypatch, Server()) as again:
        assert again.button.winfo_exists()


@pytest.mark.display
def test_the_keyboard_reaches_everything(display: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(display, monkeypatch, Server()) as window:
        window.show_plot(PLOT)
        window.box.event_generate("<Control-Return>")
        wait_until(window, says(window, "Top prediction"))
        assert window.box.get("1.0", "end-1c") == PLOT
        window.show_plot("A sheriff walks.")
        window.root.event_generate("<Alt-c>")
        wait_until(window, lambda: window.list.size() == 2)
        for key, plot in (("<Alt-Up>", PLOT), ("<Alt-Down>", "A sheriff walks.")):
            window.box.event_generate(key)
            assert window.box.get("1.0", "end-1c") == plot
        window.root.event_generate("<Control-C>")
        assert window.root.clipboard_get().startswith("A sheriff walks.\n\nTop prediction: western\nwestern")
        assert window.copy.cget("text") == "Copied"
        window.list.selection_clear(0, "end")
        window.list.selection_set(1)
        window.list.event_generate("<<ListboxSelect>>")
        assert window.box.get("1.0", "end-1c") == PLOT
        window.box.event_generate("<Control-z>")
        assert window.box.get("1.0", "end-1c") != PLOT


@pytest.mark.display
def test_tab_leaves_the_box_and_comes_back(display: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(display, monkeypatch, Server()) as window:
        reached = []
        for _ in range(4):
            widget = window.root.focus_get()
            assert widget is not None
            reached.append(widget)
            widget.event_generate("<Tab>")
            window.root.update()
        assert reached[0] is window.box
        assert window.button in reached
        assert window.list in reached
        assert window.box.get("1.0", "end-1c") == ""
        window.box.focus_force()
        window.box.event_generate("<<PrevWindow>>")
        window.root.update()
        assert window.root.focus_get() is not window.box


MEASURED = """
from legacy_clients.client import Window
from tests.legacy_clients.test_client import Server
window = Window(Server(), "")
window.root.update()
bars = max(row.name.winfo_rooty() + row.name.winfo_height() for row in window.rows)
foot = window.foot.winfo_rooty()
print(window.root.winfo_width(), bars, foot, foot + window.foot.winfo_height())
window.close()
"""


@pytest.mark.display
@pytest.mark.parametrize(("dots", "size", "width"), [(192, "2400x1600x24", 2000), (96, "800x600x24", 760)])
def test_a_fine_screen_gets_a_larger_window_and_a_small_one_what_fits(
    dots: int, size: str, width: int
) -> None:
    pytest.importorskip("tkinter")
    with screen("-screen", "0", size, "-dpi", str(dots)) as name:  # Tk ends the process with its screen
        environment = {**os.environ, "DISPLAY": name}
        done = subprocess.run(
            [sys.executable, "-c", MEASURED], env=environment, capture_output=True, text=True, check=True
        )
    found, bars, foot, bottom = map(int, done.stdout.split())
    assert abs(found - width) < 6
    assert bars < foot
    assert bottom <= int(size.split("x")[1])


@pytest.mark.display
def test_real_keys_ask_the_real_server(
    display: str, monkeypatch: pytest.MonkeyPatch, engine: Assistant
) -> None:
    xdotool = shutil.which("xdotool")
    if xdotool is None:
        pytest.skip("xdotool is not installed: no keys to press")
    with listening(engine) as address, opened(display, monkeypatch, Service(address)) as window:
        pressed = [xdotool, "type", "--delay", "1", "Two robots fall in love."]
        subprocess.run(pressed, check=True, env={**os.environ, "DISPLAY": display})
        wait_until(window, lambda: window.box.get("1.0", "end-1c") == "Two robots fall in love.")
        subprocess.run([xdotool, "key", "ctrl+Return"], check=True, env={**os.environ, "DISPLAY": display})
        wait_until(window, says(window, "Top prediction: "))
        shares = [float(row.bar.cget("value")) for row in window.rows]
        assert sum(shares) == pytest.approx(100, abs=0.1)
        assert "of build" in str(window.foot.cget("text"))
