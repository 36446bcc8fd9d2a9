"""The loop in which the neural models learn. Imports torch: only from inside functions of those models."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from indexer.predictors.genre.balance import class_weights
from indexer.predictors.genre.classifier import Lesson
from indexer.predictors.genre.plots import Rows

_ROWS = 256  # of a batch when nothing is learnt


@dataclass(frozen=True)
class Course:
    """How long and how fast: passes over the rows, rows a batch, the learning rate's top, its decay."""

    epochs: int
    batch: int
    rate: float
    decay: float = 0.01


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Whatever torch draws inside follows the seed, and nothing outside is changed by it."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        yield


def learn(module: nn.Module, inputs: Sequence[Tensor], targets: Rows, lesson: Lesson, course: Course) -> None:
    """Trains ``module(*inputs)`` -> (N, G) towards targets (N, G), rare genres as the lesson says."""
    wanted, order = torch.from_numpy(targets), _order(targets, lesson)
    shares = _weights(targets, lesson)
    parameters = [one for one in module.parameters() if one.requires_grad]
    optimiser = torch.optim.AdamW(parameters, lr=course.rate, weight_decay=course.decay)
    steps = course.epochs * -(-len(order) // course.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, course.rate, total_steps=max(2, steps))
    module.train()
    for places in _batches(order, course):
        found = module(*(one[places] for one in inputs))
        loss = (_losses(found, wanted[places], lesson) * shares[places]).mean()
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        schedule.step()
    module.eval()


def scored(module: nn.Module, inputs: Sequence[Tensor], classes: int) -> Rows:
    """(B, G) of ``module(*inputs)``, a few rows at a time."""
    module.eval()
    count = len(inputs[0])
    found = np.zeros((count, classes), np.float32)
    with torch.inference_mode():
        for start in range(0, count, _ROWS):
            part = [one[start : start + _ROWS] for one in inputs]
            found[start : start + _ROWS] = module(*part).float().numpy()
    return found


def arrays_of(module: nn.Module) -> dict[str, NDArray[Any]]:
    """Every weight by its name."""
    return {name: value.detach().numpy().copy() for name, value in module.state_dict().items()}


def load_arrays(module: nn.Module, arrays: dict[str, NDArray[Any]]) -> None:
    """What ``arrays_of`` gave, into a module of the same shape."""
    module.load_state_dict({name: torch.from_numpy(np.array(array)) for name, array in arrays.items()})
    module.eval()


def _losses(found: Tensor, wanted: Tensor, lesson: Lesson) -> Tensor:
    """(B,)."""
    if lesson.exclusive:
        return nn.functional.cross_entropy(found, wanted, reduction="none")
    return nn.functional.binary_cross_entropy_with_logits(found, wanted, reduction="none").mean(dim=1)


def _weights(targets: Rows, lesson: Lesson) -> Tensor:
    if lesson.exclusive and lesson.balance == "weights":
        return torch.from_numpy(class_weights(targets))
    return torch.ones(len(targets))


def _order(targets: Rows, lesson: Lesson) -> NDArray[np.int64]:
    """The rows to learn from; where rare genres are repeated, all as often as the commonest."""
    if not lesson.exclusive or lesson.balance not in ("oversample", "smote"):
        return np.arange(len(targets))
    from imblearn.over_sampling import RandomOverSampler

    places = np.arange(len(targets))[:, None]
    chosen, _ = RandomOverSampler(random_state=lesson.seed).fit_resample(places, targets.argmax(axis=1))
    return np.asarray(chosen[:, 0], np.int64)


def _batches(order: NDArray[np.int64], course: Course) -> Iterator[Tensor]:
    for _ in range(course.epochs):
        mixed = order[torch.randperm(len(order)).numpy()]
        for start in range(0, len(mixed), course.batch):
            yield torch.from_numpy(mixed[start : start + course.batch])
