"""What a question says, as data: a small closed language that every reader writes and the resolver reads."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self, TypeVar

from indexer.errors import InputError

Kind = TypeVar("Kind", bound=StrEnum)


class Ask(StrEnum):
    """What the question wants to know."""

    PLAYED_BY = "played_by"  # who played C in T
    CHARACTER_OF = "character_of"  # whom did P play in T
    CAST = "cast"
    CREW = "crew"  # director, writer, composer... of T: the Reading's category says which
    FILMOGRAPHY = "filmography"  # titles of P
    TITLE = "title"  # which title is it: described by its people, characters, plot
    SIMILAR = "similar"
    YEAR = "year"
    RUNTIME = "runtime"
    RATING = "rating"
    VOTES = "votes"
    GENRES = "genres"
    GUESSED_GENRES = "guessed_genres"  # of a plot that the question tells: a model's guess, no record
    LANGUAGES = "languages"
    KEYWORDS = "keywords"  # what a title is about, in single words
    PLOT = "plot"
    TYPE = "type"
    ALTERNATIVE_TITLES = "alternative_titles"
    EPISODES = "episodes"
    SEASONS = "seasons"
    BORN = "born"
    DIED = "died"
    AGE = "age"
    PROFESSIONS = "professions"
    IS_IN = "is_in"  # yes or no: has P this credit in T
    COMPARE = "compare"  # which of several is the newest, longest...
    PERSON = "person"  # who it is: described by their shares in titles
    UNSUPPORTED = "unsupported"  # a topic the data cannot hold


class Order(StrEnum):
    """By what a list is ordered."""

    VOTES = "votes"
    RATING = "rating"
    YEAR = "year"
    RUNTIME = "runtime"
    BORN = "born"
    CREDITS = "credits"  # of people: in how many titles


CATEGORIES = (
    "acting",
    "director",
    "writer",
    "composer",
    "producer",
    "cinematographer",
    "editor",
    "production_designer",
    "casting_director",
)


@dataclass(frozen=True)
class TitleRef:
    """A title as the question speaks of it: a partial row. Every field may be unknown (``None`` or empty)."""

    name: str | None = None
    full: str | None = (
        None  # the words before years, ordinals and kinds were taken off: an exact hit on it wins
    )
    years: tuple[int, int] | None = None  # inclusive
    ordinal: int | None = None  # 1 the first of its series, 2 the second..., -1 the latest
    types: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    people: tuple[PersonRef, ...] = ()
    directors: tuple[PersonRef, ...] = ()
    writers: tuple[PersonRef, ...] = ()
    character: str | None = None
    plot: str | None = None
    parts: tuple[Part, ...] = ()  # who had which share in it, or had none
    series: bool = False  # "the Harry Potter films": every member is meant
    step: int = 0  # 1 the one after it in its series, -1 the one before
    by_story: bool = False  # ordinals count in the order of what is told, not of release
    context: bool = False  # "it": whatever the conversation is about
    word: str | None = None  # stands in its name
    keyword: str | None = None  # one of the title's keywords
    by: Reading | None = None  # "the films directed by the writer of X": all that a FILMOGRAPHY finds


@dataclass(frozen=True)
class PersonRef:
    """A person as the question speaks of them: by name, by what they did, or as whom it was just about."""

    name: str | None = None
    by: Reading | None = None  # "the director of Chinatown"
    context: bool = False  # "she"
    every: bool = False  # "the writers of X": all whom ``by`` finds


@dataclass(frozen=True)
class Part:
    """A share in a title: somebody's function there, a character, or both; ``without``: there is none such.

    Of a title the ``person`` is said, of a person the ``title``. Without a category it is what the person is
    best known for.
    """

    person: PersonRef | None = None
    title: TitleRef | None = None
    category: str | None = None  # one of CATEGORIES
    character: str | None = None
    without: bool = False


@dataclass(frozen=True)
class Reading:
    """One way to understand a question. ``weight`` in (0, 1] says how usual this wording is for it."""

    ask: Ask
    title: TitleRef | None = None
    titles: tuple[TitleRef, ...] = ()  # what COMPARE compares; of FILMOGRAPHY those left out
    people: tuple[PersonRef, ...] = ()
    parts: tuple[Part, ...] = ()  # what PERSON is described by
    without: tuple[PersonRef, ...] = ()  # "... but not with"
    character: str | None = None
    category: str | None = None  # one of CATEGORIES
    voice: bool = False  # "who voices": an animated title is meant rather than another of the name
    count: bool = False  # how many; of COMPARE by year, how many years apart
    order: Order | None = None
    descending: bool = True
    limit: int | None = None
    # yes/no about a number: ("over" | "under" | "equal", minutes | rating | year | how many)
    threshold: tuple[str, float] | None = None
    holds: tuple[str, ...] = ()  # yes/no about a value of several: whether these are among the genres
    relation: str | None = None  # yes/no about the first of COMPARE: "more", "less" or "same"
    born: tuple[int, int] | None = None  # of PERSON: the years of birth, inclusive
    died: tuple[int, int] | None = None
    profession: str | None = None  # of PERSON: "actor" or "actress", as who is asked for is credited
    unchecked: str | None = None  # of PERSON: what was said that the data cannot hold
    either: bool = False  # titles of any of the people, not of all of them together
    exclude_context: bool = False  # "what else": leave out the title just spoken of
    topic: str | None = None  # of UNSUPPORTED: awards, money...; of a writer: script or source
    weight: float = 1.0

    def validated(self) -> Self:
        """Itself. Raises InputError where the parts do not fit the ask."""
        needs_title = self.ask in TITLE_ASKS and self.title is None
        if needs_title:
            raise InputError(f"a reading that asks for {self.ask} needs a title")
        if self.ask in PERSON_ASKS and not self.people:
            raise InputError(f"a reading that asks for {self.ask} needs a person")
        if self.ask is Ask.PERSON and not self.parts:
            raise InputError("a reading that asks for a person needs what they did")
        if self.relation not in (None, "more", "less", "same"):
            raise InputError(f"a relation is more, less or same, not {self.relation!r}")
        if self.threshold is not None and self.threshold[0] not in ("over", "under", "equal"):
            raise InputError(f"a threshold is over, under or equal, not {self.threshold[0]!r}")
        if self.ask is Ask.PLAYED_BY and not self.character:
            raise InputError("a reading that asks who played somebody needs the character")
        if self.category is not None and self.category not in CATEGORIES:
            raise InputError(f"unknown category {self.category!r}: known are {', '.join(CATEGORIES)}")
        if not 0 < self.weight <= 1:
            raise InputError(f"a reading's weight is in (0, 1], not {self.weight}")
        return self

    def to_json(self) -> dict[str, Any]:
        """Only what is set; ``from_json`` gives an equal Reading back."""
        held: dict[str, Any] = _to_json(self)
        return held

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Reading:
        """Raises InputError for an unknown field or value."""
        return _reading(data).validated()


TITLE_ASKS = frozenset(
    {
        Ask.CHARACTER_OF,
        Ask.CAST,
        Ask.CREW,
        Ask.SIMILAR,
        Ask.TITLE,
        Ask.YEAR,
        Ask.RUNTIME,
        Ask.RATING,
        Ask.VOTES,
        Ask.GENRES,
        Ask.GUESSED_GENRES,
        Ask.LANGUAGES,
        Ask.KEYWORDS,
        Ask.PLOT,
        Ask.TYPE,
        Ask.ALTERNATIVE_TITLES,
        Ask.EPISODES,
        Ask.SEASONS,
        Ask.IS_IN,
    }
)
PERSON_ASKS = frozenset({Ask.FILMOGRAPHY, Ask.BORN, Ask.DIED, Ask.AGE, Ask.PROFESSIONS, Ask.CHARACTER_OF})


def valid(readings: Iterable[Reading]) -> Iterator[Reading]:
    """Those that make sense: a frame that fits by its words may build one that does not."""
    for reading in readings:
        try:
            yield reading.validated()
        except InputError:
            continue


def _to_json(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = ((item, getattr(value, item.name)) for item in dataclasses.fields(value))
        return {item.name: _to_json(held) for item, held in fields if held != item.default}
    if isinstance(value, tuple):
        return [_to_json(item) for item in value]
    return str(value) if isinstance(value, StrEnum) else value


def _checked(data: Mapping[str, Any], cls: type) -> dict[str, Any]:
    known = {item.name for item in dataclasses.fields(cls)}
    unknown = sorted(set(data) - known)
    if unknown:
        raise InputError(
            f"unknown field {unknown[0]!r} in a {cls.__name__}: known are {', '.join(sorted(known))}"
        )
    return dict(data)


def _enum(kind: type[Kind], value: str) -> Kind:
    try:
        return kind(value)
    except ValueError as error:
        raise InputError(f"unknown {kind.__name__.lower()} {value!r}: known are {', '.join(kind)}") from error


def _reading(data: Mapping[str, Any]) -> Reading:
    held = _checked(data, Reading)
    if "ask" not in held:
        raise InputError("a reading needs an ask")
    held["ask"] = _enum(Ask, held["ask"])
    if "order" in held:
        held["order"] = _enum(Order, held["order"])
    if "title" in held:
        held["title"] = _title(held["title"])
    if "titles" in held:
        held["titles"] = tuple(_title(item) for item in held["titles"])
    for name in ("people", "without"):
        if name in held:
            held[name] = tuple(_person(item) for item in held[name])
    if "parts" in held:
        held["parts"] = tuple(_part(item) for item in held["parts"])
    for name in ("threshold", "holds", "born", "died"):
        if name in held:
            held[name] = tuple(held[name])
    return Reading(**held)


def _title(data: Mapping[str, Any]) -> TitleRef:
    held = _checked(data, TitleRef)
    for name in ("people", "directors", "writers"):
        if name in held:
            held[name] = tuple(_person(item) for item in held[name])
    if "parts" in held:
        held["parts"] = tuple(_part(item) for item in held["parts"])
    for name in ("years", "types", "genres"):
        if name in held:
            held[name] = tuple(held[name])
    if "by" in held:
        held["by"] = _reading(held["by"])
    return TitleRef(**held)


def _person(data: Mapping[str, Any]) -> PersonRef:
    held = _checked(data, PersonRef)
    if "by" in held:
        held["by"] = _reading(held["by"])
    return PersonRef(**held)


def _part(data: Mapping[str, Any]) -> Part:
    held = _checked(data, Part)
    if "person" in held:
        held["person"] = _person(held["person"])
    if "title" in held:
        held["title"] = _title(held["title"])
    if held.get("category") not in (None, *CATEGORIES):
        raise InputError(f"unknown category {held['category']!r}: known are {', '.join(CATEGORIES)}")
    return Part(**held)
