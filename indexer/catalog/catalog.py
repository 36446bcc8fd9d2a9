"""A finished catalogue, read-only and typed: the only way to its records."""

from __future__ import annotations

import json
import threading
import weakref
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import chain, groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Any

from indexer.catalog import queries, reader, rows, schema, words
from indexer.catalog.reader import Reader, Row, Values
from indexer.catalog.records import Credit, Episode, FilmNotes, Person, Title, TitleFilter
from indexer.errors import FormatMismatch, IndexMissing, IndexUnusable
from indexer.ids import PersonId, TitleId
from indexer.settings import VectorScope
from indexer.text import fold

_LARGEST_ID = 10**9  # ids have nine digits; larger ones would overflow the keys
_KEYS_AT_ONCE = 500  # looked up in one statement, so that a builder's long list is not cut for time
_HITS_AT_ONCE = 64  # looked up in one statement; one more hit wanted costs as many look-ups


class Catalog:
    """Opened with ``Catalog.open``; safe to use from any thread, each has its own connection.

    A thread's connection ends with the thread. What is not there is ``None``, an empty list, or missing from
    the dict. Raises IndexUnusable where the file turns out to be damaged, and ResourceError where a statement
    runs longer than ``reader.LONGEST`` seconds; ``problems``, the scopes and the streams have no such limit.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._opened: weakref.WeakSet[Reader] = weakref.WeakSet()  # a thread's local alone holds its reader
        self._lock = threading.Lock()

    @classmethod
    def open(cls, db: Path) -> Catalog:
        """Opens the file without changing it.

        Raises IndexMissing, FormatMismatch, or IndexUnusable for a file that is no catalogue.
        """
        if not db.is_file():
            raise IndexMissing(f"there is no catalogue at {db}: build one with `make index`")
        catalog = cls(db)
        try:
            found = catalog._rows("PRAGMA user_version")[0][0]
            application = catalog._rows("PRAGMA application_id")[0][0]
        except IndexUnusable:
            catalog.close()
            raise
        if application != schema.APPLICATION:
            catalog.close()
            raise IndexUnusable(f"{db} is another program's database: build the catalogue with `make index`")
        if found != schema.FORMAT:
            catalog.close()
            raise FormatMismatch(
                f"{db} has format {found}, expected {schema.FORMAT}: rebuild it with `make index`"
            )
        return catalog

    def close(self) -> None:
        """Closes the connections of all threads."""
        with self._lock:
            for opened in list(self._opened):
                opened.close()
            self._opened.clear()
            self._local = threading.local()

    def __enter__(self) -> Catalog:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ---------------------------------------------------------------------------------------- records

    def counts(self) -> dict[str, int]:
        """Rows of each table, as counted when the catalogue was made."""
        return {key.removeprefix("count "): int(value) for key, value in self._rows(queries.META)}

    def problems(self) -> list[str]:
        """What is wrong with the file: SQLite's own check, tables that lost or gained rows. [] when sound.

        Slow: it reads the whole file (about 2 s for 150 thousand titles).
        """
        found = [str(row[0]) for row in self._all_rows("PRAGMA quick_check(20)") if row[0] != "ok"]
        for table, expected in self.counts().items():
            held = int(self._all_rows(rows.COUNT[table])[0][0])
            if held != expected:
                found.append(f"table {table} was made with {expected:,} rows and holds {held:,}")
        return found

    def title(self, title_id: int) -> Title | None:
        """The title, or ``None``."""
        return self.titles([title_id]).get(TitleId(title_id))

    def titles(self, ids: Iterable[int]) -> dict[TitleId, Title]:
        """The titles that are there, by id, in the order of ``ids``."""
        wanted = list(ids)
        found = {row[0]: self._title(row) for row in self._rows_of(queries.TITLES, wanted)}
        return {TitleId(key): found[key] for key in wanted if key in found}

    def person(self, person_id: int) -> Person | None:
        """The person, or ``None``."""
        return self.people([person_id]).get(PersonId(person_id))

    def people(self, ids: Iterable[int]) -> dict[PersonId, Person]:
        """The people who are there, by id, in the order of ``ids``."""
        wanted = list(ids)
        found = {row[0]: self._person(row) for row in self._rows_of(queries.PEOPLE, wanted)}
        return {PersonId(key): found[key] for key in wanted if key in found}

    def credits_of_title(self, title_id: int) -> list[Credit]:
        """All credits of a title in billing order."""
        return self.credits_of_titles([title_id])[TitleId(title_id)]

    def credits_of_titles(self, ids: Iterable[int]) -> dict[TitleId, list[Credit]]:
        """Credits of each title in billing order; titles without credits have an empty list."""
        found: dict[TitleId, list[Credit]] = {TitleId(title_id): [] for title_id in ids}
        known = [title_id for title_id in found if 0 <= title_id < _LARGEST_ID]
        roles = _grouped(self._rows_of(queries.TITLES_ROLES, known))
        listed = self._rows_of(queries.TITLES_CREDITS, known)
        for credit in [self._credit(row, roles.get(row[0], ())) for row in listed]:
            found[credit.title_id].append(credit)
        return found

    def credits_of_person(self, person_id: int) -> list[Credit]:
        """All credits of a person, those in the most voted titles first."""
        if not 0 <= person_id < _LARGEST_ID:
            return []
        roles = _grouped(self._rows(queries.PERSON_ROLES, person_id))
        return [
            self._credit(row, roles.get(row[0], ())) for row in self._rows(queries.PERSON_CREDITS, person_id)
        ]

    def credits_of_people(self, ids: Iterable[int]) -> dict[PersonId, list[Credit]]:
        """Credits of each person as ``credits_of_person`` gives them."""
        return {PersonId(person_id): self.credits_of_person(person_id) for person_id in ids}

    def credits_of_character(self, text: str, limit: int = 200) -> list[Credit]:
        """Credits with a character in whose name every word of ``text`` occurs, most voted titles first."""
        match = words.query(text)
        if match is None:
            return []
        asked = set(fold(text[: words.LONGEST_QUERY].replace("\0", " ")).split()[: words.MOST_WORDS])
        keys = (key for (key,) in self._search(queries.SEARCH_CHARACTERS, match))
        found = chain.from_iterable(map(self._credits_at, _batches(keys, _HITS_AT_ONCE)))
        # A credit's characters are one document: the words must stand in one of them.
        fitting = (
            credit
            for credit in found
            if len(credit.characters) == 1
            or any(asked <= set(fold(name).split()) for name in credit.characters)
        )
        return list(islice(fitting, limit))

    def alternative_titles(self, title_id: int) -> list[str]:
        """The title's other names, its original one first; ``[]`` where there are none."""
        if not 0 <= title_id < _LARGEST_ID:
            return []
        names = [name for row in self._rows(queries.NAMES, title_id) for name in row]
        names += [name for (name,) in self._rows(queries.AKAS, title_id)]
        return list(dict.fromkeys(name for name in names[1:] if name and name != names[0]))

    def overview(self, title_id: int) -> str | None:
        """The plot overview, or ``None``."""
        return self.overviews([title_id]).get(TitleId(title_id))

    def overviews(self, ids: Iterable[int]) -> dict[TitleId, str]:
        """The overviews that are there, by title id."""
        return {TitleId(key): text for key, text in self._rows_of(queries.OVERVIEWS, ids)}

    def notes(self, title_id: int) -> FilmNotes | None:
        """Tagline, collection and companies, or ``None`` where nothing is known of the title."""
        row = next(iter(self._rows(queries.NOTES, title_id)), None)
        if row is None:
            return None
        return FilmNotes(row[0], row[1], tuple(name for (name,) in self._rows(queries.COMPANIES, title_id)))

    def collection(self, title_id: int) -> list[TitleId]:
        """The titles of this title's collection, itself among them, by year; ``[]`` without one."""
        notes = next(iter(self._rows(queries.NOTES, title_id)), None)
        if notes is None or notes[1] is None:  # most have none, and to look for one reads every overview
            return []
        return [TitleId(key) for (key,) in self._rows(queries.COLLECTION, title_id)]

    def keywords(self, title_id: int) -> list[str]:
        """The title's keywords."""
        return [name for (name,) in self._rows(queries.KEYWORDS, title_id)]

    def titles_with_keyword(self, name: str, limit: int = 20) -> list[TitleId]:
        """Titles that have this very keyword, most voted first; ``[]`` where there is no such keyword."""
        return [TitleId(key) for (key,) in self._rows(queries.KEYWORD_TITLES, name, limit)]

    def languages(self, title_id: int) -> list[str]:
        """The title's languages in English, the one it was made in first; ``[]`` where they are not known.

        Also ``[]`` in a catalogue of before languages were kept.
        """
        if not self._has_languages:
            return []
        return [name for (name,) in self._rows(queries.LANGUAGES, title_id)]

    def episodes(self, series_id: int) -> list[Episode]:
        """A series' episodes by season and number, those without last; not all are titles here."""
        return [_episode(row) for row in self._rows(queries.EPISODES, series_id)]

    def episode(self, title_id: int) -> Episode | None:
        """Which series, season and number an episode is; ``None`` for any other title."""
        return next((_episode(row) for row in self._rows(queries.EPISODE, title_id)), None)

    def episode_counts(self, series_id: int) -> tuple[int, int]:
        """(episodes, seasons) of a series; (0, 0) for any other title."""
        episodes, seasons = self._rows(queries.EPISODE_COUNTS, series_id)[0]
        return episodes, seasons

    # -------------------------------------------------------------------------------------- searching

    def search_titles(self, text: str, limit: int = 20) -> list[TitleId]:
        """Titles one of whose names holds every word (the last may be cut short), most voted first."""
        match = words.query(text, prefix=True)
        if match is None:
            return []
        found: dict[TitleId, None] = {}
        for (title_id,) in self._search(queries.SEARCH_TITLES, match):
            if len(found) >= limit:
                break
            found[title_id] = None
        return list(found)

    def search_people(self, text: str, limit: int = 20) -> list[PersonId]:
        """People in whose name every word occurs (the last may be cut short), most popular first."""
        match = words.query(text, prefix=True)
        return (
            []
            if match is None
            else [PersonId(key) for (key,) in self._rows(queries.SEARCH_PEOPLE, match, limit)]
        )

    def titles_where(self, wanted: TitleFilter, limit: int = 20) -> list[TitleId]:
        """Titles that pass the filter, in its order; ``[]`` for a genre or type that no title has."""
        statement = queries.TITLES_WHERE[wanted.order, wanted.descending]
        return [TitleId(key) for (key,) in self._rows(statement, {**self._filter(wanted), "limit": limit})]

    def count_where(self, wanted: TitleFilter) -> int:
        """How many titles pass the filter."""
        count: int = self._rows(queries.COUNT_WHERE, self._filter(wanted))[0][0]
        return count

    def genres(self) -> list[str]:
        """All genres, sorted."""
        return sorted({genre for genres in self._genre_sets.values() for genre in genres})

    def types(self) -> list[str]:
        """All types of titles, sorted."""
        return sorted(self._types.values())

    # ---------------------------------------------------------------------------- streams for builders

    def iter_titles(self) -> Iterator[Title]:
        """All titles by id."""
        return map(self._title, self._stream(queries.ALL_TITLES))

    def iter_people(self) -> Iterator[Person]:
        """All people by id."""
        return map(self._person, self._stream(queries.ALL_PEOPLE))

    def iter_credits(self) -> Iterator[Credit]:
        """All credits by title and billing."""
        roles = groupby(self._stream(queries.ALL_ROLES), itemgetter(0))
        key, names = next(roles, (None, iter(())))
        for row in self._stream(queries.ALL_CREDITS):
            while key is not None and key < row[0]:
                key, names = next(roles, (None, iter(())))
            yield self._credit(row, tuple(name for _, name in names) if key == row[0] else ())

    def iter_names(self, kind: str = "title") -> Iterator[tuple[int, str]]:
        """(id, name) of all names of kind ``"title"`` or ``"person"``.

        Titles: first names and original names by title id, then all other names by title id.
        """
        if kind == "person":
            return self.iter_people_names()
        own = (
            (title_id, name)
            for title_id, *names in self._stream(queries.ALL_NAMES)
            for name in names
            if name is not None
        )
        return chain(own, ((title_id, name) for title_id, name in self._stream(queries.ALL_AKAS)))

    def iter_people_names(self) -> Iterator[tuple[int, str]]:
        """(id, name) of all people by id."""
        return ((person_id, name) for person_id, name in self._stream(queries.ALL_PEOPLE_NAMES))

    def iter_overviews(self) -> Iterator[tuple[TitleId, str]]:
        """(id, text) of all overviews of titles in the catalogue, by id."""
        return ((title_id, text) for title_id, text in self._stream(queries.ALL_OVERVIEWS))

    def iter_keywords(self) -> Iterator[tuple[TitleId, str]]:
        """(id, keyword) of all keywords of all titles, by title id."""
        return ((title_id, name) for title_id, name in self._stream(queries.ALL_KEYWORDS))

    def scope_titles(self, scope: VectorScope) -> list[TitleId]:
        """Ids of the titles that get vectors, sorted."""
        values = {"min_votes": scope.min_votes, "with_overview": scope.with_overview}
        return [TitleId(key) for (key,) in self._all_rows(queries.SCOPE, values)]

    def scope_people(self, title_ids: Iterable[int]) -> list[PersonId]:
        """Ids of everybody credited in one of the titles, sorted; those whose names are unknown left out."""
        found = {key for title_id in title_ids for (key,) in self._stream(queries.TITLE_PEOPLE, title_id)}
        known = {key for key, _ in self.iter_people_names()} if found else set()
        return sorted(PersonId(key) for key in found & known)

    # --------------------------------------------------------------------------------------- plumbing

    def _reader(self) -> Reader:
        found: Reader | None = getattr(self._local, "reader", None)
        if found is None:
            found = Reader(self.path)
            with self._lock:
                self._opened.add(found)
                self._local.reader = found
        return found

    def _rows(self, statement: str, *values: Any) -> list[Row]:
        return self._reader().rows(statement, _given(values), reader.LONGEST)

    def _all_rows(self, statement: str, *values: Any) -> list[Row]:
        """As ``_rows``, for whole tables: however long it takes."""
        return self._reader().rows(statement, _given(values), reader.UNLIMITED)

    def _rows_of(self, statement: str, ids: Iterable[int]) -> Iterator[Row]:
        """The rows of many keys, which the statement takes as a JSON array; by key."""
        for keys in _batches(sorted({int(key) for key in ids}), _KEYS_AT_ONCE):
            yield from self._rows(statement, json.dumps(keys))

    def _search(self, statement: str, *values: Any) -> Iterator[Row]:
        return self._reader().stream(statement, _given(values), reader.LONGEST)

    def _stream(self, statement: str, *values: Any) -> Iterator[Row]:
        """As ``_search``, for whole tables: however long it takes."""
        return self._reader().stream(statement, _given(values), reader.UNLIMITED)

    def _title(self, row: Row) -> Title:
        key, name, type_id, original, year, end, runtime, genres, hundredths, votes, adult = row
        return Title(
            key,
            name,
            self._types[type_id],
            original,
            year,
            end,
            runtime,
            () if genres is None else self._genre_sets[genres],
            None if hundredths is None else hundredths / 100,
            votes,
            bool(adult),
        )

    def _person(self, row: Row) -> Person:
        key, name, born, died, professions, popularity = row
        return Person(
            key,
            name,
            born,
            died,
            () if professions is None else self._profession_sets[professions],
            popularity,
        )

    def _credit(self, row: Row, characters: tuple[str, ...]) -> Credit:
        key, person_id, category_id, job = row
        title_id, ordering = divmod(key, schema.PER_TITLE)
        return Credit(TitleId(title_id), person_id, ordering, self._categories[category_id], job, characters)

    def _credits_at(self, keys: list[int]) -> list[Credit]:
        """The credits with these keys, in the order of ``keys``."""
        roles = _grouped(self._rows_of(queries.CREDITS_ROLES, keys))
        found = {row[0]: row for row in self._rows_of(queries.CREDITS, keys)}
        return [self._credit(found[key], roles.get(key, ())) for key in keys if key in found]

    def _filter(self, wanted: TitleFilter) -> dict[str, Any]:
        first, last = wanted.years or (None, None)
        sets = [key for key, genres in self._genre_sets.items() if set(wanted.genres) <= set(genres)]
        types = [key for key, name in self._types.items() if name in wanted.types]
        return {
            "first": first,
            "last": last,
            "genres": _json(sets) if wanted.genres else None,
            "types": _json(types) if wanted.types else None,
            "min_votes": wanted.min_votes,
            "min_hundredths": None if wanted.min_rating is None else round(100 * wanted.min_rating),
        }

    @cached_property
    def _has_languages(self) -> bool:
        return bool(self._rows(queries.HAS_LANGUAGES)[0][0])

    @cached_property
    def _types(self) -> dict[int, str]:
        return dict(self._rows(queries.INTERNED["types"]))

    @cached_property
    def _categories(self) -> dict[int, str]:
        return dict(self._rows(queries.INTERNED["categories"]))

    @cached_property
    def _genre_sets(self) -> dict[int, tuple[str, ...]]:
        return {key: tuple(name.split(",")) for key, name in self._rows(queries.INTERNED["genre_sets"])}

    @cached_property
    def _profession_sets(self) -> dict[int, tuple[str, ...]]:
        return {key: tuple(name.split(",")) for key, name in self._rows(queries.INTERNED["profession_sets"])}


def _json(ids: list[int]) -> str:
    return json.dumps([int(key) for key in ids])


def _given(values: tuple[Any, ...]) -> Values:
    """What a statement is given: its own dict of named values, or the values by place."""
    return values[0] if len(values) == 1 and isinstance(values[0], dict) else values


def _batches(keys: Iterable[int], size: int) -> Iterator[list[int]]:
    left = iter(keys)
    while batch := list(islice(left, size)):
        yield batch


def _grouped(rows: Iterable[Row]) -> dict[int, tuple[str, ...]]:
    found: dict[int, list[str]] = defaultdict(list)
    for key, name in rows:
        found[key].append(name)
    return {key: tuple(names) for key, names in found.items()}


def _episode(row: Row) -> Episode:
    key, series_id, season, number = row
    return Episode(TitleId(key), TitleId(series_id), season, number)
