"""Who a role is by the plot: "his wife Elena", "Paul Ryder, a barber" beside a credited character's name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from assistant.resolving.characters import RELATIONS, asked_gender
from indexer.catalog.records import PERFORMING, Credit
from indexer.text import fold

_BILLED = 25  # characters further down are hardly in an overview
_SAME = (
    "mother mom mum mommy mama",
    "father dad daddy papa",
    "wife bride",
    "daughter girl",
    "son boy",
    "villain nemesis villainous evil sinister ruthless wicked enemy terrorist mobster psychopath tyrant",
    "killer murderer assassin",
    "teacher schoolteacher professor",
    "doctor physician surgeon",
    "policeman cop officer",
    "boss employer",
    "robot android droid",
)
_LIKE: dict[str, frozenset[str]] = {
    word: frozenset(group.split()) for group in _SAME for word in group.split()
}
_VILLAINS = re.compile(r"\b(?:bad guy|main villain|baddie|antagonist|main antagonist)\b", re.IGNORECASE)
_FILLER = frozenset(
    "the a an of in s main lead new old young little first character role who that his her guy person".split()
)
_NAME_WORD = re.compile(r"[A-Z][\w'’-]{2,}")
_TITLE = r"(?:(?:[A-Z][\w'’.-]*|of|the)\s+){0,2}"
_AFTER = re.compile(rf"^,?\s+(?:(?:is|named|called|who is)\s+)?{_TITLE}$")
_BEFORE = re.compile(r"^(?:\s+[A-Z][\w'’.-]+){0,2}(?:,|\s\(|\s+is|\s+as|\s+was)\s*(?:[\w'’-]+\s+){0,4}$")


def told(described: str, overview: str, credits: Sequence[Credit]) -> Credit | None:
    """The credit whose character the overview calls what was asked for; ``None`` where none, or several, are.

    described: "the police chief", "the villain", "zorro's wife". overview: plain text.
    """
    words = _role_words(described)
    gender = asked_gender(described)
    if not words:
        return None
    asked = set(fold(described).split())
    cast = [credit for credit in credits if credit.category in PERFORMING and credit.characters][:_BILLED]
    found: dict[int, Credit] = {}
    for credit in cast:
        if gender and credit.category != gender:
            continue
        for name in _names(credit.characters):
            if fold(name) not in asked and any(_beside(name, word, overview) for word in words):
                found[credit.person_id] = credit
    return next(iter(found.values())) if len(found) == 1 else None


def _role_words(described: str) -> frozenset[str]:
    """The words that tell the role: the last of them, or its relation word, with what means the same."""
    if _VILLAINS.search(described):
        return _LIKE["villain"]
    words = [word for word in fold(described.replace("'s", " ")).split() if word not in _FILLER]
    if not words:
        return frozenset()
    head = next((word for word in words if word in RELATIONS), words[-1])
    return _LIKE.get(head, frozenset({head}))


def _names(characters: Iterable[str]) -> Iterator[str]:
    for character in characters:
        yield from _NAME_WORD.findall(character)


def _beside(name: str, word: str, overview: str) -> bool:
    """Whether the overview joins the two: "police chief Jim Hopper", "Hopper, the police chief".

    ``word`` is lower case: with a capital it is somebody's name, or a title's.
    """
    for role in re.finditer(rf"\b{re.escape(word)}\b", overview):
        for place in re.finditer(rf"\b{re.escape(name)}\b(?!['’]s)", overview):
            if role.end() <= place.start():
                between = overview[role.end() : place.start()]
                if _AFTER.match(between):
                    return True
            elif place.end() <= role.start() and _BEFORE.match(overview[place.end() : role.start()]):
                return True
    return False
