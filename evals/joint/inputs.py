"""A catalogue as it would be without the held-out credits: nothing that was derived from them is left.

Titles keep their own facts. Of people, professions and popularity come from training credits alone. Held-out
names and the characters played there are taken out of that title's keywords and overview.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Literal, Protocol

import numpy as np

from evals.joint.graph import Graph
from indexer.catalog.records import Credit, Person, Title
from indexer.fields.arrays import Floats, Ints
from indexer.ids import PersonId, TitleId
from indexer.joint.entities import EntitySource
from indexer.joint.split import TRAIN
from indexer.overviews.cache import TextEncoder, VectorCache, encode_cached
from indexer.progress import Progress
from indexer.settings import VectorScope
from indexer.text import fold

_SHORTEST = 3  # letters of a part of a name that is taken out by itself
_CALLED_BY_FUNCTION = frozenset(
    {"the", "and", "von", "van", "der", "del", "for", "himself", "herself", "self"}
)
_WORD = re.compile(r"[^\W_]+")


class Catalogue(EntitySource, Protocol):
    """What a view needs of a catalogue beside what training reads."""

    def iter_overviews(self) -> Iterator[tuple[TitleId, str]]:
        """(id, text) of all overviews."""


@dataclass(frozen=True)
class TrainingView:
    """Reads like the catalogue, of which ``held`` (title id, person id) credits are unknown.

    Give it to ``train_joint`` and ``embed_entities`` in the catalogue's place.
    """

    source: Catalogue
    held: Set[tuple[int, int]]

    @classmethod
    def of(cls, source: Catalogue, graph: Graph) -> TrainingView:
        """Without the pairs of all parts but training."""
        at = np.flatnonzero(graph.parts != TRAIN)
        titles, people = graph.title_ids[graph.titles[at]], graph.person_ids[graph.people[at]]
        return cls(source, set(zip(titles.tolist(), people.tolist(), strict=True)))

    def iter_titles(self) -> Iterator[Title]:
        """As they are: votes and rating are not derived from credits."""
        return self.source.iter_titles()

    def iter_credits(self) -> Iterator[Credit]:
        """Those not held out."""
        return (credit for credit in self.source.iter_credits() if self._is_known(credit))

    def iter_people(self) -> Iterator[Person]:
        """Professions only where a known credit shows them; popularity from known credits."""
        functions, votes = self._of_known
        for person in self.source.iter_people():
            shown = functions.get(person.id, frozenset())
            kept = tuple(name for name in person.professions if name in shown)
            yield replace(person, professions=kept, popularity=votes.get(person.id, 0))

    def iter_names(self, kind: Literal["title"]) -> Iterator[tuple[int, str]]:
        """As they are: a title that names somebody says so to everybody."""
        return self.source.iter_names(kind)

    def iter_keywords(self) -> Iterator[tuple[int, str]]:
        """Without those that hold a held-out name or character in full."""
        for title_id, keyword in self.source.iter_keywords():
            names = self.told.get(title_id, frozenset())
            said = f" {fold(keyword)} " if names else ""
            if not any(f" {fold(name)} " in said for name in names):
                yield title_id, keyword

    def scope_titles(self, scope: VectorScope) -> Sequence[int]:
        """As they are: votes and overviews decide."""
        return self.source.scope_titles(scope)

    def scope_people(self, title_ids: Sequence[TitleId]) -> Sequence[PersonId]:
        """As they are, so that somebody without a known credit is a candidate like all others."""
        return self.source.scope_people(title_ids)

    def _is_known(self, credit: Credit) -> bool:
        return (int(credit.title_id), int(credit.person_id)) not in self.held

    @cached_property
    def _of_known(self) -> tuple[Mapping[int, frozenset[str]], Mapping[int, int]]:
        """By person, the functions and the votes of their known credits."""
        voted = {title.id: title.votes for title in self.source.iter_titles()}
        functions: dict[int, frozenset[str]] = {}
        seen: dict[int, int] = defaultdict(int)
        for credit in self.iter_credits():
            before = functions.get(credit.person_id, frozenset())
            if credit.category not in before:  # most have one; equal sets are shared
                functions[credit.person_id] = before | {credit.category}
            seen[credit.person_id] += voted.get(credit.title_id, 0)
        return functions, seen

    @cached_property
    def told(self) -> Mapping[int, frozenset[str]]:
        """By title, the held-out names and the characters there: what its texts must not say."""
        names = {person: None for _, person in self.held}
        known = {int(person.id): person.name for person in self.source.iter_people() if person.id in names}
        found: dict[int, set[str]] = defaultdict(set)
        for credit in self.source.iter_credits():
            if not self._is_known(credit):
                found[credit.title_id] |= {known.get(credit.person_id, ""), *credit.characters}
        return {title: frozenset(texts - {""}) for title, texts in found.items()}

    def blanked_overviews(self) -> Iterator[tuple[int, str]]:
        """(id, text) of the overviews that say a held-out name or character, without it."""
        for title_id, text in self.source.iter_overviews():
            names = self.told.get(title_id)
            changed = blanked(text, names) if names else text
            if changed != text:
                yield int(title_id), changed


def blanked(text: str, names: Iterable[str]) -> str:
    """``text`` without the names, and without the parts of names that stand capitalised by themselves.

    >>> blanked("Ms. Lake plays Lola, a ruby lake diver.", ["Ann Lake", "Lola Lola"])
    'Ms.  plays , a ruby lake diver.'
    """
    names = list(names)
    parts = {part for name in names for part in fold(name).split()}
    parts -= _CALLED_BY_FUNCTION
    whole = {tuple(fold(name).split()) for name in names}
    words = list(_WORD.finditer(text))
    folded = [fold(word.group()) for word in words]
    out = {
        place
        for place, word in enumerate(words)
        if len(folded[place]) >= _SHORTEST and folded[place] in parts and not word.group()[0].islower()
    }
    for name in whole:
        out |= _runs(folded, name)
    for place in sorted(out, reverse=True):
        text = text[: words[place].start()] + text[words[place].end() :]
    return text


def _runs(words: Sequence[str], name: tuple[str, ...]) -> set[int]:
    """Places of ``words`` where the whole name stands."""
    length = len(name)
    if not length:
        return set()
    return {
        place + step
        for place in range(len(words) - length + 1)
        if tuple(words[place : place + length]) == name
        for step in range(length)
    }


def overview_vectors(
    view: TrainingView,
    ids: Ints,
    vectors: Floats,
    encoder: TextEncoder,
    progress: Progress,
    cache: Path | None = None,
) -> tuple[Ints, Floats, int]:
    """The (N,) ids and (N, D) vectors with the blanked overviews encoded anew, and how many those are.

    cache: a file in which those are kept for the next run.
    """
    changed = dict(view.blanked_overviews())
    at = [place for place, title_id in enumerate(ids.tolist()) if title_id in changed]
    texts = [changed[int(ids[place])] for place in at]
    found = np.array(vectors, np.float32)
    if cache is not None:
        with VectorCache(cache, encoder) as kept:
            found[at] = encode_cached(texts, encoder, kept, progress)
    elif at:
        found[at] = encoder.encode(texts, progress)
    return ids, found, len(at)
