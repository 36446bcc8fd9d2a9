"""Questions with their slots masked: "who directed the first Alien" -> who {made} {title}."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from assistant.reading import kinds, phrases, refs
from assistant.reading.learned import lexicon
from assistant.reading.learned.tagger import Span
from assistant.reading.reading import Ask, PersonRef, Reading, TitleRef
from assistant.reading.words import Question
from indexer.errors import InputError

NAMES = (
    "title",
    "person",
    "character",
    "plot",
    "place",
)  # what the tagger decides; the rest are closed lists
_MOST_FORMS = 16
_LONGEST, _LONGEST_KIND = 8, 4  # words of a time, of a kind


@dataclass(frozen=True)
class Item:
    """A word, or a slot in place of words ``first`` to ``end``; ``value`` is what the slot means where known."""

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
        found += [Item(question.keys[at], at, at + 1) for at in range(place, span.first)]
        found.append(Item(f"{{{span.slot}}}", span.first, span.end))
        place = span.end
    found += [Item(question.keys[at], at, at + 1) for at in range(place, len(question.keys))]
    return closed(tuple(found))


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
    if not dated or words[0] in _ARTICLES or words[-1] == "the":
        return None
    return kinds.parse_years(_OF_THE_YEAR.sub("", " ".join(words)))


_ARTICLES = ("the", "a", "an", "and", "or", "to")
_OF_THE_YEAR = re.compile(r"(?<= )(?:the )?year (?=\d)")


def _superlative(words: Sequence[str]) -> phrases.Ranking | None:
    return phrases.rankings("superlative").get(" ".join(words))


def _ordinal(words: Sequence[str]) -> int | None:
    return (
        phrases.ordinals().get(words[0]) if len(words) == 1 and words[0] not in ("new", "original") else None
    )


def _kind(words: Sequence[str]) -> kinds.Kind | None:
    if len(words) > _LONGEST_KIND or words[-1] not in lexicon.kind_words():
        return None
    if (
        words[0] in (*_ARTICLES, *phrases.words("kind_leads"), *phrases.words("kind_fillers"))
        or words[-1] in _NO_KIND
    ):
        return None
    return kinds.parse_kind(" ".join(words))


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


def _genre(words: Sequence[str]) -> str | None:
    return phrases.genres().get(" ".join(words))


def _number(words: Sequence[str]) -> int | None:
    return int(words[0]) if len(words) == 1 and words[0].isdecimal() and len(words[0]) < 5 else None


_CLOSED: tuple[tuple[str, Callable[[Sequence[str]], object]], ...] = (
    ("time", _time),
    ("kind", _kind),
    ("superlative", _superlative),
    ("ordinal", _ordinal),
    ("job", _job),
    ("made", _made),
    ("genre", _genre),
    ("number", _number),
)


# ---------------------------------------------------------------- phrases that stand for one name


@dataclass(frozen=True)
class _Fold:
    """A phrase of masked words that stands for one title or person; ``build`` gives what it means."""

    pattern: re.Pattern[str]
    slot: str
    build: Callable[[Question, dict[str, Item]], object]


def _text(question: Question, item: Item) -> str:
    return question.span(item.first, item.end)


def title_of(question: Question, item: Item) -> TitleRef:
    """The title that a slot means."""
    return item.value if isinstance(item.value, TitleRef) else refs.title_ref(_text(question, item))


def person_of(question: Question, item: Item) -> PersonRef:
    """The person that a slot means."""
    return item.value if isinstance(item.value, PersonRef) else refs.person_ref(_text(question, item))


def _crew(question: Question, found: dict[str, Item]) -> PersonRef:
    category = str(found["job"].value)
    return PersonRef(by=Reading(Ask.CREW, title=title_of(question, found["title"]), category=category))


def _player(question: Question, found: dict[str, Item]) -> PersonRef:
    character = refs.character_name(_text(question, found["character"]))
    title = title_of(question, found["title"]) if "title" in found else None
    return PersonRef(by=Reading(Ask.PLAYED_BY, title=title, character=character))


def _lead(question: Question, found: dict[str, Item]) -> PersonRef:
    return PersonRef(by=Reading(Ask.CAST, title=title_of(question, found["title"]), limit=1))


def _sequel(question: Question, found: dict[str, Item]) -> TitleRef:
    name = _text(question, found["title"])
    return TitleRef(name=name, full=f"{name} 2", ordinal=2)


def _where(question: Question, found: dict[str, Item]) -> TitleRef:
    person, character = person_of(question, found["person"]), found.get("character")
    kind = found["kind"].value
    types = kind.types if isinstance(kind, kinds.Kind) else ()
    name = refs.character_name(_text(question, character)) if character else None
    return TitleRef(people=(person,), character=name, types=types)


_ACTOR = "(?:actor|actress|person|guy|man|woman|star|one|boy|girl|kid|voice actor)"
_PLAYS = "(?:plays|played|portrays|portrayed|voices|voiced|is|was|playing|did)"


def _fold(pattern: str, slot: str, build: Callable[[Question, dict[str, Item]], object]) -> _Fold:
    """Words stand one space apart; ``@slot`` is a slot."""
    return _Fold(re.compile(re.sub(r"@(\w+)", r"\\{(?P<\1>\1)\\}", pattern)), slot, build)


def _whole(question: Question, found: dict[str, Item]) -> None:
    return None  # read from the whole text, as rules do


_FOLDS = (
    _fold(r"(?:the )?(?:\{superlative\}|\{ordinal\}) (?:\{kind\} )?\{title\}(?: \{kind\})?", "title", _whole),
    _fold(r"(?:the )?(?:\{superlative\}|\{ordinal\}) \{kind\} (?:in|of) (?:the )?@title(?: series| franchise| trilogy| saga)?", "title",
          lambda question, found: _member(question, found)),
    _fold(r"(?:the )?\{time\} (?:\{kind\} )?\{title\}", "title", _whole),
    _fold(r"\{title\} \{time\}", "title", _whole),
    _fold(r"(?:the )?\{kind\} (?:called |named )?\{title\}", "title", _whole),
    _fold(r"(?:the |a |an )?\{title\} (?:\{kind\}|franchise|trilogy|saga|series)(?: \{kind\})?", "title", _whole),
    _fold(r"(?:the )?sequel (?:to|of) (?:the )?@title", "title", _sequel),
    _fold(rf"(?:the )?@kind (?:where|in which|with) @person (?:{_PLAYS}|as) (?:the )?@character", "title", _where),
    _fold(r"(?:the |its )?@job (?:of|for|behind|on|in) @title", "person", _crew),
    _fold(r"@title 's @job", "person", _crew),
    _fold(rf"(?:the )?{_ACTOR} (?:who|that|which) {_PLAYS} (?:the (?:role|part|character) of )?@character (?:in|on|from) @title", "person", _player),
    _fold(r"(?:the )?(?:actor|actress|voice|voice actor) (?:of|for|behind|playing) @character (?:in|on|from) @title", "person", _player),
    _fold(rf"(?:the )?{_ACTOR} (?:who|that|which) {_PLAYS} (?:the (?:role|part|character) of )?@character", "person", _player),
    _fold(r"(?:the )?(?:star|lead|lead actor|lead actress|main actor|main actress|leading actor|leading actress|lead star|leading man|leading lady|main star|protagonist) (?:of|in|from) @title", "person", _lead),
    _fold(r"@title 's (?:star|lead|lead actor|lead actress|main actor|main actress|leading man|leading lady)", "person", _lead),
)  # fmt: skip


def _member(question: Question, found: dict[str, Item]) -> TitleRef:
    rank = found["rank"].value
    ordinal = rank if isinstance(rank, int) else (-1 if getattr(rank, "descending", False) else 1)
    name = _text(question, found["title"])
    return TitleRef(name=name, full=name, ordinal=ordinal)


def forms(question: Question, items: Items) -> list[Items]:
    """``items`` and every form in which phrases such as "the director of {title}" stand as one name."""
    found = {_line(items): items}
    waiting = [items]
    while waiting and len(found) < _MOST_FORMS:
        for folded in _folded(question, waiting.pop(0)):
            if _line(folded) not in found and len(found) < _MOST_FORMS:
                found[_line(folded)] = folded
                waiting.append(folded)
    return list(found.values())


def _line(items: Items) -> str:
    return " ".join(item.key for item in items)


def _folded(question: Question, items: Items) -> Iterable[Items]:
    line = _line(items)
    starts = _starts(items)
    for rule in _FOLDS:
        for found in rule.pattern.finditer(line):
            if found.start() in starts and found.end() + 1 in (*starts, len(line) + 1):
                first, end = starts[found.start()], starts.get(found.end() + 1, len(items))
                inner = items[first:end]
                if end - first == len(items):
                    continue
                value = rule.build(question, _named(inner))
                folded = Item(f"{{{rule.slot}}}", inner[0].first, inner[-1].end, value)
                yield (*items[:first], folded, *items[end:])


def _starts(items: Items) -> dict[int, int]:
    starts, at = {}, 0
    for place, item in enumerate(items):
        starts[at] = place
        at += len(item.key) + 1
    return starts


def _named(items: Items) -> dict[str, Item]:
    found = {item.slot: item for item in items if item.slot is not None}
    for slot in ("ordinal", "superlative"):
        if slot in found:
            found["rank"] = found[slot]
    return found


def parsed(text: str) -> Items:
    """The items of an exemplar's question: its slots as they stand, words of closed lists masked."""
    keys = re.findall(r"\{\w+\}|[^\s{}]+", text)
    bad = [key for key in keys if key[0] == "{" and key[1:-1].rstrip("23") not in _SLOTS]
    if bad:
        raise InputError(f"unknown slot {bad[0]} in {text!r}: known are {', '.join(sorted(_SLOTS))}")
    return closed(tuple(Item(key, place, place + 1) for place, key in enumerate(keys)))


_SLOTS = frozenset({*NAMES, *(slot for slot, _ in _CLOSED)})
