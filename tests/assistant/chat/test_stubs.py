"""Importing Gradio writes nothing, and what it would have written with is still where it was."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_IMPORTED = """
import pathlib
import assistant.chat.app
read, seen = pathlib.Path.read_text, []
pathlib.Path.read_text = lambda self, *a, **k: seen.append(str(self)) or read(self, *a, **k)
import gradio, gradio.component_meta
print(gradio.component_meta.create_or_modify_pyi.__module__)
print([name for name in seen if "gradio/components" in name])
print(gradio.Chatbot.__name__, len(gradio.Chatbot.EVENTS) > 3)
"""


def test_gradio_is_imported_without_reading_or_writing_stubs() -> None:
    command = [sys.executable, "-c", _IMPORTED]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.splitlines() == ["assistant.chat.stubs", "[]", "Chatbot True"]


def test_this_gradio_still_writes_stubs_by_the_name_that_is_taken_away() -> None:
    from importlib.util import find_spec

    found = find_spec("gradio")
    assert found is not None and found.origin is not None
    source = (Path(found.origin).parent / "component_meta.py").read_text("utf-8")
    assert "def create_or_modify_pyi(" in source
