"""A figure to watch while training: how many held-out credits the model finds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from indexer.fields.arrays import Csr, Floats, Ints
from indexer.fields.rows import Kind
from indexer.joint.entities import Entities, Keep
from indexer.joint.split import VALIDATION, PairSplit

_PAIRS, _CANDIDATES = 2_000, 20_000
_NEAREST = 10
_ROWS = 500  # titles scored together
_EMPTY = np.zeros(0, np.int64)


class Embedder(Protocol):
    """What is asked of a model."""

    def embed(self, kind: Kind, places: Ints) -> Floats:
        """(N, D) unit rows of entities by place."""


@dataclass
class HoldingOut:
    """A ``keep`` that leaves out validation pairs of what may be known, and remembers which they were."""

    seed: int
    keep: Keep | None = None
    title_ids: Ints = field(default_factory=lambda: _EMPTY)
    person_ids: Ints = field(default_factory=lambda: _EMPTY)

    def __call__(self, title_ids: Ints, person_ids: Ints) -> np.typing.NDArray[np.bool_]:
        """(C,) which credits are for training."""
        known = np.ones(len(title_ids), np.bool_) if self.keep is None else self.keep(title_ids, person_ids)
        split = PairSplit(test=0.0, seed=self.seed)
        parts = split.parts(title_ids[known], person_ids[known])
        held = np.flatnonzero(known)[parts == VALIDATION]
        self.title_ids, self.person_ids = title_ids[held], person_ids[held]
        known = known.copy()
        known[held] = False
        return known

    def validation(self, entities: Entities) -> Validation | None:
        """The figure over the pairs left out of ``entities``; ``None`` where there are none."""
        places = entities.places("title", self.title_ids), entities.places("person", self.person_ids)
        pairs = np.unique(np.stack(places), axis=1)
        return Validation(entities, (pairs[0], pairs[1]), self.seed) if pairs.size else None


class Validation:
    """recall@10, film -> person: up to 2,000 held-out pairs, each among up to 20,000 people.

    The people of other training credits of a title are no candidates for it.
    """

    def __init__(self, entities: Entities, pairs: tuple[Ints, Ints], seed: int) -> None:
        rng = np.random.default_rng(seed)
        chosen = np.sort(rng.permutation(len(pairs[0]))[:_PAIRS])
        self._titles, title_of = np.unique(pairs[0][chosen], return_inverse=True)
        people, count = np.unique(pairs[1][chosen]), len(entities.ids["person"])
        others = np.setdiff1d(np.arange(count), people)
        others = rng.permutation(others)[: max(_CANDIDATES - len(people), 0)]
        self._people = np.sort(np.concatenate([people, others]))
        self._pairs = (title_of, np.searchsorted(self._people, pairs[1][chosen]))
        at = np.full(count, -1)
        at[self._people] = np.arange(len(self._people))
        cast = Csr.from_pairs(*entities.credits, len(entities.ids["title"])).take(self._titles)
        row = np.repeat(np.arange(len(self._titles)), np.diff(cast.starts))
        column = at[cast.ids]
        self._known = (row[column >= 0], column[column >= 0])

    def __call__(self, model: Embedder) -> float:
        """The share of pairs whose person is among the ten nearest."""
        titles, people = model.embed("title", self._titles), model.embed("person", self._people)
        found = 0
        for start in range(0, len(titles), _ROWS):
            scores = titles[start : start + _ROWS] @ people.T  # (rows, K)
            row, column = self._part(self._known, start)
            owner, wanted = self._part(self._pairs, start)
            own = scores[owner, wanted]
            scores[row, column] = -np.inf
            better = (scores[owner] > own[:, None]).sum(1)
            found += int((better < _NEAREST).sum())
        return found / len(self._pairs[0])

    def _part(self, pairs: tuple[Ints, Ints], start: int) -> tuple[Ints, Ints]:
        inside = (pairs[0] >= start) & (pairs[0] < start + _ROWS)
        return pairs[0][inside] - start, pairs[1][inside]
