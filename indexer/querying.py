"""Query rows as JSON lines: what ``link`` reads and writes."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from indexer.errors import InputError
from indexer.fields.rows import Row

if TYPE_CHECKING:
    from indexer.linking.linker import Candidate

MAX_LINE = 100_000  # characters of one line; a row of every field at its longest is a hundredth of it


@dataclass(frozen=True)
class Query:
    """One line: its id, and the row it asks about or the reason why there is none."""

    id: Any
    row: Row | None
    error: str | None = None

    def answer(self, candidates: Sequence[Candidate]) -> dict[str, Any]:
        """The line that answers it."""
        line: dict[str, Any] = {
            "id": self.id,
            "candidates": [candidate.to_json() for candidate in candidates],
        }
        return line if self.error is None else {**line, "error": self.error}


def read_query(line: str) -> Query:
    """``{"id", "kind": "title|person", "row": {field: value}}`` as a Query; what is wrong is its error."""
    if len(line) > MAX_LINE:
        return Query(None, None, f"the line has {len(line):,} characters: the limit is {MAX_LINE:,}")
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Query(None, None, f"not JSON: {error}")
    if not isinstance(found, dict) or not isinstance(found.get("row"), dict):
        return Query(None, None, 'expected {"id", "kind": "title" or "person", "row": {field: value}}')
    try:
        return Query(
            found.get("id"), Row.from_json({"kind": found.get("kind", "title"), "row": found["row"]})
        )
    except InputError as error:
        return Query(found.get("id"), None, str(error))


def batches(lines: Iterable[str], size: int) -> Iterator[list[str]]:
    """``lines`` without the blank ones, ``size`` at a time."""
    full = (line for line in lines if line.strip())
    while batch := list(itertools.islice(full, size)):
        yield batch
