"""The guard that compares questions with specific wordings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.leaks import holding, main, near_wordings, specific, topic_phrases

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


def test_exemplars_of_shapes_are_wordings_too() -> None:
    from evals.leaks import specific_wordings

    texts = [text for text, _ in specific_wordings()]
    assert any("{made}" in text for text in texts)  # a slot that exemplars alone have
    assert len(texts) == len(set(texts))


def test_phrases_of_topics_have_three_words_or_more() -> None:
    phrases = topic_phrases()
    assert phrases
    assert min(len(phrase.split()) for phrase in phrases) == 3


def test_questions_that_hold_a_phrase_as_whole_words_are_found() -> None:
    asked = ["How much money did Alien make?", "how much moneyball", "Where can I watch Alien?", "who was it"]
    assert holding(asked, ["where can i watch", "how much money", "cost to make"]) == {
        "where can i watch": ["Where can I watch Alien?"],
        "how much money": ["How much money did Alien make?"],
    }


def test_the_sets_are_listed_with_what_they_hold(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    phrase = topic_phrases()[0]
    texts = [f"{phrase} Alien", f"{phrase} Alien", f"and {phrase} Aliens?", "who directed Alien"]
    lines = [{"id": t, "question": t, "answers": [], "answer_type": "text"} for t in texts]
    (tmp_path / "fresh_dev.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    assert main(["--sets", str(tmp_path)]) == 0
    assert f"fresh_dev: 2 of 3 ({phrase!r} 2)" in capsys.readouterr().out


def test_a_set_that_cannot_be_read_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "fresh_dev.jsonl").write_text("not JSON", encoding="utf-8")
    assert main(["--sets", str(tmp_path)]) == 2
    assert "fresh_dev.jsonl, line 1" in capsys.readouterr().err
