"""How likely somebody who means a candidate says what was said, field by field, by declared noise.

Each part is log p(said | the catalogue's value) - log p(said | any entity's value), in nats: above 0 it
speaks for the candidate, below against it. It is 0 where nothing was said or the catalogue has no value
(there the joint model guesses, see ``guesses``). The noise of years and runtimes is that of generated rows
(``noise``), with a tail for those who remember worse.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.linking.evidence import Asked
from indexer.linking.facts import FactIndex
from indexer.linking.noise import RUNTIME_SLIP, YEAR_SLIPS

Array = npt.NDArray[Any]
FIELDS = ("year", "decade", "runtime", "genres", "type", "born", "profession")
_WRONG = 0.01  # share of words (a genre, a type, a profession) and decades that are said wrongly
_BITS = 64


@dataclass(frozen=True)
class NumberNoise:
    """p(said | true number) by how far they are apart.

    near: the probability of each distance 0, 1, ...; of one side. tail: the mass of all that is further
    away, both sides, spread so that each step is ``ratio`` as likely as the one before.
    """

    near: tuple[float, ...]
    tail: float
    ratio: float

    def __call__(self, away: Array) -> Array:
        """Probabilities of whole distances, in the shape of ``away``."""
        away = np.abs(np.rint(away)).astype(np.int64)
        beyond = self.tail / 2 * (1 - self.ratio) * self.ratio ** np.maximum(away - len(self.near), 0)
        near = np.asarray(self.near)[np.minimum(away, len(self.near) - 1)]
        return np.asarray(np.where(away < len(self.near), near * (1 - self.tail), beyond))


def _declared(slips: tuple[int, ...]) -> tuple[float, ...]:
    """The share of each distance among equally likely slips, of one side."""
    most = max(map(abs, slips))
    sides = [sum(abs(slip) == away for slip in slips) / (1 if away == 0 else 2) for away in range(most + 1)]
    return tuple(count / len(slips) for count in sides)


YEAR = NumberNoise(_declared(YEAR_SLIPS), 0.03, 0.85)
RUNTIME = NumberNoise(_declared(tuple(range(-RUNTIME_SLIP, RUNTIME_SLIP + 1))), 0.03, 0.93)
BORN = NumberNoise((0.9, 0.05), 0.05, 0.7)
_DECADE = NumberNoise((1 - _WRONG,), _WRONG, 0.7)  # of years outside the decade


class FieldLikelihood:
    """The catalogue's values of all entities, and how likely each says what was said."""

    def __init__(self, facts: FactIndex) -> None:
        self._facts = facts

    def known(self, field: str, rows: Array) -> Array:
        """(K,) bool, which of the titles (or people) by row number have a value."""
        return np.asarray(self._column(field)[rows] > 0) if field != "type" else np.ones(len(rows), np.bool_)

    def nats(self, asked: Asked, field: str, rows: Array) -> Array | None:
        """(K,) what saying it adds for each title (or person), ``None`` where the row does not say it."""
        if field in ("year", "decade", "runtime", "born"):
            return self._number(asked, field, rows)
        if field == "type":
            return self._type(asked.type, rows) if asked.type is not None else None
        words = asked.genres if field == "genres" else (asked.profession,) if asked.profession else ()
        return self._words(field, tuple(words), rows)

    def _column(self, field: str) -> Array:
        columns = self._facts.columns
        arrays = {
            "year": columns.years, "decade": columns.years, "runtime": columns.runtimes,
            "born": columns.births, "genres": columns.genres, "profession": columns.professions,
        }  # fmt: skip
        return arrays[field]

    def _number(self, asked: Asked, field: str, rows: Array) -> Array | None:
        said = asked.decade if field == "decade" else asked.numbers.get(field)
        if said is None or not np.isfinite(said):
            return None
        values, shares = self._numbers[field]
        usual = float(shares @ _chance(field, said, values)) if len(values) else 1.0
        chances = _chance(field, said, self._column(field)[rows].astype(np.float64))
        return np.asarray(np.log(np.maximum(chances, 1e-9)) - np.log(max(usual, 1e-9)))

    @cached_property
    def _numbers(self) -> dict[str, tuple[Array, Array]]:
        """For each field of numbers: the values that occur, and the share of the entities that have each."""
        found = {}
        for field in ("year", "runtime", "born"):
            values, counts = np.unique(self._column(field), return_counts=True)
            counts = counts * (values > 0)
            found[field] = (values.astype(np.float64), counts / max(counts.sum(), 1))
        return found | {"decade": found["year"]}

    def _type(self, said: str | None, rows: Array) -> Array:
        code = self._facts.codes["types"].get(said or "", -1)
        usual = max(self._shares["type"].get(code, 0.0), 1e-4)
        same = self._facts.columns.types[rows] == code
        return np.asarray(np.where(same, np.log((1 - _WRONG) / usual + _WRONG), np.log(_WRONG)))

    def _words(self, field: str, said: tuple[str, ...], rows: Array) -> Array | None:
        codes = self._facts.codes["genres" if field == "genres" else "professions"]
        masks = codes.known_bits(said)
        if not masks:
            return None
        bits = self._column(field)[rows]
        each = np.zeros(len(rows)) + np.maximum(np.bitwise_count(bits), 1)
        total = np.zeros(len(rows))
        for mask in masks:
            usual = max(self._shares[field].get(int(mask), 0.0), 1e-4)
            total += np.log((1 - _WRONG) * ((bits & mask) > 0) / each / usual + _WRONG)
        return total

    @cached_property
    def _shares(self) -> dict[str, dict[int, float]]:
        """By field: how often each type (by code), genre and profession (by bit) is what somebody says."""
        types, counts = np.unique(self._facts.columns.types, return_counts=True)
        found = {"type": dict(zip(types.tolist(), (counts / max(counts.sum(), 1)).tolist(), strict=True))}
        for field in ("genres", "profession"):
            bits = np.asarray(self._column(field), np.uint64)
            share = 1 / np.maximum(np.bitwise_count(bits), 1) / max(int((bits > 0).sum()), 1)
            masks = [np.uint64(1 << place) for place in range(_BITS - 1)]
            found[field] = {int(mask): float(share[(bits & mask) > 0].sum()) for mask in masks}
        return found


def _chance(field: str, said: float, values: Array) -> Array:
    if field == "decade":
        return np.asarray(_DECADE(np.maximum(np.maximum(said - values, values - said - 9), 0)))
    noise = {"year": YEAR, "runtime": RUNTIME, "born": BORN}[field]
    return noise(values - said)
