"""Digits: every number that fits comes back from its codes, whatever the base, the fractions and the sign."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.fields.arrays import NumpyOps
from indexer.fields.numbers import NumericDigitCategoryField

Drawn = tuple[NumericDigitCategoryField, list[int]]


@st.composite
def fields_and_numbers(draw: st.DrawFn) -> Drawn:
    """A field of any declaration, and numbers in units of its last place that fit it."""
    base = draw(st.integers(2, 16))
    digits, fractions = draw(st.integers(1, 5)), draw(st.integers(0, 3))
    sign = draw(st.booleans())
    field = NumericDigitCategoryField(
        "title/x",
        4,
        digits=digits,
        base=base,
        fraction_digits=fractions,
        sign=sign,
        missing=draw(st.sampled_from(["masked", "class"])),
    )
    most = base ** (digits + fractions) - 1
    numbers = draw(st.lists(st.integers(-most if sign else 0, most), min_size=1, max_size=6))
    return field, numbers


@given(fields_and_numbers())
def test_numbers_come_back_from_their_codes(drawn: Drawn) -> None:
    field, numbers = drawn
    codes = field.codes(np.array(numbers))
    assert field.numbers(codes).tolist() == numbers
    assert len(set(map(tuple, codes.tolist()))) == len(set(numbers))  # one code each


@given(fields_and_numbers())
def test_a_decoder_that_is_sure_predicts_the_number_it_was_told(drawn: Drawn) -> None:
    field, numbers = drawn
    values = [number / field.base**field.fraction_digits for number in numbers]
    lists = field.features(values).lists()
    assert (np.diff(lists.starts) > 0).all()
    weights = field.initial(np.random.default_rng(0))
    decoder = np.full((len(values), weights["title/x.bias"].size), -9, np.float32)
    for row in range(len(values)):
        decoder[row, lists.take(np.array([row])).ids] = 9
    weights["title/x.decoder"] = decoder
    found = field.predicted(np.eye(len(values), dtype=np.float32), weights, NumpyOps())
    assert found == pytest.approx(values)


@given(fields_and_numbers(), st.integers(-3, 3))
def test_a_moved_number_is_off_by_as_much_as_there_is_room(drawn: Drawn, step: int) -> None:
    field, numbers = drawn
    most = field.base ** (field.digits + field.fraction_digits) - 1
    lists = field.column([number / field.base**field.fraction_digits for number in numbers]).lists()
    moved = field.moved(lists, np.full(len(numbers), step))
    found = field.numbers(moved.ids.astype(np.int64).reshape(len(numbers), -1)).tolist()
    assert found == [min(max(number + step, -most if field.sign else 0), most) for number in numbers]


@given(st.one_of(st.floats(allow_nan=True, allow_infinity=True), st.integers(-(10**30), 10**30), st.none()))
def test_any_number_is_taken_or_not_said(value: Any) -> None:
    field = NumericDigitCategoryField("title/year", 4)
    batch = field.features([value])
    assert len(batch.ids) == 4 * int(batch.present[0])


def test_a_number_that_is_unknown_stays_unknown_when_others_move() -> None:
    field = NumericDigitCategoryField("person/died", 4, missing="class")
    lists = field.column([1999, None, 2010]).lists()
    moved = field.moved(lists, np.array([1, 1, -1]))
    assert np.diff(moved.starts).tolist() == [5, 1, 5]
    assert moved.take(np.array([1])).ids.tolist() == lists.take(np.array([1])).ids.tolist()
    known = moved.take(np.array([0, 2])).ids.astype(np.int64).reshape(2, -1)
    assert field.numbers(known).tolist() == [2000, 2009]


def test_a_rating_is_rounded_to_one_decimal() -> None:
    field = NumericDigitCategoryField("title/rating", 4, digits=2, fraction_digits=1)
    assert field.features([7.849]).ids.tolist() == field.features([7.8]).ids.tolist() == [8, 17, 20]
    assert field.features([99.97]).present.tolist() == [0]  # would be 100.0


def test_a_prediction_stays_among_the_numbers_that_were_learned_from() -> None:
    field = NumericDigitCategoryField("title/year", 1)
    weights = {
        "title/year.decoder": np.zeros((1, 40), np.float32),
        "title/year.bias": np.zeros(40, np.float32),
    }
    weights["title/year.bias"][[8, 19, 20, 32]] = [2, 3, 1, 4]  # 2098, digit by digit
    latent = np.zeros((1, 1), np.float32)
    assert field.predicted(latent, weights, NumpyOps()) == [2098]
    field.learn(iter([1930, None, 2020, 1999]))
    assert field.bounds == (1930, 2020)
    assert field.predicted(latent, weights, NumpyOps()) == [2008]


def test_nothing_learned_sets_no_bounds() -> None:
    field = NumericDigitCategoryField("title/year", 1)
    field.learn([None, -5, 10_000])
    assert field.bounds is None
