"""MetaQA's knowledge base: lines ``film|relation|value`` in which names are the only keys."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from indexer.errors import InputError

RELATIONS = (
    "directed_by", "written_by", "starred_actors", "release_year", "in_language", "has_tags", "has_genre",
    "has_imdb_rating", "has_imdb_votes",
)  # fmt: skip


@dataclass
class NamedFilm:
    """One name with everything said of it: films that share a name are one here, as questions take it."""

    name: str
    values: dict[str, list[str]] = field(default_factory=dict)

    def of(self, relation: str) -> list[str]:
        """The values of a relation in the file's order; [] for none."""
        return self.values.get(relation, [])


def read_films(path: Path) -> list[NamedFilm]:
    """The films by name, in the order in which they come first.

    Raises InputError for a missing file, a line that is no triple, or an unknown relation.
    """
    if not path.is_file():
        raise InputError(f"there is no {path}: give MetaQA's kb.txt, plain or .gz")
    films: dict[str, NamedFilm] = {}
    for number, line in enumerate(_lines(path), 1):
        parts = line.split("|")
        if len(parts) != 3 or parts[1] not in RELATIONS or not parts[0] or not parts[2]:
            raise InputError(f"{path}, line {number}: not film|relation|value: {line[:80]!r}")
        name, relation, value = parts
        held = films.setdefault(name, NamedFilm(name)).values.setdefault(relation, [])
        if value not in held:
            held.append(value)
    return list(films.values())


def _lines(path: Path) -> Iterator[str]:
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    yield from (line for line in text.split("\n") if line.strip())
