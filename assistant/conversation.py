"""Earlier turns -> what a follow-up leaves out. Pure: it sees only texts, Readings and Contexts."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.reading import refs
from assistant.reading.reader import topic_of
from assistant.reading.reading import Ask, PersonRef, Reading
from assistant.resolving.context import Context
from indexer.errors import InputError
from indexer.text import fold

MAX_TURNS = 24  # earlier turns that are read; older ones are forgotten
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


def read_history(history: Sequence[Mapping[str, Any] | Turn]) -> list[Turn]:
    """The last turns as Turns, oldest first. Raises InputError for one without role and text."""
    turns = []
    for item in list(history)[-MAX_TURNS:]:
        if isinstance(item, Turn):
            turns.append(item)
            continue
        role, content = item.get("role"), item.get("content")
        if not isinstance(role, str) or not isinstance(content, str):
            raise InputError('a turn of the history needs {"role": "user" or "assistant", "content": text}')
        turns.append(Turn(role, content))
    return turns


def follow_up(question: str, readings: Sequence[Reading], context: Context) -> list[Reading]:
    """The Readings of a question within its conversation: what it leaves out is taken from the last one."""
    elliptic = _elliptic(question, context)
    kept = [_with_context(reading, context) for reading in readings]
    return [*elliptic, *kept]


def _elliptic(question: str, context: Context) -> list[Reading]:
    """The last Reading with one part changed: "in the third one?", "what about Trinity?", "the 1998 one"."""
    last = context.reading
    if last is None or topic_of(question) is not None:
        return []
    for pattern, titles_only in ((_NO, False), (_WHAT_ABOUT, False), (_AND_IN, True)):
        found = pattern.match(question.strip())
        if found:
            return _changed(last, found["rest"].strip(), titles_only)
    words = fold(question).split()
    if (
        len(words) <= 4
        and words[:1]
        and words[0] in ("the", "and")
        and refs.title_ref(question).ordinal is not None
    ):
        return _changed(last, question, True)
    return []


def _changed(last: Reading, rest: str, titles_only: bool) -> list[Reading]:
    title = refs.title_ref(rest)
    bare_year = re.fullmatch(r"(?:the )?((?:1[89]|20)\d\d)(?: one| version| film| movie)?", rest, re.I)
    if bare_year and last.title is not None:
        years = (int(bare_year[1]), int(bare_year[1]))
        return [
            dataclasses.replace(
                last, title=dataclasses.replace(last.title, years=years, ordinal=None), weight=1.0
            )
        ]
    readings = []
    if last.title is not None or last.ask is Ask.PLAYED_BY:
        readings.append(dataclasses.replace(last, title=title, weight=0.95))
    if titles_only or title.ordinal is not None:
        return readings
    if last.character is not None:
        readings.append(dataclasses.replace(last, character=refs.character_name(rest), weight=0.9))
    elif last.people:
        readings.append(dataclasses.replace(last, people=(PersonRef(name=rest),), weight=0.9))
    return readings


def _with_context(reading: Reading, context: Context) -> Reading:
    """Drops a guess at the conversation where there is none: "it" may be the film It."""
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
