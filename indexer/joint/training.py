"""Training of the joint space: one step, the loop, and bulk embedding. Imports torch."""

from __future__ import annotations

import ctypes
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from indexer.errors import InputError
from indexer.fields.arrays import Bag, Batch, Floats, Ints, TorchOps
from indexer.fields.rows import Kind
from indexer.fields.table import FieldSpec, specs
from indexer.fields.text import TextField
from indexer.joint.columns import Batches, Columns
from indexer.joint.entities import Entities, EntitySource, Keep
from indexer.joint.loss import info_nce
from indexer.joint.pairs import CreditPairs
from indexer.joint.space import JointSpace
from indexer.joint.towers import Towers
from indexer.progress import Progress, Task
from indexer.settings import Settings

_TABLE_RATE = 8.0  # tables learn faster than the dense weights by this factor
_ASKED = 1.5  # weight of the query-row losses beside that of the credits
_RECONSTRUCTED = 0.01
_DECODED_ROWS = 128  # rows of a batch that teach the decoders
_LEAST_STEPS = 60  # of a small catalogue, whose epochs would be few
_EMBED_ROWS = 1024
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # of glibc's malloc.h


def train_joint(
    catalog: EntitySource,
    settings: Settings,
    progress: Progress,
    overview: tuple[Ints, Floats] | None = None,
    *,
    keep: Keep | None = None,
    credit_fields: bool = True,
) -> JointSpace:
    """A joint space for the catalogue's titles and people in scope.

    overview: ids (N,) and vectors (N, k) of plots, where there are some. keep: which credits may be known
    (all).
    credit_fields: whether rows hold other entities' names; false where film -> person is evaluated.
    The same seed and thread count give the same space. It ends early at ``settings.joint.max_minutes``,
    saying so.
    Raises InputError if nothing in scope has a credit.
    """
    use_threads(settings.threads)
    entities = Entities.from_catalog(catalog, settings.vectors, progress, overview, keep)
    return train_on(entities, settings, progress, credit_fields=credit_fields)


def train_on(
    entities: Entities, settings: Settings, progress: Progress, *, credit_fields: bool = True
) -> JointSpace:
    """``train_joint`` on entities already read."""
    if not len(entities.credits[0]):
        raise InputError("no title in scope has a credit: lower vectors.min_votes or import title.principals")
    size = None if entities.overview is None else entities.overview.shape[1]
    lines = specs(size, credits=credit_fields)
    width = settings.joint.width
    towers = Towers(lines, {line.key: line.make(width, _strings(line, entities)) for line in lines}, width)
    learn(towers, entities)
    training = Training(towers, entities, settings)
    training.run(progress)
    space = JointSpace(towers, training.weights(), settings.joint, {"seed": settings.seed, **training.facts})
    space.entities = entities
    return space


def _strings(line: FieldSpec, entities: Entities) -> int | None:
    """How many different strings a text field's table has to tell apart; ``None`` for other fields."""
    pool = entities.pools.get(line.options.get("table", ""))
    return None if pool is None else len(pool)


def use_threads(threads: int) -> None:
    """Let torch use so many threads, all cores for 0, and give equal results for equal counts."""
    _keep_freed_memory()
    torch.set_num_threads(threads or os.cpu_count() or 1)
    torch.use_deterministic_algorithms(True, warn_only=True)


def _keep_freed_memory() -> None:
    """Tell glibc not to hand every large block back to the system: page faults cost more than the
    arithmetic.
    """
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        libc.mallopt(_M_MMAP_THRESHOLD, 1 << 25)
        libc.mallopt(_M_TRIM_THRESHOLD, 1 << 30)


@contextmanager
def _quick_products() -> Iterator[None]:
    """Matrix products through bf16 where the processor has it: twice as fast, and training does not mind."""
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("medium")
    try:
        yield
    finally:
        torch.set_float32_matmul_precision(before)


def learn(towers: Towers, entities: Entities) -> None:
    """The statistics of every field that is not text; tables of text are learned from their pools."""
    for key, field in towers.fields.items():
        if key in entities.values:
            field.learn(entities.values[key])
        elif key == "title/overview" and entities.overview is not None:
            field.learn(row for row in entities.overview if np.isfinite(row[0]))


@dataclass
class _Views:
    """The four views of one batch: whole titles and people, and query rows about each."""

    title: Batches
    person: Batches
    title_asked: Batches
    person_asked: Batches

    def all(self) -> list[Batches]:
        return [self.title, self.person, self.title_asked, self.person_asked]


class Training:
    """Weights, optimisers and data of one run."""

    def __init__(self, towers: Towers, entities: Entities, settings: Settings) -> None:
        self._towers, self._settings, self._joint = towers, settings, settings.joint
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._ops = TorchOps(self._device)
        self._columns = Columns(towers, entities)
        self._rng = np.random.default_rng(settings.seed)
        counts = (len(entities.ids["title"]), len(entities.ids["person"]))
        self._pairs = CreditPairs(*_sampled(entities.credits, self._joint.max_credits, self._rng), counts)
        self._ranks = (_rank(entities, "title"), _rank(entities, "person"))
        self._prepare_weights()
        self._nothing = torch.zeros(
            0, device=self._device
        )  # stands for a table whose bags are added up already
        self.facts: dict[str, Any] = {}

    def _prepare_weights(self) -> None:
        for field in self._towers.fields.values():
            if isinstance(field, TextField):
                field.learn_counts(*self._columns.counts(field.table))
        start = self._towers.initial(np.random.default_rng(self._settings.seed))
        self._table_names = {
            field.table for field in self._towers.fields.values() if isinstance(field, TextField)
        }
        tables = {name: self._ops.array(start.pop(name)) for name in sorted(self._table_names)}
        self._tables = {name: RowAdagrad(table) for name, table in tables.items()}
        self._dense = {name: self._ops.array(array).requires_grad_() for name, array in start.items()}
        self._adam = torch.optim.Adam(
            self._dense.values(), lr=self._joint.learning_rate, fused=False, foreach=True
        )

    def weights(self) -> dict[str, Floats]:
        """All weights as numpy arrays."""
        found = {name: tensor.detach().cpu().numpy() for name, tensor in self._dense.items()}
        return found | {name: table.rows.cpu().numpy() for name, table in self._tables.items()}

    def run(self, progress: Progress) -> None:
        """All epochs, or as many steps as the minutes allow; the learning rate falls to a twentieth on the
        way.
        """
        started, processor = time.monotonic(), time.process_time()
        epochs = self._epochs()
        total = len(self._pairs) * epochs
        done = 0
        with _quick_products(), progress.task("joint: training", total=total, unit="credits") as task:
            for epoch in range(epochs):
                self._columns.misspell(self._settings.seed + epoch)
                done = self._epoch(done, total, started, task)
        seconds = time.process_time() - processor
        self.facts = {
            "credits": done,
            "cpu_s": round(seconds, 1),
            "wall_s": round(time.monotonic() - started, 1),
        }
        rate = done / max(seconds, 1e-9)
        progress.say(
            f"joint: {done:,} of {total:,} credits in {seconds:.0f} processor seconds ({rate:,.0f} a second)"
        )

    def _batch(self) -> int:
        """The batch as set, smaller where the whole catalogue would fill only a few."""
        return min(self._joint.batch, max(len(self._pairs) // 8, 64))

    def _epochs(self) -> int:
        """The epochs as set, more where they are few steps: a sample learns in seconds anyway."""
        return max(self._joint.epochs, -(-_LEAST_STEPS * self._batch() // len(self._pairs)))

    def _epoch(self, done: int, total: int, started: float, task: Task) -> int:
        limit = self._joint.max_minutes * 60
        for titles, people in self._pairs.batches(self._batch(), self._rng, self._ranks):
            spent = time.monotonic() - started
            if spent > limit:
                break
            share = _progress(done / total, spent / limit)
            losses = self._step(titles, people, max(1.0 - share, 0.05))
            done += len(titles)
            task.advance(len(titles), note=" ".join(f"{name} {value:.3f}" for name, value in losses.items()))
        return done

    def _step(self, titles: Ints, people: Ints, rate: float) -> dict[str, float]:
        views = self._views(titles, people)
        self._use_tables(views)
        losses = self._losses(views, titles, people, self._dense | dict.fromkeys(self._tables, self._nothing))
        total = (
            losses["credits"]
            + _ASKED * (losses["titles"] + losses["people"])
            + _RECONSTRUCTED * losses["fields"]
        )
        for group in self._adam.param_groups:
            group["lr"] = self._joint.learning_rate * rate
        self._adam.zero_grad(set_to_none=True)
        torch.autograd.backward(total)
        self._adam.step()
        for table in self._tables.values():
            table.step(self._joint.learning_rate * rate * _TABLE_RATE)
        return {name: float(loss.detach()) for name, loss in losses.items()}

    def _views(self, titles: Ints, people: Ints) -> _Views:
        columns, rng = self._columns, self._rng
        return _Views(
            columns.seen("title", titles, rng),
            columns.seen("person", people, rng),
            columns.asked("title", titles, rng),
            columns.asked("person", people, rng),
        )

    def _use_tables(self, views: _Views) -> None:
        """Add up all bags of each table in one call, over the distinct rows that the batch needs.

        One call a field would make a gradient as large as those rows for every field.
        """
        for name, table in self._tables.items():
            slots = [
                (view, key, bag) for view in views.all() for key, bag in view.items() if _uses(bag, name)
            ]
            bags = [bag for _, _, bag in slots if isinstance(bag, Bag)]
            if not bags:
                continue
            ids = np.concatenate([bag.ids for bag in bags])
            part = table.use(ids)
            first = np.cumsum([0, *(len(bag.ids) for bag in bags[:-1])])
            starts = np.concatenate([bag.starts + at for bag, at in zip(bags, first, strict=True)])
            merged = Bag(name, self._tensor(table.place[ids]), self._tensor(starts), None)
            sums = self._ops.bag(part, merged).split([len(bag.starts) for bag in bags])
            for (view, key, _), bag, own in zip(slots, bags, sums, strict=True):
                view[key] = replace(bag, sums=own)

    def _losses(
        self, views: _Views, titles: Ints, people: Ints, weights: dict[str, Tensor]
    ) -> dict[str, Tensor]:
        title, person = (
            self._encode("title", views.title, weights),
            self._encode("person", views.person, weights),
        )
        asked_title = self._encode("title", views.title_asked, weights)
        asked_person = self._encode("person", views.person_asked, weights)
        log_q = (
            self._tensor(self._pairs.log_q_titles[titles]),
            self._tensor(self._pairs.log_q_people[people]),
        )
        heat = self._joint.temperature
        return {
            "credits": info_nce(
                title, person, self._tensor(self._pairs.credited(titles, people)), heat, log_q
            ),
            "titles": info_nce(asked_title, title, self._tensor(titles[:, None] == titles), heat),
            "people": info_nce(asked_person, person, self._tensor(people[:, None] == people), heat),
            "fields": self._reconstruction(titles, title, "title", weights)
            + self._reconstruction(people, person, "person", weights),
        }

    def _reconstruction(self, places: Ints, latent: Tensor, kind: Kind, weights: dict[str, Tensor]) -> Tensor:
        few = places[:_DECODED_ROWS]
        whole, latent = self._columns.whole(kind, few), self._towers.latent(latent[: len(few)])
        losses = [
            field.loss(latent, _on(whole[spec.key], self._ops), weights, self._ops)
            for spec, field in self._towers.of(kind)
            if spec.reconstructed
        ]
        return torch.stack(losses).sum()

    def _encode(self, kind: Kind, batches: Batches, weights: dict[str, Tensor]) -> Tensor:
        found: Tensor = self._towers.encode(
            kind, {key: batch.on(self._ops) for key, batch in batches.items()}, weights, self._ops
        )
        return found

    def _tensor(self, values: np.typing.NDArray[Any]) -> Tensor:
        found: Tensor = self._ops.array(values)
        return found


class RowAdagrad:
    """A table (V, D) of which each step uses and moves few rows (Duchi et al. 2011, one scale a row)."""

    def __init__(self, rows: Tensor) -> None:
        self.rows = rows
        self.place = np.zeros(len(rows), np.int64)  # where a row stands among those in use
        self._squares = torch.full((len(rows),), 1e-6, device=rows.device)
        self._used: tuple[Tensor, Tensor] | None = None

    def use(self, ids: Ints) -> Tensor:
        """The (U, D) distinct rows of ``ids``, to be differentiated; ``place`` then maps ids to them."""
        wanted = np.zeros(len(self.place), np.bool_)
        wanted[ids] = True
        distinct = np.flatnonzero(wanted)
        self.place[distinct] = np.arange(len(distinct))
        at = torch.from_numpy(distinct).to(self.rows.device)
        part = self.rows[at].requires_grad_()
        self._used = (at, part)
        return part

    def step(self, rate: float) -> None:
        """Move the rows in use against their gradients."""
        if self._used is None or self._used[1].grad is None:
            return
        at, part = self._used
        gradient = part.grad
        assert gradient is not None  # noqa: S101 - seen above
        squares = self._squares[at] + gradient.square().mean(1)
        self._squares[at] = squares
        self.rows[at] = part.detach() - rate * gradient / squares.sqrt()[:, None]
        self._used = None


def _progress(done: float, spent: float) -> float:
    """How far a run is, 0-1. The clock counts only where time runs out first, so that others reproduce."""
    return spent if spent > done + 0.05 else done


def _uses(batch: object, table: str) -> bool:
    return isinstance(batch, Bag) and batch.table == table


def _on(batch: Batch, ops: TorchOps) -> Batch:
    """Targets for the decoders: fields count a bag's ids in numpy, so only the rest goes to the device."""
    return replace(batch, present=ops.array(batch.present)) if isinstance(batch, Bag) else batch.on(ops)


def _sampled(credits: tuple[Ints, Ints], most: int, rng: np.random.Generator) -> tuple[Ints, Ints]:
    titles, people = credits
    if len(titles) <= most:
        return titles, people
    chosen = np.sort(rng.choice(len(titles), most, replace=False))
    return titles[chosen], people[chosen]


def _rank(entities: Entities, kind: Kind) -> Ints:
    """The place of each entity in the order of names."""
    if kind == "person":
        names: Iterable[str] = entities.pools["names"]
    else:
        first = entities.lists["title/title"]
        names = (entities.pools["titles"][at] for at in first.ids[first.starts[:-1]])
    order = np.argsort(np.array(list(names), dtype=object), kind="stable")
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return rank


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
    catalogue (without overview vectors).
    """
    settings = settings or Settings()
    known = entities or space.entities or Entities.from_catalog(catalog, settings.vectors, progress)
    columns = Columns(space.towers, known)
    places = known.places(kind, np.asarray(list(ids), np.int64))
    found = np.full((len(places), space.width), np.nan, np.float32)
    ops, inside = TorchOps(), np.flatnonzero(places >= 0)
    weights = {name: torch.from_numpy(array.astype(np.float32)) for name, array in space.weights.items()}
    with progress.task(f"joint: embedding {kind} rows", total=len(inside)) as task, torch.no_grad():
        for start in range(0, len(inside), _EMBED_ROWS):
            at = inside[start : start + _EMBED_ROWS]
            batches = {key: batch.on(ops) for key, batch in columns.whole(kind, places[at]).items()}
            found[at] = space.towers.encode(kind, batches, weights, ops).numpy()
            task.advance(len(at))
    return found
