"""Triples into files of IMDb's layout, and an index of them: the path that any other data takes.

Names become ids. A film with several years keeps the first; words for ratings become numbers, and numbers
become the words again where a reply is judged (``RATINGS``); how many people voted has no place without a
rating and is left out.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from evals.metaqa.triples import NamedFilm, read_films
from indexer.progress import Progress
from indexer.sources.layouts import BASICS, CREW, NAMES, PRINCIPALS, RATINGS, Layout
from indexer.sources.tsv import encode_row

if TYPE_CHECKING:
    from indexer.index import Index

Cells = tuple[str | int | float | Sequence[str] | None, ...]
SCORES = {"fantastic": 9.0, "good": 7.5, "bad": 3.0}  # any numbers would do: they are turned back into words
_CREDITED = {"starred_actors": "actor", "directed_by": "director", "written_by": "writer"}
_OVERVIEWS, _KEYWORDS = "movies_metadata.csv", "keywords.csv"


def build_index(kb: Path, folder: Path, progress: Progress) -> Index:
    """An index of MetaQA's knowledge base under ``folder``, without vectors; open.

    Raises InputError for a file that is not it.
    """
    from indexer.build import OPTIONAL, BuildOptions, build
    from indexer.index import Index
    from indexer.settings import Settings
    from indexer.sources.files import Sources

    data = write_files(read_films(kb), folder / "data")
    sources = Sources.find(data, overviews=data / _OVERVIEWS, keywords=data / _KEYWORDS)
    without = frozenset(OPTIONAL) - {"names"}
    build(BuildOptions(folder / "index", sources, Settings(), without), progress)
    return Index.open(folder / "index")


def write_files(films: Sequence[NamedFilm], folder: Path) -> Path:
    """IMDb's files and The Movies Dataset's two in ``folder``, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    people = _numbered(name for film in films for relation in _CREDITED for name in film.of(relation))
    ids = {film.name: f"tt{place:07d}" for place, film in enumerate(films, 1)}
    _write(folder, BASICS, (_basics(ids[film.name], film) for film in films))
    _write(folder, NAMES, ((f"nm{key:07d}", name, None, None, None, None) for name, key in people.items()))
    _write(folder, PRINCIPALS, (row for film in films for row in _credits(ids[film.name], film, people)))
    _write(folder, CREW, [])
    rated = ((film, SCORES[word]) for film in films for word in film.of("has_imdb_rating")[:1])
    _write(folder, RATINGS, ((ids[film.name], score, None) for film, score in rated))
    notes = ((ids[film.name], "", *_languages(film)) for film in films)
    header = ("imdb_id", "overview", "original_language", "spoken_languages")
    _write_csv(folder / _OVERVIEWS, header, notes)
    tagged = ((ids[film.name], _literal(film.of("has_tags"))) for film in films if film.of("has_tags"))
    _write_csv(folder / _KEYWORDS, ("imdb_id", "keywords"), tagged)
    return folder


def rating_word(score: float) -> str:
    """The word that a rating was made of."""
    return min(SCORES, key=lambda word: abs(SCORES[word] - score))


def _numbered(names: Iterable[str]) -> dict[str, int]:
    return {name: place for place, name in enumerate(dict.fromkeys(names), 1)}


def _basics(key: str, film: NamedFilm) -> Cells:
    year = next((int(value) for value in film.of("release_year") if value.isdigit()), None)
    genres = ",".join(film.of("has_genre")) or None
    return (key, "movie", film.name, film.name, 0, year, None, None, genres)


def _credits(key: str, film: NamedFilm, people: dict[str, int]) -> Iterable[Cells]:
    named = [(category, name) for relation, category in _CREDITED.items() for name in film.of(relation)]
    for place, (category, name) in enumerate(named, 1):
        yield (key, place, f"nm{people[name]:07d}", category, None, None)


def _languages(film: NamedFilm) -> tuple[str, str]:
    languages = film.of("in_language")
    return (languages[0] if languages else "", _literal(languages[1:]))


def _literal(names: Sequence[str]) -> str:
    return repr([{"name": name} for name in names]) if names else ""


def _write(folder: Path, layout: Layout, rows: Iterable[Cells]) -> None:
    with (folder / f"{layout.name}.tsv").open("w", encoding="utf-8", newline="") as stream:
        stream.write(layout.header + "\n")
        stream.writelines(encode_row(row) + "\n" for row in rows)


def _write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        writer.writerows(rows)
