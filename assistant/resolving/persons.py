"""People described by their shares in titles -> those of the catalogue who have them all."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from assistant.answer import Status
from assistant.reading.kinds import FILM_TYPES, SERIES_TYPES
from assistant.reading.reading import Part, Reading
from assistant.resolving import series
from assistant.resolving.characters import match_characters
from assistant.resolving.described import in_years
from assistant.resolving.facts import CATEGORIES
from assistant.resolving.finding import Finding, Record, unknown
from indexer.catalog.records import Credit, Person, Title
from indexer.ids import PersonId, TitleId
from indexer.text import search_words

if TYPE_CHECKING:
    from assistant.resolving.resolver import Tools

_PLAYING = frozenset({"actor", "actress"})
_TITLES = 3  # titles of about a name that one part may mean
_LIKE = 0.02  # how much less like the words: Alien is not Aliens
_CLOSE = 1.5  # how much less likely they may be


def person_of(reading: Reading, tools: Tools) -> Finding:
    """Who has all the shares of ``reading.parts``, and none of those left out; or whether anybody has."""
    if reading.title is not None:
        return _players(reading, tools)
    finding = _sharing(reading, tools)
    if reading.threshold is None:
        return finding
    if finding.found:
        return dataclasses.replace(finding, values=("Yes",))
    alone = [_sharing(dataclasses.replace(reading, parts=(part,)), tools) for part in reading.parts]
    if not all(one.found for one in alone):
        return finding
    records = tuple(record for one in alone for record in one.records[:1])
    return Finding(reading, Status.ANSWERED, records, ("No",), 0.8, rule="nobody has all those credits")


def _sharing(reading: Reading, tools: Tools) -> Finding:
    first, *rest = reading.parts
    held = _holders(first, tools)
    category = first.category
    for part in rest:
        found = _holders(
            dataclasses.replace(
                part,
                title=part.title or (first.title if not part.character else None),
                category=part.category or category,
            ),
            tools,
        )
        if not found and not part.without:
            held = {}
        held = {
            key: records if part.without else (*records, *found[key])
            for key, records in held.items()
            if (key in found) != part.without
        }
    if not held:
        return unknown(reading, "I find nobody who fits all of that.", 0.3, "nobody fits")
    people = {key: person for key, person in tools.catalog.people(held).items() if _lived(person, reading)}
    people = _as_credited(people, held, reading.profession)
    if not people:
        return unknown(reading, "I find nobody who fits all of that.", 0.3, "nobody fits")
    titles = tools.catalog.titles({credit.title_id for credits in held.values() for credit in credits})
    if reading.unchecked and len(people) > 1:
        return _most_likely(reading, people, held, titles)
    best = sorted(people, key=lambda key: (_billing(held[key], titles), -people[key].popularity))
    records = tuple(
        Record(titles.get(held[key][0].title_id), people[key], held[key][0]) for key in best[:_SHOWN]
    )
    confidence = 0.85 if len(people) == 1 else 0.8 if len(people) < 4 else 0.6
    note = _NOT_HELD if reading.unchecked else ""
    rule = "who has all those credits"
    return Finding(reading, Status.ANSWERED, records, confidence=confidence, note=note, rule=rule)


_SHOWN = 5
_NOT_HELD = "the data does not hold all that was said"
_AHEAD = 1.5  # times as prominent as the next


def _lived(person: Person, reading: Reading) -> bool:
    """Whether a person was born and died when the reading says, if it does."""
    asked = ((reading.born, person.birth_year), (reading.died, person.death_year))
    return all(years is None or (year is not None and in_years(year, years)) for years, year in asked)


def _as_credited(
    people: Mapping[PersonId, Person], held: Mapping[PersonId, Sequence[Credit]], profession: str | None
) -> dict[PersonId, Person]:
    """Those who are credited as the actor or actress asked for; all where nobody is, or none was said."""
    kept = {
        key: person
        for key, person in people.items()
        if any(credit.category == profession for credit in held[key])
    }
    return kept or dict(people)


def _most_likely(
    reading: Reading,
    people: Mapping[PersonId, Person],
    held: Mapping[PersonId, Sequence[Credit]],
    titles: Mapping[TitleId, Title],
) -> Finding:
    """The most prominent of several whom the rest of the question would tell apart: a star is asked about
    more often than an extra, but no more than that is known.
    """
    billed = {key: person for key, person in people.items() if _place(held[key]) <= _BILLED}
    if not billed or len(billed) == 1:
        billed = dict(people)
    weight = {key: _prominence(person, held[key]) for key, person in billed.items()}
    first, second = sorted(billed, key=lambda key: -weight[key])[:2]
    record = Record(titles.get(held[first][0].title_id), people[first], held[first][0])
    confidence = 0.55 if weight[first] > _AHEAD * weight[second] else 0.35
    rule = "the best known of those who have the credits"
    return Finding(reading, Status.ANSWERED, (record,), confidence=confidence, note=_NOT_HELD, rule=rule)


def _prominence(person: Person, credits: Sequence[Credit]) -> float:
    """How much a person stands out in a cast: the popularity by the place in the billing."""
    return (person.popularity + 1) / _place(credits)


def _place(credits: Sequence[Credit]) -> int:
    """The best place in the billing."""
    return max(1, min(credit.ordering for credit in credits))


_BILLED = 10  # whoever stands further down is hardly asked about


def _billing(credits: Sequence[Credit], titles: Mapping[TitleId, Title]) -> float:
    """How far down the bills, all in all; titles that hardly anybody knows count less."""
    votes = max((titles[credit.title_id].votes for credit in credits if credit.title_id in titles), default=0)
    return sum(credit.ordering for credit in credits) / len(credits) - min(votes, 1_000_000) / 100_000


def _holders(part: Part, tools: Tools) -> dict[PersonId, tuple[Credit, ...]]:
    """The people of one part, each with the credits that prove it."""
    wanted = _PLAYING if part.category == "acting" else CATEGORIES[part.category or "acting"]
    found: dict[PersonId, list[Credit]] = {}
    for credit in _candidates(part, tools):
        if credit.category in wanted and (part.character is None or _plays_well(part.character, credit)):
            found.setdefault(credit.person_id, []).append(credit)
    if not found and part.title is not None and part.title.types == SERIES_TYPES:
        films = dataclasses.replace(
            part.title, types=FILM_TYPES, series=True
        )  # "the Mission: Impossible series"
        return _holders(dataclasses.replace(part, title=films), tools)
    return {key: tuple(credits) for key, credits in found.items()}


def _plays_well(character: str, credit: Credit) -> bool:
    return match_characters(character, credit.characters).score >= 0.75


def _candidates(part: Part, tools: Tools) -> list[Credit]:
    """The credits among which a part is looked for: of its title, or of all called like the character."""
    if part.title is None:
        words = search_words(part.character or "")
        return tools.catalog.credits_of_character(" ".join(words), 300) if words else []
    hits = [hit for hit in tools.titles(part.title) if hit.quality >= 0.8]
    close = [
        hit
        for hit in hits[:_TITLES]
        if hit.score > hits[0].score - _CLOSE and hit.quality > hits[0].quality - _LIKE
    ]
    if part.title.series and part.title.ordinal is None and not part.title.parts and part.title.name:
        ids = [title.id for title in series.series_of(part.title, tools)]
    else:
        ids = [hit.title.id for hit in close]
    by_title = tools.catalog.credits_of_titles(ids)
    return [credit for key in ids for credit in by_title.get(key, [])]


# ------------------------------------------------------------------------------------ players of a character

_KNOWN_FILM = 0.02  # of the votes of the best known film with the character
_LEADING = 4  # places in the billing
_CALLED = 0.9


def _players(reading: Reading, tools: Tools) -> Finding:
    """Those who lead films as one character, in the order in which they came to it: the nth, or how many."""
    part, ref = reading.parts[0], reading.title
    assert ref is not None  # noqa: S101 - the caller asked
    if part.title is not None and reading.count:
        return _counted(reading, _holders(part, tools), tools)
    credits = [credit for credit in _candidates(part, tools) if credit.category in _PLAYING]
    credits = [credit for credit in credits if _is_called(part.character or "", credit)]
    titles = _known(tools.catalog.titles({credit.title_id for credit in credits}))
    leading = _leading(credits, titles, tools)
    order = sorted(leading, key=lambda credit: (titles[credit.title_id].year or 9999, credit.title_id))
    first: dict[PersonId, tuple[Credit, ...]] = {}
    for credit in order:
        first.setdefault(credit.person_id, (credit,))
    if reading.count:
        return _counted(reading, first, tools)
    place = (ref.ordinal or 1) - 1 if (ref.ordinal or 1) > 0 else len(first) + (ref.ordinal or 0)
    if not 0 <= place < len(first):
        return unknown(reading, "I do not know as many who played that.", 0.4, "fewer players")
    key, held = list(first.items())[place]
    record = Record(titles[held[0].title_id], tools.catalog.people([key]).get(key), held[0])
    return Finding(reading, Status.ANSWERED, (record,), confidence=0.75, rule="the players by year")


def _leading(credits: Sequence[Credit], titles: Mapping[TitleId, Title], tools: Tools) -> list[Credit]:
    """Of each of ``titles`` the first billed of ``credits`` who is among the first of its cast.

    Where several are called so in one film, as in a spoof, the others hardly took the part over.
    """
    by_title = tools.catalog.credits_of_titles(list(titles))
    first = {
        key: [credit.person_id for credit in items if credit.category in _PLAYING][:_LEADING]
        for key, items in by_title.items()
    }
    leads = [credit for credit in credits if credit.person_id in first.get(credit.title_id, ())]
    best: dict[TitleId, Credit] = {}
    for credit in sorted(leads, key=lambda credit: credit.ordering):
        best.setdefault(credit.title_id, credit)
    return list(best.values())


def _counted(reading: Reading, held: Mapping[PersonId, Sequence[Credit]], tools: Tools) -> Finding:
    if not held:
        return unknown(reading, "I find nobody who played that.", 0.3, "nobody fits")
    people = tools.catalog.people(held)
    titles = tools.catalog.titles({credits[0].title_id for credits in held.values()})
    records = tuple(Record(titles.get(held[key][0].title_id), people[key], held[key][0]) for key in held)
    rule = "how many played the character"
    return Finding(reading, Status.ANSWERED, records, (str(len(held)),), 0.8, rule=rule)


def _is_called(character: str, credit: Credit) -> bool:
    return match_characters(character, credit.characters).score >= _CALLED


def _known(titles: Mapping[TitleId, Title]) -> dict[TitleId, Title]:
    """Films that are known beside the best known of them, and no drawn ones where others are not."""
    films = {
        key: title for key, title in titles.items() if title.type in FILM_TYPES and title.type != "video"
    }
    most = max((title.votes for title in films.values()), default=0)
    known = {key: title for key, title in films.items() if title.votes >= _KNOWN_FILM * most}
    acted = {key: title for key, title in known.items() if "Animation" not in title.genres}
    return acted or known
