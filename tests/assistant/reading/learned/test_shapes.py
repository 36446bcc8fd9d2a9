"""Known shapes: alternatives, signatures, what is near and what is not."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.reading.learned import lexicon
from assistant.reading.learned.masks import parsed
from assistant.reading.learned.shapes import Near, Shapes, expanded, signature
from indexer.errors import InputError

WORDS: dict[str, Any] = {
    "light": ["the", "was"],
    "keen": ["not"],
    "same": {"star": ["starred", "stars"]},
}


def shapes(*questions: list[str]) -> Shapes:
    """One shape for each list."""
    rows = [{"reading": {"ask": "cast"}, "questions": texts} for texts in questions]
    return Shapes.of({"words": WORDS, "shape": rows})


def nearest(known: Shapes, text: str) -> Near:
    return known.near(parsed(text))[0]


def test_alternatives_and_options_stand_for_every_question() -> None:
    assert expanded("who (is|was) [ever] in it") == [
        "who is in it",
        "who is ever in it",
        "who was in it",
        "who was ever in it",
    ]


def test_names_times_and_ranks_make_the_signature_kinds_and_jobs_do_not() -> None:
    items = parsed("which {superlative} {kind} of {person} did {job} {person2} make before 1990")
    assert signature(items) == ("person", "person", "superlative", "time")


def test_the_same_question_is_as_near_as_can_be() -> None:
    known = shapes(["who starred in {title}"], ["when was {title} made"])
    assert nearest(known, "who starred in {title}").shape == 0
    assert nearest(known, "who starred in {title}").similarity == pytest.approx(1.0, abs=1e-5)


def test_words_that_mean_the_same_are_the_same() -> None:
    known = shapes(["who starred in {title}"], ["when was {title} made"])
    assert nearest(known, "who stars in {title}").similarity == pytest.approx(1.0, abs=1e-5)


def test_light_words_hardly_change_what_is_asked() -> None:
    known = shapes(["who starred in {title}"], ["when was {title} made"])
    assert nearest(known, "who was the starred in {title}").similarity > 0.95


def test_an_unknown_word_makes_a_question_less_near() -> None:
    known = shapes(["who starred in {title}"], ["when was {title} made"])
    assert nearest(known, "who starred in {title} wearing sandals").similarity < 0.6


def test_not_turns_what_a_question_means() -> None:
    known = shapes(["which {title} has {person}"], ["which {title} has not {person}"])
    assert nearest(known, "which {title} has {person}").shape == 0
    assert nearest(known, "which {title} has not {person}").shape == 1


def test_a_question_with_other_slots_is_near_nothing() -> None:
    assert shapes(["who starred in {title}"]).near(parsed("who starred with {person}")) == []


def test_a_slot_of_no_known_name_is_refused() -> None:
    with pytest.raises(InputError, match="unknown slot"):
        parsed("who starred in {film}")


def test_every_shape_of_the_file_is_nearest_to_its_own_questions() -> None:
    known = Shapes.load()
    wrong = []
    for number, shape in enumerate(lexicon.exemplar_file()["shape"]):
        for text in shape["questions"]:
            best = known.near(parsed(expanded(text)[0]))
            if not best or best[0].similarity < 0.99:
                wrong.append((number, text))
    assert not wrong
