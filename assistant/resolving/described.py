"""Titles described by parts -> the titles of the catalogue that have them all, and none of those left out."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from assistant.answer import Choice, Status
from assistant.reading import phrases
from assistant.reading.kinds import FILM_TYPES
from assistant.reading.reading import Order, Part, PersonRef, Reading, TitleRef
from assistant.resolving import series
from assistant.resolving.characters import match_characters
from assistant.resolving.facts import CATEGORIES
from assistant.resolving.finding import Finding, Record, unknown
from assistant.resolving.people import PersonHit
from assistant.resolving.titles import TitleHit
from indexer.catalog.records import Credit, Title, TitleFilter
from indexer.text import fold, search_words, title_key

if TYPE_CHECKING:
    from assistant.resolving.resolver import Tools
    from indexer.catalog.catalog import Catalog

_PLAYING = frozenset({"actor", "actress"})
_NAMED = 0.8  # a person's name: a slip or two
_WHOSE = 0.88  # the same where only "movies" follows: a series may be meant ("which Jason Bourne movie")
_SURE_NAME = 0.95  # a name as it is written
_NAME_OF_ROLE = 0.9  # how well one has to fit that goes before a person of about that name
_AS = 0.6  # how well a credited character fits the one asked for
_HARDLY_KNOWN = 0.002  # of the best known title's votes: not what a first or a last film means
_VOTED = 900  # votes with which a title counts beside any other
_SOME_VOTES = 100
_RATED = 1_000  # votes before a rating counts
_NOT_LISTED = frozenset({"tvEpisode", "videoGame", "musicVideo"})
_LEADING = 4  # places in the billing
_CLOSE = 1.5  # how much less likely a title of about the name may be
_WELL_KNOWN = 100_000  # popularity of a person whose name alone, before "movies", means them


@dataclass(frozen=True)
class Found:
    """Titles in their order, how sure it is that these were meant (0-1), and what is ``missing``."""

    titles: list[Title]
    sure: float
    missing: str = ""
    credits: Mapping[int, Credit] = dataclasses.field(
        default_factory=dict
    )  # by title id, of the first person


def titles_of(ref: TitleRef, tools: Tools) -> Found:
    """The titles that ``ref`` describes, oldest first, before any ordinal picks one."""
    wanted = [part for part in ref.parts if not part.without]
    members: list[Title] | None = None
    sure = 0.95
    if ref.name:
        members = _members(ref, tools)
        if not members and not any(part.person for part in wanted):
            return Found([], 0.2, f"I know no series called “{ref.name}”.")
    base: set[int] | None = {title.id for title in members} if members is not None else None
    held, missing = _shares(wanted, base, tools)
    if missing:
        return Found([], 0.2, missing)
    ids = _shared(ref, base, held)
    if ids is None:
        return Found([], 0.2, "I do not know which titles are meant.")
    if not ids and any(part.category == "producer" for part in wanted):
        ids, held = _as_makers(ref, base, tools)
        sure = _AS_MAKER
    left_out, missing = _shares([part for part in ref.parts if part.without], ids, tools)
    if missing:
        return Found([], 0.2, missing)
    for share in left_out:
        ids -= set(share.titles)
        sure = min(sure, 0.9 * share.sure)
    titles = [title for title in tools.catalog.titles(ids).values() if fits(title, ref)]
    if ref.name and "Animation" not in ref.genres:
        titles = _of_one_kind(titles)
    titles = _released(series.once(titles))
    sure = min([sure, *(share.sure for share in held)])
    credits = {key: credits[0] for key, credits in held[0].titles.items()} if held else {}
    return Found(sorted(titles, key=lambda title: (title.year or 9999, title.id)), sure, "", credits)


def _shares(parts: Sequence[Part], base: set[int] | None, tools: Tools) -> tuple[list[_Held], str]:
    """The titles of each part, and who is not known ("" where all are)."""
    held = []
    for part in parts:
        share = _share(part, base, tools)
        if share is None:
            return [], f"I do not know who “{_called(part)}” is."
        held.append(share)
    return held, ""


def _as_makers(ref: TitleRef, base: set[int] | None, tools: Tools) -> tuple[set[int], list[_Held]]:
    """The ids and parts where those said to have produced it may have directed or written it."""
    shares = [_share(part, base, tools, made=True) for part in ref.parts if not part.without]
    held = [share for share in shares if share is not None]
    return _shared(ref, base, held) or set(), held


def _of_one_kind(titles: list[Title]) -> list[Title]:
    """Of a series of films with actors not the few that are drawn; all where many are."""
    drawn = [title for title in titles if "Animation" in title.genres]
    few = len(drawn) < _DRAWN * len(titles)
    return [title for title in titles if title not in drawn] if few else titles


_DRAWN = 1 / 3


def _members(ref: TitleRef, tools: Tools) -> list[Title]:
    """The members of a series; [] for one film about somebody, which is none."""
    members = series.series_of(ref, tools)
    return [] if len(members) == 1 and _is_person(ref.name or "", tools) else members


def _is_person(name: str, tools: Tools) -> bool:
    """Whether somebody well known is called so: one film about them is no series."""
    hits = tools.people(PersonRef(name=name))
    return bool(hits) and hits[0].quality >= _SURE_NAME and hits[0].person.popularity >= _WELL_KNOWN


@dataclass(frozen=True)
class _Held:
    """The credits of one part: by title id."""

    titles: Mapping[int, list[Credit]]
    sure: float
    acts: bool = False


def _called(part: Part) -> str:
    return (part.person.name if part.person else None) or part.character or "that"


def _shared(ref: TitleRef, base: set[int] | None, held: Sequence[_Held]) -> set[int] | None:
    """Ids in the series and in every part; where there is none, of films with the series' own character."""
    ids = set.intersection(*(set(share.titles) for share in held)) if held else None
    if ref.name is None or base is None:
        return ids
    if ids is None:
        return set(base)
    if ids & base:
        return ids & base
    return ids & {key for share in held for key in series.plays_it(ref.name, share.titles)}


def _share(part: Part, base: set[int] | None, tools: Tools, *, made: bool = False) -> _Held | None:
    """The titles of one part; ``None`` where nobody is called so.

    What is no well-known person's name may be a character's ("Princess Leia"). ``made``: who is said to have
    produced it may have directed or written it as well, which is named more often.
    """
    if part.person is None:
        return _of_character(part.character or "", base, tools)
    least = _NAMED if part.category else _WHOSE
    hits = [
        hit
        for hit in tools.people(part.person)
        if hit.quality >= (_NAMED if hit.person.popularity >= 10 * _WELL_KNOWN else least)
    ]
    best = _of_person(part, hits, tools, _MAKING if made and part.category == "producer" else None)
    if best is not None and part.character is not None:
        kept = {key: credits for key, credits in best.titles.items() if _plays(part.character, credits)}
        return _Held(kept, best.sure, True)
    name = part.person.name
    if name is None or part.category != "acting":
        return best
    if best is not None and (base is None or set(best.titles) & base) and _is_somebody(hits):
        if base is not None or hits[0].quality >= _SURE_NAME:
            return best
        return _of_character(name, base, tools, _NAME_OF_ROLE) or best  # Indiana Jones is no Nina Jones
    return _of_character(name, base, tools) or best


def _is_somebody(hits: Sequence[PersonHit]) -> bool:
    return bool(hits) and hits[0].quality >= _NAMED and hits[0].person.popularity >= _WELL_KNOWN // 10


def _plays(character: str, credits: Sequence[Credit], least: float = _AS) -> bool:
    names = [name for credit in credits for name in credit.characters]
    return match_characters(character, names).score >= least


_MAKING = frozenset({"producer", "director", "writer"})
_AS_MAKER = 0.75  # how sure it is that somebody produced what they made


def _of_person(
    part: Part, hits: Sequence[PersonHit], tools: Tools, categories: frozenset[str] | None = None
) -> _Held | None:
    """The credits of the best known person of the name who has such credits."""
    best: _Held | None = None
    for hit in [hit for hit in hits[:4] if hit.score > hits[0].score - 1.5]:
        credits = tools.catalog.credits_of_person(hit.person.id)
        wanted = categories or _categories(part, credits)
        found: dict[int, list[Credit]] = {}
        for credit in credits:
            if credit.category in wanted:
                found.setdefault(credit.title_id, []).append(credit)
        known = 1.0 if part.category or hit.person.popularity >= _WELL_KNOWN else 0.5
        best = _Held(found, hit.quality * known, bool(wanted & _PLAYING))
        if found:
            return best
    return best


def _categories(part: Part, credits: Sequence[Credit]) -> frozenset[str]:
    """The categories of a part; where none is said ("Sofia Coppola's films"), what they lead more of."""
    if part.category == "acting":
        return _PLAYING
    if part.category is not None:
        return CATEGORIES[part.category]
    return known_for(credits)


def known_for(credits: Sequence[Credit]) -> frozenset[str]:
    """The categories of what somebody leads more of: directing, or acting."""
    directed = {credit.title_id for credit in credits if credit.category in CATEGORIES["director"]}
    led = {
        credit.title_id for credit in credits if credit.category in _PLAYING and credit.ordering <= _LEADING
    }
    return CATEGORIES["director"] if len(directed) > 1 and len(directed) >= len(led) else _PLAYING


def _of_character(name: str, base: set[int] | None, tools: Tools, least: float = _AS) -> _Held | None:
    """The titles in which a character of that name is credited."""
    if base is not None:
        by_title = tools.catalog.credits_of_titles(sorted(base))
        credits = [credit for items in by_title.values() for credit in items if credit.characters]
    else:
        words = search_words(name)
        credits = tools.catalog.credits_of_character(" ".join(words), 300) if words else []
    found: dict[int, list[Credit]] = {}
    for credit in credits:
        if _plays(name, [credit], least):
            found.setdefault(credit.title_id, []).append(credit)
    return _Held(found, 0.85, True) if found else None


def fits(title: Title, ref: TitleRef) -> bool:
    """Whether a title is of the kinds and years asked for; years that end before they begin are left out."""
    if title.type in _NOT_LISTED and title.type not in ref.types:
        return False
    if ref.types and title.type not in ref.types:
        return False
    if "Documentary" in title.genres and "Documentary" not in ref.genres:
        return False
    if not set(ref.genres) <= set(title.genres):
        return False
    if ref.word is not None and fold(ref.word) not in fold(title.name):
        return False
    return ref.years is None or (title.year is not None and in_years(title.year, ref.years))


def in_years(year: int, years: tuple[int, int]) -> bool:
    """Whether a year is within an inclusive range, or outside one that is turned round."""
    first, last = years
    return first <= year <= last if first <= last else year >= first or year <= last


def _released(titles: Sequence[Title]) -> list[Title]:
    """Without those that nobody voted for, where others have votes: they are not out yet, or odd ones."""
    most = max((title.votes for title in titles), default=0)
    floor = min(_SOME_VOTES, most // 10)
    return [title for title in titles if title.votes >= floor]


def ranked(titles: Sequence[Title], order: Order, descending: bool) -> list[Title]:
    """Those that have the value, by it; a rating counts from a thousand votes or a quarter of the most."""
    known = [title for title in titles if getattr(title, str(order)) is not None]
    most = max((title.votes for title in known), default=0)
    if order is Order.RATING:
        known = [title for title in known if title.votes >= min(_RATED, most // 4)]
    if order in (Order.YEAR, Order.RUNTIME):
        known = [title for title in known if title.votes >= min(_VOTED, _HARDLY_KNOWN * most)]
    sign = -1.0 if descending else 1.0
    if order is Order.YEAR:  # within a year the ids, which are given in the order titles become known
        return sorted(known, key=lambda title: (sign * (title.year or 0), sign * title.id))
    return sorted(known, key=lambda title: (sign * float(getattr(title, str(order))), -title.votes))


def hits_of(ref: TitleRef, tools: Tools) -> list[TitleHit]:
    """The titles that ``ref`` describes as candidates for a fact of one of them, best first."""
    found = titles_of(ref, tools)
    titles = _picked(found.titles, ref)
    if ref.ordinal is None:
        titles = sorted(titles, key=lambda title: -title.votes)
    return [TitleHit(title, found.sure, 9.0 - 2.0 * place) for place, title in enumerate(titles)]


def _picked(titles: list[Title], ref: TitleRef) -> list[Title]:
    """The one that an ordinal means, by year; all without one."""
    if ref.ordinal is None:
        return titles
    if "trilogy" in fold(ref.full or ""):  # of "the original trilogy" every member is meant
        return titles[-3:] if ref.ordinal < 0 else titles[:3]
    if ref.by_story and any(_TOLD.search(title.name) for title in titles):
        return _first_told(titles) if ref.ordinal == 1 else []
    known = ranked(_notable(titles, ref), Order.YEAR, False)
    if ref.ordinal < 0:
        place = len(known) + ref.ordinal
        return known[place : place + 1] if place >= 0 else []
    return known[ref.ordinal - 1 : ref.ordinal]


def _notable(titles: list[Title], ref: TitleRef) -> list[Title]:
    """Where a character alone says which titles are meant, those that are known beside the best known one."""
    if ref.name or any(part.person for part in ref.parts):
        return titles
    most = max((title.votes for title in titles), default=0)
    return [title for title in titles if title.votes >= _BESIDE_BEST * most]


_BESIDE_BEST = 0.03


# Episodes are told in another order than they came out, which the catalogue does not hold but for the first.
_TOLD = re.compile(r"\bepisode ([ivx\d]+)", re.I)


def _first_told(titles: Sequence[Title]) -> list[Title]:
    """The one whose name says that it is the first episode; [] without."""
    episodes = [(found[1].lower(), title) for title in titles if (found := _TOLD.search(title.name))]
    return [title for number, title in episodes if number in ("1", "i", "one")][:1]


def neighbours(base: Sequence[TitleHit], step: int, tools: Tools) -> list[TitleHit]:
    """The title ``step`` places after the first of ``base`` in its series; [] where that is not known."""
    for hit in base[:1]:
        for name in _series_names(hit.title.name):
            members = series.series_of(TitleRef(name=name, full=name, series=True), tools)
            places = [place for place, title in enumerate(members) if title.id == hit.title.id]
            if len(members) > 1 and places:
                place = places[0] + step
                found = members[place : place + 1] if place >= 0 else []
                return [TitleHit(title, 0.9 * hit.quality, hit.score) for title in found]
    return []


def _series_names(name: str) -> list[str]:
    """What the series of a title may be called: its name up to the colon, without the number."""
    short = re.split(r":| - ", name)[0].strip()
    bare = re.sub(r"\s+(?:part\s+)?(?:\d+|[ivx]+)$", "", short, flags=re.I).strip()
    return list(dict.fromkeys([bare, short]))


def list_of(reading: Reading, tools: Tools) -> Finding:
    """The titles a Reading describes: listed, counted, ranked, or whether there is one."""
    ref = reading.title
    assert ref is not None  # noqa: S101 - validated
    found = titles_of(ref, tools)
    nothing = _cannot_tell(reading, ref, found, tools)
    if nothing is not None:
        return nothing
    if ref.plot:
        return _by_the_rest(reading, ref.plot, found, tools)
    titles = _picked(_of_their_own(found.titles, reading, tools), ref)
    if not reading.count and reading.threshold is None and ref.types == FILM_TYPES:
        titles = [title for title in titles if title.type == "movie"] or titles
    if reading.order is not None:
        titles = ranked(titles, reading.order, reading.descending)
    elif ref.ordinal is None:
        titles = sorted(titles, key=lambda title: -title.votes)
    if reading.relation is not None and reading.titles:
        return _is_it(reading, titles, found, tools)
    if reading.threshold is not None:
        return _judged(reading, len(found.titles), titles, found)
    if not titles:
        note = "I find no title that fits all of that."
        return unknown(reading, note, 0.4 * found.sure, "no title fits")
    records = _records(titles[: reading.limit], found, tools)
    values = (str(len(titles)),) if reading.count else ()
    confidence = 0.98 * found.sure * _crowded(reading, len(titles)) * _of_one_year(titles, found, reading)
    return Finding(
        reading, Status.ANSWERED, records, values, confidence, rule="the titles that have all the parts"
    )


def _cannot_tell(reading: Reading, ref: TitleRef, found: Found, tools: Tools) -> Finding | None:
    """That a part, a series or most of such credits is not known, or which of two is meant; ``None`` where
    it can be told.
    """
    if found.missing:
        return unknown(reading, found.missing, found.sure, "a part is not known")
    if _rests_on_all(reading) and is_hardly_named(_crew_of(ref), tools):
        return hardly_named(reading, _crew_of(ref))
    alone = ref.name and not ref.parts and len(found.titles) < 2 and not ref.years and not ref.genres
    if not alone or _is_the_first(ref, found.titles):
        return _counted_two_ways(reading, ref, found, tools)
    if reading.threshold is not None and _is_known(found.titles):
        return None
    return unknown(reading, f"I know no series called “{ref.name}”.", 0.2, "fewer than two members")


def _counted_two_ways(reading: Reading, ref: TitleRef, found: Found, tools: Tools) -> Finding | None:
    """ "The fourth Star Wars movie": the fourth that came out, or Episode IV; ``None`` where it is one."""
    nth = ref.ordinal or 0
    if nth < 2 or ref.by_story or ref.parts:
        return None
    numbered = [title for title in found.titles if f" episode {nth} " in f" {title_key(title.name)} "]
    released = _picked(found.titles, ref)
    if not numbered or not released or numbered[0].id == released[0].id:
        return None
    titles = [released[0], numbered[0]]
    choices = tuple(Choice(title.dated, title.dated) for title in titles)
    records = _records(titles, found, tools)
    rule = "by the year it is another than by its number"
    return Finding(
        reading, Status.AMBIGUOUS, records, confidence=0.5 * found.sure, rule=rule, choices=choices
    )


def _is_the_first(ref: TitleRef, titles: Sequence[Title]) -> bool:
    """Whether the first of a series is asked for of which one title is known, by that very name."""
    return ref.ordinal == 1 and any(series.is_called(title, ref.name or "") for title in titles)


_LOOKED_AT, _ENOUGH = 100, 0.2  # of so many well-known titles so many have to name somebody


def _crew_of(ref: TitleRef) -> str | None:
    """The function, other than acting, of somebody whom the titles are described by."""
    return next((part.category for part in ref.parts if part.category not in (None, "acting")), None)


def _rests_on_all(reading: Reading) -> bool:
    """Whether it is a first, a last, a number or an absence, for which every credit has to be known."""
    ref = reading.title or TitleRef()
    whole = reading.count or reading.order is not None or ref.ordinal is not None
    return whole or any(part.without for part in ref.parts)


def hardly_named(reading: Reading, category: str | None) -> Finding:
    """That too few titles name who had a function."""
    note = f"The catalogue names the {category} of too few titles to tell."
    return unknown(reading, note, 0.3, "few such credits are known")


def is_hardly_named(category: str | None, tools: Tools) -> bool:
    """Whether most well-known titles of the catalogue name nobody of a function (no category: never)."""
    if category is None or category == "acting":
        return False
    known = _HARDLY_NAMED.setdefault(tools.catalog, {})
    if category not in known:
        known[category] = _names_few(CATEGORIES[category], tools.catalog)
    return known[category]


# A build does not change, and to look takes longer than most questions.
_HARDLY_NAMED: WeakKeyDictionary[Catalog, dict[str, bool]] = WeakKeyDictionary()


def _names_few(wanted: Collection[str], catalog: Catalog) -> bool:
    best = catalog.titles_where(TitleFilter(types=FILM_TYPES, order="votes"), 10 * _LOOKED_AT)
    ids = best[:: max(1, len(best) // _LOOKED_AT)]
    by_title = catalog.credits_of_titles(ids)
    named = sum(any(item.category in wanted for item in by_title.get(key, ())) for key in ids)
    return named < _ENOUGH * len(ids)


_MANY_HANDS = 4  # directors of an anthology, which is no film of one of them


def _of_their_own(titles: list[Title], reading: Reading, tools: Tools) -> list[Title]:
    """Where the first, the longest or the number of a director's films is asked for, without anthologies."""
    ref = reading.title or TitleRef()
    if not (reading.order or reading.count or ref.ordinal is not None):
        return titles
    if not any(
        part.person and part.category in (None, "director") and not part.without for part in ref.parts
    ):
        return titles
    by_title = tools.catalog.credits_of_titles([title.id for title in titles])
    own = [title for title in titles if _hands(by_title.get(title.id, ())) < _MANY_HANDS]
    return own or titles


def _hands(credits: Sequence[Credit]) -> int:
    return len({credit.person_id for credit in credits if credit.category in CATEGORIES["director"]})


_ONE, _NEAREST = 0.8, 0.55  # how sure: the only title that fits what was read, the nearest plot of several
# What is denied, and what is said of a film rather than told in it, orders no plots.
_UNTOLD = re.compile(
    r"\b(?:not|never|without|no|whom|whose|directors?|actors?|actress|cast|roles?|series|sequels?|prequels?|"
    r"franchise|remake|titled|called|released|title|success|successful|failure|reviews?|box office|budget|"
    r"awards?|oscars?|debut|filmed|shot|theaters?|produced)\b",
    re.I,
)
_FEW = 80  # titles whose overviews are compared
_NEAR, _AHEAD = 0.25, 0.04  # cosine of the nearest overview at least, and how far before the next


def _by_the_rest(reading: Reading, plot: str, found: Found, tools: Tools) -> Finding:
    """What fits all that was read, by how near its overview is to the words that were left over."""
    titles = sorted(found.titles, key=lambda title: -title.votes)[:_FEW]
    if len(titles) == 1:
        records = _records(titles, found, tools)
        note = "I cannot check all of that; what fits the rest"
        rule = "the only title that fits what was read"
        sure = _ONE * found.sure
        return Finding(reading, Status.ANSWERED, records, confidence=sure, note=note, rule=rule)
    if _UNTOLD.search(plot) or any(name in fold(plot).split() for name in phrases.words("not_held")):
        return unknown(reading, "I cannot tell which of their titles that is.", 0.3, "several titles fit")
    near = tools.nearness(plot, [title.id for title in titles])
    ranked = sorted((title for title in titles if title.id in near), key=lambda title: -near[title.id])
    if not ranked or near[ranked[0].id] < _NEAR:
        return unknown(reading, "I cannot tell which of their titles that is.", 0.3, "no overview is near")
    ahead = len(ranked) < 2 or near[ranked[0].id] - near[ranked[1].id] >= _AHEAD
    records = _records(ranked[:1], found, tools)
    sure = (_NEAREST if ahead else 0.5 * _NEAREST) * found.sure
    note = "Of those that fit the rest, the nearest by its plot"
    return Finding(
        reading, Status.ANSWERED, records, confidence=sure, note=note, rule="the nearest of them by plot"
    )


def _is_known(titles: Sequence[Title]) -> bool:
    """Whether there is one that so many know that a sequel of it would be known."""
    return any(title.votes >= _MANY_VOTES for title in titles)


_MANY_VOTES = 10_000


def _of_one_year(titles: Sequence[Title], found: Found, reading: Reading) -> float:
    """Below 1 where an ordinal picked one of several titles of a year: which came first is not known."""
    if reading.title is None or reading.title.ordinal is None or not titles:
        return 1.0
    return 0.9 if sum(title.year == titles[0].year for title in found.titles) > 1 else 1.0


def _crowded(reading: Reading, count: int) -> float:
    """Below 1 where one title was asked for and many fit."""
    if reading.limit is not None or reading.count or count <= 3:
        return 1.0
    return 0.9 if count <= 10 else 0.8


def _judged(reading: Reading, count: int, titles: Sequence[Title], found: Found) -> Finding:
    assert reading.threshold is not None  # noqa: S101 - the caller asked
    ref = reading.title
    if count == 0 and ref is not None and ref.name and any(part.character for part in ref.parts):
        return unknown(reading, "I find no such title in that series.", 0.4, "no title fits")
    records = tuple(Record(title) for title in titles[:10])
    rule = "how many titles have all the parts"
    sure = found.sure if titles else 0.8 * found.sure
    values = (judged(reading.threshold, count),)
    return Finding(reading, Status.ANSWERED, records, values, 0.9 * sure, rule=rule)


def judged(threshold: tuple[str, float], count: float) -> str:
    """Yes or no: whether a number is over, under or equal to a limit."""
    word, limit = threshold
    yes = {"over": count > limit, "under": count < limit, "equal": count == limit}[word]
    return "Yes" if yes else "No"


def _is_it(reading: Reading, titles: Sequence[Title], found: Found, tools: Tools) -> Finding:
    """Whether the title that a rank or an ordinal picked is the one that was named."""
    asked = [hit for hit in tools.titles(reading.titles[0]) if hit.quality >= _IS_CALLED]
    if not asked or not titles:
        return unknown(reading, "I do not know all of those titles.", 0.3, "a title is missing")
    best = titles[0]
    near = [hit for hit in asked if hit.score > asked[0].score - _CLOSE]
    known = {title.id for title in found.titles}
    meant = next((hit for hit in near if hit.title.id in known), near[0])
    yes = meant.title.id == best.id
    records = (Record(best),) if yes else (Record(best), Record(meant.title))
    sure = 0.9 * found.sure * meant.quality
    rule = "the title that all the parts pick"
    return Finding(reading, Status.ANSWERED, records, ("Yes" if yes else "No",), sure, rule=rule)


_IS_CALLED = 0.75  # how well the name of a title fits that was asked about


def _records(titles: Sequence[Title], found: Found, tools: Tools) -> tuple[Record, ...]:
    """Each title with the credit of the first person described, if there is one."""
    credits = [found.credits.get(title.id) for title in titles]
    people = tools.catalog.people({credit.person_id for credit in credits if credit is not None})
    return tuple(
        Record(title, people.get(credit.person_id) if credit else None, credit)
        for title, credit in zip(titles, credits, strict=True)
    )


def count_for(hit: PersonHit, reading: Reading, tools: Tools) -> int:
    """In how many titles of ``reading.title`` a person has a credit of ``reading.category``."""
    part = Part(PersonRef(name=hit.person.name), category=reading.category or "acting")
    ref = reading.title or TitleRef()
    ref = dataclasses.replace(ref, parts=(*ref.parts, part))
    return len(titles_of(ref, tools).titles)
