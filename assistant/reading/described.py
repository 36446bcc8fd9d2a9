"""Titles described by parts: "the second Harry Potter movie directed by Chris Columbus".

A noun ("movie") with what stands before it (rank, year, kind, the name of a series or a person) and the
clauses behind it. Every word has to be accounted for: a phrase with a part that no clause knows ("filmed in
Utah", "that won an Oscar") is not read at all, since the answer would be one to another question.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.reading import kinds, phrases, refs
from assistant.reading.phrases import Ranking
from assistant.reading.reading import Order, Part, TitleRef
from indexer.text import fold

_MOST = 6  # ways to read one phrase
_MOST_CLAUSES = 5
_LONGEST = 400  # characters


@dataclass(frozen=True)
class Described:
    """Titles that a phrase means. ``ranking`` orders them, ``ref.ordinal`` picks one; ``one``: a single title
    is asked for.
    """

    ref: TitleRef
    ranking: Ranking | None = None
    one: bool = True

    @property
    def says_more(self) -> bool:
        """Whether it is more than a kind of titles, or a person's, which the wordings of rules.toml hold."""
        ref = self.ref
        alone = len(ref.parts) == 1 and ref.parts[0].category is None and not ref.name
        return (bool(ref.parts) and not alone) or ref.ordinal is not None

    def by_story(self) -> Described:
        """The same in the order of what is told, where that differs from the order of release."""
        return dataclasses.replace(self, ref=dataclasses.replace(self.ref, by_story=True))

    def also(self, clause: Clause) -> Described | None:
        """Narrowed by a clause; ``None`` where the two contradict each other."""
        if clause.ranking is not None and self.ranking is not None:
            return None
        ref = self.ref
        if clause.years is not None:
            if ref.years is not None:
                return None
            ref = dataclasses.replace(ref, years=clause.years)
        if clause.series is not None:
            if ref.name is not None:
                return None
            ref = dataclasses.replace(ref, name=clause.series, full=clause.series, series=True)
        if clause.word is not None:
            ref = dataclasses.replace(ref, word=clause.word)
        if clause.genres:
            ref = dataclasses.replace(ref, genres=(*ref.genres, *clause.genres))
        if clause.ordinal is not None:
            ref = dataclasses.replace(ref, ordinal=clause.ordinal)
        ref = dataclasses.replace(ref, parts=(*ref.parts, *clause.parts))
        return Described(ref, clause.ranking or self.ranking, self.one)


@dataclass(frozen=True)
class Clause:
    """What one clause adds."""

    parts: tuple[Part, ...] = ()
    years: kinds.Years | None = None
    series: str | None = None
    word: str | None = None
    genres: tuple[str, ...] = ()
    ranking: Ranking | None = None
    ordinal: int | None = None


_NOUN = r"(?:movies?|films?|flicks?|pictures?|motion pictures?|feature films?|feature length films?|features)"
_SHOW = r"(?:tv shows?|tv series|television shows?|television series|sitcoms?|shows?)"
_HEAD = re.compile(rf"(?<![\w'])({_NOUN}|{_SHOW})(?![\w'])", re.I)
_GROUP = r"(?:series|franchises?|sagas?|trilog(?:y|ies)|film series|movie series|quadrilogy)"
_SHOWS = re.compile(_SHOW, re.I)


def described(text: str) -> list[Described]:
    """Ways to read a phrase as titles described by parts, the likeliest first; [] where a word is left."""
    if len(text) > _LONGEST:
        return []
    found: dict[str, Described] = {}
    for item in _described(" ".join(text.split()).strip(" ?!.,")):
        if item.ref != TitleRef(types=item.ref.types):
            found.setdefault(repr(item), item)
        if len(found) >= _MOST:
            break
    return list(found.values())


def _described(text: str) -> Iterator[Described]:
    story = _STORY.search(text)
    text = _STORY.sub("", text).strip()
    for head in _HEAD.finditer(text):
        before, after = text[: head.start()].strip(), text[head.end() :].strip()
        group = re.match(rf"^{_GROUP}\b\s*", after, re.I)
        if group and "trilog" in group[0].lower():
            continue
        after = _FILLER.sub("", after[group.end() :] if group else after)
        for name, one in _nouns(before, head[0]):
            for base in _before(name, _types(head[0]), one):
                for item in _narrowed(base, after):
                    yield item.by_story() if story else item


def heads_of(text: str) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Where the noun may be: what stands before it, the types that it means, what stands behind."""
    for head in _HEAD.finditer(text):
        yield text[: head.start()].strip(), _types(head[0]), text[head.end() :].strip()


def ranked_before(text: str, types: tuple[str, ...]) -> Iterator[tuple[str, Described]]:
    """What rank, year and kind leave of the words before the noun, and what those say."""
    yield from _ranked(_without_lead(text), Described(TitleRef(types=types)))


def cuts_of(text: str) -> list[tuple[int, int]]:
    """Where a clause may end and the next begin."""
    return sorted({found.span() for pattern in (_JOIN, _START) for found in pattern.finditer(text)})


def _types(noun: str) -> tuple[str, ...]:
    return kinds.SERIES_TYPES if _SHOWS.fullmatch(noun) else kinds.FILM_TYPES


def _nouns(before: str, noun: str) -> Iterator[tuple[str, bool]]:
    """What stands before the noun, and whether one title is meant; a noun in capitals may be part of a name
    ("Scary Movie").
    """
    plural = noun.lower().endswith("s")
    if before and before.istitle() and noun[0].isupper():
        yield f"{before} {noun}", not plural
    yield before, not plural or bool(re.match(r"^(?:which|what|the) one of\b", before, re.I))


def _narrowed(base: Described, after: str) -> Iterator[Described]:
    """``base`` with what each way to read the words behind the noun adds."""
    for clauses in _clauses(after):
        item: Described | None = base
        for clause in clauses:
            item = item.also(clause) if item is not None else None
        if item is not None:
            yield item


# "the first movie ever released that featured X"
_FILLER = re.compile(
    r"^(?:(?:ever|to be) )?(?:released|made|produced|(?:that )?came out|to come out)\s+(?=(?:featuring|"
    r"starring|with|that|which|to)\b)",
    re.I,
)
_STORY = re.compile(r",?\s+(?:chronologically|in chronological order|by chronology|in story order)\b", re.I)

# ------------------------------------------------------------------------------------------ before the noun

_LEAD = re.compile(
    r"^(?:the|a|an|any|all|all the|all of the|one of the|of the|only|only one of the|other|some|their|"
    r"main|mainline|major|different|actual|official|feature|hollywood|every|another|those|these|"
    r"live[- ]action|theatrical|full length|name of the|title of the)\s+",
    re.I,
)
_OWNER = re.compile(r"^(.+?)(?:'s|s')\s+(.*)$", re.I)
_THEIRS = re.compile(r"^(?:the )?(his|her|their) (.*)$", re.I)
_NUMBER = re.compile(r"^(\d{1,2})(?:st|nd|rd|th)$")
_CENTURIES = {"21st century": (2000, 2099), "20th century": (1900, 1999)}
_ORDINAL_WORDS = {"tenth": 10, "eleventh": 11, "twelfth": 12, "10th": 10}


def _before(text: str, types: tuple[str, ...], one: bool) -> Iterator[Described]:
    """The words before the noun: rank, year, kind, then a name: of a series, or of a person."""
    base = Described(TitleRef(types=types), None, one)
    bare = _without_lead(text)
    owner = _OWNER.match(bare) or _THEIRS.match(text)
    if owner:
        for rest, item in _ranked(_without_lead(owner[2]), base):
            yield from _named(rest, item, owner[1])
    for number, (rest, item) in enumerate(_taken(bare, base)):
        if number and (not rest or owner):
            continue
        yield from _named(rest, item, None)


def _taken(bare: str, base: Described) -> Iterator[tuple[str, Described]]:
    """With rank and kind taken off; then, where that took words, as a name of all the words."""
    taken = list(_ranked(bare, base))
    yield from taken
    rest = taken[0][0] if taken else ""
    named = rest or (" " in bare and bare.istitle())  # "Final Fantasy" is no last one of a genre
    if named and rest != bare and fold(rest) not in phrases.words("not_held"):
        yield bare, base


def _without_lead(text: str) -> str:
    shorter = _LEAD.sub("", f"{text} ", count=1).strip()
    while shorter != text:
        text, shorter = shorter, _LEAD.sub("", f"{shorter} ", count=1).strip()
    return text


def _named(name: str, item: Described, owner: str | None) -> Iterator[Described]:
    """ "Batman" or "Tim Burton" before the noun, perhaps after "Christian Bale's"."""
    for person in refs.people_refs(re.sub(r"'s\b", "", owner)) if owner is not None else ():
        item = _with_part(item, Part(person))
    if not name:
        yield item
        return
    name = re.sub(rf"\s+{_GROUP}$", "", name.strip(" \"'"), flags=re.I).strip(" \"'")
    if _ASKING.match(name) or _CLAUSED.search(name):
        return
    if not name or fold(name) in ("which", "what", "that", "this") or fold(name) in phrases.words("not_held"):
        return
    yield dataclasses.replace(item, ref=dataclasses.replace(item.ref, name=name, full=name, series=True))
    if owner is None and not _NO_NAME.search(name) and not re.search(r"\d", name) and len(name.split()) <= 4:
        yield _with_part(item, Part(refs.person_ref(name)))


_CLAUSED = re.compile(
    r"\b(?:directed by|starring|starred|whose|is about|was about|written by|(?:which|what) (?:movie|film))\b",
    re.I,
)
_ASKING = re.compile(r"^(?:how|who|whom|when|why|did|does|do|in which|in what|which|what|where)\b", re.I)


def _with_part(item: Described, part: Part) -> Described:
    return dataclasses.replace(item, ref=dataclasses.replace(item.ref, parts=(*item.ref.parts, part)))


def _ranked(text: str, base: Described) -> Iterator[tuple[str, Described]]:
    """The name that is left after rank, year, decade and genres, and what they say."""
    words, item = text.split(), base
    while words:
        length, changed = _first_words(words, item)
        if changed is None:
            break
        words, item = words[length:], changed
        words = _without_lead(" ".join(words)).split()
    while words:
        genre = phrases.genres().get(fold(" ".join(words[-1:])))
        if genre is None:
            break
        item = dataclasses.replace(item, ref=dataclasses.replace(item.ref, genres=(genre, *item.ref.genres)))
        words = words[:-1]
    yield " ".join(words), item


def _first_words(words: Sequence[str], item: Described) -> tuple[int, Described | None]:
    """How many of the first words are a rank, a time or a genre, and the titles narrowed by them."""
    for length in (4, 3, 2, 1):
        if length <= len(words):
            changed = _taking(fold(" ".join(words[:length])), " ".join(words[:length]), item)
            if changed is not None:
                return length, changed
    return 0, None


def _taking(key: str, text: str, item: Described) -> Described | None:
    ref = item.ref
    ordinal = _ordinal(key)
    if ordinal is not None and ref.ordinal is None and item.ranking is None:
        return dataclasses.replace(item, ref=dataclasses.replace(ref, ordinal=ordinal), one=True)
    ranking = kinds.parse_superlative(key)
    if ranking is not None and item.ranking is None and key not in ("top",):
        return dataclasses.replace(item, ranking=ranking)
    years = _CENTURIES.get(key) or (kinds.parse_years(text) if any(char.isdigit() for char in key) else None)
    if years is not None and ref.years is None:
        return dataclasses.replace(item, ref=dataclasses.replace(ref, years=years))
    genre = phrases.genres().get(key)
    if genre is not None:
        return dataclasses.replace(item, ref=dataclasses.replace(ref, genres=(*ref.genres, genre)))
    return None


def _ordinal(key: str) -> int | None:
    found = _NUMBER.match(key)
    if found:
        return int(found[1])
    if key == "new":
        return None
    return phrases.ordinals().get(key) or _ORDINAL_WORDS.get(key)


# ---------------------------------------------------------------------------------------- behind the noun

_TAIL = re.compile(
    r"(?:^|\s+|,)\s*(?:ever|ever made|of all time|called|to be released|"
    r"to come out|so far|in total|in all|altogether|in order|there|out there|yet|"
    r"that was released|"
    r"(?:to (?:be|get) )?(?:first )?(?:released|shown|come out)? ?(?:in|to) (?:theaters|theatres|cinemas)|"
    r"on the big screen|"
    r"released|that came out|in existence|total|together|titled|named|entitled|to date|in the (?:series|"
    r"franchise|saga))$",
    re.I,
)
_JOIN = re.compile(r"(?:\s*,\s*|\s+)(?:and also|and|but also|but|,)\s+|\s*,\s+", re.I)
_START = re.compile(
    r"\s+(?=(?:starring|stars?|starred|featuring|features|with|directed by|written by|produced by|"
    r"released|made|"
    r"from|in|of|during|before|after|since|between|that|which|who|where|without|not|did not|does not|"
    r"came out|has|have|"
    r"was|is|to)\s)",
    re.I,
)


def clauses_of(text: str) -> list[tuple[Clause, ...]]:
    """Ways to read what a question says of titles, clause by clause; [] where a word is left over."""
    return list(_clauses(text))[:_MOST]


def _clauses(text: str) -> Iterator[tuple[Clause, ...]]:
    text = text.strip(" ,")
    for shorter in _without_tails(text):
        if not shorter:
            yield ()
            return
        yield from _split(shorter, _MOST_CLAUSES)


def _without_tails(text: str) -> Iterator[str]:
    """The text, and without words at its end that narrow nothing."""
    yield text
    shorter = _TAIL.sub("", text)
    while shorter != text:
        text = shorter.strip(" ,")
        yield text
        shorter = _TAIL.sub("", text)


def _split(text: str, most: int) -> Iterator[tuple[Clause, ...]]:
    yield from ((clause,) for clause in _clause(text))
    if most <= 1:
        return
    cuts = {found.span() for pattern in (_JOIN, _START) for found in pattern.finditer(text)}
    for start, end in sorted(cuts):
        if start == 0:
            continue
        for first in _clause(text[:start]):
            for rest in _split(text[end:], most - 1):
                yield (first, *rest)


_LINK = re.compile(r"^(?:that|which|who|where|in which|when|and|but|also|both)\s+", re.I)
_AUX = re.compile(
    r"^(?:is the (?=music|score|soundtrack)|is|was|are|were|has|have|had|does|do|did|can|could|been|be|"
    r"being|to|also|ever|actually|both)\s+",
    re.I,
)
_NOT = re.compile(r"^(?:not|never|without)\s+", re.I)
_NOT_THEM = re.compile(r"^(?:but )?not ([A-Z].+)$")  # "... stars Al Pacino but not Robert De Niro"


@functools.lru_cache(maxsize=512)
def _clause(text: str) -> tuple[Clause, ...]:
    """Ways to read one clause."""
    text = text.strip(" ,")
    found = [*_of_subject(text), *_of_predicate(text)]
    return tuple(dict.fromkeys(found))


def _of_predicate(text: str) -> Iterator[Clause]:
    """ "(that) did not star Sean Connery", "directed by Sofia Coppola", "released in 1997"."""
    alone = _NOT_THEM.match(text)
    if alone:
        yield from _parts_only(_shares(alone[1], ("acting",), negated=True))
    negated = False
    for _ in range(5):
        shorter = _LINK.sub("", text, count=1)
        shorter = _AUX.sub("", shorter, count=1) if _keeps_meaning(shorter) else shorter
        without = _NOT.sub("", shorter, count=1)
        negated = negated or (without != shorter and not shorter.lower().startswith("without"))
        if shorter.lower().startswith("without "):
            negated, without = True, f"with {without}"
        if without == text:
            break
        text = without
    yield from _core(text, negated)


def _keeps_meaning(text: str) -> bool:
    """Whether a leading "has" or "is" is only a helper of the verb: "has the longest runtime" is not."""
    return not re.match(r"^(?:has|have|had)\s+(?!not\b|been\b|never\b)", text, re.I)


_STARRING = (
    r"(?:stars?|starred|starring|features?|featured|featuring|includes?|included|involves?|involved|with|"
    r"has|have|had|follows?|followed|"
    r"having|starring both|with both)"
)
_DONE_BY = {
    "director": r"(?:directed|helmed)",
    "writer": r"(?:written|scripted|penned)",
    "producer": r"(?:produced)",
    "composer": r"(?:composed|scored)",
    "cinematographer": r"(?:shot|photographed)",
    "editor": r"(?:edited)",
}
_WITH_TAIL = re.compile(
    r"\s+(?:in it|in them|in the cast|together|in the lead(?:ing)? role|in a lead(?:ing)? role|"
    r"as (?:the )?(?:lead|star|main actor|lead actor|main character)|"
    r"as an? (?:actor|actress)(?: in (?:the|a) lead(?:ing)? role)?)$",
    re.I,
)
_AS = re.compile(r"^(.+?) (?:as|playing|in the role of|reprising (?:his|her) role as) (.+)$", re.I)
_TIMED = re.compile(
    r"^(?:released|made|produced|came out|come out|comes out|premiered|filmed|out)?\s*"
    r"((?:in|on|from|of|during|before|after|since|between|prior to|later than|until|"
    r"as of|by)\s+(?:the )?(?:year )?.+)$",
    re.I,
)
_IN_SERIES = re.compile(
    rf"^(?:in|from|of|part of|within)\s+(?:the )?(.+?)\s+(?:{_GROUP}|{_NOUN}|universe)(?: of {_NOUN})?$", re.I
)
_VALUES = (
    (
        r"(?:longest|greatest|most)(?: run ?time| running time| duration| length| run time)",
        Ranking(Order.RUNTIME, True),
    ),
    (r"(?:shortest)(?: run ?time| running time| duration| length| run time)", Ranking(Order.RUNTIME, False)),
    (
        r"(?:highest|best|top|greatest)(?: imdb)?(?: user)? (?:rating|score|rated)(?: on imdb)?",
        Ranking(Order.RATING, True),
    ),
    (r"(?:lowest|worst)(?: imdb)?(?: user)? (?:rating|score)(?: on imdb)?", Ranking(Order.RATING, False)),
    (r"(?:most|highest number of)(?: imdb)? votes(?: on imdb)?", Ranking(Order.VOTES, True)),
)
_VALUE = re.compile(r"^(?:has|have|had|received|got|holds|with|given)\s+(?:the\s+)?(.+)$", re.I)
_RANK = re.compile(r"^(?:the\s+)?(.+?)(?: (?:one|in length|of them all|of all))?$", re.I)


_WORD_IN_NAME = re.compile(
    r"^(?:(?:has|have|with|contains?|containing|includes?|including) )?(?:the )?words? "
    r"[\"“']?(.+?)[\"”']? in (?:the|its) "
    r"(?:title|name)$",
    re.I,
)


def _core(text: str, negated: bool) -> Iterator[Clause]:
    ranking = _ranking(text)
    if ranking is not None:
        if not negated:
            yield Clause(ranking=ranking)
        return
    word = _WORD_IN_NAME.match(text)
    if word and not negated:
        yield Clause(word=word[1])
        return
    series = _IN_SERIES.match(text)
    if series and not negated and fold(series[1]) not in phrases.words("not_held"):
        yield Clause(series=series[1].strip("\"'"))
    timed = _TIMED.match(text)
    years = _years(timed[1]) if timed else None
    if years is not None:
        yield from _time_clauses(years, negated)
        return
    yield from _made_by(text, negated)
    starring = re.match(rf"^{_STARRING}\s+(?:both )?(.+)$", text, re.I)
    if starring:
        yield from _starring(_WITH_TAIL.sub("", starring[1]), negated)
    genre = _genre(text)
    if genre and not negated:
        yield Clause(genres=(genre,))


_MUSIC_BY = re.compile(
    r"^(?:the )?(?:music|score|soundtrack)(?: is| was)?(?P<not> not)?(?: made| composed| written|"
    r" done| scored)? by (?P<who>.+)$",
    re.I,
)
_FILM_BY = re.compile(r"^(?:by|from) (?:the )?(?:director |filmmaker )?(.+)$", re.I)
_FILM_OF = re.compile(r"^of (?!the\b)(.+)$", re.I)


def _made_by(text: str, negated: bool) -> Iterator[Clause]:
    """ "directed by P", "written and directed by P", "the music was not made by P", "by P"."""
    music = _MUSIC_BY.match(text)
    if music:
        yield from _parts_only(_shares(music["who"], ("composer",), negated or bool(music["not"])))
        return
    for category, verb in _DONE_BY.items():
        found = re.match(rf"^{verb}(?: and ({'|'.join(_DONE_BY.values())}))? by (.+)$", text, re.I)
        if found:
            yield from _parts_only(_shares(found[2], (category, *_also(found[1])), negated))
    by = _FILM_BY.match(text)
    if by:
        yield from _parts_only(_shares(by[1], ("director",), negated))
    of = _FILM_OF.match(text)
    if of:  # "the best films of P": in whatever they are known for
        yield from _parts_only(_shares(of[1], (None,), negated))


def _parts_only(parts: tuple[Part, ...]) -> Iterator[Clause]:
    if parts:
        yield Clause(parts)


def _genre(text: str) -> str | None:
    return phrases.genres().get(re.sub(r"^(?:an?|the) ", "", fold(text)))


def _time_clauses(years: kinds.Years, negated: bool) -> Iterator[Clause]:
    if not negated:
        yield Clause(years=years)
    elif years[0] <= 0 or years[1] >= 9999:  # "not made after 2002"
        yield Clause(years=(0, years[0] - 1) if years[1] >= 9999 else (years[1] + 1, 9999))
    else:  # "not released in the 1970s"
        yield Clause(years=(years[1] + 1, years[0] - 1))


_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?"
_DAY = re.compile(
    rf"^(?:on|in) (?:the )?(?:{_MONTH}(?: \d{{1,2}}(?:st|nd|rd|th)?)?|"
    rf"\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH})(?: of)?,? (?=\d{{4}}$)",
    re.I,
)  # "on October 5, 1978": the data holds years


def _years(text: str) -> kinds.Years | None:
    text = _DAY.sub("in ", text)
    key = re.sub(r"^(?:in|of|from|during)\s+(?:the\s+)?", "", fold(text))
    return _CENTURIES.get(key) or kinds.parse_years(re.sub(r"\b(?:the )?year ", "", text))


def _also(verb: str | None) -> tuple[str, ...]:
    if not verb:
        return ()
    return tuple(category for category, words in _DONE_BY.items() if re.fullmatch(words, verb, re.I))


def _ranking(text: str) -> Ranking | None:
    value = _VALUE.match(text)
    if value:
        for pattern, ranking in _VALUES:
            if re.fullmatch(pattern, value[1], re.I):
                return ranking
        return None
    bare = re.sub(r"^(?:is|was|are|were)\s+", "", text, flags=re.I)
    found = _RANK.match(bare)
    return kinds.parse_superlative(found[1]) if found else None


_NO_NAME = re.compile(
    r"^$|^(?:an?|the|\d+|one|two|three|four)(?:\s|$)|\b(?:and|starred|starring|stars|featur\w+|came|come|"
    r"directed|written|released|"
    r"made|produced|in|with|not|was|is|"
    r"are|were|did|does|has|have|had|from|won|first|last|most|only|ever|together|set|based|about|film\w*|"
    r"movies?|only|"
    r"which|who|that|by|his|her|their|its|for|at|as|on|after|before|during|decide\w*|sequels?|called|"
    r"original|cast|"
    r"longest|shortest|highest|lowest|best|worst|what|where|when|how|than|more|less|same|some|any|an|up|out|"
    r"oscars?|awards?|academy|animated|studio|actors?|actress|because|but|then|so|be|been)\b",
    re.I,
)


_NUMBERED = re.compile(r"^\d+ (?=[A-Z])")  # 50 Cent is somebody, 50 people are not


def is_a_name(text: str) -> bool:
    """Whether somebody may be called so: no words of a clause are in it."""
    return not _CLAUSE_WORDS.search(text)


_CLAUSE_WORDS = re.compile(
    r"\b(?:starred|starring|directed|written|released|featur(?:ed|ing|es)|came out|come out|did|does|was|"
    r"is|are|were|has|"
    r"have|had|won|not|never|movies?|films?|which|that|who|played|plays|appeared|about|with|without|"
    r"in the)\b",
    re.I,
)


def _shares(names: str, categories: Sequence[str | None], negated: bool) -> tuple[Part, ...]:
    names = re.sub(r"^(?:both|either)\s+", "", names, flags=re.I)
    if any(_NO_NAME.search(_NUMBERED.sub("", name)) for name in re.split(r"\s*,\s*|\s+(?:and|&)\s+", names)):
        return ()
    return tuple(
        Part(person, category=category, without=negated)
        for person in refs.people_refs(names)
        for category in categories
    )


def _starring(names: str, negated: bool) -> Iterator[Clause]:
    """ "Daniel Craig as Bond", "Eva Green and Mads Mikkelsen", or a character: "Darth Vader"."""
    role = _AS.match(names)
    if role:
        character = refs.character_name(role[2])
        yield Clause(
            (Part(refs.person_ref(role[1]), category="acting", character=character, without=negated),)
        )
        return
    if re.match(r"^(?:the )?(?:most|longest|highest|lowest|shortest|best|same|more|less)\b", names, re.I):
        return
    character = re.sub(r"^(?:the |an? )?characters? (?:of |named |called )?", "", names, flags=re.I)
    if character != names:
        yield Clause((Part(category="acting", character=character, without=negated),))
        return
    shares = _shares(names, ("acting",), negated)
    if shares:
        yield Clause(shares)


_DOES = {
    "acting": (
        r"(?:star|stars|starred|act|acts|acted|appear|appears|appeared|play|plays|played|perform|"
        r"performed|featured|"
        r"be|been|seen|cameo|make an appearance|made an appearance|play a role|played a role|play a part|"
        r"voice act|"
        r"have a role|had a role|have a part)(?: (?:together|a (?:lead |leading )?role|a part|a cameo))?"
        r"(?: in| on| for)?(?: (?:together|with each other))?|in|do|done|made|make|voice|voiced"
    ),
    "director": r"direct|directs|directed|helm|helmed",
    "writer": r"write|writes|wrote|written|script|co-write|co-wrote",
    "producer": r"produce|produces|produced",
    "composer": r"(?:score|scored|compose|composed|write the music|wrote the music|do the music|"
    r"make the music)(?: for| of)?",
}
_SUBJECT = re.compile(
    r"^(?:that |which |in which |where )?"
    r"(?:(?P<aux>is|was|are|were|has|have|had|does|do|did|can) )?(?P<who>.+?)"
    r"(?: (?P<aux2>is|was|are|were|has|have|had|does|do|did))?(?: (?P<not>not|never))?(?: (?:ever|also|"
    r"both|all))*(?: (?P<early>first|last))?"
    r"(?: (?:been )?(?P<verb>" + "|".join(f"(?:{verb})" for verb in _DOES.values()) + r"))"
    r"(?: as (?P<role>.+?))?(?: (?:together )?(?:with|alongside|opposite) (?P<other>.+?))?"
    r"(?: (?P<place>first|last|most recently|together))?(?: in)?$",
    re.I,
)
_FILLED = re.compile(
    r"\b(?:was|is|did|does|that|which|who|where|and also|directed|starred|won|made|came|come|about|decide)\b",
    re.I,
)
_FIRST = {"first": Ranking(Order.YEAR, False), "last": Ranking(Order.YEAR, True)}


def _of_subject(text: str) -> Iterator[Clause]:
    """ "did Keira Knightley not appear in", "that Sofia Coppola directed", "is Ewan McGregor in"."""
    found = _SUBJECT.match(text)
    if not found:
        yield from _playing(text)
        return
    who = found["who"]
    if (
        _FILLED.search(who)
        or fold(who) in ("not", "the", "it")
        or _AUX.match(f"{who} ")
        or _STARTS.match(who)
    ):
        yield from _playing(text)
        return
    category = _category(found["verb"])
    negated = bool(found["not"])
    others = refs.people_refs(found["other"]) if found["other"] else ()
    place = found["place"] or found["early"] or ""
    ranking = _FIRST.get("last" if place == "most recently" else place)
    if found["role"]:
        character = refs.character_name(found["role"])
        part = Part(refs.person_ref(who), category="acting", character=character, without=negated)
        yield Clause((part, *(Part(person, category="acting") for person in others)), ranking=ranking)
        return
    parts = _shares(who, (category,), negated)
    parts += tuple(Part(person, category="acting", without=negated) for person in others)
    if parts:
        yield Clause(parts, ranking=ranking)


_STARTS = re.compile(
    rf"^(?:{_STARRING}|directed|written|produced|released|made|came|from|of|in|by|before|after|about|"
    rf"based)\b",
    re.I,
)
_PLAYING = re.compile(
    r"^(?:that |which |in which |where )?(?:does |did |has |is |was )?(?P<who>.+?)"
    r"(?: (?:does|did))?(?P<not> not| never)? (?:plays?|played|portrays?|portrayed|voices?|voiced)"
    r"(?: the (?:character|role|part)(?: of)?)?(?: as)? (?P<role>.+?)(?: in| on)?$",
    re.I,
)


def _playing(text: str) -> Iterator[Clause]:
    found = _PLAYING.match(text)
    if found and not _FILLED.search(found["who"]) and not _STARTS.match(found["who"]):
        character = refs.character_name(found["role"])
        part = Part(
            refs.person_ref(found["who"]), category="acting", character=character, without=bool(found["not"])
        )
        yield Clause((part,))


def _category(verb: str) -> str | None:
    """The function of a verb; ``None`` for what somebody "did" or "made", which may be any."""
    if re.fullmatch(r"do|done|make|made", verb, re.I):
        return None
    return next(category for category, words in _DOES.items() if re.fullmatch(words, verb, re.I))
