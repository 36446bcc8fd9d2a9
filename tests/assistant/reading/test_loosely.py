"""Titles with one thing told that cannot be read: it is kept beside what can be."""

from __future__ import annotations

import pytest

from assistant.reading.kinds import FILM_TYPES
from assistant.reading.loosely import loosely_described
from assistant.reading.reading import Part, PersonRef, TitleRef

MURRAY = Part(PersonRef("Bill Murray"), category="acting")


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("which movie stars Bill Murray and is set in a haunted library", "is set in a haunted library"),
        ("which movie took place at a hotel and starred Bill Murray", "took place at a hotel"),
        ("which ghost movie stars Bill Murray", "ghost"),
    ],
)
def test_what_is_left_over_is_kept_as_a_plot(question: str, rest: str) -> None:
    reading = next(loosely_described(question))
    assert reading.title == TitleRef(types=FILM_TYPES, parts=(MURRAY,), plot=rest)


@pytest.mark.parametrize(
    "question",
    [
        "which movie is set in a haunted library",
        "which movie with Bill Murray made the most money",
        "what is the first movie with Bill Murray that won an award",
        "who starred in a movie that is set in a library",
        "which movie stars Bill Murray opposite Andie MacDowell",
    ],
)
def test_without_people_or_with_a_rank_nothing_is_read(question: str) -> None:
    assert not list(loosely_described(question))
