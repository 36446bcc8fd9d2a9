"""The guard that compares questions with specific wordings."""

from __future__ import annotations

from evals.leaks import near_wordings, specific

MACROS = {"WHO": ["who", "which actor"], "PLAY": ["plays", "played"]}
ODD = "what was the {character} of that strange film by {person}"


def test_general_wordings_are_not_specific() -> None:
    assert specific(["WHO PLAY {character} in {title}", "[the] cast of {title}"], MACROS) == ()


def test_words_of_macros_and_slots_do_not_count() -> None:
    assert [text for text, _ in specific([ODD, "WHO WHO WHO WHO WHO PLAY {title}"], MACROS)] == [ODD]


def test_a_question_a_wording_was_made_for_is_found() -> None:
    [near] = near_wordings(
        ["What was the dog of that strange film by Jim Jarmusch?"], specific([ODD], MACROS)
    )
    assert (near.wording, near.similarity) == (ODD, 1.0)


def test_one_word_of_eight_may_differ() -> None:
    close = "what was the dog of that odd film by jim"
    far = "what is the dog in this odd film by jim"
    found = near_wordings([close, far], specific([ODD], MACROS))
    assert [near.question for near in found] == [close]
    assert found[0].similarity == 0.875


def test_other_questions_are_not_near() -> None:
    assert near_wordings(["who played Neo in The Matrix", ""], specific([ODD], MACROS)) == []
