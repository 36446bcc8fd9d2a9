"""Writes small source folders and loads them."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from pathlib import Path

from indexer.catalog import Catalog, LoadReport, load_catalog
from indexer.progress import Progress
from indexer.settings import Settings
from indexer.sources import Sources
from indexer.sources.layouts import LAYOUTS
from indexer.sources.tsv import encode_row

Cells = Sequence[str | int | float | Sequence[str] | None]
LAYOUT = {layout.name: layout for layout in LAYOUTS}

FILES: dict[str, list[Cells]] = {
    "title.basics": [
        ("tt0000010", "movie", "The Long Road", "Der lange Weg", 0, 1999, None, 136, "Action,Sci-Fi"),
        ("tt0000011", "movie", "Face/Off", "Face/Off", 0, 1997, None, 138, "Action"),
        ("tt0000012", "tvSeries", "Road Show", "Road Show", 0, 2001, 2003, None, None),
        (
            "tt0000013",
            "short",
            'Schindler\'s "Listing"',
            'Schindler\'s "Listing"',
            1,
            None,
            None,
            None,
            "Short",
        ),
    ],
    "title.principals": [
        ("tt0000010", 1, "nm0000001", "actor", None, '["Neo","The \\"One\\""]'),
        ("tt0000010", 2, "nm0000002", "actress", None, '["Oracle"]'),
        ("tt0000010", 3, "nm0000001", "director", "co-director", None),
        ("tt0000011", 1, "nm0000002", "actress", None, None),
        ("tt0000012", 1, "nm0000002", "self", None, '["Self - Host","The Oracle"]'),
    ],
    "name.basics": [
        ("nm0000001", "Ann Bell", 1960, None, "actor,director", "tt0000010"),
        ("nm0000002", "Bea Öst", None, None, None, None),
        ("nm0000003", "Cy Doe", 1950, 2001, "writer", None),
    ],
    "title.ratings": [("tt0000010", 8.7, 1000), ("tt0000011", 7.3, 5000), ("tt0000012", 6.0, 20)],
    "title.crew": [
        ("tt0000010", "nm0000001", "nm0000003,nm0000001"),
        ("tt0000011", None, "nm0000003"),
    ],
    "title.episode": [
        ("tt0000101", "tt0000012", 2, 1),
        ("tt0000102", "tt0000012", 1, 2),
        ("tt0000103", "tt0000012", 1, 1),
        ("tt0000104", "tt0000012", None, None),
    ],
    "title.akas": [
        ("tt0000010", 1, "The Long Road", "US", None, ["imdbDisplay", "tv"], None, 0),
        ("tt0000010", 2, "La longue route", "FR", None, None, None, 0),
        ("tt0000010", 3, "Длинная дорога", "RU", None, None, None, 0),
    ],
}


def write(folder: Path, packed: bool = True, **changed: list[Cells]) -> Path:
    """The files above in ``folder``; ``title_basics=[...]`` and so on replace one."""
    folder.mkdir(exist_ok=True)
    for name, given in FILES.items():
        lines = [encode_row(row) for row in changed.get(name.replace(".", "_"), given)]
        text = "\n".join([LAYOUT[name].header, *lines]) + "\n"
        put(folder / f"{name}.tsv{'.gz' if packed else ''}", text.encode())
    return folder


def put(path: Path, data: bytes) -> Path:
    """``data`` in a file, gzip where the name says so."""
    path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)
    return path


def load(folder: Path, settings: Settings | None = None, **extra: Path) -> tuple[Catalog, LoadReport]:
    """A catalogue beside the folder."""
    db = folder.parent / "catalog.db"
    report = load_catalog(Sources.find(folder, **extra), db, settings or Settings(), Progress.silent())
    return Catalog.open(db), report
