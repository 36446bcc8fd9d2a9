"""Span F1 on mit_movie with a perceptron of its own, trained on nine tenths of it."""

from __future__ import annotations

import random
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assistant.reading.learned.features import Ids, encode
from assistant.reading.learned.tagger import Tagger
from assistant.reading.learned.training import Perceptron
from evals.slots.bio import Score, Sentence, read_bio, score
from evals.tables import Bar, Line, Table

if TYPE_CHECKING:
    from indexer.catalog.catalog import Catalog

FILE = Path("mit_movie") / "trivia10k13train.bio"
_HELD, _EPOCHS, _ROWS = 10, 10, 1 << 18
_PEOPLE = 120_000
_MUST, _GOAL = 0.66, 0.72


@dataclass(frozen=True)
class Known:
    """First and last names of people in the catalogue; empty without one."""

    first: frozenset[str] = frozenset()
    last: frozenset[str] = frozenset()

    @classmethod
    def of(cls, catalog: Catalog) -> Known:
        """Of the best known people."""
        people = sorted(catalog.iter_people(), key=lambda person: -person.popularity)[:_PEOPLE]
        names = [person.name.lower().split() for person in people if " " in person.name]
        return cls(frozenset(name[0] for name in names), frozenset(name[-1] for name in names))


def run(sets: Path, catalog: Catalog | None = None, limit: int | None = None) -> tuple[Table, Score]:
    """The table and the score over all kinds; a tenth of the sentences, by a shuffle, is never trained on."""
    sentences = read_bio(sets / FILE)[:limit]
    random.Random(0).shuffle(sentences)
    known = Known.of(catalog) if catalog is not None else Known()
    labels = sorted({label for sentence in sentences for label in sentence.labels})
    data = [
        (_features(sentence, known), [labels.index(label) for label in sentence.labels])
        for sentence in sentences
    ]
    held = len(data) // _HELD
    model = _trained(data[held:], labels)
    told = [[labels[label] for label in model.best(ids)] for ids, _ in data[:held]]
    pairs = [(sentence.labels, found) for sentence, found in zip(sentences[:held], told, strict=True)]
    return _table(pairs, len(data) - held), score(pairs)


def _features(sentence: Sentence, known: Known) -> Ids:
    """Those of the reader's tagger, words further away, and whether a word is somebody's name."""
    words = [word.lower() for word in sentence.words]
    shared = encode(words, sentence.words)
    more = [[_hashed(text) for text in _wide(words, place, known)] for place in range(len(words))]
    return np.concatenate([shared, np.array(more, dtype=np.int32)], axis=1)


def _hashed(text: str) -> int:
    return (1 << 16) + zlib.crc32(text.encode()) % (_ROWS - (1 << 16))


def _wide(words: Sequence[str], place: int, known: Known) -> list[str]:
    def at(step: int) -> str:
        return words[place + step] if 0 <= place + step < len(words) else "$"

    def name(step: int) -> str:
        word = at(step)
        return f"{word in known.first}{word in known.last}"

    around = [f"{step}={at(step)}" for step in (-4, -3, 3, 4)]
    pairs = [f"0,{step}={words[place]} {at(step)}" for step in (-3, -2, 2, 3)]
    triples = [f"-1,0,1={at(-1)} {words[place]} {at(1)}", f"0,1,2={words[place]} {at(1)} {at(2)}"]
    before = [f"-2,-1,0={at(-2)} {at(-1)} {words[place]}", f"1,2,3={at(1)} {at(2)} {at(3)}"]
    names = [
        f"n={name(-1)}{name(0)}{name(1)}",
        f"n,w-1={name(0)}{name(1)} {at(-1)}",
        f"n-2={name(-2)}{name(-1)}{name(0)}",
    ]
    seen = set(words[:place])
    said = [
        f"said={mark in seen}{word}"
        for word, mark in (("by", "directed"), ("s", "starring"), ("w", "where"), ("m", "movie"))
    ]
    return [
        *around,
        *pairs,
        *triples,
        *before,
        *names,
        *said,
        f"len={min(len(words), 30) // 5} {min(place, 12) // 3}",
    ]


def _trained(data: Sequence[tuple[Ids, list[int]]], labels: Sequence[str]) -> Tagger:
    model = Perceptron(labels, _ROWS)
    order = list(data)
    rng = random.Random(1)
    for _ in range(_EPOCHS):
        rng.shuffle(order)
        for ids, gold in order:
            model.learn(ids, gold)
    return model.averaged()


def _table(pairs: Sequence[tuple[Sequence[str], Sequence[str]]], trained_on: int) -> Table:
    whole = score(pairs)
    kinds = sorted({label[2:] for gold, _ in pairs for label in gold if label != "O"})
    lines = [
        Line(
            "span F1, all kinds",
            round(whole.f1, 3),
            "",
            Bar(_MUST, _GOAL),
            note=f"{len(pairs):,} held out of {trained_on + len(pairs):,}",
        )
    ]
    for kind in kinds:
        part = score(pairs, kind)
        lines.append(Line(f"  {kind}", round(part.f1, 3), "", note=f"{part.gold} spans"))
    return Table("mit_movie slots (a tagger of its own)", lines)
