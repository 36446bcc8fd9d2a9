"""The chat page over the scripted assistant, in a process of its own.

``WHOPLAYED_CHATS=FILE python -m tests.assistant.chat.server PORT`` (0: any); the first line it prints is the
page's address.
"""

from __future__ import annotations

import sys
from contextlib import closing
from functools import partial

from assistant.chat.app import listen, open_chats, serve_assistant
from assistant.chat.hosts import LOOPBACK
from tests.assistant.chat.fakes import ScriptedAssistant, ScriptedShelf


def main() -> None:
    say = partial(print, flush=True)

    def shelf(_: object) -> ScriptedShelf:
        return ScriptedShelf()

    with listen("127.0.0.1", int(sys.argv[1])) as listener, closing(open_chats()) as chats:
        serve_assistant(
            listener, ScriptedAssistant, lambda _: "3 titles, 5 people", say, LOOPBACK, chats, shelf
        )


if __name__ == "__main__":
    main()
