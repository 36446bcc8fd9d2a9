"""A tiny pattern language over words: phrases, alternatives, options and slots, matched in every way.

    WHO PLAY {character} IN {title}
    (cast|actors) of {title}        a|b between brackets are alternatives of one or more words
    [the] plot of {title}           square brackets: may be left out
    {title:1}                       a slot of at most one word

Upper-case words are macros: named sets of phrases, where {a,b} stands for either. A slot takes one or more
words; where words allow several splits
("who plays Alex in Alex in Wonder"), each split is a match of its own: only the catalogue can tell which is
meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

Match = dict[str, tuple[int, int]]
_PIECE = re.compile(r"\{(\w+)(?::(\d+))?\}|\[([^\]]+)\]|\(([^)]+)\)|(\S+)")
MAX_SLOT = 24


@dataclass(frozen=True, slots=True)
class _Phrases:
    """Alternatives by their first word, the longest first."""

    options: Mapping[str, tuple[tuple[str, ...], ...]]
    optional: bool


@dataclass(frozen=True, slots=True)
class _Slot:
    name: str
    most: int


@dataclass(frozen=True)
class Pattern:
    """A compiled pattern."""

    text: str
    pieces: tuple[_Phrases | _Slot, ...]

    def matches(self, keys: Sequence[str], limit: int = 12) -> list[Match]:
        """Every way in which the pattern covers all ``keys``: slot name -> (first, end) word positions.

        Empty where none.
        """
        found: list[Match] = []
        for match in _match(self.pieces, 0, keys, 0):
            found.append(match)
            if len(found) >= limit:
                break
        return found


def compile_pattern(text: str, macros: Mapping[str, Sequence[str]]) -> Pattern:
    """Raises ValueError for an unknown macro."""
    return Pattern(text, tuple(_piece(found, macros) for found in _PIECE.finditer(text)))


def _piece(found: re.Match[str], macros: Mapping[str, Sequence[str]]) -> _Phrases | _Slot:
    slot, most, optional, options, word = found.groups()
    if slot:
        return _Slot(slot, int(most) if most else MAX_SLOT)
    body = optional or options or word
    phrases: list[tuple[str, ...]] = []
    for option in body.split("|"):
        phrases += _phrase(option.strip(), macros)
    return _Phrases(_by_first_word(phrases), optional is not None or () in phrases)


def _phrase(option: str, macros: Mapping[str, Sequence[str]]) -> list[tuple[str, ...]]:
    if option.isupper() and option.replace("_", "").isalpha():
        if option not in macros:
            raise ValueError(f"unknown macro {option}: known are {', '.join(sorted(macros))}")
        return [tuple(phrase.split()) for text in macros[option] for phrase in expand(text)]
    return [tuple(option.split())]


def _by_first_word(phrases: Sequence[tuple[str, ...]]) -> Mapping[str, tuple[tuple[str, ...], ...]]:
    grouped: dict[str, list[tuple[str, ...]]] = {}
    for phrase in sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase)):
        if phrase:
            grouped.setdefault(phrase[0], []).append(phrase)
    return {first: tuple(group) for first, group in grouped.items()}


def expand(text: str) -> list[str]:
    """Every way to choose from braces: "{the ,}{actor,actress} who" -> four phrases."""
    found = re.search(r"\{([^}]*)\}", text)
    if not found:
        return [text]
    tails = expand(text[found.end() :])
    return [text[: found.start()] + choice + tail for choice in found[1].split(",") for tail in tails]


def _match(pieces: Sequence[_Phrases | _Slot], at: int, keys: Sequence[str], start: int) -> Iterator[Match]:
    if at == len(pieces):
        if start == len(keys):
            yield {}
        return
    piece = pieces[at]
    if isinstance(piece, _Slot):
        yield from _match_slot(piece, pieces, at, keys, start)
        return
    for phrase in piece.options.get(keys[start], ()) if start < len(keys) else ():
        end = start + len(phrase)
        if tuple(keys[start:end]) == phrase:
            yield from _match(pieces, at + 1, keys, end)
    if piece.optional:
        yield from _match(pieces, at + 1, keys, start)


def _match_slot(
    slot: _Slot, pieces: Sequence[_Phrases | _Slot], at: int, keys: Sequence[str], start: int
) -> Iterator[Match]:
    most = min(len(keys), start + slot.most)
    for end in range(start + 1, most + 1):
        if at + 1 < len(pieces) or end == len(keys):
            for rest in _match(pieces, at + 1, keys, end):
                yield {slot.name: (start, end), **rest}
