"""Earlier turns -> what a follow-up leaves out. Pure: it sees only texts, Readings and Contexts."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.reading import kinds, refs
from assistant.reading.reader import topic_of
from assistant.reading.reading import Ask, PersonRef, Reading, TitleRef
from assistant.resolving.context import Context
from indexer.catalog.records import Credit
from indexer.errors import InputError
from indexer.text import fold

MAX_TURNS = 64  # the last turns that are answered again where what they came to is not remembered
_WHAT_ABOUT = re.compile(r"^(?:and|or|but|so|ok|okay)?[\s,]*(?:what|how) about (?P<rest>.+?)\??$", re.I)
_AND_IN = re.compile(
    r"^(?:and|or|but|so|ok|okay)?[\s,]*(?:who )?(?:in|for|from|on|of) (?P<rest>.+?)\??$", re.I
)
_NO = re.compile(
    r"^(?:no|nope|not that one|i (?:mean|meant)|actually)[\s,]+(?:i (?:mean|meant)\s+)?"
    r"(?:the )?(?P<rest>.+?)\??$",
    re.I,
)


@dataclass(frozen=True)
class Turn:
    """One earlier turn: who said what."""

    role: str
    content: str


def digests(turns: Sequence[Turn]) -> list[bytes]:
    """Of each turn, 16 bytes that name the conversation up to and with it; alike for alike beginnings."""
    chain = hashlib.blake2b(digest_size=16)
    named = []
    for turn in turns:
        chain.update(json.dumps([turn.role, turn.content]).encode())
        named.append(chain.digest())
    return named


def read_history(history: Sequence[Mapping[str, Any] | Turn]) -> list[Turn]:
    """The turns as Turns, oldest first. Raises InputError for one without role and text."""
    turns = []
    for item in history:
        if isinstance(item, Turn):
            turns.append(item)
            continue
        role, content = item.get("role"), item.get("content")
        if not isinstance(role, str) or not isinstance(content, str):
            raise InputError('a turn of the history needs {"role": "user" or "assistant", "content": text}')
        turns.append(Turn(role, content))
    return turns


_AFTER_NOUN = re.compile(
    r"\b(?:movie|film|series|show|picture) (?:called |named )?[\"“]?((?:[A-Z0-9][\w'’:.-]*|of|the|and|in|"
    r"a|to|vs\.?|for|with|&)"
    r"(?:\s+(?:[A-Z0-9][\w'’:.-]*|of|the|and|in|a|to|vs\.?|for|with|&))*)"
)
_IN_CAPITALS = re.compile(
    r"\b(?:in|of|for) ((?:[A-Z][\w'’:.-]*)(?: (?:[A-Z0-9][\w'’:.-]*|of|the|and|in|a|to))*)"
)
_SMALL_END = re.compile(r"(?:\s+(?:of|the|and|in|a|to|for|with))+$", re.I)


_NO_NAME = re.compile(
    r"^(?:yes|no|yeah|nope|true|false|none|[\d.,:%$€£ ]+|(?:\d{1,2} )?(?:january|february|march|april|may|"
    r"june|july|"
    r"august|september|october|november|december)(?: \d{1,2},?)?(?: \d{4})?|\d+ \w+)[.!]?$",
    re.I,
)
_ASKS_TITLE = re.compile(
    r"^(?:and |so )?(?:in )?(?:what|which|name|what is|what was|which is|which was|give me|"
    r"tell me)\b(?:\W+\w+){0,4}?\W+"
    r"(?:movie|movies|film|films|one|part|title|sequel|prequel|next|first|show|series)\b",
    re.I,
)


def names_nothing(reply: str) -> bool:
    """Whether a reply is a yes or no, a number or a date, which are titles of films, too."""
    return bool(_NO_NAME.match(" ".join(reply.split())))


def asks_for_title(question: str) -> bool:
    """Whether a question that was not understood asks for a title."""
    return bool(_ASKS_TITLE.match(question.strip()))


def titles_named(question: str) -> list[str]:
    """What an unanswered question may have named a title: in capitals, after "the film" or "in"."""
    found = [*_AFTER_NOUN.findall(question), *_IN_CAPITALS.findall(question)]
    return [_SMALL_END.sub("", name.strip(" ?.,!")) for name in found][:3]


def character_named(reply: str, credits: Sequence[Credit]) -> str | None:
    """The credited character that a reply consists of; ``None`` where it is none."""
    said = fold(reply)
    for credit in credits:
        for character in credit.characters:
            name = fold(character)
            if name and (name == said or (len(said.split()) > 1 and set(said.split()) <= set(name.split()))):
                return character
    return None


def follow_up(question: str, readings: Sequence[Reading], context: Context) -> list[Reading]:
    """The Readings of a question within its conversation: what it leaves out is taken from the last one."""
    elliptic = _elliptic(question, context)
    kept = [_with_context(reading, context) for reading in readings]
    kept = [reading for reading in kept if not _is_unnamed(reading.character)]
    return [*elliptic, *_sequence(question, context), *kept]


def _is_unnamed(character: str | None) -> bool:
    return character is not None and fold(character) in _CHARACTERS


_CHARACTERS = frozenset(
    (
        "he",
        "she",
        "him",
        "her",
        "it",
        "they",
        "them",
        "that character",
        "this character",
        "the character",
        "that role",
    )
)
_NEXT = re.compile(
    r"^(?:and |so )?(?:what|which|name|what is|what was|which is|which was|what about|tell me)?(?: is|"
    r" was| of)?(?: the)?(?: (?:name|title) of)?"
    r"(?: the)?(?: (?:movie|film|one|part|title))?(?: (?:was|is|came|come|comes|came out|"
    r"comes out))?(?: the)? "
    r"(?P<where>next|after that|after it|afterwards|following|sequel|before that|before it|previous|"
    r"prequel|preceding)"
    r"(?: (?:one|movie|film|part|in the series|called|one called))?$",
    re.I,
)
_EARLIER = frozenset({"before that", "before it", "previous", "prequel", "preceding"})
_FIRST_ONE = re.compile(
    r"^(?:and |so )?(?:what|which)(?: one)?(?: is| was)?(?: the)?(?: (?:movie|film|one|"
    r"part))?(?: came out| was| is| came)?(?: the)? "
    r"(?P<nth>first|last|latest|newest)(?: (?:one|movie|film|part)(?: of (?:them|the series))?)?$",
    re.I,
)


def _sequence(question: str, context: Context) -> list[Reading]:
    """ "which one was next?", "what came before that?", "which came first?": in its series."""
    text = " ".join(question.split()).strip(" ?.!")
    found = _NEXT.match(text)
    if found and context.titles:
        step = -1 if found["where"].lower() in _EARLIER else 1
        return [Reading(Ask.TITLE, title=TitleRef(context=True, step=step), limit=1)]
    first = _FIRST_ONE.match(text)
    if first and context.titles:
        ordinal = 1 if first["nth"].lower() == "first" else -1
        return [Reading(Ask.TITLE, title=TitleRef(context=True, ordinal=ordinal), limit=1)]
    return []


def _elliptic(question: str, context: Context) -> list[Reading]:
    """The last Reading with one part changed: "in the third one?", "what about Trinity?", "the 1998 one"."""
    last = context.reading
    if last is None or topic_of(question) is not None:
        return []
    for pattern, titles_only in ((_NO, False), (_WHAT_ABOUT, False), (_AND_IN, True)):
        found = pattern.match(question.strip())
        if found:
            return _changed(last, _PREPOSITION.sub("", found["rest"].strip()), titles_only)
    return _short(last, question)


_PREPOSITION = re.compile(r"^(?:in|for|from|on|of)\s+", re.I)
_AND = re.compile(r"^(?:and|or)\s+(?P<rest>.+?)\s*[?!.]*$", re.I)
_ASKING = frozenset(
    {
        *("who", "whom", "what", "which", "when", "where", "how"),
        *("is", "was", "are", "were", "did", "does", "do", "has", "have", "had"),
        *("in", "for", "from", "on", "of", "his", "her"),
    }
)


def _short(last: Reading, question: str) -> list[Reading]:
    """ "and aliens?", "and the third one?", "the second one": a bare name or ordinal of a few words."""
    found = _AND.match(question.strip())
    rest = found["rest"] if found else question.strip(" ?!.")
    words = fold(rest).split()
    if not words or len(words) > 5 or words[0] in _ASKING:
        return []
    if not found and refs.title_ref(rest).ordinal is None:
        return []
    return _changed(last, rest, titles_only=last.title is not None and last.ask not in _PEOPLE_TOO)


_PEOPLE_TOO = frozenset({Ask.PLAYED_BY, Ask.IS_IN, Ask.CHARACTER_OF})
_ONLY_YEAR = re.compile(r"(?:the )?((?:1[89]|20)\d\d)(?: one| version| film| movie)?", re.I)


def _changed(last: Reading, rest: str, titles_only: bool) -> list[Reading]:
    same_title = _narrower(last, rest)
    ranking = kinds.parse_superlative(re.sub(r"\s+ones?$", "", rest, flags=re.I))
    if ranking is not None and last.order is not None:  # "and the worst?"
        return [dataclasses.replace(last, order=ranking.order, descending=ranking.descending, weight=1.0)]
    if same_title is not None:
        return [dataclasses.replace(last, title=same_title, weight=1.0)]
    title = refs.title_ref(rest)
    readings = []
    if last.title is not None or last.ask is Ask.PLAYED_BY:
        readings.append(dataclasses.replace(last, title=title, weight=0.95))
    if titles_only or title.ordinal is not None or title.step:
        return readings
    if last.character is not None:
        readings.append(dataclasses.replace(last, character=refs.character_name(rest), weight=0.9))
    elif last.people:
        readings.append(dataclasses.replace(last, people=(PersonRef(name=rest),), weight=0.9))
    return readings


def _narrower(last: Reading, rest: str) -> TitleRef | None:
    """The last title, but of the year or kind that a correction names ("the 1998 one", "the series")."""
    if last.title is None:
        return None
    year = _ONLY_YEAR.fullmatch(rest)
    if year:
        return dataclasses.replace(last.title, years=(int(year[1]), int(year[1])), ordinal=None)
    kind = kinds.parse_kind(rest)
    if kind is not None and kind.types and not kind.genres:
        return dataclasses.replace(last.title, types=kind.types, years=kind.years or last.title.years)
    return None


def _with_context(reading: Reading, context: Context) -> Reading:
    """Drops a guess at the conversation where there is none: "it" may be the film It."""
    if _is_unnamed(reading.character) and context.character is not None:
        title = reading.title or TitleRef(context=True)
        return dataclasses.replace(reading, character=context.character, title=title, weight=1.0)
    if reading.title is not None and reading.title.context and not context.titles and not reading.title.full:
        return dataclasses.replace(reading, title=None) if reading.ask is Ask.PLAYED_BY else reading
    return reading


def next_context(
    context: Context, reading: Reading | None, titles: Iterable[int], people: Iterable[int], listed: bool
) -> Context:
    """The context after an answer about ``titles`` and ``people`` (best first).

    ``listed``: several were offered.
    """
    told = tuple(dict.fromkeys([*titles]))
    met = tuple(dict.fromkeys([*people]))
    return Context(
        titles=tuple(dict.fromkeys([*told[:1], *context.titles, *told[1:]]))[:8] if told else context.titles,  # type: ignore[arg-type]
        people=tuple(dict.fromkeys([*met, *context.people]))[:8],  # type: ignore[arg-type]
        choices=told[:20] if listed else (),  # type: ignore[arg-type]
        reading=reading or context.reading,
    )
