"""Roles that the plot tells: a credited name beside the word for what somebody is."""

from __future__ import annotations

import pytest

from assistant.resolving.overviews import told
from indexer.catalog.records import Credit
from indexer.ids import PersonId, TitleId


def credit(person: int, character: str, category: str = "actor") -> Credit:
    return Credit(TitleId(1), PersonId(person), person, category, characters=(character,))


HERO = credit(1, "Frank Moran")
WIFE = credit(2, "Elena Moran", "actress")
CHIEF = credit(3, "Jim Harper")
SISTER = credit(4, "Ruth Vance", "actress")
PLOT = (
    "Frank Moran and his wife Elena move to a town where police chief Jim Harper looks away. "
    "Ruth Vance, a stubborn teacher, does not. The ruthless Harper fights back."
)


@pytest.mark.parametrize(
    ("described", "credited"),
    [
        ("frank's wife", WIFE),
        ("the wife", WIFE),
        ("the police chief", CHIEF),
        ("the teacher", SISTER),
        ("the bad guy", CHIEF),
    ],
)
def test_a_name_beside_the_word_is_who_is_meant(described: str, credited: Credit) -> None:
    assert told(described, PLOT, [HERO, WIFE, CHIEF, SISTER]) == credited


@pytest.mark.parametrize("described", ["the barber", "frank's brother", "the", "harper"])
def test_what_the_plot_does_not_say_is_not_told(described: str) -> None:
    assert told(described, PLOT, [HERO, WIFE, CHIEF, SISTER]) is None


def test_a_man_is_no_wife() -> None:
    assert told("the wife", "He leaves his wife Elena.", [credit(5, "Elena")]) is None


def test_a_title_or_a_name_is_no_role() -> None:
    assert (
        told("the lion", "After the Lion, the Witch came back.", [credit(6, "The Witch", "actress")]) is None
    )


def test_two_that_fit_are_no_answer() -> None:
    plot = "The teacher Frank loves the teacher Ruth."
    assert told("the teacher", plot, [HERO, SISTER]) is None
