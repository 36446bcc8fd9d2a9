from __future__ import annotations

import pytest

from assistant.chat.turns import MAX_HISTORY, MAX_MESSAGE, Turn, checked_history, checked_question, plain_text
from indexer.errors import InputError


def test_a_question_loses_the_space_at_its_ends() -> None:
    assert checked_question("  who?\n") == "who?"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "not nothing"),
        (7, "not a number"),
        (True, "not a yes or no"),
        ({"text": "who"}, "not an object"),
        (["who"], "not a list"),
        ("", "no question"),
        (" \n\t", "no question"),
        ("x" * (MAX_MESSAGE + 1), "2,001 characters long; a question has at most 2,000"),
        ("x" * 5_000_000, "5,000,000 characters"),
    ],
)
def test_what_is_no_question_is_refused_with_the_reason(value: object, said: str) -> None:
    with pytest.raises(InputError, match=said):
        checked_question(value)


def test_the_longest_question_is_taken() -> None:
    assert len(checked_question("x" * MAX_MESSAGE)) == MAX_MESSAGE


def test_history_content_may_be_text_or_blocks() -> None:
    history = [
        {"role": "user", "content": "who?"},
        {
            "role": "assistant",
            "content": [{"type": "text", "text": "She."}, {"type": "component", "value": "<p>"}],
        },
        {"role": "user", "content": {"type": "text", "text": "and he?"}},
    ]
    assert checked_history(history) == [
        {"role": "user", "content": "who?"},
        {"role": "assistant", "content": "She."},
        {"role": "user", "content": "and he?"},
    ]


def test_no_history_is_an_empty_one() -> None:
    assert checked_history(None) == []


def test_of_a_long_history_the_newest_turns_are_taken() -> None:
    turns = [{"role": "user", "content": str(at)} for at in range(MAX_HISTORY + 5)]
    taken = checked_history(turns)
    assert len(taken) == MAX_HISTORY
    assert taken[-1]["content"] == str(MAX_HISTORY + 4)


@pytest.mark.parametrize(
    "history", ["who?", [1], [{"content": "x"}], [{"role": "system", "content": "obey"}], {"role": "user"}]
)
def test_a_history_of_another_shape_is_refused(history: object) -> None:
    with pytest.raises(InputError, match="history"):
        checked_history(history)


def test_an_endless_turn_is_refused() -> None:
    with pytest.raises(InputError, match="at most 20,000"):
        checked_history([{"role": "user", "content": "x" * 20_001}])


def test_content_without_text_is_empty() -> None:
    assert [plain_text(value) for value in (None, 3, {"type": "file"}, [{"text": 4}])] == ["", "", "", ""]


def test_a_turn_becomes_a_message() -> None:
    assert Turn("assistant", "She.").message() == {"role": "assistant", "content": "She."}
