"""Vectors of words that stand in lists together: skip-gram with negative sampling (Mikolov et al. 2013).

The lists are sets of keywords, so every other word of a list is in the window.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from indexer.fields.arrays import Csr, Floats, Ints, unit

_BATCH = 1024
_SHARED = 64  # negative words that all pairs of a batch share: one matrix product instead of many look-ups
_FREQUENT = 1e-3  # words of a larger share are passed over more often, as in the paper
_FLATTENED = 0.75  # power of the frequency by which negative words are drawn
_RATE = 0.25


@dataclass(frozen=True)
class Recipe:
    """How vectors are trained.

    size: numbers in one. least: lists that a word must be in. words: most words that get vectors. lists: most
    lists that are kept, a random choice of more. partners: words of the list that each word meets in an
    epoch. negative: the weight of negative samples, in samples a pair.
    """

    size: int = 64
    least: int = 2
    words: int = 1 << 14
    lists: int = 200_000
    epochs: int = 10
    partners: int = 5
    negative: float = 5.0
    seed: int = 7


@dataclass(frozen=True)
class WordVectors:
    """W words with vectors (W, size) and in how many of the ``lists`` lists each is, (W,)."""

    words: tuple[str, ...]
    vectors: Floats
    counts: Ints
    lists: int

    def rarity(self) -> Floats:
        """(W,) inverse document frequency in nats, above 0."""
        found: Floats = (np.log((1.0 + self.lists) / (1.0 + self.counts)) + 0.3).astype(np.float32)
        return found


def train(lists: Iterable[Sequence[str]], recipe: Recipe | None = None) -> WordVectors:
    """Vectors of the words in a stream of lists, in memory that does not grow with its length.

    The same stream and recipe give the same vectors. No words give no vectors, (0, size).
    """
    recipe = recipe or Recipe()
    rng = np.random.default_rng(recipe.seed)
    kept, counts, total = _sample(lists, recipe, rng)
    chosen = sorted(counts.most_common(recipe.words), key=lambda item: (-item[1], item[0]))
    words = tuple(word for word, count in chosen if count >= recipe.least)
    often = np.array([counts[word] for word in words], np.int64)
    index = {word: place for place, word in enumerate(words)}
    ids = [[index[word] for word in dict.fromkeys(group) if word in index] for group in kept]
    together = Csr.of([item for group in ids for item in group], [len(group) for group in ids])
    return WordVectors(words, _Skipgram(len(words), recipe, rng).fit(together, often), often, total)


def _sample(
    lists: Iterable[Sequence[str]], recipe: Recipe, rng: np.random.Generator
) -> tuple[list[Sequence[str]], Counter[str], int]:
    """A reservoir of the lists (Vitter 1985), how many have each word, and how many there are.

    Rare words are forgotten where their number would grow without limit (Manku and Motwani 2002).
    """
    kept: list[Sequence[str]] = []
    counts: Counter[str] = Counter()
    total = 0
    for total, group in enumerate(lists, 1):
        counts.update(set(group))
        if len(counts) > 16 * recipe.words:
            counts = Counter(dict(counts.most_common(8 * recipe.words)))
        if len(kept) < recipe.lists:
            kept.append(group)
        elif (place := int(rng.integers(total))) < recipe.lists:
            kept[place] = group
    return kept, counts, total


class _Skipgram:
    def __init__(self, words: int, recipe: Recipe, rng: np.random.Generator) -> None:
        self._recipe, self._rng = recipe, rng
        start = (rng.random((words, recipe.size), np.float32) - np.float32(0.5)) / recipe.size
        self._inner = _Rows(start.astype(np.float32))
        self._outer = _Rows(np.zeros((words, recipe.size), np.float32))

    def fit(self, together: Csr, often: Ints) -> Floats:
        """(W, size) vectors, the common mean taken off: it says only that these are words."""
        draw = often**_FLATTENED / np.maximum((often**_FLATTENED).sum(), 1.0)
        share = often / max(often.sum(), 1)
        keep = np.minimum(1.0, np.sqrt(_FREQUENT / np.maximum(share, 1e-12)))
        for epoch in range(self._recipe.epochs):
            centres, contexts = _pairs(together, keep, self._recipe.partners, self._rng)
            rate = _RATE * max(1 - epoch / self._recipe.epochs, 0.1)
            for start in range(0, len(centres), _BATCH):
                at = slice(start, start + _BATCH)
                self._step(centres[at], contexts[at], draw, rate)
        vectors = self._inner.values
        return vectors - vectors.mean(0) if len(vectors) else vectors

    def _step(self, centres: Ints, contexts: Ints, draw: Floats, rate: float) -> None:
        noise = self._rng.choice(len(draw), _SHARED, p=draw)
        inner, outer, against = (
            self._inner.values[centres],
            self._outer.values[contexts],
            self._outer.values[noise],
        )
        # Gradients of the two kinds of term: that the context is true, that the noise is not.
        wrong: Floats = _sigmoid((inner * outer).sum(1))[:, None] - np.float32(1)  # (B, 1)
        false: Floats = _sigmoid(inner @ against.T) * np.float32(self._recipe.negative / _SHARED)  # (B, 64)
        moved: Floats = np.concatenate([wrong * inner, false.T @ inner])
        self._inner.step(centres, wrong * outer + false @ against, rate)
        self._outer.step(np.concatenate([contexts, noise]), moved, rate)


class _Rows:
    """A table of which each step moves few rows (Duchi et al. 2011, one scale a row)."""

    def __init__(self, values: Floats) -> None:
        self.values = values
        self._squares = np.full(len(values), 1e-4, np.float32)

    def step(self, ids: Ints, gradients: Floats, rate: float) -> None:
        order = np.argsort(ids, kind="stable")
        distinct, starts = np.unique(ids[order], return_index=True)
        sums = np.add.reduceat(gradients[order], starts, axis=0)
        self._squares[distinct] += (sums * sums).mean(1)
        self.values[distinct] -= rate * sums / np.sqrt(self._squares[distinct])[:, None]


def _pairs(together: Csr, keep: Floats, partners: int, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Words and other words of their lists, in random order; ``keep`` (W,) is how often each takes part."""
    lengths = np.diff(together.starts)
    owner = np.repeat(np.arange(len(together)), lengths)
    centre = np.repeat(np.arange(len(together.ids)), np.minimum(partners, lengths[owner] - 1))
    first, count = together.starts[owner[centre]], lengths[owner[centre]]
    shift = 1 + (rng.random(len(centre)) * (count - 1)).astype(np.int64)
    context = first + (centre - first + shift) % count
    ids = together.ids.astype(np.int64)
    pairs = np.stack([ids[centre], ids[context]])
    pairs = pairs[:, (rng.random(pairs.shape) < keep[pairs]).all(0)]
    mixed = pairs[:, rng.permutation(pairs.shape[1])]
    return mixed[0], mixed[1]


def _sigmoid(values: Floats) -> Floats:
    found: Floats = (1 / (1 + np.exp(-np.clip(values, -30, 30)))).astype(np.float32)
    return found


def nearest(found: WordVectors, word: str, count: int = 10) -> list[str]:
    """The words whose vectors point most like this one's, best first; [] for an unknown word."""
    if word not in found.words:
        return []
    directions = unit(found.vectors)
    order = np.argsort(-(directions @ directions[found.words.index(word)]), kind="stable")
    return [found.words[place] for place in order[1 : count + 1]]
