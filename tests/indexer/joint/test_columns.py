"""What training shows of an entity, and what it hides."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.fields.arrays import Bag, Csr
from indexer.fields.table import specs
from indexer.joint.columns import Columns
from indexer.joint.entities import ROLES, Entities, role_of
from indexer.joint.towers import Towers
from indexer.progress import Progress
from indexer.settings import VectorScope
from tests.indexer.joint.studio import Studio

WIDTH = 8
SILENT = Progress.silent()


@pytest.fixture(scope="module")
def entities() -> Entities:
    return Entities.from_catalog(Studio(), VectorScope(), SILENT)


@pytest.fixture(scope="module")
def columns(entities: Entities) -> Columns:
    lines = specs()
    return Columns(Towers(lines, {line.key: line.make(WIDTH) for line in lines}, WIDTH), entities)


def _shown(columns: Columns, entities: Entities, kind: str, place: int, without: int) -> dict[str, Csr]:
    rng = np.random.default_rng(0)
    seen = columns.seen(kind, np.array([place]), rng, np.array([without]), hidden=0.0)  # type: ignore[arg-type]
    lists = entities.owners
    return {key: batch.lists() for key, batch in seen.items() if key in lists and isinstance(batch, Bag)}


def test_a_title_without_its_partner_shows_no_trace_of_them(columns: Columns, entities: Entities) -> None:
    title, person = (int(part[0]) for part in entities.credits)
    for key, owners in entities.owners.items():
        if key.startswith("title/"):
            lists = entities.lists[key]
            own = owners[lists.starts[title] : lists.starts[title + 1]]
            kept = _shown(columns, entities, "title", title, person)[key]
            whole = columns.whole("title", np.array([title]))[key]
            assert isinstance(whole, Bag)
            if person in own:
                assert len(kept.ids) < len(whole.ids), key


def test_a_person_without_a_title_loses_what_came_through_it(columns: Columns, entities: Entities) -> None:
    person = int(entities.credits[1][0])
    titles = entities.credits[0][entities.credits[1] == person]
    kept = _shown(columns, entities, "person", person, int(titles[0]))["person/acted_in"]
    nothing = _shown(columns, entities, "person", person, -1)["person/acted_in"]
    assert len(nothing.ids) - len(kept.ids) <= 1
    hidden = (
        entities.lists["person/title"]
        .take(np.array([person]))
        .where(
            entities.owners["person/title"][
                entities.lists["person/title"].starts[person] : entities.lists["person/title"].starts[
                    person + 1
                ]
            ]
            != titles[0]
        )
    )
    assert len(hidden.ids) == len(titles) - 1


def test_owners_stand_beside_every_item_that_came_of_a_credit(entities: Entities) -> None:
    pairs = set(zip(*(part.tolist() for part in entities.credits), strict=True))
    for key, owners in entities.owners.items():
        lists = entities.lists[key]
        assert len(owners) == len(lists.ids)
        whose = np.repeat(np.arange(len(lists)), np.diff(lists.starts))
        for own, other in zip(whose.tolist(), owners.tolist(), strict=True):
            assert ((own, other) if key.startswith("title/") else (other, own)) in pairs, key


def test_nobody_is_their_own_neighbour_and_once_is_no_neighbourhood(entities: Entities) -> None:
    titles, people = entities.credits
    often = np.bincount(people, minlength=len(entities.ids["person"]))
    for key in ("title/acted_by", "title/directed_by", "title/made_by"):
        assert (often[entities.lists[key].ids] > 1).all()
    acted = entities.lists["person/acted_in"]
    assert acted.ids.max() < len(np.unique(titles))


def test_every_category_has_a_role() -> None:
    assert [ROLES[role_of(category)] for category in ("actress", "self", "composer", "casting_director")] == [
        "cast", "cast", "composer", "other",
    ]  # fmt: skip
