"""How the walks to each candidate go: through how many, how alike, and in which functions."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.fields.arrays import Floats, Ints
from indexer.joint.compiled import compiled
from indexer.joint.entities import ROLES
from indexer.joint.missing.walks import Query, Work

# Rows of a table of measures, in this order.
PATHS = (
    "likeness", "likest", "middles", "thin likeness", "most shared", "most covered", "likeness in genre",
    "likeness in type", "nearest in time", "best billing there",
    "partners", "closeness", "usual", "same function", *(f"by {role}" for role in ROLES),
)  # fmt: skip
_LIKENESS, _LIKEST, _MIDDLES, _THIN, _SHARED, _COVERED, _GENRE, _TYPE, _NEAREST, _BILLING = range(10)
_PARTNERS, _CLOSENESS, _USUAL, _SAME, _BY_ROLE = range(10, 15)
_FAR, _LAST_BILLED = 99, 255
_ROLES = len(ROLES)


class Likes(NamedTuple):
    """By which middles are like the query: genres and kind (N,) of titles, both empty for people."""

    genres: Ints
    kind: npt.NDArray[np.int32]


@compiled
def in_common(left: int, right: int) -> float:
    """The share of the bits of either that both have; 0 without any."""
    both, either, bit = 0, left | right, 0
    count = 0
    while either >> bit:
        count += either >> bit & 1
        both += left >> bit & right >> bit & 1
        bit += 1
    return both / count if count else 0.0


@compiled
def add_middles(query: Query, count: int, likes: Likes, work: Work, found: Floats) -> None:
    """Of each candidate the middles that lead to it. found: (F, K), a row for each of PATHS."""
    own = query.own
    found[_NEAREST], found[_BILLING] = _FAR, _LAST_BILLED
    titles = len(likes.genres) > 0
    for at in range(count):
        middle = work.middles[at]
        gap = _gap(query, middle)
        likeness, shared = work.likeness[middle], work.shared[middle]
        size = own.starts[middle + 1] - own.starts[middle]
        alike, same = _alike(likes, query.at, middle)
        for place in range(own.starts[middle], own.starts[middle + 1]):
            slot = work.slot[own.ids[place]]
            if slot >= 0:
                found[_LIKENESS, slot] += likeness
                found[_LIKEST, slot] = max(found[_LIKEST, slot], likeness)
                found[_MIDDLES, slot] += 1
                found[_THIN, slot] += likeness / size
                found[_SHARED, slot] = max(found[_SHARED, slot], shared)
                found[_COVERED, slot] = max(found[_COVERED, slot], shared / size)
                found[_GENRE, slot] += alike * likeness
                found[_TYPE, slot] += same * likeness / size
                found[_NEAREST, slot] = min(found[_NEAREST, slot], gap)
                if titles:  # that of a person in the hidden title would count the hidden one before
                    found[_BILLING, slot] = min(found[_BILLING, slot], own.billing[place])


@compiled
def _gap(query: Query, middle: int) -> int:
    """Years between the query and a middle; 99 where one of them is unknown, or they are people."""
    here, there = query.weights.years[query.at], query.weights.years[middle]
    return abs(here - there) if here > 0 and there > 0 else _FAR


@compiled
def _alike(likes: Likes, query: int, middle: int) -> tuple[float, float]:
    """How alike two titles are in genre, and whether they are of one type; zeros for people."""
    if not len(likes.genres):
        return 0.0, 0.0
    same = 1.0 if likes.kind[query] == likes.kind[middle] else 0.0
    return in_common(likes.genres[query], likes.genres[middle]), same


@compiled
def add_partners(query: Query, work: Work, found: Floats) -> None:
    """Of each candidate the partners that lead to it, how often, and in which function. found: (F, K)."""
    own, back = query.own, query.back
    meetings = np.zeros(found.shape[1], np.int32)
    for at in range(own.starts[query.at], own.starts[query.at + 1]):
        partner = own.ids[at]
        if partner != query.hidden:
            _add_partner(query, at, work, found, meetings)
            _add_meetings(back.starts[partner + 1] - back.starts[partner], meetings, found)


@compiled
def _add_partner(query: Query, at: int, work: Work, found: Floats, meetings: npt.NDArray[np.int32]) -> None:
    own, back, weights = query.own, query.back, query.weights
    partner, roles = own.ids[at], own.roles[at]
    for place in range(back.starts[partner], back.starts[partner + 1]):
        middle = back.ids[place]
        if middle == query.at:
            continue
        step = weights.partner[partner] * weights.middle[middle]
        same = back.roles[place] & roles != 0
        for there in range(own.starts[middle], own.starts[middle + 1]):
            slot = work.slot[own.ids[there]]
            if slot >= 0:
                meetings[slot] += 1
                if same:
                    found[_SAME, slot] += step
                for role in range(_ROLES):
                    if roles >> role & 1:
                        found[_BY_ROLE + role, slot] += step


@compiled
def _add_meetings(known: int, meetings: npt.NDArray[np.int32], found: Floats) -> None:
    """One partner's meetings with each candidate; they are 0 afterwards. known: the partner's credits."""
    for slot in range(len(meetings)):
        if meetings[slot]:
            found[_PARTNERS, slot] += 1
            found[_CLOSENESS, slot] += np.log1p(meetings[slot])
            found[_USUAL, slot] += meetings[slot] / known**0.5
            meetings[slot] = 0
