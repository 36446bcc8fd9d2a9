"""What the server keeps of each open page: its conversation, and no more; of a closed one, for a while.

Gradio 6.31 describes every component of the page anew for each visitor, for links to a page as it stands,
which nothing here makes, and again for each that changes; that is much of the time and of the memory of a
visit. It keeps the last ten thousand visitors and programs, wherever they have gone.
"""

from __future__ import annotations

from copy import copy
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from gradio.components import State
from gradio.routes import App
from gradio.state_holder import SessionState, StateHolder

if TYPE_CHECKING:
    import gradio as gr
    from fastapi import FastAPI

CAPACITY = 2_000  # pages and calls
MOST_CLOSED = 50  # closed pages and finished calls among them
CLOSED_FOR = timedelta(minutes=10)  # somebody whose line broke comes back by then


class LeanSession(SessionState):
    """One page: its own values, and those components that it changed; no description of any."""

    def __init__(self, blocks: gr.Blocks) -> None:
        # Not SessionState's, which does what is to be spared.
        self.blocks_config = copy(blocks.default_config)
        self.config_values: dict[int, Any] = {}
        self.state_data: dict[int, Any] = {}
        self._state_ttl: dict[int, Any] = {}
        self.is_closed = False
        self.STATE_TTL_WHEN_CLOSED = int(CLOSED_FOR.total_seconds())

    def __setitem__(self, key: int, value: Any) -> None:
        block = self.blocks_config.blocks.get(key)
        if isinstance(block, State):
            self._state_ttl[key] = (block.time_to_live, datetime.now())
            self.state_data[key] = value
        else:
            self.blocks_config.blocks[key] = value

    def _update_config(self, key: int) -> None:
        """Nothing is described."""

    def _update_value_in_config(self, key: int, value: Any) -> None:
        """Nothing is described."""


class LeanHolder(StateHolder):
    """The pages that are open, and those closed a short while ago."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def __getitem__(self, session_id: str) -> SessionState:
        if session_id not in self.session_data:
            self._forget()
            self.session_data[session_id] = LeanSession(self.blocks)
        return super().__getitem__(session_id)

    def _forget(self) -> None:
        """Let go of what was closed long ago, and of the oldest of too many closed ones."""
        with self.lock:
            closed = [key for key, held in self.session_data.items() if held.is_closed or not held.state_data]
            long_ago = datetime.now() - CLOSED_FOR
            for place, key in enumerate(closed):  # the least lately used first
                if place < len(closed) - MOST_CLOSED or self.time_last_used.get(key, long_ago) <= long_ago:
                    self.session_data.pop(key, None)
                    self.time_last_used.pop(key, None)


def keep_little(app: FastAPI, blocks: gr.Blocks) -> None:
    """Let the page that was mounted last hold its visitors so. Raises TypeError where that is no page."""
    page = getattr(app.routes[-1], "app", None)
    if not isinstance(page, App):
        raise TypeError(f"no page is mounted, but {page!r}")
    holder = LeanHolder()
    blocks.state_session_capacity = CAPACITY
    holder.set_blocks(blocks)
    page.state_holder = holder
