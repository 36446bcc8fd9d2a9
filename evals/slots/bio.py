"""Sets of tagged questions, two columns a line, and the F1 of spans."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import InputError


@dataclass(frozen=True)
class Sentence:
    """Words and a label each: "O", "B-Actor", "I-Actor"..."""

    words: tuple[str, ...]
    labels: tuple[str, ...]


def read_bio(path: Path) -> list[Sentence]:
    """Sentences of a file with a label and a word a line, an empty line after each sentence.

    Raises InputError where a line has other than two columns.
    """
    found: list[Sentence] = []
    rows: list[tuple[str, str]] = []
    for number, line in enumerate([*path.read_text(encoding="utf-8").splitlines(), ""], start=1):
        cells = line.split()
        if len(cells) == 2:
            rows.append((cells[0], cells[1]))
        elif cells:
            raise InputError(f"{path}, line {number}: {len(cells)} columns, expected a label and a word")
        elif rows:
            labels, words = zip(*rows, strict=True)
            found.append(Sentence(tuple(words), tuple(labels)))
            rows = []
    return found


Span = tuple[str, int, int]


def spans(labels: Sequence[str]) -> set[Span]:
    """(kind, first, end) of every span; an I without a B of its kind before it begins one.

    >>> sorted(spans(["B-Year", "O", "B-Plot", "I-Plot"]))
    [('Plot', 2, 4), ('Year', 0, 1)]
    """
    return set(_spans(labels))


def _spans(labels: Sequence[str]) -> Iterator[Span]:
    start, kind = 0, ""
    for place, label in enumerate([*labels, "O"]):
        mark, _, other = label.partition("-")
        if kind and (mark != "I" or other != kind):
            yield kind, start, place
            kind = ""
        if mark != "O" and not kind:
            start, kind = place, other


@dataclass(frozen=True)
class Score:
    """Counts of spans: right, found, in the gold."""

    right: int
    found: int
    gold: int

    @property
    def f1(self) -> float:
        """Of whole spans with their kind; 0 where nothing is right."""
        return 2 * self.right / (self.found + self.gold) if self.right else 0.0


def score(pairs: Sequence[tuple[Sequence[str], Sequence[str]]], kind: str | None = None) -> Score:
    """Of (gold labels, labels found) of each sentence, of one kind of span or of all."""
    right = found = gold = 0
    for golden, told in pairs:
        wanted = {span for span in spans(golden) if kind in (None, span[0])}
        given = {span for span in spans(told) if kind in (None, span[0])}
        right, found, gold = right + len(wanted & given), found + len(given), gold + len(wanted)
    return Score(right, found, gold)
