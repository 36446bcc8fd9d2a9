"""Facts of one title or one person: crew, year, runtime, rating, genres, plot; births and deaths."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answer import Status
from assistant.reading.reading import Ask, Order, Reading
from assistant.resolving.characters import match_characters
from assistant.resolving.finding import Finding, Record, unknown
from assistant.resolving.people import PersonHit
from assistant.resolving.roles import same_name
from assistant.resolving.titles import SERIES, TitleHit
from assistant.resolving.writers import first_as_asked
from indexer.catalog.records import Credit, Title
from indexer.text import search_words

if TYPE_CHECKING:
    from assistant.resolving.resolver import Tools

_WHOLE_CAST = 4  # fewer acting credits than this say nothing about who else was in it
_OTHER_YEAR = 0.28  # "Titanic of 1985" is no Titanic that is known: too unsure to say
_PARTS = 0.15  # parts of one series that are about as well known lie nearer than this
_LOOKED_AT = 6  # titles of about the name whose credits are read
_BROAD = (  # from the genre of most well-known titles to that of fewest
    "Drama Comedy Action Crime Romance Thriller Adventure Horror Mystery Sci-Fi Fantasy Animation Family "
    "Biography History Documentary Music War Sport Musical Western Film-Noir Short"
).split()
CATEGORIES: dict[str, frozenset[str]] = {
    "acting": frozenset({"actor", "actress", "self", "archive_footage", "archive_sound"}),
    "director": frozenset({"director"}),
    "writer": frozenset({"writer"}),
    "composer": frozenset({"composer"}),
    "producer": frozenset({"producer"}),
    "cinematographer": frozenset({"cinematographer"}),
    "editor": frozenset({"editor"}),
    "production_designer": frozenset({"production_designer"}),
    "casting_director": frozenset({"casting_director"}),
}


def crew_of(reading: Reading, tools: Tools) -> Finding:
    """The people of one function in a title."""
    assert reading.title is not None and reading.category is not None  # noqa: S101 - validated
    hits = first_part_first(_near(tools.titles(reading.title)))
    if not hits:
        return unknown(reading, _no_title(reading), 0.2, "no title of that name")
    credits = _of_category(hits[:_LOOKED_AT], CATEGORIES[reading.category], tools)
    holders = [hit for hit in hits[:_LOOKED_AT] if credits[hit.title.id] and hit.score > hits[0].score - 2.0]
    if not holders:
        note = f"The catalogue names no {reading.category} of {hits[0].title.dated}."
        return unknown(reading, note, 0.5 * hits[0].quality, "no such credit")
    rivals = same_name(holders[0], holders)
    best = holders[0].title.id
    credits[best] = first_as_asked(credits[best], reading.topic, tools.catalog.credits_of_person)
    records = _records(holders[:1], credits, tools)
    return Finding(
        reading,
        Status.ANSWERED,
        records,
        (str(len(records)),) if reading.count else (),
        confidence=_sure(holders[0], hits),
        rule=f"the {reading.category} of the title",
        others=_records(rivals, credits, tools),
        candidates=shown(hits),
    )


Credits = dict[int, list[Credit]]  # by title id


def _of_category(hits: Sequence[TitleHit], wanted: frozenset[str], tools: Tools) -> Credits:
    found = tools.catalog.credits_of_titles([hit.title.id for hit in hits])
    by_title = {hit.title.id: found.get(hit.title.id, []) for hit in hits}
    return {key: [item for item in items if item.category in wanted] for key, items in by_title.items()}


def _records(hits: Sequence[TitleHit], credits: Credits, tools: Tools) -> tuple[Record, ...]:
    """One record a person and title."""
    people = tools.catalog.people({item.person_id for hit in hits for item in credits[hit.title.id]})
    return tuple(
        Record(hit.title, people[item.person_id], item)
        for hit in hits
        for item in _once(credits[hit.title.id])
        if item.person_id in people
    )


def _once(credits: Sequence[Credit]) -> list[Credit]:
    """The first credit of each person, in billing order."""
    first: dict[int, Credit] = {}
    for credit in credits:
        first.setdefault(credit.person_id, credit)
    return list(first.values())


def _near(hits: Sequence[TitleHit]) -> list[TitleHit]:
    return [hit for hit in hits if hit.quality >= 0.62]


def first_part_first(hits: list[TitleHit]) -> list[TitleHit]:
    """Where nothing is called just that, a series' name stands for its first part, not for the best known."""
    if not hits or hits[0].relation != "begins":
        return hits
    best = hits[0]
    parts = [
        hit
        for hit in hits
        if hit.relation == "begins"
        and hit.title.type == best.title.type
        and hit.title.year is not None
        and hit.score > best.score - _PARTS
    ]
    first = min(parts, key=lambda hit: hit.title.year or 0, default=best)
    return [first, *(hit for hit in hits if hit is not first)]


def _no_title(reading: Reading) -> str:
    ref = reading.title
    name = (ref.full or ref.name) if ref and not ref.context else None
    return f"I know no title like “{name}”." if name else "I do not know which title is meant."


def _sure(best: TitleHit, hits: Sequence[TitleHit]) -> float:
    rivals = [hit for hit in hits if hit is not best]
    margin = best.score - rivals[0].score if rivals else 2.0
    year = _OTHER_YEAR if best.is_of_another_year else 1.0
    return max(0.05, year * 0.97 * best.quality * (1.0 if margin > 0.5 else 0.85 + 0.3 * max(margin, -0.5)))


def shown(hits: Sequence[TitleHit]) -> tuple[dict[str, object], ...]:
    """The candidates as ``--explain`` prints them."""
    return tuple(
        {
            "title": hit.title.name,
            "year": hit.title.year,
            "score": round(hit.score, 3),
            **hit.explained(),
        }
        for hit in hits[:8]
    )


def _episodes(tools: Tools, title: Title) -> tuple[str, ...]:
    episodes, _ = tools.catalog.episode_counts(title.id)
    return (str(episodes),) if episodes else ()


def _seasons(tools: Tools, title: Title) -> tuple[str, ...]:
    _, seasons = tools.catalog.episode_counts(title.id)
    return (str(seasons),) if seasons else ()


def _plot(tools: Tools, title: Title) -> tuple[str, ...]:
    text = tools.catalog.overview(title.id)
    return (text,) if text else ()


def _breadth(genre: str) -> int:
    """The place of a genre in a list from the broad to the narrow; the catalogue's goes by letters."""
    return _BROAD.index(genre) if genre in _BROAD else len(_BROAD)


def _given(value: float | None) -> tuple[str, ...]:
    return () if value is None else (_number(value),)


def _number(value: float) -> str:
    """Whole numbers without a point, others with one decimal."""
    return f"{value:.1f}".removesuffix(".0")


FACTS: dict[Ask, Callable[[Tools, Title], tuple[str, ...]]] = {
    Ask.YEAR: lambda _, title: _given(title.year),
    Ask.RUNTIME: lambda _, title: _given(title.runtime),
    Ask.RATING: lambda _, title: _given(title.rating),
    Ask.VOTES: lambda _, title: _given(float(title.votes)) if title.votes else (),
    Ask.GENRES: lambda _, title: tuple(sorted(title.genres, key=_breadth)),
    Ask.LANGUAGES: lambda tools, title: tuple(tools.catalog.languages(title.id)),
    Ask.KEYWORDS: lambda tools, title: tuple(tools.catalog.keywords(title.id)),
    Ask.TYPE: lambda _, title: (title.type,),
    Ask.PLOT: _plot,
    Ask.EPISODES: _episodes,
    Ask.SEASONS: _seasons,
    Ask.ALTERNATIVE_TITLES: lambda tools, title: tuple(tools.catalog.alternative_titles(title.id)),
}


def fact_of(reading: Reading, tools: Tools) -> Finding:
    """One value of a title.

    Of several titles of the name the best known that has it, the others beside it.
    """
    assert reading.title is not None  # noqa: S101 - validated
    hits = first_part_first(_near(tools.titles(reading.title)))
    if reading.weight < _LOOSE:  # "how old is X" asks of a title only where X is one
        hits = [hit for hit in hits if hit.quality >= _WHOLE_TITLE]
    if not hits:
        return unknown(reading, _no_title(reading), 0.2, "no title of that name")
    fact = FACTS[reading.ask]
    for hit in [hit for hit in hits[:5] if hit.score > hits[0].score - 2.0]:
        values = fact(tools, hit.title)
        if values:
            break
    else:
        value = str(reading.ask).replace("_", " ")
        note = f"The catalogue does not give the {value} of {hits[0].title.dated}."
        return unknown(reading, note, 0.5 * hits[0].quality, "the value is missing")
    if reading.threshold:
        values = (_judged(reading.threshold, float(values[0])),)
    if reading.holds:
        values = (_held(reading, values),)
    others = tuple(Record(other.title) for other in same_name(hit, hits) if fact(tools, other.title))
    return Finding(
        reading,
        Status.ANSWERED,
        (Record(hit.title),),
        values,
        _sure(hit, hits),
        rule="the value in the title's record",
        others=others,
        candidates=shown(hits),
    )


_YEARS = frozenset({Ask.YEAR, Ask.BORN, Ask.DIED})


def _held(reading: Reading, values: Sequence[str]) -> str:
    """Yes where all that was asked about is among the values; of a year, where it is within the two held."""
    if reading.ask in _YEARS:
        yes = int(reading.holds[0]) <= int(values[0]) <= int(reading.holds[-1])
    else:
        yes = set(reading.holds) <= set(values)
    return "Yes" if yes else "No"


def _judged(threshold: tuple[str, float], value: float) -> str:
    word, limit = threshold
    yes = {"over": value > limit, "under": value < limit, "equal": value == limit}[word]
    return "Yes" if yes else "No"


def person_fact(reading: Reading, tools: Tools) -> Finding:
    """A birth or death year, an age, a profession: of the best known of the name, never of a namesake."""
    hits = tools.people(reading.people[0])
    if not hits or hits[0].quality < (_WHOLE_NAME if reading.weight < 0.5 else _NAME):
        name = reading.people[0].name
        note = f"I know nobody called “{name}”." if name else "I do not know who is meant."
        return unknown(reading, note, 0.2, "nobody of that name")
    person = hits[0].person
    if reading.title is not None and reading.ask is Ask.AGE:
        return _age_then(reading, hits[0], tools)
    if reading.ask is Ask.DIED and reading.holds in (("alive",), ("dead",)):
        return _alive(reading, hits[0])
    values = _person_values(reading.ask, person.birth_year, person.death_year, person.professions)
    if not values:
        note = f"The catalogue does not say {_WANTING[reading.ask].format(name=person.name)}."
        return unknown(reading, note, 0.5 * hits[0].quality, "the value is missing")
    if reading.holds:
        values = (_held(reading, values),)
    rule = "the value in the person's record"
    return Finding(
        reading, Status.ANSWERED, (Record(person=person),), values, 0.97 * hits[0].quality, rule=rule
    )


def _alive(reading: Reading, hit: PersonHit) -> Finding:
    """Yes or no by the year of death; without one, of somebody young enough to be alive."""
    person = hit.person
    this_year = datetime.datetime.now(tz=datetime.UTC).year
    if person.death_year is None and (person.birth_year is None or this_year - person.birth_year > _OLDEST):
        note = f"The catalogue does not say when {person.name} died."
        return unknown(reading, note, 0.5 * hit.quality, "the value is missing")
    alive = person.death_year is None
    value = "Yes" if alive == (reading.holds == ("alive",)) else "No"
    sure = (0.85 if alive else 0.97) * hit.quality
    rule = "the year of death in the person's record" if not alive else "no year of death in the record"
    return Finding(reading, Status.ANSWERED, (Record(person=person),), (value,), sure, rule=rule)


_OLDEST = 95


def _age_then(reading: Reading, hit: PersonHit, tools: Tools) -> Finding:
    """How old a person was in the year of a title, by the birth year."""
    assert reading.title is not None  # noqa: S101 - the caller asked
    titles = [title for title in _near(tools.titles(reading.title)) if title.title.year is not None]
    if not titles:
        return unknown(reading, _no_title(reading), 0.2, "no title of that name")
    credited = _credited_in(hit, titles[:_LOOKED_AT], tools) or titles[0]
    born, year = hit.person.birth_year, credited.title.year
    if born is None or year is None:
        note = f"The catalogue does not say when {hit.person.name} was born."
        return unknown(reading, note, 0.5 * hit.quality, "the value is missing")
    record = Record(credited.title, hit.person)
    confidence = 0.9 * hit.quality * credited.quality
    rule = "the title's year and the person's birth year"
    return Finding(reading, Status.ANSWERED, (record,), (str(year - born),), confidence, rule=rule)


def _credited_in(hit: PersonHit, titles: Sequence[TitleHit], tools: Tools) -> TitleHit | None:
    """The first of the titles in which a person is credited."""
    held = {credit.title_id for credit in tools.catalog.credits_of_person(hit.person.id)}
    return next((title for title in titles if title.title.id in held), None)


_LOOSE, _WHOLE_TITLE = 0.4, 0.94  # a wording this rare needs the whole name
_NAME, _WHOLE_NAME = 0.8, 0.9  # how near a name has to be that was asked about; that may be no name at all
_WANTING = {
    Ask.BORN: "when {name} was born",
    Ask.DIED: "when {name} died",
    Ask.AGE: "how old {name} is",
    Ask.PROFESSIONS: "what {name} does",
}


def _person_values(
    ask: Ask, born: int | None, died: int | None, professions: tuple[str, ...]
) -> tuple[str, ...]:
    if ask is Ask.BORN:
        return _given(born)
    if ask is Ask.DIED:
        return _given(died)
    if ask is Ask.PROFESSIONS:
        return professions
    if born is None:
        return ()
    until = died if died is not None else datetime.datetime.now(tz=datetime.UTC).year
    return (str(until - born),)


def is_in(reading: Reading, tools: Tools) -> Finding:
    """Whether a person has a kind of credit in a title: yes or no, only where both are known."""
    assert reading.title is not None  # noqa: S101 - validated
    if len(reading.people) > 1 or len(reading.titles) > 1:
        return _all_in(reading, tools)
    if not reading.people:
        return _character_in(reading, reading.character or "", tools)
    found = _person_in(reading, tools)
    if found.found or reading.character or (reading.category or "acting") != "acting":
        return found
    name = reading.people[0].name
    other = _character_in(reading, name, tools) if name else found
    return other if other.found else found


def _person_in(reading: Reading, tools: Tools) -> Finding:
    assert reading.title is not None  # noqa: S101 - the caller saw to it
    people = [hit for hit in tools.people(reading.people[0]) if hit.quality >= 0.72] if reading.people else []
    hits = _near(tools.titles(reading.title))
    if not people or not hits or hits[0].quality < 0.75:
        return unknown(reading, "I do not know that person or that title.", 0.2, "nothing of that name")
    best = max(hit.quality for hit in hits)
    close = [hit for hit in hits if hit.score > hits[0].score - 1.5 and hit.quality >= best - 0.05]
    held = _held_by(people[:4], close, reading, tools)
    if held:
        return _credited_there(reading, *held)
    if people[0].quality < _WRITTEN and not _is_known(people[0]):
        return unknown(reading, "I do not know that person.", 0.3, "nobody of that very name")
    if not _is_complete(close[0], reading, tools):
        note = f"I find no such credit of {people[0].person.name} in {close[0].title.dated}, "
        return unknown(
            reading, note + "but its credits here are not complete.", 0.4, "credits are incomplete"
        )
    record = Record(close[0].title, people[0].person)
    confidence = 0.8 * people[0].quality * hits[0].quality
    return Finding(reading, Status.ANSWERED, (record,), ("No",), confidence, rule="no such credit")


_WRITTEN = 0.95  # a name as it is written
_WELL_KNOWN = 10_000  # popularity of a person whose misspelt name is still theirs
_CALLED = 0.9  # how well a character's name fits that was asked about without its player
_KNOWN_TITLE = 1_000  # votes of a title that makes a character known


def _is_known(hit: PersonHit) -> bool:
    return hit.person.popularity >= _WELL_KNOWN


def _character_in(reading: Reading, name: str, tools: Tools) -> Finding:
    """Whether a character is credited in a title: "no" only of one who is known from other titles."""
    assert reading.title is not None  # noqa: S101 - the caller saw to it
    hits = [hit for hit in _near(tools.titles(reading.title)) if hit.quality >= 0.75]
    nothing = unknown(reading, "I do not know that character or that title.", 0.2, "nothing of that name")
    if not hits:
        return nothing
    best = max(hit.quality for hit in hits)
    close = [hit for hit in hits if hit.score > hits[0].score - 1.5 and hit.quality >= best - 0.05]
    credits = _of_category(close, CATEGORIES["acting"], tools)
    for hit in close:
        for credit in credits[hit.title.id]:
            if match_characters(name, credit.characters).score >= _CALLED:
                person = tools.catalog.people([credit.person_id]).get(credit.person_id)
                record = Record(hit.title, person, credit)
                return Finding(
                    reading, Status.ANSWERED, (record,), ("Yes",), 0.9 * hit.quality, rule="the role is there"
                )
    told = sum(bool(credit.characters) for credit in credits[close[0].title.id])
    if told < _WHOLE_CAST or not _is_known_elsewhere(name, tools):
        return nothing
    record = Record(close[0].title)
    return Finding(reading, Status.ANSWERED, (record,), ("No",), 0.7 * close[0].quality, rule="no such role")


def _is_known_elsewhere(character: str, tools: Tools) -> bool:
    words = search_words(character)
    credits = tools.catalog.credits_of_character(" ".join(words), 100) if words else []
    held = {
        credit.title_id
        for credit in credits
        if match_characters(character, credit.characters).score >= _SURELY_CALLED
    }
    return any(title.votes >= _KNOWN_TITLE for title in tools.catalog.titles(held).values())


_SURELY_CALLED = 0.95


def _all_in(reading: Reading, tools: Tools) -> Finding:
    """Whether each of several people has the credit in each of several titles."""
    titles = reading.titles or (reading.title,)
    found = [
        is_in(dataclasses.replace(reading, title=title, titles=(), people=(person,)), tools)
        for title in titles
        for person in reading.people
    ]
    missing = next((finding for finding in found if not finding.found), None)
    if missing is not None:
        return dataclasses.replace(missing, reading=reading)
    no = [finding for finding in found if finding.values == ("No",)]
    records = tuple(record for finding in no or found for record in finding.records)
    sure = min(finding.confidence for finding in no or found)
    rule = no[0].rule if no else "the credits are there"
    return Finding(reading, Status.ANSWERED, records, ("No" if no else "Yes",), sure, rule=rule)


def _is_complete(hit: TitleHit, reading: Reading, tools: Tools) -> bool:
    """Whether a missing credit means no: the cast is whole, or others are credited with the function."""
    category = reading.category or "acting"
    credits = _of_category([hit], CATEGORIES[category], tools)[hit.title.id]
    if category == "acting":
        return hit.title.type not in SERIES and len(credits) >= _WHOLE_CAST
    return bool(credits)


def _held_by(
    people: Sequence[PersonHit], hits: Sequence[TitleHit], reading: Reading, tools: Tools
) -> tuple[TitleHit, PersonHit, Credit] | None:
    """The credit of one of ``people`` in one of the titles, rather as the character asked about."""
    credits = _of_category(hits, CATEGORIES[reading.category or "acting"], tools)
    held = [
        (hit, person, credit)
        for hit in hits
        for person in people
        for credit in credits[hit.title.id]
        if credit.person_id == person.person.id
    ]
    return min(held, key=lambda found: not _as_asked(reading, found[2]), default=None)


def _credited_there(reading: Reading, hit: TitleHit, person: PersonHit, credit: Credit) -> Finding:
    yes = _as_asked(reading, credit)
    confidence = (0.95 if yes else 0.7) * person.quality * hit.quality
    record = Record(hit.title, person.person, credit)
    rule = "the credit is there" if yes else "credited there as somebody else"
    return Finding(reading, Status.ANSWERED, (record,), ("Yes" if yes else "No",), confidence, rule=rule)


def _as_asked(reading: Reading, credit: Credit) -> bool:
    """Whether a credit is for the character that was asked about, if any was."""
    return reading.character is None or match_characters(reading.character, credit.characters).score >= 0.6


def compare(reading: Reading, tools: Tools) -> Finding:
    """Which of several titles or people comes first by ``reading.order``; whether the first of two is more or
    less; or how far apart they are.
    """
    valued = _valued_people(reading, tools) if reading.people else _valued_titles(reading, tools)
    if isinstance(valued, Finding):
        return valued
    sure = min(item.sure for item in valued)
    if reading.relation is not None or reading.count:
        return _between(reading, valued, sure)
    ranked = sorted(valued, key=lambda item: -item.value if reading.descending else item.value)
    return _ranked(reading, tuple(item.record for item in ranked), tuple(item.shown for item in ranked), sure)


@dataclass(frozen=True, slots=True)
class _Valued:
    """One of what is compared, with its value; ``sure`` 0-1: that it was meant."""

    value: float
    record: Record
    sure: float

    @property
    def shown(self) -> str:
        return _number(self.value)


def _valued_titles(reading: Reading, tools: Tools) -> list[_Valued] | Finding:
    best = [next(iter(_near(tools.titles(ref))), None) for ref in reading.titles]
    known = [hit for hit in best if hit is not None]
    if len(known) < len(reading.titles) or len(known) < 2 or reading.order is None:
        return unknown(reading, "I do not know all of those titles.", 0.2, "a title is missing")
    values = [(getattr(hit.title, str(reading.order)), hit) for hit in known]
    if any(value is None for value, _ in values):
        note = f"The catalogue lacks the {reading.order} of one of them."
        return unknown(reading, note, 0.4, "a value is missing")
    return [_Valued(float(value), Record(hit.title), hit.quality) for value, hit in values]


def _valued_people(reading: Reading, tools: Tools) -> list[_Valued] | Finding:
    best = [next(iter(tools.people(ref)), None) for ref in reading.people]
    hits = [hit for hit in best if hit is not None and hit.quality >= _NAME]
    if reading.order is Order.CREDITS and len(hits) == len(reading.people):
        from assistant.resolving import described

        counts = [described.count_for(hit, reading, tools) for hit in hits]
        if any(counts):
            return [
                _Valued(float(count), Record(person=hit.person), 0.9 * hit.quality)
                for count, hit in zip(counts, hits, strict=True)
            ]
        return unknown(reading, "None of them has such a credit here.", 0.4, "no such credits")
    born = [hit for hit in hits if hit.person.birth_year is not None]
    if len(born) < len(reading.people) or len(born) < 2:
        return unknown(reading, "I do not know the birth years of all of them.", 0.3, "a value is missing")
    return [
        _Valued(float(hit.person.birth_year or 0), Record(person=hit.person), hit.quality) for hit in born
    ]


def _between(reading: Reading, valued: Sequence[_Valued], sure: float) -> Finding:
    """Two of them: their distance, or whether the first is more, less or the same.

    Born less is older: a person's year of birth turns round what "older" means for nobody.
    """
    first, second = valued[:2]
    records = (first.record, second.record)
    rule = f"compared by {reading.order}"
    if reading.count:
        values: tuple[str, ...] = (_number(abs(first.value - second.value)),)
        return Finding(reading, Status.ANSWERED, records, values, 0.9 * sure, rule=rule)
    if (
        first.value == second.value
        and reading.relation != "same"
        and reading.order in (Order.BORN, Order.YEAR)
    ):
        note = f"{_shown_as(records[0])} and {_shown_as(records[1])} are of the same year ({first.shown})."
        return unknown(reading, note, 0.9 * sure, "equal values")
    yes = {
        "more": first.value > second.value,
        "less": first.value < second.value,
        "same": first.value == second.value,
    }[reading.relation or "same"]
    values = ("Yes" if yes else "No", first.shown, second.shown)
    return Finding(reading, Status.ANSWERED, records, values, 0.9 * sure, rule=rule)


def _ranked(reading: Reading, records: tuple[Record, ...], values: tuple[str, ...], sure: float) -> Finding:
    """A comparison's outcome; nobody comes first where the first two are equal."""
    if values[0] == values[1]:
        names = " and ".join(
            _shown_as(record) for record in records if values[records.index(record)] == values[0]
        )
        return unknown(reading, f"Neither: {names} are equal ({values[0]}).", 0.9 * sure, "equal values")
    return Finding(reading, Status.ANSWERED, records, values, 0.9 * sure, rule=f"compared by {reading.order}")


def _shown_as(record: Record) -> str:
    return record.person.name if record.person else (record.title.dated if record.title else "")
