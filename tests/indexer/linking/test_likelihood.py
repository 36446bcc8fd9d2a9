from __future__ import annotations

import numpy as np
import pytest

from indexer.fields.rows import Row, Value
from indexer.linking.evidence import Asked
from indexer.linking.likelihood import BORN, RUNTIME, YEAR, FieldLikelihood, NumberNoise
from tests.indexer.linking.cases import PEOPLE, TITLES, facts

EVERY_TITLE, EVERYBODY = np.arange(len(TITLES)), np.arange(len(PEOPLE))


def nats(kind: str, field: str, value: Value) -> list[float]:
    rows = EVERY_TITLE if kind == "title" else EVERYBODY
    asked = Asked.of(Row("title" if kind == "title" else "person", {field: value}))
    found = FieldLikelihood(facts()).nats(asked, field, rows)
    assert found is not None
    return [float(value) for value in found]


@pytest.mark.parametrize("noise", [YEAR, RUNTIME, BORN, NumberNoise((1.0,), 0.2, 0.5)])
def test_noise_is_a_distribution_over_distances_and_falls(noise: NumberNoise) -> None:
    chances = noise(np.arange(-500, 501))
    assert chances.sum() == pytest.approx(1.0, abs=0.01)
    assert (np.diff(chances[500:]) <= 1e-12).all()


def test_the_noise_of_years_is_that_of_the_generated_rows() -> None:
    assert YEAR(np.asarray([0, 1, -1])) == pytest.approx(np.asarray([0.5, 0.25, 0.25]) * 0.97)


def test_the_year_itself_speaks_for_a_title_a_near_one_less_and_a_far_one_against() -> None:
    found = nats("title", "year", 1998)
    assert found[0] > found[2] > 0 > found[4]  # of 1998, 1999 and 1979


def test_what_few_have_says_more_than_what_many_have() -> None:
    assert nats("title", "genres", ("Sport",))[4] > nats("title", "genres", ("Action",))[0] > 0


def test_a_genre_that_is_not_there_speaks_against() -> None:
    assert nats("title", "genres", ("Sport",))[0] == pytest.approx(np.log(0.01))


def test_words_nobody_has_are_not_said() -> None:
    asked = Asked.of(Row("title", {"genres": ("Zydeco",)}))
    assert FieldLikelihood(facts()).nats(asked, "genres", EVERY_TITLE) is None


def test_two_genres_say_the_sum_of_each() -> None:
    both = nats("title", "genres", ("Drama", "Sport"))
    each = np.asarray(nats("title", "genres", ("Drama",))) + nats("title", "genres", ("Sport",))
    assert both == pytest.approx(each)


def test_a_decade_is_right_within_and_falls_outside() -> None:
    found = nats("title", "decade", "1990s")
    assert found[0] == found[2] > 0 > found[3] > found[4]  # 1998, 1999; 2003, 1979


def test_people_are_told_by_birth_and_profession() -> None:
    assert np.argmax(nats("person", "born", 1943)) == 10
    assert nats("person", "profession", "director")[6] > 0 > nats("person", "profession", "director")[0]


def test_which_titles_have_a_value() -> None:
    values = FieldLikelihood(facts())
    assert values.known("year", EVERY_TITLE).tolist() == [True] * 11 + [False]
    assert values.known("type", EVERY_TITLE).all()


@pytest.mark.parametrize("field", ["year", "genres", "type", "born", "profession", "decade", "runtime"])
def test_what_is_not_said_is_none(field: str) -> None:
    asked = Asked.of(Row("title", {"title": "Matrix"}))
    assert FieldLikelihood(facts()).nats(asked, field, EVERY_TITLE) is None
