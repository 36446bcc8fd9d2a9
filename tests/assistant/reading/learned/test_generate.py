"""Questions made from names: labels on the slots, noise as people type."""

from __future__ import annotations

import random

from assistant.reading.learned.generate import Names, generated, lines_of
from assistant.reading.learned.tagger import LABELS

NAMES = Names(
    title=["Alien", "Blade Runner", "Schindler's List"],
    person=["Tom Hanks", "Uma Thurman"],
    character=["Ellen Ripley", "Neo"],
    plot=["a boy befriends a robot from space"],
)


def test_slots_are_labelled_and_other_words_are_not() -> None:
    for question in generated(NAMES, ["when was {person} born in {place}"] * 40, random.Random(2)):
        assert question.labels[:2] == ("O", "O")
        assert "B-place" in question.labels
        assert len(question.keys) == len(question.texts) == len(question.labels)


def test_a_possessive_is_a_word_of_its_own_as_the_reader_splits_it() -> None:
    keys = {key for question in generated(NAMES, ["{title}"] * 60, random.Random(1)) for key in question.keys}
    assert "schindler" in keys
    assert "'s" in keys


def test_shapes_and_wordings_both_give_lines_and_only_known_slots() -> None:
    questions = list(generated(NAMES, lines_of(random.Random(5), 1), random.Random(5)))
    assert len(questions) > 1_000
    assert {label for question in questions for label in question.labels} <= set(LABELS)


def test_the_same_seed_makes_the_same_questions() -> None:
    first, second = (
        list(generated(NAMES, ["who {made} {title} {time}"] * 9, random.Random(4))) for _ in range(2)
    )
    assert first == second
