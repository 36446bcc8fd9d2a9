"""The seven official files from IMDb's host: resumed where they stopped, checked, renamed only when whole."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.errors import ResourceError, SourceError
from indexer.progress import Progress
from indexer.sources.blocks import survey
from indexer.sources.layouts import LAYOUTS, Layout
from indexer.sources.tsv import check_header

if TYPE_CHECKING:
    import httpx

BASE_URL = "https://datasets.imdbws.com"
_TRIES = 4  # each goes on where the one before stopped
_TIMEOUT_S = 60.0


def download(
    folder: Path,
    progress: Progress,
    *,
    base_url: str = BASE_URL,
    names: tuple[str, ...] = (),
    again: bool = False,
) -> list[Path]:
    """Fetches the official files into ``folder`` and gives their paths; whole files that lie there stay.

    names: the layouts wanted, such as ``("title.basics",)``; all seven by default.
    again: fetch whole files anew.
    Raises ResourceError where the host cannot be reached, refuses or has no room; SourceError where what
    came is no whole gzip file with the right header. What was fetched until then stays as ``NAME.part`` and
    is gone on with.
    """
    import httpx

    wanted = [layout for layout in LAYOUTS if not names or layout.name in names]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with httpx.Client(base_url=base_url, timeout=_TIMEOUT_S, follow_redirects=True) as client:
            return [_file(client, layout, folder, progress, again) for layout in wanted]
    except OSError as error:
        raise ResourceError(
            f"{folder} cannot be written ({error.strerror}): make room or choose another"
        ) from error


def _file(client: httpx.Client, layout: Layout, folder: Path, progress: Progress, again: bool) -> Path:
    path = folder / f"{layout.name}.tsv.gz"
    if path.is_file() and not again:
        progress.say(f"{path.name} is there already")
        return path
    part = path.with_name(f"{path.name}.part")
    _fetch(client, part, path.name, progress)
    try:
        _check(part, layout)
    except SourceError as error:
        part.unlink()
        raise SourceError(
            f"{client.base_url}{path.name} is not IMDb's file ({error}): try again later"
        ) from error
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(path)
    return path


def _check(part: Path, layout: Layout) -> None:
    with part.open("rb") as file:
        if file.read(2) != b"\x1f\x8b":
            raise SourceError(f"{part}: not gzip; expected {layout.name}.tsv.gz")
    check_header(part, layout)
    survey(part)


def _fetch(client: httpx.Client, part: Path, name: str, progress: Progress) -> None:
    import httpx

    for attempt in range(1, _TRIES + 1):
        try:
            _go_on(client, part, name, progress)
        except httpx.HTTPError as error:
            if attempt == _TRIES:
                raise ResourceError(
                    f"{client.base_url}{name} could not be fetched ({_said(error)}) after {_TRIES} "
                    "tries: check the network; the next download goes on where this one stopped"
                ) from error
            progress.say(f"{name}: {_said(error)}; going on")
        else:
            return


def _go_on(client: httpx.Client, part: Path, name: str, progress: Progress) -> None:
    """Fetches the rest of a file; one that changed at the host meanwhile, or a host that cannot resume,
    starts anew.
    """
    done, tag = part.stat().st_size if part.exists() else 0, _tag(part)
    headers = {"Accept-Encoding": "identity"}
    if done and tag:
        headers |= {"Range": f"bytes={done}-", "If-Range": tag}
    with client.stream("GET", f"/{name}", headers=headers) as answer:
        if answer.status_code == 416:  # nothing is left to fetch, or the file has become shorter
            if answer.headers.get("Content-Range") == f"bytes */{done}":
                return
            part.unlink()
            raise _changed(answer)
        _accept(answer, name)
        resumed = answer.status_code == 206
        _note_tag(part, answer.headers.get("ETag") or answer.headers.get("Last-Modified") or "")
        total = _total(answer, done if resumed else 0)
        with part.open("ab" if resumed else "wb") as file, progress.task(name, total, "bytes") as task:
            task.advance(done if resumed else 0)
            for chunk in (
                answer.iter_raw()
            ):  # as it comes: a fixed size would lose the last piece of a broken transfer
                file.write(chunk)
                task.advance(len(chunk))
    size = part.stat().st_size
    if total is not None and size != total:
        raise _changed(answer)
    _tag_path(part).unlink(missing_ok=True)


def _accept(answer: httpx.Response, name: str) -> None:
    if answer.status_code in (200, 206) or answer.status_code >= 500:
        answer.raise_for_status()
        return
    raise ResourceError(
        f"{answer.url} answered {answer.status_code}: {name} is not to be had there; check the address"
    )


def _said(error: httpx.HTTPError) -> str:
    return str(error) or type(error).__name__


def _changed(answer: httpx.Response) -> httpx.HTTPError:
    import httpx

    return httpx.RemoteProtocolError("the file's size is not what the host said", request=answer.request)


def _total(answer: httpx.Response, done: int) -> int | None:
    length = answer.headers.get("Content-Length", "")
    return done + int(length) if length.isdigit() else None


def _tag_path(part: Path) -> Path:
    return part.with_name(f"{part.name}.tag")


def _tag(part: Path) -> str:
    """What the host calls the version of which ``part`` is the beginning; ``""`` where it is unknown."""
    path = _tag_path(part)
    return path.read_text(encoding="ascii", errors="replace") if path.is_file() else ""


def _note_tag(part: Path, tag: str) -> None:
    _tag_path(part).write_text(tag, encoding="ascii", errors="replace")
