"""Vectors of entities in bulk. Imports torch."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import torch

from indexer.fields.arrays import Batch, Flags, Floats, Ints
from indexer.fields.rows import Kind
from indexer.fields.torch_ops import TorchOps
from indexer.joint.borrowing import borrow
from indexer.joint.columns import Columns
from indexer.joint.entities import Entities, EntitySource
from indexer.joint.space import JointSpace
from indexer.progress import Progress
from indexer.settings import Settings

_EMBED_ROWS = 1024


def embed_entities(
    space: JointSpace,
    catalog: EntitySource,
    kind: Kind,
    ids: Iterable[int] | Ints,
    progress: Progress,
    *,
    entities: Entities | None = None,
    settings: Settings | None = None,
) -> Floats:
    """(N, D) float32 unit rows of the entities, whole rows; NaN rows for ids that are not in scope.

    The entities are those given, else the ones the space was trained on in this process, else read from the
    catalogue (without overview vectors). Those without a neighbour have the second half of those among them
    that are most like them (``borrow``).
    """
    settings = settings or Settings()
    known = entities or space.entities or Entities.from_catalog(catalog, settings.vectors, progress)
    columns = Columns(space.towers, known)
    places = known.places(kind, np.asarray(list(ids), np.int64))
    found = np.full((len(places), space.towers.joined_width), np.nan, np.float32)
    ops, inside = TorchOps(), np.flatnonzero(places >= 0)
    alone = np.zeros(len(places), np.bool_)
    weights = {name: torch.from_numpy(array.astype(np.float32)) for name, array in space.weights.items()}
    with progress.task(f"joint: embedding {kind} rows", total=len(inside)) as task, torch.no_grad():
        for start in range(0, len(inside), _EMBED_ROWS):
            at = inside[start : start + _EMBED_ROWS]
            rows = columns.whole(kind, places[at])
            alone[at] = ~_with_neighbours(space, kind, rows)
            batches = {key: batch.on(ops) for key, batch in rows.items()}
            found[at] = space.towers.joined(kind, batches, weights, ops).numpy()
            task.advance(len(at))
    return borrow(found, alone)


def _with_neighbours(space: JointSpace, kind: Kind, rows: dict[str, Batch]) -> Flags:
    """(B,) whether a row knows somebody in the graph of credits."""
    keys = [spec.key for spec, _ in space.towers.of(kind) if spec.neighbours]
    known = np.zeros(len(next(iter(rows.values())).present), np.bool_)
    for key in keys:
        known |= rows[key].present > 0
    return known
