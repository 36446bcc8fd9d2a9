"""A person as the question speaks of them -> people of the catalogue, best first."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.resolving.ways import ALL, Ways
from indexer.catalog.records import Person
from indexer.ids import PersonId
from indexer.text import fold

if TYPE_CHECKING:
    from indexer.catalog.catalog import Catalog
    from indexer.linking.names import NameIndex, NameMatch

_NAME, _KNOWN = 6.0, 3.0
_SLIP = 0.8  # names less alike than this are different names


@dataclass(frozen=True, slots=True)
class PersonHit:
    """``quality`` 0-1: how well the name fits; ``score``: with how well known they are."""

    person: Person
    quality: float
    score: float


class PersonLinker:
    """Links names of people to the catalogue."""

    def __init__(self, catalog: Catalog, names: NameIndex, ways: Ways = ALL) -> None:
        self._catalog, self._names = catalog, names
        self._known = _KNOWN if ways.popularity else 0.0

    def link(self, name: str, limit: int = 8) -> list[PersonHit]:
        """Candidates, best first; [] where nobody has a name like it."""
        matches = [(match, quality(name, match)) for match in self._names.search(name, max(limit, 20))]
        people = self._catalog.people([match.id for match, _ in matches])
        hits = [
            PersonHit(
                people[PersonId(match.id)],
                fit,
                _NAME * fit + self._known * math.log10(people[PersonId(match.id)].popularity + 1) / 8,
            )
            for match, fit in matches
            if match.id in people and fit >= 0.6
        ]
        return sorted(hits, key=lambda hit: -hit.score)[:limit]


def quality(query: str, match: NameMatch) -> float:
    """0-1; a surname alone is 0.86, a spelling slip its similarity."""
    if match.relation == "exact":
        return 1.0
    if match.relation == "same":
        return 0.97
    if match.relation in ("begins", "holds"):
        surname = fold(match.name).split()[-1:] == fold(query).split()[-1:]
        return 0.86 if surname else 0.72
    return match.similarity * (0.95 if match.similarity >= _SLIP else 0.75)
