"""A guard against wordings and exemplars that were written after single questions of a set.

A wording of the reader's rules, or an exemplar of its shapes, with at least five literal words (macros and
slots not counted) is specific. A question is near one when, slots masked, at least 0.85 of the wording's
words stand in it in place; the question is then left out of its set's figure and listed. General wordings are
near many questions by design and say nothing.

The words that give away a topic outside the data are shorter. Those of three words or more are looked for as
they stand:

    python -m evals.leaks --sets DIR

prints for each set how many questions hold one. A phrase that a single odd question holds may be made for it.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from indexer.errors import WhoplayedError
from indexer.text import fold

SPECIFIC = 5
TELLING = 3  # words of a topic's phrase; shorter ones are anybody's
NEAR = 0.85
_PIECE = re.compile(r"\{\w+(?::\d+)?\}|\[([^\]]+)\]|\(([^)]+)\)|(\S+)")


@dataclass(frozen=True)
class Near:
    """A question and the specific wording it is near."""

    question: str
    wording: str
    similarity: float  # 0-1


@dataclass(frozen=True)
class _Piece:
    """Alternatives of words; none for a slot."""

    options: tuple[tuple[str, ...], ...]
    optional: bool = False

    @property
    def cost(self) -> int:
        """Words missed where the piece is missing."""
        return 0 if self.optional else min(map(len, self.options), default=1)


def near_wordings(
    questions: Iterable[str], wordings: Sequence[tuple[str, tuple[_Piece, ...]]] | None = None
) -> list[Near]:
    """The questions near a specific wording, each with the nearest."""
    known = specific_wordings() if wordings is None else wordings
    found = (_nearest(question, known) for question in questions)
    return [near for near in found if near is not None and near.similarity >= NEAR]


@cache
def specific_wordings() -> tuple[tuple[str, tuple[_Piece, ...]], ...]:
    """The reader's wordings and exemplars with at least five literal words."""
    rules = _read("rules.toml")
    patterns = [pattern for rule in rules.get("rule", ()) for pattern in rule["patterns"]]
    patterns += [
        question for shape in _read("exemplars.toml").get("shape", ()) for question in shape["questions"]
    ]
    return specific(dict.fromkeys(patterns), rules.get("macros", {}))


def _read(name: str) -> dict[str, Any]:
    """A file of the reader's."""
    import tomllib
    from importlib.resources import files

    return tomllib.loads((files("assistant.reading") / name).read_text(encoding="utf-8"))


def specific(
    patterns: Iterable[str], macros: Mapping[str, Sequence[str]]
) -> tuple[tuple[str, tuple[_Piece, ...]], ...]:
    """Those of the patterns with at least five literal words, taken apart."""
    return tuple((text, _pieces(text, macros)) for text in patterns if _literal_words(text) >= SPECIFIC)


def _literal_words(pattern: str) -> int:
    """Words of the pattern itself, not of slots, macros or optional parts; of alternatives the shortest."""
    words = 0
    for found in _PIECE.finditer(pattern):
        options, word = found[2], found[3]
        if options:
            words += min(len([w for w in option.split() if not w.isupper()]) for option in options.split("|"))
        elif word and not word.isupper():
            words += 1
    return words


def _pieces(pattern: str, macros: Mapping[str, Sequence[str]]) -> tuple[_Piece, ...]:
    pieces = []
    for found in _PIECE.finditer(pattern):
        optional, options, word = found.groups()
        texts = (optional or options or word or "").split("|")
        phrases = [phrase for text in texts for phrase in macros.get(text, [text])]
        pieces.append(
            _Piece(tuple(tuple(fold(phrase).split()) for phrase in phrases if phrase), bool(optional))
        )
    return tuple(pieces)


def _nearest(question: str, wordings: Sequence[tuple[str, tuple[_Piece, ...]]]) -> Near | None:
    words = tuple(fold(question).split())
    held = frozenset(words)
    scored = [
        Near(question, text, _similarity(pieces, words))
        for text, pieces in wordings
        if _at_best(pieces, held) >= NEAR
    ]
    return max(scored, key=lambda near: near.similarity, default=None)


def _at_best(pieces: Sequence[_Piece], words: frozenset[str]) -> float:
    """A bound on the similarity, quickly: pieces of which no form's words are all there cost an edit."""
    literal = sum(piece.cost for piece in pieces if piece.options)
    missing = sum(
        not piece.optional and not any(words.issuperset(option) for option in piece.options)
        for piece in pieces
        if piece.options
    )
    return 1 - missing / max(literal, 1)


def _similarity(pieces: Sequence[_Piece], words: Sequence[str]) -> float:
    """1 - edits / the wording's words; a slot takes one word or more for nothing."""
    literal = sum(piece.cost for piece in pieces if piece.options)
    row: list[float] = [float(place) for place in range(len(words) + 1)]
    for piece in pieces:
        row = _advance(piece, row, words)
    return max(0.0, 1 - row[-1] / max(literal, 1))


def _advance(piece: _Piece, before: Sequence[float], words: Sequence[str]) -> list[float]:
    """For each j, the fewest edits of words by which the pieces so far match the first j words."""
    after = [cost + piece.cost for cost in before]
    for end in range(1, len(words) + 1):
        after[end] = min(after[end], after[end - 1] + 1)
        if not piece.options:
            after[end] = min(after[end], *before[:end])
            continue
        for option in piece.options:
            start = end - len(option)
            if start >= 0 and tuple(words[start:end]) == option:
                after[end] = min(after[end], before[start])
        after[end] = min(after[end], before[end - 1] + max(piece.cost, 1))
    return after


# ----------------------------------------------------------------------------------- phrases of topics


def topic_phrases() -> list[str]:
    """The reader's phrases of at least three words that give away a topic outside the data."""
    phrases = [fold(phrase) for topic in _read("rules.toml").get("topic", ()) for phrase in topic["words"]]
    return [phrase for phrase in phrases if len(phrase.split()) >= TELLING]


def holding(questions: Iterable[str], phrases: Sequence[str]) -> dict[str, list[str]]:
    """Each phrase that stands as whole words in questions, with these; the most frequent first."""
    padded = {question: f" {fold(question)} " for question in questions}
    found = {phrase: [q for q, text in padded.items() if f" {phrase} " in text] for phrase in phrases}
    return dict(sorted(((p, held) for p, held in found.items() if held), key=lambda row: -len(row[1])))


def phrases_report(sets: Path) -> str:
    """A line for each question set in the folder. Raises InputError for one that cannot be read."""
    from evals.questions import FRESH, LARGE, NQ, OTHERS
    from evals.sets import read_set

    phrases = topic_phrases()
    lines = [
        f"different questions that hold one of {len(phrases)} phrases of topics, {TELLING} words or longer:"
    ]
    for name in (NQ, FRESH, *OTHERS, *LARGE):
        path = sets / f"{name}.jsonl"
        if path.is_file():
            lines.append(_held_line(name, [item["question"] for item in read_set(path)], phrases))
    return "\n".join(lines)


def _held_line(name: str, questions: Sequence[str], phrases: Sequence[str]) -> str:
    found = holding(questions, phrases)
    distinct = {question for held in found.values() for question in held}
    listed = ", ".join(f"{phrase!r} {len(held)}" for phrase, held in found.items())
    return f"  {name}: {len(distinct)} of {len(set(questions))}" + (f" ({listed})" if listed else "")


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when the sets were read, 2 when one cannot be."""
    parser = argparse.ArgumentParser(
        prog="python -m evals.leaks",
        description="Count the questions of each set that hold a phrase of a topic outside the data.",
        epilog="example: python -m evals.leaks --sets sets",
    )
    parser.add_argument("--sets", type=Path, required=True, help="folder with the question sets")
    try:
        print(phrases_report(parser.parse_args(arguments).sets))
    except (WhoplayedError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
