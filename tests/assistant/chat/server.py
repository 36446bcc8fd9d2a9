"""The chat page over the scripted assistant, in a process of its own.

``python -m tests.assistant.chat.server``; the first line it prints is the page's address.
"""

from __future__ import annotations

from functools import partial

from assistant.chat.app import listen, serve_assistant
from tests.assistant.chat.fakes import ScriptedAssistant


def main() -> None:
    say = partial(print, flush=True)
    with listen("127.0.0.1", 0) as listener:
        serve_assistant(listener, ScriptedAssistant, lambda _: "3 titles, 5 people", say)


if __name__ == "__main__":
    main()
