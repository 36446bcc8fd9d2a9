"""The Movies Dataset (CSV with Python literals in its cells): overviews, taglines, collections, keywords,
casts.
"""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import SourceError
from indexer.ids import TitleId
from indexer.sources.blocks import text_blocks
from indexer.sources.languages import language_name
from indexer.sources.tsv import Rejected

METADATA = ("imdb_id", "overview")
KEYWORDS = ("keywords",)  # with imdb_id, or with id and the metadata's id -> imdb_id
CREDITS = ("cast", "id")
_TITLE_ID = re.compile(r"tt([0-9]{7,9})", re.ASCII)
_LONGEST_CELL = 1 << 20


@dataclass(frozen=True, slots=True)
class Film:
    """What the metadata file says of one title; ``tmdb_id`` joins it with the other files."""

    title_id: TitleId
    tmdb_id: int | None = None
    overview: str | None = None
    tagline: str | None = None
    collection: str | None = None
    companies: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()  # by English names, the one it was made in first


@dataclass(frozen=True, slots=True)
class CastMember:
    """One line of a film's cast, by name only: the data set knows no IMDb person ids."""

    name: str
    character: str


def check_header(path: Path, needed: tuple[str, ...]) -> None:
    """Raises SourceError where the first line lacks one of the columns ``needed``."""
    header = next(csv.reader(_lines(path)), [])
    missing = [name for name in needed if name not in header]
    if missing:
        shown = ", ".join(header)[:120] or "nothing"
        raise SourceError(
            f"{path}: line 1: no column {', '.join(missing)}; expected a CSV header with it; found: {shown}"
        )


def films(path: Path, rejected: Rejected) -> Iterator[Film]:
    """The titles of movies_metadata.csv; rows without an IMDb id are set aside."""
    for line, row in _rows(path, rejected):
        title_id = _title_id(row.get("imdb_id", ""))
        if title_id is None:
            rejected.add("imdb_id is not tt and 7 to 9 digits", line)
            continue
        collection = _literal(row.get("belongs_to_collection", ""))
        yield Film(
            title_id,
            _number(row.get("id", "")),
            _clean(row.get("overview", "")),
            _clean(row.get("tagline", "")),
            _clean(str(collection.get("name", ""))) if isinstance(collection, dict) else None,
            tuple(_names(row.get("production_companies", ""))),
            tuple(_languages(row)),
        )


def keywords(
    path: Path, tmdb: Mapping[int, TitleId], rejected: Rejected
) -> Iterator[tuple[TitleId, list[str]]]:
    """Keywords of each title of keywords.csv; ``tmdb`` gives a TMDB id's title where there is no IMDb id."""
    for line, row in _rows(path, rejected):
        title_id = _joined(row, tmdb)
        if title_id is None:
            rejected.add("a title that is not in the metadata", line)
        else:
            yield title_id, _names(row["keywords"])


def casts(
    path: Path, tmdb: Mapping[int, TitleId], rejected: Rejected
) -> Iterator[tuple[TitleId, list[CastMember]]]:
    """The cast of each title of credits.csv, in billing order, people without a character left out."""
    for line, row in _rows(path, rejected):
        title_id = _joined(row, tmdb)
        if title_id is None:
            rejected.add("a title that is not in the metadata", line)
            continue
        found = _literal(row["cast"])
        members = [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
        pairs = [
            (_clean(str(item.get("name", ""))), _clean(str(item.get("character", "")))) for item in members
        ]
        yield title_id, [CastMember(name, character) for name, character in pairs if name and character]


def _rows(path: Path, rejected: Rejected) -> Iterator[tuple[int, dict[str, str]]]:
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(_lines(path))
    header = next(reader, [])
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            rejected.add(f"not CSV ({error})", reader.line_num)
            continue
        if len(cells) == len(header):
            yield reader.line_num, dict(zip(header, cells, strict=True))
        elif cells:
            rejected.add(f"{len(cells)} columns instead of {len(header)}", reader.line_num)


def _lines(path: Path) -> Iterator[str]:
    for block in text_blocks(path):
        for line in block.text.split("\n"):
            yield f"{line}\n"  # quoted cells span lines, and the reader needs their ends


def _joined(row: Mapping[str, str], tmdb: Mapping[int, TitleId]) -> TitleId | None:
    found = _title_id(row.get("imdb_id", ""))
    if found is not None:
        return found
    number = _number(row.get("id", ""))
    return None if number is None else tmdb.get(number)


def _title_id(cell: str) -> TitleId | None:
    found = _TITLE_ID.fullmatch(cell)
    return TitleId(int(found[1])) if found else None


def _number(cell: str) -> int | None:
    return int(cell) if cell.isascii() and cell.isdigit() and len(cell) < 10 else None


def _clean(cell: str) -> str | None:
    return " ".join(cell.replace("\0", " ").split()) or None


def _names(cell: str) -> list[str]:
    found = _literal(cell)
    items = found if isinstance(found, list) else []
    cleaned = (_clean(str(item["name"])) for item in items if isinstance(item, dict) and "name" in item)
    return [name for name in cleaned if name]


def _languages(row: Mapping[str, str]) -> list[str]:
    """What a title was made in, then what else is spoken in it; ``[]`` where neither is given."""
    found = _literal(row.get("spoken_languages", ""))
    spoken = [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
    cells = [row.get("original_language", "")]
    cells += [str(item.get("iso_639_1") or item.get("name") or "") for item in spoken]
    names = (language_name(cell) for cell in cells)
    return list(dict.fromkeys(name for name in names if name))


def _literal(cell: str) -> object:
    """The value of a Python literal (no code is evaluated); ``None`` for anything else."""
    if not cell:
        return None
    try:
        found: object = ast.literal_eval(cell)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    return found
