"""Character 3-grams of many short texts, and the postings that say which text holds which gram."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from indexer.linking.texts import mapped

_CHUNK = 100_000
_MIX = (np.uint32(0x9E3779B1), np.uint32(0x85EBCA77), np.uint32(0xC2B2AE3D))
_SPACE, _END = 32, 10
_FILES = ("grams", "starts", "texts", "idf", "norms")
Keys = npt.NDArray[np.uint32]
Rows = npt.NDArray[np.int32]


def grams(texts: Sequence[str]) -> tuple[Keys, Rows]:
    """The distinct 3-grams of each text, words padded with a space, none from one word into the next.

    Grams inside words only, so that "Lynch David" holds those of "David Lynch".
    Returns (M,) hashed grams and (M,) the text each is from; ordered by text, then gram.
    """
    joined = "\n".join(f" {text} " for text in texts)
    codes = np.frombuffer(joined.encode("utf-32-le", "replace"), dtype=np.uint32)
    if codes.size < 3:
        return np.zeros(0, np.uint32), np.zeros(0, np.int32)
    first, middle, last = codes[:-2], codes[1:-1], codes[2:]
    inside = (middle != _SPACE) & (first != _END) & (middle != _END) & (last != _END)
    rows = np.cumsum(codes == _END)[:-2][inside]
    keys = _hashed(first[inside], middle[inside], last[inside])
    both = np.unique((rows.astype(np.uint64) << np.uint64(32)) | keys)
    return (both & np.uint64(0xFFFFFFFF)).astype(np.uint32), (both >> np.uint64(32)).astype(np.int32)


def _hashed(first: Keys, middle: Keys, last: Keys) -> Keys:
    mixed = first * _MIX[0]
    mixed = (mixed ^ (mixed >> np.uint32(15)) ^ middle) * _MIX[1]
    mixed = (mixed ^ (mixed >> np.uint32(13)) ^ last) * _MIX[2]
    return np.asarray(mixed ^ (mixed >> np.uint32(16)), np.uint32)


@dataclass(frozen=True)
class Postings:
    """Which of N texts hold which gram; arrays are memory-mapped when opened from a folder."""

    grams: Keys  # (G,) ascending
    starts: npt.NDArray[np.int64]  # (G + 1,) where each gram's texts begin
    texts: Rows  # (M,) text numbers, ascending within a gram
    idf: npt.NDArray[np.float32]  # (G,) nats
    norms: npt.NDArray[np.float32]  # (N,) the idf of all grams of a text added up

    @classmethod
    def of(cls, texts: Sequence[str]) -> Postings:
        """Postings of ``texts`` in the order given; texts that come first win ties."""
        parts = [grams(texts[at : at + _CHUNK]) for at in range(0, len(texts), _CHUNK)]
        keys = np.concatenate([part[0] for part in parts]) if parts else np.zeros(0, np.uint32)
        rows = [part[1] + np.int32(number * _CHUNK) for number, part in enumerate(parts)]
        owners = np.concatenate(rows) if rows else np.zeros(0, np.int32)
        order = np.argsort(keys, kind="stable")
        keys, owners = keys[order], owners[order]
        known, starts = np.unique(keys, return_index=True)
        starts = np.append(starts, keys.size).astype(np.int64)
        counts = np.diff(starts)
        idf = np.log1p(len(texts) / np.maximum(counts, 1)).astype(np.float32)
        norms = np.bincount(owners, np.repeat(idf, counts), len(texts)).astype(np.float32)
        return cls(known, starts, owners.astype(np.int32), idf, norms)

    def save(self, directory: Path) -> None:
        """Write the arrays as ``gram_*.npy``."""
        for name in _FILES:
            np.save(directory / f"gram_{name}.npy", getattr(self, name))

    @classmethod
    def open(cls, directory: Path) -> Postings:
        """Map the arrays of a saved folder. Raises OSError where one is missing."""
        return cls(*(mapped(directory / f"gram_{name}.npy") for name in _FILES))

    def overlap(self, text: str, budget: int) -> tuple[npt.NDArray[np.float32], float]:
        """How much idf each text shares with ``text``: (N,), and the most it could be.

        Rare grams are counted first; once ``budget`` postings are read, commoner grams are left out
        (of the overlap and of what it could be), so that the time has a limit.
        """
        shared = np.zeros(self.norms.size, np.float32)
        wanted = grams([text])[0]
        at = np.minimum(np.searchsorted(self.grams, wanted), max(self.grams.size - 1, 0))
        at = at[self.grams[at] == wanted] if self.grams.size else at[:0]
        unknown = (wanted.size - at.size) * float(np.log1p(self.norms.size))
        most, read = 0.0, 0
        for gram in at[np.argsort(-self.idf[at], kind="stable")]:
            start, end = int(self.starts[gram]), int(self.starts[gram + 1])
            if read and read + end - start > budget:
                break
            shared[self.texts[start:end]] += self.idf[gram]
            most += float(self.idf[gram])
            read += end - start
        return shared, most + 0.5 * unknown
