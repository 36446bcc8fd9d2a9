"""What the models remember of a title, read from its vector alone, beside what the catalogue says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from indexer.fields.arrays import Batch, Floats, NumpyOps
from indexer.fields.base import Field
from indexer.joint.space import JointSpace

Values = Mapping[str, Any]
_SHOWN = 4  # items of a long list
_UNITS = {"runtime": "{:.0f} minutes", "votes": "{:,.0f}", "rating": "{:.1f}"}


@dataclass(frozen=True)
class Remembered:
    """One field of one title.

    catalogue: what is true. model: what the vector says: the likeliest value, or, of a field that is scored
    and not spelt out (texts, plots), the likeliest of the values of all the titles looked at.
    nats: the log-likelihood of the catalogue's value given the title's vector; usual: the mean of the same
    given the vectors of the other titles. rank: how many of the candidates' values are likelier than the
    title's own, plus 1, and of: how many candidates there are; ``None`` for fields that are spelt out.
    """

    field: str
    catalogue: str
    model: str
    nats: float
    usual: float
    rank: int | None = None
    of: int | None = None


def remembered(
    space: JointSpace, vectors: Floats, values: Sequence[Values], names: Sequence[str], count: int
) -> list[list[Remembered]]:
    """For the first ``count`` of N titles, each field that the catalogue fills.

    vectors: (N, D) unit rows of the titles. values: what the catalogue says of each, by field; all of them
    are candidates. names: what each is called, for plots.
    """
    latents = space.towers.latent(vectors)
    found: list[list[Remembered]] = [[] for _ in range(min(count, len(values)))]
    for spec, field in space.towers.of("title"):
        column = [row.get(spec.name) for row in values]
        if not spec.reconstructed or all(_lacks(value) for value in column):
            continue
        looked = _Column(space, field, spec.name, column, names, latents)
        for place, lines in enumerate(found):
            if not _lacks(column[place]):
                lines.append(looked.line(place))
    return found


def _lacks(value: Any) -> bool:
    return value is None or (isinstance(value, str | tuple) and not value)


class _Column:
    """One field of all the titles."""

    def __init__(
        self,
        space: JointSpace,
        field: Field,
        name: str,
        column: Sequence[Any],
        names: Sequence[str],
        latents: Floats,
    ) -> None:
        self._space, self._field, self._name = space, field, name
        self._column, self._names, self._latents = column, names, latents
        self._known = [place for place, value in enumerate(column) if not _lacks(value)]

    def line(self, place: int) -> Remembered:
        """The field of one title."""
        own = self._likelihoods(self._latents, place)
        others = np.delete(own, place)
        nats = (round(float(own[place]), 2), round(float(others.mean()), 2) if len(others) else 0.0)
        said = self._shown(place)
        (guess,) = self._field.predicted(self._latents[[place]], self._space.weights, NumpyOps())
        if guess is None or isinstance(guess, np.ndarray):
            return Remembered(self._name, said, *self._best(place, nats))
        return Remembered(self._name, said, self._text(guess), *nats)

    def _likelihoods(self, latents: Floats, place: int) -> Floats:
        """(K,) log-likelihood of the title's own value under each latent."""
        value, weights = self._column[place], self._space.weights
        return self._field.log_likelihood(latents, value, weights, NumpyOps())

    def _best(self, place: int, nats: tuple[float, float]) -> tuple[str, float, float, int, int]:
        """The likeliest candidate, and the rank of the title's own value."""
        batch: Batch = self._field.features([self._column[each] for each in self._known])
        latents = np.repeat(self._latents[[place]], len(self._known), axis=0)
        scores = self._field.score(latents, batch, self._space.weights, NumpyOps())
        own = scores[self._known.index(place)]
        best = self._known[int(scores.argmax())]
        return self._shown(best), *nats, int((scores > own).sum()) + 1, len(self._known)

    def _shown(self, place: int) -> str:
        value = self._column[place]
        return f"the plot of {self._names[place]}" if isinstance(value, np.ndarray) else self._text(value)

    def _text(self, value: Any) -> str:
        if value is not None and self._name in _UNITS:
            return _UNITS[self._name].format(value)
        if isinstance(value, tuple) and len(value) > _SHOWN:
            return f"{self._field.render(value[:_SHOWN])}, …"
        return self._field.render(value)
