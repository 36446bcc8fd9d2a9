"""The tagger: paths, spans, what it learns, how it is kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from assistant.reading.learned.features import ROWS, encode
from assistant.reading.learned.generate import Tagged
from assistant.reading.learned.tagger import LABELS, Span, Tagger, beam, spans_of, viterbi
from assistant.reading.learned.training import share_right, trained
from indexer.errors import FormatMismatch


def tagged(text: str) -> Tagged:
    """Words with labels after a slash; O where there is none."""
    pairs = [word.split("/") for word in text.split()]
    keys = tuple(pair[0] for pair in pairs)
    return Tagged(keys, keys, tuple(pair[1] if len(pair) > 1 else "O" for pair in pairs))


QUESTIONS = [
    tagged("who directed alien/B-title"),
    tagged("who directed blade/B-title runner/I-title"),
    tagged("what did tom/B-person hanks/I-person direct"),
    tagged("when was tom/B-person cruise/I-person born"),
]


def test_the_best_path_counts_transitions() -> None:
    scores = np.array([[1.0, 0.0], [0.0, 0.5]], dtype=np.float32)
    assert viterbi(scores, np.zeros((2, 2), dtype=np.float32)) == [0, 1]
    assert viterbi(scores, np.array([[0, -9], [0, 0]], dtype=np.float32)) == [0, 0]


def test_the_first_of_the_best_few_paths_is_the_best() -> None:
    rng = np.random.default_rng(3)
    scores, move = rng.normal(size=(6, 4)).astype(np.float32), rng.normal(size=(4, 4)).astype(np.float32)
    paths = beam(scores, move, 3)
    assert list(paths[0][1]) == viterbi(scores, move)
    assert [score for score, _ in paths] == sorted((score for score, _ in paths), reverse=True)


def test_labels_become_spans() -> None:
    labels = ["O", "B-title", "I-title", "B-title", "I-person"]
    assert spans_of(labels) == (Span("title", 1, 3), Span("title", 3, 4), Span("person", 4, 5))


def test_it_learns_questions_and_generalises_by_their_words() -> None:
    model = trained(QUESTIONS, LABELS, epochs=8)
    assert share_right(model, QUESTIONS) == 1.0
    assert model.tag(("who", "directed", "heat"), ("who", "directed", "heat"))[0].spans == (
        Span("title", 2, 3),
    )


def test_shares_of_the_ways_sum_to_one() -> None:
    ways = trained(QUESTIONS, LABELS, epochs=2).tag(
        ("who", "directed", "alien"), ("who", "directed", "alien")
    )
    assert sum(way.share for way in ways) == pytest.approx(1.0)


def test_weights_are_kept_in_eight_bits(tmp_path: Path) -> None:
    model = trained(QUESTIONS, LABELS, epochs=8)
    model.write(tmp_path / "tagger.safetensors")
    again = Tagger.read(tmp_path / "tagger.safetensors")
    assert share_right(again, QUESTIONS) == 1.0
    assert (tmp_path / "tagger.safetensors").stat().st_size < 3_000_000


def test_weights_of_other_labels_are_refused(tmp_path: Path) -> None:
    rows = np.zeros((ROWS, 3), dtype=np.int8)
    save_file({"rows": rows, "scales": np.ones(ROWS), "move": np.zeros((3, 3))}, tmp_path / "t.safetensors")
    with pytest.raises(FormatMismatch, match="reader train"):
        Tagger.read(tmp_path / "t.safetensors")


def test_capitals_are_features() -> None:
    flat, cased = (
        encode(["who", "is", "heat"], ["who", "is", "heat"]),
        encode(["who", "is", "heat"], ["Who", "is", "Heat"]),
    )
    assert flat.shape == cased.shape
    assert (flat[2] != cased[2]).any()
