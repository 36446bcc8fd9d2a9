"""The parts of the joint space that are taken out, one at a time. Imports torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from indexer.joint.entities import Entities
from indexer.joint.model import Recipe

SERVES = "as it serves"
_OF_CAST, _WORKED_WITH = ("title/cast", "title/director"), ("person/cast", "person/director")
_KNOWN_FOR = "person/title"
_SMALL = ("title/rating", "title/votes", "title/adult", "person/died")


@dataclass(frozen=True)
class Variant:
    """A way to train: all as it serves but what ``recipe`` says."""

    name: str
    recipe: Recipe = field(default_factory=Recipe)


def _without(name: str, *keys: str) -> Variant:
    return Variant(f"without {name}", Recipe(without=keys))


VARIANTS: tuple[Variant, ...] = (
    Variant(SERVES),
    Variant("without neighbours' loss", Recipe(neighbours=0.0)),
    Variant("credit shown", Recipe(hidden=False)),
    Variant("no role said", Recipe(left_open=1.0)),
    Variant("without misspelt rows", Recipe(misspelt=False)),
    Variant("without look-alike batches", Recipe(alike=False)),
    Variant("without log-Q", Recipe(popularity=False)),
    Variant("without reconstruction", Recipe(reconstructed=0.0)),
    Variant("without query rows", Recipe(asked=0.0)),
    _without("overview", "title/overview"),
    _without("keywords", "title/keywords"),
    _without("characters", "title/character", "person/character"),
    _without("names of cast and known-for", *_OF_CAST, _KNOWN_FOR, *_WORKED_WITH),
    _without("names of cast", *_OF_CAST),
    _without("known-for", _KNOWN_FOR),
    _without("names of those worked with", *_WORKED_WITH),
    _without("rating, votes, adult, died", *_SMALL),
)


def possible(entities: Entities) -> Sequence[Variant]:
    """Those that differ from what serves: a build without overviews has none to leave out."""
    none = entities.overview is None
    return [part for part in VARIANTS if not (none and part.recipe.without == ("title/overview",))]
