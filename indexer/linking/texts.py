"""Many strings in mapped arrays, and which texts hold which word."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


def mapped(file: Path) -> Array:
    """A saved array, mapped read-only; a plain array, since each slice of numpy's memmap class costs 2 us."""
    return np.asarray(np.load(file, mmap_mode="r"))


class Texts:
    """Many strings as one mapped array of UTF-8 and where each begins."""

    def __init__(self, data: npt.NDArray[np.uint8], starts: npt.NDArray[np.int64]) -> None:
        self._data, self._starts = data, starts

    @classmethod
    def of(cls, texts: Sequence[str]) -> Texts:
        """The strings in the order given; a lone surrogate becomes "?"."""
        coded = [text.encode("utf-8", "replace") for text in texts]
        starts = np.zeros(len(coded) + 1, np.int64)
        np.cumsum([len(code) for code in coded], out=starts[1:])
        return cls(np.frombuffer(b"".join(coded), np.uint8), starts)

    @classmethod
    def open(cls, directory: Path, name: str) -> Texts:
        """Map ``name.npy`` and ``name_starts.npy``."""
        return cls(*(mapped(directory / f"{name}{end}.npy") for end in ("", "_starts")))

    def save(self, directory: Path, name: str) -> None:
        """Write ``name.npy`` and ``name_starts.npy``."""
        np.save(directory / f"{name}.npy", self._data)
        np.save(directory / f"{name}_starts.npy", self._starts)

    def __getitem__(self, place: int) -> str:
        return self._data[self._starts[place] : self._starts[place + 1]].tobytes().decode()

    def many(self, places: Array) -> list[str]:
        """The texts at (M,) places; those that lie together are read together."""
        found: list[str] = []
        for run in np.split(places, np.flatnonzero(np.diff(places) != 1) + 1) if len(places) else []:
            starts = self._starts[run[0] : run[-1] + 2].tolist()
            raw, first = self._data[starts[0] : starts[-1]].tobytes(), starts[0]
            found += [raw[start - first : end - first].decode() for start, end in pairwise(starts)]
        return found

    def __len__(self) -> int:
        return len(self._starts) - 1


class WordPostings:
    """Which of N folded texts hold a word; the words lie in order, so that one is found by halving."""

    def __init__(self, words: Texts, starts: Array, texts: Array) -> None:
        self._words, self._starts, self._texts = words, starts, texts
        self.size = int(texts.max()) + 1 if len(texts) else 0

    @classmethod
    def of(cls, texts: Iterable[str]) -> WordPostings:
        """Postings of folded texts, numbered in the order given."""
        numbers: dict[str, int] = {}
        owners, found = array("i"), array("i")
        for place, text in enumerate(texts):
            for word in set(text.split()):
                owners.append(place)
                found.append(numbers.setdefault(word, len(numbers)))
        order = sorted(numbers)
        rank = np.zeros(len(order), np.int64)
        rank[[numbers[word] for word in order]] = np.arange(len(order))
        ranked = rank[np.asarray(found, np.int64)]
        by_word = np.argsort(ranked, kind="stable")
        starts = np.searchsorted(ranked[by_word], np.arange(len(order) + 1)).astype(np.int64)
        return cls(Texts.of(order), starts, np.asarray(owners, np.int32)[by_word])

    def save(self, directory: Path, name: str) -> None:
        """Write four .npy files that begin with ``name``."""
        self._words.save(directory, name)
        np.save(directory / f"{name}_postings.npy", self._texts)
        np.save(directory / f"{name}_postings_starts.npy", self._starts)

    @classmethod
    def open(cls, directory: Path, name: str) -> WordPostings:
        """Map what ``save`` wrote."""
        files = (directory / f"{name}_postings{end}.npy" for end in ("_starts", ""))
        return cls(Texts.open(directory, name), *(mapped(file) for file in files))

    def holding(self, word: str) -> Array:
        """(M,) the texts that hold ``word``, ascending; empty where none does."""
        low, high = 0, len(self._words)
        while low < high:
            middle = (low + high) // 2
            if self._words[middle] < word:
                low = middle + 1
            else:
                high = middle
        if low == len(self._words) or self._words[low] != word:
            return np.zeros(0, np.int32)
        return np.asarray(self._texts[self._starts[low] : self._starts[low + 1]])

    def shares(self, words: Iterable[str]) -> tuple[Array, Array]:
        """(M,) the texts that hold any of ``words``, ascending, and (M,) the share of their rarity, 0-1."""
        lists = [self.holding(word) for word in dict.fromkeys(words)]
        weights = [float(np.log1p(self.size / max(len(texts), 1))) for texts in lists]
        if not lists or not sum(map(len, lists)):
            return np.zeros(0, np.int32), np.zeros(0)
        texts, places = np.unique(np.concatenate(lists), return_inverse=True)
        mass = np.repeat(weights, [len(each) for each in lists])
        return texts, np.bincount(places, mass, len(texts)) / sum(weights)
