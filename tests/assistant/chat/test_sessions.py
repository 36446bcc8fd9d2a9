from __future__ import annotations

from datetime import timedelta

import gradio as gr
import pytest
from fastapi import FastAPI
from gradio.state_holder import SessionState

from assistant.chat.sessions import CLOSED_FOR, MOST_CLOSED, LeanHolder, LeanSession, keep_little


@pytest.fixture(scope="module")
def blocks() -> gr.Blocks:
    made: gr.Blocks = gr.Blocks(analytics_enabled=False)
    with made:
        gr.State(["first"])
        gr.Textbox("x")
    return made


def _holder(blocks: gr.Blocks) -> tuple[LeanHolder, int]:
    """With the key of the page's conversation."""
    holder = LeanHolder()
    holder.set_blocks(blocks)
    return holder, next(key for key, block in blocks.blocks.items() if isinstance(block, gr.State))


def test_a_session_has_all_that_gradios_has(blocks: gr.Blocks) -> None:
    assert vars(LeanSession(blocks)).keys() == vars(SessionState(blocks)).keys()


def test_each_page_keeps_its_own_conversation(blocks: gr.Blocks) -> None:
    holder, key = _holder(blocks)
    holder["a"][key] = ["asked"]
    assert [holder["a"][key], holder["b"][key]] == [["asked"], ["first"]]
    assert (holder["a"][key], holder["a"].config_values) == (["asked"], {})


def test_only_so_many_closed_pages_are_kept_the_last_used(blocks: gr.Blocks) -> None:
    holder, key = _holder(blocks)
    for at in range(MOST_CLOSED + 20):
        holder[f"closed {at}"][key] = [str(at)]
        holder[f"closed {at}"].is_closed = True
        holder["open"][key] = ["asked"]
    assert holder["one more"][key] == ["first"]
    assert len(holder.session_data) == MOST_CLOSED + 2
    assert holder["open"][key] == ["asked"]
    assert holder[f"closed {MOST_CLOSED + 19}"][key] == [str(MOST_CLOSED + 19)]
    assert holder["closed 0"][key] == ["first"]


def test_a_page_closed_long_ago_is_forgotten_and_an_open_one_is_not(blocks: gr.Blocks) -> None:
    holder, key = _holder(blocks)
    for name in ("open", "closed"):
        holder[name][key] = ["asked"]
        holder.time_last_used[name] -= CLOSED_FOR + timedelta(seconds=1)
    holder.session_data["closed"].is_closed = True
    assert holder["new"][key] == ["first"]
    assert list(holder.session_data) == ["open", "new"]


def test_what_is_no_page_is_told() -> None:
    with pytest.raises(TypeError, match="no page is mounted"):
        keep_little(FastAPI(), gr.Blocks(analytics_enabled=False))
