"""Raw cells into rows of the catalogue, a block at a time: the only place that knows both sides."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from indexer.catalog import schema
from indexer.ids import TitleId
from indexer.sources.layouts import NULL
from indexer.sources.movies_dataset import CastMember, Film
from indexer.sources.tsv import Rejected, names, number, text
from indexer.text import fold

Raw = list[tuple[str, ...]]
Inserts = dict[str, list[tuple[Any, ...]]]
_REMARK = re.compile(r"\((?:voice|uncredited|archive footage|as [^()]*)[^()]*\)", re.IGNORECASE)
INTERNED = ("types", "categories", "genre_sets", "profession_sets", "keywords", "companies", "languages")

# Built from the constants above alone; people's popularity was added up before they are read.
INSERT = {
    name: f"INSERT OR IGNORE INTO {name} VALUES ({', '.join('?' * len(columns))})"  # noqa: S608 - constants
    for name, columns in schema.TABLES.items()
} | {
    "people": "INSERT OR IGNORE INTO people VALUES "
    "(?1, ?2, ?3, ?4, ?5, coalesce((SELECT votes FROM temp.popularity WHERE id = ?1), 0))",
    "crew": "INSERT INTO temp.crew (title_id, person_id, category_id) VALUES (?, ?, ?)",
}
COUNT = {name: f"SELECT count(*) FROM {name}" for name in schema.TABLES}  # noqa: S608 - constants

CREW_TABLE = """
CREATE TEMP TABLE crew (id INTEGER PRIMARY KEY, title_id INTEGER, person_id INTEGER, category_id INTEGER)
"""
# Those whom principals leaves out (it once stopped at ten a title) come after its last one.
MERGE_CREW = """
INSERT OR IGNORE INTO credits
SELECT title_id * 10000 + last + place, person_id, category_id, NULL FROM (
    SELECT title_id, person_id, category_id,
    row_number() OVER (PARTITION BY title_id ORDER BY crew.id) AS place, (
        SELECT coalesce(max(id) % 10000, 0) FROM credits
        WHERE id BETWEEN title_id * 10000 AND title_id * 10000 + 9999
    ) AS last
    FROM temp.crew WHERE NOT EXISTS (
        SELECT 1 FROM credits WHERE credits.id BETWEEN title_id * 10000 AND title_id * 10000 + 9999
        AND credits.person_id = crew.person_id AND credits.category_id = crew.category_id
    )
) WHERE last + place < 10000
"""
UNNAMED = """
SELECT credits.id, people.name FROM credits JOIN people ON people.id = person_id
JOIN categories ON categories.id = category_id AND categories.name IN ('actor', 'actress')
WHERE credits.id BETWEEN ?1 * 10000 AND ?1 * 10000 + 9999
AND NOT EXISTS (SELECT 1 FROM roles WHERE roles.id BETWEEN credits.id * 100 AND credits.id * 100 + 99)
"""
POPULARITY = """
CREATE TEMP TABLE popularity (id INTEGER PRIMARY KEY, votes INTEGER);
INSERT INTO temp.popularity
SELECT person_id, sum(votes)
FROM (SELECT DISTINCT person_id, id / 10000 AS title_id FROM credits) AS once
JOIN ratings ON ratings.id = once.title_id GROUP BY person_id;
"""


class Interner(dict[str, int]):
    """Numbers strings in the order in which they come, from 1."""

    def __missing__(self, key: str) -> int:
        value = self[key] = len(self) + 1
        return value

    def rows(self) -> Iterator[tuple[int, str]]:
        """(number, string) of all."""
        return ((value, key) for key, value in self.items())


def ratings(block: Raw, _: Rejected) -> Inserts:
    """title.ratings."""
    return {
        "ratings": [
            (int(title), round(float(rating) * 100), number(votes) or 0) for title, rating, votes in block
        ]
    }


def titles(block: Raw, types: Interner, genre_sets: Interner) -> Inserts:
    """title.basics; the original name only where it differs."""
    return {
        "titles": [
            (
                int(title),
                name,
                None if original in (name, NULL, "") else original,
                types[kind],
                number(year),
                number(end),
                number(runtime),
                None if genres == NULL or not genres else genre_sets[genres],
                1 if adult == "1" else 0,
            )
            for title, kind, name, original, adult, year, end, runtime, genres in block
        ]
    }


def credits(block: Raw, categories: Interner, rejected: Rejected) -> Inserts:
    """title.principals: one credit for each row, one role for each character in it."""
    found: list[tuple[Any, ...]] = []
    roles: list[tuple[int, str]] = []
    last, base = "", 0
    for title, ordering, person, category, job, character, characters in block:
        if title != last:  # a title's rows stand together
            last, base = title, int(title) * 10000
        key = base + int(ordering)
        if character:
            roles.append((key * 100, character))
        elif characters != NULL:
            cast = names(characters)
            if cast is None:
                rejected.add("characters is not a JSON list of strings")
                continue
            roles.extend(enumerate(cast[: schema.PER_CREDIT], key * 100))
        found.append((key, int(person), categories[category], None if job == NULL else job))
    return {"credits": found, "roles": roles}


def crew(block: Raw, categories: Interner) -> Inserts:
    """title.crew, one row for each director and writer; the title's own row is what is counted."""
    director, writer = categories["director"], categories["writer"]
    return {
        "crew": [
            (int(title), int(person[2:]), category)
            for title, directors, writers in block
            for people, category in ((directors, director), (writers, writer))
            if people != NULL
            for person in people.split(",")
        ]
    }


def people(block: Raw, profession_sets: Interner) -> Inserts:
    """name.basics; what somebody is known for follows from credits and votes."""
    return {
        "people": [
            (
                int(person),
                name,
                None if born == NULL else int(born),
                None if died == NULL else int(died),
                None if professions == NULL or not professions else profession_sets[professions],
            )
            for person, name, born, died, professions, _ in block
        ]
    }


def episodes(block: Raw, _: Rejected) -> Inserts:
    """title.episode."""
    return {
        "episodes": [
            (
                int(title),
                int(series),
                None if season == NULL else int(season),
                None if place == NULL else int(place),
            )
            for title, series, season, place in block
        ]
    }


def akas(block: Raw, _: Rejected) -> Inserts:
    """title.akas, all of them."""
    return {
        "akas": [
            (
                int(title) * 10000 + int(ordering),
                name,
                text(region),
                text(language),
                text(types),
                text(attributes),
                1 if original == "1" else 0,
            )
            for title, ordering, name, region, language, types, attributes, original in block
        ]
    }


def films(
    found: Iterable[Film], tmdb: dict[int, TitleId], companies: Interner, languages: Interner
) -> Iterator[Inserts]:
    """movies_metadata.csv; notes in ``tmdb`` which title each TMDB id is."""
    for film in found:
        if film.tmdb_id is not None:
            tmdb[film.tmdb_id] = film.title_id
        yield {
            "overviews": [(film.title_id, film.overview, film.tagline, film.collection)],
            "title_companies": _notes(film.title_id, film.companies, companies),
            "title_languages": _notes(film.title_id, film.languages, languages),
        }


def keywords(found: Iterable[tuple[TitleId, list[str]]], words: Interner) -> Iterator[Inserts]:
    """keywords.csv."""
    return ({"title_keywords": _notes(title_id, items, words)} for title_id, items in found)


def missing_roles(
    found: Iterable[tuple[TitleId, list[CastMember]]], unnamed: Callable[[int], list[tuple[int, str]]]
) -> Iterator[Inserts]:
    """credits.csv: characters for actors of the title who have none yet and whose name is the same."""
    for title_id, cast in found:
        characters = {fold(member.name): member.character for member in cast}
        yield {
            "roles": [
                (key * schema.PER_CREDIT + place, character)
                for key, name in unnamed(title_id)
                for place, character in enumerate(_characters(characters.get(fold(name), "")))
            ]
        }


def _characters(cell: str) -> list[str]:
    """TMDB's ``"Neo / Thomas Anderson (voice)"`` as names."""
    parts = (_REMARK.sub("", part).strip() for part in cell.split(" / "))
    return [part for part in parts if part][: schema.PER_CREDIT]


def _notes(title_id: int, items: Iterable[str], interner: Interner) -> list[tuple[Any, ...]]:
    unique = islice(dict.fromkeys(items), schema.NOTES_PER_TITLE)
    return [(title_id * schema.NOTES_PER_TITLE + place, interner[item]) for place, item in enumerate(unique)]
