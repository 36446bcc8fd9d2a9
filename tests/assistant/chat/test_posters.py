"""Posters: from the user's folder, or from a small TMDB of our own on this machine."""

from __future__ import annotations

import asyncio
import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from starlette.responses import FileResponse

from assistant.chat.cards import TitleCard, title_card
from assistant.chat.posters import Posters
from assistant.chat.routes import _poster
from assistant.chat.tmdb import KEPT, KEY, MAX_BYTES, Tmdb, poster_path
from indexer.catalog.records import Title
from indexer.ids import TitleId

JPEG = b"\xff\xd8\xff" + b"x" * 100
MATRIX, NONE, PAGE, HUGE, AWAY, BROKEN = (TitleId(at) for at in (133093, 1, 2, 3, 4, 5))
PICTURES = {
    "/w185/matrix.jpg": (200, {"Content-Type": "image/jpeg"}, JPEG),
    "/w185/page.jpg": (200, {"Content-Type": "text/html"}, b"<script>"),
    "/w185/huge.jpg": (200, {"Content-Type": "image/jpeg"}, JPEG + b"x" * MAX_BYTES),
    "/w185/away.jpg": (302, {"Location": "http://192.0.2.1/x.jpg"}, b""),
}
FOUND = {
    "tt0133093": {"movie_results": [{"poster_path": "/matrix.jpg"}]},
    "tt0000001": {"movie_results": []},
    "tt0000002": {"tv_results": [{"poster_path": "/page.jpg"}]},
    "tt0000003": {"movie_results": [{"poster_path": "/huge.jpg"}]},
    "tt0000004": {"movie_results": [{"poster_path": "/away.jpg"}]},
}


class _Host(BaseHTTPRequestHandler):
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(f"{self.path} {self.headers.get('Authorization', '')}".strip())
        path = self.path.partition("?")[0]
        name = path.removeprefix("/find/")
        if name in FOUND:
            found = 200, {"Content-Type": "application/json"}, json.dumps(FOUND[name]).encode()
        else:
            found = PICTURES.get(path, (500, {}, b""))
        status, headers, body = found
        self.send_response(status)
        for key, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Nothing."""


@pytest.fixture
def host() -> Iterator[tuple[str, list[str]]]:
    """The address of a TMDB, and what it was asked for."""
    asked: list[str] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Host", (_Host,), {"asked": asked}))
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def tmdb(host: tuple[str, list[str]], tmp_path: Path) -> Iterator[Tmdb]:
    with closing(Tmdb("secret", tmp_path / "cache", host[0], host[0])) as opened:
        yield opened


def _fetched(posters: Posters, title: TitleId) -> Path | None:
    path = posters.path(title)
    coming = None if path is None else posters.picture(path.removeprefix("posters/"))
    return None if coming is None else coming.result(30)


def test_a_poster_comes_from_the_folder(tmp_path: Path) -> None:
    (tmp_path / "tt0133093.png").write_bytes(b"x")
    posters = Posters(tmp_path)
    assert posters.path(MATRIX) == "posters/tt0133093"
    assert _fetched(posters, MATRIX) == tmp_path / "tt0133093.png"
    assert posters.path(NONE) is None
    assert Posters().path(NONE) is None
    assert posters.picture("../secret") is None


def test_a_poster_is_fetched_once_and_kept(tmdb: Tmdb, host: tuple[str, list[str]]) -> None:
    place = _fetched(Posters(None, tmdb), MATRIX)
    assert place is not None
    assert place.read_bytes() == JPEG
    assert _fetched(Posters(None, tmdb), MATRIX) == place
    assert host[1] == ["/find/tt0133093?external_source=imdb_id&api_key=secret", "/w185/matrix.jpg"]


def test_a_picture_kept_by_an_earlier_run_is_not_fetched_again_until_it_is_old(
    tmdb: Tmdb, host: tuple[str, list[str]], tmp_path: Path
) -> None:
    kept = tmp_path / "cache" / "tt0133093.jpg"
    kept.parent.mkdir()
    kept.write_bytes(b"kept")
    assert _fetched(Posters(None, tmdb), MATRIX) == kept
    assert host[1] == []
    past = time.time() - KEPT - 1
    os.utime(kept, (past, past))
    with closing(Tmdb("a.long.token", kept.parent, host[0], host[0])) as later:
        assert _fetched(Posters(None, later), MATRIX) == kept
    assert kept.read_bytes() == JPEG
    assert host[1][0] == "/find/tt0133093?external_source=imdb_id Bearer a.long.token"


def test_a_title_without_a_poster_is_asked_for_once(tmdb: Tmdb, host: tuple[str, list[str]]) -> None:
    posters = Posters(None, tmdb)
    assert _fetched(posters, NONE) is None
    assert posters.path(NONE) is None
    assert len(host[1]) == 1


@pytest.mark.parametrize("title", [PAGE, HUGE, AWAY, BROKEN])
def test_what_is_no_picture_of_theirs_is_not_kept(
    title: TitleId, tmdb: Tmdb, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    posters = Posters(None, tmdb)
    assert _fetched(posters, title) is None
    assert posters.path(title) is None  # for a while
    assert list((tmp_path / "cache").iterdir()) == []
    assert "no poster of" in caplog.text
    assert "secret" not in caplog.text


def test_nobody_fetches_what_no_card_has_shown(tmdb: Tmdb, host: tuple[str, list[str]]) -> None:
    assert Posters(None, tmdb).picture("tt0133093") is None
    assert host[1] == []


@pytest.mark.parametrize(
    "path", ["//evil/x.jpg", "/../x.jpg", "/x.svg", "https://evil/x.jpg", "", None, 5, {"x": 1}]
)
def test_only_a_path_of_a_picture_is_taken(path: object) -> None:
    assert poster_path({"movie_results": [{"poster_path": path}]}) is None
    assert poster_path({"movie_results": "x"}) is poster_path([]) is None


def test_the_route_gives_a_picture_or_one_to_see_through(tmdb: Tmdb) -> None:
    posters = Posters(None, tmdb)
    posters.path(MATRIX)
    found = asyncio.run(_poster(posters, "tt0133093", 30))
    assert isinstance(found, FileResponse)
    nothing = asyncio.run(_poster(posters, "tt0000001"))
    assert (nothing.status_code, nothing.media_type) == (200, "image/gif")
    assert nothing.headers["cache-control"] == "no-store"


def test_a_card_draws_its_own_under_the_poster() -> None:
    html = title_card(TitleCard(Title(MATRIX, "<M>", "movie"), poster="posters/tt0133093"))
    assert '<div class="picture"><svg class="poster"' in html
    assert '<img src="posters/tt0133093" alt="Poster of &lt;M&gt;"' in html


def test_without_a_key_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY, raising=False)
    assert Tmdb.from_environment() is None
    monkeypatch.setenv(KEY, " ")
    assert Tmdb.from_environment() is None
