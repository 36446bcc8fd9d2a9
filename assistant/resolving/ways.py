"""Which means of resolving are used: all of them, unless somebody measures what one brings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Mode = Literal["hybrid", "dense", "lexical"]


@dataclass(frozen=True)
class Ways:
    """Every means on by default.

    ``lexical``/``dense``: titles found by the letters of their names / near the query in the joint space;
    ``fields``: titles ordered by how well all that was said fits them; ``together``: titles, characters and
    people decide about each other, instead of the best title by its name alone; ``popularity``: votes as a
    prior; ``shapes``: where no wording comes to anything, the learned reader's nearest shapes.
    """

    lexical: bool = True
    dense: bool = True
    fields: bool = True
    together: bool = True
    popularity: bool = True
    shapes: bool = True

    @property
    def mode(self) -> Mode:
        """How the linker is asked."""
        if not self.lexical:
            return "dense"
        return "hybrid" if self.dense else "lexical"


ALL = Ways()
