"""Fonts for names of any writing: those of this machine that have the letters."""

from __future__ import annotations

from functools import cache

FIRST = "DejaVu Sans"  # comes with matplotlib
# Asked for in this order, where a machine has them.
_OTHERS = (
    "Noto Sans",
    "Noto Sans CJK JP",
    "Noto Sans CJK SC",
    "Noto Sans Devanagari",
    "Noto Sans Thai",
    "Noto Sans Arabic",
    "Noto Sans Hebrew",
    "Droid Sans Fallback",
    "WenQuanYi Zen Hei",
    "Hiragino Sans",
    "PingFang SC",
    "Arial Unicode MS",
)


@cache
def families() -> tuple[str, ...]:
    """The families to draw with, first to last."""
    from matplotlib import font_manager

    here = set(font_manager.get_font_names())
    return (FIRST, *(name for name in _OTHERS if name in here))


@cache
def _letters() -> frozenset[int]:
    """The code points that any of the families has."""
    from matplotlib import font_manager

    paths = [font_manager.findfont(name) for name in families()]
    return frozenset(code for path in paths for code in font_manager.get_font(path).get_charmap())


def drawable(text: str) -> bool:
    """Whether every letter has a shape here; one without would be an empty box."""
    return all(ord(letter) in _letters() for letter in text)
