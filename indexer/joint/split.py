"""Which credits a training run may know: held-out pairs and titles chosen by hash, the same in any order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indexer.errors import InputError
from indexer.fields.arrays import Ints

TRAIN, VALIDATION, TEST = 0, 1, 2
_U64 = np.uint64
_STEP = 0x9E3779B97F4A7C15  # splitmix64 (Steele, Lea and Flood 2014)
_FIRST, _SECOND = _U64(0xBF58476D1CE4E5B9), _U64(0x94D049BB133111EB)
_PAIRS, _TITLES = 1, 2  # two streams: who is in a title says nothing about whether it is left out
_MASK = (1 << 64) - 1


@dataclass(frozen=True)
class PairSplit:
    """Parts of the credits by (title, person) pair; every credit of one pair falls into the same part.

    Only pairs of people with ``least`` titles or more are held out, so that something is left to know them
    by. Shares are of those pairs.
    """

    validation: float = 0.05
    test: float = 0.05
    least: int = 3
    seed: int = 0

    def __post_init__(self) -> None:
        _check_shares(self.validation, self.test)

    def parts(self, title_ids: Ints, person_ids: Ints) -> npt.NDArray[np.int8]:
        """(C,) of (C,) credits: 0 training, 1 validation, 2 test.

        Titles are counted among the credits given, so give all in scope at once.
        """
        titles, people = np.asarray(title_ids, np.int64), np.asarray(person_ids, np.int64)
        drawn = uniform(self.seed, _PAIRS, titles, people)
        found = np.where(drawn < self.validation, VALIDATION, TEST)
        held = (drawn < self.validation + self.test) & (_titles_of_each(titles, people) >= self.least)
        return np.where(held, found, TRAIN).astype(np.int8)

    def training(self, title_ids: Ints, person_ids: Ints) -> npt.NDArray[np.bool_]:
        """(C,) which credits are for training: fits ``keep`` of ``Entities.from_catalog``."""
        found: npt.NDArray[np.bool_] = self.parts(title_ids, person_ids) == TRAIN
        return found


@dataclass(frozen=True)
class LeftOutTitles:
    """Titles of which no credit at all is known."""

    share: float = 0.05
    seed: int = 0

    def __post_init__(self) -> None:
        _check_shares(self.share)

    def mask(self, title_ids: Ints) -> npt.NDArray[np.bool_]:
        """(N,) whether each of (N,) titles is left out, which does not depend on the others."""
        return uniform(self.seed, _TITLES, np.asarray(title_ids, np.int64)) < self.share


def uniform(seed: int, stream: int, *keys: Ints) -> npt.NDArray[np.float64]:
    """(N,) numbers in [0, 1) that depend on seed, stream and the (N,) keys alone: equal in any process."""
    start = _U64((seed * 0x100000001B3 + stream * _STEP) & _MASK)
    state = np.full(len(keys[0]), start, _U64)
    for key in keys:
        state = _mixed(state ^ key.astype(_U64))
    return (state >> _U64(11)).astype(np.float64) * 2.0**-53


def _mixed(state: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """One round of splitmix64; numpy wraps the products of arrays silently."""
    state = state + _U64(_STEP)
    state = (state ^ (state >> _U64(30))) * _FIRST
    state = (state ^ (state >> _U64(27))) * _SECOND
    return state ^ (state >> _U64(31))


def _titles_of_each(titles: Ints, people: Ints) -> Ints:
    """(C,) in how many different titles the person of each credit is."""
    order = np.lexsort((titles, people))
    owner, title = people[order], titles[order]
    first = np.ones(len(order), np.bool_)
    first[1:] = (owner[1:] != owner[:-1]) | (title[1:] != title[:-1])
    ids, at = np.unique(people, return_inverse=True)
    often = np.bincount(np.searchsorted(ids, owner[first]), minlength=len(ids))
    return often[at].astype(np.int64)


def _check_shares(*shares: float) -> None:
    if any(share < 0 for share in shares) or sum(shares) >= 1:
        text = ", ".join(f"{share:g}" for share in shares)
        raise InputError(f"shares {text} cannot be held out: give shares from 0 whose sum is below 1")
