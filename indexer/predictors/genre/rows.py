"""Files of plots with their genre, a row a line: ``ID ::: TITLE (YEAR) ::: GENRE ::: DESCRIPTION``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.errors import SourceError

_SEPARATOR = ":::"
_LONGEST = 100_000  # bytes of a line; a plot has a few thousand
_FIRST = 5  # rejected lines that are kept to look at
_DATED = re.compile(r"^(?P<name>.*?)\s*\((?P<year>\d{4}|\?{4})(?:/[IVXLC]+)?\)")
_GENRE = re.compile(r"[a-z][a-z-]*")


@dataclass(frozen=True, slots=True)
class GenreRow:
    """One film of a file: its name without quotes, year (None where unknown), one genre, and the plot."""

    name: str
    year: int | None
    genre: str  # in small letters
    text: str


@dataclass(frozen=True)
class GenreRows:
    """The good rows in their order; of the bad ones the number by reason, and the first of them."""

    rows: tuple[GenreRow, ...]
    read: int
    rejected: dict[str, int]
    first: tuple[str, ...] = ()  # "line 7: reason"

    def to_json(self) -> dict[str, Any]:
        """As the manifest keeps it."""
        return {
            "read": self.read,
            "kept": len(self.rows),
            "rejected": dict(self.rejected),
            "first_rejected": list(self.first),
        }


def find_rows(path: Path, name: str = "train.txt") -> Path:
    """The file itself, or the one of that name in a folder. Raises SourceError where there is none."""
    found = path / name if path.is_dir() else path
    if not found.is_file():
        raise SourceError(f"{found} does not exist: give a folder that holds {name}, or such a file")
    return found


def read_rows(path: Path) -> GenreRows:
    """Reads a whole file. A damaged line is counted by reason and left out, blank ones are passed over.

    Raises SourceError where the file cannot be read, or holds lines of which not one is good.
    """
    try:
        with path.open("rb") as lines:
            found = parse_rows(lines)
    except OSError as error:
        raise SourceError(f"cannot read {path}: {error.strerror or error}") from error
    if found.read and not found.rows:
        raise SourceError(
            f"{path}: none of its {found.read:,} lines is ID ::: TITLE (YEAR) ::: GENRE ::: DESCRIPTION"
        )
    return found


def parse_rows(lines: Iterator[bytes] | Any) -> GenreRows:
    """The rows of an iterable of lines (bytes, as a file opened for reading bytes gives them)."""
    rows: list[GenreRow] = []
    rejected: Counter[str] = Counter()
    first: list[str] = []
    read = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        read += 1
        found = parse_line(line)
        if isinstance(found, GenreRow):
            rows.append(found)
            continue
        rejected[found] += 1
        if len(first) < _FIRST:
            first.append(f"line {number}: {found}")
    return GenreRows(tuple(rows), read, dict(rejected), tuple(first))


def parse_line(line: bytes) -> GenreRow | str:
    """The row of a line, or in words why it is none."""
    if len(line) > _LONGEST:
        return f"longer than {_LONGEST:,} bytes"
    try:
        cells = [cell.strip() for cell in line.decode("utf-8").split(_SEPARATOR, 3)]
    except UnicodeDecodeError:
        return "not UTF-8"
    if len(cells) != 4:
        return f"{len(cells)} of 4 columns"
    _, title, genre, text = cells
    if not _GENRE.fullmatch(genre.lower()):
        return "no genre" if not genre else "a genre that is not one word"
    if not text:
        return "no description"
    return GenreRow(*dated(title), genre.lower(), text)


def dated(title: str) -> tuple[str, int | None]:
    """Name and year of "Name (2014/I)"; the whole text and None where no year stands there.

    >>> dated('"Pink Slip" (2009) {Pilot (#1.1)}')
    ('Pink Slip', 2009)
    """
    match = _DATED.match(title)
    if match is None:
        return title.strip('" '), None
    year = match["year"]
    return match["name"].strip('" '), int(year) if year.isdigit() else None
