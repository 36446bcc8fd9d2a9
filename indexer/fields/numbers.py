"""Numbers digit by digit, where a neighbour is nearly right: years, ratings to one decimal."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from typing import Any, ClassVar, Literal

import numpy as np

from indexer.errors import InputError
from indexer.fields.arrays import Array, Bag, Batch, Csr, Floats, Ints, Ops, Weights
from indexer.fields.base import Configuration, Field, encode_bag, linear, own_rng, stated

_MOST = 2**53  # whole numbers that a float holds exactly
Missing = Literal["masked", "class"]
_MISSING = ("masked", "class")


class NumericDigitCategoryField(Field):
    """A number as a class per digit. One that needs more digits, or a sign that the field lacks, counts as
    not said.

    digits: places before the point. fraction_digits: places after it; what is finer is rounded. base: of the
    digits. sign: whether numbers below 0 are taken, by a class more. missing: "masked", a number that the
    catalogue lacks says nothing; "class", it is a class of its own (a person without a year of death).
    The likelihood is the sum over the digits, the sign and being known of their log-probabilities.
    """

    kind: ClassVar[str] = "digits"

    def __init__(
        self,
        name: str,
        width: int,
        *,
        digits: int = 4,
        base: int = 10,
        fraction_digits: int = 0,
        sign: bool = False,
        missing: Missing = "masked",
    ) -> None:
        super().__init__(name, width)
        self.digits, self.base, self.fraction_digits = digits, base, fraction_digits
        self.sign = sign
        self.missing: Missing = missing
        self._places = digits + fraction_digits
        self._check()
        self._digit_ids = self._places * base
        self._sign_at = self._digit_ids  # ids of + and -
        self._known_at = self._digit_ids + 2 * sign  # ids of known and unknown
        self._count = self._known_at + 2 * (missing == "class")

    def _check(self) -> None:
        if self.base < 2 or self._places < 1 or self.fraction_digits < 0 or self.base**self._places > _MOST:
            raise InputError(
                f"field {self.name} has {self.digits} and {self.fraction_digits} digits of base {self.base}:"
                " expected a base of 2 or more and one digit or more, numbers up to 2**53"
            )
        if self.missing not in _MISSING:
            raise InputError(f"missing of {self.name} is {self.missing!r}: expected masked or class")

    def learn(self, values: Iterable[Any]) -> None:
        """Nothing: the digits are declared."""

    def features(self, values: Sequence[Any]) -> Bag:  # noqa: D102
        return Bag.of(f"{self.name}.table", self._lists(values)[0])

    def column(self, values: Sequence[Any]) -> Bag:
        """As ``features``; with missing="class" a ``None`` is of that class, also one that does not fit."""
        lists, fits = self._lists(values)
        if self.missing == "masked":
            return Bag.of(f"{self.name}.table", lists)
        lengths = np.where(fits, np.diff(lists.starts), 1)
        ids = np.full(int(lengths.sum()), self._known_at + 1)
        ids[np.repeat(fits, lengths)] = lists.ids
        return Bag.of(f"{self.name}.table", Csr.of(ids, lengths))

    def _lists(self, values: Sequence[Any]) -> tuple[Csr, np.typing.NDArray[np.bool_]]:
        """The codes of each value, none where it does not fit; and (B,) which do."""
        given = np.array([np.nan if value is None else float(value) for value in values], np.float64)
        scaled = np.rint(given * self.base**self.fraction_digits)
        with np.errstate(invalid="ignore"):
            fits = (np.abs(scaled) < self.base**self._places) & ((scaled >= 0) | self.sign)
        codes = self.codes(scaled[fits].astype(np.int64))
        return Csr.of(codes.reshape(-1), fits * codes.shape[1]), fits

    def codes(self, numbers: Ints) -> Ints:
        """(N,) whole numbers, in units of the last place, -> (N, n) ids of their digits (the last place
        first), of the sign and of being known, as far as the field has these.
        """
        places = np.arange(self._places)
        parts = [np.abs(numbers)[:, None] // self.base**places % self.base + places * self.base]
        if self.sign:
            parts.append((self._sign_at + (numbers < 0))[:, None])
        if self.missing == "class":
            parts.append(np.full((len(numbers), 1), self._known_at))
        return np.concatenate(parts, axis=1).astype(np.int64)

    def numbers(self, codes: Ints) -> Ints:
        """What ``codes`` was given, of the (N, n) ids it made."""
        places = np.arange(self._places)
        sizes = (codes[:, : self._places] - places * self.base) @ self.base**places
        return np.where(codes[:, self._places] == self._sign_at + 1, -sizes, sizes) if self.sign else sizes

    def moved(self, lists: Csr, steps: Ints) -> Csr:
        """The B values' ids after adding ``steps`` (B,) units of the last place, as far as there is room."""
        length = self._places + self.sign + (self.missing == "class")
        known = np.diff(lists.starts) == length
        wide = np.repeat(known, np.diff(lists.starts))
        limit = self.base**self._places - 1
        numbers = self.numbers(lists.ids[wide].astype(np.int64).reshape(-1, length)) + steps[known]
        ids = lists.ids.copy()
        ids[wide] = self.codes(np.clip(numbers, -limit if self.sign else 0, limit)).reshape(-1)
        return Csr(ids, lists.starts)

    def initial(self, rng: np.random.Generator, made: Container[str] = ()) -> dict[str, Floats]:  # noqa: ARG002, D102
        own = own_rng(self.name, rng)
        return {
            f"{self.name}.table": linear(own, self.width, self._count).T.copy(),
            f"{self.name}.decoder": linear(own, self.width, self._count),
            f"{self.name}.bias": np.zeros(self._count, np.float32),
        }

    def encode(self, batch: Batch, weights: Weights, ops: Ops) -> Array:  # noqa: D102
        return encode_bag(batch, weights, ops)

    def decode(self, latent: Array, weights: Weights) -> Array:
        """(B, C) logits: ``base`` for each place, the last place first; two for the sign, two for being
        known.
        """
        return latent @ weights[f"{self.name}.decoder"] + weights[f"{self.name}.bias"]

    def score(self, latent: Array, batch: Batch, weights: Weights, ops: Ops) -> Array:  # noqa: D102
        logits, said = self.decode(latent, weights), stated(batch, self._count, ops)
        digits = logits[:, : self._digit_ids].reshape(-1, self._places, self.base)
        log_p = ops.log_softmax(digits).reshape(-1, self._digit_ids)
        found = (log_p * said[:, : self._digit_ids]).sum(-1)
        for at in range(self._digit_ids, self._count, 2):
            found = found + (ops.log_softmax(logits[:, at : at + 2]) * said[:, at : at + 2]).sum(-1)
        return found

    def predicted(self, latent: Array, weights: Weights, ops: Ops) -> list[Any]:
        """The likeliest digit of each place as one number; ``None`` where being unknown is likelier."""
        logits = ops.host(self.decode(latent, weights))
        digits = logits[:, : self._digit_ids].reshape(-1, self._places, self.base).argmax(2)
        sizes = digits @ self.base ** np.arange(self._places)
        if self.sign:
            sizes = np.where(logits[:, self._sign_at + 1] > logits[:, self._sign_at], -sizes, sizes)
        found = [self._value(int(size)) for size in sizes]
        if self.missing == "masked":
            return found
        unknown = logits[:, self._known_at + 1] > logits[:, self._known_at]
        return [None if lacks else value for lacks, value in zip(unknown, found, strict=True)]

    def _value(self, number: int) -> int | float:
        """Units of the last place as the number they mean: an int where there are no fractions."""
        return number / self.base**self.fraction_digits if self.fraction_digits else number

    def state(self) -> Configuration:  # noqa: D102
        return {
            "digits": self.digits,
            "base": self.base,
            "fraction_digits": self.fraction_digits,
            "sign": self.sign,
            "missing": self.missing,
        }
