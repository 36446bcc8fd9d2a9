"""The shapes of ``exemplars.toml`` and how near a masked question is to each."""

from __future__ import annotations

import functools
import itertools
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from assistant.reading.learned import lexicon
from assistant.reading.learned.masks import Item, Items, parsed

_MOST_QUESTIONS = 240  # that one line with alternatives may stand for
_FREE = ("kind", "job", "made", "genre")  # slots that the two need not share
_LIGHT, _UNSEEN = 0.25, 6.0
_KEEN = 0.82  # of what is left for each word of the kind "not" that only one of the two has
_PAIRS = 0.5  # the weight of pairs of words against single ones
_ASKING_YES = frozenset(
    ("is", "was", "are", "were", "did", "does", "do", "has", "have", "had", "can", "could")
)
_CHOICE = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")

Vector = Mapping[str, float]
Ids = NDArray[np.int64]
Weights = NDArray[np.float32]


@dataclass(frozen=True)
class Group:
    """The known questions of one signature, and of each feature the rows that have it with their weights."""

    shapes: Ids
    slots: list[tuple[str, ...]]
    features: Mapping[str, tuple[Ids, Weights]]
    keen: list[frozenset[str]]

    def similarities(self, vector: Vector, keen: frozenset[str]) -> Weights:
        """Of every known question: the cosine, less for words that turn the meaning."""
        found = np.zeros(len(self.slots), dtype=np.float32)
        for key, weight in vector.items():
            if key in self.features:
                rows, weights = self.features[key]
                found[rows] += weight * weights
        turned = [len(keen ^ own) for own in self.keen]
        return cast(Weights, found / _norm(vector) * np.power(_KEEN, turned))


@dataclass(frozen=True)
class Near:
    """A shape near a question: the slots of the known question, how near (0-1)."""

    shape: int
    slots: tuple[str, ...]
    similarity: float


@dataclass
class Shapes:
    """All shapes; the questions of each signature are made ready when one of it is first asked."""

    templates: list[Mapping[str, Any]]
    lines: list[tuple[int, str]]
    words: Mapping[str, float]  # how much a word tells
    same: Mapping[str, str]
    keen: frozenset[str]
    _by_signature: dict[tuple[str, ...], list[tuple[int, Items]]] = field(default_factory=dict)
    _ready: dict[tuple[str, ...], Group | None] = field(default_factory=dict)

    @classmethod
    @functools.cache
    def load(cls) -> Shapes:
        """The shapes that are part of the package."""
        return cls.of(lexicon.exemplar_file())

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Shapes:
        """Of the parsed file."""
        words = data["words"]
        same = {word: first for first, others in words["same"].items() for word in others}
        lines = [
            (number, line)
            for number, shape in enumerate(data["shape"])
            for text in shape["questions"]
            for line in expanded(text)
        ]
        shapes = cls([shape["reading"] for shape in data["shape"]], lines, {}, same, frozenset(words["keen"]))
        items = [(number, parsed(line)) for number, line in lines]
        shapes.words = shapes._tellings(items, words["light"])
        for number, row in items:
            shapes._by_signature.setdefault(signature(row), []).append((number, row))
        return shapes

    def _tellings(self, items: Sequence[tuple[int, Items]], light: Sequence[str]) -> Mapping[str, float]:
        """A word tells the more, the fewer shapes it stands in; light words hardly anything."""
        held: dict[str, set[int]] = {}
        for number, row in items:
            for item in row:
                held.setdefault(self.form(item), set()).add(number)
        count = len(self.templates)
        tells = {word: 0.5 + math.log((count + 1) / (len(shapes) + 0.5)) for word, shapes in held.items()}
        return {**tells, **dict.fromkeys(light, _LIGHT)}

    def form(self, item: Item) -> str:
        """The form of a word that is compared; slots without their numbers."""
        return f"{{{item.slot}}}" if item.slot else self.same.get(item.key, item.key)

    def vector(self, items: Items) -> Vector:
        """Weights of its words and of the pairs that stand side by side once light words are left out."""
        forms = [self.form(item) for item in items]
        tells = {form: self.words.get(form, _UNSEEN) for form in forms}
        heavy = ["^", *(form for form in forms if self.words.get(form, _UNSEEN) > _LIGHT), "$"]
        for first, second in itertools.pairwise(heavy):
            weight = min(self.words.get(first, 3.0), self.words.get(second, 3.0))
            tells[f"{first} {second}"] = _PAIRS * weight
        return tells

    def near(self, items: Items, most: int = 4) -> list[Near]:
        """The shapes nearest to a masked question, best first; [] where none has its slots."""
        group = self._group(signature(items))
        if group is None:
            return []
        similarities = group.similarities(self.vector(items), self._keen(items))
        best: dict[int, Near] = {}
        for row in np.argsort(-similarities)[: 12 * most].tolist():
            shape = int(group.shapes[row])
            best.setdefault(shape, Near(shape, group.slots[row], float(similarities[row])))
        return list(best.values())[:most]

    def _group(self, key: tuple[str, ...]) -> Group | None:
        if key not in self._ready:
            lines = self._by_signature.get(key)
            self._ready[key] = self._made_ready(lines) if lines else None
        return self._ready[key]

    def _made_ready(self, lines: Sequence[tuple[int, Items]]) -> Group:
        held: dict[str, list[tuple[int, float]]] = {}
        for place, (_, row) in enumerate(lines):
            vector = self.vector(row)
            length = _norm(vector)
            for key, weight in vector.items():
                held.setdefault(key, []).append((place, weight / length))
        features = {
            key: (
                np.array([row for row, _ in rows]),
                np.array([weight for _, weight in rows], dtype=np.float32),
            )
            for key, rows in held.items()
        }
        slots = [tuple(item.key[1:-1] for item in row if item.slot) for _, row in lines]
        keen = [self._keen(row) for _, row in lines]
        return Group(np.array([shape for shape, _ in lines]), slots, features, keen)

    def _keen(self, row: Items) -> frozenset[str]:
        """The words in it that turn what a question means, how many kinds; two marks for one of yes or no."""
        count = sum(item.slot == "kind" for item in row)
        words = frozenset(self.form(item) for item in row) & self.keen | {f"{count} kinds"}
        return words | {"yes", "no"} if row[0].key in _ASKING_YES and "or" not in words else words


def _norm(vector: Vector) -> float:
    return math.sqrt(sum(weight * weight for weight in vector.values())) or 1.0


def signature(items: Items) -> tuple[str, ...]:
    """The slots two questions have to share, sorted."""
    return tuple(sorted(item.slot for item in items if item.slot and item.slot not in _FREE))


def expanded(text: str) -> list[str]:
    """Every question that a line stands for, up to a limit.

    >>> expanded("who (is|was) [ever] in it")
    ['who is in it', 'who is ever in it', 'who was in it', 'who was ever in it']
    """
    return list(_expanded(text))[:_MOST_QUESTIONS]


def _expanded(text: str) -> Iterator[str]:
    found = _CHOICE.search(text)
    if not found:
        yield " ".join(text.split())
        return
    options = found[1].split("|") if found[1] is not None else ["", *found[2].split("|")]
    for option in options:
        yield from _expanded(text[: found.start()] + option + text[found.end() :])
