"""How the page looks: a calm theme in light and dark, with fonts that Gradio brings along."""

from __future__ import annotations

from pathlib import Path

from gradio.themes import Base
from gradio.themes.utils.fonts import Font, LocalFont

_SCRIPT = Path(__file__).with_name("page.js")
_STYLE = Path(__file__).with_name("style.css")


def head() -> str:
    """Our style sheet for the page's head; given as ``css``, Gradio would rewrite its selectors."""
    return f"<style>\n{_STYLE.read_text(encoding='utf-8')}</style>"


def script() -> str:
    """What the page runs when it is loaded."""
    return _SCRIPT.read_text(encoding="utf-8")


def theme() -> Base:
    """Slate and a muted teal; nothing is fetched from another host."""
    look = Base(
        primary_hue="teal",
        secondary_hue="slate",
        neutral_hue="slate",
        radius_size="lg",
        font=(LocalFont("IBM Plex Sans", weights=(400, 700)), Font("system-ui"), Font("sans-serif")),
        font_mono=(Font("ui-monospace"), Font("monospace")),
    )
    return look.set(
        body_background_fill="*neutral_50",
        body_background_fill_dark="*neutral_950",
        block_background_fill="white",
        block_background_fill_dark="*neutral_900",
        block_border_width="1px",
        block_shadow="none",
        body_text_color_subdued="*neutral_500",  # 4.8:1 on white, where the default is 2.6:1
        body_text_color_subdued_dark="*neutral_400",
        input_placeholder_color="*neutral_500",
        input_placeholder_color_dark="*neutral_400",
        button_primary_background_fill="*primary_700",
        button_primary_background_fill_hover="*primary_800",
        button_primary_background_fill_dark="*primary_700",
        button_primary_text_color="white",
    )
