"""Posters from The Movie Database by a title's IMDb id: fetched two at a time, kept on disk for a while.

Its terms (https://www.themoviedb.org/api-terms-of-use) ask to be named, and that nothing is kept for over six
months.
"""

from __future__ import annotations

import logging
import os
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx

log = logging.getLogger("whoplayed.chat")
KEY, API, IMAGES = "WHOPLAYED_TMDB_KEY", "WHOPLAYED_TMDB_API", "WHOPLAYED_TMDB_IMAGES"
NOTICE = "This product uses the TMDB API but is not endorsed or certified by TMDB."
ENDINGS = (".jpg", ".png", ".webp")
_API, _IMAGES, _WIDTH = "https://api.themoviedb.org/3", "https://image.tmdb.org/t/p", "w185"
DAY = 24 * 3600
KEPT, MISSING_FOR = 150 * DAY, 7 * DAY  # seconds
AGAIN_AFTER = 600  # seconds until what failed is tried again
MAX_BYTES, MAX_FILES, MAX_WANTED = 1_000_000, 5_000, 500
_TIMEOUT = 5.0  # seconds for each step of a request
_PATH = re.compile(r"/[A-Za-z0-9_-]{1,80}\.(?:jpg|jpeg|png|webp)")
_TYPES = {
    "image/jpeg": (".jpg", b"\xff\xd8\xff"),
    "image/png": (".png", b"\x89PNG"),
    "image/webp": (".webp", b"RIFF"),
}


class Tmdb:
    """Fetches posters by ``key`` into ``folder``; ``api`` and ``images`` are its two addresses.

    Safe to use from several threads. What goes wrong is a line in the log, and no picture for a while.
    """

    def __init__(self, key: str, folder: Path, api: str = _API, images: str = _IMAGES) -> None:
        self._key, self._folder = key, folder
        self._api, self._images = api.rstrip("/"), images.rstrip("/")
        self._workers = ThreadPoolExecutor(2, thread_name_prefix="posters")
        self._wanted: OrderedDict[str, Future[Path | None]] = OrderedDict()
        self._failed: dict[str, float] = {}
        self._lock = threading.Lock()
        logging.getLogger("httpx").setLevel(
            logging.WARNING
        )  # it would write addresses, and the key is in them

    @classmethod
    def from_environment(cls) -> Tmdb | None:
        """By the key of ``WHOPLAYED_TMDB_KEY``, into the user's cache folder; None without a key."""
        from platformdirs import user_cache_path

        key = os.environ.get(KEY, "").strip()
        if not key:
            return None
        place = user_cache_path("whoplayed") / "posters"
        return cls(key, place, os.environ.get(API) or _API, os.environ.get(IMAGES) or _IMAGES)

    def want(self, name: str) -> None:
        """Begin to fetch the poster of a title ("tt0133093"), unless it is here or on its way."""
        with self._lock:
            known = self._wanted.get(name)
            if known is not None and not (known.done() and known.result() is None and not self.missing(name)):
                self._wanted.move_to_end(name)
                return
            self._wanted[name] = self._workers.submit(self._found, name)
            while len(self._wanted) > MAX_WANTED:
                self._wanted.popitem(last=False)[1].cancel()

    def coming(self, name: str) -> Future[Path | None] | None:
        """The poster of a title that was wanted; None for any other: nobody fetches what no card shows."""
        with self._lock:
            return self._wanted.get(name)

    def missing(self, name: str) -> bool:
        """Whether TMDB had none when last asked, or could not be asked just now."""
        failed = self._failed.get(name)
        if failed is not None and time.monotonic() - failed < AGAIN_AFTER:
            return True
        return _age(self._none(name)) < MISSING_FOR

    def close(self) -> None:
        """Fetch no more."""
        self._workers.shutdown(wait=True, cancel_futures=True)

    def _found(self, name: str) -> Path | None:
        kept = self._kept(name)
        if kept is not None or self.missing(name):
            return kept
        try:
            return self._fetched(name)
        except Exception as error:  # noqa: BLE001 - whatever a host does, a card without a picture is the answer
            log.warning("no poster of %s from TMDB: %s", name, type(error).__name__)
            self._failed = dict(list(self._failed.items())[-MAX_WANTED:]) | {name: time.monotonic()}
            return None

    def _kept(self, name: str) -> Path | None:
        paths = (self._folder / f"{name}{ending}" for ending in ENDINGS)
        return next((path for path in paths if _age(path) < KEPT), None)

    def _fetched(self, name: str) -> Path | None:
        import httpx

        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with httpx.Client(timeout=_TIMEOUT, follow_redirects=False) as client:
            found = client.get(f"{self._api}/find/{name}", **self._asking())
            found.raise_for_status()
            picture = poster_path(found.json())
            if picture is None:
                self._none(name).touch()
                return None
            with client.stream("GET", f"{self._images}/{_WIDTH}{picture}") as answer:
                return self._saved(name, answer)

    def _asking(self) -> dict[str, Any]:
        """A key of 32 letters goes into the address, a token (version 4) into a header: so TMDB has it."""
        source = {"external_source": "imdb_id"}
        if "." in self._key:
            return {"params": source, "headers": {"Authorization": f"Bearer {self._key}"}}
        return {"params": source | {"api_key": self._key}}

    def _saved(self, name: str, answer: httpx.Response) -> Path:
        """The picture in a file of its kind. Raises ValueError for what is none, or too much."""
        answer.raise_for_status()
        ending, magic = _TYPES.get(
            answer.headers.get("content-type", "").partition(";")[0].strip(), ("", b"")
        )
        data = b""
        for part in answer.iter_bytes():
            data += part
            if len(data) > MAX_BYTES:
                raise ValueError(f"a poster of over {MAX_BYTES:,} bytes")
        if not ending or not data.startswith(magic):
            raise ValueError("what came is no picture")
        place = self._folder / f"{name}{ending}"
        part_file = place.with_suffix(".part")
        part_file.write_bytes(data)
        part_file.replace(place)
        self._trim()
        return place

    def _trim(self) -> None:
        """Let files go that are too old, and the oldest where there are too many."""
        for at, path in enumerate(sorted(self._folder.iterdir(), key=_age)):
            if at >= MAX_FILES or _age(path) > KEPT:
                path.unlink(missing_ok=True)

    def _none(self, name: str) -> Path:
        return self._folder / f"{name}.none"


def poster_path(found: object) -> str | None:
    """The poster's path in what /find answers, "/abc.jpg"; None where there is none that looks like one."""
    if not isinstance(found, Mapping):
        return None
    for kind in ("movie_results", "tv_results", "tv_episode_results"):
        results = found.get(kind)
        first = results[0] if isinstance(results, list) and results else None
        path = (first.get("poster_path") or first.get("still_path")) if isinstance(first, Mapping) else None
        if isinstance(path, str) and _PATH.fullmatch(path):
            return path
    return None


def _age(path: Path) -> float:
    """Seconds since a file was written; without end where there is none."""
    try:
        return time.time() - path.stat().st_mtime
    except OSError:
        return float("inf")
