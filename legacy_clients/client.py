"""The original window: describe a film, read its likeliest genre. Importing it makes no widget."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import ttk

from indexer.errors import ResourceError
from legacy_clients.asking import Service, Share
from legacy_clients.classes import GENRES
from legacy_clients.controller import Controller, Server
from legacy_clients.look import ACCENT, ALARM, INK, LINE, PALE, QUIET, SHEET, Fonts, scaled, sized, styled

_TITLE = "Movie genres"
_NO_MODEL = "This server does not say which model answers."
_KEYS = "Ctrl+Enter classify · Esc cancel · Alt+↑ ↓ earlier · Ctrl+Shift+C copy"
_SAID_MS = 1_500  # how long the button says that it has copied


class Window:
    """A heading, a box for the description, buttons, six bars; beside them the session's descriptions.

    scale: how much larger than 1000 x 700 everything is; by default what the screen's resolution asks for.
    Raises ResourceError where there is no screen.
    """

    def __init__(self, server: Server, address: str, scale: float | None = None) -> None:
        try:
            self.root = tk.Tk(className="Whoplayed")
        except tk.TclError as error:
            raise ResourceError(f"no window can be opened here ({error}): run this on a desktop") from error
        self._address = address
        self.root.title(_TITLE)
        self.root.protocol("WM_DELETE_WINDOW", self.close)
        scaled(self.root, scale)
        self._fonts = Fonts.of(self.root)
        styled(self.root, self._fonts)
        self._waiting: set[str] = set()
        self._controller = Controller(self, server)
        self._lay_out()
        self._bind_keys()
        sized(self.root)
        self._enable(busy=False)
        self.box.focus_set()
        self._controller.start()

    def run(self) -> None:
        """Until the window is closed."""
        self.root.mainloop()

    def close(self) -> None:
        """Closes the window; an answer still under way is dropped."""
        for waiting in self._waiting:
            self.root.after_cancel(waiting)
        self.root.destroy()

    # ------------------------------------------------------------------- what the controller asks to show

    def show_busy(self) -> None:
        """Only cancelling is left to do while the server thinks."""
        self._enable(busy=True)
        self._say(f"Asking {self._address}…", QUIET)

    def show_waiting(self, seconds: int) -> None:
        """The server takes its time."""
        self._say(f"Still waiting for {self._address} ({seconds} s). Escape cancels.", QUIET)

    def show_shares(self, shares: Sequence[Share]) -> None:
        """The likeliest genre, and all six as percentages with bars."""
        self._enable(busy=False)
        self._say(f"Top prediction: {shares[0].genre}", INK)
        for row, share in zip(self.rows, shares, strict=True):
            row.show(share)

    def show_problem(self, message: str) -> None:
        """A sentence in place of the answer."""
        self._enable(busy=False)
        self._say(message, ALARM)
        for row, genre in zip(self.rows, GENRES, strict=True):
            row.clear(genre)

    def show_plot(self, plot: str) -> None:
        """The description in the box; what was there comes back with Ctrl+Z."""
        self.box.replace("1.0", "end", plot)

    def show_history(self, lines: Sequence[str], place: int | None) -> None:
        """The session's descriptions, the shown one marked."""
        self.list.delete(0, "end")
        self.list.insert("end", *(f" {line}" for line in lines))
        self.list.selection_clear(0, "end")
        if place is not None:
            self.list.selection_set(place)
            self.list.activate(place)
            self.list.see(place)

    def show_model(self, summary: str | None) -> None:
        """The foot."""
        self.foot.configure(text=summary or _NO_MODEL)

    def show_absent(self, message: str) -> None:
        """The foot, while no server is there."""
        self.foot.configure(text=message)

    def later(self, milliseconds: int, call: Callable[[], None]) -> None:
        """Calls back from Tk's loop, unless the window is closed before."""

        def due() -> None:
            self._waiting.discard(name)
            call()

        name = self.root.after(milliseconds, due)
        self._waiting.add(name)

    # --------------------------------------------------------------------------------------------- layout

    def _lay_out(self) -> None:
        self.root.columnconfigure(0, weight=1)
        self.root.rowconfigure(0, weight=1)
        main = ttk.Frame(self.root, padding="18p 14p 12p 6p")
        main.grid(row=0, column=0, sticky="nsew")
        main.columnconfigure(0, weight=1)
        main.rowconfigure(1, weight=1)
        self._add_question(main)
        self._add_answer(main)
        self._add_history()
        self._add_foot()

    def _add_question(self, frame: ttk.Frame) -> None:
        heading = ttk.Label(frame, text="Enter Movie Description Below", style="Heading.TLabel")
        heading.grid(row=0, column=0, pady=("0p", "9p"))
        holder = ttk.Frame(frame)
        holder.grid(row=1, column=0, sticky="nsew")
        holder.columnconfigure(0, weight=1)
        holder.rowconfigure(0, weight=1)
        self.box = tk.Text(holder, height=6, width=40, wrap="word", font=self._fonts.text, undo=True)
        self.box.configure(padx="7p", pady="6p", background=SHEET, foreground=INK, relief="flat")
        _outlined(self.box)
        self.box.grid(row=0, column=0, sticky="nsew")
        _scrolled(holder, self.box)
        self._add_buttons(frame)

    def _add_buttons(self, frame: ttk.Frame) -> None:
        row = ttk.Frame(frame)
        row.grid(row=2, column=0, pady="9p")
        self.button = ttk.Button(
            row, text="Classify", underline=0, style="Main.TButton", command=self._pressed
        )
        self.cancel = ttk.Button(row, text="Cancel", underline=2, command=self._cancelled)
        self.copy = ttk.Button(row, text="Copy", underline=1, command=self._copied)
        for place, button in enumerate((self.button, self.cancel, self.copy)):
            button.grid(row=0, column=place, padx="4p")

    def _add_answer(self, frame: ttk.Frame) -> None:
        self.verdict = ttk.Label(frame, font=self._fonts.heading, justify="center", anchor="center")
        self.verdict.grid(row=3, column=0, sticky="ew", pady=("0p", "6p"))
        self.verdict.bind("<Configure>", self._wrapped)
        bars = ttk.Frame(frame)
        bars.grid(row=4, column=0, sticky="ew", pady=("0p", "6p"))
        bars.columnconfigure(1, weight=1)
        self.rows = [Row(bars, place) for place in range(len(GENRES))]
        for row, genre in zip(self.rows, GENRES, strict=True):
            row.clear(genre)

    def _add_history(self) -> None:
        side = ttk.Frame(self.root, padding="0p 14p 14p 12p")
        side.grid(row=0, column=1, sticky="ns")
        side.rowconfigure(1, weight=1)
        ttk.Label(side, text="Earlier", underline=0).grid(row=0, column=0, sticky="w", pady=("4p", "6p"))
        self.list = tk.Listbox(side, width=26, activestyle="dotbox", exportselection=False, relief="flat")
        self.list.configure(font=self._fonts.small, background=SHEET, foreground=INK, selectborderwidth=0)
        self.list.configure(selectbackground=PALE, selectforeground=INK)
        _outlined(self.list)
        self.list.grid(row=1, column=0, sticky="ns")
        _scrolled(side, self.list, row=1)
        self.list.bind("<<ListboxSelect>>", self._chosen)

    def _add_foot(self) -> None:
        foot = ttk.Frame(self.root, padding="18p 5p 14p 7p")
        foot.grid(row=1, column=0, columnspan=2, sticky="ew")
        foot.columnconfigure(0, weight=1)
        self.foot = ttk.Label(foot, text=f"Looking for {self._address}…", style="Quiet.TLabel")
        self.foot.grid(row=0, column=0, sticky="ew")
        self.foot.bind("<Configure>", self._wrapped)
        ttk.Label(foot, text=_KEYS, style="Quiet.TLabel").grid(row=1, column=0, sticky="w")

    # ----------------------------------------------------------------------------------------------- keys

    def _bind_keys(self) -> None:
        bind = self.root.bind
        bind("<Escape>", lambda _: self._cancelled())
        bind("<Alt-c>", lambda _: self.button.invoke())
        bind("<Alt-n>", lambda _: self.cancel.invoke())
        bind("<Alt-o>", lambda _: self.copy.invoke())
        bind("<Control-C>", lambda _: self._copied())  # a capital C: with Shift
        bind("<Alt-e>", lambda _: self.list.focus_set())
        bind("<Alt-Up>", lambda _: self._controller.step(1))
        bind("<Alt-Down>", lambda _: self._controller.step(-1))
        self.box.bind("<Control-Return>", self._pressed_by_key)
        self.box.bind("<Control-a>", self._all_marked)
        self.box.bind("<Tab>", self._left_forward)
        self.box.bind("<<PrevWindow>>", self._left_back)
        for key in ("<Alt-Up>", "<Alt-Down>"):  # the box's own would move the cursor as well
            self.box.bind(key, self._stepped)
            self.list.bind(key, self._stepped)

    def _pressed(self) -> None:
        self._controller.classify(self.box.get("1.0", "end"))

    def _pressed_by_key(self, _: tk.Event[tk.Text]) -> str:
        self._pressed()
        return "break"  # no line break in the box

    def _cancelled(self) -> None:
        self._controller.cancel()

    def _copied(self) -> None:
        text = self._controller.text()
        if text is None:
            return
        self.root.clipboard_clear()
        self.root.clipboard_append(text)
        self.copy.configure(text="Copied")
        self.later(_SAID_MS, self._offer_copy)

    def _offer_copy(self) -> None:
        self.copy.configure(text="Copy")

    def _chosen(self, _: tk.Event[tk.Listbox]) -> None:
        chosen = self.list.curselection()  # type: ignore[no-untyped-call]  # typeshed leaves it untyped
        if chosen:
            self._controller.recall(int(chosen[0]))

    def _stepped(self, event: tk.Event[tk.Misc]) -> str:
        self._controller.step(1 if event.keysym == "Up" else -1)
        return "break"

    def _all_marked(self, _: tk.Event[tk.Text]) -> str:
        self.box.tag_add("sel", "1.0", "end-1c")
        return "break"

    def _left_forward(self, _: tk.Event[tk.Text]) -> str:
        _focus(self.box.tk_focusNext())
        return "break"  # no tabulator in the box

    def _left_back(self, _: tk.Event[tk.Text]) -> str:
        _focus(self.box.tk_focusPrev())
        return "break"

    def _wrapped(self, event: tk.Event[ttk.Label]) -> None:
        event.widget.configure(wraplength=event.width)

    def _enable(self, *, busy: bool) -> None:
        """Which buttons can be pressed."""
        self.button.state(["disabled" if busy else "!disabled"])
        self.cancel.state(["!disabled" if busy else "disabled"])
        self.copy.state(["disabled" if self._controller.text() is None else "!disabled"])

    def _say(self, text: str, colour: str) -> None:
        answer = colour == INK
        font = self._fonts.heading if answer else self._fonts.text
        self.verdict.configure(text=text, foreground=colour, font=font)


class Row:
    """One genre: its name, its bar, its percentage."""

    def __init__(self, frame: ttk.Frame, place: int) -> None:
        self.name = ttk.Label(frame, width=13, anchor="e")
        self.bar = ttk.Progressbar(frame, maximum=100, style="Share.Horizontal.TProgressbar")
        self.percent = ttk.Label(frame, width=7, anchor="e")
        self.name.grid(row=place, column=0, sticky="e", padx=("0p", "9p"), pady="2p")
        self.bar.grid(row=place, column=1, sticky="ew")
        self.percent.grid(row=place, column=2, sticky="e", padx=("6p", "0p"))

    def show(self, share: Share) -> None:
        """A genre with its share."""
        self.name.configure(text=share.genre)
        self.percent.configure(text=f"{share.share:.1%}")
        self.bar.configure(value=100 * share.share)

    def clear(self, genre: str) -> None:
        """A genre of which nothing is known."""
        self.name.configure(text=genre)
        self.percent.configure(text="")
        self.bar.configure(value=0)


def _outlined(widget: tk.Text | tk.Listbox) -> None:
    """A thin line around, in the accent's colour where the keyboard is."""
    widget.configure(highlightthickness=1, highlightbackground=LINE, highlightcolor=ACCENT, borderwidth=0)


def _scrolled(frame: ttk.Frame, widget: tk.Text | tk.Listbox, row: int = 0) -> None:
    """A scroll bar beside it, while there is something to scroll."""
    bar = ttk.Scrollbar(frame, orient="vertical", command=widget.yview)
    bar.grid(row=row, column=1, sticky="ns")

    def moved(first: float, last: float) -> None:  # which come as text
        bar.set(first, last)
        if float(first) <= 0 and float(last) >= 1:
            bar.grid_remove()
        else:
            bar.grid()

    widget.configure(yscrollcommand=moved)


def _focus(widget: tk.Misc | None) -> None:
    if widget is not None:
        widget.focus_set()


def run(url: str, scale: float | None = None) -> None:
    """Opens the window over the service at ``url`` and returns when it is closed."""
    Window(Service(url), url, scale).run()
