"""Who is credited in what, split: places instead of ids, each (title, person) pair once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from evals.joint.ranks import MOST, sampled
from indexer.fields.arrays import Csr, Floats, Ints
from indexer.ids import TitleId
from indexer.joint.entities import ROLES, role_of
from indexer.joint.split import TEST, TRAIN, VALIDATION, LeftOutTitles, PairSplit

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from indexer.joint.entities import EntitySource
    from indexer.progress import Progress
    from indexer.settings import VectorScope

Direction = Literal["film->person", "person->film"]
DIRECTIONS: tuple[Direction, ...] = ("film->person", "person->film")
LEFT_OUT = 3  # the part of pairs whose title is left out whole; 0-2 are those of the split
_Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Pairs:
    """K pairs to be found in one direction: places of the queries and of what each is to find."""

    queries: Ints
    targets: Ints
    roles: npt.NDArray[np.uint8]  # bit r is set where a credit of the pair is of ROLES[r]

    @property
    def both(self) -> tuple[Ints, Ints]:
        """As ``ranks`` wants them."""
        return self.queries, self.targets

    def some(self, at: Ints) -> Pairs:
        """Those at ``at``."""
        return Pairs(self.queries[at], self.targets[at], self.roles[at])

    def of_role(self, bit: int) -> Ints:
        """Which have a credit of ROLES[bit]."""
        return np.flatnonzero(self.roles >> bit & 1)

    def groups(self, degrees: Ints) -> dict[str, _Flags]:
        """By role, and by quarters of the training credits of what is to be found (``degrees`` (M,))."""
        found = {role: (self.roles >> bit & 1).astype(bool) for bit, role in enumerate(ROLES)}
        own = degrees[self.targets]
        edges = np.unique(np.quantile(own, [0.25, 0.5, 0.75])) if len(own) else np.zeros(0)
        quarter = np.searchsorted(edges, own)
        for part in range(len(edges) + 1):
            among = quarter == part
            if among.any():
                found[f"target with {own[among].min()}-{own[among].max()} training credits"] = among
        return found


@dataclass(frozen=True)
class Graph:
    """(C,) distinct pairs by place, sorted by title, and the part of each: training, validation, test."""

    title_ids: Ints
    person_ids: Ints
    titles: Ints
    people: Ints
    parts: npt.NDArray[np.int8]
    roles: npt.NDArray[np.uint8]

    @property
    def shape(self) -> tuple[int, int]:
        """How many titles and how many people."""
        return len(self.title_ids), len(self.person_ids)

    @cached_property
    def training(self) -> csr_matrix:
        """(T, P) float32, 1 for each training pair."""
        return self._matrix(self.parts == TRAIN)

    def training_as(self, bit: int) -> csr_matrix:
        """(T, P) float32, 1 for each training pair with a credit of ROLES[bit]."""
        return self._matrix((self.parts == TRAIN) & (self.roles >> bit & 1).astype(bool))

    def _matrix(self, among: _Flags) -> csr_matrix:
        from scipy.sparse import csr_matrix

        at = (self.titles[among], self.people[among])
        return csr_matrix((np.ones(int(among.sum()), np.float32), at), shape=self.shape)

    def degrees(self, direction: Direction) -> Ints:
        """Training pairs of each candidate of a direction."""
        side, count = (
            (self.people, self.shape[1]) if direction == "film->person" else (self.titles, self.shape[0])
        )
        return np.bincount(side[self.parts == TRAIN], minlength=count)

    def known(self, direction: Direction) -> Csr:
        """All true candidates of each query, of every part."""
        if direction == "film->person":
            return Csr.from_pairs(self.titles, self.people, self.shape[0])
        return Csr.from_pairs(self.people, self.titles, self.shape[1])

    def pairs(self, direction: Direction, part: int = TEST, most: int = MOST) -> Pairs:
        """The pairs of a part, ``most`` of them drawn by a fixed seed."""
        at = np.flatnonzero(self.parts == part)
        at = at[sampled(len(at), most)]
        sides = (self.titles[at], self.people[at])
        queries, targets = sides if direction == "film->person" else sides[::-1]
        return Pairs(queries, targets, self.roles[at])

    def counts(self) -> dict[str, int]:
        """Titles, people and pairs of each part."""
        names = {"training": TRAIN, "validation": VALIDATION, "test": TEST, "left out": LEFT_OUT}
        found = {name: int((self.parts == part).sum()) for name, part in names.items()}
        return {"titles": self.shape[0], "people": self.shape[1], **found}


def read_graph(
    source: EntitySource,
    scope: VectorScope,
    split: PairSplit,
    progress: Progress,
    left_out: LeftOutTitles | None = None,
) -> Graph:
    """The credits in scope, 30 bytes each; about half a minute for a million."""
    in_scope = [TitleId(title_id) for title_id in sorted(source.scope_titles(scope))]
    title_ids = np.array(in_scope, np.int64)
    person_ids = np.array(sorted(source.scope_people(in_scope)), np.int64)
    titles, people, roles = _credits(source, progress)
    inside = _inside(titles, title_ids) & _inside(people, person_ids)
    titles, people, roles = titles[inside], people[inside], roles[inside]
    parts = split.parts(titles, people)
    if left_out is not None:
        parts = np.where(left_out.mask(titles), np.int8(LEFT_OUT), parts)
    key = np.searchsorted(title_ids, titles) * len(person_ids) + np.searchsorted(person_ids, people)
    distinct, first, at = np.unique(key, return_index=True, return_inverse=True)
    merged = np.zeros(len(distinct), np.uint8)
    np.bitwise_or.at(merged, at, roles)
    own = (distinct // max(len(person_ids), 1), distinct % max(len(person_ids), 1))
    return Graph(title_ids, person_ids, *own, parts[first], merged)


def _credits(source: EntitySource, progress: Progress) -> tuple[Ints, Ints, npt.NDArray[np.uint8]]:
    from array import array

    titles, people, roles = array("q"), array("q"), array("B")
    with progress.task("joint: reading credits", unit="credits") as task:
        for count, credit in enumerate(source.iter_credits(), 1):
            titles.append(credit.title_id)
            people.append(credit.person_id)
            roles.append(1 << role_of(credit.category))
            if count % 100_000 == 0:
                task.advance(100_000)
    return np.array(titles, np.int64), np.array(people, np.int64), np.array(roles, np.uint8)


def _inside(ids: Ints, known: Ints) -> _Flags:
    if not len(known):
        return np.zeros(len(ids), np.bool_)
    at = np.minimum(np.searchsorted(known, ids), len(known) - 1)
    found: _Flags = known[at] == ids
    return found


def unit(rows: Floats) -> Floats:
    """Rows of length 1; rows of zeros stay."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    found: Floats = (rows / np.maximum(lengths, 1e-9)).astype(np.float32)
    return found
