r"""Rows of IMDb's tab separated files: no quoting, ``\N`` for null, damaged rows set aside and counted."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from indexer.errors import InputError, SourceError
from indexer.sources.blocks import Block, first_line, text_blocks
from indexer.sources.layouts import ARRAY, NULL, Layout

EXAMPLES = 20
Row = tuple[str, ...]


@dataclass
class Rejected:
    """Damaged rows of one file: how many for each reason, the first twenty as (line, reason), line 0 if
    unknown.
    """

    file: str
    reasons: Counter[str] = field(default_factory=Counter)
    examples: list[tuple[int, str]] = field(default_factory=list)

    def add(self, reason: str, line: int = 0, count: int = 1) -> None:
        """Sets ``count`` rows aside for ``reason``; ``line`` is where the first of them stands."""
        self.reasons[reason] += count
        if len(self.examples) < EXAMPLES:
            self.examples.append((line, reason))

    @property
    def total(self) -> int:
        """How many rows were set aside."""
        return self.reasons.total()

    def check(self, read: int, limit: float) -> None:
        """Raises SourceError where more than the share ``limit`` (0-1) of ``read`` rows was set aside."""
        if self.total <= limit * read:
            return
        first = "; ".join(f"line {line}: {reason}" if line else reason for line, reason in self.examples[:3])
        raise SourceError(
            f"{self.file}: {self.total:,} of {read:,} rows are damaged, the limit is {limit:.1%} ({first}). "
            "Mend or download the file again, or pass --tolerate to leave the damaged rows out"
        )


def check_header(path: Path, layout: Layout) -> None:
    """Raises SourceError where the first line is not the layout's header."""
    found = first_line(path)
    if found == layout.header:
        return
    expected, columns = layout.header.split("\t"), found.split("\t")
    if len(columns) != len(expected):
        problem = f"{len(columns)} columns; expected {len(expected)}"
    else:
        problem = "another header; expected"
    shown = ", ".join(columns)[:120]
    raise SourceError(f"{path}: line 1: {problem}: {', '.join(expected)}; found: {shown or 'nothing'}")


def row_blocks(path: Path, layout: Layout, rejected: Rejected) -> Iterator[list[Row]]:
    """Good rows in blocks of about 16 KB, as raw cells with ids as bare digits; damaged ones go to
    ``rejected``.

    One regular expression over a whole block costs what splitting alone would; only a block in which it
    finds fewer rows than lines is looked at line by line.
    """
    for block in text_blocks(path):
        body = _without_header(block)
        if body is None:
            continue
        rows: list[Row] = layout.row.findall(body.text)
        if len(rows) != body.text.count("\n") + 1:
            rows = list(_one_by_one(body, layout, rejected))
        yield rows


def _without_header(block: Block) -> Block | None:
    if block.line > 1:
        return block
    _, newline, rest = block.text.partition("\n")
    return Block(rest, 2) if newline and rest else None


def _one_by_one(block: Block, layout: Layout, rejected: Rejected) -> Iterator[Row]:
    for number, line in enumerate(block.text.split("\n"), start=block.line):
        found = layout.row.fullmatch(line)
        if found is None:
            rejected.add(layout.fault(line), number)
        else:
            yield found.groups()


def text(cell: str) -> str | None:
    """A cell's text; ``None`` for null and for nothing."""
    return None if cell == NULL or not cell else cell


def number(cell: str) -> int | None:
    """A cell's whole number, ``None`` for null."""
    return None if cell == NULL else int(cell)


def names(cell: str) -> list[str] | None:
    """The strings of a JSON list such as ``["Neo","Thomas Anderson"]`` but empty ones; ``None`` for no such
    list.
    """
    if cell[:2] == '["' and cell[-2:] == '"]' and "\\" not in cell:
        parts = cell[2:-2].split('","')
        if not any('"' in part or not part for part in parts):
            return parts
    try:
        found = json.loads(cell)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
        return None
    # Escapes can spell a NUL, a line end or half a surrogate pair, none of which is a name.
    clean = (item.encode("utf-8", "replace").decode().replace("\0", " ") for item in found)
    return [" ".join(item.split()) for item in clean if item.strip()]


def array(cell: str) -> list[str]:
    """The items of a list in title.akas, ``[]`` for null."""
    return [] if cell == NULL else cell.split(ARRAY)


def encode_cell(value: str | int | float | Sequence[str] | None) -> str:
    """The cell for a value: ``None`` becomes null, a sequence IMDb's array.

    Raises InputError for text that no cell can hold.
    """
    if value is None:
        return NULL
    cell = (
        value
        if isinstance(value, str)
        else str(value)
        if isinstance(value, int | float)
        else ARRAY.join(value)
    )
    if any(char in cell for char in "\t\n\r\0"):
        raise InputError(f"{cell[:40]!r} holds a tab, a line end or a NUL, which no cell can: remove it")
    return cell


def encode_row(values: Sequence[str | int | float | Sequence[str] | None]) -> str:
    """One line without its newline."""
    return "\t".join(encode_cell(value) for value in values)
