"""What speaks for and against a Finding, as numbers that a model can weigh."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.reading import phrases
from assistant.reading.reader import topic_of
from assistant.reading.reading import Ask, Order, PersonRef, Reading, TitleRef
from assistant.resolving.chains import is_chain
from assistant.resolving.characters import RELATIONS, match_characters
from assistant.resolving.finding import Finding, Record
from assistant.resolving.free import NEAREST
from assistant.resolving.titles import SERIES, TitleHit, popularity
from indexer.catalog.records import Title
from indexer.text import fold, title_key

if TYPE_CHECKING:
    from assistant.resolving.people import PersonHit
    from assistant.resolving.resolver import Tools

GROUPS = ("role", "people", "titles", "count", "chart", "chain", "plot", "similar", "yes_no", "value")
_GROUPS = (
    (frozenset({Ask.PLAYED_BY}), "role"),
    (frozenset({Ask.CREW, Ask.CAST, Ask.CHARACTER_OF, Ask.PERSON}), "people"),
    (frozenset({Ask.FILMOGRAPHY, Ask.TITLE}), "titles"),
    (frozenset({Ask.SIMILAR}), "similar"),
    (frozenset({Ask.IS_IN, Ask.COMPARE}), "yes_no"),
)
_FUNCTION = frozenset(
    (
        "a an and the of in on at to for from by with as is was are were be been being do does did has have "
        "had who whom whose what which when where how why that this these those it its he she his her him "
        "they them there i you me my your we us can could would will tell show give know name please or so s "
        "some any all every each list find get got just again also ever actually really"
    ).split()
)
# Words of asking: what they ask for is in the reading already.
_ASKING = frozenset(
    (
        "play plays played playing player actor actress actors star stars starred starring portray portrays "
        "portrayed voice voices voiced character characters role roles part cast movie movies film films "
        "show series tv television direct directs directed director wrote written writer come came out year "
        "release released long many much old born title called people person guy man woman composer composed "
        "score scored music soundtrack producer produced cinematographer photographed shot editor edited "
        "writer writers screenwriter screenplay script rating rated genre genres runtime filmmaker imdb"
    ).split()
)
_FILM = frozenset(
    "movie movies film films show series tv called guy man woman people person old long".split()
)
# Words that describe a role where its name is not known.
_DESCRIBING = RELATIONS | frozenset(
    "boy girl kid child baby man woman guy lady villain killer murderer bad lead main hero star".split()
)
_FAR = 4.0  # a margin that no rival comes near


@dataclass(frozen=True, slots=True)
class Signals:
    """Everything a chance is estimated from. Shares and qualities are 0-1, flags 0 or 1; 0 where not known.

    ``group`` is one of GROUPS: how signals count differs between who-questions, lists and values.
    """

    group: str
    # the resolver's own estimate and how the question was read
    estimate: float = 0.0
    weight: float = 0.0  # how usual the wording is
    rank: float = 0.0  # log of the place of the reading among all readings: 0 the first
    readings: float = 0.0  # log of how many there were
    topic: float = 0.0  # words of a topic outside the data
    words: float = 0.0  # log of the question's number of words
    unread: float = 0.0  # share of content words that no slot of the reading holds
    unread_number: float = 0.0  # a number among them
    nested: float = 0.0  # another question within ("the director of ...")
    cues: float = 0.0  # log of the words of asking within a plot: it may be more than a plot
    learned: float = 0.0  # by the nearest known shape of question, not by a wording
    follow_up: float = 0.0  # something is taken from the conversation
    # the title
    title: float = 0.0  # one was named
    title_quality: float = 0.0
    title_exact: float = 0.0
    title_words: float = 0.0  # log of the number of words of its name
    title_unsaid: float = 0.0  # share of the found title's words that the question does not hold
    title_missing: float = 0.0  # share of the words said of the title that the found name lacks
    title_votes: float = 0.0  # 0 to about 1
    title_lead: float = 0.0  # votes above (below 0: under) those of the best known near namesake
    title_margin: float = 0.0  # score above the next title's, at most 4; below 0: passed over one
    title_namesakes: float = 0.0  # log of how many others fit the name as well
    title_whole: float = 0.0  # all the words said of it are its name
    title_linked: float = 0.0  # the linker's probability
    title_series: float = 0.0
    title_minor: float = 0.0  # an episode, short, video, game...
    year_asked: float = 0.0
    year_fits: float = 0.0  # -1 violated, 0 not asked or unknown, 1 right
    type_fits: float = 0.0  # -1 violated, 1 right
    ordinal: float = 0.0  # "first", "original", "latest"
    age: float = 0.0  # decades between the title and 2000, signed, at most 5
    # the character
    match: float = 0.0
    match_exact: float = 0.0
    character_words: float = 0.0  # log
    character_extra: float = 0.0  # share of the credited character's words that were not asked for
    relation: float = 0.0  # a relation word in the character asked for
    relation_extra: float = 0.0  # such a word asked for, and other words credited with it
    guessed: float = 0.0  # by a relation, an age or the billing, not by a character's name
    billing: float = 0.0  # log of the place
    tied: float = 0.0  # log of how many others in the title fit as well
    rivals: float = 0.0  # log of how many other titles hold the character by other people
    rival_margin: float = 0.0  # score above the best of them, at most 4
    rival_votes: float = 0.0  # votes of its title above ours; -1 where there is none
    no_work: float = 0.0  # as themselves or in archive footage
    # people
    person: float = 0.0  # one was named
    person_quality: float = 0.0
    person_known: float = 0.0  # 0 to about 1
    found_known: float = 0.0  # of the person found, 0 to about 1
    person_margin: float = 0.0  # score above the namesake's, at most 4
    # what was found
    results: float = 0.0  # log of the number of records
    limited: float = 0.0  # the question asks for one of them
    ordered: float = 0.0
    counted: float = 0.0
    series: float = 0.0  # members of a series are meant
    parts: float = 0.0  # log of what the titles or people asked for are described by
    without: float = 0.0  # somebody or something is left out
    last: float = 0.0  # the latest of several: what the catalogue lacks may be later
    role_part: float = 0.0  # they are described by a character
    others: float = 0.0  # log of how many were found beside it
    note: float = 0.0  # the answer carries a reservation

    def values(self) -> tuple[float, ...]:
        """All but the group, in the order of NAMES."""
        return tuple(getattr(self, name) for name in NAMES)

    def to_json(self) -> dict[str, Any]:
        """What is not 0."""
        shown = {name: round(getattr(self, name), 4) for name in NAMES if getattr(self, name)}
        return {"group": self.group, **shown}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Signals:
        """Of what ``to_json`` wrote; names no longer known are passed over."""
        held = {name: float(data[name]) for name in NAMES if name in data}
        return cls(group=str(data["group"]), **held)


NAMES = tuple(item.name for item in dataclasses.fields(Signals) if item.name != "group")


def signals_of(finding: Finding, question: str, readings: Sequence[Reading], tools: Tools) -> Signals:
    """The signals of a finding that holds an answer.

    ``tools`` are those that resolved it: they remember the candidates they linked, so that nothing is looked
    up twice.
    """
    reading, best = finding.reading, finding.records[0] if finding.records else Record()
    found: dict[str, float] = {
        **_of_reading(finding, question, readings),
        **_of_title(reading, best, question, tools),
        **_of_person(reading, tools),
        **_of_results(finding),
    }
    if group_of(reading) == "role":
        found |= _of_role(finding, best)
    return Signals(group_of(reading), **found)


def group_of(reading: Reading) -> str:
    """Which of GROUPS a reading belongs to."""
    if is_chain(reading) or reading.unchecked:
        return "chain"
    if reading.ask is Ask.TITLE and reading.title is not None and reading.title.plot:
        return "plot"
    if reading.threshold or reading.holds or reading.relation:
        return "yes_no"
    if reading.count:
        return "count"
    if _is_of_character(reading):
        return "chart"
    if reading.ask is Ask.TITLE and reading.order is not None and not any(_people_in(reading)):
        ref = reading.title or TitleRef()
        return "titles" if ref.name or ref.context or ref.character else "chart"
    return next((group for asks, group in _GROUPS if reading.ask in asks), "value")


def _is_of_character(reading: Reading) -> bool:
    """ "which film is Hannibal Lecter from": a list of titles by a character alone."""
    ref = reading.title
    if ref is None or reading.ask is not Ask.TITLE or reading.order is not None:
        return False
    return ref.character is not None and not ref.name and not ref.people


def _log(count: float) -> float:
    return math.log1p(max(0.0, count))


# ------------------------------------------------------------------------------------------ the reading


def _of_reading(finding: Finding, question: str, readings: Sequence[Reading]) -> dict[str, float]:
    reading = finding.reading
    words = fold(question).split()
    content = [word for word in words if word not in _FUNCTION]
    said = {*_words_of(reading), *_words_meant(reading)}
    unread = [word for word in content if word not in said and word not in _ASKING]
    place = next((i for i, other in enumerate(readings) if other.ask is reading.ask), len(readings))
    return {
        "estimate": finding.confidence,
        "weight": reading.weight,
        "rank": _log(place),
        "readings": _log(len(readings)),
        "topic": float(topic_of(question) is not None),
        "words": _log(len(words)),
        "unread": len(unread) / max(1, len(content)),
        "unread_number": float(any(word.isdigit() for word in unread)),
        "nested": float(is_chain(reading) or any(ref.by is not None for ref in reading.people)),
        "cues": _log(_cues(reading)),
        "learned": float(finding.rule.endswith(NEAREST)),
        "follow_up": float(_is_follow_up(reading)),
        "limited": float(reading.limit == 1),
        "ordered": float(reading.order is not None),
        "counted": float(reading.count),
        **_described(reading),
    }


def _words_meant(reading: Reading) -> Iterator[str]:
    """The words that say what a reading holds as something else than words: genres, ranks, times, numbers."""
    ref = reading.title or TitleRef()
    yield from (
        word for text, genre in phrases.genres().items() if genre in ref.genres for word in text.split()
    )
    if reading.order is not None or ref.ordinal is not None:
        ranks = (*phrases.rankings("superlative"), *phrases.rankings("measure"), *phrases.ordinals())
        yield from (word for text in ranks for word in text.split())
        yield from _RANKING
    if ref.years is not None:
        yield from (word for text in phrases.decades() for word in text.split())
        yield from _TIMES
        for year in range(max(ref.years[0], _EARLIEST) - 1, min(ref.years[1], _LATEST) + 2):
            yield from (str(year), f"{year}s")
    if reading.count:
        yield from _COUNTING
    if any(part.without for part in (*reading.parts, *ref.parts)) or reading.without:
        yield from ("not", "never", "without", "no", "but", "longer")
    if ref.series:
        yield from _SERIES_WORDS


_EARLIEST, _LATEST = 1900, 2030  # years that a question says
_RANKING = "chronologically order runtime run time running length duration imdb chronological".split()
_TIMES = (
    "before after since until between early late decade decades century 90s 80s 70s 60s 50s 40s 30s".split()
)
_COUNTING = "number total times different together both altogether exist so far".split()
_SERIES_WORDS = "franchise franchises saga trilogy main called titled named installment part parts".split()


def _described(reading: Reading) -> dict[str, float]:
    """Of titles and people that are described rather than named."""
    ref = reading.title or TitleRef()
    parts = (*reading.parts, *ref.parts)
    return {
        "series": float(ref.series),
        "parts": _log(len(parts) + len(reading.people)),
        "without": float(any(part.without for part in parts) or bool(reading.without)),
        "last": float(_is_latest(reading, ref)),
        "role_part": float(any(part.character is not None for part in parts)),
    }


def _is_latest(reading: Reading, ref: TitleRef) -> bool:
    return (ref.ordinal or 0) < 0 or (reading.order is Order.YEAR and reading.descending)


def _cues(reading: Reading) -> int:
    plot = reading.title.plot if reading.title else None
    return sum(word in _ASKING - _FILM for word in fold(plot).split()) if plot else 0


def _is_follow_up(reading: Reading) -> bool:
    return bool(
        (reading.title and reading.title.context)
        or any(ref.context for ref in reading.people)
        or reading.exclude_context
    )


def _words_of(value: object) -> Iterator[str]:
    """The folded words of everything that a reading's slots hold."""
    if isinstance(value, str):
        yield from fold(value).split()
    elif isinstance(value, int | float):
        yield str(value)
    elif isinstance(value, tuple):
        for item in value:
            yield from _words_of(item)
    elif dataclasses.is_dataclass(value):
        for item in dataclasses.fields(value):
            yield from _words_of(getattr(value, item.name))


def _people_in(value: object) -> Iterator[PersonRef]:
    """Everybody that a reading names, however deep."""
    if isinstance(value, PersonRef) and value.name and not value.context:
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _people_in(item)
    elif dataclasses.is_dataclass(value):
        for item in dataclasses.fields(value):
            yield from _people_in(getattr(value, item.name))


# -------------------------------------------------------------------------------------------- the title


def _of_title(reading: Reading, best: Record, question: str, tools: Tools) -> dict[str, float]:
    ref = reading.title or (reading.titles[0] if reading.titles else None)
    if ref is None or not (ref.name or ref.context) or best.title is None:
        return {"age": _age(best)}
    hits = tools.seen_titles(ref, reading.character if reading.ask is Ask.PLAYED_BY else None)
    hit = next((hit for hit in hits if hit.title.id == best.title.id), None)
    known = {"title": 1.0, "age": _age(best), "ordinal": float(ref.ordinal is not None)}
    known |= _words_fit(best.title, ref, question)
    if hit is None:
        return known
    return {
        **known,
        **_name_fit(hit, ref),
        **_among(hit, hits),
        **_constraints(hit, ref),
    }


def _age(best: Record) -> float:
    year = best.title.year if best.title else None
    return 0.0 if year is None else max(-5.0, min(5.0, (year - 2000) / 10))


def _words_fit(title: Title, ref: TitleRef, question: str) -> dict[str, float]:
    """How the words of the title found go with those that were said."""
    name, asked = title_key(title.name).split(), set(title_key(question).split())
    original = title_key(title.original_name or "").split()
    return {
        "title_words": _log(len(name)),
        "title_unsaid": sum(word not in asked for word in name) / max(1, len(name)),
        "title_missing": _missing(ref.full or ref.name or "", {*name, *original}),
    }


def _name_fit(hit: TitleHit, ref: TitleRef) -> dict[str, float]:
    return {
        "title_quality": hit.quality,
        "title_exact": float(hit.quality >= 0.95),
        "title_whole": float(hit.parts.get("whole_name", 0.0) > 0 or (ref.full or ref.name) == ref.name),
        "title_votes": popularity(hit.title.votes),
        "title_series": float(hit.title.type in SERIES),
        "title_minor": float(hit.title.type not in SERIES and hit.title.type not in ("movie", "tvMovie")),
    }


def _missing(said: str, name: Collection[str]) -> float:
    words = title_key(said).split()
    return sum(word not in name for word in words) / max(1, len(words))


def _among(hit: TitleHit, hits: Sequence[TitleHit]) -> dict[str, float]:
    others = [other for other in hits if other.title.id != hit.title.id]
    namesakes = [other for other in others if other.quality >= hit.quality - 0.05]
    most = max((popularity(other.title.votes) for other in namesakes), default=0.0)
    top = max((other.score for other in others), default=hit.score - _FAR)
    return {
        "title_lead": popularity(hit.title.votes) - most,
        "title_margin": max(-_FAR, min(_FAR, hit.score - top)),
        "title_namesakes": _log(len(namesakes)),
        "title_linked": min(1.0, hit.parts.get("linked", 0.0)),
    }


def _constraints(hit: TitleHit, ref: TitleRef) -> dict[str, float]:
    year, kind = hit.parts.get("year", 0.0), hit.title.type
    fits = 0.0 if not ref.types else (1.0 if kind in ref.types else -1.0)
    return {
        "year_asked": float(ref.years is not None),
        "year_fits": max(-1.0, min(1.0, year)),
        "type_fits": fits,
    }


# ---------------------------------------------------------------------------------------- the character


def _of_role(finding: Finding, best: Record) -> dict[str, float]:
    asked = finding.reading.character or ""
    credit = best.credit
    found = match_characters(asked, credit.characters if credit else ())
    words = fold(asked).split()
    credited = [word for word in fold(found.character).split() if word not in _FUNCTION]
    extra = sum(word not in words for word in credited) / max(1, len(credited))
    relation = bool(_DESCRIBING.intersection(words))
    return {
        "match": found.score,
        "match_exact": float(found.score >= 0.995),
        "character_words": _log(len(words)),
        "character_extra": extra,
        "relation": float(relation),
        "relation_extra": extra if relation else 0.0,
        "guessed": float(found.score < 0.5),
        "billing": _log(credit.ordering) if credit else 0.0,
        "no_work": float(credit is not None and credit.category not in ("actor", "actress")),
        "tied": _log(sum(_same_title(record, best) for record in finding.records[1:])),
        **_rivals(finding, best),
    }


def _same_title(record: Record, best: Record) -> bool:
    return record.title is not None and best.title is not None and record.title.id == best.title.id


def _rivals(finding: Finding, best: Record) -> dict[str, float]:
    """Other people with the character in other titles of about the name."""
    votes = [record.title.votes for record in finding.others if record.title]
    scores = [shown for shown in finding.candidates if "person" in shown and "score" in shown]
    person = best.person.name if best.person else None
    near = [float(shown["score"]) for shown in scores[1:] if shown["person"] != person]
    margin = float(scores[0]["score"]) - near[0] if near else _FAR
    ours = best.title.votes if best.title else 0
    return {
        "rivals": _log(len(votes)),
        "rival_margin": max(-_FAR, min(_FAR, margin)),
        "rival_votes": popularity(max(votes)) - popularity(ours) if votes else -1.0,
    }


# ---------------------------------------------------------------------------------- people and results


def _of_person(reading: Reading, tools: Tools) -> dict[str, float]:
    """Of the person who was found least surely."""
    named = [ref for ref in _people_in(reading) if ref.by is None]
    if not named:
        return {}
    worst: Sequence[PersonHit] = min((tools.seen_people(ref) for ref in named), key=_quality)
    if not worst:
        return {"person": 1.0}
    margin = worst[0].score - worst[1].score if len(worst) > 1 else _FAR
    return {
        "person": 1.0,
        "person_quality": worst[0].quality,
        "person_known": math.log10(worst[0].person.popularity + 1) / 8,
        "person_margin": min(_FAR, margin),
    }


def _quality(hits: Sequence[PersonHit]) -> float:
    return hits[0].quality if hits else 0.0


def _of_results(finding: Finding) -> dict[str, float]:
    known = finding.records[0].person if finding.records else None
    return {
        "found_known": math.log10(known.popularity + 1) / 8 if known else 0.0,
        "results": _log(len(finding.records)),
        "others": _log(len(finding.others)),
        "note": float(bool(finding.note)),
    }
