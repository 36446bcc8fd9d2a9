"""A joint space from a catalogue: fields, model and loop put together. Imports torch."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import torch

from indexer.errors import InputError
from indexer.fields.arrays import Floats, Ints
from indexer.fields.table import FieldSpec, specs
from indexer.joint.embedding import embed_entities
from indexer.joint.entities import Entities, EntitySource, Keep
from indexer.joint.identity import Identity
from indexer.joint.loop import Run, RunOptions
from indexer.joint.model import Model, Recipe
from indexer.joint.space import JointSpace
from indexer.joint.towers import Towers
from indexer.joint.validation import HoldingOut
from indexer.progress import Progress
from indexer.settings import Settings

__all__ = ["RunOptions", "embed_entities", "learn", "train_joint", "train_on", "use_threads"]

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # of glibc's malloc.h


def train_joint(
    catalog: EntitySource,
    settings: Settings,
    progress: Progress,
    overview: tuple[Ints, Floats] | None = None,
    *,
    keep: Keep | None = None,
    credit_fields: bool = True,
    options: RunOptions | None = None,
) -> JointSpace:
    """A joint space for the catalogue's titles and people in scope.

    overview: ids (N,) and vectors (N, k) of plots, where there are some. keep: which credits may be known
    (all; with ``settings.joint.validate`` some pairs of them are held out to watch).
    credit_fields: whether rows hold other entities' names and ids at all.
    options: where checkpoint, log and picture go (nowhere), and which processes take part.
    It runs on one thread unless the settings name more: a step is many small operations, which two threads
    make 1.3 times as fast for 1.4 times the processor time; and so machines with more cores give the same
    space where the minutes do not end it. The same seed and thread count give the same one.
    It ends early at ``settings.joint.max_minutes``, saying so.
    Raises InputError if nothing in scope has a credit, FormatMismatch for a checkpoint of another run.
    """
    options = options or RunOptions()
    held = HoldingOut(settings.seed, keep) if settings.joint.validate else None
    with use_threads(settings.threads or 1):
        entities = Entities.from_catalog(catalog, settings.vectors, progress, overview, held or keep)
        validation = held.validation(entities) if held else None
        return train_on(
            entities, settings, progress, credit_fields=credit_fields, validate=validation, options=options
        )


def train_on(
    entities: Entities,
    settings: Settings,
    progress: Progress,
    *,
    credit_fields: bool = True,
    validate: Callable[[Model], float] | None = None,
    options: RunOptions | None = None,
    recipe: Recipe | None = None,
) -> JointSpace:
    """``train_joint`` on entities already read; ``validate`` is what ``Run`` watches.

    recipe: other losses and fields than those that serve, for ablations; not part of a checkpoint's match.
    """
    if not len(entities.credits[0]):
        raise InputError("no title in scope has a credit: lower vectors.min_votes or import title.principals")
    options = options or RunOptions()
    size = None if entities.overview is None else entities.overview.shape[1]
    recipe = recipe or Recipe()
    lines = [line for line in specs(size, credits=credit_fields) if line.key not in recipe.without]
    width = settings.joint.width
    towers = Towers(lines, {line.key: line.make(width, _strings(line, entities)) for line in lines}, width)
    learn(towers, entities)
    model = Model(towers, entities, settings, recipe)
    identity = Identity.of(model.fields, entities, settings, options.processes.size)
    run = Run(model, settings, identity, validate, options)
    run.run(progress)
    space = JointSpace(towers, model.weights(), settings.joint, {"seed": settings.seed, **run.facts})
    space.entities = entities
    return space


def _strings(line: FieldSpec, entities: Entities) -> int | None:
    """How many different strings a text field's table has to tell apart; ``None`` for other fields."""
    pool = entities.pools.get(line.options.get("table", ""))
    return None if pool is None else len(pool)


@contextmanager
def use_threads(threads: int) -> Iterator[None]:
    """Let torch use so many threads meanwhile, and from now on give equal results for equal counts."""
    before = torch.get_num_threads()
    _keep_freed_memory()
    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(True, warn_only=True)
    # Memory that is about to be written needs no filling, which would cost 3 % of a step.
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _keep_freed_memory() -> None:
    """Tell glibc not to hand every large block back to the system: page faults cost more than the
    arithmetic.
    """
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        libc.mallopt(_M_MMAP_THRESHOLD, 1 << 25)
        libc.mallopt(_M_TRIM_THRESHOLD, 1 << 30)


def learn(towers: Towers, entities: Entities) -> None:
    """The statistics of every field that is not text; tables of text are learned from their pools."""
    for key, field in towers.fields.items():
        if key in entities.values:
            field.learn(entities.values[key])
        elif key == "title/overview" and entities.overview is not None:
            field.learn(row for row in entities.overview if np.isfinite(row[0]))
