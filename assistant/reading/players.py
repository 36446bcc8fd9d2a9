"""Those who played one character, one after another: who was the first, the fifth, how many there were."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from assistant.reading import kinds, phrases, refs
from assistant.reading.reading import Ask, Part, Reading, TitleRef

_NTH = rf"(?P<nth>{phrases.one_of((*phrases.ordinals(), 'current', 'tenth'))})"
_WHO = r"(?:actors?|actress(?:es)?|persons?|people|man|men|woman|women|one|star)"
_PLAY = (
    r"(?:play|played|plays|portray|portrayed|portrays|voice|voiced|voices|be cast as|star as|starred as|been)"
)
_ON_FILM = r"(?: (?:in|on) (?:a |the )?(?:movies?|films?|big screen|cinema))?"
_IN = r"(?: (?:in|on) (?P<t>.+?))?"

_Build = Callable[["re.Match[str]"], Iterator[Reading]]


def players(text: str) -> Iterator[Reading]:
    """Readings of a question about the players of a character; none where it is no such question."""
    text = " ".join(text.split()).strip(" ?.!")
    for pattern, build in _FRAMES:
        found = pattern.match(text)
        if found:
            yield from build(found)
            return


def _nth(found: re.Match[str]) -> Iterator[Reading]:
    """ "who was the fifth actor to play James Bond"."""
    ordinal = {"current": -1, "tenth": 10}.get(found["nth"].lower()) or phrases.ordinals()[
        found["nth"].lower()
    ]
    title = TitleRef(types=kinds.FILM_TYPES, ordinal=ordinal)
    yield Reading(Ask.PERSON, title=title, parts=(_part(found),), limit=1)


def _count(found: re.Match[str]) -> Iterator[Reading]:
    """ "how many actors have played James Bond"."""
    yield Reading(Ask.PERSON, title=TitleRef(types=kinds.FILM_TYPES), parts=(_part(found),), count=True)


def _part(found: re.Match[str]) -> Part:
    title = refs.title_ref(found["t"]) if found["t"] else None
    return Part(None, title, "acting", refs.character_name(found["role"]))


def _frame(pattern: str, build: _Build) -> tuple[re.Pattern[str], _Build]:
    return re.compile(pattern, re.I), build


_FRAMES: tuple[tuple[re.Pattern[str], _Build], ...] = (
    _frame(
        rf"^(?:who|(?:which|what) {_WHO}) (?:is|was|were|are) the {_NTH}(?: {_WHO})? (?:to|who|that)(?: "
        rf"have| has)?(?: ever)?"
        rf" {_PLAY} (?P<role>.+?){_ON_FILM}{_IN}$",
        _nth,
    ),
    _frame(
        rf"^(?:who|(?:which|what) {_WHO}) {_PLAY} (?P<role>.+?) (?P<nth>first|last){_ON_FILM}{_IN}$", _nth
    ),
    _frame(
        rf"^(?:in total )?how many (?:different )?{_WHO} (?:have |has |had )?(?:ever )?{_PLAY}"
        rf"(?: the (?:role|part|character) of)? (?P<role>.+?)"
        rf"{_ON_FILM}{_IN}$",
        _count,
    ),
)
