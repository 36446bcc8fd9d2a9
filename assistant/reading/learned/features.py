"""The words of a question as hashed features: forms, affixes, capitals, neighbours, word lists."""

from __future__ import annotations

import functools
import re
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.reading.learned import lexicon

ROWS = 1 << 16  # rows of the weight table; features share rows by chance
Ids = NDArray[np.int32]
_SHAPES = ((re.compile(r"[A-Z]"), "X"), (re.compile(r"[a-z]"), "x"), (re.compile(r"\d"), "d"))
_RUNS = re.compile(r"(.)\1{2,}")


def encode(keys: Sequence[str], texts: Sequence[str]) -> Ids:
    """Feature ids of every word, shape (words, features of a word).

    ``keys`` are the folded words, ``texts`` the same as they were typed (their capitals tell names).
    """
    lists = [lexicon.classes(key) for key in keys]
    shapes = [_shape(text) for text in texts]
    cased = "cased" if any(shape[:1] == "X" for shape in shapes[1:]) else "flat"
    anchors = _anchors(keys)
    rows = [_of_word(place, keys, shapes, lists, cased, anchors) for place in range(len(keys))]
    return np.array(rows, dtype=np.int32)


@functools.lru_cache(maxsize=16384)
def _shape(text: str) -> str:
    for pattern, letter in _SHAPES:
        text = pattern.sub(letter, text)
    return _RUNS.sub(r"\1\1", text)[:6]


def _anchors(keys: Sequence[str]) -> tuple[list[str], list[str]]:
    """The nearest word of the common ones to the left and to the right of every word, with its distance."""
    left, right = _nearest(keys), _nearest(keys[::-1])[::-1]
    return left, right


def _nearest(keys: Sequence[str]) -> list[str]:
    found, last, far = [], "^", 0
    for key in keys:
        found.append(f"{last}~{min(far, 3)}")
        last, far = (key, 0) if key in lexicon.common() else (last, far + 1)
    return found


def _of_word(
    place: int,
    keys: Sequence[str],
    shapes: Sequence[str],
    lists: Sequence[str],
    cased: str,
    anchors: tuple[Sequence[str], Sequence[str]],
) -> list[int]:
    key, shape = keys[place], shapes[place]
    before, after = _at(keys, place - 1), _at(keys, place + 1)
    before2, after2 = _at(keys, place - 2), _at(keys, place + 2)
    capital = shape[:1] == "X"
    around = f"{_at(shapes, place - 1)[:1]}{shape[:1]}{_at(shapes, place + 1)[:1]}"
    texts = (
        f"w={key}",
        f"-1={before}",
        f"+1={after}",
        f"-2={before2}",
        f"+2={after2}",
        f"-1,0={before} {key}",
        f"0,+1={key} {after}",
        f"-2,-1={before2} {before}",
        f"+1,+2={after} {after2}",
        f"-1,+1={before} {after}",
        f"-3,-2,-1={_at(keys, place - 3)} {before2} {before}",
        f"p2={key[:2]}",
        f"p3={key[:3]}",
        f"p4={key[:4]}",
        f"s2={key[-2:]}",
        f"s3={key[-3:]}",
        f"s4={key[-4:]}",
        f"sh={shape} {cased}",
        f"around={around} {cased}",
        f"cap,-1={capital} {cased} {before}",
        f"cap,+1={capital} {cased} {after}",
        f"list={lists[place]}",
        f"list,-1={_at(lists, place - 1)} {lists[place]}",
        f"list,+1={lists[place]} {_at(lists, place + 1)}",
        f"list-1,+1={_at(lists, place - 1)} {_at(lists, place + 1)}",
        f"left={anchors[0][place]}",
        f"right={anchors[1][place]}",
        f"both={anchors[0][place]} {anchors[1][place]}",
        f"left,cap={anchors[0][place]} {capital} {cased}",
        f"first={keys[0]} {_at(keys, 1)}",
        f"first,left={keys[0]} {anchors[0][place]}",
        f"at={min(place, 4)} {place == len(keys) - 1}",
    )
    return [zlib.crc32(text.encode()) % ROWS for text in texts]


def _at(items: Sequence[str], place: int) -> str:
    if place < 0:
        return "^"
    return items[place] if place < len(items) else "$"
