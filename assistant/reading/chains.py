"""Questions that go from one set of records to the next: "the genres of the films by the writers of X".

A small grammar in three layers that call each other: a question asks something of a set of films; films are a
noun with a clause that names people; people are named outright or by the part they had in a title, which may
itself be a set of films. Each layer becomes a Reading inside the next.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator

from assistant.reading import refs
from assistant.reading.reading import Ask, PersonRef, Reading, TitleRef
from assistant.reading.words import read_words

_DEEPEST = 4
_LONGEST = 300  # characters
_SURE, _LOOSE, _ONE = 1.0, 0.9, 0.75

ACTING = "acting"
# Each function as a noun, as what somebody did, and as what was done to films.
_FUNCTIONS: dict[str, tuple[str, str, str]] = {
    "director": (
        r"(?:co-?)?directors?|film ?makers?",
        r"(?:co-?)?direct(?:ed|s)?|made|helmed",
        r"(?:co-?)?directed|helmed|made",
    ),
    "writer": (
        r"(?:co-?)?writers?|screen ?writers?|script ?writers?|authors?|scenarists?"
        r"|creators? of the (?:film )?(?:script|screenplay|story)",
        r"(?:co-?)?wr[io]te|(?:co-?)?writes|(?:co-?)?written|penned|scripted",
        r"(?:co-?)?written|penned|scripted|authored",
    ),
    ACTING: (
        r"(?:co-?)?actors?|actress(?:es)?|(?:co-?)?stars?|cast members?|cast|performers?|leads?",
        r"(?:co-?)?star(?:red|s)?|act(?:ed|s)?|play(?:ed|s)?|appear(?:ed|s)?|perform(?:ed|s)?",
        r"(?:co-?)?starred|acted|performed",
    ),
    "composer": (r"composers?", r"composed|scored|scores", r"composed|scored"),
    "producer": (r"producers?", r"produce[ds]?", r"produced"),
    "cinematographer": (r"cinematographers?|cameram[ae]n", r"shot|photographed", r"shot|photographed"),
    "editor": (r"editors?", r"edited|edits", r"edited"),
}
_ATTRIBUTES: dict[Ask, str] = {
    Ask.GENRES: r"genres?|types?|kinds?|sorts?",
    Ask.YEAR: r"(?:release )?(?:years?|dates?)|years? of release|dates? of release",
    Ask.LANGUAGES: r"(?:(?:primary|main|spoken|original) )?languages?(?: spoken)?",
    Ask.RATING: r"(?:imdb )?(?:ratings?|scores?)",
    Ask.RUNTIME: r"runtimes?|lengths?|running times?",
    Ask.KEYWORDS: r"keywords?|topics?|subjects?|tags?",
}


def _any(parts: Iterator[str]) -> str:
    return "|".join(parts)


_NOUN = _any(parts[0] for parts in _FUNCTIONS.values())
_DID = _any(parts[1] for parts in _FUNCTIONS.values())
_DONE = _any(parts[2] for parts in _FUNCTIONS.values())
_ATTR = _any(iter(_ATTRIBUTES.values()))
_FILMS = r"(?:films|movies|pictures|flicks|titles)"
_FILM = r"(?:films?|movies?|pictures?|flicks?|titles?)"
_THE = r"(?:the |all the |all |other |those |any |some )?"
_WHO = (
    r"(?:who(?: in the world| on earth| exactly)?|whom|(?:what|which) "
    rf"(?:people|persons?|{_NOUN}))"
)
_AUX = r"(?:is|are|was|were)"
_THAT = r"(?:that |which )?"


def _category(word: str, place: int) -> str | None:
    """The function whose noun (place 0), deed (1) or participle (2) a word is; ``None`` for no such word."""
    for category, parts in _FUNCTIONS.items():
        if re.fullmatch(parts[place], word, re.I):
            return category
    return None


def _attribute(words: str) -> Ask:
    return next(ask for ask, pattern in _ATTRIBUTES.items() if re.fullmatch(pattern, words, re.I))


def readings(text: str) -> list[Reading]:
    """The chains that a question spells out; [] where it names no set of films, or is too long."""
    found: dict[str, Reading] = {}
    for question in dict.fromkeys(read_words(text, shorten).text.strip(" ?!.") for shorten in (True, False)):
        for reading in _question(question) if len(question) <= _LONGEST else ():
            found.setdefault(repr(reading), reading)
    return list(found.values())


# ----------------------------------------------------------------------------------------- the question


def _question(text: str) -> Iterator[Reading]:
    for pattern, build in _QUESTIONS:
        found = pattern.fullmatch(text)
        reading = build(found) if found else None
        if reading is not None:
            yield reading


def _asked(ask: Ask, films: str, category: str | None = None, one: bool = True) -> Reading | None:
    """Something asked of a set of films, or of ``one`` title where the words are no such set."""
    chain = _film_set(films, 0)
    if chain is not None:
        return Reading(ask, title=TitleRef(by=chain), category=category, weight=_SURE)
    if not one or _WORDS_OF_ASKING.search(_LEADING.sub("", films)) or _VERB_FIRST.match(films):
        return None
    return Reading(ask, title=refs.title_ref(films), category=category, weight=_ONE)


def _of_people(category: str | None, films: str, one: bool = True) -> Reading | None:
    if category is None:
        return None
    if category == ACTING:
        return _asked(Ask.CAST, films, one=one)
    return _asked(Ask.CREW, films, category, one)


def _deed(found: re.Match[str]) -> Reading | None:
    """ "who directed the films...", "who wrote T"; but "who played C in T" asks for no cast.

    Who made the music of a film did not direct it.
    """
    category = _category(found["role"], 1)
    if category == "director" and _OF_PART.search(found.string[found.end("role") : found.start("films")]):
        return None
    return _of_people(category, found["films"], one=category != ACTING)


def _attribute_of(found: re.Match[str]) -> Reading | None:
    return _asked(_attribute(found["attr"]), found["films"])


def _split_clause(found: re.Match[str]) -> Reading | None:
    """ "when did the films come out that ...": the clause stands behind the verb."""
    return _asked(Ask.YEAR, f"{found['films']} {found['clause']}")


def _films_themselves(found: re.Match[str]) -> Reading | None:
    """ "which films share a director with X"; those of a person named outright have wordings of their own."""
    chain = _film_set(found["films"], 0)
    return chain if chain is not None and any(ref.by for ref in chain.people) else None


def _tagged(found: re.Match[str]) -> Reading:
    """ "films about baseball": by a keyword of theirs."""
    return Reading(Ask.TITLE, title=TitleRef(keyword=found["keyword"]), weight=_LOOSE)


def _inverted(found: re.Match[str]) -> Reading | None:
    """ "P directed which films", "the stars of X also appear in which films"."""
    category = _category(found["did"], 1)
    return _films_of(found["people"], category, 0, also=bool(found["also"]))


def _holds_office(found: re.Match[str]) -> Reading | None:
    """ "P was the director of which films"."""
    return _films_of(found["people"], _category(found["role"], 0), 0, also=bool(found["also"]))


def _in_order(found: re.Match[str]) -> Reading | None:
    """ "which films did the director of X also make"."""
    return _films_of(found["people"], _category(found["did"], 1), 0, also=bool(found["also"]))


def _together(found: re.Match[str]) -> Reading | None:
    """Those who share films with somebody, in the same function."""
    category = _category(found["role"], 0 if found.re in _NOUNS else 1)
    films = _films_of(found["people"], category, 0)
    if films is None or category is None:
        return None
    ask = Ask.CAST if category == ACTING else Ask.CREW
    shared = None if category == ACTING else category
    return Reading(ask, title=TitleRef(by=films), category=shared, without=films.people, weight=_SURE)


def _compiled(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.I) for pattern in patterns)


_OF = r"(?:of|in|for|on)"
_WITH = r"(?:together |alongside |along )?(?:with|alongside|opposite)"
_JOINT = rf"(?: (?:the same |a |an? )?{_FILM})?"
_NOUNS = frozenset(
    _compiled(
        rf"(?:who|whom)?(?: {_AUX})? ?(?:the )?(?:film |movie )?(?P<role>co-?(?:{_NOUN})) of (?P<people>.+)",
        rf"(?:the (?:{_NOUN}) )?(?P<people>.+?) {_AUX} (?:a |the )?(?P<role>co-?(?:{_NOUN})) of (?:who|whom)",
    )
)
_DEEDS = _compiled(
    rf"{_WHO} (?:has |have )?(?P<role>{_DID})(?: in)?{_JOINT} {_WITH} (?P<people>.+)",
    rf"(?P<people>.+?) (?:has |have )?(?P<role>{_DID})(?: in)?{_JOINT} {_WITH} (?:who|whom)",
)
_WHICH = r"(?:which|what)"
_WORKS = {
    **dict.fromkeys(("music", "score", "soundtrack"), "composer"),
    **dict.fromkeys(("screenplay", "script", "story"), "writer"),
    **dict.fromkeys(("cinematography", "camera work"), "cinematographer"),
    "editing": "editor",
}
_RELEASED = r"(?:released|release|come out|came out|premiered?|made)"
_YEARS = rf"(?:when|(?:in )?{_WHICH} years?)"
_CREDITED = r"(?:listed |credited |named )?(?:as )?"
_WORK = r"(?: the (?:screenplay|script|story|stories|scripts|music|score|scores)s? (?:for|of|in))?"
_OF_PART = re.compile(r"\b(?:screenplay|script|story|music|scores?)\b", re.I)
_WORK_OF = r"(?: the (?:screenplay|script|story|music|score) (?:for|of))?"
_ABOUT = r"(?:about|described (?:by|as|with)|tagged(?: as| with)?|with the (?:tag|keyword|topic))"
_LIST = r"(?:what are |which are |which |what |list |name )?"
_CLAUSE = r"(?P<clause>(?:whose|that|which|with|starring) .+)"
_BELONG = r"(?: in| of| fall under| belong to| have| cover)?"
_Pairs = tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Reading | None]], ...]


def _each(build: Callable[[re.Match[str]], Reading | None], *patterns: str) -> _Pairs:
    return tuple((pattern, build) for pattern in _compiled(*patterns))


_QUESTIONS: _Pairs = (
    *((pattern, _together) for pattern in (*_NOUNS, *_DEEDS)),
    *_each(
        _attribute_of,
        rf"(?:(?:{_WHICH}(?: {_AUX})?(?: the)?|the) )?(?P<attr>{_ATTR})"
        r"(?: of| in| for|(?= the )) (?P<films>.+)",
        rf"(?:in |of )?{_WHICH} (?:{_FILM} )?(?P<attr>{_ATTR})(?: of {_FILM})? "
        rf"(?:{_AUX}|do|does) (?P<films>.+?){_BELONG}",
        rf"(?P<films>.+?) (?:{_AUX}|fall|belong|have)(?: released| made)?(?: in| of| under| to)? "
        rf"{_WHICH} (?P<attr>{_ATTR})",
    ),
    *_each(
        lambda found: _asked(Ask.YEAR, found["films"]),
        rf"{_YEARS} (?:did|do|{_AUX}) (?P<films>.+) {_RELEASED}",
    ),
    *_each(_split_clause, rf"{_YEARS} (?:did|{_AUX}) (?P<films>{_THE}{_FILMS}) {_RELEASED} {_CLAUSE}"),
    *_each(
        _deed,
        rf"{_WHO}(?: has| have)? (?P<role>{_DID})(?: in)?{_WORK} (?P<films>.+)",
        rf"{_WHO} {_AUX} the (?:{_NOUN}|person|one) (?:who|that) "
        rf"(?P<role>{_DID})(?: in)?{_WORK} (?P<films>.+)",
    ),
    *_each(
        lambda found: _of_people(_WORKS[found["work"].lower()], found["films"]),
        rf"{_WHO} (?:did|made|wrote|composed) the (?P<work>{'|'.join(_WORKS)}) (?:of|for|in) (?P<films>.+)",
    ),
    *_each(
        lambda found: _of_people(_category(found["role"], 0), found["films"]),
        rf"{_WHO} {_AUX} {_CREDITED}(?:the )?(?P<role>{_NOUN}) (?:of|in|for|on) (?P<films>.+)",
        rf"(?:the )?(?P<role>{_NOUN}) (?:of|in|for) (?P<films>.+?)(?: {_AUX}(?: who| whom)?)?",
    ),
    *_each(
        lambda found: _of_people(_category(found["role"], 2), found["films"]),
        rf"(?P<films>.+) {_AUX} (?P<role>{_DONE}) by (?:who|whom|{_WHICH} .+)",
        rf"(?P<films>.+) (?P<role>starred) (?:who|whom|{_WHICH} (?:{_NOUN}))",
    ),
    *_each(
        _inverted,
        rf"(?P<people>.+?) (?P<also>also )?(?P<did>{_DID})(?: in)? (?:which|what) (?:other )?{_FILM}",
        rf"(?P<people>.+?) (?P<also>also )(?P<did>{_DID})(?: in)? (?:other )?{_FILMS}",
    ),
    *_each(
        _holds_office,
        rf"(?P<people>.+?) {_AUX} (?P<also>also )?(?:the |an? )?(?P<role>{_NOUN}) {_OF} {_WHICH} {_FILM}",
        rf"(?:which|what)(?: (?:other )?{_FILM})? {_AUX} (?P<people>.+?) (?P<also>also )?"
        rf"(?:the |an? )(?P<role>{_NOUN}) {_OF}",
    ),
    *_each(
        _in_order,
        rf"(?:which|what) (?:other )?{_FILM} (?:did|do|does|have|has) (?P<people>.+?) "
        rf"(?P<also>also |ever )?(?P<did>{_DID})(?: in)?{_WORK_OF}",
    ),
    *_each(
        _tagged, rf"(?:which |what |some |the )?{_FILMS} {_THAT}(?:{_AUX} |can be )?{_ABOUT} (?P<keyword>.+)"
    ),
    *_each(_films_themselves, rf"{_LIST}(?P<films>.+)"),
)


# ------------------------------------------------------------------------------------------ sets of films


def _film_set(text: str, depth: int) -> Reading | None:
    """ "the films directed by P" as a reading that lists them; ``None`` where the words are no such set."""
    if depth > _DEEPEST:
        return None
    for pattern, build in _FILM_SETS:
        found = pattern.fullmatch(text.strip())
        chain = build(found, depth) if found else None
        if chain is not None:
            return chain
    return None


def _films_of(people: str, category: str | None, depth: int, also: bool = False) -> Reading | None:
    ref = _people(people, depth)
    if ref is None:
        return None
    also = also or bool(_SAME.match(people))
    return Reading(
        Ask.FILMOGRAPHY,
        people=(ref,),
        category=category,
        exclude_context=also and ref.by is not None,
        weight=_SURE if ref.by else _LOOSE,
    )


def _done_by(found: re.Match[str], depth: int) -> Reading | None:
    return _films_of(found["people"], _category(found["done"], 2), depth)


def _did(found: re.Match[str], depth: int) -> Reading | None:
    return _films_of(found["people"], _category(found["did"], 1), depth)


def _with_cast(found: re.Match[str], depth: int) -> Reading | None:
    return _films_of(found["people"], ACTING, depth)


def _made_for(found: re.Match[str], depth: int) -> Reading | None:
    """ "films for the director of X", "of the writer P": only where a function is said, which decides."""
    led = _LED.fullmatch(found["people"])
    reading = _films_of(found["people"], _category(led["role"], 0) if led else None, depth)
    held = reading.people[0].by if reading is not None else None
    if reading is None or held is None:
        return reading if led and len(led["name"].split()) > 1 else None
    return dataclasses.replace(reading, category=held.category or ACTING)


def _made_by(found: re.Match[str], depth: int) -> Reading | None:
    """ "films by P": those P directed."""
    return _films_of(found["people"], "director", depth)


def _theirs(found: re.Match[str], depth: int) -> Reading | None:
    """ "films of P": in whatever function."""
    return _films_of(found["people"], None, depth)


def _shared(found: re.Match[str], depth: int) -> Reading | None:
    """ "films that share a director with X", "films whose writers also wrote X": X itself is not meant."""
    category = _category(found["role"], 0)
    ref = _by_function(category, found, depth)
    return Reading(Ask.FILMOGRAPHY, people=(ref,), category=category, exclude_context=True, weight=_SURE)


_SHARE = r"(?:the same |an? |some |their |common |the )?"
_AS = r"(?:with|of|as|in)"
_CALLED = rf"(?P<whole>(?:(?:the )?{_FILM} )?(?P<title>.+))"
_FILM_SETS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], int], Reading | None]], ...] = (
    *(
        (pattern, _shared)
        for pattern in _compiled(
            rf"{_THE}{_FILM} {_THAT}(?:also )?shares? {_SHARE}(?P<role>{_NOUN}) {_AS} {_CALLED}",
            rf"{_THE}{_FILM} {_THAT}(?:have|has|had|with|by) the same (?P<role>{_NOUN}) {_AS} {_CALLED}",
            rf"{_THE}{_FILM} whose (?P<role>{_NOUN}) (?:have |has )?(?:also )?(?:{_DID})(?: in)? {_CALLED}",
        )
    ),
    *(
        (pattern, _done_by)
        for pattern in _compiled(
            rf"{_THE}{_FILMS} {_THAT}(?:{_AUX} |have been )?(?P<done>{_DONE}) by (?P<people>.+)"
        )
    ),
    *(
        (pattern, _with_cast)
        for pattern in _compiled(
            rf"{_THE}{_FILMS} (?:starring|featuring|with|that star|that feature) (?P<people>.+)"
        )
    ),
    *(
        (pattern, _did)
        for pattern in _compiled(
            rf"{_THE}{_FILMS} {_THAT}(?P<people>.+?) (?:has |have )?(?:also )?(?P<did>{_DID})(?: in)?",
            rf"(?P<people>.+?)(?:'s)? (?P<did>{_DONE}) {_FILMS}",
        )
    ),
    *((pattern, _made_for) for pattern in _compiled(rf"{_THE}{_FILMS} (?:for|of|by) (?P<people>.+)")),
    *((pattern, _made_by) for pattern in _compiled(rf"{_THE}{_FILMS} by (?P<people>.+)")),
    *((pattern, _theirs) for pattern in _compiled(rf"{_THE}{_FILMS} of (?P<people>.+)")),
    *(
        (pattern, _made_for)
        for pattern in _compiled(rf"(?P<people>the (?:{_NOUN}) (?!of |in |for |from ).+)")
    ),
)


# ------------------------------------------------------------------------------------------------ people


def _people(text: str, depth: int) -> PersonRef | None:
    """People by what they were in a title, or by name; ``None`` for words that are neither."""
    text = text.strip()
    for pattern in _DESCRIBED:
        found = pattern.fullmatch(text)
        if found:
            return _by_function(_category(found["role"], 0), found, depth)
    found = _LED.fullmatch(text)
    name = found["name"] if found else text
    return None if _WORDS_OF_ASKING.search(name) else refs.person_ref(name)


def _by_function(category: str | None, found: re.Match[str], depth: int) -> PersonRef:
    """Everybody of a function in the title, or set of films, that a match names."""
    films = _film_set(found["whole"], depth + 1)
    ref = TitleRef(by=films) if films is not None else refs.title_ref(found["title"])
    if category == ACTING or category is None:
        return PersonRef(by=Reading(Ask.CAST, title=ref), every=True)
    return PersonRef(by=Reading(Ask.CREW, title=ref, category=category), every=True)


_DESCRIBED = _compiled(
    rf"{_THE}(?P<same>same )?(?P<role>{_NOUN}) (?:of|in|for|from|on|as) {_CALLED}",
    rf"(?-i:the )?(?P<same>same )?(?P<whole>(?P<title>.+?))(?:'s)? (?P<role>{_NOUN})",
)
_LED = re.compile(rf"(?:the )?(?P<role>{_NOUN}) (?P<name>(?!of |in |for ).+)", re.I)
_SAME = re.compile(r"(?:the )?same ", re.I)
_VERB_FIRST = re.compile(rf"(?:{_AUX}|did|do|does|has|have|had) ", re.I)
_LEADING = re.compile(rf"^(?:the )?{_FILM} ", re.I)
_WORDS_OF_ASKING = re.compile(rf"\b(?:which|what|who|whom|whose|that|share|{_FILM})\b", re.I)
