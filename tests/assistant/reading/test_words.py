"""From typed text to the words that patterns match."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.reading.words import read_words


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Who's in Heat?", "who is in heat"),
        ("who’s in Heat", "who is in heat"),
        ("what's it about", "what is it about"),
        ("whos in heat", "who is in heat"),
        ("ok so who directed Heat please", "who directed heat"),
        ("Could you tell me who directed Heat?", "who directed heat"),
        ("and who directed it?", "who directed it"),
        ("I was wondering who directed Heat, thanks!", "who directed heat"),
        ("who played Ripley's daughter", "who played ripley 's daughter"),
        ("the Wachowskis' film", "the wachowskis 's film"),
        ("WALL·E", "wall e"),
        ("Amélie", "amelie"),
    ],
)
def test_contractions_lead_ins_and_possessives(text: str, keys: str) -> None:
    assert " ".join(read_words(text).keys) == keys


@pytest.mark.parametrize("text", ["please", "so", "and", "ok", "tell me"])
def test_a_question_that_is_all_lead_in_is_kept(text: str) -> None:
    assert read_words(text).words


def test_a_span_gives_the_text_as_it_was_typed() -> None:
    question = read_words('who played "Ace" Rothstein in WALL·E?')
    assert question.span(5, 6) == "WALL·E"
    assert question.span(2, 2) == ""


def test_marks_at_the_edges_of_a_span_are_left_out() -> None:
    """A shout is no part of a name: names are compared without marks, so mother! is found all the same."""
    assert read_words("who directed Heat!").span(2, 3) == "Heat"
    assert read_words("who directed “mother!”?").span(2, 3) == "mother"


@settings(derandomize=True, max_examples=150, deadline=None)
@given(st.text(max_size=80))
def test_words_lie_in_order_inside_the_text(text: str) -> None:
    question = read_words(text)
    at = 0
    for word in question.words:
        assert at <= word.start < word.end <= len(question.text)
        assert word.key
        at = word.end
