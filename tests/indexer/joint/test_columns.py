"""What training shows of an entity, and what it hides."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.fields.arrays import Bag
from indexer.fields.rows import Kind
from indexer.fields.table import specs
from indexer.joint.columns import Columns
from indexer.joint.entities import ROLES, Entities, role_of
from indexer.joint.towers import Towers
from indexer.progress import Progress
from indexer.settings import VectorScope
from tests.indexer.joint.studio import Studio

WIDTH = 8
SILENT = Progress.silent()
NEIGHBOURS: dict[Kind, tuple[str, ...]] = {
    "title": ("title/acted_by", "title/directed_by", "title/made_by"),
    "person": ("person/acted_in", "person/made"),
}


@pytest.fixture(scope="module")
def entities() -> Entities:
    return Entities.from_catalog(Studio(), VectorScope(), SILENT)


@pytest.fixture(scope="module")
def columns(entities: Entities) -> Columns:
    lines = specs()
    return Columns(Towers(lines, {line.key: line.make(WIDTH) for line in lines}, WIDTH), entities)


def _seen(columns: Columns, kind: Kind, place: int, without: int | None) -> dict[str, int]:
    """How many ids each list of neighbours shows."""
    rng = np.random.default_rng(0)
    partner = None if without is None else np.array([without])
    seen = columns.seen(kind, np.array([place]), rng, partner, hidden=0.0)
    return {key: len(seen[key].lists().ids) for key in NEIGHBOURS[kind]}  # type: ignore[union-attr]


def test_the_credit_to_be_found_is_not_shown(columns: Columns, entities: Entities) -> None:
    title, person = (int(part[3]) for part in entities.credits)
    for kind, place, partner in (("title", title, person), ("person", person, title)):
        whole, shown = _seen(columns, kind, place, None), _seen(columns, kind, place, partner)  # type: ignore[arg-type]
        assert sum(whole.values()) == sum(shown.values()) + 1
        assert _seen(columns, kind, place, 999) == whole  # type: ignore[arg-type]


def test_the_names_of_a_row_stay_when_the_credit_is_hidden(columns: Columns, entities: Entities) -> None:
    title, person = (int(part[3]) for part in entities.credits)
    shown = columns.seen("title", np.array([title]), np.random.default_rng(0), np.array([person]), hidden=0.0)
    whole = columns.whole("title", np.array([title]))
    for key in ("title/cast", "title/character"):
        assert isinstance(shown[key], Bag)
        assert len(shown[key].ids) == len(whole[key].ids), key  # type: ignore[union-attr]


def test_somebody_of_a_single_title_is_nobodys_neighbour() -> None:
    studio = Studio()
    first = next(credit for credit in studio.credits if credit.person_id == 501)
    studio.credits = [credit for credit in studio.credits if credit.person_id != 501 or credit is first]
    entities = Entities.from_catalog(studio, VectorScope(), SILENT)
    once = int(entities.places("person", [501])[0])
    assert (
        len(entities.lists["person/acted_in"].take(np.array([once])).ids)
        + len(entities.lists["person/made"].take(np.array([once])).ids)
        == 1
    )
    for key in NEIGHBOURS["title"]:
        assert once not in entities.lists[key].ids


def test_every_category_has_a_role() -> None:
    assert [ROLES[role_of(category)] for category in ("actress", "self", "composer", "casting_director")] == [
        "cast", "cast", "composer", "other",
    ]  # fmt: skip
