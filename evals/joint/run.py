"""The run: split, train on a catalogue without the held-out credits, and compare with the baselines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from evals.joint.baselines import (
    Method,
    Vectors,
    least_squares,
    normalised_svd,
    popularity,
    walks,
)
from evals.joint.graph import DIRECTIONS, LEFT_OUT, Direction, Graph, read_graph
from evals.joint.inputs import TrainingView, overview_vectors
from evals.joint.ranks import MOST, Ranks, ranks_by
from evals.joint.roles import Asked, asked, role_walks, space_roles
from evals.joint.tables import random_tables, svd_tables
from indexer.errors import InputError
from indexer.fields.arrays import Floats, Ints
from indexer.joint.split import LeftOutTitles, PairSplit
from indexer.meters import measured
from indexer.progress import Progress
from indexer.settings import Settings

if TYPE_CHECKING:
    from indexer.index import Index

BASELINES: tuple[Callable[[Graph], Method], ...] = (
    popularity, least_squares, normalised_svd, walks, random_tables, svd_tables
)  # fmt: skip
_CACHE = "overviews.db"
_SMALL = 1_000  # titles, of whose credits 5 % would be a handful: a fifth is held out


@dataclass(frozen=True)
class Reached:
    """One method's ranks of the test pairs, and of the pairs of titles left out, film -> person."""

    name: str
    ranks: Mapping[Direction, Ranks]
    left_out: Ranks | None = None
    note: str = ""
    cpu_seconds: float = 0.0


@dataclass(frozen=True)
class Trained(Reached):
    """The joint space of one seed. wall: reading and training."""

    seed: int = 0
    wall_seconds: float = 0.0
    peak_mb: float = 0.0
    rate: float = 0.0  # credits a processor second of training
    asked: Asked | None = None  # with the function said


@dataclass(frozen=True)
class Outcome:
    """Everything that a run found."""

    graph: Graph
    baselines: Sequence[Reached]
    spaces: Sequence[Trained]
    role_walks: Asked | None = None
    most: int = MOST
    blanked: int = 0  # overviews that named a held-out person or character
    settings: Settings = field(default_factory=Settings)
    rankers: Sequence[Reached] = ()  # missing credits ranked, one of each seed


def run(
    index: Index, progress: Progress, seeds: int = 3, limit: int | None = None, folder: Path | None = None
) -> Outcome:
    """Train and evaluate ``seeds`` spaces with the settings of ``index``; ``limit`` pairs a direction.

    folder: where vectors of changed overviews are kept for the next run.
    Of a small catalogue a fifth of the pairs is held out and a tenth of the titles left out.

    Raises InputError where nothing is held out: a catalogue of a few titles.
    """
    settings, most = index.settings, limit or MOST
    ready = prepared(index, progress, folder)
    graph, view, overview = ready.graph, ready.view, ready.overview
    seeded = [settings.replace(seed=settings.seed + number) for number in range(seeds)]
    spaces = [_trained(view, graph, one, overview, progress, most) for one in seeded]
    rankers = [_ranked(view, graph, one, progress, most) for one in seeded]
    rivals = baselines(graph, progress, most)
    told_walks = asked(graph, "3-step walks, function said", role_walks(graph), most)
    return Outcome(graph, rivals, spaces, told_walks, most, ready.blanked, settings, rankers)


def run_missing(index: Index, progress: Progress, seeds: int = 3, limit: int | None = None) -> Outcome:
    """The ranker of missing credits and the baselines alone: no space is trained, a quarter of the time."""
    settings, most = index.settings, limit or MOST
    graph = _graph(index, progress)
    view = TrainingView.of(index.catalog, graph)
    seeded = [settings.replace(seed=settings.seed + number) for number in range(seeds)]
    rankers = [_ranked(view, graph, one, progress, most) for one in seeded]
    return Outcome(graph, baselines(graph, progress, most), (), most=most, settings=settings, rankers=rankers)


@dataclass(frozen=True)
class Prepared:
    """The split, the catalogue without what is held out, and its overview vectors, ``None`` without any."""

    graph: Graph
    view: TrainingView
    overview: tuple[Ints, Floats] | None
    blanked: int  # overviews that named a held-out person or character


def prepared(index: Index, progress: Progress, folder: Path | None = None) -> Prepared:
    """What every training is given; ``folder`` keeps vectors of changed overviews for the next run.

    Raises InputError where nothing is held out.
    """
    graph = _graph(index, progress)
    view = TrainingView.of(index.catalog, graph)
    overview, blanked = _overview(index, view, progress, None if folder is None else folder / _CACHE)
    return Prepared(graph, view, overview, blanked)


def _graph(index: Index, progress: Progress) -> Graph:
    """Who is credited in what, split. Raises InputError where nothing is held out."""
    settings = index.settings
    small = len(index.catalog.scope_titles(settings.vectors)) < _SMALL
    split, left_out = (PairSplit(0.2, 0.2), LeftOutTitles(0.1)) if small else (PairSplit(), LeftOutTitles())
    graph = read_graph(index.catalog, settings.vectors, split, progress, left_out)
    if not len(graph.pairs("film->person").queries):
        raise InputError("no credit is held out: nobody in scope has three titles or more")
    return graph


def _overview(
    index: Index, view: TrainingView, progress: Progress, cache: Path | None
) -> tuple[tuple[Ints, Floats] | None, int]:
    """The index's overview vectors, those that name the held-out encoded anew; ``None`` without any."""
    encoder, stored = index.encoder, index.overviews
    if encoder is None or stored is None:
        return None, 0
    ids, rows, blanked = overview_vectors(view, *stored, encoder, progress, cache)
    return (ids, rows), blanked


def _trained(
    view: TrainingView,
    graph: Graph,
    settings: Settings,
    overview: tuple[Ints, Floats] | None,
    progress: Progress,
    most: int,
) -> Trained:
    from indexer.joint.training import embed_entities, train_joint

    with measured() as cost:
        space = train_joint(view, settings, progress, overview)
    vectors = Vectors(
        embed_entities(space, view, "title", graph.title_ids, progress),
        embed_entities(space, view, "person", graph.person_ids, progress),
    )
    found = Method(
        "joint space", {direction: vectors.scores(direction) for direction in DIRECTIONS}, knows_new=True
    )
    reached = evaluated(graph, found, most)
    told = asked(graph, "joint space, function said", space_roles(space.asking, vectors), most)
    rate = space.facts["credits"] / max(space.facts["cpu_s"], 0.1)
    return Trained(
        reached.name, reached.ranks, reached.left_out, "", cost.cpu_seconds,
        settings.seed, cost.seconds, cost.peak_mb, rate, told,
    )  # fmt: skip


def _ranked(view: TrainingView, graph: Graph, settings: Settings, progress: Progress, most: int) -> Reached:
    from evals.joint.ranker import ranked

    with measured() as cost:
        method = ranked(view, settings, progress)
    return evaluated(graph, method, most, cost.cpu_seconds)


def baselines(graph: Graph, progress: Progress, most: int = MOST) -> list[Reached]:
    """All baselines on the training pairs, tuned on validation pairs."""
    found = []
    with progress.task("joint: baselines", total=len(BASELINES), unit="methods") as task:
        for make in BASELINES:
            with measured() as cost:
                method = make(graph)
            found.append(evaluated(graph, method, most, cost.cpu_seconds))
            task.advance(1, note=method.name)
    return found


def evaluated(graph: Graph, method: Method, most: int = MOST, cpu_seconds: float = 0.0) -> Reached:
    """Ranks of the test pairs, and of those of titles left out where the method can say anything of them."""
    ranks = {
        way: ranks_by(method.scores[way], graph.pairs(way, most=most).both, graph.known(way))
        for way in DIRECTIONS
    }
    out = None
    if method.knows_new:
        whole = graph.pairs("film->person", LEFT_OUT, most)
        out = ranks_by(method.scores["film->person"], whole.both, graph.known("film->person"))
    return Reached(method.name, ranks, out, method.note, cpu_seconds)


def best(found: Sequence[Reached], direction: Direction) -> Reached:
    """The baseline with most test pairs within ten."""
    return max(found, key=lambda method: float(np.mean(method.ranks[direction] <= 10)))
