"""Encoders of text taught alike: a misspelt name is to find the name that was meant among ten thousand.

Each learns from other names of the catalogue for the same processor time, by the loss that the joint space
uses (the misspelt name beside the right one, other names of the batch as negatives). Imports torch.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from evals.stats import SEED, share
from evals.tables import Line, Table
from indexer.catalog.catalog import Catalog
from indexer.errors import InputError
from indexer.fields.arrays import Bag, Csr, Floats, Ints, NumpyOps, Weights
from indexer.fields.convolution import ConvolutionField
from indexer.fields.strings import StringsField
from indexer.fields.text import TextField
from indexer.fields.torch_ops import TorchOps
from indexer.index import Index
from indexer.joint.loss import info_nce
from indexer.joint.noise import misspell_all
from indexer.joint.row_adagrad import RowAdagrad
from indexer.progress import Progress
from indexer.text import fold

_WIDTH = 128
_HASHES = 1 << 15
_RATE = 0.003
_TEMPERATURE = 0.07
_CHUNK = 2_000
_TABLE = "names"

ENCODERS: dict[str, Callable[[], StringsField]] = {
    "hashed 3-grams and words": lambda: TextField("person/person", _WIDTH, _TABLE, hashes=_HASHES),
    "word pieces": lambda: TextField("person/person", _WIDTH, _TABLE, hashes=_HASHES, units="pieces"),
    "3-grams, words and pieces": lambda: TextField(
        "person/person", _WIDTH, _TABLE, hashes=_HASHES, units="both"
    ),
    "convolution": lambda: ConvolutionField("person/person", _WIDTH, _TABLE),
}


@dataclass(frozen=True)
class Size:
    """Candidate names, misspelt ones that are asked, names that teach, and the processor seconds of each."""

    candidates: int = 10_000
    queries: int = 2_000
    teaching: int = 60_000
    seconds: float = 10.0
    batch: int = 512


@dataclass(frozen=True)
class Names:
    """Folded names: the candidates, what is asked with the candidates' places, and others to learn from."""

    candidates: Sequence[str]
    asked: Sequence[str]
    places: Ints
    teaching: Sequence[str]

    @classmethod
    def of(cls, catalog: Catalog, size: Size, seed: int = SEED) -> Names:
        """Different names of people and titles, shuffled. Raises InputError for fewer than four names."""
        streams = (catalog.iter_people_names(), catalog.iter_names("title"))
        every = sorted({fold(name) for stream in streams for _, name in stream} - {""})
        if len(every) < 4:
            raise InputError(
                f"the catalogue has {len(every)} names: at least 4 are needed to compare encoders"
            )
        rng = np.random.default_rng(seed)
        names = [every[place] for place in rng.permutation(len(every))[: size.candidates + size.teaching]]
        cut = len(names) * size.candidates // (size.candidates + size.teaching)
        cut = max(cut, 2)
        places = rng.permutation(cut)[: size.queries]
        return cls(
            names[:cut], misspell_all([names[at] for at in places], "names", seed), places, names[cut:]
        )


def run(index: Index, progress: Progress, size: Size | None = None, seeds: int = 1) -> Table:
    """Two lines for each encoder, hits at 1 and at 10, over the names asked with every seed."""
    size = size or Size()
    firsts: dict[str, list[int]] = {}
    notes: dict[str, str] = {}
    for seed in range(seeds):
        names = Names.of(index.catalog, size, SEED + seed)
        for name, encoder in ENCODERS.items():
            progress.say(f"fields: {name}, seed {seed}")
            taught = Taught(encoder(), names.teaching, SEED + seed)
            steps = taught.learn(size)
            firsts.setdefault(name, []).extend(ranks(taught, names))
            notes[name] = f"{steps} steps, {taught.parameters() / 1e6:.1f} million weights"
        untaught = Taught(ENCODERS["hashed 3-grams and words"](), names.teaching, SEED + seed)
        firsts.setdefault("the same, untaught", []).extend(ranks(untaught, names))
    lines = [
        Line(f"{name}: hit@{top}", share([rank < top for rank in found]), note=notes.get(name, ""))
        for name, found in firsts.items()
        for top in (1, 10)
    ]
    note = f"  {size.candidates:,} names, {size.seconds:.0f} s of processor time each, {seeds} seeds"
    return Table("fields: encoders of text", lines, note)


class Taught:
    """One encoder with its weights; texts are cut into ids once."""

    def __init__(self, field: StringsField, teaching: Sequence[str], seed: int) -> None:
        self._field, self._teaching, self._seed = field, teaching, seed
        self._rng, self._ops = np.random.default_rng(seed), TorchOps()
        field.learn(teaching)
        start = field.initial(np.random.default_rng(seed))
        used = {name: array for name, array in start.items() if not name.startswith(field.name)}
        self._table = (
            RowAdagrad(torch.from_numpy(used.pop(field.table))) if isinstance(field, TextField) else None
        )
        self._dense = {name: torch.from_numpy(array).requires_grad_() for name, array in used.items()}
        self._adam = torch.optim.Adam(self._dense.values(), lr=_RATE) if self._dense else None

    def parameters(self) -> int:
        """How many numbers were taught."""
        table = 0 if self._table is None else self._table.rows.numel()
        return table + sum(tensor.numel() for tensor in self._dense.values())

    def learn(self, size: Size) -> int:
        """Steps until the processor time is spent; how many these were."""
        clean = self._field.pool(self._teaching)
        noisy = self._field.pool(misspell_all(self._teaching, "names", self._seed + 1))
        started, steps = time.thread_time(), 0
        while (spent := time.thread_time() - started) < size.seconds:
            at = self._rng.choice(len(clean), min(size.batch, len(clean)), replace=False)
            self._step([noisy.take(at), clean.take(at)], max(1 - spent / size.seconds, 0.05))
            steps += 1
        return steps

    def _step(self, lists: list[Csr], rate: float) -> None:
        bags = [Bag.of(self._field.table, part) for part in lists]
        weights = self._dense
        if self._table is not None:  # of a table a step uses and moves only the rows that it names
            bags, weights = self._table.use(bags), {**weights, self._field.table: self._table.rows}
        asked, meant = (self._field.encode(bag.on(self._ops), weights, self._ops) for bag in bags)
        loss = info_nce(asked, meant, torch.zeros(2, 0, dtype=torch.int64), _TEMPERATURE)
        self._move(loss, rate)

    def _move(self, loss: Tensor, rate: float) -> None:
        if self._adam is not None:
            self._adam.param_groups[0]["lr"] = _RATE * rate
            self._adam.zero_grad()
        torch.autograd.backward(loss)
        if self._adam is not None:
            self._adam.step()
        if self._table is not None:
            self._table.step(8 * _RATE * rate)

    def encode(self, texts: Sequence[str]) -> Floats:
        """(N, D) unit rows of folded names."""
        weights: Weights = {name: tensor.detach().numpy() for name, tensor in self._dense.items()}
        if self._table is not None:
            weights = {**weights, self._field.table: self._table.rows.numpy()}
        parts = [
            self._field.encode(
                Bag.of(self._field.table, self._field.pool(texts[at : at + _CHUNK])), weights, NumpyOps()
            )
            for at in range(0, len(texts), _CHUNK)
        ]
        return np.concatenate(parts).astype(np.float32)


def ranks(taught: Taught, names: Names) -> list[int]:
    """How many candidates are more like each asked name than the one that was meant, 0 for the best."""
    candidates, asked = taught.encode(names.candidates), taught.encode(names.asked)
    likeness = asked @ candidates.T  # (Q, C)
    meant = likeness[np.arange(len(asked)), names.places]
    found: list[int] = (likeness > meant[:, None]).sum(1).tolist()
    return found
