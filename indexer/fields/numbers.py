"""Numbers digit by digit, where a neighbour is nearly right: years, ratings to one decimal."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, ClassVar, Literal

import numpy as np

from indexer.errors import InputError
from indexer.fields.arrays import Array, Bag, Batch, Csr, Floats, Ints, Ops, Weights
from indexer.fields.base import Configuration, Field, encode_bag, linear, own_rng, stated

_MOST = 2**53  # whole numbers that a float holds exactly
_CHUNK = 50_000
_WEIGHED = 4096  # numbers between the least and the largest that are weighed one by one
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
        self.bounds: tuple[int, int] | None = None
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
        """The ``bounds``: the least and the largest number, in units of the last place; ``None`` of none."""
        found: list[int] = []
        stream = iter(values)
        while chunk := list(islice(stream, _CHUNK)):
            lists, fits = self._lists(chunk)
            if fits.any():
                numbers = self.numbers(lists.ids.astype(np.int64).reshape(int(fits.sum()), -1))
                found = [min([*found, int(numbers.min())]), max([*found, int(numbers.max())])]
        self.bounds = (found[0], found[1]) if found else None

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
        said, at, found = stated(batch, self._count, ops), 0, 0.0
        for part in self._log_p(self.decode(latent, weights), ops):
            found = found + (part * said[:, at : at + part.shape[1]]).sum(-1)
            at += part.shape[1]
        return found

    def _log_p(self, logits: Array, ops: Ops) -> Iterator[Array]:
        """Log-probabilities of the digits (B, places * base), then of the sign and of being known (B, 2)."""
        digits = logits[:, : self._digit_ids].reshape(-1, self._places, self.base)
        yield ops.log_softmax(digits).reshape(-1, self._digit_ids)
        for at in range(self._digit_ids, self._count, 2):
            yield ops.log_softmax(logits[:, at : at + 2])

    def predicted(self, latent: Array, weights: Weights, ops: Ops) -> list[Any]:
        """The likeliest number between those it learned from, ``None`` where being unknown is likelier.

        Of a field that learned nothing, or from very different numbers, the likeliest digit of each place.
        """
        logits = self.decode(latent, weights)
        log_p = np.concatenate([ops.host(part) for part in self._log_p(logits, ops)], axis=1)  # (B, C)
        found = [self._value(int(number)) for number in self._likeliest(log_p)]
        if self.missing == "masked":
            return found
        unknown = log_p[:, self._known_at + 1] > log_p[:, self._known_at]
        return [None if lacks else value for lacks, value in zip(unknown, found, strict=True)]

    def _likeliest(self, log_p: Floats) -> Ints:
        """(B,) numbers in units of the last place."""
        if self.bounds is not None and self.bounds[1] - self.bounds[0] < _WEIGHED:
            numbers = np.arange(self.bounds[0], self.bounds[1] + 1)
            codes = self.codes(numbers)
            said = np.zeros((len(numbers), self._count), np.float32)
            said[np.arange(len(numbers))[:, None], codes] = 1
            likeliest: Ints = numbers[(log_p @ said.T).argmax(1)]
            return likeliest
        digits = log_p[:, : self._digit_ids].reshape(-1, self._places, self.base).argmax(2)
        sizes: Ints = digits @ self.base ** np.arange(self._places)
        minus = self.sign and log_p[:, self._sign_at + 1] > log_p[:, self._sign_at]
        return np.where(minus, -sizes, sizes)

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
            "bounds": self.bounds and list(self.bounds),
        }

    @classmethod
    def restore(cls, name: str, width: int, state: Configuration) -> NumericDigitCategoryField:  # noqa: D102
        options = dict(state)
        low, high = options.pop("bounds", None) or (None, None)
        field = cls(name, width, **options)
        field.bounds = None if low is None or high is None else (low, high)
        return field
