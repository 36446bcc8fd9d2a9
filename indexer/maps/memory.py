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
    given the vectors of the other titles; both ``None`` for a value that the field has never seen.
    rank: how many of the candidates' values are likelier than the title's own, plus 1; of: how many
    candidates there are; both ``None`` for fields that are spelt out.
    """

    field: str
    catalogue: str
    model: str
    nats: float | None
    usual: float | None
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


def _rounded(nats: Any) -> float:
    return round(float(nats), 2) + 0.0  # not -0.0


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
        words = (word for value in column for word in (value if isinstance(value, tuple) else (value,)))
        self._spelt = {word.lower(): word for word in words if isinstance(word, str)}

    def line(self, place: int) -> Remembered:
        """The field of one title."""
        said, nats = self._shown(place), self._nats(place)
        (guess,) = self._field.predicted(self._latents[[place]], self._space.weights, NumpyOps())
        if guess is None or isinstance(guess, np.ndarray):
            best, rank = self._best(place)
            return Remembered(self._name, said, best, nats[0], nats[1], rank, len(self._known))
        told = "none" if guess == () else self._text(self._as_spelt(guess))
        return Remembered(self._name, said, told, *nats)

    def _nats(self, place: int) -> tuple[float, float] | tuple[None, None]:
        """The log-likelihood of the title's own value given its vector, and the mean given the others'."""
        value, weights = self._column[place], self._space.weights
        if not self._field.features([value]).present[0]:
            return None, None
        found = self._field.log_likelihood(self._latents, value, weights, NumpyOps())
        others = np.delete(found, place)
        return _rounded(found[place]), _rounded(others.mean() if len(others) else found[place])

    def _as_spelt(self, guess: Any) -> Any:
        """Words as the catalogue spells them; fields keep them in small letters."""
        if isinstance(guess, tuple):
            return tuple(self._spelt.get(word, word) for word in guess)
        return self._spelt.get(guess, guess) if isinstance(guess, str) else guess

    def _best(self, place: int) -> tuple[str, int]:
        """The likeliest candidate, and the rank of the title's own value."""
        batch: Batch = self._field.features([self._column[each] for each in self._known])
        latents = np.repeat(self._latents[[place]], len(self._known), axis=0)
        scores = self._field.score(latents, batch, self._space.weights, NumpyOps())
        own = scores[self._known.index(place)]
        best = self._known[int(scores.argmax())]
        return self._shown(best), int((scores > own).sum()) + 1

    def _shown(self, place: int) -> str:
        value = self._column[place]
        return f"the plot of {self._names[place]}" if isinstance(value, np.ndarray) else self._text(value)

    def _text(self, value: Any) -> str:
        if value is not None and self._name in _UNITS:
            return _UNITS[self._name].format(value)
        if isinstance(value, tuple) and len(value) > _SHOWN:
            return f"{self._field.render(value[:_SHOWN])}, …"
        return self._field.render(value)
