"""The field evaluations: figures by hand, and each comparison on data where the answer is known."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
import torch

from evals.fields import encodings, reconstruction, texts
from evals.fields.reconstruction import Remembered, measured
from evals.tables import Line
from indexer.errors import InputError
from indexer.fields.base import Field
from indexer.fields.boolean import BooleanField
from indexer.fields.category import CategoryField
from indexer.fields.numbers import NumericDigitCategoryField
from indexer.fields.rows import Kind
from indexer.fields.scalar import ScalarField
from indexer.fields.text import TextField
from indexer.fields.vector import VectorField
from indexer.index import Index
from indexer.joint.space import JointSpace
from indexer.joint.training import embed_entities, train_joint
from indexer.progress import Progress
from indexer.settings import JointSettings, Settings, VectorScope
from indexer.vectors import Table, Vectors
from tests.indexer.tiny import tiny_index

SILENT = Progress.silent()


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """Eight titles and nine people in a joint space."""
    settings = Settings(
        threads=1, vectors=VectorScope(min_votes=0), joint=JointSettings(width=16, max_minutes=0.02)
    )
    with Index.open(tiny_index(tmp_path_factory.mktemp("fields"))) as opened:
        space = train_joint(opened.catalog, settings, SILENT)
        tables = {name: embedded(opened, space, kind, name) for kind, name in reconstruction.KINDS}
        found = SimpleNamespace(
            catalog=opened.catalog, settings=settings, joint=space, vectors=Vectors(Path(), tables, None)
        )
        yield cast("Index", found)


def embedded(index: Index, space: JointSpace, kind: Kind, name: str) -> Table:
    titles = index.catalog.scope_titles(VectorScope(min_votes=0))
    ids = np.array(titles if kind == "title" else index.catalog.scope_people(titles), np.int64)
    return Table(name, ids, embed_entities(space, index.catalog, kind, ids, SILENT))


def told(field: Field, values: list[Any], said: list[Any]) -> dict[str, Line]:
    """Lines of a field whose latents, one for each value, say exactly what ``said`` says."""
    width = len(values)
    weights = field.initial(np.random.default_rng(0))
    weights[f"{field.name}.bias"][:] = 0
    weights[f"{field.name}.decoder"] = answers(field, said)
    row = Remembered(field, np.eye(width, dtype=np.float32), values, weights)
    return {line.what.partition(": ")[2]: line for line in measured(row)}


def answers(field: Field, said: list[Any]) -> np.ndarray[Any, Any]:
    if isinstance(field, ScalarField):
        return np.array([[field.scaled(value)] for value in said], np.float32)
    if isinstance(field, BooleanField):
        return np.array([[9.0 if value else -9.0] for value in said], np.float32)
    size = field.initial(np.random.default_rng(0))[f"{field.name}.decoder"].shape[1]
    found = np.full((len(said), size), -9, np.float32)
    for row, value in zip(found, said, strict=True):
        row[field.features([value]).lists().ids] = 9  # type: ignore[union-attr]
    return found


def test_a_category_is_measured_by_exact_words_beside_the_commonest() -> None:
    field = CategoryField("title/type", 4, classes=("movie", "short"))
    line = told(field, ["movie", "movie", "movie", "short"], ["movie", "movie", "short", "short"])["exact"]
    assert (line.value, line.baseline) == (75, 75)


def test_several_words_are_measured_by_f1_beside_the_best_constant() -> None:
    field = CategoryField("title/genres", 2, multi=True, classes=("action", "drama", "war"))
    lines = told(field, [("Drama", "War"), ("Drama",)], [("drama",), ("drama", "action")])
    assert lines["F1"].value == pytest.approx(100 * 2 * 2 / (3 + 3))
    assert lines["F1"].baseline == pytest.approx(100 * 2 * 3 / (4 + 3))  # always both
    assert lines["exact"].value == 0


def test_a_number_by_digits_has_exact_ones_right_digits_and_an_error() -> None:
    field = NumericDigitCategoryField("title/year", 2)
    lines = told(field, [1999, 2001], [1999, 2011])
    assert lines["exact"].value == 50
    assert lines["digits right"].value == 87.5
    assert (lines["mean error"].value, lines["mean error"].unit) == (5, "years")
    assert lines["mean error"].baseline == 1


def test_a_missing_number_that_is_a_class_can_be_right() -> None:
    field = NumericDigitCategoryField("person/died", 3, missing="class")
    weights = field.initial(np.random.default_rng(0))
    weights["person/died.decoder"][:] = 0
    weights["person/died.bias"][-1] = 5
    row = Remembered(field, np.eye(3, dtype=np.float32), [None, None, 1999], weights)
    exact = measured(row)[0]
    assert [exact.value, exact.baseline] == pytest.approx([200 / 3, 200 / 3])


def test_a_scalar_is_measured_by_its_error_in_its_own_unit() -> None:
    field = ScalarField("title/runtime", 3, scale="log", mean=4, deviation=1)
    line = told(field, [90, 100, 130], [95, 100, 120])["mean error"]
    assert line.value == pytest.approx(5, rel=1e-3)
    assert line.baseline == pytest.approx(40 / 3)
    assert line.unit == "min"


def test_a_boolean_is_measured_by_exact_answers() -> None:
    line = told(BooleanField("title/adult", 4), [True, False, False, False], [True, False, True, False])[
        "exact"
    ]
    assert (line.value, line.baseline) == (75, 75)


def test_a_text_is_measured_by_how_often_it_is_likelier_than_others() -> None:
    field = TextField("title/title", 3, "titles", hashes=1024)
    lines = told(field, ["alien", "jaws", "psycho"], ["alien", "jaws", "alien"])
    assert lines["first among 3"].value == pytest.approx(200 / 3)
    assert lines["first among 3"].baseline == pytest.approx(100 / 3)


def test_equal_values_are_no_rivals() -> None:
    field = TextField("title/title", 3, "titles", hashes=1024)
    assert (
        told(field, ["psycho", "psycho", "jaws"], ["psycho", "psycho", "jaws"])["first among 3"].value == 100
    )


def test_a_vector_is_measured_as_text_is() -> None:
    field = VectorField("title/overview", 3, size=3)
    weights = {"title/overview.decoder": np.eye(3, dtype=np.float32)}
    rows = list(
        np.diag([1.0, 1.0, -1.0]).astype(np.float32)
    )  # the last is the opposite of what is remembered
    found = measured(Remembered(field, np.eye(3, dtype=np.float32), rows, weights))
    assert [line.what for line in found] == ["title/overview: first among 3"]
    assert found[0].value == pytest.approx(200 / 3)


def test_a_joint_space_is_measured_field_by_field(index: Index) -> None:
    table = reconstruction.run(index, SILENT, sample=8)
    fields = {line.what.partition(":")[0] for line in table.lines}
    assert {
        "title/title",
        "title/year",
        "title/votes",
        "title/adult",
        "person/died",
        "person/title",
    } <= fields
    assert all(np.isfinite(line.value) for line in table.lines)


def test_encodings_are_compared_on_the_same_titles(index: Index) -> None:
    size = encodings.Size(train=6, test=2, steps=3, seeds=2)
    table = encodings.run(index, SILENT, size)
    names = [line.what for line in table.lines]
    assert "rating from joint vectors: scalar, log" in names
    assert "year from joint vectors: digits, base 10, expected" in names
    assert len(names) == len(set(names)) == 3 * 8


def test_a_probe_learns_a_number_that_the_vectors_hold() -> None:
    rng = np.random.default_rng(1)
    inputs = rng.standard_normal((600, 6)).astype(np.float32)
    numbers = np.clip(np.rint(50 + 15 * inputs[:, 0]), 0, 99).astype(np.int64)
    split = encodings.Split(inputs, numbers, 500)
    target = encodings.Target("runtime", "min", 2, 0, lambda title: title.runtime)
    lines = encodings.compared("x", target, split, encodings.Size(steps=150, seeds=2))
    errors = {line.what: line.value for line in lines}
    assert lines[0].baseline is not None
    assert errors["x: scalar, standardise"] < 0.4 * lines[0].baseline
    assert errors["x: digits, base 10"] < lines[0].baseline


def test_the_interval_is_students_over_seeds() -> None:
    assert encodings.interval([3.0]) == (3.0, 0.0)
    assert encodings.interval([1.0, 2.0, 3.0])[1] == pytest.approx(4.303 / 3**0.5)


def test_encoders_of_text_learn_to_find_what_was_meant(index: Index) -> None:
    syllables = ("ka", "lo", "mi", "ren", "tu", "sha", "vel", "or", "ban", "dri", "fe", "gol")
    every = [f"{a}{b}{c} {c}{a}" for a in syllables for b in syllables for c in syllables[:4]]
    rng = np.random.default_rng(0)
    mixed = [every[place] for place in rng.permutation(len(every))]
    slips = [name[:2] + name[3:] for name in mixed[:40]]
    names = texts.Names(mixed[:100], slips, np.arange(40), mixed[100:])
    for name, encoder in texts.ENCODERS.items():
        taught = texts.Taught(encoder(), names.teaching, 1)
        before = np.mean([rank < 10 for rank in texts.ranks(taught, names)])
        steps = taught.learn(texts.Size(seconds=0.4, batch=64))
        after = np.mean([rank < 10 for rank in texts.ranks(taught, names)])
        assert steps > 0
        assert after >= before - 0.1, name
        assert after > 0.3, name  # 0.1 by chance


def test_names_of_the_catalogue_are_split_into_candidates_and_others(index: Index) -> None:
    names = texts.Names.of(index.catalog, texts.Size(candidates=5, queries=3, teaching=100))
    assert not set(names.candidates) & set(names.teaching)
    assert len(names.asked) == len(names.places) <= 3
    assert all(0 <= place < len(names.candidates) for place in names.places)


def test_a_catalogue_without_names_says_so(tmp_path: Path) -> None:
    class Empty:
        def iter_people_names(self) -> Iterator[tuple[int, str]]:
            yield 1, "Keanu Reeves"

        def iter_names(self, kind: str = "title") -> Iterator[tuple[int, str]]:
            yield from ()

    with pytest.raises(InputError, match="the catalogue has 1 names: at least 4"):
        texts.Names.of(Empty(), texts.Size())  # type: ignore[arg-type]
