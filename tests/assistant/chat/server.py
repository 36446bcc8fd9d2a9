"""The chat page over the scripted assistant, in a process of its own.

``WHOPLAYED_CHATS=FILE python -m tests.assistant.chat.server PORT [INDEX]``: port 0 is any, tabs show INDEX;
the first line it prints is the page's address.
"""

from __future__ import annotations

import faulthandler
import sys
from contextlib import closing
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import assistant.engine  # noqa: F401 - as the real one is opened with it
from assistant.chat.access import Options
from assistant.chat.app import Served, listen, open_chats, serve_assistant
from assistant.chat.library import Library, Shelf
from assistant.chat.limits import Limits
from assistant.core import Assistant
from indexer.index import Index
from tests.assistant.chat.fakes import ScriptedAssistant, ScriptedShelf


def main() -> None:
    faulthandler.enable()
    say = partial(print, flush=True)

    def shelf(_: object) -> Shelf:
        if len(sys.argv) < 3:
            return ScriptedShelf()
        opened = SimpleNamespace(index=Index.open(Path(sys.argv[2])))
        return Library(lambda: cast(Assistant, opened))

    with listen("127.0.0.1", int(sys.argv[1])) as listener, closing(open_chats()) as chats:
        access = Options().access("127.0.0.1", "127.0.0.1")
        # Parts of the index are opened at their first use, on a busy machine for more than a question's time.
        served: Served[ScriptedAssistant] = Served(access, Limits(seconds=300), chats, shelf)
        serve_assistant(listener, ScriptedAssistant, lambda _: "3 titles, 5 people", say, served)


if __name__ == "__main__":
    main()
