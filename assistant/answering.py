"""Findings -> Answers: what was found, in words, with the records that prove it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from assistant.answer import Answer, Evidence, Item, Status
from assistant.confidence.judging import is_doubtful
from assistant.reading.reading import Ask, Order, Reading
from assistant.resolving.finding import Finding, Record
from indexer.catalog.records import Person, Title
from indexer.ids import format_person_id, format_title_id
from indexer.text import fold

_SHOWN = 10
_DID = {
    "director": "directed",
    "writer": "wrote",
    "composer": "composed the music of",
    "producer": "produced",
    "cinematographer": "photographed",
    "editor": "edited",
    "production_designer": "designed",
    "casting_director": "cast",
}
_KINDS = {
    Ask.PLAYED_BY: "person",
    Ask.CHARACTER_OF: "character",
    Ask.CAST: "person",
    Ask.CREW: "person",
    Ask.FILMOGRAPHY: "title",
    Ask.TITLE: "title",
    Ask.SIMILAR: "title",
    Ask.YEAR: "year",
    Ask.RUNTIME: "number",
    Ask.RATING: "number",
    Ask.VOTES: "number",
    Ask.GENRES: "genre",
    Ask.GUESSED_GENRES: "genre",
    Ask.LANGUAGES: "text",
    Ask.KEYWORDS: "text",
    Ask.PLOT: "text",
    Ask.TYPE: "text",
    Ask.ALTERNATIVE_TITLES: "text",
    Ask.EPISODES: "number",
    Ask.SEASONS: "number",
    Ask.BORN: "year",
    Ask.DIED: "year",
    Ask.AGE: "number",
    Ask.PROFESSIONS: "text",
    Ask.IS_IN: "boolean",
    Ask.PERSON: "person",
}
_UNSUPPORTED = (
    "That is not something the catalogue holds{topic}. "
    "Ask me who played a character, who directed or wrote a title, "
    "what somebody was in, when a title came out, how long it is, or which film has a plot you remember."
)


def answer_of(finding: Finding) -> Answer:
    """The Answer to a Finding."""
    if not finding.found or not (finding.records or finding.values):
        return Answer(
            Status.UNKNOWN if finding.found else finding.status,
            finding.note or "I do not know.",
            reading=finding.reading,
            confidence=finding.confidence,
        )
    return Answer(
        finding.status,
        text_of(finding),
        items_of(finding),
        evidence_of(finding),
        finding.choices,
        finding.reading,
        finding.confidence,
    )


def unsupported(topic: str | None = None) -> Answer:
    """The Answer to a question that the data cannot hold, with what can be asked instead."""
    about = f" ({topic})" if topic else ""
    reading = Reading(Ask.UNSUPPORTED, topic=topic)
    return Answer(Status.UNSUPPORTED, _UNSUPPORTED.format(topic=about), reading=reading, confidence=0.8)


def evidence_of(finding: Finding) -> tuple[Evidence, ...]:
    """The records of a finding, then those of other titles of the name."""
    return tuple(_evidence(record) for record in (*finding.records, *finding.others))


def _evidence(record: Record) -> Evidence:
    title, person, credit = record.title, record.person, record.credit
    return Evidence(
        title.id if title else None,
        title.name if title else None,
        title.year if title else None,
        person.id if person else None,
        person.name if person else None,
        credit.category if credit else None,
        credit.job if credit else None,
        credit.characters if credit else (),
    )


def items_of(finding: Finding) -> tuple[Item, ...]:
    """The bare answers."""
    reading = finding.reading
    kind = _KINDS.get(reading.ask, "text")
    if finding.guess:
        guessed = zip(finding.values, finding.candidates, strict=True)
        return tuple(Item(name, kind, score=float(told["probability"])) for name, told in guessed)
    if reading.threshold or reading.holds or reading.relation:
        return (Item(finding.values[0], "boolean", score=finding.confidence),)
    if reading.count:
        return (Item(finding.values[0], "number", score=finding.confidence),)
    if reading.ask is Ask.COMPARE:
        return _records_as("person" if reading.people else "title", finding.records[:1], finding.confidence)
    if kind in ("person", "title"):
        return _records_as(kind, finding.records, finding.confidence)
    return tuple(Item(value, kind, score=finding.confidence) for value in finding.values)


def _records_as(kind: str, records: Sequence[Record], score: float) -> tuple[Item, ...]:
    items = []
    for record in records:
        if kind == "person" and record.person is not None:
            items.append(Item(record.person.name, "person", format_person_id(record.person.id), score))
        elif kind == "title" and record.title is not None:
            items.append(Item(record.title.name, "title", format_title_id(record.title.id), score))
    return tuple(items)


def called(title: Title | None) -> str:
    """ "The Matrix (1999)"."""
    return title.dated if title is not None else "that title"


def _and(names: Sequence[str], most: int = _SHOWN) -> str:
    shown = list(dict.fromkeys(names))
    rest = len(shown) - most
    if rest > 0:
        return f"{', '.join(shown[:most])} and {rest} more"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def text_of(finding: Finding) -> str:
    """One or two sentences; they begin with a doubt where the finding is none too sure."""
    doubt = "I am not sure: " if is_doubtful(finding) and finding.reading.ask is not Ask.PLAYED_BY else ""
    return doubt + _plain_text(finding)


def _plain_text(finding: Finding) -> str:
    if finding.reading.title is not None and finding.reading.title.by is not None:
        return _of_a_set(finding)
    return _TEXTS.get(finding.reading.ask, _fact)(finding)


def _of_a_set(finding: Finding) -> str:
    """What is true of some of many titles: "Of 12 titles such as Heat (1995): Drama, Crime."."""
    titles = list(dict.fromkeys(called(record.title) for record in finding.records if record.title))
    said = [item.text for item in items_of(finding)]
    if said == [record.title.name for record in finding.records if record.title]:
        return f"{_and(titles)}."
    if finding.reading.ask in (Ask.CAST, Ask.CREW):  # a record for each person: not all of their titles
        return f"{_and(said)}, in {'titles such as ' if len(titles) > 1 else ''}{titles[0]}."
    among = f"{len(titles)} titles such as {titles[0]}" if len(titles) > 1 else titles[0]
    return f"{_and(said)}, of {among}."


def _role(finding: Finding) -> str:
    first = finding.records[0]
    if finding.reading.limit is not None:
        shown = [
            f"{record.person.name} in {called(record.title)}" for record in finding.records if record.person
        ]
        lead = f"{finding.values[0]}: " if finding.reading.count else ""
        return f"{lead}{_and(shown)}."
    verb = "may have played" if is_doubtful(finding) else "played"
    by_character: dict[str, list[str]] = {}
    for record in finding.records:
        if record.person:
            by_character.setdefault(_character(finding, record), []).append(record.person.name)
    played = [f"{_and(names)} {verb} {character}" for character, names in by_character.items()]
    text = f"{_and(played)} in {called(first.title)}."
    others = [f"{record.person.name} in {called(record.title)}" for record in finding.others if record.person]
    return f"{text} Also: {'; '.join(others)}." if others else text


def _character(finding: Finding, record: Record) -> str:
    """The credited character that was asked for, among those of the credit."""
    from assistant.resolving.characters import match_characters

    if record.credit is None or not record.credit.characters:
        return finding.reading.character or "the part"
    asked = finding.reading.character or ""
    credited = match_characters(asked, record.credit.characters).character or record.credit.characters[0]
    return _with_article(asked, credited)


def _with_article(asked: str, credited: str) -> str:
    """ "the Oracle" where that was asked and "Oracle" or "The Oracle" is credited; else as credited."""
    article, _, rest = asked.partition(" ")
    plain = credited.removeprefix("The ")
    return f"the {plain}" if article.lower() == "the" and fold(rest) == fold(plain) else credited


def _character_of(finding: Finding) -> str:
    record = finding.records[0]
    name = record.person.name if record.person else "They"
    return f"{name} played {_and(finding.values)} in {called(record.title)}."


def _cast(finding: Finding) -> str:
    shown = [_as(record) for record in finding.records]
    return f"The cast of {called(finding.records[0].title)}: {_and(shown)}.{_other_titles(finding)}"


def _as(record: Record) -> str:
    name = record.person.name if record.person else "?"
    characters = record.credit.characters if record.credit else ()
    return f"{name} as {characters[0]}" if characters else name


def _crew(finding: Finding) -> str:
    did = _DID[finding.reading.category or "director"]
    by_title: dict[str, list[str]] = {}
    for record in (*finding.records, *finding.others):
        by_title.setdefault(called(record.title), []).append(record.person.name if record.person else "?")
    parts = [f"{_and(names)} {did} {title}" for title, names in by_title.items()]
    lead = f"{finding.values[0]}: " if finding.reading.count else ""
    return f"{lead}{'; '.join(parts)}."


def _other_titles(finding: Finding) -> str:
    names = [called(record.title) for record in finding.others if record.title]
    return f" There is also {_and(names)}." if names else ""


def _titles(finding: Finding) -> str:
    reading = finding.reading
    names = [called(record.title) for record in finding.records]
    if reading.threshold is not None or reading.relation is not None:
        return f"{finding.values[0]}: {_and(names, 3)}." if names else f"{finding.values[0]}: I find none."
    who = _and([record.person.name for record in finding.records if record.person] or [""], 1)
    if reading.count:
        return f"{finding.values[0]}: {_and(names)}."
    if reading.limit == 1 and reading.order is not None:
        return f"{names[0]}{_measure(reading, finding.records[0].title)}."
    if reading.ask is Ask.SIMILAR:
        like = called(finding.others[0].title) if finding.others else "it"
        return f"Similar to {like}: {_and(names)}."
    if finding.note:
        return f"{finding.note}: {_and(names, 3)}."
    return f"{who}: {_and(names)}." if who and len(reading.people) == 1 else f"{_and(names)}."


def _measure(reading: Reading, title: Title | None) -> str:
    if title is None or reading.order is None:
        return ""
    if reading.order is Order.RATING and title.rating is not None:
        return f", rated {title.rating:g} by {title.votes:,} people"
    if reading.order is Order.RUNTIME and title.runtime is not None:
        return f", {title.runtime} minutes"
    if reading.order is Order.VOTES:
        return f", with {title.votes:,} votes"
    return ""


def _fact(finding: Finding) -> str:
    reading, title = finding.reading, finding.records[0].title
    value = _and(finding.values)
    if reading.ask is Ask.VOTES:
        value = f"{int(value):,}"
    if reading.threshold or reading.holds:
        return f"{value}: {_said_of(reading, title)}."
    wording = _WORDINGS.get(reading.ask, "{title}: {value}.")
    if finding.values == ("1",):
        wording = wording.replace("episodes", "episode").replace("seasons", "season")
    parts = {
        "title": called(title),
        "value": _TYPE_WORDS.get(value, value) if reading.ask is Ask.TYPE else value,
        "name": title.name if title else "",
    }
    text = wording.format(**parts)
    return text + _other_values(finding)


def _said_of(reading: Reading, title: Title | None) -> str:
    """What a yes or no about a title's value rests on."""
    if reading.ask is Ask.YEAR:
        return f"{title.name} came out in {title.year}" if title else "its year"
    if reading.ask is Ask.GENRES:
        return f"{called(title)}: {', '.join(title.genres)}" if title else "its genres"
    length = f"{title.runtime} minutes" if title and title.runtime else "its length"
    return f"{called(title)} runs {length}"


_TYPE_WORDS = {
    "movie": "film",
    "tvSeries": "television series",
    "tvMiniSeries": "television mini-series",
    "tvMovie": "television film",
    "tvEpisode": "television episode",
    "tvSpecial": "television special",
    "tvShort": "television short",
    "short": "short film",
    "videoGame": "video game",
}
_WORDINGS = {
    Ask.YEAR: "{name} came out in {value}.",
    Ask.RUNTIME: "{title} runs {value} minutes.",
    Ask.RATING: "{title} is rated {value} out of 10.",
    Ask.VOTES: "{title} has {value} votes.",
    Ask.GENRES: "{title}: {value}.",
    Ask.LANGUAGES: "{title} is in {value}.",
    Ask.KEYWORDS: "{title}: {value}.",
    Ask.PLOT: "{title}: {value}",
    Ask.TYPE: "{title} is a {value}.",
    Ask.ALTERNATIVE_TITLES: "{title} is also known as {value}.",
    Ask.EPISODES: "{title} has {value} episodes in the catalogue.",
    Ask.SEASONS: "{title} has {value} seasons in the catalogue.",
}


def _other_values(finding: Finding) -> str:
    shown = []
    for record in finding.others:
        value = _short_value(finding.reading.ask, record.title)
        shown.append(f"{called(record.title)}{value}")
    return f" There is also {_and(shown)}." if shown else ""


def _short_value(ask: Ask, title: Title | None) -> str:
    if title is None:
        return ""
    value = {Ask.RUNTIME: title.runtime, Ask.RATING: title.rating}.get(ask)
    return f": {value:g}" if value is not None else ""


def _lived(finding: Finding, person: Person | None) -> str:
    """ "X died in 1980", "X was born in 1920", "X has no year of death here"."""
    name = person.name if person else "They"
    if finding.reading.ask is Ask.BORN:
        return f"{name} was born in {person.birth_year if person else ''}"
    if person is not None and person.death_year is None:
        return f"{name} has no year of death here"
    return f"{name} died in {person.death_year if person else ''}"


def _person(finding: Finding) -> str:
    person = finding.records[0].person
    name = person.name if person else "They"
    value = _and(finding.values)
    if finding.reading.holds and finding.reading.ask in (Ask.BORN, Ask.DIED):
        return f"{value}: {_lived(finding, person)}."
    if finding.reading.holds:
        known = ", ".join(person.professions) if person else ""
        return f"{value}: {name} is known as {known.replace('_', ' ')}."
    if finding.reading.ask is Ask.BORN:
        return f"{name} was born in {value}."
    if finding.reading.ask is Ask.DIED:
        return f"{name} died in {value}."
    if finding.reading.ask is Ask.AGE and finding.records[0].title is not None:
        title = called(finding.records[0].title)
        born = person.birth_year if person else ""
        return f"{name} was {value} in the year of {title}, by the birth year {born}."
    if finding.reading.ask is Ask.AGE:
        died = f" at death in {person.death_year}" if person and person.death_year else " this year"
        return f"{name}: {value}{died}, by the birth year {person.birth_year if person else ''}."
    return f"{name}: {value.replace('_', ' ')}."


def _is_in(finding: Finding) -> str:
    record = finding.records[0]
    name = record.person.name if record.person else "They"
    if finding.values[0] == "Yes":
        part = f" as {record.credit.characters[0]}" if record.credit and record.credit.characters else ""
        category = record.credit.category if record.credit else ""
        return f"Yes: {name} is credited in {called(record.title)} ({category}){part}."
    if record.credit is not None and record.credit.characters:
        return f"No: {name} is credited in {called(record.title)} as {_and(record.credit.characters)}."
    return f"No: the catalogue has no such credit of {name} in {called(record.title)}."


def _compare(finding: Finding) -> str:
    records = zip(finding.records, finding.values, strict=False)
    reading = finding.reading
    unit = _UNITS.get(reading.order or Order.YEAR, "")
    if reading.relation is not None:
        records = zip(finding.records, finding.values[1:], strict=False)
    lead = f"{finding.values[0]}: " if reading.relation is not None else ""
    if reading.count:
        return f"{finding.values[0]} years: {_and([called(record.title) for record in finding.records])}."
    shown = [
        f"{record.person.name if record.person else called(record.title)}: {value}{unit}"
        for record, value in records
    ]
    return f"{lead}{'; '.join(shown)}."


def _guessed_genres(finding: Finding) -> str:
    """Each genre with its percentage, called a guess."""
    told = [f"{told['genre']} ({100 * float(told['probability']):.0f} %)" for told in finding.candidates]
    lead = "By that plot alone it may be" if not finding.note else f"That plot is {finding.note}; it may be"
    return f"{lead} {_and(told)}. That is the genre model's guess, not a record of the catalogue."


def _described_person(finding: Finding) -> str:
    """Who fits, and the titles that prove it."""
    if finding.reading.count:
        names = [record.person.name for record in finding.records if record.person]
        return f"{finding.values[0]}: {_and(names)}."
    by_person: dict[str, list[str]] = {}
    for record in finding.records:
        if record.person is not None:
            by_person.setdefault(record.person.name, []).append(called(record.title))
    if finding.reading.unchecked:
        title = called(finding.records[0].title)
        return f"{_and(list(by_person))}, in {title}. I cannot check “{finding.reading.unchecked}”."
    if finding.reading.threshold is not None:
        shown = [f"{name} ({_and(titles)})" for name, titles in by_person.items()]
        return f"{finding.values[0]}: {_and(shown)}."
    return f"{_and(list(by_person))}."


_UNITS = {Order.RUNTIME: " minutes", Order.VOTES: " votes", Order.RATING: " of 10", Order.CREDITS: " titles"}
_TEXTS: Mapping[Ask, Callable[[Finding], str]] = {
    Ask.PLAYED_BY: _role,
    Ask.CHARACTER_OF: _character_of,
    Ask.CAST: _cast,
    Ask.CREW: _crew,
    Ask.FILMOGRAPHY: _titles,
    Ask.TITLE: _titles,
    Ask.SIMILAR: _titles,
    Ask.GUESSED_GENRES: _guessed_genres,
    Ask.BORN: _person,
    Ask.DIED: _person,
    Ask.AGE: _person,
    Ask.PROFESSIONS: _person,
    Ask.IS_IN: _is_in,
    Ask.COMPARE: _compare,
    Ask.PERSON: _described_person,
}
