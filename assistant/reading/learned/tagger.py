"""A structured perceptron that marks titles, people, characters and plots in a question."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.reading.learned.features import ROWS, Ids, encode
from indexer.errors import FormatMismatch

SLOTS = (
    "title",
    "person",
    "character",
    "plot",
    "place",
    "kind",
    "genre",
    "time",
    "ordinal",
    "superlative",
    "measure",
    "number",
    "job",
    "made",
)
LABELS = ("O", *(f"{mark}-{slot}" for slot in SLOTS for mark in "BI"))
Scores = NDArray[np.float32]
WEIGHTS = "tagger.safetensors"


@dataclass(frozen=True, slots=True)
class Span:
    """A slot over words ``first`` up to and without ``end``."""

    slot: str
    first: int
    end: int


@dataclass(frozen=True)
class Tagging:
    """One way to tag a question; ``share`` of the probability over the best few ways."""

    spans: tuple[Span, ...]
    share: float


@dataclass(frozen=True)
class Tagger:
    """``emit`` (rows, labels) and ``move`` (labels, labels): scores of features and of transitions."""

    labels: tuple[str, ...]
    emit: Scores
    move: Scores

    @classmethod
    @functools.cache
    def load(cls) -> Tagger:
        """The weights that are part of the package. Raises FormatMismatch where they are of other labels."""
        return cls.read(Path(str(files("assistant.reading.learned").joinpath(WEIGHTS))))

    @classmethod
    def read(cls, path: Path) -> Tagger:
        """As ``write`` wrote it: 8-bit rows with a scale each."""
        from safetensors.numpy import load_file

        data = load_file(path)
        if data["rows"].shape != (ROWS, len(LABELS)):
            raise FormatMismatch(
                f"{path} holds weights of shape {data['rows'].shape}, not {(ROWS, len(LABELS))}: "
                "train them anew with python -m assistant reader train"
            )
        emit = data["rows"].astype(np.float32) * data["scales"].astype(np.float32)[:, None]
        return cls(LABELS, emit, data["move"].astype(np.float32))

    def write(self, path: Path) -> None:
        """Rows as 8-bit whole numbers with a scale each: a quarter of their size."""
        from safetensors.numpy import save_file

        scales = np.maximum(np.abs(self.emit).max(1) / 127, 1e-12).astype(np.float32)
        rows = np.rint(self.emit / scales[:, None]).astype(np.int8)
        save_file({"rows": rows, "scales": scales, "move": self.move.astype(np.float32)}, path)

    def scores(self, ids: Ids) -> Scores:
        """Scores of every label for every word, shape (words, labels)."""
        held: Scores = self.emit[ids].sum(1, dtype=np.float32)
        return held

    def best(self, ids: Ids) -> list[int]:
        """The best labels, one a word."""
        return viterbi(self.scores(ids), self.move)

    def tag(self, keys: Sequence[str], texts: Sequence[str], most: int = 3) -> list[Tagging]:
        """The ``most`` best ways to tag the words, best first."""
        ids = encode(keys, texts)
        paths = beam(self.scores(ids), self.move, most)
        top = paths[0][0]
        shares = np.exp([(score - top) / _TEMPERATURE for score, _ in paths])
        shares /= shares.sum()
        return [
            Tagging(spans_of([self.labels[label] for label in path]), float(share))
            for (_, path), share in zip(paths, shares, strict=True)
        ]


_TEMPERATURE = 4.0  # scores of a perceptron are no log-probabilities; chosen by hand


def viterbi(scores: Scores, move: Scores) -> list[int]:
    """The best path through ``scores`` (words, labels) with transitions ``move`` (from, to)."""
    best = scores[0]
    back = np.zeros(scores.shape, dtype=np.int64)
    for place in range(1, len(scores)):
        options = best[:, None] + move
        back[place] = options.argmax(0)
        best = options.max(0) + scores[place]
    path = [int(best.argmax())]
    for place in range(len(scores) - 1, 0, -1):
        path.append(int(back[place, path[-1]]))
    return path[::-1]


def beam(scores: Scores, move: Scores, most: int) -> list[tuple[float, tuple[int, ...]]]:
    """The ``most`` best paths and their scores, best first."""
    width = 4 * most
    paths: list[tuple[float, tuple[int, ...]]] = [
        (float(scores[0, label]), (int(label),)) for label in np.argsort(-scores[0])[:width]
    ]
    for row in scores[1:]:
        totals = (
            np.array([score for score, _ in paths])[:, None] + move[[path[-1] for _, path in paths]] + row
        )
        flat = np.argsort(-totals, axis=None)[:width]
        paths = [
            (float(totals.flat[at]), (*paths[at // totals.shape[1]][1], int(at % totals.shape[1])))
            for at in flat
        ]
    return paths[:most]


def spans_of(labels: Sequence[str]) -> tuple[Span, ...]:
    """Spans of labels such as B-title, I-title, O; an I without its B begins a span.

    >>> spans_of(["O", "B-title", "I-title"])
    (Span(slot='title', first=1, end=3),)
    """
    found: list[Span] = []
    for place, label in enumerate(labels):
        mark, _, slot = label.partition("-")
        if mark == "O":
            continue
        last = found[-1] if found else None
        if mark == "I" and last is not None and last.end == place and last.slot == slot:
            found[-1] = Span(slot, last.first, place + 1)
        else:
            found.append(Span(slot, place, place + 1))
    return tuple(found)
