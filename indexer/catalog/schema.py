"""The catalogue's tables. Every key is one integer, so that a title's rows lie together and no second index
is needed.

    titles.id, ratings.id, episodes.id, overviews.id    the title's id
    credits.id, akas.id                                 title id * 10,000 + ordering
    roles.id                                            credit id * 100 + position: one row for each character
    title_keywords.id, title_companies.id,
    title_languages.id                                  title id * 1,000 + position
    title_ranks.id, person_ranks.id                     place by votes or popularity, from 1

The full-text tables keep no text, only folded words, and their row ids begin with the rank: ``ORDER BY
rowid`` gives the most voted first without sorting.

    title_words.rowid       title rank * 1,000 + number of the name
    person_words.rowid      person rank
    character_words.rowid   title rank * 10,000 + ordering of the credit
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

FORMAT = 3  # PRAGMA user_version; raise it whenever a table changes; one that is new readers may miss
APPLICATION = 0x57686F70  # PRAGMA application_id: "Whop"

PER_TITLE = 10_000  # credits or alternative titles
PER_CREDIT = 100  # characters
NAMES_PER_TITLE = 1_000  # in the full-text table
NOTES_PER_TITLE = 1_000  # keywords, companies, languages

TABLES: dict[str, dict[str, type]] = {
    "meta": {"key": str, "value": str},
    "types": {"id": int, "name": str},
    "categories": {"id": int, "name": str},
    "genre_sets": {"id": int, "name": str},
    "profession_sets": {"id": int, "name": str},
    "titles": {
        "id": int,
        "name": str,
        "original_name": str,
        "type_id": int,
        "year": int,
        "end_year": int,
        "runtime": int,
        "genre_set_id": int,
        "adult": int,
    },
    "ratings": {"id": int, "hundredths": int, "votes": int},
    "people": {
        "id": int,
        "name": str,
        "birth_year": int,
        "death_year": int,
        "profession_set_id": int,
        "popularity": int,
    },
    "credits": {"id": int, "person_id": int, "category_id": int, "job": str},
    "roles": {"id": int, "name": str},
    "akas": {
        "id": int,
        "name": str,
        "region": str,
        "language": str,
        "types": str,
        "attributes": str,
        "original": int,
    },
    "episodes": {"id": int, "series_id": int, "season": int, "number": int},
    "overviews": {"id": int, "text": str, "tagline": str, "collection": str},
    "keywords": {"id": int, "name": str},
    "title_keywords": {"id": int, "keyword_id": int},
    "companies": {"id": int, "name": str},
    "title_companies": {"id": int, "company_id": int},
    "languages": {"id": int, "name": str},
    "title_languages": {"id": int, "language_id": int},
    "title_ranks": {"id": int, "title_id": int},
    "person_ranks": {"id": int, "person_id": int},
}
OPTIONAL = {
    *("original_name", "year", "end_year", "runtime", "birth_year", "death_year", "job", "season", "number"),
    *(
        "region",
        "language",
        "types",
        "attributes",
        "text",
        "tagline",
        "collection",
        "genre_set_id",
        "profession_set_id",
    ),
}

_WORDS = "USING fts5(words, content='', detail=none, columnsize=0, tokenize='ascii', prefix='1 2 3')"
FULL_TEXT = {
    "title_words": f"CREATE VIRTUAL TABLE title_words {_WORDS}",
    "person_words": f"CREATE VIRTUAL TABLE person_words {_WORDS}",
    "character_words": f"CREATE VIRTUAL TABLE character_words {_WORDS}",
}
OPTIMIZE = {name: f"INSERT INTO {name}({name}) VALUES ('optimize')" for name in FULL_TEXT}  # noqa: S608 - constants


def create(connection: sqlite3.Connection) -> Database:
    """Empty tables without indexes in a new database, written without a journal: a build that fails is
    thrown away.
    """
    from sqlite_utils import Database

    connection.executescript(
        f"""
        PRAGMA page_size=8192; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE;
        PRAGMA cache_size=-4096; PRAGMA temp_store=FILE;
        PRAGMA user_version={FORMAT}; PRAGMA application_id={APPLICATION};
        """
    )
    database = Database(connection)
    for name, columns in TABLES.items():
        needed = {column for column in columns if column not in OPTIONAL and column != "id"}
        database.table(name).create(columns, pk=next(iter(columns)), not_null=needed, strict=True)
    return database
