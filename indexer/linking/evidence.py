"""What a query row says, field by field, against all titles at once: rough scores that choose candidates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.fields.rows import Row
from indexer.linking.facts import FactIndex
from indexer.linking.names import NameIndex, Probe
from indexer.text import fold, name_key, without_article

Array = npt.NDArray[Any]
MOST_ITEMS = 8  # people of a query's cast that are looked up; more would only cost time
LEAST_ALIKE = 0.6  # similarity below which a name is another name
_HALF = 0.5  # of a character's words, by how rare they are, that one role must hold to be meant


@dataclass(frozen=True)
class Asked:
    """A query row with its values by type; what it does not say is ``None`` or empty."""

    kind: str
    title: str | None
    person: str | None
    character: str | None
    director: str | None
    cast: tuple[str, ...]
    genres: tuple[str, ...]
    numbers: Mapping[str, float]  # year, runtime, born
    decade: int | None  # its first year
    type: str | None
    profession: str | None
    size: int  # how many things are said

    @classmethod
    def of(cls, row: Row) -> Asked:
        """Read a row; a title row's ``person`` is in its cast; blank texts count as unsaid."""
        texts = {field: _text(row, field) for field in ("title", "person", "character", "director")}
        cast = _texts(row, "cast")
        if row.kind == "title" and texts["person"]:
            cast, texts["person"] = (texts["person"], *cast), None
        said_numbers = {field: row.values.get(field) for field in ("year", "runtime", "born")}
        numbers = {
            field: float(value) for field, value in said_numbers.items() if isinstance(value, int | float)
        }
        decade, genres = _text(row, "decade"), _texts(row, "genres")
        kind, profession = _text(row, "type"), _text(row, "profession")
        said = [*texts.values(), *cast, *genres, *numbers, decade, kind, profession]
        return cls(
            kind=row.kind,
            title=texts["title"],
            person=texts["person"],
            character=texts["character"],
            director=texts["director"],
            cast=cast[:MOST_ITEMS],
            genres=genres,
            numbers=numbers,
            decade=int(decade[:4]) if decade else None,
            type=kind,
            profession=profession,
            size=sum(1 for value in said if value),
        )

    @property
    def name(self) -> str | None:
        """The name of what is asked for."""
        return self.title if self.kind == "title" else self.person


def _text(row: Row, field: str) -> str | None:
    value = row.values.get(field)
    return value if isinstance(value, str) and value.strip() else None


def _texts(row: Row, field: str) -> tuple[str, ...]:
    value = row.values.get(field)
    return tuple(item for item in value if item.strip()) if isinstance(value, tuple) else ()


class Evidence:
    """One query row against a catalogue's facts. Arrays of T or C hold 0-1, 0 for no sign."""

    def __init__(self, asked: Asked, facts: FactIndex, names: Mapping[str, NameIndex]) -> None:
        self.asked, self.facts, self._names = asked, facts, names

    @cached_property
    def probe(self) -> Probe | None:
        """The name of what is asked for, against all names of its kind."""
        name, index = self.asked.name, self._names.get(self.asked.kind)
        return index.probe(name) if name and index is not None else None

    @cached_property
    def cast(self) -> list[Array]:
        """For each person named: (T,) how well somebody before the camera fits."""
        return [self.facts.titles_of(*self._people(text)) for text in self.asked.cast]

    @cached_property
    def director(self) -> Array | None:
        """(T,) how well a director fits, ``None`` where none is named."""
        text = self.asked.director
        return self.facts.titles_of(*self._people(text), directing=True) if text else None

    @cached_property
    def role(self) -> str:
        """The character asked for, folded, without an article at its ends; "" without one."""
        return without_article(fold(self.asked.character or ""))

    @cached_property
    def roles(self) -> tuple[Array, Array]:
        """(M,) credits, ascending, that hold words of the character, and (M,) the share they hold."""
        credit, share = self.facts.words["characters"].shares(self.role.split())
        acting = self.facts.acting(credit)
        return credit[acting], share[acting]

    @cached_property
    def character(self) -> Array | None:
        """(T,) the best share of the character's words that one role holds, ``None`` without one."""
        if not self.asked.character:
            return None
        credit, share = self.roles
        best = np.zeros(len(self.facts.columns.title_ids), np.float32)
        np.maximum.at(best, self.facts.columns.credit_titles[credit], share.astype(np.float32))
        return best

    @cached_property
    def titled(self) -> Array | None:
        """(T,) how well a name of each title fits the title named, ``None`` where none is."""
        index = self._names.get("title")
        if not self.asked.title or index is None:
            return None
        probe = (
            self.probe
            if self.asked.kind == "title" and self.probe is not None
            else index.probe(self.asked.title)
        )
        best = np.zeros(len(self.facts.columns.title_ids), np.float32)
        ids, shares = probe.contained(0.45)
        self._raise(best, ids, 0.7 * shares)
        matches = probe.matches(60)
        self._raise(
            best, np.asarray([m.id for m in matches], np.int64), np.asarray([m.similarity for m in matches])
        )
        return best

    def _raise(self, best: Array, ids: Array, values: Array) -> None:
        places, there = self.facts.find_titles(ids)
        np.maximum.at(best, places, values[there].astype(np.float32))

    def _people(self, text: str) -> tuple[Array, Array]:
        """(M,) people whose name may be ``text``, and (M,) how well it fits, from LEAST_ALIKE up as 0-1."""
        rows, scores = self._holding(name_key(text).split())
        index = self._names.get("person")
        near = [m for m in index.search(text, 20) if m.similarity > LEAST_ALIKE] if index is not None else []
        alike = [(m.similarity - LEAST_ALIKE) / (1 - LEAST_ALIKE) for m in near]
        more, there = self.facts.find_people(np.asarray([m.id for m in near], np.int64))
        return np.concatenate([rows, more]), np.concatenate([scores, np.asarray(alike, np.float64)[there]])

    def _holding(self, words: list[str]) -> tuple[Array, Array]:
        """People whose name has every word asked for ("Bell" finds all Bells)."""
        found: Array | None = None
        for word in words:
            holders = self.facts.words["people"].holding(word)
            found = holders if found is None else np.intersect1d(found, holders, assume_unique=True)
        rows = np.zeros(0, np.int64) if found is None else found.astype(np.int64)
        return rows, np.full(len(rows), 0.9)

    def rough_titles(self) -> Array:
        """(T,) a score that ranks titles well enough to keep the right one among the first hundred."""
        columns, asked = self.facts.columns, self.asked
        total = 0.03 * np.asarray(columns.votes, np.float32)
        for weight, part in ((4.0, self.titled), (1.6, self.director), (1.2, self.character)):
            if part is not None:
                total = total + weight * part
        for part in self.cast:
            total = total + 1.6 * part
        if asked.kind == "title":
            total = total + self._numbers()
        return np.asarray(total)

    def _numbers(self) -> Array:
        columns, asked = self.facts.columns, self.asked
        total = np.zeros(len(columns.title_ids), np.float32)
        if "year" in asked.numbers:
            away = np.abs(columns.years - asked.numbers["year"])
            total += np.where(away <= 1, 1.0, np.maximum(0.4 - 0.04 * away, 0)).astype(np.float32)
        if asked.decade is not None:
            total += 0.7 * ((columns.years >= asked.decade) & (columns.years < asked.decade + 10))
        if "runtime" in asked.numbers:
            total += np.maximum(1 - np.abs(columns.runtimes - asked.numbers["runtime"]) / 12, 0).astype(
                np.float32
            )
        for mask in self.facts.codes["genres"].known_bits(asked.genres):
            total += 0.5 * ((columns.genres & mask) > 0)
        if asked.type is not None:
            total += 0.3 * (columns.types == self.facts.codes["types"].get(asked.type, -1))
        return total

    def candidate_titles(self, limit: int) -> Array:
        """(K,) row numbers of the best rough titles."""
        rough = self.rough_titles()
        top = min(limit, len(rough))
        return np.argpartition(-rough, top - 1)[:top] if top else np.zeros(0, np.intp)

    def fitting_titles(self, limit: int, among: Array | None = None) -> Array:
        """(K,) row numbers of the best rough titles that every name said may be of, ascending.

        among: (N,) row numbers; others are left out.
        """
        parts = [(self.titled, LEAST_ALIKE), (self.character, _HALF), (self.director, 0.0)]
        fits = np.ones(len(self.facts.columns.title_ids), np.bool_)
        if among is not None:
            fits[:] = False
            fits[among] = True
        for part, least in (*parts, *((each, 0.0) for each in self.cast)):
            fits &= part is None or part > least
        places = np.flatnonzero(fits)
        if len(places) > limit:
            places = np.sort(places[np.argpartition(-self.rough_titles()[places], limit - 1)[:limit]])
        return places

    def candidate_people(self, limit: int) -> Array:
        """(K,) row numbers of people by name and by who and what they were in."""
        rows = [np.zeros(0, np.int64)]
        if self.probe is not None:
            rows.append(self.facts.find_people(self.probe.candidates(limit)[0])[0])
        if self.asked.size > (1 if self.asked.person else 0):
            rows.append(self._people_around(limit))
        if not self.asked.person and ("born" in self.asked.numbers or self.asked.profession):
            rows.append(self._people_by_facts(limit))
        return np.unique(np.concatenate(rows))

    def _people_by_facts(self, limit: int) -> Array:
        """The best known people of that year of birth and profession."""
        columns, asked = self.facts.columns, self.asked
        total = 0.03 * np.asarray(columns.fame, np.float32)
        if "born" in asked.numbers:
            total = total + np.maximum(1 - np.abs(columns.births - asked.numbers["born"]) / 4, 0)
        for mask in self.facts.codes["professions"].known_bits(
            [asked.profession] if asked.profession else []
        ):
            total = total + 0.8 * ((columns.professions & mask) > 0)
        top = min(limit, len(total))
        return np.argpartition(-total, top - 1)[:top] if top else np.zeros(0, np.int64)

    def _people_around(self, limit: int) -> Array:
        """The people of the titles that the row's other fields speak of, and of the roles; best first."""
        hints = self.hints()
        titles = (
            np.argpartition(-hints, min(30, len(hints) - 1))[:30] if len(hints) else np.zeros(0, np.int64)
        )
        credit, owner = self.facts.credits_of_titles(titles)
        roles, share = self.roles
        columns = self.facts.columns
        people = np.concatenate([columns.credit_people[credit], columns.credit_people[roles]])
        titled = np.concatenate([hints[titles][owner], hints[columns.credit_titles[roles]] + share])
        score = titled + 0.02 * columns.fame[people]
        return people[np.argsort(-score, kind="stable")[: 4 * limit]].astype(np.int64)

    def hints(self) -> Array:
        """(T,) what a person's row says of the titles they were in, added up."""
        parts = [part for part in (self.titled, self.director, *self.cast) if part is not None]
        return np.sum(parts, axis=0) if parts else np.zeros(len(self.facts.columns.title_ids), np.float32)
