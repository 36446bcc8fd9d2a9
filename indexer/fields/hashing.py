"""Strings as hashed features: character 3-grams and whole words, for many strings at once without a Python
loop.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from indexer.fields.arrays import Csr

_SPACE = 32
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_BASE = np.uint64(1_099_511_628_211)
_WORD_SALT = np.uint64(0x51ED270B9F1C3A77)


def hash_strings(texts: Sequence[str], size: int) -> Csr:
    """Features of N folded texts (one space between words): 3-grams with a space at both ends, and words.

    size: the number of buckets, a power of two; every id lies in 0..size-1. An empty text has no features.
    The hash is arithmetic alone, so it is the same in every process.
    """
    encoded = [f" {text} ".encode() if text else b"" for text in texts]
    lengths = np.fromiter(map(len, encoded), np.int64, len(encoded))
    data = np.frombuffer(b"".join(encoded), np.uint8).astype(np.uint64)
    if not len(data):
        return Csr.of([], np.zeros(len(encoded), np.int64))
    owner = np.repeat(np.arange(len(encoded), dtype=np.int64), lengths)
    grams, gram_owner = _trigrams(data, owner)
    words, word_owner = _words(data, owner)
    ids = bucket(np.concatenate([grams, words]), size)
    return Csr.from_pairs(np.concatenate([gram_owner, word_owner]), ids, len(encoded))


def _trigrams(
    data: npt.NDArray[np.uint64], owner: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
    whole = owner[:-2] == owner[2:]
    grams = (data[:-2] << np.uint64(16)) | (data[1:-1] << np.uint64(8)) | data[2:]
    return grams[whole] + np.uint64(1), owner[:-2][whole]


def _words(
    data: npt.NDArray[np.uint64], owner: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
    inside = data != _SPACE
    opens = inside & np.concatenate([[True], ~inside[:-1]])
    starts = np.flatnonzero(opens)
    word = np.maximum(np.cumsum(opens) - 1, 0)
    place = np.where(inside, np.arange(len(data)) - starts[word], 0)
    terms = np.where(inside, (data + np.uint64(1)) * _powers(int(place.max()) + 1)[place], np.uint64(0))
    return np.add.reduceat(terms, starts) ^ _WORD_SALT, owner[starts]


def _powers(count: int) -> npt.NDArray[np.uint64]:
    return np.cumprod(np.full(count, _BASE, np.uint64), dtype=np.uint64)


def hash_whole(texts: Sequence[str], size: int) -> Csr:
    """One feature for each of N texts, none for an empty one; ids in 0..size-1, the same in every process."""
    keys = [zlib.crc32(text.encode()) for text in texts if text]
    return Csr.of(bucket(np.array(keys, np.uint64), size), [int(bool(text)) for text in texts])


def bucket(keys: npt.NDArray[np.uint64], size: int) -> npt.NDArray[np.int64]:
    """Whole numbers well mixed, each as one of 0..size-1; the same in every process."""
    mixed = (keys ^ (keys >> np.uint64(31))) * _MULTIPLIER
    return ((mixed >> np.uint64(32)) % np.uint64(size)).astype(np.int64)
