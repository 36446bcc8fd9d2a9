"""Reading what no wording fits: tag the names, mask them, take the nearest known shapes for its meaning."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.reading.learned import lexicon
from assistant.reading.learned.folds import forms
from assistant.reading.learned.masks import NAMES, Item, Items, items_of
from assistant.reading.learned.shapes import Near, Shapes
from assistant.reading.learned.tagger import Tagger, Tagging
from assistant.reading.learned.templates import filled
from assistant.reading.reading import Ask, Reading
from assistant.reading.words import Question

MOST = 5  # readings of one question
_LEAST = 0.6  # a probability below which a reading is not worth resolving
_SLOPE, _HALF = 11.0, 0.66  # of the logistic curve from similarity to probability
_PER_ITEM = 0.985  # two names read as one say more in fewer slots: a little less likely to be meant
_RIVAL = 0.9  # of the likeliest meaning's weight, for a meaning that asks something else
_LONGEST = 40  # words; longer questions are descriptions, which the wordings read


@dataclass(frozen=True)
class _Candidate:
    near: Near
    items: Items
    probability: float


def read_freely(question: Question, swapped: bool = False) -> list[Reading]:
    """Readings by the nearest known shapes, the likeliest first; [] where none is near.

    Their weights are probabilities. ``swapped``: the names may be of another kind than they look.
    """
    if not question.words or len(question.words) > _LONGEST:
        return []
    shapes = Shapes.load()
    found: dict[str, Reading] = {}
    for candidate in sorted(_candidates(question, shapes, swapped), key=lambda item: -item.probability):
        template = shapes.templates[candidate.near.shape]
        reading = filled(template, question, _slots(candidate), candidate.probability)
        if reading is not None:
            found.setdefault(repr(dataclasses.replace(reading, weight=1.0)), reading)
        if len(found) >= MOST:
            break
    return _kept(list(found.values()))


def tagged(question: Question) -> list[tuple[float, str]]:
    """The likeliest ways to mask a question, each with its share of the probability."""
    ways = _ways(question)
    return [(way.share, " ".join(item.key for item in items_of(question, way.spans))) for way in ways]


def _ways(question: Question) -> list[Tagging]:
    """The likeliest taggings of the words as typed, and of them with slips in common words mended."""
    texts = [question.text[word.start : word.end] for word in question.words]
    mended = tuple(_mended(key) for key in question.keys)
    readings = [question.keys] if mended == question.keys else [mended, question.keys]
    return [way for keys in readings if keys for way in Tagger.load().tag(keys, texts)]


def mended(question: Question) -> str | None:
    """The question with slips of the finger outside of its names mended; ``None`` where there are none."""
    ways = _ways(question)
    spans = [span for span in ways[0].spans if span.slot in NAMES] if ways else []
    named = {at for span in spans for at in range(span.first, span.end)}
    text = question.text
    for at, word in reversed(list(enumerate(question.words))):
        if at not in named:
            known = lexicon.corrected(word.key)
            text = text if known == word.key else text[: word.start] + known + text[word.end :]
    return text if text != question.text else None


def _mended(key: str) -> str:
    known = lexicon.corrected(key)
    return known if known in lexicon.common() else key


def _candidates(question: Question, shapes: Shapes, swapped: bool) -> Iterator[_Candidate]:
    seen: set[tuple[tuple[str, int, int], ...]] = set()
    for tagging in _ways(question):
        items = items_of(question, tagging.spans)
        for form in _swapped(question, items) if swapped else forms(question, items):
            key = tuple((item.key, item.first, item.end) for item in form)
            if key in seen:
                continue
            seen.add(key)
            share = (
                math.sqrt(tagging.share) * _PER_ITEM ** (len(items) - len(form)) * (_SWAP if swapped else 1.0)
            )
            for near in shapes.near(form):
                probability = share * likely(near.similarity)
                if probability >= _LEAST:
                    yield _Candidate(near, form, probability)


def _swapped(question: Question, items: Items) -> Iterator[Items]:
    """Every form in which one of the names is of another kind: a person a character, a title a person..."""
    for place, item in enumerate(items):
        for slot in _LIKE.get(item.key, ()):
            changed = (*items[:place], dataclasses.replace(item, key=slot), *items[place + 1 :])
            yield from forms(question, changed)


_LIKE = {
    "{title}": ("{person}", "{character}"),
    "{person}": ("{character}", "{title}"),
    "{character}": ("{person}", "{title}"),
}
_SWAP = 0.8


def likely(similarity: float) -> float:
    """The probability that a shape as near as this is what was meant."""
    return 1 / (1 + math.exp(-_SLOPE * (similarity - _HALF)))


def _slots(candidate: _Candidate) -> dict[str, Item]:
    """The question's slots under the names that the known question gives them, in their order."""
    found: dict[str, Item] = {}
    for item in candidate.items:
        if item.slot is None:
            continue
        names = [name for name in candidate.near.slots if name.rstrip("23") == item.slot]
        free = next((name for name in names if name not in found), None)
        found.setdefault(free or item.slot, item)
    return found


def _kept(readings: list[Reading]) -> list[Reading]:
    """Those that ask the same as the likeliest, or are about as likely.

    Nothing where the likeliest meaning is one that the data cannot answer; such meanings never answer.
    """
    if not readings or readings[0].ask is Ask.UNSUPPORTED:
        return []
    best = readings[0]
    near = [item for item in readings if item.ask is best.ask or item.weight >= _RIVAL * best.weight]
    return [reading for reading in near if reading.ask is not Ask.UNSUPPORTED]
