"""Lists of titles: filmographies, charts, titles by their people, characters or plot, similar ones."""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from assistant.answer import Status
from assistant.reading.reading import Order, Reading, TitleRef
from assistant.resolving import described
from assistant.resolving.characters import match_characters
from assistant.resolving.facts import CATEGORIES
from assistant.resolving.finding import Finding, Record, unknown
from assistant.resolving.people import PersonHit
from assistant.resolving.titles import TitleHit
from indexer.catalog.records import ACTING, Credit, Title
from indexer.text import fold, search_words

if TYPE_CHECKING:
    from assistant.resolving.resolver import Tools
    from indexer.predictors.similar import ScoredTitle

_MAIN = frozenset(
    {"actor", "actress", "director", "writer", "composer", "producer", "cinematographer", "editor", "self"}
)
_PLAYING = frozenset({"actor", "actress"})
_KNOWN_VOTES = 1_000  # below this many votes a rating says little
_SIMILAR = 10
_LOOSE, _KNOWN_PERSON = 0.6, 100_000
_ALIKE = 0.85  # names this near are shown beside the best
_NAMED = 0.78  # a person's name that was asked about: a slip or two, not another name
_BARE = 0.86  # a name alone, without a word of question, has to fit this well


Held = dict[int, list[Credit]]  # title id -> credits of one person there


def filmography(reading: Reading, tools: Tools) -> Finding:
    """Titles of one person, or of several together, narrowed by kind, genre, years and director."""
    fit = _BARE if reading.weight < 0.4 or reading.without else _NAMED
    groups = [[hit for hit in tools.people(ref) if hit.quality >= fit] for ref in reading.people]
    directors = [tools.people(ref) for ref in (reading.title.directors if reading.title else ())]
    if not all(groups) or not all(directors):
        return unknown(reading, _nobody(reading, groups), 0.15, "nobody of that name")
    if (reading.count or reading.order) and described.is_hardly_named(reading.category, tools):
        return described.hardly_named(reading, reading.category)
    held = _held(reading, groups, tools)
    shared = _shared(held, directors, reading, tools)
    if reading.either:
        held = [{key: credits for titles in reversed(held) for key, credits in titles.items()}]
        shared = set(held[0])
    left_out = _spoken_of(reading, tools) | _named_out(reading, tools)
    titles = [title for title in _narrowed(shared, reading, tools) if title.id not in left_out]
    sure = min(group[0].quality for group in [*groups, *directors])
    if reading.weight <= _LOOSE:
        sure *= _meant(groups[0][0])
    if reading.threshold is not None:
        return _whether(reading, titles, held[0], sure, tools)
    if not titles:
        return unknown(reading, _nothing(groups, reading), 0.4 * sure, "no title fits")
    listed = ordered(titles, reading) if reading.order else _by_part(titles, held[0])
    records = _credited(listed[: reading.limit], held[0], tools)
    values = (str(len(titles)),) if reading.count else ()
    return Finding(reading, Status.ANSWERED, records, values, 0.93 * sure, rule="the person's credits")


def _whether(reading: Reading, titles: Sequence[Title], held: Held, sure: float, tools: Tools) -> Finding:
    """Yes or no: whether there are as many such titles as was asked."""
    assert reading.threshold is not None  # noqa: S101 - the caller asked
    titles = [title for title in titles if "Documentary" not in title.genres]
    answer = described.judged(reading.threshold, len(titles))
    records = _credited(_by_part(titles, held)[:_SIMILAR], held, tools)
    rule = "how many titles have them all"
    return Finding(reading, Status.ANSWERED, records, (answer,), (0.9 if titles else 0.75) * sure, rule=rule)


_LEAD = 0.4


def _by_part(titles: Sequence[Title], held: Held) -> list[Title]:
    """The best known first, leads before small parts: tenth billing costs nine tenths of the votes."""

    def weight(title: Title) -> float:
        billing = min(credit.ordering if credit.category in _PLAYING else 1 for credit in held[title.id])
        return math.log10(title.votes + 1) - _LEAD * math.log(billing)

    return sorted(titles, key=lambda title: -weight(title))


def _meant(hit: PersonHit) -> float:
    """Below 1 where "X movies" hardly means a person: a name that only resembles X, somebody little known."""
    return hit.quality**2 * (1.0 if hit.person.popularity >= _KNOWN_PERSON else 0.5)


def _nobody(reading: Reading, groups: Sequence[Sequence[PersonHit]]) -> str:
    pairs = zip(reading.people, groups, strict=True)
    missing = next((ref.name for ref, group in pairs if not group and ref.name), None)
    return f"I know nobody called “{missing}”." if missing else "I do not know who is meant."


def _held(reading: Reading, groups: Sequence[Sequence[PersonHit]], tools: Tools) -> list[Held]:
    """The credits of each person named: of the first in the function asked for, of the others in any."""
    first = _categories(reading)
    return met([(group, first if place == 0 else _MAIN) for place, group in enumerate(groups)], tools)


def met(groups: Sequence[tuple[Sequence[PersonHit], frozenset[str] | None]], tools: Tools) -> list[Held]:
    """The credits of one person of each group: of those who have titles in common, the best known together.

    "Bogart and Bergman" are Humphrey and Ingrid, not Ingmar; of names in full the best known stay.
    """
    alone = [_credits(hits, categories, tools) if hits else {} for hits, categories in groups]
    sure = all(hits and hits[0].quality >= _IN_FULL for hits, _ in groups)
    if len(groups) < 2 or sure or set.intersection(*(set(titles) for titles in alone)):
        return alone
    options = [
        [(hit.score, _credits([hit], categories, tools)) for hit in hits[:_BEARERS]]
        for hits, categories in groups
    ]
    found = [
        (sum(score for score, _ in choice), [titles for _, titles in choice])
        for choice in itertools.islice(itertools.product(*options), _CHOICES)
        if set.intersection(*(set(titles) for _, titles in choice))
    ]
    return max(found, key=lambda item: item[0])[1] if found else alone


_IN_FULL, _BEARERS, _CHOICES = 0.97, 5, 60


def _shared(
    held: Sequence[Held], directors: Sequence[Sequence[PersonHit]], reading: Reading, tools: Tools
) -> set[int]:
    """Ids of the titles that all of them were in, that the directors directed, without those left out."""
    shared = set.intersection(*(set(titles) for titles in held))
    for group in directors:
        shared &= set(_credits(group, CATEGORIES["director"], tools))
    for ref in reading.without:
        shared -= set(_credits(tools.people(ref), _MAIN, tools))
    return shared


def _credited(titles: Sequence[Title], held: Held, tools: Tools) -> tuple[Record, ...]:
    people = tools.catalog.people({held[title.id][0].person_id for title in titles})
    return tuple(
        Record(title, people.get(held[title.id][0].person_id), held[title.id][0]) for title in titles
    )


def _spoken_of(reading: Reading, tools: Tools) -> set[int]:
    """The title that "what else" leaves out: the one just talked about, or named beside the person."""
    if not reading.exclude_context:
        return set()
    nested = [ref.by.title for ref in reading.people if ref.by is not None and ref.by.title is not None]
    if not nested:
        return set(tools.context.titles[:1])
    return {hit.title.id for ref in nested for hit in tools.titles(ref)[:1]}


def _named_out(reading: Reading, tools: Tools) -> set[int]:
    """The titles that the question itself leaves out: "besides The Shining"."""
    return {hit.title.id for ref in reading.titles for hit in tools.titles(ref)[:1]}


def _categories(reading: Reading) -> frozenset[str] | None:
    if reading.category == "acting":
        return _PLAYING
    if reading.category:
        return CATEGORIES[reading.category]
    counted = reading.order is not None or reading.count
    return None if counted else _MAIN  # nobody's last film is one about them


def _credits(hits: Sequence[PersonHit], categories: frozenset[str] | None, tools: Tools) -> Held:
    """The titles of the best known of ``hits`` who has such credits: title id -> credits.

    categories: ``None`` for what the person is best known for.
    """
    for hit in [hit for hit in hits[:4] if hit.score > hits[0].score - 1.5]:
        found: Held = {}
        credits = tools.catalog.credits_of_person(hit.person.id)
        wanted = described.known_for(credits) if categories is None else categories
        for credit in credits:
            if credit.category in wanted:
                found.setdefault(credit.title_id, []).append(credit)
        if found:
            return found
    return {}


def _nothing(groups: Sequence[Sequence[PersonHit]], reading: Reading) -> str:
    names = " and ".join(group[0].person.name for group in groups)
    what = {"director": "directed", "writer": "written", "composer": "scored", "producer": "produced"}.get(
        reading.category or ""
    )
    return f"I find no such title {what + ' by' if what else 'with'} {names}."


def _narrowed(ids: Iterable[int], reading: Reading, tools: Tools) -> list[Title]:
    ref = reading.title
    kept = []
    for title in tools.catalog.titles(ids).values():
        if title.type in ("tvEpisode", "videoGame", "musicVideo") and not (ref and title.type in ref.types):
            continue
        if ref is None or _fits(title, ref):
            kept.append(title)
    return kept


def _fits(title: Title, ref: TitleRef) -> bool:
    if ref.types and title.type not in ref.types:
        return False
    if ref.genres and not set(ref.genres) <= set(title.genres):
        return False
    if ref.word is not None and fold(ref.word) not in fold(title.name):
        return False
    if ref.years:
        return title.year is not None and ref.years[0] <= title.year <= ref.years[1]
    return True


def ordered(titles: Sequence[Title], reading: Reading) -> list[Title]:
    """By what the reading asks for.

    Else the best known first. For ratings, titles with few votes come last.
    """
    if reading.order is None:
        return sorted(titles, key=lambda title: -title.votes)
    known = [title for title in titles if getattr(title, str(reading.order)) is not None]
    sign = -1.0 if reading.descending else 1.0
    if reading.order is Order.RATING:
        most = max((title.votes for title in known), default=0)
        floor = min(_KNOWN_VOTES, most // 4)
        known = [title for title in known if title.votes >= floor]
    if reading.order is Order.YEAR:
        return sorted(known, key=lambda title: (sign * (title.year or 0), sign * -title.votes))
    return sorted(known, key=lambda title: (sign * float(getattr(title, str(reading.order))), -title.votes))


def find_title(reading: Reading, tools: Tools) -> Finding:
    """Which title it is: by plot, by people and character, by rank in a series or a chart, or by name."""
    ref = reading.title
    assert ref is not None  # noqa: S101 - validated
    if ref.parts or (ref.series and ref.name):
        return described.list_of(reading, tools)
    if ref.plot:
        return _by_plot(reading, ref.plot, tools)
    if ref.name or ref.context:
        return _by_name(reading, ref, tools)
    if ref.people or ref.directors or ref.writers or ref.character:
        return _by_facts(reading, ref, tools)
    return _chart(reading, ref, tools)


def _by_plot(reading: Reading, plot: str, tools: Tools) -> Finding:
    scored = tools.similar_to_text(plot, _SIMILAR)
    titles = tools.catalog.titles([item.title_id for item in scored])
    records = tuple(Record(titles[item.title_id]) for item in scored if item.title_id in titles)
    if not records:
        return unknown(reading, "I find no film with such a plot.", 0.2, "no overview is near")
    note = "By its plot, the nearest I know"
    rule = "the nearest plot overviews"
    confidence = _near(scored[0])
    return Finding(reading, Status.ANSWERED, records, confidence=confidence, note=note, rule=rule)


def _near(best: ScoredTitle) -> float:
    """How sure a plot is, from the cosine of the overview nearest to it: below 0.33 any is as near."""
    cosine = best.parts.get("overview", 0.5)
    return max(0.05, min(0.8, 1.2 * (cosine - 0.08)))


def _by_facts(reading: Reading, ref: TitleRef, tools: Tools) -> Finding:
    """Titles that have all the people named, one of whom plays the character where one is named."""
    hits = titles_with(ref, tools)
    if not hits:
        return unknown(reading, "I find no title that fits all of that.", 0.3, "no title fits")
    limit = reading.limit or 10
    records = tuple(Record(hit.title) for hit in hits[:limit])
    return Finding(
        reading,
        Status.ANSWERED,
        records,
        confidence=0.8 * hits[0].quality,
        rule="the titles that have them all",
    )


def titles_with(ref: TitleRef, tools: Tools) -> list[TitleHit]:
    """Titles with all of ``ref``'s people (and its character), best first; [] where there are none."""
    groups: list[tuple[Sequence[PersonHit], frozenset[str] | None]]
    groups = [(tools.people(person), _MAIN) for person in ref.people]
    groups += [(tools.people(person), CATEGORIES["director"]) for person in ref.directors]
    groups += [(tools.people(person), CATEGORIES["writer"]) for person in ref.writers]
    if not groups:
        return _with_character(ref, tools)
    held = met(groups, tools)
    shared = set.intersection(*(set(titles) for titles in held))
    titles = [title for title in tools.catalog.titles(list(shared)).values() if _fits(title, ref)]
    found = []
    for title in titles:
        match = match_characters(ref.character, _characters(held, title.id)).score if ref.character else 1.0
        if match >= 0.5:
            quality = min(hits[0].quality for hits, _ in groups)
            found.append(TitleHit(title, quality * match, 4 * match + tools.popularity(title)))
    return sorted(found, key=lambda hit: -hit.score)


def _characters(held: Sequence[dict[int, list[Credit]]], title_id: int) -> list[str]:
    return [
        character
        for credits in held
        for credit in credits.get(title_id, [])
        for character in credit.characters
    ]


def _with_character(ref: TitleRef, tools: Tools) -> list[TitleHit]:
    if not ref.character:
        return []
    best: dict[int, float] = {}
    for credit in tools.catalog.credits_of_character(" ".join(search_words(ref.character)), 300):
        if credit.category in ACTING:
            match = match_characters(ref.character, credit.characters).score
            best[credit.title_id] = max(best.get(credit.title_id, 0.0), match)
    titles = tools.catalog.titles([title_id for title_id, match in best.items() if match >= 0.8])
    hits = [
        TitleHit(title, best[title.id], 4 * best[title.id] + tools.popularity(title))
        for title in titles.values()
        if _fits(title, ref)
    ]
    return sorted(hits, key=lambda hit: -hit.score)


def _by_name(reading: Reading, ref: TitleRef, tools: Tools) -> Finding:
    hits = tools.titles(ref)
    name = ref.full or ref.name or "that"
    if not hits or hits[0].quality < 0.62:
        return unknown(reading, f"I know no title like “{name}”.", 0.2, "no title of that name")
    if reading.threshold is not None:
        records = tuple(Record(hit.title) for hit in hits[:1])
        sure = 0.9 * hits[0].quality
        return Finding(reading, Status.ANSWERED, records, ("Yes",), sure, rule="there is one")
    if reading.order is not None or reading.count:
        return described.list_of(
            dataclasses.replace(reading, title=dataclasses.replace(ref, series=True)), tools
        )
    near = [hit for hit in hits if hit.quality >= min(_ALIKE, hits[0].quality)]
    records = tuple(Record(hit.title) for hit in near[: reading.limit or 5])
    confidence = 0.9 * hits[0].quality
    return Finding(reading, Status.ANSWERED, records, confidence=confidence, rule="the title of that name")


def _chart(reading: Reading, ref: TitleRef, tools: Tools) -> Finding:
    from indexer.catalog.records import TitleFilter

    order = str(reading.order or Order.VOTES)
    few = (10 if ref.years else 25) * _KNOWN_VOTES
    wanted = TitleFilter(
        years=ref.years,
        genres=ref.genres,
        types=ref.types,
        min_votes=few if order == "rating" else _KNOWN_VOTES,
        order="votes" if order == "born" else order,  # type: ignore[arg-type]
        descending=reading.descending,
    )
    ids = tools.catalog.titles_where(wanted, reading.limit or 10)
    titles = tools.catalog.titles(ids)
    if not titles:
        return unknown(reading, "Nothing in the catalogue fits that.", 0.4, "no title fits")
    records = tuple(Record(titles[key]) for key in ids if key in titles)
    return Finding(reading, Status.ANSWERED, records, confidence=0.6, rule=f"titles by {order}")


def similar_to(reading: Reading, tools: Tools) -> Finding:
    """Titles like one title."""
    assert reading.title is not None  # noqa: S101 - validated
    hits = [hit for hit in tools.titles(reading.title) if hit.quality >= 0.62]
    if not hits:
        return unknown(reading, f"I know no title like “{reading.title.name}”.", 0.2, "no title of that name")
    scored = tools.similar_to_title(hits[0].title.id, reading.limit or _SIMILAR)
    titles = tools.catalog.titles([item.title_id for item in scored])
    records = tuple(Record(titles[item.title_id]) for item in scored if item.title_id in titles)
    if not records:
        return unknown(reading, f"I have no vector for {hits[0].title.name}.", 0.3, "not in the joint space")
    return Finding(
        reading,
        Status.ANSWERED,
        records,
        confidence=0.8 * hits[0].quality,
        rule="nearest in the vector spaces",
        others=(Record(hits[0].title),),
    )
