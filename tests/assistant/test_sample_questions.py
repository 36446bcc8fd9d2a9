"""The project's own questions over the bundled sample, end to end: build, reading, linking, answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.core import Assistant
from evals.questions import CRASHED, SetResult, ask_set
from evals.sets import SAMPLE_QUESTIONS, read_set
from indexer.progress import Progress

KINDS = {
    "role", "character_of", "cast", "filmography", "director", "writer", "composer", "year", "runtime",
    "rating", "genre", "plot", "described", "similar", "follow_up", "alternative_title", "unanswerable",
}  # fmt: skip


@pytest.fixture(scope="module")
def asked(sample_index: Path) -> Iterator[SetResult]:
    assistant = Assistant.open(sample_index)
    yield ask_set(assistant, "sample_questions", read_set(SAMPLE_QUESTIONS), Progress.silent())
    assistant.close()


def test_the_questions_cover_every_kind() -> None:
    kinds = Counter(item["kind"] for item in read_set(SAMPLE_QUESTIONS))
    assert set(kinds) == KINDS
    assert sum(kinds.values()) >= 60


def _missed(asked: SetResult, *outcomes: str) -> list[str]:
    """What was said to each question with one of these outcomes."""
    return [
        f"{row.item['question']!r}: {row.verdict.outcome}, said {row.reply.get('text', '')[:100]!r}"
        for row in asked.asked
        if row.verdict.outcome in outcomes
    ]


def test_the_sample_questions_are_answered_rightly_but_for_two(asked: SetResult) -> None:
    misses = _missed(asked, "declined", "wrong")
    assert len(misses) <= 2, "\n".join(misses)


def test_no_answer_about_the_sample_is_wrong(asked: SetResult) -> None:
    wrong = _missed(asked, "wrong")
    assert wrong == [], "\n".join(wrong)


def test_no_sample_question_crashes(asked: SetResult) -> None:
    assert [row.reply["text"] for row in asked.asked if row.reply["status"] == CRASHED] == []


def test_every_answer_shows_a_record(asked: SetResult) -> None:
    answered = [row for row in asked.asked if row.reply["status"] == "answered"]
    assert [row.item["question"] for row in answered if not row.reply["evidence"]] == []
