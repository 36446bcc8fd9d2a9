"""The catalogue's facts as columns and postings: a half-remembered row is weighed against all titles at once.

A row number is the place of a title (of T) or a person (of P) in id order; credits (C) are in order of title.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from indexer.catalog.records import ACTING
from indexer.errors import FormatMismatch
from indexer.linking.texts import Texts, WordPostings, mapped
from indexer.text import fold

if TYPE_CHECKING:
    from indexer.catalog.records import Credit, Person, Title
    from indexer.linking.source import LinkingSource

FORMAT = 1
BETWEEN = "|"  # stands between the characters of one credit; folded text never holds it
Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Columns:
    """The arrays of an index, each saved as ``<name>.npy``. 0 stands for unknown."""

    title_ids: Array  # (T,) int64 ascending
    years: Array  # (T,) int16
    runtimes: Array  # (T,) int32 minutes
    votes: Array  # (T,) float32 log(1 + votes)
    types: Array  # (T,) int16 place in Names.types
    genres: Array  # (T,) uint64, a bit for each place in Names.genres
    person_ids: Array  # (P,) int64 ascending
    births: Array  # (P,) int16
    fame: Array  # (P,) float32 log(1 + popularity)
    professions: Array  # (P,) uint64, a bit for each place in Names.professions
    credit_titles: Array  # (C,) int32 row numbers, ascending
    credit_people: Array  # (C,) int32 row numbers
    credit_categories: Array  # (C,) int16 place in Names.categories
    title_starts: Array  # (T + 1,) int64, where each title's credits begin
    by_person: Array  # (C,) int32, credits in order of person
    person_starts: Array  # (P + 1,) int64, where each person's credits begin in by_person


class Codes(dict[str, int]):
    """Words numbered in order of first appearance."""

    def __missing__(self, word: str) -> int:
        self[word] = number = len(self)
        return number

    def bits(self, words: Iterable[str]) -> int:
        """A bit for each word; words past the 63rd known are left out."""
        return sum(1 << number for number in {self[word] for word in words} if number < 63)

    def known_bits(self, words: Iterable[str]) -> list[np.uint64]:
        """One mask for each word already numbered, whatever its case."""
        lower = {word.casefold(): number for word, number in self.items()}
        return [np.uint64(1 << lower[word]) for word in map(str.casefold, words) if lower.get(word, 63) < 63]


class FactIndex:
    """Columns, code names and word postings of one catalogue; read-only once made."""

    def __init__(self, columns: Columns, codes: dict[str, Codes], characters: Texts,
                 words: dict[str, WordPostings]) -> None:  # fmt: skip
        self.columns, self.codes, self.characters, self.words = columns, codes, characters, words
        categories = [word in ACTING for word in codes["categories"]]
        directing = [word == "director" for word in codes["categories"]]
        self._acting = np.asarray([*categories, False])[columns.credit_categories]
        self._directing = np.asarray([*directing, False])[columns.credit_categories]

    @classmethod
    def from_catalog(cls, catalog: LinkingSource) -> FactIndex:
        """Read every title, person and credit once; about 25 s and 1 GB for a million credits."""
        codes = {name: Codes() for name in ("types", "genres", "professions", "categories")}
        titles = _title_columns(catalog.iter_titles(), codes)
        people, people_words = _people_columns(catalog.iter_people(), codes)
        cast, characters, character_words = _credit_columns(
            catalog.iter_credits(), codes["categories"], titles["title_ids"], people["person_ids"]
        )
        words = {"people": people_words, "characters": character_words}
        return cls(Columns(**titles, **people, **cast), codes, characters, words)

    @classmethod
    def build(cls, catalog: LinkingSource, directory: Path) -> FactIndex:
        """``from_catalog``, written to ``directory``."""
        index = cls.from_catalog(catalog)
        index.save(directory)
        return index

    def save(self, directory: Path) -> None:
        """Write .npy files and facts.json."""
        directory.mkdir(parents=True, exist_ok=True)
        for name in Columns.__dataclass_fields__:
            np.save(directory / f"{name}.npy", getattr(self.columns, name))
        self.characters.save(directory, "characters")
        for name, words in self.words.items():
            words.save(directory, f"{name}_words")
        facts = {"format": FORMAT, "codes": {name: list(codes) for name, codes in self.codes.items()}}
        (directory / "facts.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")

    @classmethod
    def open(cls, directory: Path) -> FactIndex:
        """Map a saved index; cheap. Raises FormatMismatch where it is missing or of another version."""
        try:
            facts = json.loads((directory / "facts.json").read_text(encoding="utf-8"))
            if facts["format"] != FORMAT:
                raise ValueError(f"expected format {FORMAT}, found {facts['format']}")
            names = Columns.__dataclass_fields__
            columns = Columns(**{name: mapped(directory / f"{name}.npy") for name in names})
            codes = {
                name: Codes(zip(words, range(len(words)), strict=True))
                for name, words in facts["codes"].items()
            }
            words = {name: WordPostings.open(directory, f"{name}_words") for name in ("people", "characters")}
            return cls(columns, codes, Texts.open(directory, "characters"), words)
        except (OSError, ValueError, KeyError) as error:
            raise FormatMismatch(
                f"fact index {directory} cannot be read ({error}): rebuild the index"
            ) from error

    def find_titles(self, ids: Array) -> tuple[Array, Array]:
        """Row numbers of those of (N,) title ids that are known, and (N,) bool, which they are."""
        return _find(self.columns.title_ids, ids)

    def find_people(self, ids: Array) -> tuple[Array, Array]:
        """Row numbers of those of (N,) person ids that are known, and (N,) bool, which they are."""
        return _find(self.columns.person_ids, ids)

    def credits_of_titles(self, rows: Array) -> tuple[Array, Array]:
        """(M,) credits of the titles, and (M,) which of ``rows`` each is of."""
        return _ranges(self.columns.title_starts, rows)

    def credits_of_people(self, rows: Array) -> tuple[Array, Array]:
        """(M,) credits of the people, and (M,) which of ``rows`` each is of."""
        places, owners = _ranges(self.columns.person_starts, rows)
        return np.asarray(self.columns.by_person[places]), owners

    def titles_of(self, people: Array, scores: Array, directing: bool = False) -> Array:
        """(T,) float32: for each title the best score of those of ``people`` who act in it (or direct it)."""
        credit, owner = self.credits_of_people(people)
        wanted = (self._directing if directing else self._acting)[credit]
        best = np.zeros(len(self.columns.title_ids), np.float32)
        np.maximum.at(
            best, self.columns.credit_titles[credit[wanted]], scores[owner[wanted]].astype(np.float32)
        )
        return np.asarray(best)

    def acting(self, credit: Array) -> Array:
        """(M,) bool, whether a credit is before the camera."""
        return np.asarray(self._acting[credit])


def _find(known: Array, wanted: Array) -> tuple[Array, Array]:
    places, there = _places(known, wanted)
    return places[there], there


def _ranges(starts: Array, rows: Array) -> tuple[Array, Array]:
    """The places starts[row] to starts[row + 1] of all rows, joined, and the place in ``rows`` of each."""
    first = np.asarray(starts[rows], np.int64)
    sizes = np.asarray(starts[np.asarray(rows) + 1], np.int64) - first
    owners = np.repeat(np.arange(len(first)), sizes)
    before = np.cumsum(sizes) - sizes
    return np.arange(sizes.sum()) - np.repeat(before - first, sizes), owners


def _title_columns(titles: Iterable[Title], codes: dict[str, Codes]) -> dict[str, Array]:
    rows = [
        (t.id, t.year or 0, t.runtime or 0, t.votes, codes["types"][t.type], codes["genres"].bits(t.genres))
        for t in titles
    ]
    rows.sort()
    ids, years, runtimes, votes, types, genres = zip(*rows, strict=True) if rows else ((),) * 6
    return {
        "title_ids": np.asarray(ids, np.int64),
        "years": np.asarray(years, np.int16),
        "runtimes": np.asarray(runtimes, np.int32),
        "votes": np.log1p(np.asarray(votes, np.float32)),
        "types": np.asarray(types, np.int16),
        "genres": np.asarray(genres, np.uint64),
    }


def _people_columns(
    people: Iterable[Person], codes: dict[str, Codes]
) -> tuple[dict[str, Array], WordPostings]:
    bits = codes["professions"].bits
    rows = [(p.id, p.birth_year or 0, p.popularity, bits(p.professions), fold(p.name)) for p in people]
    rows.sort()
    ids, births, fame, professions, names = zip(*rows, strict=True) if rows else ((),) * 5
    columns: dict[str, Array] = {
        "person_ids": np.asarray(ids, np.int64),
        "births": np.asarray(births, np.int16),
        "fame": np.log1p(np.asarray(fame, np.float32)),
        "professions": np.asarray(professions, np.uint64),
    }
    return columns, WordPostings.of(names)


def _credit_columns(
    rows: Iterable[Credit], categories: Codes, title_ids: Array, person_ids: Array
) -> tuple[dict[str, Array], Texts, WordPostings]:
    titles, people, kinds, characters = array("q"), array("q"), array("h"), []
    for credit in rows:
        titles.append(credit.title_id)
        people.append(credit.person_id)
        kinds.append(categories[credit.category])
        characters.append(BETWEEN.join(map(fold, credit.characters)) if credit.characters else "")
    title_rows, known_title = _places(title_ids, np.asarray(titles, np.int64))
    person_rows, known_person = _places(person_ids, np.asarray(people, np.int64))
    kept = np.flatnonzero(known_title & known_person)
    kept = kept[np.argsort(title_rows[kept], kind="stable")]
    title_rows, person_rows = title_rows[kept], person_rows[kept]
    texts = [characters[place] for place in kept]
    by_person = np.argsort(person_rows, kind="stable")
    columns: dict[str, Array] = {
        "credit_titles": title_rows.astype(np.int32),
        "credit_people": person_rows.astype(np.int32),
        "credit_categories": np.asarray(kinds, np.int16)[kept],
        "title_starts": np.searchsorted(title_rows, np.arange(len(title_ids) + 1)).astype(np.int64),
        "by_person": by_person.astype(np.int32),
        "person_starts": np.searchsorted(person_rows[by_person], np.arange(len(person_ids) + 1)).astype(
            np.int64
        ),
    }
    return columns, Texts.of(texts), WordPostings.of(text.replace(BETWEEN, " ") for text in texts)


def _places(known: Array, wanted: Array) -> tuple[Array, Array]:
    if not len(known):
        return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), np.bool_)
    places = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    return places, known[places] == wanted
