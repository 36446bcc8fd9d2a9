"""How well a character as somebody names it fits a character as it is credited."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from indexer.text import fold

_STOP = frozenset("the a an of in and s from as to his her".split())
_GENERIC = frozenset(
    (
        "young old older little big baby king queen prince princess dr doctor mr mrs ms miss sir lady lord "
        "captain capt major general colonel lieutenant lt sergeant sgt officer detective agent professor "
        "prof father mother brother sister man woman boy girl kid guy aunt uncle himself herself voice "
        "character teacher judge nurse the first second jr sr lead main new evil good"
    ).split()
)
_SAME: tuple[frozenset[str], ...] = tuple(
    frozenset(words.split())
    for words in (
        "mother mom mum mommy mama ma momma",
        "father dad daddy papa pa",
        "grandmother grandma granny nana",
        "grandfather grandpa gramps",
        "doctor dr doc",
        "professor prof",
        "mister mr",
        "captain capt cap",
        "sergeant sgt",
        "lieutenant lt",
        "colonel col",
        "general gen",
        "policeman cop officer",
        "young younger kid little child",
        "old older elderly",
        "teacher schoolteacher",
        "narrator narration voiceover",
        "saint st",
        "2 ii two",
        "3 iii three",
        "king emperor",
        "thomas tom tommy",
        "james jim jimmy jamie",
        "william bill billy will willy",
        "robert bob bobby rob robbie",
        "michael mike mikey",
        "daniel dan danny",
        "david dave davey",
        "joseph joe joey",
        "edward ed eddie ted",
        "samuel sam sammy",
        "benjamin ben benny",
        "matthew matt",
        "christopher chris",
        "anthony tony",
        "richard rick dick ricky richie",
        "charles charlie chuck",
        "nicholas nick nicky",
        "stephen steve steven",
        "andrew andy drew",
        "timothy tim timmy",
        "gregory greg",
        "jeffrey jeff",
        "kenneth ken kenny",
        "ronald ron ronnie",
        "donald don donnie",
        "katherine kate kathy katie catherine kat cathy",
        "elizabeth liz beth lizzie betty eliza",
        "jennifer jen jenny",
        "susan sue susie suzy",
        "patrick pat",
        "patricia patty trish pat",
        "frederick fred freddy freddie",
        "zachary zach zack zac",
        "jonathan jon john johnny",
        "alexander alex al",
        "alexandra alex",
        "rebecca becky becca",
        "margaret maggie meg peggy",
        "deborah debbie deb",
        "victoria vicky vicki",
        "lawrence larry",
        "gerald gerry jerry",
        "walter walt",
        "raymond ray",
        "peter pete",
        "philip phil phillip",
        "francis frank frankie",
        "henry harry hank",
        "leonard leo lenny",
        "veronica ronnie",
        "abigail abby",
        "theodore ted teddy theo",
    )
)
RELATIONS = frozenset(
    (
        "mother mom mum mommy mama father dad daddy papa wife husband brother sister son daughter niece "
        "nephew aunt uncle cousin grandmother grandma grandfather grandpa boyfriend girlfriend friend "
        "fiance fiancee stepmother stepfather stepmom stepdad twin twins parents parent boss assistant "
        "secretary neighbor neighbour partner bodyguard butler maid nanny lawyer love roommate ex lover"
    ).split()
)
_AGES = frozenset(
    ("young younger old older elderly adult teen teenage kid child little baby additional stunt").split()
)
_OPPOSITES: tuple[tuple[frozenset[str], ...], ...] = (
    (frozenset({"mr", "mister"}), frozenset({"mrs", "ms", "miss"})),
    (frozenset({"king", "prince"}), frozenset({"queen", "princess"})),
    (
        frozenset({"young", "younger", "kid", "child", "little"}),
        frozenset({"old", "older", "adult", "elderly"}),
    ),
    (frozenset({"mother", "mom", "mum", "aunt", "sister"}), frozenset({"father", "dad", "uncle", "brother"})),
)
_SYNONYMS: dict[str, frozenset[str]] = {}
for _words in _SAME:
    for _word in _words:
        _SYNONYMS[_word] = _SYNONYMS.get(_word, frozenset()) | _words
_NICKNAME = re.compile(r"['\"“”‘]([^'\"“”’]+)['\"“”’]|\(([^)]*)\)")
_SEPARATOR = re.compile(r"\s*/\s*|\s+a\.?k\.?a\.?\s+")


@dataclass(frozen=True, slots=True)
class CharacterMatch:
    """``score`` 0-1 (1: the same name), of the credited ``character`` that fits best.

    0 and "" where none does.
    """

    score: float
    character: str


def match_characters(asked: str, credited: Iterable[str]) -> CharacterMatch:
    """The best of a credit's characters for what was asked."""
    best = CharacterMatch(0.0, "")
    for character in credited:
        score = match_character(asked, character)
        if score > best.score:
            best = CharacterMatch(score, character)
    return best


def match_character(asked: str, credited: str) -> float:
    """0-1: whole name 1, all asked words there 0.8-0.97, a telling part of them less, other people 0."""
    wanted = _tokens(asked)
    if not wanted:
        return 0.0
    return max((_match(wanted, _tokens(form)) for form in _forms(credited)), default=0.0)


@lru_cache(maxsize=200_000)
def _forms(credited: str) -> tuple[str, ...]:
    """The ways in which a credited character is named: each side of a slash, and with the nickname alone."""
    forms = [part for part in _SEPARATOR.split(credited) if part]
    forms += [next(filter(None, found)) for found in _NICKNAME.findall(credited) if any(found)]
    return tuple(dict.fromkeys([credited, *forms]))


@lru_cache(maxsize=200_000)
def _tokens(text: str) -> tuple[str, ...]:
    words = fold(re.sub(r"['’]s\b", "", text)).split()
    return tuple(word for word in words if word not in _STOP) or tuple(words)


def _weight(word: str) -> float:
    return 0.35 if word in _GENERIC else 1.0


def _match(wanted: tuple[str, ...], given: tuple[str, ...]) -> float:
    if not given:
        return 0.0
    if wanted == given or "".join(wanted) == "".join(given):
        return 1.0
    total = sum(map(_weight, wanted))
    found = sum(_weight(word) * max(_alike(word, other) for other in given) for word in wanted)
    share = found / total
    if share < 0.5 or _lacks_relation(wanted, given):
        return 0.0
    extra = sum(_weight(other) for other in given if max(_alike(word, other) for word in wanted) < 0.5)
    score: float = share**1.5 * (0.97 - 0.05 * min(extra, 3.0))
    if all(word in _GENERIC for word in wanted) and extra > 0:
        score *= 0.8  # "the king" is hardly the king of whatever is credited
    return score * _other_age(wanted, given) * _opposite(wanted, given)


def _lacks_relation(wanted: tuple[str, ...], given: tuple[str, ...]) -> bool:
    """ "Ray's mother" is not Ray: a relation that was asked for has to be credited."""
    return any(word in RELATIONS and max(_alike(word, other) for other in given) < 0.85 for word in wanted)


def _other_age(wanted: tuple[str, ...], given: tuple[str, ...]) -> float:
    """Below 1 where only one of the two is young, old, additional..."""
    asked, credited = _AGES.intersection(wanted), _AGES.intersection(given)
    return 1.0 if bool(asked) == bool(credited) else (0.85 if credited else 0.9)


def _opposite(wanted: tuple[str, ...], given: tuple[str, ...]) -> float:
    """Below 1 for Mr. against Mrs., king against queen, young against old."""
    for one, other in _OPPOSITES:
        if (one.intersection(wanted) and other.intersection(given)) or (
            other.intersection(wanted) and one.intersection(given)
        ):
            return 0.5
    return 1.0


@lru_cache(maxsize=400_000)
def _alike(word: str, other: str) -> float:
    """0-1 for two words: the same, usual forms of one name, a spelling slip."""
    if word == other:
        return 1.0
    if other in _SYNONYMS.get(word, ()):
        return 0.9
    if len(word) >= 4 and len(other) >= 4 and (other.startswith(word) or word.startswith(other)):
        return 0.8
    if word.rstrip("s") == other.rstrip("s") and len(word) > 2:
        return 0.95
    if len(word) < 4 or len(other) < 3:
        return 0.0
    from rapidfuzz.distance import OSA

    alike = float(OSA.normalized_similarity(word, other))
    return 0.95 * float(alike) if alike >= 0.72 else 0.0
