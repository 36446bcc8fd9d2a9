"""The model that serves: several genres of a plot, and how it divides over the six of the older service."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from indexer.errors import FormatMismatch, InputError, ShapeError
from indexer.predictors.genre.calibration import Calibration
from indexer.predictors.genre.linear import BertHead
from indexer.predictors.genre.metrics import only
from indexer.predictors.genre.plots import Plots, Rows, State
from indexer.predictors.genre.preprocessing import Language, clean, language
from indexer.predictors.genre.trained import Trained
from indexer.settings import OverviewSettings, Settings

if TYPE_CHECKING:
    from indexer.overviews.encoder import Encoder

FORMAT = 2
_VECTORS_ALONE = 1  # the format of builds before words counted: one matrix over vectors, read as well
SIX = ("drama", "documentary", "comedy", "horror", "action", "western")
_FLOOR = 1e-6
_EVEN = 0.5  # likelier than not


class GenreModel:
    """Probabilities of genres; several may be likely at once.

    ``one``, where rows with one genre each have taught it, divides a plot over exclusive genres; ``six`` then
    comes from it, else from the odds of the several.
    """

    def __init__(
        self,
        labels: Sequence[str],
        weights: Rows,
        bias: Rows,
        report: Mapping[str, Any] | None = None,
        overviews: OverviewSettings | None = None,
    ) -> None:
        if weights.shape != (weights.shape[0], len(labels)) or bias.shape != (len(labels),):
            raise ShapeError(f"{len(labels)} genres with weights {weights.shape} and bias {bias.shape}")
        head = BertHead(weights / np.float32(np.sqrt(max(1, len(weights)))), bias)
        self._set(Trained(head, tuple(labels), Calibration.none(len(labels), exclusive=False)), None)
        self._told(report, overviews)

    @classmethod
    def of(
        cls,
        several: Trained,
        one: Trained | None,
        report: Mapping[str, Any],
        overviews: OverviewSettings | None = None,
    ) -> GenreModel:
        """From trained parts; ``one`` is None where no rows of one genre have taught it."""
        found = cls.__new__(cls)
        found._set(several, one)
        found._told(report, overviews)
        return found

    def _set(self, several: Trained, one: Trained | None) -> None:
        self.several, self.one = several, one
        self.labels = several.labels

    def _told(self, report: Mapping[str, Any] | None, overviews: OverviewSettings | None) -> None:
        self.report: dict[str, Any] = dict(report or {})
        self._overviews = overviews or OverviewSettings()
        self._encoder: Encoder | None = None

    @property
    def serving(self) -> dict[str, Any]:
        """Which model serves, what taught it and how good it is, for people and programs to read.

        model: of several genres; six_by: what divides over the six; taught_by: sources and their numbers;
        quality: figures on what was held out of the training. Keys that are not known are left out.
        """
        by = self.one.classifier.kind if self.one is not None else self.several.classifier.kind
        return {
            "model": self.several.classifier.kind,
            "six_by": by,
            "encoder": self._overviews.encoder,
            **{name: self.report[name] for name in ("taught_by", "quality") if name in self.report},
        }

    @property
    def thresholds(self) -> dict[str, float]:
        """Above which probability each genre is taken to hold, by name; 0.5 where nothing was held out."""
        common = float(self.report.get("threshold", _EVEN))
        own = self.report.get("quality", {}).get("several", {}).get("thresholds", {})
        return {label: float(own.get(label, common)) for label in self.labels}

    def predict(self, plots: Sequence[str] | Rows, encoder: Encoder | None = None) -> list[dict[str, float]]:
        """For each plot the probability of every genre, likeliest first.

        plots: texts, or (B, D) vectors of them, without which words cannot count. encoder: what reads the
        texts; by default the build's.
        """
        return _named(self.labels, self.several.probabilities(self._plots(plots, encoder)))

    def single(self, plots: Sequence[str] | Rows, encoder: Encoder | None = None) -> list[dict[str, float]]:
        """For each plot how it divides over exclusive genres, likeliest first; {} without such a model."""
        if self.one is None:
            return [{} for _ in plots]
        return _named(self.one.labels, self.one.probabilities(self._plots(plots, encoder)))

    def six(self, plots: Sequence[str] | Rows, encoder: Encoder | None = None) -> NDArray[np.float64]:
        """(B, 6), each row summing to 1: how plots divide over ``SIX``, were each of exactly one of them."""
        given = self._plots(plots, encoder)
        known = {label.lower(): column for column, label in enumerate(self.one.labels)} if self.one else {}
        if self.one is not None and all(name in known for name in SIX):
            shares = only(self.one.probabilities(given), [known[name] for name in SIX]).astype(np.float64)
            return np.asarray(shares / shares.sum(axis=1, keepdims=True))
        return self._six_of_several(self.several.probabilities(given).astype(np.float64))

    def _six_of_several(self, found: NDArray[np.float64]) -> NDArray[np.float64]:
        """The odds of each, as shares of the six."""
        known = {label.lower(): column for column, label in enumerate(self.labels)}
        chosen = np.full((len(found), len(SIX)), _FLOOR)
        for place, name in enumerate(SIX):
            if name in known:
                chosen[:, place] = np.clip(found[:, known[name]], _FLOOR, 1 - _FLOOR)
        odds = chosen / (1 - chosen)
        shares: NDArray[np.float64] = odds / odds.sum(axis=1, keepdims=True)
        return shares

    @staticmethod
    def language(text: str) -> Language:
        """What a plot is written in; the model learnt English ones alone."""
        return language(clean(text))

    def save(self, folder: Path) -> None:
        """Writes ``genre.safetensors`` and ``genre.json``."""
        from safetensors.numpy import save_file

        folder.mkdir(parents=True, exist_ok=True)
        state = self.several.state().within("several")
        if self.one is not None:
            state |= self.one.state().within("one")
        arrays = {name: np.ascontiguousarray(array) for name, array in state.arrays.items()}
        save_file(arrays, folder / "genre.safetensors")
        said = {
            "format": FORMAT,
            "labels": self.labels,
            "serving": self.serving,
            "report": self.report,
            "overviews": dataclasses.asdict(self._overviews),
            "facts": state.facts,
        }
        (folder / "genre.json").write_text(json.dumps(said, indent=1), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> GenreModel:
        """What ``save`` wrote. Raises FormatMismatch for anything else."""
        from safetensors import SafetensorError
        from safetensors.numpy import load_file

        try:
            said = json.loads((folder / "genre.json").read_text(encoding="utf-8"))
            arrays, overviews = load_file(folder / "genre.safetensors"), OverviewSettings(**said["overviews"])
            if said["format"] == _VECTORS_ALONE:
                return cls(said["labels"], arrays["weights"], arrays["bias"], said["report"], overviews)
            if said["format"] != FORMAT:
                raise ValueError(f"format {said['format']}, expected {FORMAT}")
            several, one = _loaded(State(arrays, said["facts"]))
            return cls.of(several, one, said["report"], overviews)
        except (OSError, ValueError, KeyError, TypeError, InputError, SafetensorError) as error:
            raise FormatMismatch(
                f"cannot read the genre model in {folder} ({error}): rebuild with python -m indexer build"
            ) from error

    def _plots(self, plots: Sequence[str] | Rows, encoder: Encoder | None) -> Plots:
        if isinstance(plots, np.ndarray):
            return Plots([""] * len(plots), plots)
        texts = [clean(text) for text in plots]
        return Plots(texts, (encoder or self._own_encoder()).encode(texts))

    def _own_encoder(self) -> Encoder:
        if self._encoder is None:
            from indexer.overviews.encoder import Encoder

            self._encoder = Encoder.open(self._overviews.encoder, Settings(overviews=self._overviews))
        return self._encoder


def _named(labels: Sequence[str], chances: Rows) -> list[dict[str, float]]:
    rows = [dict(zip(labels, row, strict=True)) for row in chances.tolist()]
    return [dict(sorted(row.items(), key=lambda item: -item[1])) for row in rows]


def _loaded(state: State) -> tuple[Trained, Trained | None]:
    """The parts of a saved model."""
    several = Trained.from_state(state.part("several"))
    if "one/kind" not in state.facts:
        return several, None
    return several, Trained.from_state(state.part("one"))
