from __future__ import annotations

import gzip
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from indexer.errors import ResourceError, SourceError
from indexer.progress import Progress
from indexer.sources.download import download
from indexer.sources.layouts import LAYOUTS, RATINGS
from tests.indexer.catalog import studio

GOOD = gzip.compress((RATINGS.header + "\n" + "tt0000001\t5.0\t10\n" * 3000).encode(), mtime=0)
ONE = (RATINGS.name,)


@dataclass
class Host:
    """What the server holds, how often it hangs up half-way, and what it was asked."""

    files: dict[str, bytes] = field(default_factory=dict)
    hang_ups: int = 0
    tag: str = '"one"'
    asked: list[str | None] = field(default_factory=list)
    url: str = ""


class Server(ThreadingHTTPServer):
    host: Host


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        host, wanted = self.server.host, self.headers["Range"]
        host.asked.append(wanted)
        data = host.files.get(self.path.lstrip("/"))
        if data is None:
            self.send_error(404)
            return
        start = 0
        if wanted and self.headers["If-Range"] == host.tag:
            start = int(re.findall(r"\d+", wanted)[0])
        self.answer(host, data, start)

    def answer(self, host: Host, data: bytes, start: int) -> None:
        if start >= len(data):
            self.send_response(416)
            self.send_header("Content-Range", f"bytes */{len(data)}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        rest = data[start:]
        self.send_response(206 if start else 200)
        self.send_header("ETag", host.tag)
        self.send_header("Content-Length", str(len(rest)))
        self.end_headers()
        if host.hang_ups:
            host.hang_ups -= 1
            rest = rest[: len(rest) // 2]
        self.wfile.write(rest)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by the base class
        """Says nothing."""


@pytest.fixture
def host() -> Iterator[Host]:
    with Server(("127.0.0.1", 0), Handler) as server:
        server.host = Host(files={"title.ratings.tsv.gz": GOOD}, url=f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server.host
        server.shutdown()
        thread.join()


def fetch(host: Host, folder: Path, *, again: bool = False) -> list[Path]:
    return download(folder, Progress.silent(), base_url=host.url, names=ONE, again=again)


def test_all_seven_files_are_fetched(host: Host, tmp_path: Path) -> None:
    made = studio.write(tmp_path / "made")
    host.files = {path.name: path.read_bytes() for path in made.iterdir()}
    found = download(tmp_path / "new" / "data", Progress.silent(), base_url=host.url)
    assert [path.name for path in found] == [f"{layout.name}.tsv.gz" for layout in LAYOUTS]
    assert {path.name: path.read_bytes() for path in found} == host.files


def test_a_broken_transfer_goes_on_where_it_stopped(host: Host, tmp_path: Path) -> None:
    host.hang_ups = 2
    (path,) = fetch(host, tmp_path)
    assert path.read_bytes() == GOOD
    assert host.asked[0] is None
    assert [asked is not None for asked in host.asked[1:]] == [True, True]
    assert [item.name for item in tmp_path.iterdir()] == ["title.ratings.tsv.gz"]


def test_a_later_download_goes_on_with_what_an_earlier_one_left(host: Host, tmp_path: Path) -> None:
    host.hang_ups = 4
    with pytest.raises(ResourceError, match=r"could not be fetched .* after 4 tries: .*goes on where"):
        fetch(host, tmp_path)
    left = (tmp_path / "title.ratings.tsv.gz.part").stat().st_size
    assert 0 < left < len(GOOD)
    fetch(host, tmp_path)
    assert host.asked[-1] == f"bytes={left}-"
    assert (tmp_path / "title.ratings.tsv.gz").read_bytes() == GOOD


def test_a_file_that_changed_meanwhile_is_fetched_anew(host: Host, tmp_path: Path) -> None:
    host.hang_ups = 4
    with pytest.raises(ResourceError):
        fetch(host, tmp_path)
    changed = gzip.compress((RATINGS.header + "\n" + "tt0000002\t6.0\t11\n" * 4000).encode(), mtime=0)
    host.files["title.ratings.tsv.gz"], host.tag = changed, '"two"'
    assert fetch(host, tmp_path)[0].read_bytes() == changed


def test_a_whole_file_stays_unless_asked_for_again(host: Host, tmp_path: Path) -> None:
    fetch(host, tmp_path)
    fetch(host, tmp_path)
    assert len(host.asked) == 1
    fetch(host, tmp_path, again=True)
    assert len(host.asked) == 2


def test_a_page_instead_of_the_file_is_refused_and_not_kept(host: Host, tmp_path: Path) -> None:
    host.files["title.ratings.tsv.gz"] = b"<html>come back later</html>"
    with pytest.raises(SourceError, match=r"not IMDb's file .*not gzip"):
        fetch(host, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_cut_off_gzip_is_refused(host: Host, tmp_path: Path) -> None:
    host.files["title.ratings.tsv.gz"] = GOOD[:-20]
    with pytest.raises(SourceError, match="cut off"):
        fetch(host, tmp_path)


def test_a_file_the_host_lacks_is_named(host: Host, tmp_path: Path) -> None:
    host.files.clear()
    with pytest.raises(ResourceError, match=r"answered 404: title.ratings.tsv.gz is not to be had"):
        fetch(host, tmp_path)


def test_a_host_that_does_not_answer_is_named(tmp_path: Path) -> None:
    with pytest.raises(ResourceError, match=r"127.0.0.1:9/?title.ratings.tsv.gz could not be fetched"):
        fetch(Host(url="http://127.0.0.1:9"), tmp_path)
