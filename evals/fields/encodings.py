"""Numbers on a scale or digit by digit: year, runtime and rating predicted from the same frozen vectors.

Each encoding is the decoder of its field on one small hidden layer; the titles, their split, the layer, the
steps and the seeds are the same for all of them. Imports torch.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch

from evals.stats import SEED
from evals.tables import Line, Table
from indexer.catalog.records import Title
from indexer.fields.arrays import Bag, Batch, Floats, Ints, Weights
from indexer.fields.base import Field, linear
from indexer.fields.numbers import NumericDigitCategoryField
from indexer.fields.scalar import ScalarField, Scale
from indexer.fields.torch_ops import TorchOps
from indexer.index import Index
from indexer.progress import Progress

_STUDENT = {2: 12.706, 3: 4.303, 4: 3.182, 5: 2.776, 6: 2.571, 8: 2.365, 10: 2.262}  # t, 95 %, of n seeds
_HIDDEN = 64
_RATE = 0.005
_BATCH = 256
_DECAY = 3.0  # of the weights: three hundred numbers in, and plots say little of a runtime
_SCALES: tuple[Scale, ...] = ("none", "standardise", "min-max", "log")


@dataclass(frozen=True)
class Size:
    """How much is compared; the defaults take about two minutes on one thread."""

    train: int = 16_000
    test: int = 4_000
    steps: int = 400
    seeds: int = 5


@dataclass(frozen=True)
class Target:
    """A number to predict: its unit, and the whole and fraction digits that it has in base 10."""

    name: str
    unit: str
    digits: int
    fraction_digits: int
    of: Callable[[Title], int | float | None]

    def value(self, title: Title) -> float | None:
        """The title's number; ``None`` where it is unknown or needs more digits."""
        number = self.of(title)
        return None if number is None or number >= 10**self.digits else number

    def numbers(self, titles: Sequence[Title]) -> Ints:
        """(N,) the titles' numbers in units of the last place."""
        return np.array([round(10**self.fraction_digits * (self.value(title) or 0)) for title in titles])

    def encodings(self) -> dict[str, Field]:
        """Every way to encode it, by name; each takes the number in units of the last place."""
        places = self.digits + self.fraction_digits
        bits = (10**places - 1).bit_length()
        return {
            **{f"scalar, {scale}": ScalarField(self.name, _HIDDEN, scale=scale) for scale in _SCALES},
            "digits, base 10": NumericDigitCategoryField(self.name, _HIDDEN, digits=places),
            "digits, base 2": NumericDigitCategoryField(self.name, _HIDDEN, digits=bits, base=2),
        }


TARGETS = (
    Target("year", "years", 4, 0, lambda title: title.year),
    Target("runtime", "min", 3, 0, lambda title: title.runtime),
    Target("rating", "points", 2, 1, lambda title: title.rating),
)


@dataclass(frozen=True)
class Split:
    """Standardised vectors (N, k) and numbers (N,) in units of the last place; the first ``train`` teach."""

    inputs: Floats
    numbers: Ints
    train: int

    def test(self) -> tuple[Floats, Ints]:
        """Those that do not teach."""
        return self.inputs[self.train :], self.numbers[self.train :]


@dataclass
class Scores:
    """Of one encoding, one for each seed: the mean error in units of the last place, and the share of exact
    ones in per cent.
    """

    errors: list[float] = field(default_factory=list)
    exact: list[float] = field(default_factory=list)

    def add(self, said: Sequence[Any], true: Ints) -> None:
        """One probe's numbers beside the true ones."""
        numbers = np.array(said, np.float64)
        self.errors.append(float(np.abs(numbers - true).mean()))
        self.exact.append(100 * float((np.rint(numbers) == true).mean()))


def run(index: Index, progress: Progress, size: Size | None = None) -> Table:
    """A line for each number, encoding and kind of vector; no lines for an index without vectors."""
    size = size or Size()
    lines: list[Line] = []
    for collection, rows, titles in _inputs(index, size):
        for target in TARGETS:
            progress.say(f"fields: {target.name} from {collection}")
            split = Split(rows, target.numbers(titles), len(titles) * size.train // (size.train + size.test))
            lines += compared(f"{target.name} from {collection}", target, split, size)
    note = f"""\
  {size.seeds} seeds, {size.steps} steps of {_BATCH}; mean error, less is better; intervals: Student's t over
  seeds; baselines: the median for the error, the most common number for exact ones"""
    return Table("fields: scalar or digits", lines, note)


def _inputs(index: Index, size: Size) -> Iterator[tuple[str, Floats, list[Title]]]:
    """Names, vectors (N, k) of titles whose numbers are all known, and the titles."""
    vectors = index.vectors
    for collection, name in (("overviews", "overviews"), ("titles", "joint vectors")):
        if vectors is None or collection not in vectors:
            continue
        ids = np.random.default_rng(SEED).permutation(vectors.ids(collection))[: 3 * (size.train + size.test)]
        known = [
            title
            for title in index.catalog.titles(ids.tolist()).values()
            if all(target.value(title) is not None for target in TARGETS)
        ][: size.train + size.test]
        if len(known) > 1:
            rows = vectors.rows(collection, [title.id for title in known]).astype(np.float32)
            yield name, (rows - rows.mean(0)) / (rows.std(0) + 1e-6), known


def compared(what: str, target: Target, split: Split, size: Size) -> list[Line]:
    """A line for each encoding of one number."""
    unit = 10**target.fraction_digits
    true = split.test()[1]
    median = float(np.abs(true - np.median(split.numbers[: split.train])).mean()) / unit
    common = Counter(split.numbers[: split.train].tolist()).most_common(1)[0][0]
    base = 100 * float((true == common).mean())
    lines = []
    for name, scores in _all_scores(target, split, size):
        (error, spread), (exact, exact_spread) = interval(scores.errors), interval(scores.exact)
        note = f"±{spread / unit:.2f}; exact {exact:.1f} ±{exact_spread:.1f} %, baseline {base:.1f} %"
        lines.append(Line(f"{what}: {name}", error / unit, target.unit, baseline=median, note=note))
    return lines


def _all_scores(target: Target, split: Split, size: Size) -> Iterator[tuple[str, Scores]]:
    """Each encoding's name and scores; digits also by their expected number."""
    for name, model in target.encodings().items():
        model.learn(split.numbers[: split.train].tolist())
        likeliest, expected = scored(model, split, size)
        yield name, likeliest
        if isinstance(model, NumericDigitCategoryField):
            yield f"{name}, expected", expected


def interval(values: Sequence[float]) -> tuple[float, float]:
    """The mean and half the width of its 95 % interval by Student's t; 0 for a single value."""
    spread = float(np.std(values, ddof=1)) if len(values) > 1 else 0.0
    return float(np.mean(values)), _STUDENT.get(len(values), 2.0) * spread / len(values) ** 0.5


def scored(model: Field, split: Split, size: Size) -> tuple[Scores, Scores]:
    """Of a probe for each seed, on the titles that did not teach it: the likeliest number, and where the
    field has digits the number that is expected from their probabilities.
    """
    inputs, true = split.test()
    likeliest, expected = Scores(), Scores()
    for seed in range(size.seeds):
        weights = _taught(model, split, size.steps, seed)
        with torch.no_grad():
            latent = _latent(inputs, weights)
            likeliest.add(model.predicted(latent, weights, TorchOps()), true)
            if isinstance(model, NumericDigitCategoryField):
                expected.add(_expected(model, latent, weights).tolist(), true)
    return likeliest, expected


def _expected(model: NumericDigitCategoryField, latent: torch.Tensor, weights: Weights) -> torch.Tensor:
    """(B,) the mean of the number, digit by digit."""
    logits = model.decode(latent, weights).reshape(len(latent), -1, model.base)  # (B, places, base)
    digits = logits.softmax(-1) @ torch.arange(model.base, dtype=torch.float32)
    found: torch.Tensor = digits @ model.base ** torch.arange(digits.shape[1], dtype=torch.float32)
    return found


def _taught(model: Field, split: Split, steps: int, seed: int) -> dict[str, torch.Tensor]:
    """The weights of one hidden layer and the field's decoder, trained."""
    ops, rng = TorchOps(), np.random.default_rng(seed)
    start = model.initial(rng) | {
        "hidden": linear(rng, split.inputs.shape[1], _HIDDEN),
        "bias": np.zeros(_HIDDEN, np.float32),
    }
    weights = {name: torch.from_numpy(array).requires_grad_() for name, array in start.items()}
    optimiser = torch.optim.AdamW(
        [{"params": [weights["hidden"]], "weight_decay": _DECAY},
         {"params": [tensor for name, tensor in weights.items() if name != "hidden"], "weight_decay": 0.0}],
        lr=_RATE,
    )  # fmt: skip
    targets = model.features(split.numbers[: split.train].tolist())
    for step in range(steps):
        at = rng.integers(0, split.train, min(_BATCH, split.train))
        for group in optimiser.param_groups:
            group["lr"] = _RATE * (1 - 0.95 * step / steps)
        optimiser.zero_grad()
        loss = model.loss(_latent(split.inputs[at], weights), _taken(targets, at).on(ops), weights, ops)
        loss.backward()
        optimiser.step()
    return weights


def _latent(inputs: Floats, weights: Weights) -> torch.Tensor:
    found: torch.Tensor = (torch.from_numpy(inputs) @ weights["hidden"] + weights["bias"]).relu()
    return found


def _taken(batch: Batch, at: Ints) -> Batch:
    """The values at places ``at`` (B,)."""
    if isinstance(batch, Bag):
        return Bag.of(batch.table, batch.lists().take(at))
    return type(batch)(batch.values[at], batch.present[at])
