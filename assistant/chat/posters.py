"""Posters: the user's own pictures, or TMDB's by the user's key, fetched by this server and kept on disk.

The browser asks no other host, and no answer waits: a card has a drawn picture, over which the real one is
laid once it is here. Without a key nothing is fetched.
"""

from __future__ import annotations

import os
import re
from concurrent.futures import Future
from functools import cache
from pathlib import Path

from assistant.chat.tmdb import ENDINGS, Tmdb
from indexer.ids import format_title_id

FOLDER = "WHOPLAYED_POSTERS"  # a folder of tt0133093.jpg, .png or .webp
_NAME = re.compile(r"tt[0-9]{7,9}")


class Posters:
    """Where the picture of a title is: in ``folder``, else what ``tmdb`` has fetched; either may be None."""

    def __init__(self, folder: Path | None = None, tmdb: Tmdb | None = None) -> None:
        self._folder, self._tmdb = folder, tmdb

    @property
    def credited(self) -> bool:
        """Whether pictures come from TMDB, which wants to be named for them."""
        return self._tmdb is not None

    def path(self, title_id: int) -> str | None:
        """The path on this server of a title's poster; None where there is none and none can come.

        One that may come begins to be fetched.
        """
        name = format_title_id(title_id)
        if self._own(name) is not None:
            return f"posters/{name}"
        if self._tmdb is None or self._tmdb.missing(name):
            return None
        self._tmdb.want(name)
        return f"posters/{name}"

    def picture(self, name: str) -> Future[Path | None] | None:
        """The picture of a title ("tt0133093") once it is here; None for one that no card has shown."""
        own = self._own(name) if _NAME.fullmatch(name) else None
        if own is None:
            return None if self._tmdb is None else self._tmdb.coming(name)
        found: Future[Path | None] = Future()
        found.set_result(own)
        return found

    def _own(self, name: str) -> Path | None:
        if self._folder is None:
            return None
        found = (self._folder / f"{name}{ending}" for ending in ENDINGS)
        return next((path for path in found if path.is_file()), None)


@cache
def posters() -> Posters:
    """As the environment says: ``WHOPLAYED_POSTERS`` and ``WHOPLAYED_TMDB_KEY``, either or none."""
    named = os.environ.get(FOLDER)
    return Posters(Path(named) if named else None, Tmdb.from_environment())
