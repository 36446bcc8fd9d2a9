"""Tagged sets: reading them, counting spans, a tagger of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.slots import mit_movie
from evals.slots.bio import Score, read_bio, score, spans
from indexer.errors import InputError


def test_sentences_end_at_empty_lines(tmp_path: Path) -> None:
    path = tmp_path / "set.bio"
    path.write_text("B-Actor\ttom\nI-Actor\thanks\n\nO\twho\n", encoding="utf-8")
    assert [sentence.words for sentence in read_bio(path)] == [("tom", "hanks"), ("who",)]


def test_a_line_of_three_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "set.bio"
    path.write_text("B-Actor tom hanks\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 1: 3 columns"):
        read_bio(path)


def test_spans_end_where_another_begins() -> None:
    assert spans(["B-A", "I-A", "B-A", "I-B", "O"]) == {("A", 0, 2), ("A", 2, 3), ("B", 3, 4)}


def test_only_whole_spans_of_the_right_kind_count() -> None:
    told = score([(["B-A", "I-A", "O", "B-B"], ["B-A", "O", "O", "B-B"])])
    assert told == Score(right=1, found=2, gold=2)
    assert told.f1 == 0.5
    assert score([(["O"], ["O"])]).f1 == 0.0


def test_a_tagger_of_its_own_learns_a_small_set(tmp_path: Path) -> None:
    (tmp_path / "mit_movie").mkdir()
    names = ("ann", "bob", "carl", "dora", "emil")
    rows = [f"O\twho\nO\tis\nB-Actor\t{name}\n" for name in names for _ in range(8)]
    (tmp_path / mit_movie.FILE).write_text("\n".join(rows), encoding="utf-8")
    table, told = mit_movie.run(tmp_path)
    assert told.f1 == 1.0
    assert [line.what for line in table.lines] == ["span F1, all kinds", "  Actor"]
