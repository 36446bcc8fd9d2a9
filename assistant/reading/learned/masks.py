"""Questions with their slots masked: "who directed the first Alien" -> who {made} {title}."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from assistant.reading import kinds, phrases
from assistant.reading.learned import lexicon
from assistant.reading.learned.tagger import Span
from assistant.reading.words import Question
from indexer.errors import InputError

NAMES = ("title", "person", "character", "plot", "place")  # the tagger's; the other slots are closed lists
_LONGEST, _LONGEST_KIND = 8, 4  # words of a time, of a kind


@dataclass(frozen=True)
class Item:
    """A word, or a slot in place of words ``first`` to ``end``; ``value`` is what it means, where known."""

    key: str
    first: int = 0
    end: int = 0
    value: object = None

    @property
    def slot(self) -> str | None:
        """The slot's name without its number; ``None`` for a word."""
        return self.key[1:-1].rstrip("23") if self.key[0] == "{" else None


Items = tuple[Item, ...]


def items_of(question: Question, spans: Iterable[Span]) -> Items:
    """The words of a question, the names among them as slots, words of closed lists masked."""
    found: list[Item] = []
    place = 0
    for span in [span for span in spans if span.slot in NAMES]:
        found += [_word(question, at) for at in range(place, span.first)]
        found.append(Item(f"{{{span.slot}}}", span.first, span.end))
        place = span.end
    found += [_word(question, at) for at in range(place, len(question.keys))]
    return closed(tuple(found))


def _word(question: Question, at: int) -> Item:
    return Item(lexicon.corrected(question.keys[at]), at, at + 1)


def closed(items: Items) -> Items:
    """Times, superlatives, ordinals, kinds, jobs and numbers as slots, the longest first."""
    found: list[Item] = []
    place = 0
    while place < len(items):
        item = _closed_at(items, place)
        found.append(item)
        place += max(1, _width(items, place, item))
    return tuple(found)


def _width(items: Items, place: int, item: Item) -> int:
    return sum(1 for other in items[place:] if other.end <= item.end) if item.end else 1


def _closed_at(items: Items, place: int) -> Item:
    longest = 0
    while place + longest < len(items) and longest < _LONGEST and items[place + longest].slot is None:
        longest += 1
    found = _closed_words(tuple(item.key for item in items[place : place + longest])) if longest else None
    if found is None:
        return items[place]
    slot, length, value = found
    return Item(f"{{{slot}}}", items[place].first, items[place + length - 1].end, value)


@functools.lru_cache(maxsize=8192)
def _closed_words(words: tuple[str, ...]) -> tuple[str, int, object] | None:
    """The slot, its length and value of the longest words of a closed list that ``words`` begin with."""
    for length in range(len(words), 0, -1):
        found = _closed_slot(words[:length])
        if found is not None:
            return found[0], length, found[1]
    return None


@functools.lru_cache(maxsize=8192)
def _closed_slot(words: tuple[str, ...]) -> tuple[str, object] | None:
    for slot, parse in _CLOSED:
        value = parse(words)
        if value is not None:
            return slot, value
    return None


def _time(words: Sequence[str]) -> kinds.Years | None:
    dated = any(lexicon.classes(word).split(" ")[0] in ("year", "decade") for word in words)
    if not dated or words[0] in _BEFORE_TIME or words[-1] == "the":
        return None
    return kinds.parse_years(_OF_THE_YEAR.sub("", " ".join(words)))


_ARTICLES = ("the", "a", "an", "and", "or", "to")
_BEFORE_TIME = (*_ARTICLES, "in", "of", "during", "from", "year", "for", "on", "out", "made")
_OF_THE_YEAR = re.compile(r"(?<= )(?:the )?year (?=\d)")


def _superlative(words: Sequence[str]) -> phrases.Ranking | None:
    return phrases.rankings("superlative").get(" ".join(words))


def _ordinal(words: Sequence[str]) -> int | None:
    return (
        phrases.ordinals().get(words[0]) if len(words) == 1 and words[0] not in ("new", "original") else None
    )


def _kind(words: Sequence[str]) -> kinds.Kind | None:
    if len(words) > _LONGEST_KIND or words[-1] not in (*lexicon.kind_words(), *_ALONE):
        return None
    if words[-1] in _NO_KIND or words[0] in _no_kind_begins():
        return None
    alone = words[-1] in _ALONE and words[-1] not in phrases.words("kinds_alone")
    return kinds.parse_kind(" ".join([*words, "film"] if alone else words))


@functools.cache
def _no_kind_begins() -> frozenset[str]:
    """Words that a kind of title may hold, but that say something of their own before it."""
    leads = {*phrases.words("kind_leads"), *phrases.words("kind_fillers")} - {"tv", "short"}
    return frozenset({*_ARTICLES, *leads})


_ALONE = ("comedy", "drama", "thriller", "western", "musical", "mystery", "documentary", "romance", "biopic")


_NO_KIND = (
    "series",
    "role",
    "roles",
    "thing",
    "things",
    "work",
    "works",
    "title",
    "titles",
    "credits",
    "tv",
    "features",
)


def _job(words: Sequence[str]) -> str | None:
    return _of_list(words, "job")


def _made(words: Sequence[str]) -> str | None:
    return _of_list(words, "made")


def _of_list(words: Sequence[str], slot: str) -> str | None:
    found = lexicon.jobs().get(words[0]) if len(words) == 1 else None
    return found[1] if found and found[0] == slot else None


def _number(words: Sequence[str]) -> int | None:
    return int(words[0]) if len(words) == 1 and words[0].isdecimal() and len(words[0]) < 5 else None


_CLOSED: tuple[tuple[str, Callable[[Sequence[str]], object]], ...] = (
    ("time", _time),
    ("kind", _kind),
    ("superlative", _superlative),
    ("ordinal", _ordinal),
    ("job", _job),
    ("made", _made),
    ("number", _number),
)


def parsed(text: str) -> Items:
    """The items of an exemplar's question: its slots as they stand, words of closed lists masked."""
    keys = re.findall(r"\{\w+\}|[^\s{}]+", text)
    bad = [key for key in keys if key[0] == "{" and key[1:-1].rstrip("23") not in _SLOTS]
    if bad:
        raise InputError(f"unknown slot {bad[0]} in {text!r}: known are {', '.join(sorted(_SLOTS))}")
    return closed(tuple(Item(key, place, place + 1) for place, key in enumerate(keys)))


_SLOTS = frozenset({*NAMES, *(slot for slot, _ in _CLOSED)})
