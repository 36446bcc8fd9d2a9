"""A person as the question speaks of them -> people of the catalogue, best first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.resolving.characters import short_forms
from assistant.resolving.ways import ALL, Ways
from indexer.catalog.records import Person
from indexer.ids import PersonId
from indexer.text import fold

if TYPE_CHECKING:
    from indexer.catalog.catalog import Catalog
    from indexer.linking.names import NameIndex, NameMatch

_NAME, _KNOWN = 6.0, 3.0
_SURNAME = 0.86  # a surname alone; up to a tenth more where one bearer has most of the fame
_FAME, _SHARED = 0.15, 0.4
_AS_SAID, _BETTER_KNOWN = 0.95, 3  # the quality of a usual short form, for whom it counts
_MARRIED = 0.88  # first name and surname, and another surname behind them
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
        better = self._in_full(name, hits)
        known = {hit.person.id for hit in better}
        hits = [*better, *(hit for hit in _surnamed(hits) if hit.person.id not in known)]
        return sorted(hits, key=lambda hit: -hit.score)[:limit]

    def _in_full(self, name: str, hits: Sequence[PersonHit]) -> list[PersonHit]:
        """Charles Chaplin for "charlie chaplin": somebody far better known whose first name it shortens."""
        first, _, rest = fold(name).partition(" ")
        known = max((hit.person.popularity for hit in hits if hit.quality >= _AS_SAID), default=0)
        found = [
            match for full in short_forms(first) if rest for match in self._names.search(f"{full} {rest}", 3)
        ]
        exact = {match.id for match in found if match.relation in ("exact", "same")}
        people = self._catalog.people(sorted(exact)).values()
        return [
            PersonHit(
                person, _AS_SAID, _NAME * _AS_SAID + self._known * math.log10(person.popularity + 1) / 8 + 1.0
            )
            for person in people
            if person.popularity > _BETTER_KNOWN * known
        ]


def _surnamed(hits: Sequence[PersonHit]) -> list[PersonHit]:
    """With the best known of a surname fitting the better, the more of the bearers' fame is theirs."""
    bearers = [hit for hit in hits if hit.quality == _SURNAME]
    best = max(bearers, key=lambda hit: hit.person.popularity, default=None)
    if best is None or best is not max(hits, key=lambda hit: hit.score):
        return list(hits)
    share = best.person.popularity / max(1, sum(hit.person.popularity for hit in bearers))
    gained = _FAME * max(0.0, share - _SHARED)
    raised = PersonHit(best.person, best.quality + gained, best.score + _NAME * gained)
    return [raised if hit is best else hit for hit in hits]


def quality(query: str, match: NameMatch) -> float:
    """0-1; a surname alone is 0.86, a spelling slip its similarity."""
    if match.relation == "exact":
        return 1.0
    if match.relation == "same":
        return 0.97
    if match.relation in ("begins", "holds"):
        words, said = fold(match.name).split(), fold(query).split()
        if len(said) > 1 and words[: len(said)] == said:
            return _MARRIED
        return _SURNAME if words[-1:] == said[-1:] else 0.72
    return match.similarity * (0.95 if match.similarity >= _SLIP else 0.75)
