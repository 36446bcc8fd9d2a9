"""How the window looks: one theme, its colours and fonts; all lengths in points, so that screens may be fine.

96 dots to the inch, where 1000 x 700 pixels were made for, are four thirds of a dot to a point.
"""

from __future__ import annotations

import tkinter as tk
from dataclasses import dataclass
from tkinter import font, ttk

INK, QUIET, ALARM = "#1c2422", "#56635f", "#a4262c"
PAPER, SHEET, LINE = "#f5f7f6", "#ffffff", "#cfd8d5"
ACCENT, PRESSED, PALE = "#0f766e", "#0b5a54", "#dcebe8"
WIDTH, HEIGHT = 750.0, 525.0  # points
LEAST_WIDTH, LEAST_HEIGHT = 540.0, 400.0
_USUAL_DPI, _FINEST = 96.0, 4.0
_OF_SCREEN = 0.95  # of the screen that the window takes at most


@dataclass(frozen=True)
class Fonts:
    """The named fonts of the window; sizes in points."""

    heading: font.Font
    text: font.Font
    small: font.Font

    @classmethod
    def of(cls, root: tk.Tk) -> Fonts:
        """In the screen's own typeface."""
        family = str(font.nametofont("TkDefaultFont", root).actual("family"))
        return cls(
            font.Font(root, family=family, size=17, weight="bold"),
            font.Font(root, family=family, size=11),
            font.Font(root, family=family, size=9),
        )


def scaled(root: tk.Tk, scale: float | None) -> None:
    """Sets how many dots a point has: as on this screen, no fewer than at 96 to the inch; or ``scale``."""
    found = root.winfo_fpixels("1i") / _USUAL_DPI if scale is None else scale
    root.tk.call("tk", "scaling", min(max(found, 1.0), _FINEST) * _USUAL_DPI / 72)


def sized(root: tk.Tk) -> None:
    """1000 x 700 pixels at 96 dots to the inch, more on a finer screen, no more than the screen has."""
    most = (_OF_SCREEN * root.winfo_screenwidth(), _OF_SCREEN * root.winfo_screenheight())
    wanted = (_pixels(root, WIDTH), _pixels(root, HEIGHT))
    width, height = (int(min(pair)) for pair in zip(wanted, most, strict=True))
    root.geometry(f"{width}x{height}")
    root.minsize(
        min(width, round(_pixels(root, LEAST_WIDTH))), min(height, round(_pixels(root, LEAST_HEIGHT)))
    )


def styled(root: tk.Tk, fonts: Fonts) -> None:
    """Colours and fonts of all that ttk draws."""
    root.configure(background=PAPER)
    style = ttk.Style(root)
    style.theme_use("clam")
    style.configure(".", background=PAPER, foreground=INK, font=fonts.text, bordercolor=LINE)
    style.configure("Heading.TLabel", font=fonts.heading)
    style.configure("Quiet.TLabel", font=fonts.small, foreground=QUIET)
    style.configure("TButton", padding="9p 4p", background=SHEET, focuscolor=ACCENT)
    style.map("TButton", background=[("disabled", PAPER), ("active", PALE)])
    edges = {"bordercolor": ACCENT, "lightcolor": ACCENT, "darkcolor": ACCENT}
    style.configure("Main.TButton", background=ACCENT, foreground=SHEET, focuscolor=SHEET, **edges)
    style.map(
        "Main.TButton",
        background=[("disabled", LINE), ("pressed", PRESSED), ("active", PRESSED)],
        foreground=[("disabled", QUIET)],
    )
    _bars_styled(root, style)


def _bars_styled(root: tk.Tk, style: ttk.Style) -> None:
    """Flat bars; clam counts their thickness in dots."""
    flat = {"bordercolor": PALE, "troughcolor": PALE}
    bar = {"background": ACCENT, "lightcolor": ACCENT, "darkcolor": ACCENT}
    thickness = round(_pixels(root, 14))
    style.configure("Share.Horizontal.TProgressbar", thickness=thickness, arrowsize=thickness, **bar, **flat)
    scroll = {"background": LINE, "lightcolor": LINE, "darkcolor": LINE, "arrowcolor": QUIET}
    rail = {"bordercolor": PAPER, "troughcolor": PAPER}
    style.configure("TScrollbar", gripcount=0, arrowsize=round(_pixels(root, 9)), **scroll, **rail)


def _pixels(root: tk.Tk, points: float) -> float:
    return root.winfo_fpixels(f"{points}p")
