from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexer.errors import FormatMismatch, IndexMissing, InputError, ShapeError
from indexer.fields.rows import Row
from indexer.fields.torch_ops import TorchOps
from indexer.joint.entities import Entities
from indexer.joint.space import JointSpace, halves
from indexer.joint.training import embed_entities, train_joint
from indexer.progress import Progress
from indexer.settings import JointSettings, Settings, VectorScope
from tests.indexer.joint.studio import Studio

SILENT = Progress.silent()
STUDIO = Studio()
TITLE_IDS, PERSON_IDS = range(100, 140), range(500, 540)


def settings(epochs: int = 25, **joint: Any) -> Settings:
    return Settings(
        threads=1, joint=JointSettings(width=32, epochs=epochs, batch=64, learning_rate=0.005, **joint)
    )


@pytest.fixture(scope="module", autouse=True)
def epochs_as_set() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("indexer.joint.loop._LEAST_STEPS", 1)
        yield


@pytest.fixture(scope="module")
def space() -> JointSpace:
    return train_joint(STUDIO, settings(), SILENT)


@pytest.fixture(scope="module")
def vectors(space: JointSpace) -> dict[str, np.ndarray[Any, Any]]:
    return {
        "title": embed_entities(space, STUDIO, "title", TITLE_IDS, SILENT),
        "person": embed_entities(space, STUDIO, "person", PERSON_IDS, SILENT),
    }


def nearest(space: JointSpace, vectors: dict[str, np.ndarray[Any, Any]], row: Row) -> int:
    first, _ = halves(vectors[row.kind])
    return int((first @ space.encode([row])[0]).argmax())


def test_a_checkerboard_of_credits_is_learned(vectors: dict[str, np.ndarray[Any, Any]]) -> None:
    likeness = vectors["title"] @ vectors["person"].T
    credited = np.zeros((40, 40), bool)
    for credit in STUDIO.credits:
        credited[credit.title_id - 100, credit.person_id - 500] = True
    first = np.argsort(-likeness, axis=1)[:, :6]
    assert np.take_along_axis(credited, first, 1).mean() > 0.6  # 0.15 by chance
    studio = (np.arange(40)[:, None] + np.arange(40)) % 2 == 0
    assert np.take_along_axis(studio, first, 1).mean() > 0.9  # 0.5 by chance


def test_misspelt_names_find_their_entities(
    space: JointSpace, vectors: dict[str, np.ndarray[Any, Any]]
) -> None:
    def slip(name: str) -> str:
        return name[:6] + name[7:]

    titles = [nearest(space, vectors, Row("title", {"title": slip(title.name)})) for title in STUDIO.titles]
    people = [
        nearest(space, vectors, Row("person", {"person": slip(person.name)})) for person in STUDIO.people
    ]
    assert np.mean(np.array(titles) == np.arange(40)) > 0.85
    assert np.mean(np.array(people) == np.arange(40)) > 0.85


def test_two_of_the_cast_and_a_year_find_a_title(
    space: JointSpace, vectors: dict[str, np.ndarray[Any, Any]]
) -> None:
    found = []
    for place, title in enumerate(STUDIO.titles):
        cast = [credit.person_id - 500 for credit in STUDIO.credits if credit.title_id == title.id][1:3]
        row = Row("title", {"cast": tuple(STUDIO.people[at].name for at in cast), "year": title.year})
        found.append(nearest(space, vectors, row) == place)
    assert np.mean(found) > 0.6


def test_a_person_of_unsaid_function_is_looked_for_in_the_cast(space: JointSpace) -> None:
    rows = [Row("title", {"person": "Kalo Miren"}), Row("title", {"cast": ("Kalo Miren",)})]
    said, meant = space.encode(rows)
    np.testing.assert_allclose(said, meant)


def test_rows_are_unit_vectors_and_the_same_alone_and_in_a_batch(space: JointSpace) -> None:
    rows = [
        Row("title", {"title": "Kalo"}),
        Row("person", {"person": "Kalo", "born": 1930}),
        Row("title", {"year": 1960}),
    ]
    together = space.encode(rows)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    for row, vector in zip(rows, together, strict=True):
        np.testing.assert_allclose(space.encode([row])[0], vector, atol=1e-5)
    assert space.encode([]).shape == (0, 32)


def test_serving_with_numpy_gives_what_torch_gives(
    space: JointSpace, vectors: dict[str, np.ndarray[Any, Any]]
) -> None:
    import torch

    rows: list[dict[str, Any]] = [{"title/title": "Kalo Mi"}, {"title/year": 1960}]
    batches = {
        key: space.towers.fields[key].features([row.get(key) for row in rows])
        for key in ("title/title", "title/year")
    }
    ops = TorchOps()
    tensors = {name: torch.from_numpy(np.asarray(array, np.float32)) for name, array in space.weights.items()}
    expected = space.towers.encode(
        "title", {key: batch.on(ops) for key, batch in batches.items()}, tensors, ops
    )
    found = space.encode([Row("title", {"title": "Kalo Mi"}), Row("title", {"year": 1960})])
    np.testing.assert_allclose(found, expected.numpy(), atol=1e-5)


def test_the_model_remembers_years_and_genres(
    space: JointSpace, vectors: dict[str, np.ndarray[Any, Any]]
) -> None:
    action = space.log_likelihood(halves(vectors["title"])[0], "genres", ("Action",), "title")
    assert action[0::2].mean() > action[1::2].mean() + 0.2
    early = space.log_likelihood(halves(vectors["title"])[0], "decade", "1950s", "title")
    assert early[:10].mean() > early[20:].mean() + 0.2
    assert not space.log_likelihood(halves(vectors["title"])[0], "year", None, "title").any()
    # Each person's letters against those of another: decoders of people learn too.
    names = [person.name for person in STUDIO.people]
    people = halves(vectors["person"])[0]
    own, other = (
        np.array(
            [
                space.log_likelihood(people[at : at + 1], "person", names[at - back], "person")[0]
                for at in range(40)
            ]
        )
        for back in (0, 13)
    )
    assert (own > other).mean() > 0.75
    with pytest.raises(InputError, match="a person row has no field 'year': known are born, cast"):
        space.log_likelihood(halves(vectors["person"])[0], "year", 1999, "person")
    with pytest.raises(ShapeError, match=r"shape \(K, 32\), not \(2, 3\)"):
        space.log_likelihood(np.zeros((2, 3), np.float32), "year", 1999, "title")


@pytest.mark.parametrize(("threads", "used"), [(0, 1), (2, 2)])
def test_training_takes_one_thread_unless_told_and_gives_the_others_back(threads: int, used: int) -> None:
    import torch

    before, seen = torch.get_num_threads(), []

    class Watched(Studio):
        def scope_titles(self, scope: VectorScope) -> Any:
            seen.append(torch.get_num_threads())
            raise InputError("stop")

    with pytest.raises(InputError, match="stop"):
        train_joint(Watched(), settings().replace(threads=threads), SILENT)
    assert set(seen) == {used}
    assert torch.get_num_threads() == before


def test_a_new_title_lies_near_those_it_works_with_without_training_again(
    space: JointSpace, vectors: dict[str, np.ndarray[Any, Any]]
) -> None:
    studio = tuple(f"nm{500 + place:07}" for place in range(1, 12, 2))
    new = space.entity_vectors([Row("title", {"title": "Never Heard Of", "year": 2030, "acted_by": studio})])
    np.testing.assert_allclose(np.linalg.norm(new), 1, atol=1e-5)
    likeness = vectors["person"] @ space.asking(new, "cast", "title")[0]
    assert likeness[1::2].mean() > likeness[0::2].mean() + 0.2


def test_a_held_out_credit_is_found_by_the_others(space: JointSpace) -> None:
    hidden = STUDIO.credits[::9]
    pairs = {(int(credit.title_id), int(credit.person_id)) for credit in hidden}

    def keep(titles: np.ndarray[Any, Any], people: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        return np.array([pair not in pairs for pair in zip(titles.tolist(), people.tolist(), strict=True)])

    partial = train_joint(STUDIO, settings(), SILENT, keep=keep)
    entities = Entities.from_catalog(STUDIO, VectorScope(), SILENT, keep=keep)
    titles = embed_entities(partial, STUDIO, "title", TITLE_IDS, SILENT, entities=entities)
    people = embed_entities(partial, STUDIO, "person", PERSON_IDS, SILENT, entities=entities)
    likeness = partial.asking(titles, None, "title") @ people.T
    own = np.array([likeness[title - 100, person - 500] for title, person in pairs])
    other = np.array([likeness[title - 100, (person - 500 + 1) % 40] for title, person in pairs])
    assert (own > other).mean() > 0.9  # the next person is of the other studio


def test_a_query_for_a_role_is_refused_where_nobody_has_it(space: JointSpace) -> None:
    vectors = space.entity_vectors([Row("title", {"title": "Kalo"})])
    with pytest.raises(InputError, match="unknown role 'star': known are cast, director"):
        space.asking(vectors, "star", "title")
    asked = space.asking(vectors, None, "title")
    assert asked.shape == (1, 64)
    assert not asked[:, :32].any()  # credits are asked of the second half


def test_a_saved_space_serves_the_same(space: JointSpace, tmp_path: Path) -> None:
    space.save(tmp_path)
    again = JointSpace.load(tmp_path)
    rows = [
        Row("title", {"title": "Kalo", "genres": ("Drama",), "runtime": 90}),
        Row("person", {"person": "Kalo"}),
    ]
    np.testing.assert_allclose(again.encode(rows), space.encode(rows), atol=1e-6)
    assert again.facts == space.facts
    assert again.settings == space.settings


def test_a_space_of_another_version_says_what_differs(space: JointSpace, tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match=r"no joint space at .*make index"):
        JointSpace.load(tmp_path)
    space.save(tmp_path)
    head = tmp_path / "space.json"
    text = head.read_text()
    head.write_text(text.replace('"format": 2', '"format": 9'))
    with pytest.raises(FormatMismatch, match="has format 9, expected 2: rebuild"):
        JointSpace.load(tmp_path)
    head.write_text(text.replace("title/decade", "title/colour"))
    with pytest.raises(FormatMismatch, match="has a field title/colour that this version lacks"):
        JointSpace.load(tmp_path)
    digits = '"digits", "digits": 4, "base": 10,\n   "name": "title/decade"'
    head.write_text(text.replace('"category",\n   "name": "title/decade"', digits))
    with pytest.raises(FormatMismatch, match="field title/decade is digits, which does not take"):
        JointSpace.load(tmp_path)


def test_one_seed_gives_one_space() -> None:
    rows = [Row("title", {"title": "Kalo"}), Row("person", {"person": "Miren", "title": "Tu"})]
    first, second, other = (
        train_joint(STUDIO, settings(2).replace(seed=seed), SILENT).encode(rows) for seed in (7, 7, 8)
    )
    np.testing.assert_allclose(first, second, atol=1e-5)
    assert np.abs(first - other).max() > 0.01


def test_ids_out_of_scope_have_no_vector(space: JointSpace) -> None:
    rows = embed_entities(space, STUDIO, "title", [100, 99_999], SILENT)
    assert np.isfinite(rows[0]).all()
    assert np.isnan(rows[1]).all()


def test_a_row_that_says_nothing_is_refused(space: JointSpace) -> None:
    with pytest.raises(
        InputError, match="a person row says none of its fields: give at least one of person, born"
    ):
        space.encode([Row("person", {"year": 1999})])


def test_no_credits_at_all_are_refused() -> None:
    empty = Studio()
    empty.credits = []
    with pytest.raises(InputError, match="no title in scope has a credit: lower vectors"):
        train_joint(empty, settings(), SILENT)


def test_overviews_take_part_where_there_are_some() -> None:
    plots = np.random.default_rng(0).standard_normal((20, 6)).astype(np.float32)
    space = train_joint(STUDIO, settings(1), SILENT, overview=(np.arange(100, 120), plots))
    assert "title/overview" in space.towers.fields
    assert np.isfinite(embed_entities(space, STUDIO, "title", TITLE_IDS, SILENT)).all()


def test_credits_held_out_reach_no_field() -> None:
    held = STUDIO.credits[3]

    def keep(titles: Any, people: Any) -> Any:
        return ~((titles == held.title_id) & (people == held.person_id))

    whole = Entities.from_catalog(STUDIO, VectorScope(), SILENT)
    known = Entities.from_catalog(STUDIO, VectorScope(), SILENT, keep=keep)
    title, person = held.title_id - 100, held.person_id - 500

    def cast(entities: Entities) -> list[int]:
        people: list[int] = entities.lists["title/cast"].take(np.array([title])).ids.tolist()
        return people

    assert person in cast(whole)
    assert person not in cast(known)
    assert len(known.credits[0]) == len(whole.credits[0]) - 1
    character = known.pools["characters"].index(held.characters[0].lower())
    assert character not in known.lists["title/character"].take(np.array([title])).ids
    named = known.lists["title/title"].take(np.array([title])).ids[0]
    assert named not in known.lists["person/title"].take(np.array([person])).ids


def test_without_credit_fields_rows_hold_no_other_names() -> None:
    space = train_joint(STUDIO, settings(1), SILENT, credit_fields=False)
    assert not {"title/cast", "person/title"} & set(space.towers.fields)


def test_a_small_catalogue_is_seen_more_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.joint.loop._LEAST_STEPS", 9)
    space = train_joint(Studio(8, cast=3), settings(1), SILENT)
    assert space.facts["credits"] >= 9 * 24  # 24 credits in one step an epoch


def test_training_ends_at_its_time_limit() -> None:
    space = train_joint(STUDIO, settings(1000, max_minutes=0.01), SILENT)
    assert 0 < space.facts["credits"] < 240_000
