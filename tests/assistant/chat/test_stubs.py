"""Importing Gradio writes nothing, and what it would have written with is still where it was."""

from __future__ import annotations

import subprocess
import sys

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
