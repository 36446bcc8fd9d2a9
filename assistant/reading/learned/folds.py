"""Phrases that stand for one title or person: "the director of {title}" read as a {person}."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Any

from assistant.reading.learned import lexicon
from assistant.reading.learned.masks import Item, Items, parsed
from assistant.reading.learned.shapes import expanded
from assistant.reading.learned.templates import reference
from assistant.reading.words import Question

_MOST_FORMS = 16
_WHOLE = "whole"  # the phrase is read from its words, as the wordings read a slot


def forms(question: Question, items: Items) -> list[Items]:
    """``items`` and every form in which phrases of the file stand as one name, up to a limit."""
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


@functools.cache
def _phrases() -> Mapping[str, Mapping[str, Any]]:
    """Masked words -> the entry of the file that says what they stand for."""
    return {
        _line(parsed(line)): entry
        for entry in lexicon.exemplar_file()["phrase"]
        for text in entry["words"]
        for line in expanded(text)
    }


@functools.cache
def _longest() -> int:
    return max(line.count(" ") + 1 for line in _phrases())


def _folded(question: Question, items: Items) -> Iterator[Items]:
    for first in range(len(items)):
        for end in range(min(len(items), first + _longest()), first + 1, -1):
            entry = _phrases().get(_line(items[first:end])) if end - first < len(items) else None
            folded = _one(question, items[first:end], entry) if entry is not None else None
            if folded is not None:
                yield (*items[:first], folded, *items[end:])


def _one(question: Question, inner: Items, entry: Mapping[str, Any]) -> Item | None:
    """The phrase as one slot; ``None`` where a part of it cannot be parsed."""
    slot = "title" if "title" in entry else "person"
    whole = Item(f"{{{slot}}}", inner[0].first, inner[-1].end)
    if entry[slot] == _WHOLE:
        return whole
    value = reference(entry, question, {item.slot: item for item in inner if item.slot is not None})
    return Item(whole.key, whole.first, whole.end, value) if value is not None else None
