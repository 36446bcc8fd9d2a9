"""Ranks by votes, and the full-text tables whose row ids begin with a rank."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from functools import lru_cache

from indexer.catalog import schema
from indexer.progress import Progress
from indexer.text import fold

RANKS = """
INSERT INTO title_ranks SELECT row_number() OVER (ORDER BY coalesce(votes, 0) DESC, titles.id), titles.id
FROM titles LEFT JOIN ratings ON ratings.id = titles.id;
INSERT INTO person_ranks SELECT row_number() OVER (ORDER BY popularity DESC, id), id FROM people;
"""
_TITLES = """
SELECT title_ranks.id, titles.name, titles.original_name, akas.name
FROM title_ranks JOIN titles ON titles.id = title_ranks.title_id
LEFT JOIN akas ON akas.id BETWEEN title_ranks.title_id * 10000 AND title_ranks.title_id * 10000 + 9999
ORDER BY title_ranks.id
"""
_PEOPLE = """
SELECT person_ranks.id, name FROM person_ranks JOIN people ON people.id = person_id ORDER BY person_ranks.id
"""
_ROLES = """
SELECT title_ranks.id * 10000 + roles.id / 100 % 10000, name
FROM title_ranks JOIN roles ON roles.id BETWEEN title_id * 1000000 AND title_id * 1000000 + 999999
ORDER BY title_ranks.id, roles.id
"""


def fill(connection: sqlite3.Connection, progress: Progress) -> None:
    """Creates and fills the three full-text tables, most voted first."""
    for table, documents, insert in (
        ("title_words", _title_documents(connection), "INSERT INTO title_words(rowid, words) VALUES (?, ?)"),
        (
            "person_words",
            _person_documents(connection),
            "INSERT INTO person_words(rowid, words) VALUES (?, ?)",
        ),
        (
            "character_words",
            _role_documents(connection),
            "INSERT INTO character_words(rowid, words) VALUES (?, ?)",
        ),
    ):
        connection.execute(schema.FULL_TEXT[table])
        connection.executemany(insert, progress.track(documents, table))
        connection.execute(schema.OPTIMIZE[table])


def query(text: str, *, prefix: bool = False) -> str | None:
    """The MATCH expression that asks for every word of ``text``, ``None`` where it has no word.

    ``prefix``: the last word may be the beginning of one. Folding leaves only words, so nothing is left to
    escape; they are quoted all the same because AND, OR and NOT are words too.
    """
    words = fold(text[:LONGEST_QUERY].replace("\0", " ")).split()[:MOST_WORDS]
    if not words:
        return None
    quoted = [f'"{word}"' for word in words]
    if prefix:
        quoted[-1] += " *"
    return " AND ".join(quoted)


LONGEST_QUERY = 1_000  # characters
MOST_WORDS = 40
_fold = lru_cache(1 << 16)(fold)


def _title_documents(connection: sqlite3.Connection) -> Iterator[tuple[int, str]]:
    rank, seen = 0, set[str]()
    for title_rank, name, original, aka in connection.execute(_TITLES):
        if title_rank != rank:
            rank, seen = title_rank, set()
        for text in (name, original, aka):
            folded = fold(text) if text else ""
            if folded and folded not in seen and len(seen) < schema.NAMES_PER_TITLE:
                yield rank * schema.NAMES_PER_TITLE + len(seen), folded
                seen.add(folded)


def _person_documents(connection: sqlite3.Connection) -> Iterator[tuple[int, str]]:
    return ((rank, fold(name)) for rank, name in connection.execute(_PEOPLE))


def _role_documents(connection: sqlite3.Connection) -> Iterator[tuple[int, str]]:
    """One document for each credit: its characters one after the other."""
    key, folded = 0, ""
    for rowid, name in connection.execute(_ROLES):
        if rowid != key:
            if folded:
                yield key, folded
            key, folded = rowid, _fold(name)
        else:
            folded = f"{folded} {_fold(name)}"
    if folded:
        yield key, folded
