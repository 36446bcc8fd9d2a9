"""What the facts say of a title and a person together: their times, genres, functions, names of a series."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.fields.arrays import Floats
from indexer.joint.compiled import compiled
from indexer.joint.entities import ROLES
from indexer.joint.missing.graph import Facts, Half
from indexer.joint.missing.paths import in_common

# Rows of a table of measures, in this order.
PAIRS = (
    "titles", *(f"as {role}" for role in ROLES), "functions shown", "years before", "years after",
    "second gap", "third gap", "within two years", "within five years", "since the first", "to the last",
    "age", "since death", "genres", "same genres", "votes", "more votes", "type", "better rated", "longer",
    "series", "nearest of the series", "billing", "best billing", "billed in front",
)  # fmt: skip
# What is known of the title itself; of a title that is asked about they are the same for all candidates.
TITLE = ("year", "kind", "title's votes", "title's genres", *(f"shows {role}" for role in ROLES))
_ROLES = len(ROLES)
(
    _TITLES, _AS_ROLE, _, _, _, _, _, _, _, _SHOWN, _BEFORE, _AFTER, _SECOND, _THIRD, _TWO, _FIVE, _FIRST,
    _LAST, _AGE, _DEAD, _GENRES, _SAME_GENRES, _VOTES, _MORE_VOTES, _TYPE, _RATED, _LONGER, _SERIES, _NEAREST,
    _BILLING, _BEST, _FRONT,
) = range(32)  # fmt: skip
_FAR, _LONG_DEAD, _LAST_BILLED, _IN_FRONT = 99, -99, 20, 4


class Sides(NamedTuple):
    """The graph as the measures of a pair read it."""

    by_title: Half
    by_person: Half
    facts: Facts


class Pair(NamedTuple):
    """A title and a person by place, one of whom is the query, and the credit that is hidden from it.

    without_title: of a person who is asked about the hidden title, -1 for none; without_person likewise.
    Neither these nor the pair's own credit are ever read: else the hidden one would differ from all others.
    """

    title: int
    person: int
    without_title: int
    without_person: int


@compiled
def add_pair(sides: Sides, pair: Pair, slot: int, found: Floats) -> None:
    """Fill column ``slot`` of found (F, K), a row for each of PAIRS and then of TITLE."""
    shown = _functions_shown(sides.by_title, pair)
    _add_career(sides, pair, slot, found)
    _add_times(sides, pair, slot, found)
    titles = max(found[_TITLES, slot], 1)
    for role in range(_ROLES):
        found[_AS_ROLE + role, slot] /= titles
        if shown >> role & 1:
            found[_SHOWN, slot] += found[_AS_ROLE + role, slot]
        found[len(PAIRS) + 4 + role, slot] = shown >> role & 1
    _add_title(sides.facts, pair.title, slot, found)


@compiled
def _functions_shown(by_title: Half, pair: Pair) -> int:
    """Bits of the functions in which others than the person are known there: whether, never how many."""
    shown = 0
    for at in range(by_title.starts[pair.title], by_title.starts[pair.title + 1]):
        if by_title.ids[at] != pair.person and by_title.ids[at] != pair.without_person:
            shown |= by_title.roles[at]
    return shown


@compiled
def _add_title(facts: Facts, title: int, slot: int, found: Floats) -> None:
    first = len(PAIRS)
    found[first, slot] = facts.year[title]
    found[first + 1, slot] = facts.kind[title]
    found[first + 2, slot] = facts.votes[title]
    genres = facts.genres[title]
    while genres:
        found[first + 3, slot] += genres & 1
        genres >>= 1


@compiled
def _add_career(sides: Sides, pair: Pair, slot: int, found: Floats) -> None:
    """Means over the person's other titles, beside the title."""
    half, facts, title = sides.by_person, sides.facts, pair.title
    rated, timed, best = 0, 0, _LAST_BILLED
    for at in range(half.starts[pair.person], half.starts[pair.person + 1]):
        other = half.ids[at]
        if other in (title, pair.without_title):
            continue
        found[_TITLES, slot] += 1
        for role in range(_ROLES):
            found[_AS_ROLE + role, slot] += half.roles[at] >> role & 1
        best = min(best, half.billing[at])
        found[_BILLING, slot] += min(half.billing[at], _LAST_BILLED)
        found[_FRONT, slot] += half.billing[at] <= _IN_FRONT
        rated += facts.rating[other] > 0
        timed += facts.runtime[other] > 0
        _add_likeness(facts, title, other, slot, found)
    found[_BEST, slot] = best
    _make_means(found, slot, rated, timed)
    found[_MORE_VOTES, slot] = found[_VOTES, slot] - facts.votes[title]
    found[_RATED, slot] = found[_RATED, slot] - facts.rating[title] if rated and facts.rating[title] else 0
    found[_LONGER, slot] = (
        found[_LONGER, slot] - facts.runtime[title] if timed and facts.runtime[title] else 0
    )


@compiled
def _add_likeness(facts: Facts, title: int, other: int, slot: int, found: Floats) -> None:
    """How alike one of the person's titles is to the title."""
    genres = in_common(facts.genres[title], facts.genres[other])
    found[_GENRES, slot] += genres
    found[_SAME_GENRES, slot] += genres == 1
    found[_VOTES, slot] += facts.votes[other]
    found[_TYPE, slot] += facts.kind[title] == facts.kind[other]
    found[_RATED, slot] += facts.rating[other]
    found[_LONGER, slot] += facts.runtime[other]
    words = _words_shared(facts, title, other)
    found[_SERIES, slot] += words
    found[_NEAREST, slot] = max(found[_NEAREST, slot], words)


@compiled
def _make_means(found: Floats, slot: int, rated: int, timed: int) -> None:
    """Sums over a person's titles become means; functions do later, and words of a series stay sums."""
    titles = max(found[_TITLES, slot], 1)
    for row in (_BILLING, _FRONT, _GENRES, _SAME_GENRES, _VOTES, _TYPE):
        found[row, slot] /= titles
    found[_RATED, slot] /= max(rated, 1)
    found[_LONGER, slot] /= max(timed, 1)


@compiled
def _words_shared(facts: Facts, left: int, right: int) -> float:
    """How rare the words are that both titles have, added up."""
    found, at, there = 0.0, facts.word_starts[left], facts.word_starts[right]
    while at < facts.word_starts[left + 1] and there < facts.word_starts[right + 1]:
        if facts.words[at] == facts.words[there]:
            found += facts.rarity[facts.words[at]]
            at, there = at + 1, there + 1
        elif facts.words[at] < facts.words[there]:
            at += 1
        else:
            there += 1
    return found


@compiled
def _add_times(sides: Sides, pair: Pair, slot: int, found: Floats) -> None:
    """How the title's year lies among those of the person's other titles and in the person's life."""
    half, facts, person = sides.by_person, sides.facts, pair.person
    year = facts.year[pair.title]
    gaps = np.full(3, _FAR)
    before, after, first, last = _FAR, _FAR, 0, 0
    for at in range(half.starts[person], half.starts[person + 1]):
        title, other = half.ids[at], facts.year[half.ids[at]]
        if title in (pair.title, pair.without_title) or other == 0 or year == 0:
            continue
        gap = other - year
        found[_TWO, slot] += abs(gap) <= 2
        found[_FIVE, slot] += abs(gap) <= 5
        if gap <= 0:
            before = min(before, -gap)
        if gap >= 0:
            after = min(after, gap)
        first, last = min(first, gap), max(last, gap)
        _add_gap(gaps, abs(gap))
    found[_BEFORE, slot], found[_AFTER, slot] = before, after
    found[_SECOND, slot], found[_THIRD, slot] = gaps[1], gaps[2]
    found[_FIRST, slot], found[_LAST, slot] = -first, last
    found[_AGE, slot] = year - facts.born[person] if year and facts.born[person] else -1
    found[_DEAD, slot] = year - facts.died[person] if year and facts.died[person] else _LONG_DEAD


@compiled
def _add_gap(gaps: npt.NDArray[np.int64], gap: int) -> None:
    """Keep the three smallest, rising."""
    for at in range(len(gaps)):
        if gap < gaps[at]:
            gap, gaps[at] = gaps[at], gap
