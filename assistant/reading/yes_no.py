"""Yes or no: whether somebody was in it, whether it was the first, how many times, whether it is that old.

Frames as in composed.py, whose phrases are those of described.py. What a frame asks is always of the records:
a question about what happens in a film ("does Ripley keep the cat") fits none of them.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator

from assistant.reading import kinds, phrases, refs
from assistant.reading.described import Described, clauses_of, described, is_a_name
from assistant.reading.reading import Ask, Part, PersonRef, Reading, TitleRef, valid

_USUAL, _RARE = 1.0, 0.8
_AUX = r"(?:did|does|do|has|have|had|is|was|were|are)"
_ASKS = re.compile(rf"^{_AUX}\b", re.I)
_PLACE_FIRST = re.compile(rf"^(?P<place>(?:in|on) (?!what\b|which\b|how\b).+?),? (?P<rest>{_AUX} .+)$", re.I)
_ADVERB = re.compile(r"\s+(?:ever|actually|really|indeed|already|once)(?=\s)", re.I)
_NUMBERS = {
    **{
        word: number
        for number, word in enumerate("one two three four five six seven eight nine ten".split(), 1)
    },
    "once": 1,
    "twice": 2,
    "thrice": 3,
}
_N = rf"(?:\d+|{'|'.join(_NUMBERS)})"

_Build = Callable[["re.Match[str]"], Iterator[Reading]]


def asked(text: str) -> Iterator[Reading]:
    """Readings of a yes/no question (without its lead-in); none where it is no such question."""
    text = " ".join(text.split()).strip(" ?.!")
    moved = _PLACE_FIRST.match(text)
    if moved:  # "in Heat, did Pacino play alongside De Niro"
        text = f"{moved['rest']} {moved['place']}"
    if not _ASKS.match(text):
        return
    plain = _ADVERB.sub("", text)
    for pattern, build in _FRAMES:
        found = pattern.match(plain)
        if found:
            yield from valid(build(found))


# ---------------------------------------------------------------------------------------------- who is in it


def _of_cast(found: re.Match[str]) -> Iterator[Reading]:
    """ "was Zach Braff the lead actor in Garden State", "was Kirk a character in Star Trek"."""
    title = refs.title_ref(found["t"])
    if found["what"].lower() in ("character", "main character", "protagonist", "villain"):
        character = refs.character_name(found["who"])
        yield Reading(Ask.IS_IN, title=title, character=character, category="acting", weight=_RARE)
    yield Reading(Ask.IS_IN, title=title, people=(refs.person_ref(found["who"]),), category="acting")


def _in_it(found: re.Match[str]) -> Iterator[Reading]:
    """ "did Rowan Atkinson make an appearance in Jaws", with all its ways to say so."""
    if is_a_name(found["who"]) and not re.match(r"^(?:an?|any|every|all|each)\b", found["t"], re.I):
        people = (refs.person_ref(found["who"]),)
        yield Reading(Ask.IS_IN, title=refs.title_ref(found["t"]), people=people, category="acting")


def _as_voice(found: re.Match[str]) -> Iterator[Reading]:
    """ "was Tom Hanks the voice of Woody in Toy Story"."""
    character = refs.character_name(found["role"])
    people = (refs.person_ref(found["who"]),)
    yield Reading(
        Ask.IS_IN, title=refs.title_ref(found["t"]), people=people, character=character, category="acting"
    )


def _beside(found: re.Match[str]) -> Iterator[Reading]:
    """ "did De Niro play alongside Pacino in Heat"."""
    people = (refs.person_ref(found["who"]), *refs.people_refs(found["other"]))
    yield Reading(Ask.IS_IN, title=refs.title_ref(found["t"]), people=people, category="acting")


def _in_series(found: re.Match[str]) -> Iterator[Reading]:
    """ "was Adam Driver in any Star Wars movies", "is Hagrid in all the Harry Potter films"."""
    every = found["every"].lower().split()[0] in ("every", "all", "each")
    role = found.groupdict().get("role")
    for item in described(found["np"]) or _plain_series(found["np"]):
        if item.ranking is not None or item.ref.ordinal is not None or not (item.ref.name or item.ref.parts):
            continue
        part = Part(
            refs.person_ref(found["who"]),
            category="acting",
            character=refs.character_name(role) if role else None,
            without=every,
        )
        ref = dataclasses.replace(item.ref, parts=(*item.ref.parts, part))
        threshold = ("under", 1.0) if every else ("over", 0.0)
        yield Reading(Ask.TITLE, title=ref, threshold=threshold)


def _plain_series(name: str) -> list[Described]:
    """ "every Mission: Impossible": a series without the word for it."""
    ref = TitleRef(name=name, full=name, types=kinds.FILM_TYPES, series=True)
    return [Described(ref)] if is_a_name(name) else []


def _of_several(found: re.Match[str]) -> Iterator[Reading]:
    """ "is Bong Joon-ho the director of Parasite and Snowpiercer": of both."""
    names = re.split(r",?\s+and\s+", re.sub(r"^both\s+", "", found["t"], flags=re.I))
    category = {"screenwriter": "writer", "author": "writer", "star": "acting"}.get(
        found["job"].lower(), found["job"].lower()
    )
    if len(names) == 2:
        titles = tuple(refs.title_ref(name) for name in names)
        people = (refs.person_ref(found["who"]),)
        yield Reading(
            Ask.IS_IN, title=titles[0], titles=titles, people=people, category=category, weight=_RARE
        )


def _first_to_play(found: re.Match[str]) -> Iterator[Reading]:
    """ "was Connery the first actor to play James Bond": whether in the first film with the character."""
    character = refs.character_name(found["role"])
    title = TitleRef(types=kinds.FILM_TYPES, parts=(Part(category="acting", character=character),), ordinal=1)
    people = (refs.person_ref(found["who"]),)
    yield Reading(Ask.IS_IN, title=title, people=people, character=character, category="acting")


# ------------------------------------------------------------------------------------------------- how many


def _together(found: re.Match[str]) -> Iterator[Reading]:
    """ "has Al Pacino worked with Martin Scorsese more than once", "... starred together in four films"."""
    who, other = found["who"], found.groupdict().get("other")
    people = (refs.person_ref(who), *refs.people_refs(other)) if other else refs.people_refs(who)
    if len(people) < 2 or not all(ref.context or (ref.name and is_a_name(ref.name)) for ref in people):
        return
    threshold = _threshold(found["than"], found["n"])
    if threshold is None:
        return
    title = TitleRef(types=kinds.FILM_TYPES)
    if re.search(r"\b(?:work|worked|collaborated?)\b", found[0], re.I):
        yield Reading(Ask.FILMOGRAPHY, title=title, people=people, threshold=threshold)
    else:
        parts = tuple(Part(person, category="acting") for person in people)
        yield Reading(Ask.TITLE, title=dataclasses.replace(title, parts=parts), threshold=threshold)


def _threshold(than: str | None, number: str | None) -> tuple[str, float] | None:
    """ "more than four" -> ("over", 4); no number at all asks for one at least."""
    if number is None:
        return ("over", 0.0)
    key = number.lower()
    count = float(key) if key.isdigit() else float(_NUMBERS.get(key, 0))
    words = (than or "").lower().strip()
    if words in ("more than", "over"):
        return ("over", count)
    if words in ("at least", ""):
        return ("over", count - 1.0) if words else ("equal", count)
    if words in ("less than", "fewer than", "under"):
        return ("under", count)
    return ("equal", count)


def _members(found: re.Match[str]) -> Iterator[Reading]:
    """ "did Short Circuit have three movies", "does Jaws have more than two sequels"."""
    threshold = _threshold(found["than"], found["n"])
    if threshold is None or not is_a_name(found["t"]):
        return
    if found["what"].lower().startswith("sequel"):  # the first of them is none
        threshold = (threshold[0], threshold[1] + 1.0)
    name = re.sub(r"^the (?=.+ (?:series|franchise|saga)$)|\s+(?:series|franchise|saga)$", "", found["t"])
    ref = TitleRef(name=name, full=name, types=kinds.FILM_TYPES, series=True)
    yield Reading(Ask.TITLE, title=ref, threshold=threshold)


# ---------------------------------------------------------------------------------------------- is it the one


def _is_the_one(found: re.Match[str]) -> Iterator[Reading]:
    """ "was Skyfall the longest James Bond film", "was Jackie Brown Tarantino's third movie"."""
    for name, phrase in _cuts(found["t"], found["np"]):
        for item in described(phrase)[:2]:
            if item.ranking is None and item.ref.ordinal is None:
                continue
            ranking = item.ranking
            yield Reading(
                Ask.TITLE,
                title=item.ref,
                titles=(refs.title_ref(name.strip("\"'“”")),),
                order=ranking.order if ranking else None,
                descending=ranking.descending if ranking else True,
                limit=1,
                relation="same",
            )


def _cuts(name: str, phrase: str) -> Iterator[tuple[str, str]]:
    """Where the title ends and whose film it is begins: "Jackie Brown | Quentin Tarantino's third movie"."""
    yield name, phrase
    owner = re.match(r"^(?P<who>[\w.' -]+?)(?:'s|s') ", phrase)
    words = owner["who"].split() if owner else []
    for place in range(1, min(len(words), _MOST_CUTS)):
        yield " ".join([name, *words[:place]]), phrase.split(maxsplit=place)[place]


_MOST_CUTS = 4


# --------------------------------------------------------------------------------------------------- years


def _within(found: re.Match[str]) -> Iterator[Reading]:
    """ "did Grease come out in the seventies"."""
    years = kinds.parse_years(re.sub(r"\b(?:the )?year ", "", found["time"], flags=re.I))
    if years is None or years[0] <= 0 or years[1] >= 9999 or years[0] == years[1]:
        return
    title = refs.title_ref(re.sub(r"^the (?:movie|film) ", "", found["t"], flags=re.I))
    yield Reading(Ask.YEAR, title=title, holds=tuple(str(year) for year in years))


def _working_since(found: re.Match[str]) -> Iterator[Reading]:
    """ "has Spielberg been making movies since the 70s": whether one is as old as that."""
    years = kinds.parse_years(found["time"])
    verb = found["verb"].lower()
    category = "director" if verb.startswith(("direct", "mak")) else "acting"
    if years is not None:
        title = TitleRef(types=kinds.FILM_TYPES, years=(0, years[1] if years[1] < 9999 else years[0]))
        people = (refs.person_ref(found["who"]),)
        yield Reading(Ask.FILMOGRAPHY, title=title, people=people, category=category, threshold=("over", 0.0))


def _life(found: re.Match[str]) -> Iterator[Reading]:
    """ "was Meryl Streep born before 1950", "did Paul Newman die in 2008"."""
    years = kinds.parse_years(re.sub(r"\b(?:the )?year ", "", found["time"], flags=re.I))
    if years is None:
        return
    ask = Ask.BORN if "born" in found["what"].lower() else Ask.DIED
    people: tuple[PersonRef, ...] = (refs.person_ref(found["who"]),)
    yield Reading(ask, people=people, threshold=None, holds=tuple(str(year) for year in years))


def _both_alike(found: re.Match[str]) -> Iterator[Reading]:
    """ "has Tom Hanks been in a movie with Meg Ryan": clauses on either side of the noun."""
    for clause in clauses_of(f"{found['who']} appear")[:2]:
        for item in described(found["np"])[:2]:
            merged: Described | None = item
            for one in clause:
                merged = merged.also(one) if merged else None
            if merged is not None and merged.ranking is None and merged.ref.ordinal is None:
                yield Reading(Ask.TITLE, title=merged.ref, threshold=("over", 0.0))


def _frame(pattern: str, build: _Build) -> tuple[re.Pattern[str], _Build]:
    return re.compile(pattern, re.I), build


_BE = r"(?:is|was|are|were)"
_ACTED = (
    r"(?:star(?:red)?|act(?:ed)?|appear(?:ed)?|play(?:ed)?|be|been|feature[d]?|perform(?:ed)?|make an "
    r"appearance|"
    r"made an appearance|have a (?:role|part|cameo)|had a (?:role|part|cameo)|made a cameo|make a cameo|"
    r"do a voice|done a voice|voice act(?:ed)?|take part|taken part)"
)
_FILMS = r"(?:movies?|films?)"
_SOME = r"(?P<every>any(?: of the)?|an?|one of the|every|all(?: of)?(?: the)?|each(?: of the)?|the)"
_THAN = r"(?P<than>more than|over|at least|less than|fewer than|under|exactly|only)"
_OUT = r"(?:come out|came out|released|release|made|premiere|premiered|get released|produced|filmed)"
_RANKS = (
    *phrases.ordinals(),
    *phrases.rankings("superlative"),
    "highest-rated",
    "lowest-rated",
    "best-rated",
)
_FIRST_OF = phrases.one_of(_RANKS)
_JOBS = r"(?P<job>director|writer|screenwriter|author|producer|composer|star)"
_BORN = r"(?P<what>born|die|died|pass away|passed away)"
_FRAMES: tuple[tuple[re.Pattern[str], _Build], ...] = (
    _frame(
        rf"^{_BE} (?P<who>.+?) (?:the|an?|one of the) (?P<what>(?:(?:lead|main|leading|title|supporting|"
        rf"voice)"
        rf" )?(?:actors?|actress(?:es)?|stars?|lead|roles?|characters?|protagonist|villain|cast members?))"
        rf" (?:in|of|from) (?P<t>.+)$",
        _of_cast,
    ),
    _frame(
        rf"^(?:{_BE} (?P<who>.+?) the (?:voice|actor|actress)(?: actor| actress)? (?:of|for|behind|playing)"
        rf" (?P<role>.+?) in (?P<t>.+))$",
        _as_voice,
    ),
    _frame(
        rf"^{_AUX} (?P<who>.+?) (?:do|done|provide|provided) the voice (?:of|for) (?P<role>.+?) in "
        rf"(?P<t>.+)$",
        _as_voice,
    ),
    _frame(
        rf"^{_AUX} (?P<who>.+?) {_ACTED} (?:alongside|opposite|with|beside|next to) (?P<other>.+?)"
        rf" in (?!an?\b|any\b)(?P<t>.+)$",
        _beside,
    ),
    _frame(
        rf"^{_AUX} (?P<who>.+?) {_ACTED} (?:as|in the role of) (?P<role>.+?) in {_SOME} (?P<np>.*{_FILMS})$",
        _in_series,
    ),
    _frame(rf"^{_AUX} (?P<who>.+?) (?:{_ACTED} )?in {_SOME} (?P<np>.+ {_FILMS})$", _in_series),
    _frame(
        rf"^{_AUX} (?P<who>.+?) (?:{_ACTED} )?in (?P<every>every|all the|all of the|each) (?P<np>.+)$",
        _in_series,
    ),
    _frame(rf"^{_AUX} (?P<who>.+?) (?:{_ACTED} )?in (?:both )?(?P<t>.+)$", _in_it),
    _frame(
        rf"^{_BE} (?P<who>.+?) (?:in )?(?P<np>an? {_FILMS} (?:with|starring|opposite|alongside) .+)$",
        _both_alike,
    ),
    _frame(rf"^{_BE} (?P<who>.+?) (?:the |an? )?{_JOBS} of (?P<t>.+? and .+)$", _of_several),
    _frame(
        rf"^{_BE} (?P<who>.+?) the first (?:actor|actress|person|man|woman|one|star)?\s*(?:to play|to "
        rf"portray|"
        rf"who played|that played|to be cast as) (?P<role>.+?)(?: (?:in|on) (?:a )?(?:film|movie|the big "
        rf"screen))?$",
        _first_to_play,
    ),
    _frame(
        rf"^{_AUX} (?P<who>.+?) (?:work(?:ed)?|{_ACTED}|collaborated?|co-?star(?:red)?)(?: together)?(?: "
        rf"in a (?:movie|"
        rf"film))? with (?P<other>.+?)(?: in| on)?(?: {_THAN})?(?: (?P<n>{_N})(?: (?:different "
        rf")?(?:times?|{_FILMS}|"
        rf"occasions?))?)?$",
        _together,
    ),
    _frame(
        rf"^{_AUX} (?P<who>.+? and .+?) (?:both )?(?:work(?:ed)?|{_ACTED}|collaborated?|co-?star(?:red)?)"
        rf"(?: together)?(?: in| on)?(?: (?:a|the same) {_FILMS})?(?: together)?(?: {_THAN})? (?P<n>{_N})"
        rf"(?: (?:different )?(?:times?|{_FILMS}|occasions?))?(?: together)?$",
        _together,
    ),
    _frame(
        rf"^(?:did|does|do|has|have|had) (?P<t>.+?) (?:have|had|get|got|spawn|spawned)(?: {_THAN})? "
        rf"(?P<n>{_N})"
        rf" (?P<what>{_FILMS}|sequels?|parts|instal?lments)(?: in (?:it|the (?:series|franchise)))?$",
        _members,
    ),
    _frame(
        rf"^(?:is|was) (?P<t>.+?)(?:,)? (?P<np>(?:(?:the|one of the|his|her|their) |[\w.' -]+?(?:'s|s') )?"
        rf"(?:\S+ )?{_FIRST_OF}\b.+)$",
        _is_the_one,
    ),
    _frame(
        rf"^(?:is|was) (?P<np>(?:the|[\w.' -]+?(?:'s|s')) .*{_FILMS}(?: .+?)?) (?:called|titled|named) "
        rf"(?P<t>.+)$",
        _is_the_one,
    ),
    _frame(
        rf"^(?:did|was|were|is|has) (?P<t>.+?) (?:been )?{_OUT} (?P<time>(?:in|during|between)(?: "
        rf"the)?(?: year)?"
        rf" .+)$",
        _within,
    ),
    _frame(
        rf"^(?:has|have) (?P<who>.+?) been (?P<verb>making|directing|acting|starring|appearing|working)"
        rf"(?: in)?(?: on)?(?: {_FILMS})? (?:since|from) (?P<time>.+)$",
        _working_since,
    ),
    _frame(
        rf"^(?:was|were|did) (?P<who>.+?) {_BORN} (?P<time>(?:in|before|after|during|prior to|since)(?: the)?"
        rf"(?: year)? .+)$",
        _life,
    ),
)
