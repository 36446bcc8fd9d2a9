"""The model of the joint space while it learns: its weights and one step on a batch. Imports torch.

The loop (``indexer.joint.loop``) knows it by ``credits``, ``rng``, ``epoch``, ``step``, ``weights`` and
``state`` / ``load_state`` alone, validation by ``embed``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor

from indexer.fields.arrays import Bag, Batch, Floats, Ints
from indexer.fields.rows import Kind
from indexer.fields.text import TextField
from indexer.fields.torch_ops import TorchOps
from indexer.joint.columns import Batches, Columns
from indexer.joint.entities import ROLES, Entities
from indexer.joint.loss import info_nce
from indexer.joint.pairs import CreditPairs, equal
from indexer.joint.row_adagrad import RowAdagrad, RowExchange
from indexer.joint.towers import Towers
from indexer.settings import Settings

_TABLE_RATE = 8.0  # tables learn faster than the dense weights by this factor
_ID_RATE = 60.0  # and rows of single entities, which few credits move, by this one
_DECODED_ROWS = 96  # rows of a batch that teach the decoders
_PLENTY = 100_000  # credits, of which the steps teach decoders of one kind at a time
_EMBED_ROWS = 1024
_ADAM = ("exp_avg", "exp_avg_sq", "step")


@dataclass(frozen=True)
class Recipe:
    """What a step learns from, and how much each part weighs beside the credits' own loss of 1.

    asked: query rows find their entity. reconstructed: a vector tells the fields it was made of. neighbours:
    second halves find missing credits. hidden: the credit to be found is not shown among the neighbours.
    left_open: share of credit queries that name no role. misspelt: query rows have slips. alike: batches hold
    names that are easily mistaken. popularity: how often an entity is drawn is taken off (log-Q).
    without: keys of fields that rows lack.
    """

    asked: float = 1.5
    reconstructed: float = 0.01
    neighbours: float = 1.0
    hidden: bool = True
    left_open: float = 0.4
    misspelt: bool = True
    alike: bool = True
    popularity: bool = True
    without: tuple[str, ...] = ()


State = dict[str, np.typing.NDArray[Any]]


class Exchange(RowExchange, Protocol):
    """How the processes of one run agree on gradients."""

    def dense(self, weights: list[Tensor]) -> None:
        """Give each weight the mean of its gradients in all processes, none where none has one."""


@dataclass
class _Views:
    """The four views of one batch: whole titles and people, and query rows about each."""

    title: Batches
    person: Batches
    title_asked: Batches
    person_asked: Batches

    def all(self) -> list[Batches]:
        return [self.title, self.person, self.title_asked, self.person_asked]


class Model:
    """Weights, optimisers and data of one run."""

    def __init__(
        self, towers: Towers, entities: Entities, settings: Settings, recipe: Recipe | None = None
    ) -> None:
        self._towers, self._settings, self._joint = towers, settings, settings.joint
        self._recipe = recipe or Recipe()
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._ops = TorchOps(self._device)
        self._columns = Columns(towers, entities)
        self.rng = np.random.default_rng(settings.seed)  # of all that is drawn; part of the state
        counts = (len(entities.ids["title"]), len(entities.ids["person"]))
        chosen = _sampled(entities, self._joint.max_credits, self.rng)
        self._pairs = CreditPairs(*chosen[:2], counts, chosen[2])
        self._ranks = (_rank(entities, "title"), _rank(entities, "person"))
        self._prepare_weights()
        self._nothing = torch.zeros(
            0, device=self._device
        )  # stands for a table whose bags are added up already

    @property
    def credits(self) -> int:
        """True pairs in one epoch."""
        return len(self._pairs)

    def _prepare_weights(self) -> None:
        for field in self._towers.fields.values():
            if isinstance(field, TextField):
                field.learn_counts(*self._columns.counts(field.table))
        start = self._towers.initial(np.random.default_rng(self._settings.seed))
        self._table_names = {
            field.table for field in self._towers.fields.values() if isinstance(field, TextField)
        }
        tables = {name: self._ops.array(start.pop(name)) for name in sorted(self._table_names)}
        whole = {
            field.table
            for field in self._towers.fields.values()
            if isinstance(field, TextField) and field.units == "whole"
        }
        self._tables = {name: RowAdagrad(table, ids=name in whole) for name, table in tables.items()}
        self._dense = {name: self._ops.array(array).requires_grad_() for name, array in start.items()}
        self._adam: torch.optim.Adam = torch.optim.Adam(
            self._dense.values(), lr=self._joint.learning_rate, fused=True
        )

    def weights(self) -> dict[str, Floats]:
        """All weights as numpy arrays."""
        found = {name: tensor.detach().cpu().numpy() for name, tensor in self._dense.items()}
        return found | {name: table.rows.cpu().numpy() for name, table in self._tables.items()}

    def state(self) -> State:
        """All that a step changes but ``rng``: weights, Adam's moments, the tables' sums of squares."""
        found: State = {f"weights/{name}": array for name, array in self.weights().items()}
        for name, tensor in self._dense.items():
            moments = self._adam.state.get(tensor, {})
            found |= {f"adam/{name}/{part}": moments[part].cpu().numpy() for part in _ADAM if part in moments}
        return found | {
            f"squares/{name}": table.squares.cpu().numpy() for name, table in self._tables.items()
        }

    def embed(self, kind: Kind, places: Ints) -> Floats:
        """(N, D) unit rows of whole entities by place, with the weights as they are now."""
        weights = self._dense | {name: table.rows for name, table in self._tables.items()}
        found = np.zeros((len(places), self._towers.joined_width), np.float32)
        with torch.no_grad():
            for start in range(0, len(places), _EMBED_ROWS):
                rows = self._columns.whole(kind, places[start : start + _EMBED_ROWS])
                batches = {key: batch.on(self._ops) for key, batch in rows.items()}
                vectors = self._towers.joined(kind, batches, weights, self._ops)
                found[start : start + _EMBED_ROWS] = vectors.cpu().numpy()
        return found

    @property
    def fields(self) -> list[dict[str, Any]]:
        """The configuration of every field: the field table."""
        return [self._towers.fields[spec.key].configuration() for spec in self._towers.specs]

    def load_state(self, state: Mapping[str, np.typing.NDArray[Any]]) -> None:
        """Go on from what ``state`` of a model of the same fields returned."""
        with torch.no_grad():
            for name, tensor in self._dense.items():
                tensor.copy_(self._tensor(state[f"weights/{name}"]))
                moments = {part: state.get(f"adam/{name}/{part}") for part in _ADAM}
                self._adam.state.pop(tensor, None)
                if moments["step"] is not None:
                    self._adam.state[tensor] = _moments(moments, self._device)
            for name, table in self._tables.items():
                table.rows.copy_(self._tensor(state[f"weights/{name}"]))
                table.squares.copy_(self._tensor(state[f"squares/{name}"]))

    def epoch(self, number: int, size: int) -> Iterator[tuple[Ints, Ints]]:
        """The batches of one epoch, (B,) titles and (B,) people by place, and new slips of the finger.

        All that is random in them is drawn from ``rng`` before the first batch comes: a run that goes on in
        the middle of an epoch passes over the batches it has had.
        """
        if self._recipe.misspelt:
            self._columns.misspell(self._settings.seed + number)
        return self._pairs.batches(size, self.rng, self._ranks if self._recipe.alike else None)

    def step(
        self, titles: Ints, people: Ints, rate: float, exchange: Exchange | None = None
    ) -> dict[str, float]:
        """Learn from one batch; the losses in nats. ``rate`` is a share of the learning rate, 0-1."""
        views = self._views(titles, people)
        self._use_tables(views)
        losses = self._losses(views, titles, people, self._dense | dict.fromkeys(self._tables, self._nothing))
        recipe = self._recipe
        total = (
            losses["credits"]
            + recipe.neighbours * losses["neighbours"]
            + recipe.asked * (losses["titles"] + losses["people"])
            + recipe.reconstructed * losses["fields"]
        )
        self._adam.zero_grad(set_to_none=True)
        torch.autograd.backward(total)
        self._move(self._joint.learning_rate * rate, exchange)
        return {name: float(loss.detach()) for name, loss in losses.items()}

    def _move(self, rate: float, exchange: Exchange | None) -> None:
        """Let the optimisers move the weights, against the mean gradients of all processes if several."""
        if exchange is not None:
            exchange.dense(list(self._dense.values()))
        for group in self._adam.param_groups:
            group["lr"] = rate
        self._adam.step()
        for table in self._tables.values():
            table.step(rate * (_ID_RATE if table.ids else _TABLE_RATE), exchange)

    def _views(self, titles: Ints, people: Ints) -> _Views:
        columns, rng = self._columns, self.rng
        half = _asked(len(titles))
        return _Views(
            columns.seen("title", titles, rng, people if self._recipe.hidden else None),
            columns.seen("person", people, rng, titles if self._recipe.hidden else None),
            columns.asked("title", titles[:half], rng),
            columns.asked("person", people[:half], rng),
        )

    def _use_tables(self, views: _Views) -> None:
        """Add up all bags of each table in one call."""
        for name, table in self._tables.items():
            slots = [
                (view, key, bag)
                for view in views.all()
                for key, bag in view.items()
                if isinstance(bag, Bag) and bag.table == name
            ]
            for (view, key, _), bag in zip(slots, table.use([bag for _, _, bag in slots]), strict=True):
                view[key] = bag

    def _losses(
        self, views: _Views, titles: Ints, people: Ints, weights: dict[str, Tensor]
    ) -> dict[str, Tensor]:
        title, person = (
            self._encode("title", views.title, weights),
            self._encode("person", views.person, weights),
        )
        asked_title = self._encode("title", views.title_asked, weights)
        asked_person = self._encode("person", views.person_asked, weights)
        half, heat = len(asked_title), self._joint.temperature
        known, log_q = self._tensor(self._pairs.credited(titles, people)), self._often(titles, people)
        same_title, same_person = equal(titles[:half], titles), equal(people[:half], people)
        return {
            "credits": self._credits(known, log_q, title, person),
            "neighbours": self._credits(known, log_q, *self._surroundings(titles, people, views, weights)),
            "titles": info_nce(asked_title, title, self._tensor(same_title), heat),
            "people": info_nce(asked_person, person, self._tensor(same_person), heat),
            "fields": self._reconstruction(titles, title, people, person, weights),
        }

    def _credits(
        self,
        known: Tensor,
        log_q: tuple[Tensor, Tensor],
        title: Tensor,
        person: Tensor,
        by_title: Tensor | None = None,
        by_person: Tensor | None = None,
    ) -> Tensor:
        """Titles find their people and people their titles, (B, W) each.

        known: (2, M) places of true pairs. log_q: (B,) of titles, of people. by_title, by_person: what titles
        and people are as queries, where that is not the same.
        """
        heat = self._joint.temperature
        there = info_nce(title if by_title is None else by_title, person, known, heat, log_q[1])
        back = info_nce(person if by_person is None else by_person, title, known.flip(0), heat, log_q[0])
        return 0.5 * (there + back)

    def _often(self, titles: Ints, people: Ints) -> tuple[Tensor, Tensor]:
        """(B,) the log of how often each title, and each person, is drawn; zeros where that is left out."""
        weight = float(self._recipe.popularity)
        pairs = self._pairs
        return (
            self._tensor(pairs.log_q_titles[titles]) * weight,
            self._tensor(pairs.log_q_people[people]) * weight,
        )

    def _surroundings(
        self, titles: Ints, people: Ints, views: _Views, weights: dict[str, Tensor]
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """The second halves (B, W) of titles and people, and both as queries, their role said or left open.

        Neither shows the credit of its pair, so that what they learn finds the ones that are missing.
        """
        title, person = (
            self._second("title", views.title, weights),
            self._second("person", views.person, weights),
        )
        roles = np.eye(len(ROLES), dtype=np.float32)[self._pairs.roles_of(titles, people)]
        said = self._tensor(
            roles * (self.rng.random((len(titles), 1)) > self._recipe.left_open).astype(np.float32)
        )
        by_title = self._towers.asking("title", title, said, weights, self._ops)
        return title, person, by_title, self._towers.asking("person", person, said, weights, self._ops)

    def _second(self, kind: Kind, batches: Batches, weights: dict[str, Tensor]) -> Tensor:
        found: Tensor = self._towers.surroundings(
            kind, {key: batch.on(self._ops) for key, batch in batches.items()}, weights, self._ops
        )
        return found

    def _reconstruction(
        self, titles: Ints, title: Tensor, people: Ints, person: Tensor, weights: dict[str, Tensor]
    ) -> Tensor:
        """What the vectors do not tell of their fields; where steps are plenty of one kind alone, drawn anew
        each step and counted double.

        Both would be an eighth of a step, and of many steps half are enough for the decoders.
        """
        parts: dict[Kind, tuple[Ints, Tensor]] = {"title": (titles, title), "person": (people, person)}
        kinds = list(parts)
        if self.credits >= _PLENTY:
            kinds = [kinds[int(self.rng.random() >= 0.5)]]
        told = [self._untold(kind, *parts[kind], weights) for kind in kinds]
        return torch.stack(told).mean() * len(parts)

    def _untold(self, kind: Kind, places: Ints, latent: Tensor, weights: dict[str, Tensor]) -> Tensor:
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


def _moments(found: Mapping[str, Any], device: str) -> dict[str, Tensor]:
    """Adam's state of one weight."""
    return {part: torch.from_numpy(np.array(array)).to(device) for part, array in found.items()}


def _asked(rows: int) -> int:
    """How many of a batch's rows are asked for: a third of them, since each entity is in many batches."""
    return rows // 3 + 1


def _on(batch: Batch, ops: TorchOps) -> Batch:
    """Targets for the decoders: fields count a bag's ids in numpy, so only the rest goes to the device."""
    return replace(batch, present=ops.array(batch.present)) if isinstance(batch, Bag) else batch.on(ops)


def _sampled(entities: Entities, most: int, rng: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    """Titles, people and roles of the credits, at most so many."""
    titles, people = entities.credits
    if len(titles) <= most:
        return titles, people, entities.roles
    chosen = np.sort(rng.choice(len(titles), most, replace=False))
    return titles[chosen], people[chosen], entities.roles[chosen]


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
