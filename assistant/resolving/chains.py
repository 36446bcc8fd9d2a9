"""Readings within Readings: sets of titles that lead to people, whose other titles lead to more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answer import Status
from assistant.reading.reading import Ask, PersonRef, Reading, TitleRef
from assistant.resolving.facts import CATEGORIES, FACTS
from assistant.resolving.finding import Finding, Record, unknown
from assistant.resolving.people import PersonHit
from assistant.resolving.titles import TitleHit
from indexer.catalog.records import PERFORMING, Credit, Title
from indexer.ids import PersonId

if TYPE_CHECKING:
    from assistant.resolving.resolver import Tools

_NAMED, _TITLED = 0.78, 0.72  # how near names have to be that a chain hangs on
_STEP = 0.95  # what each step leaves of the confidence
_WIDEST = 1_000  # titles that a set holds at most, the best known of them
_LONGEST = 300  # records of an answer
_TAGGED = 100  # titles of a keyword
_NO_WORKS = frozenset({"tvEpisode", "videoGame", "musicVideo"})


@dataclass(frozen=True)
class Films:
    """Titles a step leads to, the best known first; ``through``: what they were reached from, named last."""

    titles: tuple[Title, ...] = ()
    through: frozenset[int] = frozenset()  # ids of titles
    people: tuple[int, ...] = ()
    sure: float = 0.0


@dataclass(frozen=True)
class People:
    """Ids of people a step leads to, and the ids of the titles it went through."""

    ids: tuple[int, ...] = ()
    through: frozenset[int] = frozenset()
    sure: float = 0.0


def is_chain(reading: Reading) -> bool:
    """Whether a reading asks of a set that another reading finds."""
    if reading.title is not None and (reading.title.by is not None or reading.title.keyword is not None):
        return True
    return reading.ask is Ask.FILMOGRAPHY and any(ref.every for ref in reading.people)


def resolve(reading: Reading, tools: Tools) -> Finding:
    """What a chain comes to."""
    if reading.title is not None and reading.title.keyword is not None:
        return _of_keyword(reading, reading.title.keyword, tools)
    if reading.title is None or reading.title.by is None:
        return _films(reading, tools)
    films = films_of(reading.title.by, tools)
    if not films.titles:
        return unknown(reading, "I find no titles of which that could be said.", 0.2, "an empty step")
    if reading.ask in (Ask.CAST, Ask.CREW):
        return _people_of(reading, films, tools)
    return _values_of(reading, films, tools) if reading.ask in FACTS else _themselves(reading, films)


# ------------------------------------------------------------------------------------------------- steps


def films_of(reading: Reading, tools: Tools) -> Films:
    """The titles of everybody a FILMOGRAPHY names: of all of them where ``every`` is meant, else shared."""
    found = [people_of(ref, reading, tools) for ref in reading.people]
    if not found or not all(people.ids for people in found):
        return Films()
    held = [_titles_of(people.ids, categories(reading.category), tools) for people in found]
    through = frozenset[int]().union(*(people.through for people in found))
    ids = set.intersection(*held) - (through if reading.exclude_context else frozenset())
    titles = [title for title in tools.catalog.titles(ids).values() if title.type not in _NO_WORKS]
    kept = sorted(titles, key=lambda title: (title.id in through, -title.votes, title.id))[:_WIDEST]
    people = tuple(key for one in found for key in one.ids)
    return Films(tuple(kept), through, people, _STEP * min(one.sure for one in found))


def people_of(ref: PersonRef, reading: Reading, tools: Tools) -> People:
    """Whom a reference means: all that a reading finds, or the best known of a name with such credits."""
    if ref.by is not None and ref.every and ref.by.title is not None:
        return _credited(ref.by.title, categories(_function(ref.by)), tools)
    hits = [hit for hit in tools.people(ref) if hit.quality >= _NAMED]
    wanted = categories(reading.category)
    for hit in [hit for hit in hits[:4] if hit.score > hits[0].score - 1.5]:
        if _titles_of([hit.person.id], wanted, tools):
            return People((hit.person.id,), frozenset(), hit.quality)
    return People()


def _function(reading: Reading) -> str | None:
    return "acting" if reading.ask is Ask.CAST else reading.category


def _credited(ref: TitleRef, wanted: frozenset[str], tools: Tools) -> People:
    """Everybody with such a credit: in a set of titles, or in the best title of a name that has them."""
    if ref.by is not None:
        films = films_of(ref.by, tools)
        credits = _credits(films.titles, wanted, tools)
        return People(_once(credits), frozenset(title.id for title in films.titles), films.sure)
    hits = [hit for hit in tools.titles(ref) if hit.quality >= _TITLED]
    for hit in [hit for hit in hits[:4] if hit.score > hits[0].score - 2.0]:
        credits = _credits([hit.title], wanted, tools)
        if credits:
            return People(_once(credits), frozenset({int(hit.title.id)}), min(1.0, hit.quality))
    return People()


def categories(name: str | None) -> frozenset[str]:
    """The catalogue's categories of a function; without one, all that make a title somebody's."""
    if name is None:
        return frozenset(PERFORMING).union(*(CATEGORIES[key] for key in ("director", "writer", "composer")))
    return PERFORMING if name == "acting" else CATEGORIES[name]


def _credits(titles: Sequence[Title], wanted: frozenset[str], tools: Tools) -> list[Credit]:
    found = tools.catalog.credits_of_titles([title.id for title in titles])
    return [credit for title in titles for credit in found[title.id] if credit.category in wanted]


def _once(credits: Iterable[Credit]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(int(credit.person_id) for credit in credits))


def _titles_of(people: Iterable[int], wanted: frozenset[str], tools: Tools) -> set[int]:
    found = tools.catalog.credits_of_people(people)
    return {credit.title_id for credits in found.values() for credit in credits if credit.category in wanted}


# ---------------------------------------------------------------------------------------------- findings


def _films(reading: Reading, tools: Tools) -> Finding:
    from assistant.resolving.lists import ordered

    films = films_of(reading, tools)
    if not films.titles:
        return unknown(reading, "I find no title that fits that.", 0.3, "an empty step")
    titles = list(films.titles) if reading.order is None else ordered(films.titles, reading)
    records = tuple(Record(title) for title in titles[: reading.limit or _LONGEST])
    values = (str(len(titles)),) if reading.count else ()
    rule = "the titles of all whom the first step finds"
    return Finding(reading, Status.ANSWERED, records, values, films.sure, rule=rule)


def _themselves(reading: Reading, films: Films) -> Finding:
    records = tuple(Record(title) for title in films.titles[: reading.limit or _LONGEST])
    return Finding(reading, Status.ANSWERED, records, confidence=films.sure, rule="the titles of a chain")


def _of_keyword(reading: Reading, keyword: str, tools: Tools) -> Finding:
    ids = tools.catalog.titles_with_keyword(keyword, reading.limit or _TAGGED)
    if not ids:
        return unknown(reading, f"No title has the keyword “{keyword}”.", 0.2, "no such keyword")
    records = tuple(Record(title) for title in tools.catalog.titles(ids).values())
    return Finding(reading, Status.ANSWERED, records, confidence=0.8, rule="the titles of a keyword")


def _people_of(reading: Reading, films: Films, tools: Tools) -> Finding:
    """Everybody with a credit in the set, those of most of its titles first."""
    left_out = {hit.person.id for ref in reading.without for hit in tools.people(ref)[:1]}
    if reading.without:
        left_out |= {PersonId(key) for key in films.people}
    credits = [
        credit
        for credit in _credits(films.titles, categories(_function(reading)), tools)
        if credit.person_id not in left_out
    ]
    if not credits:
        note = f"The catalogue names nobody for {len(films.titles)} such titles."
        return unknown(reading, note, 0.4 * films.sure, "an empty step")
    titles, people = {title.id: title for title in films.titles}, tools.catalog.people(_once(credits))
    often = Counter(credit.person_id for credit in credits if credit.title_id not in films.through)
    first = {credit.person_id: credit for credit in reversed(credits)}
    ranked = sorted(
        people.values(), key=lambda one: (one.id in films.people, -often[one.id], -one.popularity)
    )
    records = tuple(Record(titles[first[one.id].title_id], one, first[one.id]) for one in ranked[:_LONGEST])
    rule = "all credited in the titles of a chain"
    return Finding(reading, Status.ANSWERED, records, confidence=films.sure, rule=rule)


def _values_of(reading: Reading, films: Films, tools: Tools) -> Finding:
    """Every value that the titles of the set have: years in order, others the most frequent first."""
    fact = FACTS[reading.ask]
    held = [(title, fact(tools, title)) for title in films.titles]
    often = Counter(value for _, values in held for value in values)
    if not often:
        note = f"The catalogue does not give the {reading.ask} of such titles."
        return unknown(reading, note, 0.4 * films.sure, "the values are missing")
    beyond = {value for title, values in held for value in values if title.id not in films.through}
    by_year = reading.ask is Ask.YEAR
    values = sorted(often, key=lambda value: (value not in beyond, int(value) if by_year else -often[value]))
    records = tuple(Record(title) for title, found in held if found)[:_LONGEST]
    rule = "the values of the titles of a chain"
    return Finding(reading, Status.ANSWERED, records, tuple(values), films.sure, rule=rule)


def title_hits(reading: Reading, tools: Tools) -> list[TitleHit]:
    """The titles of a chain as candidates."""
    films = films_of(reading, tools)
    return [TitleHit(title, films.sure, 9.0 - place / 100) for place, title in enumerate(films.titles)]


def person_hits(ref: PersonRef, tools: Tools) -> list[PersonHit]:
    """All whom a reading finds, as candidates."""
    if ref.by is None:
        return []
    people = people_of(ref, ref.by, tools)
    found = tools.catalog.people(people.ids)
    return [PersonHit(person, people.sure, 9.0 - place / 100) for place, person in enumerate(found.values())]
