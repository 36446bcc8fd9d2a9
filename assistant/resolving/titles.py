"""A title as the question speaks of it -> titles of the catalogue, best first."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from assistant.reading.reading import TitleRef
from assistant.resolving.context import Context
from assistant.resolving.ways import ALL, Ways
from indexer.catalog.records import Title
from indexer.ids import TitleId
from indexer.text import search_words, title_key

if TYPE_CHECKING:
    from indexer.catalog.catalog import Catalog
    from indexer.linking.linker import Candidate, Linker
    from indexer.linking.names import NameIndex, NameMatch

SERIES = frozenset({"tvSeries", "tvMiniSeries"})
_NAME, _VOTES, _LINK = 6.0, 2.5, 0.8
_LINK_PEOPLE = 3.0  # "The Avengers with Uma Thurman": the cast decides
_PRONOUN = 3.0  # how much less likely "it" is the film than what the talk is about
_YEAR_RIGHT, _YEAR_NEAR, _YEAR_WRONG = 1.2, 0.5, -3.0
_TYPE_RIGHT, _TYPE_WRONG, _SERIES_WRONG, _ORDINAL = 0.4, -1.8, -2.6, 3.0
_SAME_NAME = 0.955  # the same but for articles, spaces, how numbers are written
_SUBTITLED = 0.92  # "The Lord of the Rings" of a series whose members have subtitles
_SUBTITLE_ALONE = 0.9  # "A New Hope" of the series whose fourth episode it is
_BEGINS = 0.85  # a longer name with this beginning: the exact name wins unless it is hardly known
_OTHER_NUMBER = 0.35  # "fight club 2" is not Fight Club
_NUMBERED = 0.8  # the quality of a sequel that was only counted
_LAST_SEQUEL = 12
_WORD_SLIP, _PART_SLIP = 0.75, 0.88
_WHOLE = 1.5  # what a title gains whose name is all that was said, qualifiers included
# Query rows of one question that the linker is asked: that of the likeliest reading; more doubled the time
# and changed no answer.
_LINKED_ROWS, _UNLIMITED = 1, 1_000
_MEMBER = 0.945  # of "the Harry Potter films": every longer name is meant
_SLIP = 0.82  # names less alike than this are different names
_NOT_A_WORK = {
    "tvEpisode": -0.8,
    "videoGame": -0.6,
    "short": -0.5,
    "tvShort": -0.5,
    "video": -0.3,
    "tvSpecial": -0.4,
    "musicVideo": -1.0,
}


@dataclass(frozen=True, slots=True)
class TitleHit:
    """``quality`` 0-1: how well the name fits.

    ``score``: with votes and everything else said (higher is better). ``linking``: what each field added to
    the linker's own score, in nats; {} where it was not asked.
    """

    title: Title
    quality: float
    score: float
    parts: Mapping[str, float] = field(default_factory=dict)
    linking: Mapping[str, float] = field(default_factory=dict)
    relation: str = ""  # how the name was found: exact, same, begins, holds, fuzzy; "" otherwise

    def explained(self) -> dict[str, dict[str, float]]:
        """``parts``, and ``linking`` where there is some, as ``--explain`` prints them."""
        found = {"parts": self.parts, "linking in nats": self.linking}
        shown = {
            what: {name: round(value, 3) for name, value in parts.items() if value}
            for what, parts in found.items()
        }
        return {what: parts for what, parts in shown.items() if parts or what == "parts"}

    @property
    def is_of_another_year(self) -> bool:
        """Whether a year was asked for that is not this title's."""
        return self.parts.get("year") == _YEAR_WRONG

    @property
    def is_look_alike(self) -> bool:
        """Whether the name only resembles what was said, and is no longer name with it inside."""
        return self.relation == "fuzzy"

    @property
    def is_of_another_kind(self) -> bool:
        """Whether a film was asked for and this is a series, or the other way round."""
        return self.parts.get("type", 0.0) <= _TYPE_WRONG


def popularity(votes: int) -> float:
    """Votes on a scale of 0 (none) to about 1 (the most voted films)."""
    return math.log10(votes + 1) / 6.5


class TitleLinker:
    """Links title references to the catalogue."""

    def __init__(self, catalog: Catalog, names: NameIndex, linker: Linker | None, ways: Ways = ALL) -> None:
        self._catalog, self._names, self._linker, self._ways = catalog, names, linker, ways
        self._found: dict[tuple[str, int], Sequence[NameMatch]] = {}
        self._rows_left = _LINKED_ROWS if ways.lexical else _UNLIMITED

    def link(
        self, ref: TitleRef, context: Context, limit: int = 30, character: str | None = None
    ) -> list[TitleHit]:
        """Candidates for ``ref``, best first.

        [] where nothing fits. ``character``: one said to be in it, which the joint space knows.
        """
        if ref.context:
            return self._from_context(ref, context) + self._called_like_a_pronoun(ref)
        if not ref.name:
            return []
        hits = self._named(ref, limit, character) or []
        return (self._by_number(ref, hits) or self._series_order(ref, hits))[:limit]

    def _by_number(self, ref: TitleRef, hits: Sequence[TitleHit]) -> list[TitleHit]:
        """ "nightmare on elm street 5" where no name of the series holds a 5: its fifth film by year."""
        words = title_key(ref.name or "").split()
        if len(words) < 2 or not words[-1].isdigit() or not 2 <= int(words[-1]) <= _LAST_SEQUEL:
            return []
        if any(hit.quality >= _NUMBERED for hit in hits) or ref.ordinal is not None:
            return []
        base = dataclasses.replace(ref, name=" ".join(words[:-1]), full=None, ordinal=int(words[-1]))
        members = [hit for hit in self.link(base, Context()) if hit.parts.get("ordinal")]
        return [dataclasses.replace(hit, quality=_NUMBERED) for hit in members]

    def _called_like_a_pronoun(self, ref: TitleRef) -> list[TitleHit]:
        """It (2017), Her (2013), Us (2019): after what the talk is about, unless a character decides."""
        if not ref.full or ref.ordinal is not None:
            return []
        hits = self._named(TitleRef(name=ref.full, full=ref.full), 20, None)
        return [
            dataclasses.replace(hit, score=hit.score - _PRONOUN) for hit in hits if hit.quality >= _SAME_NAME
        ]

    def _from_context(self, ref: TitleRef, context: Context) -> list[TitleHit]:
        if ref.ordinal is not None:
            return self._ordinal_in_context(ref, context)
        found = self._catalog.titles(context.titles)
        kept = [found[title_id] for title_id in context.titles if title_id in found]
        return [TitleHit(title, 1.0, 8.0 - place) for place, title in enumerate(kept)]

    def _ordinal_in_context(self, ref: TitleRef, context: Context) -> list[TitleHit]:
        """ "the second one": of the titles just listed, else of the series that the conversation is about."""
        assert ref.ordinal is not None  # noqa: S101 - the caller asked
        if len(context.choices) > 1:
            place = ref.ordinal - 1 if ref.ordinal > 0 else max(0, len(context.choices) + ref.ordinal)
            if place < len(context.choices):
                title = self._catalog.title(context.choices[place])
                return [TitleHit(title, 1.0, 9.0)] if title else []
        for title in self._catalog.titles(context.titles[:1]).values():
            base = title.name.split(":")[0]
            hits = self.link(
                TitleRef(name=_series_name(base), ordinal=ref.ordinal, types=(title.type,)), Context()
            )
            if hits:
                return hits
        return []

    def _named(self, ref: TitleRef, limit: int, character: str | None) -> list[TitleHit]:
        found: dict[int, tuple[float, float]] = {}
        if ref.full and ref.full != ref.name:
            for match in self._searched(ref.full, 10):
                if match.relation in ("exact", "same"):
                    found[match.id] = (1.0, _WHOLE)
                elif ref.ordinal is not None and _ends(match.name, ref.full):
                    found[match.id] = (_SUBTITLED, _WHOLE)
        if found:  # "Gone with the Wind" is not Gone, with somebody called the Wind
            ref = dataclasses.replace(ref, people=(), directors=())
        name = ref.name or ""
        relations: dict[int, str] = {}
        matches = self._searched(name, max(limit, 40))
        prefixed = within(name, [match.name for match in matches if match.relation == "fuzzy"], matches)
        for match in matches:
            quality = max(name_quality(name, match), prefixed.get(match.name, 0.0))
            relations[match.id] = "holds" if match.name in prefixed else match.relation
            if ref.series and match.relation in ("begins", "holds"):
                quality = max(quality, _MEMBER)
            if quality > found.get(match.id, (0.0, 0.0))[0]:
                found[match.id] = (quality, 0.0)
        linked = self._linked(ref, character, found)
        titles = self._catalog.titles(list(found))
        hits = [
            self._hit(titles[TitleId(key)], ref, quality, bonus, linked.get(key))
            for key, (quality, bonus) in found.items()
            if key in titles
        ]
        hits = [dataclasses.replace(hit, relation=relations.get(hit.title.id, "")) for hit in hits]
        return sorted(hits, key=lambda hit: -hit.score)

    def _searched(self, name: str, limit: int) -> Sequence[NameMatch]:
        """Names like ``name``; the readings of one question look for the same ones."""
        if not self._ways.lexical:
            return []
        if (name, limit) not in self._found:
            self._found[name, limit] = self._names.search(name, limit)
        return self._found[name, limit]

    def _linked(
        self, ref: TitleRef, character: str | None, found: dict[int, tuple[float, float]]
    ) -> dict[int, Candidate]:
        """Candidates of the linker; what it finds joins ``found`` where the name is near."""
        values = query_values(ref, character)
        if self._linker is None or (set(values) <= {"title"} and self._ways.lexical) or not self._rows_left:
            return {}
        self._rows_left -= 1
        from indexer.fields.rows import Row

        linked: dict[int, Candidate] = {}
        for candidate in self._linker.link(Row("title", values), limit=10, mode=self._ways.mode):
            quality = plain_quality(ref.name or "", candidate.name)
            if candidate.id in found or quality >= 0.75 or not self._ways.lexical:
                found.setdefault(candidate.id, (quality, 0.0))
                linked[candidate.id] = candidate
        return linked

    def _hit(
        self, title: Title, ref: TitleRef, quality: float, bonus: float, linked: Candidate | None
    ) -> TitleHit:
        parts = {
            "name": _NAME * quality,
            "votes": _VOTES * popularity(title.votes) if self._ways.popularity else 0.0,
            "year": _year_fit(title, ref) if bonus == 0.0 else 0.0,
            "type": _type_fit(title, ref),
            "whole_name": bonus,
            "linked": (_LINK_PEOPLE if ref.people or ref.directors else _LINK)
            * (linked.probability if linked and self._ways.fields else 0.0),
        }
        return TitleHit(title, quality, sum(parts.values()), parts, linked.parts if linked else {})

    def _series_order(self, ref: TitleRef, hits: list[TitleHit]) -> list[TitleHit]:
        """Moves up the one that an ordinal means: "the first Matrix", "the new Ghostbusters"."""
        if ref.ordinal is None or not hits or any(hit.parts.get("whole_name") for hit in hits[:1]):
            return hits
        members = series_members([hit for hit in hits if hit.title.type in ref.types] or hits, ref.name)
        members = _firsts(members, ref.name) if ref.ordinal == 1 and ref.name else members
        if not members:
            return hits
        place = ref.ordinal - 1 if ref.ordinal > 0 else max(0, len(members) + ref.ordinal)
        if place >= len(members):
            return []  # there is no second Goodfellas
        chosen = numbered(members, ref.ordinal) or members[place]
        bonus = {chosen.title.id: _ORDINAL}
        if ref.ordinal == -1:  # "the new one": the latest, but rather an earlier remake than the first of all
            bonus = {
                hit.title.id: _ORDINAL * rank / max(1, len(members) - 1) for rank, hit in enumerate(members)
            }
        moved = [_raised(hit, "ordinal", bonus.get(hit.title.id, 0.0)) for hit in hits]
        return sorted(moved, key=lambda hit: -hit.score)


def _raised(hit: TitleHit, part: str, amount: float) -> TitleHit:
    if not amount:
        return hit
    return dataclasses.replace(hit, score=hit.score + amount, parts={**hit.parts, part: amount})


def query_values(
    ref: TitleRef, character: str | None = None
) -> dict[str, str | int | float | tuple[str, ...] | None]:
    """The reference as the fields of a query row: what is not said is left out."""
    values: dict[str, str | int | float | tuple[str, ...] | None] = {}
    if ref.name:
        values["title"] = ref.name
    if character or ref.character:
        values["character"] = character or ref.character
    cast = tuple(person.name for person in ref.people if person.name)
    directors = [person.name for person in ref.directors if person.name]
    if cast:
        values["cast"] = cast
    if directors:
        values["director"] = directors[0]
    if ref.genres:
        values["genres"] = ref.genres
    if ref.years and ref.years[0] == ref.years[1]:
        values["year"] = ref.years[0]
    elif ref.years and ref.years[1] - ref.years[0] == 9 and ref.years[0] % 10 == 0:
        values["decade"] = f"{ref.years[0]}s"
    return values


def series_members(hits: Sequence[TitleHit], name: str | None = None) -> list[TitleHit]:
    """The titles of one series among ``hits``, by year: names that begin alike, known to many.

    Where one is called just ``name``, titles that only end in it are no members.
    """
    near = [hit for hit in hits if hit.quality >= 0.8 and hit.title.year is not None]
    if not near:
        return []
    most = max(hit.title.votes for hit in near)
    top = max(near, key=lambda hit: hit.title.votes)
    known = [
        hit
        for hit in near
        if hit.title.votes >= 0.03 * most and (hit.title.type in SERIES) == (top.title.type in SERIES)
    ]
    films = [hit for hit in known if hit.title.type not in _NOT_A_WORK]
    films = _called_so(films, name) if name else films
    return sorted(films, key=lambda hit: (hit.title.year or 0, -hit.title.votes))


def _called_so(members: list[TitleHit], name: str) -> list[TitleHit]:
    """Without titles that only end in the name, where one has it alone: there was a Jurassic World before."""
    key = _bare_key(name)
    begun = [hit for hit in members if f"{_bare_key(hit.title.name)} ".startswith(f"{key} ")]
    alone = any(hit.relation in ("exact", "same") for hit in begun)
    return [hit for hit in members if hit in begun or hit.relation in ("exact", "same")] if alone else members


def _firsts(members: list[TitleHit], name: str) -> list[TitleHit]:
    """Those that may be the first of a series, where one has the name alone: it, or what adds to it after a
    mark or a number. "The Rocky Horror Picture Show" came before Rocky.
    """
    key = _bare_key(name)
    if not any(hit.relation in ("exact", "same") for hit in members):
        return members
    return [
        hit
        for hit in members
        if hit.relation in ("exact", "same") or _bare_key(_ADDED.split(hit.title.name)[0]) == key
    ]


_ADDED = re.compile(r"[:–—]| - | (?:part|chapter|\d+|[ivx]+)\b", re.I)


def _bare_key(name: str) -> str:
    """A name without the words that come and go: "The Fast and the Furious" is Fast & Furious."""
    return " ".join(word for word in title_key(name).split() if word not in ("the", "and", "a"))


def numbered(members: Sequence[TitleHit], number: int) -> TitleHit | None:
    """The member whose name ends in the number itself ("Terminator 2") or says it; ``None`` without."""
    if number < 2:
        return None
    named = [hit for hit in members if title_key(hit.title.name.split(":")[0]).endswith(f" {number}")]
    return next(iter(named), None) or _episode(members, number)


def _episode(members: Sequence[TitleHit], number: int) -> TitleHit | None:
    """The member that calls itself so: "Star Wars 4" is Episode IV, whenever it came out."""
    told = [hit for hit in members if _EPISODE.search(hit.title.name)]
    return next((hit for hit in told if f" episode {number} " in f" {title_key(hit.title.name)} "), None)


_EPISODE = re.compile(r"\bepisode\b", re.I)


@lru_cache(maxsize=20_000)  # the readings of one question find the same names
def name_quality(query: str, match: NameMatch) -> float:
    """0-1 from how a name was found; below about 0.7 it is another title."""
    if match.relation == "exact":
        return 1.0
    if match.relation == "same":
        return _SAME_NAME
    wanted, given = title_key(query), title_key(match.name)
    share = min(1.0, len(wanted) / max(1, len(given)))
    numbers = _numbers(wanted)
    if match.relation == "begins":
        return _SUBTITLED if title_key(_SUBTITLE.split(match.name)[0]) == wanted else _BEGINS
    if match.relation == "holds" and " " in wanted and _is_subtitle(wanted, match.name):
        return _SUBTITLE_ALONE
    if match.relation == "holds":
        return 0.66 + 0.25 * share + (0.12 if numbers else 0.0)
    whole = spelled(match.similarity) - (_OTHER_NUMBER if numbers != _numbers(given) else 0.0)
    return max(whole, _misspelt_part(wanted, given))


def within(name: str, given: Sequence[str], matches: Sequence[NameMatch]) -> dict[str, float]:
    """The qualities of names of two words or more with which ``name`` ends; {} without.

    "Batman Dark Knight": people say the hero, or the series, before the title. The word has to be one with
    which another title of about the name begins: Kubrick's Apocalypse Now is no film.
    """
    wanted = title_key(name)
    first = wanted.split(" ", 1)[0]
    if not any(
        match.relation != "fuzzy" and title_key(match.name).startswith(f"{first} ") for match in matches
    ):
        return {}
    found = {}
    for other in given:
        words = title_key(other).split()
        before = len(wanted.split()) - len(words)
        if _is_name(words) and 0 < before <= _BEFORE and wanted.endswith(" " + " ".join(words)):
            found[other] = 0.66 + 0.25 * len(" ".join(words)) / len(wanted)
    return found


def _is_name(words: Sequence[str]) -> bool:
    return sum(not word.isdigit() for word in words) > 1


_BEFORE = 2  # words before the name


def _is_subtitle(wanted: str, name: str) -> bool:
    """Whether it is all that stands behind a colon or a dash: "A New Hope"."""
    return any(title_key(part) == wanted for part in _SUBTITLE.split(name)[1:])


def _ends(name: str, words: str) -> bool:
    """Whether a longer name ends in all that was said, ordinal and all: "the last crusade"."""
    return title_key(name).endswith(f" {title_key(words)}")


_SUBTITLE = re.compile(r":\s| - ")


def _misspelt_part(wanted: str, given: str) -> float:
    """The quality of a longer name with all the words asked for, slips allowed ("harry poter"); 0 without."""
    from rapidfuzz.distance import OSA

    words, others = wanted.split(), given.split()
    if len(words) < 2 or len(others) <= len(words):
        return 0.0
    found = [max(OSA.normalized_similarity(word, other) for other in others) for word in words]
    mean = sum(found) / len(found)
    if min(found) < _WORD_SLIP or mean < _PART_SLIP:
        return 0.0
    begins = OSA.normalized_similarity(words[0], others[0]) >= _WORD_SLIP
    return mean * (_BEGINS if begins else 0.66 + 0.25 * len(words) / len(others))


def spelled(similarity: float) -> float:
    """The quality of a name that only resembles what was asked: a slip or two pass, another name does not."""
    return similarity * 0.97 if similarity >= _SLIP else similarity * 0.72


def _numbers(key: str) -> set[str]:
    """The numbers in a title key: "toy story 3" is no other Toy Story."""
    return {word for word in key.split() if word.isdigit()}


def plain_quality(query: str, name: str) -> float:
    """As name_quality, for a name that another source brought."""
    wanted, given = title_key(query), title_key(name)
    if wanted == given:
        return _SAME_NAME
    if f"{given} ".startswith(f"{wanted} "):
        return _BEGINS
    if f" {wanted} " in f" {given} ":
        return 0.66 + 0.25 * len(wanted) / len(given)
    from rapidfuzz import fuzz

    return fuzz.ratio(wanted, given) / 100 * 0.95


def _series_name(name: str) -> str:
    words = [word for word in search_words(name) if not word.isdigit()]
    return " ".join(words) or name


def _year_fit(title: Title, ref: TitleRef) -> float:
    if ref.years is None:
        return 0.0
    if title.year is None:
        return -0.5
    low, high = ref.years
    until = title.end_year or title.year
    if low <= title.year <= high or (title.type in SERIES and title.year <= high and until >= low):
        return _YEAR_RIGHT
    if min(abs(title.year - low), abs(title.year - high)) <= 1:
        return _YEAR_NEAR
    return _YEAR_WRONG


def _type_fit(title: Title, ref: TitleRef) -> float:
    kind = _NOT_A_WORK.get(title.type, 0.0)
    if not ref.types:
        return kind
    if title.type in ref.types:
        return _TYPE_RIGHT
    return kind + (_SERIES_WRONG if "tvSeries" in ref.types else _TYPE_WRONG)
