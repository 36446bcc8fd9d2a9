"""Kinds of titles, years, superlatives and amounts, from the words of a slot."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from dataclasses import dataclass

from assistant.reading import phrases
from assistant.reading.phrases import Ranking
from indexer.text import fold

Years = tuple[int, int]  # inclusive; 0 and 9999 stand for no limit

FILM_TYPES = ("movie", "tvMovie", "video")
SERIES_TYPES = ("tvSeries", "tvMiniSeries")
_DRAWN = {"cartoon", "cartoons", "anime"}
_FILM_WORD = re.compile(phrases.any_of("film_words"))
_SERIES_WORD = re.compile(phrases.any_of("series_words"))
_KIND_LEAD = re.compile(rf"^{phrases.any_of('kind_leads')}\s+")
_KIND_FILLER = re.compile(rf"\b{phrases.any_of('kind_fillers')}\b")
_KIND = re.compile(rf"(.*?)\s*\b({phrases.any_of('film_words', 'series_words', 'work_words')})")
_YEARS_BEFORE = re.compile(r"((?:19|20)?\d0s|(?:19|20)\d\d)\s+(.+)")


@dataclass(frozen=True)
class Kind:
    """What sort of titles a phrase such as "horror movies" or "westerns" means."""

    genres: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    years: Years | None = None


def parse_kind(text: str) -> Kind | None:
    """ "horror movies" -> Kind(genres=("Horror",), types=films). ``None`` where it is no kind of title."""
    text, years = split_time(text)
    words = _KIND_LEAD.sub("", fold(text), count=1)
    before = _YEARS_BEFORE.match(words)
    if before:
        words, years = before[2], parse_years(before[1])
    found = _KIND.fullmatch(words)
    rest, noun = (found[1], found[2]) if found else (words, "")
    last = words.rsplit(maxsplit=1)[-1] if words else ""
    if not noun and last not in (*phrases.words("kinds_alone"), "shorts"):
        return None
    genres = _genres(rest)
    return None if genres is None else Kind(genres, _types(noun, rest), years)


def _types(noun: str, rest: str) -> tuple[str, ...]:
    if rest.split()[-1:] in (["shorts"], ["short"]):
        return ("short", "tvShort")
    if _SERIES_WORD.fullmatch(noun) and noun not in _DRAWN:
        return SERIES_TYPES
    alone = rest.rsplit(maxsplit=1)[-1] if rest else ""
    return FILM_TYPES if _FILM_WORD.fullmatch(noun) or alone in phrases.words("kinds_alone") else ()


def _genres(text: str) -> tuple[str, ...] | None:
    """Genres named in the words; ``None`` where a word is none."""
    known = phrases.genres()
    rest = _KIND_FILLER.sub(" ", text).split()
    found: list[str] = []
    while rest:
        length = 2 if " ".join(rest[:2]) in known and len(rest) > 1 else 1
        name = " ".join(rest[:length])
        if name not in known:
            return None
        found.append(known[name])
        rest = rest[length:]
    return tuple(dict.fromkeys(found))


_YEAR = r"(1[89]\d\d|20[0-3]\d)"
_YEAR_LEADS = (
    re.compile(r"^(?:in|of|from|during|the|early|late|mid|year|years|made|out|around|about|circa)\s+"),
    re.compile(r"^(?:the|year|early|late|mid|in)\s+"),
)
_SPANS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Years]], ...] = (
    (re.compile(rf"(?:before|prior to|earlier than) {_YEAR}"), lambda m: (0, int(m[1]) - 1)),
    (re.compile(rf"(?:after|later than|post) {_YEAR}"), lambda m: (int(m[1]) + 1, 9999)),
    (re.compile(rf"(?:since|from|starting) {_YEAR}(?: on| onwards?| onward)?"), lambda m: (int(m[1]), 9999)),
    (re.compile(rf"(?:until|till|up to|upto|as of|to|by|through) {_YEAR}"), lambda m: (0, int(m[1]))),
    (
        re.compile(rf"(?:between |from )?{_YEAR} (?:and|to|until|till) {_YEAR}"),
        lambda m: (int(m[1]), int(m[2])),
    ),
    (
        re.compile(rf"{_YEAR} (?:(?:or|and) )?(?:later|after|onwards?|newer|since)"),
        lambda m: (int(m[1]), 9999),
    ),
    (re.compile(rf"{_YEAR} (?:or|and) (?:earlier|before|older)"), lambda m: (0, int(m[1]))),
    (re.compile(_YEAR), lambda m: (int(m[1]), int(m[1]))),
)


def parse_years(text: str) -> Years | None:
    """ "the 40s", "before 2000", "1990 to 1995", "1987" -> inclusive years. ``None`` where there are none."""
    words = fold(text)
    for lead in _YEAR_LEADS:
        words = lead.sub("", words)
    for pattern, years in _SPANS:
        found = pattern.fullmatch(words)
        if found:
            return years(found)
    return _decade(words)


def _decade(words: str) -> Years | None:
    found = re.fullmatch(r"((?:1[89]|20)?)(\d0) ?s", words)
    if found:
        tens = int(found[2])
        century = int(found[1]) * 100 if found[1] else (2000 if tens <= 10 else 1900)
        return century + tens, century + tens + 9
    start = phrases.decades().get(words)
    return (start, start + 9) if start else None


_TIME_TAIL = re.compile(
    r"^(.*?)[\s,]+("
    r"(?:in|of|from|during|before|after|since|until|till|up to|between|prior to|by|through|"
    r"made in|released in)\s+"
    r"(?:the\s+)?(?:year\s+)?(?:early |late |mid[ -])?"
    rf"(?:(?:19|20)?\d0['’]?s|(?:1[89]|20)\d\d|{phrases.one_of(phrases.decades())})"
    r"(?:\s+(?:and|to|until|on|onwards?)(?:\s+(?:1[89]|20)\d\d)?)?)$",
    re.I,
)


def split_time(text: str) -> tuple[str, Years | None]:
    """ "terrence malick before 2000" -> ("terrence malick", (0, 1999)); (text, None) without a time."""
    found = _TIME_TAIL.match(text.strip(" ,"))
    if not found:
        return text, None
    years = parse_years(found[2])
    return (found[1].strip(" ,"), years) if years else (text, None)


def parse_superlative(text: str) -> Ranking | None:
    """ "highest rated" -> by rating, descending.

    ``None`` where it is no superlative this data can order by.
    """
    words = re.sub(r"^(?:the|of the)\s+", "", fold(text))
    before, after = _NUMBER_FIRST.match(words), _NUMBER_LAST.match(words)
    found = before or after
    ranking = phrases.rankings("superlative").get(found["rank"] if found else words)
    return dataclasses.replace(ranking, limit=number_of(found["number"])) if ranking and found else ranking


NUMBERS = {
    word: number for number, word in enumerate("no one two three four five six seven eight nine ten".split())
}
_NUMBER = rf"(?:\d{{1,2}}|{'|'.join(list(NUMBERS)[2:])})"
_NUMBER_FIRST = re.compile(rf"(?P<number>{_NUMBER}) (?P<rank>.+)$")
_NUMBER_LAST = re.compile(rf"(?P<rank>.+) (?P<number>{_NUMBER})$")


def number_of(text: str) -> int | None:
    """ "5", "five" -> 5; ``None`` where it is no number up to ten in words or figures."""
    return int(text) if text.isdigit() else NUMBERS.get(text)


def parse_measure(text: str) -> Ranking | None:
    """ "newer" -> by year, descending; as parse_superlative, for comparisons."""
    return phrases.rankings("measure").get(fold(text).removeprefix("the "))


_AMOUNT = re.compile(r"(\d+(?:\.\d+)?|\w+) (hours?|minutes?|mins?|hrs?)( and a half)?(?: long)?")
_COUNTS = {"a": 1.0, "an": 1.0, "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0}


def parse_amount(text: str) -> float | None:
    """ "two hours" -> 120.0 minutes; "100 minutes" -> 100.0. ``None`` where it is no length of time."""
    found = _AMOUNT.fullmatch(text.lower().strip())
    if not found:
        return None
    value = float(found[1]) if found[1][0].isdigit() else _COUNTS.get(found[1])
    if value is None:
        return None
    return value * (60.0 if found[2].startswith("h") else 1.0) + (30.0 if found[3] else 0.0)
