"""Questions made of parts, which no list of wordings can hold: titles or people described by several things.

Each frame ("which ...", "how many ...", "did P ever star in ...") takes the phrases of described.py as its
slots. It complements rules.toml: all that both read goes to the resolver, and the catalogue decides.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator

from assistant.reading import kinds, phrases, refs
from assistant.reading.described import Described, clauses_of, described, is_a_name
from assistant.reading.reading import Ask, Order, Part, Reading, TitleRef, valid
from indexer.text import fold

_LISTED = 30  # titles of a list at most
_SURE, _USUAL, _RARE = 1.0, 1.0, 0.8


def composed(text: str) -> Iterator[Reading]:
    """Readings of a question (without its lead-in) made of parts; none where a word is left over."""
    text = " ".join(text.split()).strip(" ?.!")
    for pattern, build in _FRAMES:
        found = pattern.match(text)
        if found:
            yield from valid(build(found))


# ------------------------------------------------------------------------------------------------- titles

_Build = Callable[["re.Match[str]"], Iterator[Reading]]


def _listed(found: re.Match[str]) -> Iterator[Reading]:
    for item in described(found["np"]):
        if item.ranking is not None or item.ref.name or item.says_more:
            yield _filmography(item) or _titles(item, _SURE)


def _filmography(item: Described, *, count: bool = False) -> Reading | None:
    """Of one person's work in one function, which needs no parts; ``None`` for all else."""
    ref = item.ref
    if len(ref.parts) != 1 or ref.name or ref.ordinal is not None or item.ranking is not None:
        return None
    [part] = ref.parts
    if part.person is None or part.category is None or part.character or part.without:
        return None
    title = dataclasses.replace(ref, parts=())
    return Reading(
        Ask.FILMOGRAPHY, title=title, people=(part.person,), category=part.category, count=count, weight=_SURE
    )


def _titles(item: Described, weight: float, *, count: bool = False) -> Reading:
    ranking = item.ranking
    limit = 1 if (ranking is not None and item.one) or item.ref.ordinal is not None else None
    limit = ranking.limit or limit if ranking is not None else limit
    return Reading(
        Ask.TITLE,
        title=item.ref,
        count=count,
        order=ranking.order if ranking else None,
        descending=ranking.descending if ranking else True,
        limit=None if count else limit,
        weight=weight,
    )


def _bare(found: re.Match[str]) -> Iterator[Reading]:
    """ "the last three words": a phrase alone asks for what it describes, where it says more than a name."""
    for item in described(found["np"]):
        if item.ranking is not None or item.says_more:
            yield _filmography(item) or _titles(item, _RARE)


def _counted(found: re.Match[str]) -> Iterator[Reading]:
    text = re.sub(r"\b(?:are|were|is|was) there\b", " ", found["np"], flags=re.I)
    text = re.sub(r"\b(?:have|has) (?:there )?been (?:made|released|produced)\b", " ", text, flags=re.I)
    text = re.sub(r"\s(?:have there been|are out|exist|were made|did they make)$", " ", text, flags=re.I)
    for item in described(text):
        if item.ranking is None and item.ref.ordinal is None:
            films = _filmography(item, count=True)
            if films is not None:
                yield films
            if films is None or films.category == "acting":  # "the Joker has been in" names no person
                yield _titles(item, _SURE if films is None else _RARE, count=True)


def _in_which(found: re.Match[str]) -> Iterator[Reading]:
    """ "Walken played Max Zorin in which movie from 1985"."""
    character = refs.character_name(found["role"])
    part = Part(refs.person_ref(found["who"]), category="acting", character=character)
    for item in described(found["np"]) or [Described(TitleRef(types=kinds.FILM_TYPES))]:
        ref = dataclasses.replace(item.ref, parts=(*item.ref.parts, part))
        yield _titles(dataclasses.replace(item, ref=ref), _USUAL)


def _work_of(found: re.Match[str]) -> Iterator[Reading]:
    """ "when did Steven Spielberg direct his first movie": the year of that one."""
    for item in described(f"{found['nth']} {found['np']} that {found['who']} {found['verb']}"):
        if item.ref.ordinal is not None and item.ref.parts:
            yield Reading(Ask.YEAR, title=item.ref, weight=_SURE)


def _times(found: re.Match[str]) -> Iterator[Reading]:
    """ "how many times has Hugh Jackman played Wolverine"."""
    part = Part(
        refs.person_ref(found["who"]), category="acting", character=refs.character_name(found["role"])
    )
    yield Reading(Ask.TITLE, title=TitleRef(types=kinds.FILM_TYPES, parts=(part,)), count=True, weight=_USUAL)


# -------------------------------------------------------------------------------------------- yes or no

_VERBS = (
    r"(?:star(?:red)?|act(?:ed)?|appear(?:ed)?|play(?:ed)?|be|been|feature[d]?|work(?:ed)?|direct(?:ed)?|"
    r"write|written|"
    r"wrote|produced?|made|make|done|do|perform(?:ed)?|co-?star(?:red)?)"
)


def _exists(found: re.Match[str]) -> Iterator[Reading]:
    """ "has Meryl Streep ever been in a musical film", "have A and B acted in a movie together"."""
    verb = re.sub(r"^(?:work|worked|co-?star|co-?starred)$", "appear", found["verb"], flags=re.I)
    clauses = clauses_of(f"{found['who']} {verb}")
    plain = re.fullmatch(r"(?:an?|any|the same|more than one) (?:movies?|films?)", found["np"].strip(), re.I)
    items = [Described(TitleRef(types=kinds.FILM_TYPES))] if plain else described(found["np"])
    for item in items:
        for clause in clauses[:2]:
            merged: Described | None = item
            for one in clause:
                merged = merged.also(one) if merged else None
            if merged is not None:
                yield dataclasses.replace(_titles(merged, _SURE), threshold=("over", 0.0), limit=None)


_TOGETHER = {"direct": ("director", "acting"), "directed": ("director", "acting")}


def _worked_with(found: re.Match[str]) -> Iterator[Reading]:
    """ "has Tom Hanks ever worked with Steven Spielberg", "did Hitchcock direct Grace Kelly"."""
    verb = found["verb"].lower()
    first, second = _TOGETHER.get(verb, (None, None))
    if re.match(r"(?:act|star|co-?star|appear|play)", verb):
        first = second = "acting"
    if "by" in verb:
        first, second = "acting", "director"
    people = (refs.person_ref(found["who"]), refs.person_ref(found["other"]))
    if any(person.name and not is_a_name(person.name) for person in people):
        return
    parts = (Part(people[0], category=first), Part(people[1], category=second))
    ref = TitleRef(types=kinds.FILM_TYPES, parts=parts)
    yield Reading(Ask.TITLE, title=ref, threshold=("over", 0.0), weight=_SURE if first is None else _WORKED)


_WORKED = 0.97  # below "did P direct T", which sounds the same


def _played_ever(found: re.Match[str]) -> Iterator[Reading]:
    """ "did Roger Moore play James Bond"."""
    if re.search(r"\b(?:in|on)\b", found["role"], re.I) or re.match(
        r"^(?:in|an?|any|with)\b", found["role"], re.I
    ):
        return
    part = Part(
        refs.person_ref(found["who"]), category="acting", character=refs.character_name(found["role"])
    )
    ref = TitleRef(parts=(part,))
    yield Reading(Ask.TITLE, title=ref, threshold=("over", 0.0), weight=_USUAL)


def _more_than(found: re.Match[str]) -> Iterator[Reading]:
    """ "are there more than four Saw films"."""
    number = _number(found["n"])
    word = {"more": "over", "over": "over", "fewer": "under", "less": "under"}.get(
        (found["than"] or "").split(" ")[0].lower()
    )
    if number is None:
        return
    for item in described(re.sub(r"\bthere\b", " ", found["np"])):
        base = dataclasses.replace(_titles(item, _SURE), limit=None)
        if item.ref.ordinal is None and item.ranking is None:
            yield dataclasses.replace(base, threshold=(word or "equal", float(number)))


def _number(text: str) -> int | None:
    return kinds.number_of(text.lower())


def _sequel(found: re.Match[str]) -> Iterator[Reading]:
    if refs.title_ref(found["t"]).context:
        yield Reading(Ask.TITLE, title=TitleRef(context=True, step=1), threshold=("over", 0.0), weight=_SURE)
        return
    ref = TitleRef(name=found["t"], full=found["t"], types=kinds.FILM_TYPES, series=True)
    yield Reading(Ask.TITLE, title=ref, threshold=("over", 1.0), weight=_USUAL)


def _trilogy(found: re.Match[str]) -> Iterator[Reading]:
    ref = TitleRef(name=found["t"], full=found["t"], types=kinds.FILM_TYPES, series=True)
    yield Reading(Ask.TITLE, title=ref, threshold=("equal", 3.0), weight=_USUAL)


def _of_genre(found: re.Match[str]) -> Iterator[Reading]:
    key = fold(found["genre"])
    kind = kinds.parse_kind(key)
    genres = kind.genres if kind is not None else ()
    genres = genres or tuple(filter(None, (phrases.genres().get(key),)))
    if genres:
        yield Reading(Ask.GENRES, title=refs.title_ref(found["t"]), holds=genres, weight=_SURE)


def _dated(found: re.Match[str]) -> Iterator[Reading]:
    """ "did Grease come out before 1980", "was Grease released in the seventies"."""
    years = kinds.parse_years(re.sub(r"\b(?:the )?year ", "", found["time"], flags=re.I))
    if years is None:
        return
    title = refs.title_ref(found["t"])
    first, last = years
    word, value = (
        ("equal", first) if first == last else ("under", last + 1) if first <= 0 else ("over", first - 1)
    )
    if 0 < first < last < 9999:
        return
    yield Reading(Ask.YEAR, title=title, threshold=(word, float(value)), weight=_SURE)


_RELATIONS = {
    "before": ("less", Order.YEAR),
    "earlier than": ("less", Order.YEAR),
    "after": ("more", Order.YEAR),
    "later than": ("more", Order.YEAR),
}


def _order_of(found: re.Match[str]) -> Iterator[Reading]:
    """ "did Grease come out before Xanadu", "was it released the same year as Xanadu"."""
    relation, order = _RELATIONS.get(found["rel"].lower(), ("same", Order.YEAR))
    titles = (refs.title_ref(found["t"]), refs.title_ref(found["u"]))
    if kinds.parse_years(found["u"]) is not None and relation != "same":
        return
    yield Reading(Ask.COMPARE, titles=titles, order=order, relation=relation, weight=_SURE)


_THAN = {
    "older": ("less", Order.YEAR),
    "newer": ("more", Order.YEAR),
    "longer": ("more", Order.RUNTIME),
    "shorter": ("less", Order.RUNTIME),
    "better rated": ("more", Order.RATING),
    "higher rated": ("more", Order.RATING),
    "rated higher": ("more", Order.RATING),
    "lower rated": ("less", Order.RATING),
    "rated lower": ("less", Order.RATING),
    "more recent": ("more", Order.YEAR),
    "younger": ("more", Order.YEAR),
    "more popular": ("more", Order.VOTES),
}


def _than(found: re.Match[str]) -> Iterator[Reading]:
    """ "is Meryl Streep older than Goldie Hawn", "is Heat longer than Casino"."""
    if kinds.parse_amount(found["b"]) is not None or found["b"][0].isdigit():
        return
    relation, order = _THAN[found["how"].lower()]
    titles = (refs.title_ref(found["a"]), refs.title_ref(found["b"]))
    people = (refs.person_ref(found["a"]), refs.person_ref(found["b"]))
    if found["how"].lower() in ("older", "younger"):
        yield Reading(Ask.COMPARE, people=people, order=Order.BORN, relation=relation, weight=_SURE)
    if found["how"].lower() != "younger":
        yield Reading(Ask.COMPARE, titles=titles, order=order, relation=relation, weight=_USUAL)


# ---------------------------------------------------------------------------------------- comparisons

_WORK = {
    "acting": r"(?:been in|starred in|acted in|appeared in|played in|star in|act in|appear in|"
    r"been cast in|done)",
    "director": r"(?:directed|direct)",
    "writer": r"(?:written|wrote|write)",
    "producer": r"(?:produced|produce)",
}
_ANY_WORK = "|".join(_WORK.values())


def _more_titles(found: re.Match[str]) -> Iterator[Reading]:
    """ "who has directed more films, Spielberg or Lucas"."""
    category = next((name for name, verb in _WORK.items() if re.fullmatch(verb, found["verb"], re.I)), None)
    people = tuple(refs.person_ref(name) for name in refs.split_alternatives(found["people"]))
    items = described(f"{found['np']}") or [Described(TitleRef(types=kinds.FILM_TYPES))]
    if not re.search(r"(?:movies|films|pictures|shows|roles)\b", found["np"], re.I) or len(people) < 2:
        return
    plain = bool(re.fullmatch(r"(?:movies|films|pictures|roles)", found["np"].strip(), re.I))
    ref = TitleRef(types=kinds.FILM_TYPES) if plain else items[0].ref
    if not plain and items[0].ref.parts:
        return
    yield Reading(
        Ask.COMPARE,
        title=ref,
        people=people,
        category=category or "acting",
        order=Order.CREDITS,
        descending=found["most"].lower() != "fewer",
        limit=1,
        weight=_SURE,
    )


def _or_older(found: re.Match[str]) -> Iterator[Reading]:
    """ "is Meryl Streep or Goldie Hawn older"."""
    people = tuple(refs.person_ref(name) for name in refs.split_alternatives(found["people"]))
    if len(people) > 1:
        younger = found["how"].lower().startswith("young")
        yield Reading(Ask.COMPARE, people=people, order=Order.BORN, descending=younger, limit=1, weight=_SURE)


_SAME_ROLES = {"director": "director", "writer": "writer", "screenwriter": "writer", "composer": "composer",
               "producer": "producer", "person": "director", "actor": "acting", "star": "acting",
               "lead actor": "acting", "editor": "editor", "cinematographer": "cinematographer"}  # fmt: skip


def _same_maker(found: re.Match[str]) -> Iterator[Reading]:
    """ "are Heat and Collateral by the same director"."""
    category = _SAME_ROLES[found["role"].lower()]
    titles = (refs.title_ref(found["t"]), refs.title_ref(found["u"]))
    parts = tuple(Part(None, title, category) for title in titles)
    yield Reading(Ask.PERSON, parts=parts, threshold=("over", 0.0), weight=_SURE)


def _years_between(found: re.Match[str]) -> Iterator[Reading]:
    """ "how many years after Tron was Tron: Legacy released"."""
    titles = (refs.title_ref(found["t"]), refs.title_ref(found["u"]))
    yield Reading(Ask.COMPARE, titles=titles, order=Order.YEAR, count=True, weight=_SURE)


def _age_in(found: re.Match[str]) -> Iterator[Reading]:
    """ "how old was Jodie Foster in Taxi Driver"."""
    people = (refs.person_ref(found["who"]),)
    if re.search(r"\b(?:who|that|which|first|last)\b", found["t"], re.I):
        return
    yield Reading(Ask.AGE, people=people, title=refs.title_ref(found["t"]), weight=_SURE)


def _age_then(found: re.Match[str]) -> Iterator[Reading]:
    """ "how old was she then": in the title just spoken of."""
    people = (refs.person_ref(found["who"]),)
    yield Reading(Ask.AGE, people=people, title=TitleRef(context=True), weight=_SURE)


# ---------------------------------------------------------------------------------------------- people

_PERSON_VERBS = (
    (
        "acting",
        r"(?:has |have |also |had )*(?:starred|stars|star|appeared|appears|appear|acted|acts|act|played|"
        r"plays|featured|was|were|is|been|performed|co-?starred|participated|participate|"
        r"(?:had|has|have) (?:an? |the )?(?:(?:lead|leading|starring|main|major) )?(?:roles?|parts?))"
        r"(?: both)?(?: in| on)(?: both)?",
    ),
    (
        "director",
        r"(?:has |also )*(?:directed|directs|direct|helmed|made|(?:was|is) the director (?:of|for))"
        r"(?: both)?",
    ),
    (
        "writer",
        r"(?:has |also )*(?:wrote|written|writes|write|scripted|(?:was|is) the writer (?:of|for))"
        r"(?: both)?",
    ),
    ("producer", r"(?:has |also )*(?:produced|produces|produce)(?: both)?"),
    (
        "composer",
        r"(?:has |also )*(?:composed|scored|wrote the music|composed the music|composed the score|"
        r"did the music)(?: both)?(?: for| of)?(?: both)?",
    ),
)
_CHARACTER_VERB = (
    r"(?:has |have |also )*(?:played|plays|portrayed|portrays|voiced|voices|starred as|"
    r"stars as|was)(?: the (?:role|character|part)s?(?: of)?)?(?: both)?"
)
_WHO = (
    r"(?:who|(?:which|what) (?:\w+ )?(?:actor|actress|person|director|star|writer|composer|producer|"
    r"filmmaker|screenwriter)(?: or actress)?s?)"
)
_NOT_TITLES = re.compile(
    r"\b(?:born|won|studied|married|attended|grew|graduated|nominated|known|age|years old|university|"
    r"college|school|"
    r"passed|died|oscar|award|lives|from|was a|is a|is an|was an|worked as|before (?:he|she)|his|her|"
    r"their|lead|leading)\b",
    re.I,
)
_CUT = re.compile(r"\s*,?\s+(?:and also|but also|as well as|and|but)\s+", re.I)
_NEGATED = re.compile(r"^(?:did |does |was |is |has )?(?:not|never)\s*(?:also )?", re.I)


def _people(found: re.Match[str]) -> Iterator[Reading]:
    """ "which actor played both Rick Deckard and Han Solo", "who directed Alien but not Aliens"."""
    pieces = _each_a_series(_CUT.split(found["vp"]))
    if not 2 <= len(pieces) <= 3 or any(_is_no_title(piece) for piece in pieces):
        return
    for part in _first_part(pieces[0]):
        parts = [part]
        for piece in pieces[1:]:
            following = _next_part(piece, part)
            if following is None:
                break
            parts.append(following)
        else:
            if part.title is None and part.character is None:  # "who wrote and directed Heat"
                parts[0] = dataclasses.replace(part, title=parts[1].title)
            if any(one.title or one.character for one in parts[:1]):
                yield Reading(Ask.PERSON, parts=tuple(parts), weight=_USUAL)


def _each_a_series(pieces: list[str]) -> list[str]:
    """ "... in the Saw and Alien franchises": of each the films."""
    if not _FRANCHISES.search(pieces[-1]):
        return pieces
    return [f"{_FRANCHISES.sub('', piece)} films" for piece in pieces]


_FRANCHISES = re.compile(r"\s+(?:franchises|sagas)$", re.I)


def _is_no_title(piece: str) -> bool:
    return bool(_NOT_TITLES.search(_HAD_A_ROLE.sub("", piece))) and not _IN_THE_SAME.match(piece)


_HAD_A_ROLE = re.compile(
    r"^(?:had|has|have) (?:an? |the )?(?:(?:lead|leading|starring|main|major) )?(?:roles?|parts?)\b", re.I
)


def _first_part(text: str) -> Iterator[Part]:
    whole = re.match(rf"^{_CHARACTER_VERB}\s+(?P<role>.+?) in (?P<t>.+)$", text, re.I)
    if whole:
        yield Part(None, refs.title_ref(whole["t"]), "acting", refs.character_name(whole["role"]))
    for category, verb in _PERSON_VERBS:
        found = re.match(rf"^{verb}\s+(?P<t>.+)$", text, re.I)
        if found:
            yield Part(None, refs.title_ref(found["t"]), category)
        elif re.match(rf"^{verb}$", text, re.I):
            yield Part(None, None, category)
    found = re.match(rf"^{_CHARACTER_VERB}\s+(?P<role>.+)$", text, re.I)
    if found and not whole and not re.match(r"^(?:in|on|both in)\b", found["role"], re.I):
        yield Part(None, None, "acting", refs.character_name(found["role"]))


_IN_THE_SAME = re.compile(
    r"^(?:also )?(?:starred|stars|acted|acts|appeared|appears|played)(?: in (?:it|the (?:movie|film)))?"
    r"(?: as (?:the|its|a) (?:movie's |film's )?(?:lead|main|leading|star).*)?$",
    re.I,
)


def _next_part(text: str, first: Part) -> Part | None:
    """What follows "and" or "but not": a share of its own, or a title or character with the first verb."""
    negated = bool(_NEGATED.match(text))
    text = _NEGATED.sub("", text)
    if _IN_THE_SAME.match(text) and first.title is not None and first.category != "acting":
        return Part(None, first.title, "acting", without=negated)
    own = next(_first_part(text), None)
    if own is not None and own.title is not None and own.title.context:  # "... and directed it"
        own = dataclasses.replace(own, title=first.title)
    if own is None and first.title is not None and first.character is None:
        title = refs.title_ref(re.sub(r"^(?:in|on) ", "", text))
        own = Part(None, _of_its_series(title, first.title), first.category)
    if own is None and first.character is not None:
        where = re.match(r"^(?P<role>.+?) in (?P<t>.+)$", text, re.I)
        own = (
            Part(None, refs.title_ref(where["t"]), "acting", refs.character_name(where["role"]))
            if where
            else Part(None, first.title if negated else None, "acting", refs.character_name(text))
        )
        if re.match(r"^in ", text, re.I):
            own = Part(None, refs.title_ref(text[3:]), "acting", first.character)
    return dataclasses.replace(own, without=negated) if own is not None else None


def _of_its_series(title: TitleRef, first: TitleRef) -> TitleRef:
    """ "... but not the sequel", "... but not the third one": of the series of the title before it."""
    if not title.context or not (title.step or title.ordinal):
        return title
    return dataclasses.replace(
        first, step=title.step, ordinal=title.ordinal or first.ordinal, full=title.full
    )


def _both_credited(found: re.Match[str]) -> Iterator[Reading]:
    """ "did John Cazale and Al Pacino star in Dog Day Afternoon"."""
    people = refs.people_refs(found["who"])
    names = re.split(r"\s+and\s+", found["t"])
    category = _credited_as(found)
    if len(people) > 1 and not re.match(r"^(?:an?|any)\b", found["t"], re.I):
        title = refs.title_ref(found["t"])
        yield Reading(Ask.IS_IN, title=title, people=people, category=category, weight=_USUAL)
    if len(people) == 1 and len(names) == 2:
        titles = tuple(refs.title_ref(re.sub(r"^both ", "", name, flags=re.I)) for name in names)
        yield Reading(
            Ask.IS_IN, title=titles[0], titles=titles, people=people, category=category, weight=_RARE
        )


def _credited_as(found: re.Match[str]) -> str:
    verb = found["verb"].lower()
    for category, words in (
        ("director", "direct"),
        ("writer", "writ|wrote"),
        ("producer", "produc"),
        ("composer", "compos|scor"),
    ):
        if re.search(words, verb):
            return category
    return "acting"


def _frame(pattern: str, build: _Build) -> tuple[re.Pattern[str], _Build]:
    return re.compile(pattern, re.I), build


_DO = r"(?:did|does|do|has|have|had|is|was|were|are)"
_OUT = r"(?:come out|came out|released|release|made|premiere|premiered|get released|produced)"
_MEASURED = "|".join(_THAN)
_FRAMES: tuple[tuple[re.Pattern[str], _Build], ...] = (
    _frame(
        r"^(?:in |on |for |of )?(?:which|what) (?:other |one of the |of the )?(?!is |was |are |were |"
        r"year)(?P<np>.+)$",
        _listed,
    ),
    _frame(
        r"^(?:what|which)(?: one)? (?:is|was|are|were)(?: called)? (?:the (?:name|"
        r"title)s? of )?(?P<np>(?:the |all |some )?.+)$",
        _listed,
    ),
    _frame(r"^(?:name|list|find)(?: of)? (?P<np>.+)$", _listed),
    _frame(r"^(?:the )?(?:name|title) of (?P<np>.+)$", _listed),
    _frame(r"^(?!who|what|which|when|how|did|does|is |was |in |has |have |are )(?P<np>.+)$", _bare),
    _frame(r"^(?:in )?how (?:many|much) (?:total |different |of the |of )?(?P<np>.+)$", _counted),
    _frame(r"^(?:what is |what was )?the (?:total )?number of (?P<np>.+)$", _counted),
    _frame(
        r"^how many times (?:has|have|did|does) (?P<who>.+?) (?:play|played|portray|portrayed|voiced?|"
        r"been) (?P<role>.+?)"
        r"(?: (?:in|on)(?: (?:a|the))?(?: .*)?(?:movies?|films?))?$",
        _times,
    ),
    _frame(
        r"^(?P<who>.+?) (?:played|portrayed|voiced) (?P<role>.+?) (?:how many times|in how many (?:movies|"
        r"films))$",
        _times,
    ),
    _frame(
        rf"^{_DO} (?P<who>.+?) (?:ever |both |also )*(?P<verb>{_VERBS})(?: together)?(?: in| on| for|"
        rf" together in)? (?P<np>(?:an? |any |the |one |more than one )?.+?)(?: together)?$",
        _exists,
    ),
    _frame(
        r"^(?:did|has|have|does|do|was|is) (?P<who>.+?) (?:ever |both |also )*(?P<verb>direct|directed|"
        r"directed by|been directed by|(?:work|worked|collaborate|collaborated|team up|teamed up|team|act|"
        r"acted|star|starred|co-?star|co-?starred|appear|appeared|play|played|"
        r"(?:been in|be in|made|make|do|done|shot|shoot) (?:an?|any|another|the same) "
        r"(?:movies?|films?|pictures?))(?: together)? (?:with|alongside|opposite)) (?P<other>.+?)"
        r"(?: in (?:an?|any) (?:movies?|films?))?$",
        _worked_with,
    ),
    _frame(
        r"^(?:did|has|have|does) (?P<who>.+?) (?:ever )?(?:play|played|portray|portrayed|voice|"
        r"voiced) (?P<role>.+)$",
        _played_ever,
    ),
    _frame(
        rf"^(?:are|is|was|were|have) there (?:been )?(?:(?P<than>more than|over|fewer than|"
        rf"less than) )?(?P<n>\d+|{'|'.join(kinds.NUMBERS)}) (?:different )?(?P<np>.+)$",
        _more_than,
    ),
    _frame(r"^(?:was|is|were) there (?:ever )?(?:an?|any) sequels?(?: to| of) (?P<t>.+)$", _sequel),
    _frame(
        r"^(?:did|does|has|have) (?P<t>.+?) (?:ever )?(?:have|get|had|got) (?:an?|any) sequels?$", _sequel
    ),
    _frame(r"^(?:is|was) (?P<t>.+?) a trilogy$", _trilogy),
    _frame(
        r"^(?:is|was|are|were) (?P<t>.+?) (?:considered )?(?:an?|in the) (?P<genre>[\w -]+?)(?: genre)?$",
        _of_genre,
    ),
    _frame(
        rf"^(?:did|was|were|is|has) (?:the (?:movie|film) )?(?P<t>.+?) (?:been )?{_OUT} (?P<time>(?:in|"
        rf"before|after|during|prior to|later than|since)(?: the)?(?: year)? .+)$",
        _dated,
    ),
    _frame(
        rf"^(?:did|was|were|is) (?:the (?:movie|film) )?(?P<t>.+?) {_OUT} (?P<rel>before|after|"
        rf"earlier than|later than|(?:in |during )?the same year (?:as|that)) (?P<u>.+?)(?: (?:did|was|"
        rf"came out))?$",
        _order_of,
    ),
    _frame(
        rf"^(?:did|were|was) (?P<t>.+?) and (?P<u>.+?) (?:both )?{_OUT} (?P<rel>(?:in |"
        rf"during )?the same year)$",
        _order_of,
    ),
    _frame(rf"^(?:is|was|are) (?P<a>.+?) (?P<how>{_MEASURED}) than (?P<b>.+)$", _than),
    _frame(
        rf"^(?:who|which (?:actor|actress|director|writer|person|one|of them))(?: has| have| had|"
        rf" did)? (?P<verb>{_ANY_WORK}|made|make|been|has) (?:in )?(?:the )?(?P<most>more|most|"
        rf"fewer) (?P<np>[^,:?]+?)[,:]? (?:between )?(?P<people>(?:[^,]+,? (?:or|and) .+))$",
        _more_titles,
    ),
    _frame(
        r"^(?:is|was) (?P<people>.+? or .+?) (?P<how>older|younger|the older|the younger)(?: one)?$",
        _or_older,
    ),
    _frame(
        rf"^(?:are|were|is|was|do|did|does|have) (?P<t>.+?) and (?P<u>.+?) (?:both )?(?:(?:by|have|share|"
        rf"made by|directed by|written by|scored by|has|from) )?(?:the same|a common|a) "
        rf"(?P<role>{'|'.join(_SAME_ROLES)})$",
        _same_maker,
    ),
    _frame(
        rf"^how many years (?:after|before) (?P<t>.+?) (?:was|did|were) (?P<u>.+?) {_OUT}$", _years_between
    ),
    _frame(
        r"^how many years (?:passed |are there |were there |apart )?(?:between|"
        r"were between) (?P<t>.+?) and (?P<u>.+)$",
        _years_between,
    ),
    _frame(
        r"^(?:how old|what age|at what age) (?:was|were) (?P<who>.+?) (?:then|back then|at the time|"
        r"at that time|there|when (?:it|this|that) (?:was|came|got) (?:made|out|filmed|shot|released))$",
        _age_then,
    ),
    _frame(
        r"^(?:how old|what age|at what age) was (?P<who>.+?) (?:in|when (?:he|she|they) (?:was in|"
        r"starred in|made|played in|filmed|acted in|did|shot|directed|appeared in)|when|"
        r"during the filming of|at the time of|while filming) (?P<t>.+?)"
        r"(?: was released| came out| was filmed| was made)?$",
        _age_in,
    ),
    _frame(
        r"^(?P<who>.+?) (?:played|portrayed|voiced|plays) (?P<role>.+?) in (?:which|what) "
        r"(?P<np>(?:\w+ )?(?:movie|film|show|series|tv show).*)$",
        _in_which,
    ),
    _frame(
        r"^(?:when|(?:in )?(?:what|which) year) (?:did|does|was) (?P<who>.+?) (?P<verb>direct|produce|"
        r"write|star in|"
        r"act in|appear in|play in|make|compose)(?: for| in)? (?:his|her|their) (?P<nth>(?:very "
        r")?(?:first|last|latest|second|"
        r"third|debut)) (?P<np>.*(?:movies?|films?))$",
        _work_of,
    ),
    _frame(rf"^{_WHO}(?: has| have)? (?P<vp>.+)$", _people),
    _frame(
        r"^(?:did|does|has|have|were|was|are|is|do) (?:both )?(?P<who>.+?) (?:both )?(?P<verb>star in|"
        r"starred in|act in|acted in|appear in|appeared in|play in|direct|directed|write|written|produce|"
        r"produced|compose|in|the directors? of|the writers? of|the producers? of|"
        r"been in) (?:both )?(?P<t>.+)$",
        _both_credited,
    ),
)
