"""Question -> Readings: every wording of ``rules.toml`` that fits gives one, the usual ones first."""

from __future__ import annotations

import dataclasses
import functools
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from assistant.reading import chains, kinds, phrases, refs, yes_no
from assistant.reading.composed import composed
from assistant.reading.described import is_a_name
from assistant.reading.loosely import loosely_described
from assistant.reading.patterns import Match, Pattern, compile_pattern
from assistant.reading.players import players
from assistant.reading.reading import Ask, Order, PersonRef, Reading, TitleRef
from assistant.reading.told_of import told_of
from assistant.reading.words import Question, read_words
from indexer.errors import InputError
from indexer.text import fold

MAX_READINGS = 16
_MEMBERS = 30  # of a series are listed at most
_BEST = 10  # of "the best films of somebody"
MAX_QUESTION = 2_000  # characters


@dataclass(frozen=True)
class Rule:
    """One entry of ``rules.toml``."""

    ask: Ask
    patterns: tuple[Pattern, ...]
    weight: float
    category: str | None
    flags: frozenset[str]


@dataclass(frozen=True)
class Topic:
    """A topic the data cannot hold, and the words that give it away."""

    name: str
    words: re.Pattern[str]


@dataclass(frozen=True)
class Rules:
    """All wordings."""

    rules: tuple[Rule, ...]
    topics: tuple[Topic, ...]

    @classmethod
    @functools.cache
    def load(cls) -> Rules:
        """The wordings that are part of the package."""
        data = tomllib.loads(files("assistant.reading").joinpath("rules.toml").read_text(encoding="utf-8"))
        macros = data["macros"]
        return cls(
            tuple(_rule(entry, macros) for entry in data["rule"]),
            tuple(_topic(entry) for entry in data["topic"]),
        )


_KNOWN = {"ask", "patterns", "weight", "category"}


def _rule(entry: Mapping[str, Any], macros: Mapping[str, list[str]]) -> Rule:
    flags = frozenset(name for name, value in entry.items() if name not in _KNOWN and value is True)
    patterns = tuple(compile_pattern(text, macros) for text in entry["patterns"])
    return Rule(Ask(entry["ask"]), patterns, float(entry.get("weight", 1.0)), entry.get("category"), flags)


def _topic(entry: Mapping[str, Any]) -> Topic:
    words = "|".join(re.escape(word) for word in sorted(entry["words"], key=len, reverse=True))
    return Topic(entry["name"], re.compile(rf"\b(?:{words})\b"))


def read(text: str) -> list[Reading]:
    """All ways to understand ``text``, best first; [] where no wording fits.

    Raises InputError where the text is longer than 2,000 characters or holds no words.
    """
    if len(text) > MAX_QUESTION:
        raise InputError(
            f"the question has {len(text):,} characters: at most {MAX_QUESTION:,} are read; ask it shorter"
        )
    question = read_words(text)
    if not question.words:
        raise InputError("the question holds no words: ask for instance 'who directed Alien'")
    found: dict[str, Reading] = {}
    plainer = [*_unshortened(text, question), *_without_fillers(question)]
    plainer += [*_of_age(question), *_of_age(read_words(text, shorten=False))]
    for reading in [*chains.readings(text), *_readings_of(question), *plainer]:
        if passes_over(reading, question.text) or _sweeps(reading) or _goes_round(reading, question.text):
            continue
        key = repr(dataclasses.replace(reading, weight=1.0))
        if key not in found or found[key].weight < reading.weight:
            found[key] = reading
    readings = _with_all_said(found.values())
    return sorted(readings, key=_usual_first)[:MAX_READINGS]


def _with_all_said(readings: Iterable[Reading]) -> list[Reading]:
    """Without those that take for a plot what another reads people in: "a film with P about an island"."""
    items = list(readings)
    told = [reading for reading in items if _tells(reading)]
    if not any(reading.title and reading.title.parts for reading in told):
        return items
    return [reading for reading in items if reading not in told or (reading.title and reading.title.parts)]


def _tells(reading: Reading) -> bool:
    """Whether a title is looked for by its plot."""
    return reading.ask is not Ask.GUESSED_GENRES and bool(reading.title and reading.title.plot)


def _usual_first(reading: Reading) -> tuple[float, bool]:
    """The usual wordings first; of equal ones that which a told plot fits, as little else looks like it."""
    return -reading.weight, reading.ask is not Ask.GUESSED_GENRES


_NOT_HELD = frozenset(phrases.words("not_held"))


def _goes_round(reading: Reading, text: str) -> bool:
    """Whether it asks of whoever played somebody whom they played: "who is the actor that plays Cisco"."""
    if reading.ask not in (Ask.CHARACTER_OF, Ask.PROFESSIONS) or not text.lower().startswith("who"):
        return False
    return any(ref.by is not None and ref.by.ask in (Ask.PLAYED_BY, Ask.CAST) for ref in reading.people)


def _sweeps(reading: Reading) -> bool:
    """Whether a title is called "every Alien" where "every Alien movie" was said."""
    title = reading.title
    if reading.ask is not Ask.IS_IN or title is None or not (title.series or title.types):
        return False
    return title.full != title.name and bool(_ALL.match(title.full or ""))


_ALL = re.compile(r"^(?:every|any|each|all(?: of)?(?: the)?)\s", re.I)
_NEGATION = re.compile(r"\b(?:not|never|no longer|without|except)\b", re.I)


def passes_over(reading: Reading, text: str) -> bool:
    """Whether the reading passes over what turns the question round, or takes a clause for a name.

    Also where it takes for a series or for somebody what the catalogue does not hold ("Marvel", "American"),
    and where "how old is" asks of today and the reading of the year of a title.
    """
    if _not_held(reading) or (reading.ask is Ask.AGE and reading.title is not None and _NOW.match(text)):
        return True
    people = [*reading.people, *(reading.title.people if reading.title else ())]
    if any(person.name and not _may_be_called(person.name) for person in people):
        return True
    return _turns_round(reading, text)


def _may_be_called(name: str) -> bool:
    """Whether somebody may be called so: no clause, no "last" or "first" of what they did."""
    return is_a_name(name) and not _RANKED_TAIL.search(name)


_RANKED_TAIL = re.compile(r"\w (?:first|last|latest|most recently)$")
_NOW = re.compile(r"\s*(?:how old|what age) (?:is|are)\b", re.I)


def _not_held(reading: Reading) -> bool:
    """Whether a series or somebody is called by what titles are told apart by and the catalogue lacks."""
    title = reading.title or TitleRef()
    called = (title.name if title.series else None, title.character)
    if any(fold(name or "") in _NOT_HELD for name in called):
        return True
    people = [*reading.people, *title.people, *(part.person for part in title.parts if part.person)]
    return any(fold(person.name or "") in _NOT_HELD for person in people)


def _turns_round(reading: Reading, text: str) -> bool:
    """Whether a "not" of the text is in no part of the reading."""
    if reading.without or (reading.title and any(part.without for part in reading.title.parts)):
        return False
    if any(part.without for part in reading.parts) or reading.threshold or reading.relation:
        return False
    said = {word.lower() for word in _NEGATION.findall(text)}
    if not said or reading.ask is Ask.IS_IN or (reading.title and reading.title.plot):
        return False
    if reading.died is not None or (reading.title and _turned(reading.title.years, text)):
        return False
    names = " ".join((*_names_in(reading), reading.unchecked or "")).lower()
    return any(word not in names for word in said)


_NOT_LATER = re.compile(r"\bnot\b.*\b(?:after|since|(?:or|and) (?:later|onwards?|newer))\b", re.I)
_NOT_EARLIER = re.compile(r"\bnot\b.*\b(?:before|prior to|(?:or|and) (?:earlier|older))\b", re.I)


def _turned(years: kinds.Years | None, text: str) -> bool:
    """Whether the years are what a "not" leaves: "not of the 1970s", "not made after 2002"."""
    if years is None or years[0] > years[1]:
        return years is not None
    up_to, from_then_on = years[0] <= 0, years[1] >= _NO_END
    return bool((up_to and _NOT_LATER.search(text)) or (from_then_on and _NOT_EARLIER.search(text)))


_NO_END = 9999


def _names_in(reading: Reading) -> Iterator[str]:
    """The titles and characters of a reading, as they were said."""
    for title in (reading.title, *reading.titles):
        if title is not None:
            yield from filter(None, (title.name, title.full, title.character))
    for part in reading.parts:
        if part.title is not None:
            yield from filter(None, (part.title.name, part.title.full))
        yield from filter(None, (part.character,))
    yield from filter(None, (reading.character,))
    for person in reading.people:
        if person.by is not None:
            yield from _names_in(person.by)


def topic_of(text: str) -> str | None:
    """The topic outside the data that the words of ``text`` give away, if any."""
    words = fold(text)
    for topic in Rules.load().topics:
        if topic.words.search(words):
            return topic.name
    return None


def _unshortened(text: str, question: Question) -> Iterator[Reading]:
    """Of the whole words, whose lead-in may be a title's own ("Oh, God!", "Hello, Dolly!")."""
    whole = read_words(text, shorten=False)
    if whole.keys != question.keys:
        for reading in _readings_of(whole):
            yield dataclasses.replace(reading, weight=0.9 * reading.weight)


_FILLERS = re.compile(
    r"\s(?:also|ever|then|actually|really|even|originally|currently|exactly|maybe|perhaps|again|though|"
    r"all in all|on earth|the hell|the heck)(?=\s|$|[?.!])",
    re.I,
)
_PLAINER = 0.95  # of a wording's weight, where words had to be left out for it


def _without_fillers(question: Question) -> Iterator[Reading]:
    """Of the words without "also", "ever", "actually", which may be part of a name as well."""
    shorter = _FILLERS.sub("", question.text)
    if shorter != question.text:
        for reading in _readings_of(read_words(shorter)):
            yield dataclasses.replace(reading, weight=_PLAINER * reading.weight)


_AGED = re.compile(
    r"[\s,]+(?:when|while) (?:he|she|they|it)(?: is| was| were|['’]s)? "
    r"(?:(?:much |still |very |just |only )?(?:an? )?(?P<age>young(?:er)?|kid|child|boy|girl|little|"
    r"teen(?:ager)?|old(?:er)?|grown[- ]?up|adult|elderly|baby)|(?:grew|grows|grown) (?:up|old))"
    r"(?=\s|$|[?.!,])"
    r"|[\s,]+as an? (?P<as>young (?:man|woman|boy|girl)|kid|child|boy|girl|teen(?:ager)?|adult|"
    r"old (?:man|woman)|grown[- ]?up|baby)(?=\s|$|[?.!,])",
    re.I,
)
_YOUNG = re.compile(r"young|kid|child|boy|girl|little|teen|baby", re.I)


def _of_age(question: Question) -> Iterator[Reading]:
    """ "who plays Rose when she is old": the credits say "Old Rose"."""
    found = _AGED.search(question.text)
    if not found:
        return
    age = "young" if _YOUNG.match(found["age"] or found["as"] or "") else "old"
    rest = question.text[: found.start()] + question.text[found.end() :]
    for reading in _readings_of(read_words(rest, shorten=False)):
        if reading.ask is Ask.PLAYED_BY and reading.character:
            yield dataclasses.replace(reading, character=f"{age} {reading.character}")


_VOICE = re.compile(r"\bvoic", re.I)
_WRITINGS = {
    "script": re.compile(r"\b(?:script|screenplay|teleplay)s?\b|\b(?:screen|script) ?writer", re.I),
    "source": re.compile(r"\b(?:author|novel|book|novelist)s?\b", re.I),
}


def _readings_of(question: Question) -> Iterator[Reading]:
    """Of the whole question, and of what stands before a time at its end ("in the 40s"), narrowed by it."""
    voiced = bool(_VOICE.search(question.text))
    writing = next((name for name, words in _WRITINGS.items() if words.search(question.text)), None)
    for reading in _all_readings(question):
        if voiced and reading.ask is Ask.PLAYED_BY:
            yield dataclasses.replace(reading, voice=True)
        elif writing and reading.ask is Ask.CREW and reading.category == "writer":
            yield dataclasses.replace(reading, topic=writing)
        else:
            yield reading
    rest, years = kinds.split_time(question.text.rstrip(" ?.!"))
    if years is not None:
        for reading in _all_readings(read_words(rest)):
            narrowed = _narrowed(reading, years)
            if narrowed is not None:
                yield narrowed


def _narrowed(reading: Reading, years: kinds.Years) -> Reading | None:
    """The reading with its titles limited to ``years``; ``None`` where it asks for no list of titles."""
    if reading.ask is not Ask.FILMOGRAPHY and (reading.ask is not Ask.TITLE or reading.order is None):
        return None
    return dataclasses.replace(reading, title=dataclasses.replace(reading.title or TitleRef(), years=years))


def _all_readings(question: Question) -> Iterator[Reading]:
    yield from composed(question.text)
    yield from yes_no.asked(question.text)
    yield from told_of(question.text)
    yield from players(question.text)
    yield from loosely_described(question.text)
    keys = question.keys
    for rule in Rules.load().rules:
        for pattern in rule.patterns:
            for match in pattern.matches(keys):
                reading = _build(rule, question, match)
                if reading is not None:
                    yield reading


@dataclass
class _Slots:
    """The slots of one match, parsed; ``kind`` and ``years`` narrow the titles asked for."""

    text: dict[str, str]
    question: str
    kind: kinds.Kind | None = None
    years: kinds.Years | None = None
    rank: phrases.Ranking | None = None


def _build(rule: Rule, question: Question, match: Match) -> Reading | None:
    slots = _parse({name: question.span(*span) for name, span in match.items()}, question.text)
    if slots is None:
        return None
    builder = _BUILDERS.get(next(iter(rule.flags & _BUILDERS.keys()), ""), _plain)
    reading = builder(rule, slots)
    if reading is None:
        return None
    try:
        return reading.validated()
    except InputError:
        return None


def _parse(text: dict[str, str], question: str) -> _Slots | None:
    if not all(text.values()):
        return None
    slots = _Slots(text, question)
    if "kind" in text:
        slots.kind = kinds.parse_kind(text["kind"])
        if slots.kind is None:
            return None
        slots.years = slots.kind.years
    if "time" in text:
        slots.years = kinds.parse_years(text["time"])
        if slots.years is None:
            return None
    if "superlative" in text or "measure" in text:
        slots.rank = (
            kinds.parse_superlative(text["superlative"])
            if "superlative" in text
            else kinds.parse_measure(text["measure"])
        )
        if slots.rank is None:
            return None
    return slots


def _plain(rule: Rule, slots: _Slots) -> Reading | None:
    text = dict(slots.text)
    if _WORK_FOR.match(text.get("title", "")):
        return None
    people = _people(text, slots)
    title = refs.title_ref(text["title"]) if "title" in text else None
    if rule.ask is Ask.FILMOGRAPHY:
        return _filmography(rule, slots, people)
    if "context_person" in rule.flags:
        people = (PersonRef(context=True),)
    if "title" in text and _ends_in_ordinal(text.get("character", "")):
        return None  # "Neo in the ninth Matrix": the number is the title's
    if "context_title" in rule.flags:
        if _PLACE.search(text.get("character", "")):
            return None
        title = TitleRef(context=True)
    return Reading(
        rule.ask,
        title=title,
        people=people,
        character=refs.character_name(text["character"]) if "character" in text else None,
        category=rule.category,
        count="count" in rule.flags,
        weight=rule.weight * _plausible(text),
    )


_WORK_FOR = re.compile(
    r"the (?:(?:music|soundtrack|score) (?:for|to)|(?:script|screenplay|soundtrack) of) ", re.I
)


def _ends_in_ordinal(character: str) -> bool:
    """Whether a character's words end as in "Neo in the ninth"."""
    words = fold(character).split()
    return len(words) > 2 and words[-1] in phrases.ordinals() and words[-2] == "the"


_PLACE = re.compile(r"\b(?:in|on|from)\b", re.I)


def _people(text: dict[str, str], slots: _Slots) -> tuple[PersonRef, ...]:
    people: tuple[PersonRef, ...] = ()
    for name in ("person", "person2"):
        if name in text:
            rest, years = kinds.split_time(text[name])
            slots.years = years or slots.years
            people += (refs.person_ref(rest),)
    if "people" in text:
        rest, years = kinds.split_time(text["people"])
        slots.years = years or slots.years
        people += refs.people_refs(rest)
    return people


def _plausible(text: Mapping[str, str]) -> float:
    """Below 1 where a slot looks as if it swallowed words of the question."""
    weight = 1.0
    for name in ("person", "title", "character"):
        words = text.get(name, "").lower().split()
        if name == "title" and len(words) > 2 and words[0] in _ASKING and words[1] in _AUXILIARY:
            weight *= 0.6
        if words and words[0] in ("in", "on", "of", "from", "by", "and", "or", "as", "who", "does", "did"):
            weight *= 0.5
        if name == "person" and len(words) > 5:
            weight *= 0.7
    return weight


_AUXILIARY = frozenset("is was are were do does did has have had can could would good long many".split())
_ASKING = frozenset("who what which when where how why".split()) | _AUXILIARY
_ELSE = re.compile(r"\b(?:else|others?)\b", re.I)


_NUMERAL = re.compile(r"(?:top |the |year )*\d+s?", re.I)  # "top 5", "the 1980s" are nobody's name


def _filmography(rule: Rule, slots: _Slots, people: tuple[PersonRef, ...]) -> Reading | None:
    directors = refs.people_refs(slots.text["director"]) if "director" in slots.text else ()
    if "people" in slots.text and len(people) < 2:
        return None
    if any(_NUMERAL.fullmatch(person.name) for person in people if person.name):
        return None
    kind = slots.kind or kinds.Kind()
    years = slots.years
    without: tuple[PersonRef, ...] = ()
    if "without" in rule.flags:
        people, without = people[:1], people[1:]
    title = TitleRef(types=kind.types, genres=kind.genres, years=years, directors=directors)
    return Reading(
        Ask.FILMOGRAPHY,
        title=title if title != TitleRef() else None,
        people=people,
        without=without,
        category=rule.category,
        count="count" in rule.flags,
        exclude_context=bool(_ELSE.search(slots.question)),
        weight=rule.weight * _plausible(slots.text),
    )


def _superlative(rule: Rule, slots: _Slots) -> Reading | None:
    assert slots.rank is not None  # noqa: S101 - _parse saw to it
    rank = slots.rank
    if "series_title" in rule.flags:
        if kinds.parse_kind(f"{slots.text['title']} movie") is not None:  # "animated" is no series
            return None
        title = refs.title_ref(slots.text["title"])
        title = dataclasses.replace(title, series=True)
        return Reading(
            Ask.TITLE,
            title=title,
            order=rank.order,
            descending=rank.descending,
            limit=1,
            weight=0.7 * rule.weight,
        )
    base = _filmography(rule, slots, _people(dict(slots.text), slots))
    if base is None:
        return None
    person = slots.text["person"].lower()
    as_director = re.search(r"\b(?:as a director|as director)$", person)
    category = "director" if as_director else base.category
    if as_director:
        base = dataclasses.replace(
            base,
            people=refs.people_refs(re.sub(r"\s+as (?:a )?director$", "", slots.text["person"], flags=re.I)),
        )
    many = _plural(slots.text["kind"]) and rank.order in (Order.RATING, Order.VOTES)
    return dataclasses.replace(
        base,
        category=category,
        order=rank.order,
        descending=rank.descending,
        limit=rank.limit or (_BEST if many else 1),
    )


def _chart(rule: Rule, slots: _Slots) -> Reading | None:
    kind = slots.kind or kinds.Kind()
    title = TitleRef(types=kind.types or kinds.FILM_TYPES, genres=kind.genres, years=slots.years)
    rank = slots.rank or kinds.parse_superlative("most popular")
    assert rank is not None  # noqa: S101 - a constant
    limit = rank.limit or (1 if slots.rank and not _plural(slots.text["kind"]) else 10)
    return Reading(
        Ask.TITLE,
        title=title,
        order=rank.order,
        descending=rank.descending,
        limit=limit,
        weight=0.6 * rule.weight,
    )


def _plural(kind: str) -> bool:
    return kind.lower().rstrip().endswith("s")


def _compare(rule: Rule, slots: _Slots) -> Reading | None:
    assert slots.rank is not None  # noqa: S101 - _parse saw to it
    names = refs.split_alternatives(slots.text["titles"])
    if len(names) < 2:
        return None
    titles = tuple(refs.title_ref(name) for name in names)
    rank = slots.rank
    return Reading(
        Ask.COMPARE, titles=titles, order=rank.order, descending=rank.descending, limit=1, weight=rule.weight
    )


def _compare_people(rule: Rule, slots: _Slots) -> Reading | None:
    names = refs.split_alternatives(slots.text["people"])
    if len(names) < 2:
        return None
    people = tuple(refs.person_ref(name) for name in names)
    return Reading(
        Ask.COMPARE,
        people=people,
        order=Order.BORN,
        descending="younger" in rule.flags,
        limit=1,
        weight=rule.weight,
    )


def _besides(rule: Rule, slots: _Slots) -> Reading | None:
    """Titles of a person without one that is named."""
    base = _filmography(rule, slots, _people(dict(slots.text), slots))
    return dataclasses.replace(base, titles=(refs.title_ref(slots.text["title"]),)) if base else None


def _either(rule: Rule, slots: _Slots) -> Reading | None:
    """Titles of one person or of another."""
    base = _filmography(rule, slots, _people(dict(slots.text), slots))
    return dataclasses.replace(base, either=True) if base else None


def _by_year(rule: Rule, slots: _Slots) -> Reading | None:
    """Who played somebody first or last, by the year of the title."""
    rank = kinds.parse_superlative(slots.text["nth"])
    original = fold(slots.text["nth"]) in ("original", "new", "current")
    if not original and (rank is None or rank.order is not Order.YEAR):
        return None
    return Reading(
        rule.ask,
        title=TitleRef(types=kinds.FILM_TYPES),
        character=refs.character_name(slots.text["character"]),
        order=Order.YEAR,
        descending=rank.descending if rank else fold(slots.text["nth"]) != "original",
        weight=rule.weight,
    )


def _alive(rule: Rule, slots: _Slots) -> Reading:
    """ "is he still alive": yes or no, and the other way round for "is she dead"."""
    held = "alive" if "alive" in rule.flags else "dead"
    return Reading(
        rule.ask, people=(refs.person_ref(slots.text["person"]),), holds=(held,), weight=rule.weight
    )


def _several(rule: Rule, slots: _Slots) -> Reading:
    """All who have played somebody."""
    character = refs.character_name(slots.text["character"])
    return Reading(rule.ask, character=character, limit=_MEMBERS, weight=rule.weight)


def _leading_lady(rule: Rule, slots: _Slots) -> Reading:
    title = refs.title_ref(slots.text["title"])
    return Reading(rule.ask, title=title, character="the female lead", weight=rule.weight)


_BY_CHARACTER = re.compile(r"\s+in$", re.I)


def _by_character(rule: Rule, slots: _Slots) -> Reading | None:
    people = refs.people_refs(slots.text["person"]) if "person" in slots.text else ()
    character = refs.character_name(_BY_CHARACTER.sub("", slots.text["character"]))
    return Reading(
        Ask.TITLE,
        title=TitleRef(people=people, character=character),
        limit=None if people else 10,
        weight=0.8 * rule.weight,
    )


def _describe(rule: Rule, slots: _Slots) -> Reading | None:
    plot = slots.text["plot"]
    if len(plot.split()) < 2 or _NO_PLOT.search(f"{slots.question} "):
        return None
    return Reading(Ask.TITLE, title=TitleRef(plot=plot), limit=1, weight=0.5 * rule.weight)


def _guess_genres(rule: Rule, slots: _Slots) -> Reading | None:
    """A plot is told: after a colon or in many words; "what genre is this film" asks for a title's genres."""
    plot = _BEFORE_PLOT.sub("", slots.text["plot"])
    before, colon, _ = slots.question.partition(plot)
    told = colon and before.rstrip().endswith((":", "-", "–", "—", '"', "“"))
    if len(plot.split()) < (_TOLD if told else _TOLD_AT_LENGTH):
        return None
    return Reading(Ask.GUESSED_GENRES, title=TitleRef(plot=plot), weight=rule.weight)


_TOLD, _TOLD_AT_LENGTH = 3, 9  # words of a plot after a colon, and without one
_LEADS = "this|that|film|movie|story|plot|text|description|be|in which|where|when|about|with"
_BEFORE_PLOT = re.compile(
    rf"^(?:(?:{_LEADS}|the following|the|a)\b(?=[\s:?.-]+(?:{_LEADS})\b|\s*[:?]|\s+[-–—]\s)[\s:?.–—-]*|"
    r"(?:in which|where|about)\s+)+",
    re.I,
)

# What a question about people, ranks or dates says, and hardly one that tells a plot.
_NO_PLOT = re.compile(
    r"\b(?:directed by|produced by|written by|starred|starring|(?:that|which|and|movie|film) stars|"
    r"was released|came out|"
    r"the (?:most|highest|longest|shortest|lowest|greatest|largest|biggest|fewest)|character named|won|"
    r"(?:titular|title|lead|leading) role|"
    r"not (?:star|feature|appear|released|directed))\b",
    re.I,
)


def _boolean(rule: Rule, slots: _Slots) -> Reading | None:
    minutes = kinds.parse_amount(slots.text["amount"])
    if minutes is None:
        return None
    return Reading(
        rule.ask,
        title=refs.title_ref(slots.text["title"]),
        threshold=("under" if "under" in rule.flags else "over", minutes),
        weight=rule.weight,
    )


def _count_members(rule: Rule, slots: _Slots) -> Reading | None:
    title = dataclasses.replace(refs.title_ref(slots.text["title"]), series=True)
    return Reading(rule.ask, title=title, count=True, weight=rule.weight)


def _list_members(rule: Rule, slots: _Slots) -> Reading | None:
    title = dataclasses.replace(refs.title_ref(slots.text["title"]), series=True)
    return Reading(rule.ask, title=title, limit=_MEMBERS, weight=rule.weight)


def _opposite(rule: Rule, slots: _Slots) -> Reading | None:
    title = refs.title_ref(slots.text["title"])
    return Reading(rule.ask, title=title, without=refs.people_refs(slots.text["person"]), weight=rule.weight)


_PROFESSIONS = {
    "producer": "producer",
    "produce": "producer",
    "director": "director",
    "direct": "director",
    "writer": "writer",
    "write": "writer",
    "screenwriter": "writer",
    "actor": "actor",
    "actress": "actress",
    "composer": "composer",
}


def _holds_profession(rule: Rule, slots: _Slots) -> Reading | None:
    """ "is he a producer too?" """
    held = _PROFESSIONS.get(fold(slots.text["profession"]))
    if held is None:
        return None
    return Reading(
        rule.ask, people=(refs.person_ref(slots.text["person"]),), holds=(held,), weight=rule.weight
    )


def _lead(rule: Rule, slots: _Slots) -> Reading:
    """The part of whoever is billed first."""
    title = refs.title_ref(slots.text["title"]) if "title" in slots.text else TitleRef(context=True)
    first = PersonRef(by=Reading(Ask.CAST, title=title))
    return Reading(rule.ask, title=title, people=(first,), weight=rule.weight)


_BUILDERS = {
    "besides": _besides,
    "either": _either,
    "by_year": _by_year,
    "leading_lady": _leading_lady,
    "alive": _alive,
    "dead": _alive,
    "several": _several,
    "holds_profession": _holds_profession,
    "lead": _lead,
    "list_members": _list_members,
    "opposite": _opposite,
    "count_members": _count_members,
    "superlative": _superlative,
    "chart": _chart,
    "describe": _describe,
    "guess_genres": _guess_genres,
    "by_character": _by_character,
    "people_compare": _compare_people,
    "boolean": _boolean,
    "compare": _compare,
}
