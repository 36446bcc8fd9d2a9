"""The joint space trained again and again for the same short time, each time without one of its parts."""

from __future__ import annotations

import dataclasses
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evals.ablation.names import Names, drawn, narrowed
from evals.ablation.names import ranks as name_ranks
from evals.ablation.variants import Variant, possible
from evals.joint.baselines import Vectors
from evals.joint.graph import DIRECTIONS, Direction, Graph
from evals.joint.inputs import TrainingView
from evals.joint.ranks import Ranks, ranks, wilson
from evals.joint.run import prepared
from evals.stats import SEED, Share
from indexer.fields.rows import Kind
from indexer.joint.entities import Entities
from indexer.joint.space import JointSpace
from indexer.joint.split import VALIDATION
from indexer.meters import measured
from indexer.progress import Progress
from indexer.settings import Settings

if TYPE_CHECKING:
    from indexer.index import Index

_PATIENT = 60.0  # minutes: the clock must not make one variant learn less than another
_KINDS: tuple[Kind, ...] = ("title", "person")
_SAID: dict[Kind, str] = {"title": "titles", "person": "people"}
_SILENT = Progress.silent()
Step = tuple[Variant, int]  # what is trained, with which seed


@dataclass(frozen=True)
class Budget:
    """What each variant learns from, and what it is asked."""

    credits: int = 300_000
    epochs: int = 1
    pairs: int = 2_000  # of each direction, of the validation part: choices are made by these figures
    names: int = 1_000  # of titles, and of people

    def at_most(self, limit: int | None) -> Budget:
        """No more than ``limit`` questions of each sort."""
        if limit is None:
            return self
        return dataclasses.replace(self, pairs=min(self.pairs, limit), names=min(self.names, limit))

    def settings(self, settings: Settings, seed: int) -> Settings:
        """For one training."""
        joint = dataclasses.replace(
            settings.joint, max_credits=self.credits, epochs=self.epochs, max_minutes=_PATIENT
        )
        return settings.replace(seed=settings.seed + seed, joint=joint)


@dataclass(frozen=True)
class Trial:
    """One variant trained with one seed. figures: by what was asked. Seconds are of the processor."""

    name: str
    seed: int
    figures: Mapping[str, Share]
    credits: int
    training: float
    measuring: float

    def to_json(self) -> dict[str, Any]:
        """Plain numbers."""
        figures = {name: figure.to_json() for name, figure in self.figures.items()}
        times = {"training_cpu_s": round(self.training, 1), "measuring_cpu_s": round(self.measuring, 1)}
        return {"variant": self.name, "seed": self.seed, "credits": self.credits, **times, **figures}


@dataclass(frozen=True)
class Bench:
    """What is the same for all variants: data without the held-out credits, read once, and the questions."""

    graph: Graph
    view: TrainingView
    entities: Entities
    names: Mapping[Kind, Names]
    settings: Settings
    budget: Budget


_forked_from: Bench | None = None


def bench(index: Index, budget: Budget, progress: Progress, folder: Path | None = None) -> Bench:
    """The split, the catalogue without its held-out credits and the questions, as ``joint`` has them.

    Raises InputError where nothing is held out.
    """
    ready = prepared(index, progress, folder)
    entities = Entities.from_catalog(ready.view, index.settings.vectors, progress, ready.overview)
    names = {kind: drawn(entities, kind, budget.names, SEED) for kind in _KINDS}
    return Bench(ready.graph, ready.view, entities, names, index.settings, budget)


def run(
    index: Index, progress: Progress, budget: Budget, seeds: int = 3, folder: Path | None = None
) -> list[Trial]:
    """What serves with ``seeds`` seeds, every variant with one; kept in ``folder``/ablation.jsonl as it goes.

    Raises InputError where nothing is held out: a catalogue of a few titles.
    """
    made = bench(index, budget, progress, folder)
    plan = list(_plan(possible(made.entities), seeds))
    found = []
    for one in _trials(made, plan, index.settings.threads or os.cpu_count() or 1):
        found.append(one)
        _keep(one, progress, folder)
    return found


def _plan(variants: Sequence[Variant], seeds: int) -> Iterator[Step]:
    first, *others = variants
    yield from ((first, seed) for seed in range(seeds))
    yield from ((variant, 0) for variant in others)


def _trials(made: Bench, plan: Sequence[Step], processes: int) -> Iterator[Trial]:
    """In order; several at a time where processes can be forked, each on one thread and the same data."""
    processes = min(processes, len(plan)) if sys.platform == "linux" else 1
    if processes == 1:
        yield from (trial(made, *step) for step in plan)
        return
    context = get_context("fork")  # the data are gigabytes that nobody needs to copy
    with ProcessPoolExecutor(processes, context, _begin, (made,)) as pool:
        yield from pool.map(_forked, plan)


def _begin(made: Bench) -> None:
    global _forked_from  # noqa: PLW0603 - how a forked process is told of data that are not to be pickled
    _forked_from = made


def _forked(step: Step) -> Trial:
    assert _forked_from is not None  # noqa: S101 - ``_begin`` came first
    return trial(_forked_from, *step)


def trial(made: Bench, variant: Variant, seed: int) -> Trial:
    """Train one variant on one thread and ask it everything; ``seed`` is added to that of the settings."""
    from indexer.joint.training import train_on, use_threads

    with use_threads(1):
        settings = made.budget.settings(made.settings, seed)
        with measured() as training:
            space = train_on(made.entities, settings, _SILENT, recipe=variant.recipe)
        with measured() as measuring:
            vectors = _vectors(made, space)
            figures = _pairs(made, space, vectors) | _names(made, space, vectors)
    credits = int(space.facts["credits"])
    return Trial(variant.name, seed, figures, credits, training.cpu_seconds, measuring.cpu_seconds)


def _vectors(made: Bench, space: JointSpace) -> Vectors:
    from indexer.joint.training import embed_entities

    graph, view = made.graph, made.view
    return Vectors(
        embed_entities(space, view, "title", graph.title_ids, _SILENT),
        embed_entities(space, view, "person", graph.person_ids, _SILENT),
    )


def _pairs(made: Bench, space: JointSpace, vectors: Vectors) -> dict[str, Share]:
    """Recall@10 of held-out pairs, by queries for a credit and by the entities' own vectors."""
    found = {}
    for direction in DIRECTIONS:
        kind, rows, candidates = _sides(direction, vectors)
        pairs = made.graph.pairs(direction, VALIDATION, made.budget.pairs).both
        for way, queries in (("asked", space.asking(rows, None, kind)), ("raw", rows)):
            known = made.graph.known(direction)
            found[f"{direction} {way}"] = _hits(ranks(*narrowed(queries, candidates), pairs, known), 10)
    return found


def _sides(direction: Direction, vectors: Vectors) -> tuple[Kind, Any, Any]:
    """Of which kind queries are, and all queries (N, D) and candidates (M, D)."""
    if direction == "film->person":
        return "title", vectors.titles, vectors.people
    return "person", vectors.people, vectors.titles


def _names(made: Bench, space: JointSpace, vectors: Vectors) -> dict[str, Share]:
    """hit@1 and hit@10 of misspelt names."""
    found: dict[str, Share] = {}
    for kind, rows in zip(_KINDS, (vectors.titles, vectors.people), strict=True):
        reached = name_ranks(space, made.names[kind], rows)
        found |= {f"{_SAID[kind]} @{top}": _hits(reached, top) for top in (1, 10)}
    return found


def _hits(found: Ranks, top: int) -> Share:
    return wilson(int((found <= top).sum()), len(found))


def _keep(found: Trial, progress: Progress, folder: Path | None) -> None:
    points = ", ".join(f"{name} {figure.percent:.1f}" for name, figure in found.figures.items())
    progress.say(f"ablation: {found.name}, seed {found.seed}: {points}")
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "ablation.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(found.to_json()) + "\n")
