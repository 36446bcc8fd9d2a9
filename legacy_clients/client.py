"""The original window: describe a film, read its likeliest genre. Importing it makes no widget."""

from __future__ import annotations

import functools
import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import ttk

from indexer.errors import ResourceError
from legacy_clients.asking import Share, ask_server
from legacy_clients.classes import GENRES
from legacy_clients.controller import Controller

_TITLE = "Movie genres"
_SIZE = (1000, 700)
_HEADING = ("TkDefaultFont", 20, "bold")
_TEXT = ("TkDefaultFont", 13)
_BAR = 460  # pixels of a share of 1


class Window:
    """1000 x 700 pixels: a heading, a box for the description, a button, and six bars."""

    def __init__(self, ask: Callable[[str], Sequence[Share]]) -> None:
        try:
            self.root = tk.Tk()
        except tk.TclError as error:
            raise ResourceError(f"no window can be opened here ({error}): run this on a desktop") from error
        self.root.title(_TITLE)
        self.root.geometry(f"{_SIZE[0]}x{_SIZE[1]}")
        self.root.protocol("WM_DELETE_WINDOW", self.close)
        self._waiting: str | None = None
        self._controller = Controller(self, ask)
        self._add_question()
        self._add_answer()
        self.box.focus_set()

    def run(self) -> None:
        """Until the window is closed."""
        self.root.mainloop()

    def close(self) -> None:
        """Closes the window; an answer still under way is dropped."""
        if self._waiting is not None:
            self.root.after_cancel(self._waiting)
        self.root.destroy()

    def show_busy(self) -> None:
        """The button sleeps while the server thinks."""
        self.button.state(["disabled"])
        self._say("Asking the server...", "gray35")

    def show_shares(self, shares: Sequence[Share]) -> None:
        """The likeliest genre, and all six as percentages with bars."""
        self.button.state(["!disabled"])
        self._say(f"Top prediction: {shares[0].genre}", "black")
        for row, share in zip(self._rows, shares, strict=True):
            row.show(share)

    def show_problem(self, message: str) -> None:
        """A sentence in place of the answer."""
        self.button.state(["!disabled"])
        self._say(message, "#a40000")
        for row in self._rows:
            row.clear()

    def later(self, milliseconds: int, call: Callable[[], None]) -> None:
        """Calls back from Tk's loop."""
        self._waiting = self.root.after(milliseconds, call)

    def _say(self, text: str, colour: str) -> None:
        self.verdict.configure(text=text, foreground=colour)

    def _add_question(self) -> None:
        frame = ttk.Frame(self.root, padding=(30, 24, 30, 8))
        frame.pack(fill="x")
        ttk.Label(frame, text="Enter Movie Description Below", font=_HEADING).pack()
        self.box = tk.Text(frame, height=10, wrap="word", font=_TEXT, padx=8, pady=8, undo=True)
        self.box.pack(fill="x", pady=(16, 12))
        self.button = ttk.Button(frame, text="Classify", command=self._pressed)
        self.button.pack(ipadx=24, ipady=4)
        self.box.bind("<Control-Return>", self._pressed_by_key)

    def _add_answer(self) -> None:
        frame = ttk.Frame(self.root, padding=(30, 12, 30, 24))
        frame.pack(fill="both", expand=True)
        self.verdict = ttk.Label(frame, font=_HEADING, wraplength=_SIZE[0] - 60, justify="center")
        self.verdict.grid(row=0, column=0, columnspan=3, pady=(0, 12))
        frame.columnconfigure(1, weight=1)
        self._rows = [_Row(frame, place) for place in range(1, len(GENRES) + 1)]

    def _pressed(self) -> None:
        self._controller.classify(self.box.get("1.0", "end"))

    def _pressed_by_key(self, _: tk.Event[tk.Text]) -> str:
        self._pressed()
        return "break"  # no line break in the box


class _Row:
    """One genre: its name, its bar, its percentage."""

    def __init__(self, frame: ttk.Frame, place: int) -> None:
        self.name = ttk.Label(frame, width=14, anchor="e", font=_TEXT)
        self.canvas = tk.Canvas(frame, height=20, width=_BAR, highlightthickness=0)
        self.bar = self.canvas.create_rectangle(0, 0, 0, 20, width=0, fill="#3a6ea5")
        self.percent = ttk.Label(frame, width=8, anchor="w", font=_TEXT)
        self.name.grid(row=place, column=0, sticky="e", padx=(0, 12), pady=3)
        self.canvas.grid(row=place, column=1, sticky="we")
        self.percent.grid(row=place, column=2, sticky="w", padx=(12, 0))

    def show(self, share: Share) -> None:
        self.name.configure(text=share.genre)
        self.percent.configure(text=f"{share.share:.1%}")
        width = max(self.canvas.winfo_width(), _BAR)
        self.canvas.coords(self.bar, 0, 0, round(width * share.share), 20)

    def clear(self) -> None:
        self.name.configure(text="")
        self.percent.configure(text="")
        self.canvas.coords(self.bar, 0, 0, 0, 20)


def run(url: str) -> None:
    """Opens the window over the service at ``url`` and returns when it is closed."""
    Window(functools.partial(ask_server, url)).run()
