"""Entities as batches of features: whole rows, and the partial, misspelt rows people ask with."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from indexer.fields.arrays import Bag, Batch, Csr, Dense, Ints
from indexer.fields.base import Field
from indexer.fields.numbers import NumericDigitCategoryField
from indexer.fields.rows import Kind
from indexer.fields.strings import StringsField
from indexer.fields.table import FieldSpec
from indexer.fields.text import TextField
from indexer.fields.vector import VectorField
from indexer.joint.entities import Entities
from indexer.joint.lists import through
from indexer.joint.noise import misspell_all
from indexer.joint.towers import Towers

Batches = dict[str, Batch]
_CHUNK = 100_000
_SEEN, _SEEN_IDS = 6, 14  # strings, and neighbours, of a list that one training view of a whole row shows
_SAID, _SAID_OFTEN = (1, 2, 3), (0.6, 0.25, 0.15)  # names of a list that a query row says
_ALONE = 0.35  # share of the query rows that say a name and nothing else
_STEPS = np.array([-1, 0, 0, 0, 0, 0, 0, 1])
_NAME = {"title": "title/title", "person": "person/person"}


class Columns:
    """All features of all entities, hashed once: about 120 bytes a string, 300 bytes an entity."""

    def __init__(self, towers: Towers, entities: Entities) -> None:
        self._towers, self._entities = towers, entities
        # The fields of one table cut texts alike, so any of them may do it.
        self._texts = {
            field.table: field for field in towers.fields.values() if isinstance(field, StringsField)
        }
        self._clean = {
            table: _pool(field, entities.pools[field.vocabulary]) for table, field in self._texts.items()
        }
        self._noisy = self._clean
        self._tables: dict[str, str] = {}  # of the other fields that are bags, the table of each
        self._others = {
            spec.key: self._column(spec, field) for spec, field in self._all() if not _is_text(field)
        }

    def _all(self) -> Iterator[tuple[FieldSpec, Field]]:
        yield from self._towers.of("title")
        yield from self._towers.of("person")

    def _column(self, spec: FieldSpec, field: Field) -> Csr | Dense:
        if isinstance(field, VectorField):
            return _vectors(field, self._entities)
        batch = field.column(self._entities.values[spec.key])
        if not isinstance(batch, Bag):
            return batch
        self._tables[spec.key] = batch.table
        return batch.lists()

    def misspell(self, seed: int) -> None:
        """New slips of the finger for the query rows that follow."""
        pools = self._entities.pools
        self._noisy = {
            table: _pool(field, misspell_all(pools[field.vocabulary], field.vocabulary, seed))
            for table, field in self._texts.items()
            if not _is_whole(field)
        }

    def counts(self, table: str) -> tuple[Ints, int]:
        """In how many strings each feature of a text field's table occurs, and how many strings there are."""
        pool, field = self._clean[table], self._texts[table]
        height = field.hashes if isinstance(field, TextField) else 0
        return np.bincount(pool.ids, minlength=height).astype(np.int64), len(pool)

    def whole(self, kind: Kind, places: Ints) -> Batches:
        """Rows with all that is known of the entities at ``places`` (B,)."""
        return {
            spec.key: self._take(field, places, None, noisy=False) for spec, field in self._towers.of(kind)
        }

    def seen(
        self, kind: Kind, places: Ints, rng: np.random.Generator, without: Ints | None, hidden: float = 0.1
    ) -> Batches:
        """The same for training: of each list six strings, or 14 neighbours; of the fields a tenth hidden,
        never the name.

        without: (B,) the partner who is not to be seen among the neighbours: a model that is shown the
        credit it is to predict learns to read it, and nothing about those that are missing.
        """
        batches: Batches = {}
        for spec, field in self._towers.of(kind):
            shown = places
            if spec.key != _NAME[kind]:
                shown = np.where(rng.random(len(places)) < hidden, -1, places)
            batches[spec.key] = self._take(field, shown, rng, noisy=False, without=without)
        return batches

    def asked(self, kind: Kind, places: Ints, rng: np.random.Generator) -> Batches:
        """Query rows about the entities: few fields, misspelt, years a little off."""
        lines = self._towers.of(kind)
        said = np.array([spec.asked for spec, _ in lines])[:, None] > rng.random((len(lines), len(places)))
        name = [spec.key for spec, _ in lines].index(_NAME[kind])
        alone = rng.random(len(places)) < _ALONE
        said &= ~alone
        text = np.array([_is_text(field) for _, field in lines])
        said[name] |= alone | ~said[text].any(0)
        return {
            spec.key: self._take(field, np.where(said[line], places, -1), rng, noisy=True)
            for line, (spec, field) in enumerate(lines)
            if said[line].any()
        }

    def _take(
        self,
        field: Field,
        places: Ints,
        rng: np.random.Generator | None,
        *,
        noisy: bool,
        without: Ints | None = None,
    ) -> Batch:
        if isinstance(field, StringsField):
            return self._strings(field, places, rng, noisy=noisy, without=without)
        column = self._others[field.name]
        if isinstance(column, Dense):
            known = column.present[places] * (places >= 0)
            return Dense(column.values[places] * known[:, None], known)
        lists = column.take(places)
        if noisy and rng is not None and isinstance(field, NumericDigitCategoryField):
            # A quarter of the numbers are off by one: people remember years roughly.
            lists = field.moved(lists, rng.choice(_STEPS, len(lists)))
        return Bag.of(self._tables[field.name], lists)

    def _strings(
        self,
        field: StringsField,
        places: Ints,
        rng: np.random.Generator | None,
        *,
        noisy: bool,
        without: Ints | None,
    ) -> Bag:
        lists, shown = self._entities.lists[field.name], places
        if without is not None and _is_whole(field):
            lists, shown = _less(lists.take(places), without), np.arange(len(places))
        if rng is None:
            rows = lists.take(shown)
        else:
            rows = lists.sample(shown, self._most(field, rng, noisy=noisy), rng)
        pool = self._noisy if noisy else self._clean
        return Bag.of(field.table, through(rows, pool[field.table]))

    def _most(self, field: StringsField, rng: np.random.Generator, *, noisy: bool) -> int:
        """How many strings of a list one view shows."""
        if not noisy:
            return _SEEN_IDS if _is_whole(field) else _SEEN
        return 1 if field.name in _NAME.values() else int(rng.choice(_SAID, p=_SAID_OFTEN))


def _less(rows: Csr, without: Ints) -> Csr:
    """B lists, each without the id ``without`` (B,) names."""
    return rows.where(rows.ids != np.repeat(without, np.diff(rows.starts)))


def _is_whole(field: StringsField) -> bool:
    return isinstance(field, TextField) and field.units == "whole"


def _is_text(field: Field) -> bool:
    return isinstance(field, StringsField)


def _pool(field: StringsField, texts: list[str]) -> Csr:
    """The ids of each text, a chunk at a time."""
    parts = [field.pool(texts[at : at + _CHUNK]) for at in range(0, len(texts), _CHUNK)]
    ids = np.concatenate([np.zeros(0, np.int32), *(part.ids for part in parts)])
    lengths = np.concatenate([np.zeros(0, np.int64), *(np.diff(part.starts) for part in parts)])
    return Csr.of(ids, lengths)


def _vectors(field: VectorField, entities: Entities) -> Dense:
    count = len(entities.ids["title"])
    rows = (
        np.full((count, field.size), np.nan, np.float32) if entities.overview is None else entities.overview
    )
    present = np.isfinite(rows[:, 0]).astype(np.float32)
    return field.dense(np.nan_to_num(rows), present)
