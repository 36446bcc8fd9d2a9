"""What a vector of the joint space still says of each field, beside always saying the same.

Every kind of field has its own figure: the share of exact values and of right digits, F1 where several words
hold, the mean error in the value's unit, and for text and vectors, which are scored rather than spelt out,
how often the true value is likelier than a thousand others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from evals.stats import SEED, share
from evals.tables import Line, Table
from indexer.fields.arrays import Floats, Ints, NumpyOps, Weights
from indexer.fields.base import Field
from indexer.fields.boolean import BooleanField
from indexer.fields.category import CategoryField
from indexer.fields.numbers import NumericDigitCategoryField
from indexer.fields.rows import Kind
from indexer.fields.scalar import ScalarField
from indexer.fields.strings import StringsField
from indexer.index import Index
from indexer.joint.entities import Entities
from indexer.joint.space import JointSpace
from indexer.progress import Progress
from indexer.vectors import Vectors

SAMPLE = 2_000
OTHERS = 1_000  # values that the true one has to beat
_YEARS = dict.fromkeys(("year", "born", "died"), "years")
_UNITS = {**_YEARS, "runtime": "min", "votes": "votes", "rating": "points"}
_POOLS = {"title": "titles", "person": "names", "cast": "names", "director": "names"}
KINDS: tuple[tuple[Kind, str], ...] = (("title", "titles"), ("person", "people"))


@dataclass(frozen=True)
class Remembered:
    """N latents (N, D) of one kind of row beside the N true values of one field; ``None`` where unknown."""

    field: Field
    latent: Floats
    values: Sequence[Any]
    weights: Weights

    def known(self) -> Remembered:
        """Only the rows whose value is known."""
        at = [place for place, value in enumerate(self.values) if value is not None]
        return Remembered(self.field, self.latent[at], [self.values[place] for place in at], self.weights)

    def predicted(self) -> list[Any]:
        """The likeliest value of each row."""
        return self.field.predicted(self.latent, self.weights, NumpyOps())


def run(index: Index, progress: Progress, sample: int = SAMPLE, seed: int = SEED) -> Table:
    """One line or more a field, over a seeded sample of titles and one of people; no lines without a joint
    space.
    """
    space, vectors = index.joint, index.vectors
    if space is None or vectors is None:
        return Table("fields: what the joint space remembers", [], "  the build has no joint space")
    plots = _plots(vectors)
    entities = Entities.from_catalog(index.catalog, index.settings.vectors, progress, plots)
    lines: list[Line] = []
    for kind, collection in KINDS:
        places = _sampled(entities.ids[kind], vectors.ids(collection), sample, seed)
        rows = vectors.rows(collection, entities.ids[kind][places]).astype(np.float32)
        lines += lines_of(space, entities, kind, places, rows)
    note = f"  {sample:,} of each, seed {seed}; baseline: always the most common value, of errors the median"
    return Table("fields: what the joint space remembers", lines, note)


def _plots(vectors: Vectors) -> tuple[Ints, Floats] | None:
    """Title ids (N,) and the vectors of their overviews (N, k)."""
    if "overviews" not in vectors:
        return None
    ids = vectors.ids("overviews")
    return ids, vectors.rows("overviews", ids).astype(np.float32)


def _sampled(known: Ints, embedded: Ints, sample: int, seed: int) -> Ints:
    """Places of entities that have a vector."""
    places = np.flatnonzero(np.isin(known, embedded))
    chosen = np.random.default_rng(seed).permutation(len(places))[:sample]
    found: Ints = np.sort(places[chosen])
    return found


def lines_of(space: JointSpace, entities: Entities, kind: Kind, places: Ints, rows: Floats) -> list[Line]:
    """The lines of every field of one kind of row, for entities at ``places`` (N,) with vectors (N, D)."""
    weights = {name: np.asarray(array, np.float32) for name, array in space.weights.items()}
    latent = space.towers.latent(rows)
    found: list[Line] = []
    for spec, field in space.towers.of(kind):
        values = _values(entities, spec.key, places)
        if spec.reconstructed and any(value is not None for value in values):
            found += measured(Remembered(field, latent, values, weights))
    return found


def _values(entities: Entities, key: str, places: Ints) -> list[Any]:
    if key in entities.values:
        return [entities.values[key][place] for place in places]
    if key == "title/overview":
        rows = entities.overview
        return [] if rows is None else [row if np.isfinite(row[0]) else None for row in rows[places]]
    pool = entities.pools[_POOLS.get(key.partition("/")[2], "characters")]
    lists = entities.lists[key].take(places).head(1)
    texts = iter(pool[place] for place in lists.ids)
    return [next(texts) if length else None for length in np.diff(lists.starts)]


def measured(row: Remembered) -> list[Line]:
    """The figures that fit the kind of field."""
    field = row.field
    if isinstance(field, StringsField):
        return _ranked(row.known())
    if isinstance(field, CategoryField):
        return _several(row.known()) if field.multi else _exact(row.known(), "exact")
    if isinstance(field, BooleanField):
        return _exact(row.known(), "exact")
    if isinstance(field, NumericDigitCategoryField):
        return _exact(row if field.missing == "class" else row.known(), "exact") + _digits(row.known(), field)
    if isinstance(field, ScalarField):
        return [_error(row.known())]
    return _ranked(row.known())


def _exact(row: Remembered, what: str) -> list[Line]:
    values = [_key(value) for value in row.values]
    most = Counter(values).most_common(1)[0][1]
    right = [_key(said) == value for said, value in zip(row.predicted(), values, strict=True)]
    return [Line(f"{row.field.name}: {what}", share(right), baseline=100 * most / len(values))]


def _key(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _several(row: Remembered) -> list[Line]:
    """F1 over all words of all values; the constant is the set of words that does best."""
    values = [{word.lower() for word in value} for value in row.values]
    often = [word for word, _ in Counter(word for value in values for word in value).most_common(8)]
    best = max(_f1([set(often[:size])] * len(values), values) for size in range(1, len(often) + 1))
    said = [set(words or ()) for words in row.predicted()]
    return [
        Line(f"{row.field.name}: F1", 100 * _f1(said, values), baseline=100 * best),
        *_exact(
            Remembered(row.field, row.latent, [tuple(sorted(value)) for value in values], row.weights),
            "exact",
        ),
    ]


def _f1(said: Sequence[set[str]], values: Sequence[set[str]]) -> float:
    both = sum(len(one & other) for one, other in zip(said, values, strict=True))
    return 2 * both / max(sum(map(len, said)) + sum(map(len, values)), 1)


def _digits(row: Remembered, field: NumericDigitCategoryField) -> list[Line]:
    """The share of right digits, and the error in units where a number is said."""
    said = [0 if value is None else value for value in row.predicted()]
    codes = [field.features(values).lists() for values in (said, row.values)]
    length = field.digits + field.fraction_digits
    if not len(row.values) or len(codes[0].ids) != len(codes[1].ids):
        return []
    told, true = (lists.ids.reshape(len(row.values), -1)[:, :length] for lists in codes)
    common = [Counter(column).most_common(1)[0][1] for column in true.T.tolist()]
    digits = Line(
        f"{field.name}: digits right",
        100 * float((told == true).mean()),
        baseline=100 * sum(common) / max(true.size, 1),
    )
    return [digits, _error(row)]


def _error(row: Remembered) -> Line:
    true = np.array(row.values, np.float64)
    said = np.array([np.nan if value is None else value for value in row.predicted()], np.float64)
    error = float(np.nanmean(np.abs(said - true))) if np.isfinite(said).any() else float("nan")
    constant = float(np.abs(true - np.median(true)).mean())
    unit = _UNITS.get(row.field.name.partition("/")[2], "")
    return Line(f"{row.field.name}: mean error", error, unit, baseline=constant, note="less is better")


def _ranked(row: Remembered) -> list[Line]:
    """How often the true value is likelier than the others that were drawn."""
    others = min(OTHERS, len(row.values) - 1)
    if others < 1:
        return []
    flags = share(first_among(row, others))
    return [Line(f"{row.field.name}: first among {others + 1:,}", flags, baseline=100 / (others + 1))]


def first_among(row: Remembered, others: int, seed: int = SEED) -> list[bool]:
    """(N,) whether each row's value is likelier than those of ``others`` random rows; equal values are not
    rivals.
    """
    rng, scores = np.random.default_rng(seed), _scores(row)
    names = [value if isinstance(value, str | tuple) else place for place, value in enumerate(row.values)]
    found = []
    for place, name in enumerate(names):
        rivals = rng.choice(len(names) - 1, others, replace=False)
        rivals += rivals >= place
        beaten = scores[place, rivals] < scores[place, place]
        same = np.array([names[rival] == name for rival in rivals], bool)
        found.append(bool((beaten | same).all()))
    return found


def _scores(row: Remembered) -> Floats:
    """(N, N) the log-likelihood of each row's value, by column, under each latent."""
    ops, field = NumpyOps(), row.field
    if isinstance(field, StringsField):
        log_p = ops.log_softmax(field.decode(row.latent, row.weights))
        found: Floats = log_p @ field.target(field.features(row.values), ops).T
        return found
    columns = [field.log_likelihood(row.latent, value, row.weights, ops) for value in row.values]
    return np.stack(columns, axis=1)
