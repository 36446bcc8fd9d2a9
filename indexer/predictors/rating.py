"""A title's rating from the facts the catalogue holds: ridge regression, thin on purpose."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from indexer.catalog.records import Title
from indexer.errors import FormatMismatch, InputError
from indexer.progress import Progress

if TYPE_CHECKING:
    from indexer.catalog.catalog import Catalog

Columns = NDArray[np.float64]
FORMAT = 1
_PENALTY = 3.0
_FEWEST_VOTES = 10  # a rating of fewer votes says little
_LOWEST, _HIGHEST = 1.0, 10.0


@dataclass(frozen=True)
class RatingFacts:
    """What is known of a title; ``None`` and empty where it is not."""

    type: str = "movie"
    year: int | None = None
    runtime: int | None = None  # minutes
    genres: tuple[str, ...] = ()
    votes: int | None = None

    @classmethod
    def of(cls, title: Title) -> RatingFacts:
        """The facts of a title of the catalogue, its rating left out."""
        return cls(title.type, title.year, title.runtime, title.genres, title.votes or None)

    @classmethod
    def from_json(cls, facts: Mapping[str, Any]) -> RatingFacts:
        """Facts as a person writes them. Raises InputError for an unknown name or a wrong kind of value."""
        known = {"type": str, "year": int, "runtime": int, "genres": list, "votes": int}
        for name, value in facts.items():
            if name not in known:
                raise InputError(f"unknown fact {name!r}: known are {', '.join(known)}")
            if value is not None and type(value) is not known[name]:
                raise InputError(f"the fact {name} is {value!r}: expected {known[name].__name__}")
        given = {name: value for name, value in facts.items() if value is not None}
        genres = given.pop("genres", [])
        if not all(isinstance(genre, str) for genre in genres):
            raise InputError(f"the fact genres is {genres!r}: expected a list of strings")
        return cls(**given, genres=tuple(genres))


class RatingModel:
    """Predicts ratings from 1 to 10. Unknown facts count as average ones."""

    def __init__(
        self,
        types: Sequence[str],
        genres: Sequence[str],
        weights: Columns,
        report: Mapping[str, Any] | None = None,
    ) -> None:
        self.types, self.genres = tuple(types), tuple(genres)
        self.report: dict[str, Any] = dict(report or {})
        self._weights = weights  # (F + 1,): the last is the mean rating

    def predict(self, facts: Sequence[RatingFacts]) -> NDArray[np.float64]:
        """(B,) ratings, 1 to 10."""
        rows = columns(facts, self.types, self.genres)
        found: NDArray[np.float64] = np.clip(rows @ self._weights[:-1] + self._weights[-1], _LOWEST, _HIGHEST)
        return found

    def save(self, folder: Path) -> None:
        """Writes ``rating.safetensors`` and ``rating.json``."""
        from safetensors.numpy import save_file

        folder.mkdir(parents=True, exist_ok=True)
        save_file({"weights": self._weights}, folder / "rating.safetensors")
        said = {"format": FORMAT, "types": self.types, "genres": self.genres, "report": self.report}
        (folder / "rating.json").write_text(json.dumps(said, indent=1), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> RatingModel:
        """What ``save`` wrote. Raises FormatMismatch for anything else."""
        from safetensors import SafetensorError
        from safetensors.numpy import load_file

        try:
            said = json.loads((folder / "rating.json").read_text(encoding="utf-8"))
            if said["format"] != FORMAT:
                raise ValueError(f"format {said['format']}, expected {FORMAT}")
            weights = load_file(folder / "rating.safetensors")["weights"]
            return cls(said["types"], said["genres"], weights, said["report"])
        except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
            raise FormatMismatch(
                f"cannot read the rating model in {folder} ({error}): train it again"
            ) from error


def train_rating(catalog: Catalog, progress: Progress | None = None) -> RatingModel:
    """Learns from every title with at least ten votes; a fifth is held out for ``report``.

    The report gives the mean absolute error and its share of the error of always saying the mean.
    Raises InputError where no title has a rating.
    """
    rated = [
        title for title in catalog.iter_titles() if title.rating is not None and title.votes >= _FEWEST_VOTES
    ]
    if not rated:
        raise InputError(
            f"no title of this catalogue has a rating of {_FEWEST_VOTES} votes: import title.ratings"
        )
    facts = [RatingFacts.of(title) for title in rated]
    ratings = np.array([title.rating for title in rated], dtype=np.float64)
    types = sorted({one.type for one in facts})
    genres = sorted({genre for one in facts for genre in one.genres})
    rows = columns(facts, types, genres)
    report = _validated(rows, ratings)
    (progress or Progress.silent()).say(f"ratings: {len(rated):,} titles, {report}")
    return RatingModel(types, genres, ridge(rows, ratings), report)


def columns(facts: Sequence[RatingFacts], types: Sequence[str], genres: Sequence[str]) -> Columns:
    """(B, F) float64: curves of year, runtime and votes, and one column per type and genre."""
    found = np.zeros((len(facts), 9 + len(types) + len(genres)))
    type_at = {name: 9 + at for at, name in enumerate(types)}
    genre_at = {name: 9 + len(types) + at for at, name in enumerate(genres)}
    for row, one in zip(found, facts, strict=True):
        row[0:3] = _curve(None if one.year is None else (one.year - 1990) / 30)
        row[3:6] = _curve(None if not one.runtime else math.log(one.runtime / 90))
        row[6:9] = _curve(None if not one.votes else math.log10(one.votes) - 2.5)
        if one.type in type_at:
            row[type_at[one.type]] = 1
        row[[genre_at[genre] for genre in one.genres if genre in genre_at]] = 1
    return found


def ridge(rows: Columns, ratings: NDArray[np.float64]) -> NDArray[np.float64]:
    """(F + 1,) weights, the last the constant, which is not penalised."""
    mean, middle = ratings.mean(), rows.mean(axis=0)
    centred = rows - middle
    gram = centred.T @ centred + _PENALTY * np.eye(rows.shape[1])
    weights = np.linalg.solve(gram, centred.T @ (ratings - mean))
    return np.append(weights, mean - middle @ weights)


def _curve(value: float | None) -> tuple[float, float, float]:
    """A value, its square and whether it is known."""
    return (0.0, 0.0, 0.0) if value is None else (value, value * value, 1.0)


def _validated(rows: Columns, ratings: NDArray[np.float64]) -> dict[str, Any]:
    held = np.arange(len(rows)) % 5 == 4
    if not held.any():
        return {"titles": len(rows)}
    weights = ridge(rows[~held], ratings[~held])
    guesses = np.clip(rows[held] @ weights[:-1] + weights[-1], _LOWEST, _HIGHEST)
    error = float(np.abs(guesses - ratings[held]).mean())
    plain = float(np.abs(ratings[~held].mean() - ratings[held]).mean())
    share = round(error / plain, 4) if plain else None
    return {"titles": len(rows), "held_out": int(held.sum()), "mae": round(error, 4), "share_of_mean": share}
