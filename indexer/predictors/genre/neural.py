"""The neural models: a small network over vectors, a recurrent one over word pieces, and BERT fine-tuned."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from indexer.errors import ShapeError
from indexer.predictors.genre.balance import balanced
from indexer.predictors.genre.classifier import Classifier, Lesson
from indexer.predictors.genre.linear import scaled
from indexer.predictors.genre.plots import Plots, Rows, State

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn

    from indexer.predictors.genre.learning import Course

_HIDDEN, _RECURRENT, _EMBEDDED = 512, 96, 64
_STEPS = 200  # of the small network at least: few plots are gone through more often
_PIECES = 128  # word pieces read of a plot
_CHUNK = 32  # plots that go through BERT's fixed layers at once


class Neural(Classifier):
    """A module of torch over inputs that the subclass makes of plots."""

    def __init__(self) -> None:
        self._module: nn.Module | None = None
        self._width = self._classes = 0

    def fit(self, plots: Plots, targets: Rows, lesson: Lesson) -> None:
        """Trains from the lesson's seed."""
        from indexer.predictors.genre import learning

        self._width, self._classes = plots.vectors.shape[1], targets.shape[1]
        with learning.seeded(lesson.seed):
            self._module = self._made()
            inputs, wanted = self._lesson_inputs(plots, targets, lesson)
            learning.learn(self._module, inputs, wanted, lesson, self._course(len(plots)))

    def scores(self, plots: Plots) -> Rows:
        """(B, G)."""
        from indexer.predictors.genre.learning import scored

        if not len(plots):
            return np.zeros((0, self._classes), np.float32)
        return scored(self._ready(), self._inputs(plots), self._classes)

    def state(self) -> State:
        """Every weight that was learnt."""
        from indexer.predictors.genre.learning import arrays_of

        return State(arrays_of(self._ready()), {"width": self._width, "classes": self._classes})

    @classmethod
    def from_state(cls, state: State) -> Self:
        """What ``state`` gave."""
        from indexer.predictors.genre.learning import load_arrays

        found = cls()
        found._width, found._classes = int(state.facts["width"]), int(state.facts["classes"])
        found._module = found._made()
        load_arrays(found._module, state.arrays)
        return found

    def _ready(self) -> nn.Module:
        if self._module is None:
            self._module = self._made()
        return self._module

    def _lesson_inputs(self, plots: Plots, targets: Rows, lesson: Lesson) -> tuple[list[Tensor], Rows]:
        del lesson
        return self._inputs(plots), targets

    @abstractmethod
    def _made(self) -> nn.Module:
        """A module that has learnt nothing yet, for plots of ``_width`` and ``_classes`` genres."""

    @abstractmethod
    def _inputs(self, plots: Plots) -> list[Tensor]:
        """What the module is given of plots; each has B rows."""

    @abstractmethod
    def _course(self, plots: int) -> Course:
        """How long and how fast it learns from so many."""


class Network(Neural):
    """One hidden layer over the encoder's vectors; the only neural one that SMOTE can make rows for."""

    kind = "network"

    def _made(self) -> nn.Module:
        from torch import nn

        return nn.Sequential(
            nn.Dropout(0.2), nn.Linear(self._width, _HIDDEN), nn.ReLU(), nn.Dropout(0.5),
            nn.Linear(_HIDDEN, self._classes),
        )  # fmt: skip

    def _inputs(self, plots: Plots) -> list[Tensor]:
        """Raises ShapeError for vectors of another width than those learnt from."""
        import torch

        if plots.vectors.shape[1] != self._width:
            raise ShapeError(f"plots of {plots.vectors.shape[1]} columns, expected {self._width}")
        return [torch.from_numpy(scaled(plots.vectors))]

    def _lesson_inputs(self, plots: Plots, targets: Rows, lesson: Lesson) -> tuple[list[Tensor], Rows]:
        import torch

        if not lesson.exclusive or lesson.balance != "smote":
            return self._inputs(plots), targets
        rows, wanted, _ = balanced(scaled(plots.vectors), targets, "smote", lesson.seed)
        return [torch.from_numpy(np.asarray(rows))], wanted

    def _course(self, plots: int) -> Course:
        from indexer.predictors.genre.learning import Course

        batch = min(max(plots // 128, 32), 256)
        return Course(epochs=max(20, _STEPS * batch // max(1, plots)), batch=batch, rate=2e-3)


class Recurrent(Neural):
    """A GRU over word pieces, read both ways; the mean of its states. It starts from BERT's embeddings."""

    kind = "recurrent"
    slow: ClassVar[bool] = True

    def _made(self) -> nn.Module:
        return _recurrent(self._classes)

    def _inputs(self, plots: Plots) -> list[Tensor]:
        import torch

        ids = _padded_pieces(plots.texts)
        return [torch.from_numpy(ids)]

    def _course(self, plots: int) -> Course:
        from indexer.predictors.genre.learning import Course

        del plots
        return Course(epochs=8, batch=32, rate=4e-3)


class TunedBert(Neural):
    """Small BERT, its last layer and a head fine-tuned; the layers below stay as they are.

    What the fixed layers make of the plots is computed once, so an epoch costs a sixth of one through all.
    """

    kind = "bert_tuned"
    slow: ClassVar[bool] = True

    def _made(self) -> nn.Module:
        return _tuned(self._classes)

    def _inputs(self, plots: Plots) -> list[Tensor]:
        return _fixed_layers(_padded_pieces(plots.texts))

    def _course(self, plots: int) -> Course:
        from indexer.predictors.genre.learning import Course

        del plots
        return Course(epochs=4, batch=16, rate=3e-4)


def _padded_pieces(texts: Sequence[str]) -> Any:
    """(B, L) int64 ids, filled up with 0; L is the longest text's number of pieces, at most _PIECES."""
    pieces = [ids[:_PIECES] for ids in _encoder().pieces(texts)]
    found = np.zeros((len(texts), max((len(ids) for ids in pieces), default=1)), np.int64)
    for row, ids in zip(found, pieces, strict=True):
        row[: len(ids)] = ids
    return found


@lru_cache(maxsize=1)
def _encoder() -> Any:
    """The bundled encoder, read in fp32."""
    import dataclasses

    from indexer.overviews.encoder import Encoder
    from indexer.settings import OverviewSettings, Settings

    overviews = dataclasses.replace(OverviewSettings(), max_tokens=_PIECES, precision="fp32")
    return Encoder.open("minilm", Settings(overviews=overviews))


def _embeddings() -> torch.Tensor:
    """(30,522, 384): BERT's vector of each word piece."""
    from safetensors import safe_open

    from indexer.overviews.recipes import bundled_folder

    with safe_open(bundled_folder() / "model.safetensors", framework="pt") as weights:
        found: torch.Tensor = weights.get_tensor("embeddings.word_embeddings.weight")
    return found


def _recurrent(classes: int) -> nn.Module:
    import torch
    from torch import nn

    class Reader(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            table = _embeddings()
            self.register_buffer("table", table, persistent=False)  # not learnt, so not written down
            self.narrow = nn.Linear(table.shape[1], _EMBEDDED)
            self.gru = nn.GRU(_EMBEDDED, _RECURRENT, batch_first=True, bidirectional=True)
            self.drop, self.head = nn.Dropout(0.4), nn.Linear(2 * _RECURRENT, classes)

        def forward(self, ids: Tensor) -> Tensor:
            mask = (ids > 0).float().unsqueeze(-1)  # (B, L, 1)
            pieces = nn.functional.embedding(ids, self.get_buffer("table")) * 10  # (B, L, 384)
            lengths = mask.sum(dim=(1, 2)).clamp(min=1).long()
            packed = nn.utils.rnn.pack_padded_sequence(
                self.drop(torch.tanh(self.narrow(pieces))), lengths, batch_first=True, enforce_sorted=False
            )
            states, _ = nn.utils.rnn.pad_packed_sequence(
                self.gru(packed)[0], batch_first=True, total_length=ids.shape[1]
            )  # (B, L, 2 H)
            mean = (states * mask).sum(dim=1) / mask.sum(dim=1).clamp(min=1)
            scores: Tensor = self.head(self.drop(mean))
            return scores

    return Reader()


def _tuned(classes: int) -> nn.Module:
    import copy

    from torch import nn

    class Top(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = copy.deepcopy(_bert().encoder.layer[-1])
            self.drop, self.head = nn.Dropout(0.2), nn.Linear(int(_bert().config.hidden_size), classes)

        def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
            wide = hidden.float()  # (B, L, D)
            unseen = (1 - mask.float())[:, None, None, :] * -1e4  # (B, 1, 1, L)
            found = self.layer(wide, unseen)
            states = found[0] if isinstance(found, tuple) else found
            weights = mask.float().unsqueeze(-1)
            mean = (states * weights).sum(dim=1) / weights.sum(dim=1).clamp(min=1)
            unit = nn.functional.normalize(mean, dim=-1)
            scores: Tensor = self.head(self.drop(unit * unit.shape[1] ** 0.5))
            return scores

    return Top()


def _bert() -> Any:
    return _encoder().module


def _fixed_layers(ids: Any) -> list[Tensor]:
    """What all layers but the last make of word pieces: (B, L, D) in half precision, and the mask (B, L)."""
    import torch

    bert, whole = _bert(), torch.from_numpy(ids)
    mask = (whole > 0).long()
    parts: list[Tensor] = []
    with torch.inference_mode():
        for start in range(0, len(whole), _CHUNK):
            piece, seen = whole[start : start + _CHUNK], mask[start : start + _CHUNK]
            longest = int(seen.sum(dim=1).max())
            hidden = bert(
                input_ids=piece[:, :longest], attention_mask=seen[:, :longest], output_hidden_states=True
            ).hidden_states[-2]
            filled = torch.zeros(len(piece), whole.shape[1], hidden.shape[2], dtype=torch.float16)
            filled[:, :longest] = hidden.half()
            parts.append(filled)
    return [torch.cat(parts).clone(), mask]
