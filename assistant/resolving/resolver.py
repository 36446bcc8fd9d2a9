"""Readings -> the Finding that the catalogue supports best."""

from __future__ import annotations

import dataclasses
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from assistant.reading.kinds import FILM_TYPES, SERIES_TYPES
from assistant.reading.reading import Ask, PersonRef, Reading, TitleRef
from assistant.resolving import chains, described, facts, guesses, lists, persons, roles
from assistant.resolving.context import Context
from assistant.resolving.finding import Finding
from assistant.resolving.guesses import GuessedGenres
from assistant.resolving.people import PersonHit, PersonLinker
from assistant.resolving.titles import TitleHit, TitleLinker, popularity
from assistant.resolving.ways import ALL, Ways
from indexer import deadline
from indexer.catalog.records import Title

if TYPE_CHECKING:
    from indexer.catalog.catalog import Catalog
    from indexer.index import Index
    from indexer.predictors.similar import ScoredTitle

_SURE = 0.85  # a Reading this well supported ends the search
_AS_A_SERIES = 0.9  # how near a name has to be to films of a "series" that no show is called like
_MORE_KNOWN = 5  # times the votes of a show of about that name
_NOUN = re.compile(r"\s+(?:movie|film|series|show)$", re.I)
_AS_IT_STANDS = 0.95  # how near a name has to be to words that were read as a description


class Tools:
    """What every resolution needs: the catalogue, the linkers, the conversation.

    Links each reference once.
    """

    def __init__(self, index: Index, context: Context, ways: Ways = ALL) -> None:
        self._index, self.context, self.ways = index, context, ways
        self.catalog: Catalog = index.catalog
        self._title_linker = TitleLinker(index.catalog, index.names["title"], index.linker, ways)
        self._person_linker = PersonLinker(index.catalog, index.names["person"], ways)
        self.link_seconds = 0.0  # spent on finding candidates
        self._linking = False
        self._titles: dict[str, list[TitleHit]] = {}
        self._people: dict[str, list[PersonHit]] = {}
        self.series: dict[tuple[str, tuple[str, ...]], list[Title]] = {}  # what series.py put together

    def titles(self, ref: TitleRef, character: str | None = None) -> list[TitleHit]:
        """Candidates for a title, best first; [] where nothing fits."""
        key = f"{ref!r}|{character}"
        if key not in self._titles:
            with self._timed():
                hits = self._link_title(ref, character)
                self._titles[key] = hits if self.ways.together else hits[:1]
        return self._titles[key]

    def _link_title(self, ref: TitleRef, character: str | None) -> list[TitleHit]:
        if ref.by is not None:
            return chains.title_hits(ref.by, self)
        if ref.step:
            base = self.titles(dataclasses.replace(ref, step=0), character)
            return described.neighbours(base, ref.step, self)
        if ref.parts or (ref.series and ref.name and ref.ordinal is not None):
            return described.hits_of(ref, self) or self._as_it_stands(ref, character)
        by_people = ref.people or ref.directors or ref.writers or ref.character
        if by_people and not ref.name and not ref.context:
            return lists.titles_with(ref, self)
        hits = self._title_linker.link(ref, self.context, character=character)
        return self._of_films(ref, hits, character) or hits

    def _of_films(self, ref: TitleRef, hits: list[TitleHit], character: str | None) -> list[TitleHit]:
        """ "The Harry Potter series" is one of films where no show has that very name, else []."""
        if ref.types != SERIES_TYPES or (hits and hits[0].quality >= _AS_IT_STANDS):
            return []
        films = dataclasses.replace(ref, types=FILM_TYPES, series=True)
        other = self._title_linker.link(films, self.context, character=character)
        best, show = next(iter(other), None), next(iter(hits), None)
        if best is None or best.title.type not in FILM_TYPES or best.quality < _AS_A_SERIES:
            return []
        return other if show is None or best.title.votes > _MORE_KNOWN * show.title.votes else []

    def _as_it_stands(self, ref: TitleRef, character: str | None) -> list[TitleHit]:
        """ "The Late Show" is no show of somebody called Late: the whole words as a name; [] without."""
        if not ref.full:
            return []
        name = _NOUN.sub("", ref.full)
        plain = TitleRef(name=name, full=name)
        hits = self._title_linker.link(plain, self.context, character=character)
        return [hit for hit in hits if hit.quality >= _AS_IT_STANDS]

    def people(self, ref: PersonRef) -> list[PersonHit]:
        """Candidates for a person, best first; [] where nobody fits."""
        if ref.context:
            found = self.catalog.people(self.context.people)
            ids = [key for key in self.context.people if key in found]
            return [PersonHit(found[key], 1.0, 9.0 - place) for place, key in enumerate(ids)]
        if ref.by is not None:
            return chains.person_hits(ref, self) if ref.every else self._by_reading(ref.by)
        if not ref.name:
            return []
        if ref.name not in self._people:
            with self._timed():
                self._people[ref.name] = self._person_linker.link(ref.name)
        return self._people[ref.name]

    def seen_titles(self, ref: TitleRef, character: str | None = None) -> list[TitleHit]:
        """What ``titles`` gave for it before; [] where it was not asked."""
        return self._titles.get(f"{ref!r}|{character}", [])

    def seen_people(self, ref: PersonRef) -> list[PersonHit]:
        """What ``people`` gave for a name before; [] where it was not asked."""
        return self._people.get(ref.name or "", [])

    @contextmanager
    def _timed(self) -> Iterator[None]:
        """Adds to ``link_seconds``; linking within linking counts once."""
        deadline.check()
        if self._linking:
            yield
            return
        self._linking, started = True, time.perf_counter()
        try:
            yield
        finally:
            self._linking = False
            self.link_seconds += time.perf_counter() - started

    def _by_reading(self, reading: Reading) -> list[PersonHit]:
        """ "the director of Chinatown": whoever that reading finds."""
        finding = resolve_one(reading, self)
        records = finding.records
        if reading.profession:  # "the lead actress of Alien"
            records = tuple(r for r in records if r.credit and r.credit.category == reading.profession)
        people = [record.person for record in records if record.person is not None]
        return [PersonHit(person, finding.confidence, 9.0 - place) for place, person in enumerate(people[:2])]

    def popularity(self, title: Title) -> float:
        """0 to about 2.5: the votes as a prior."""
        return 2.5 * popularity(title.votes) if self.ways.popularity else 0.0

    def similar_to_text(self, plot: str, k: int) -> Sequence[ScoredTitle]:
        """Titles whose overview is near a plot."""
        similar = self._index.similar
        return similar.to_text(plot, k) if similar is not None else []

    def nearness(self, plot: str, ids: Sequence[int]) -> Mapping[int, float]:
        """How near the overview of each title is to a plot (cosine); {} without vectors."""
        similar = self._index.similar
        return similar.nearness(plot, ids) if similar is not None and ids else {}

    def guessed_genres(self, plot: str) -> GuessedGenres | None:
        """What the genre model makes of a plot; None where the index has none."""
        model = self._index.genre
        if model is None:
            return None
        spoken = model.language(plot)
        found = model.predict([plot], self._index.encoder)[0]
        return GuessedGenres(found, spoken.code if spoken.foreign else None)

    def similar_to_title(self, title_id: int, k: int) -> Sequence[ScoredTitle]:
        """Titles near a title."""
        similar = self._index.similar
        return similar.to_title(title_id, k) if similar is not None else []


_RESOLVERS: Mapping[Ask, Callable[[Reading, Tools], Finding]] = {
    Ask.PLAYED_BY: roles.played_by,
    Ask.CHARACTER_OF: roles.character_of,
    Ask.CAST: roles.cast_of,
    Ask.CREW: facts.crew_of,
    Ask.FILMOGRAPHY: lists.filmography,
    Ask.TITLE: lists.find_title,
    Ask.SIMILAR: lists.similar_to,
    Ask.GUESSED_GENRES: guesses.genres_of_plot,
    Ask.BORN: facts.person_fact,
    Ask.DIED: facts.person_fact,
    Ask.AGE: facts.person_fact,
    Ask.PROFESSIONS: facts.person_fact,
    Ask.IS_IN: facts.is_in,
    Ask.COMPARE: facts.compare,
    Ask.PERSON: persons.person_of,
}


def resolve_one(reading: Reading, tools: Tools) -> Finding:
    """What one Reading comes to. Raises TooLate where the thread's deadline has passed."""
    deadline.check()
    if chains.is_chain(reading):
        return chains.resolve(reading, tools)
    return _RESOLVERS.get(reading.ask, facts.fact_of)(reading, tools)


def resolve(readings: Sequence[Reading], tools: Tools) -> Finding | None:
    """The best supported of the Readings.

    ``None`` where there are none. An answer beats "unknown"; a usual wording a rare one.
    """
    best: tuple[float, Finding] | None = None
    for reading in _worth_while(readings):
        if best is not None and best[1].found and reading.weight * 0.98 < best[0]:
            break  # even full support would not overtake
        finding = resolve_one(reading, tools)
        if finding.guess and finding.found:
            return finding  # no record can speak for a plot that the question tells itself
        value = value_of(finding)
        if best is None or value > best[0]:
            best = (value, finding)
        if finding.found and value >= _SURE:
            break
    return best[1] if best else None


def _worth_while(readings: Sequence[Reading]) -> Sequence[Reading]:
    """Without odd ways to divide a role's words where a usual wording fits: "who played (Rick in) (the bar)".

    They hardly ever come to the right answer, and each has titles to look up.
    """
    if not any(reading.weight >= _USUAL for reading in readings):
        return readings
    return [reading for reading in readings if reading.weight > _ODD or reading.ask is not Ask.PLAYED_BY]


_USUAL, _ODD = 0.8, 0.25


def value_of(finding: Finding) -> float:
    """How much speaks for a finding, 0-1: its support, and how usual the wording is for its reading."""
    weight = 0.5 + 0.5 * finding.reading.weight
    return finding.confidence * weight * (1.0 if finding.found else 0.45 * finding.reading.weight)
