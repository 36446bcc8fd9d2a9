"""Phrases that stand for one title or one person."""

from __future__ import annotations

from assistant.reading.learned.folds import forms
from assistant.reading.learned.masks import items_of
from assistant.reading.learned.tagger import Span
from assistant.reading.words import read_words


def lines(text: str, *spans: Span) -> list[str]:
    """The forms of a question with its names given."""
    question = read_words(text)
    return [" ".join(item.key for item in form) for form in forms(question, items_of(question, spans))]


def test_the_maker_of_a_title_is_a_person() -> None:
    told = lines("when was the director of alien born", Span("title", 5, 6))
    assert told[0] == "when was the {job} of {title} born"
    assert "when was {person} born" in told


def test_a_phrase_may_hold_a_phrase() -> None:
    told = lines("how old is the director of the first alien film", Span("title", 8, 9))
    assert "how old is {person}" in told


def test_a_phrase_is_never_the_whole_question() -> None:
    assert "{person}" not in lines("director of alien", Span("title", 2, 3))


def test_what_a_phrase_means_is_kept() -> None:
    question = read_words("how old is the star of heat")
    items = items_of(question, [Span("title", 6, 7)])
    folded = next(form for form in forms(question, items) if form[-1].key == "{person}")
    assert folded[-1].value == {"by": {"ask": "cast", "title": {"name": "heat", "full": "heat"}, "limit": 1}}


def test_words_of_closed_lists_are_masked_names_go_first() -> None:
    question = read_words("which horror film of the 1980s is the longest first to last")
    told = " ".join(item.key for item in items_of(question, [Span("title", 9, 12)]))
    assert told == "which {kind} of the {time} is the {superlative} {title}"
