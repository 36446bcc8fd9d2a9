"""One contract for every kind of field; a field without an entry here fails the suite."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file

from indexer.errors import FormatMismatch, InputError, ShapeError
from indexer.fields.arrays import Bag, NumpyOps
from indexer.fields.base import Field
from indexer.fields.boolean import BooleanField
from indexer.fields.category import CategoryField
from indexer.fields.convolution import ConvolutionField
from indexer.fields.numbers import NumericDigitCategoryField
from indexer.fields.scalar import ScalarField
from indexer.fields.table import KINDS
from indexer.fields.text import TextField
from indexer.fields.torch_ops import TorchOps
from indexer.fields.vector import VectorField
from indexer.fields.words import WordVectorField

WIDTH = 16


@dataclass(frozen=True)
class Case:
    make: Callable[[], Field]
    values: tuple[Any, ...]  # four different ones
    unseen: Any  # encodes without an error
    rendered: str  # of the first value
    alike: int = 4  # how many of the values differ (a boolean has two)
    frozen: str = ""  # the weights that training leaves as they are
    told: bool = True  # whether values are predicted, which texts are not


YEARS, RATINGS = (1999, 1984, 2003, 1954), (7.8, 2.3, 5.0, 9.1)
KEYWORDS = (("space", "alien"), ("love", "letter"), ("heist", "gang"), ("zombie", "virus"))
GENRES = (("Action", "Sci-Fi"), ("Drama",), ("Comedy",), ("Drama", "Horror"))
NAMES = ("The Matrix", "Alien", ("Rocky II", "Rocky 2"), "Se7en")
DIRECTIONS = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0), (-1.0, -1.0, 0.0))


def _text(units: Literal["grams", "pieces", "both", "whole"]) -> Case:
    def make() -> Field:
        return TextField("title/title", WIDTH, "titles", hashes=256, numbers=True, units=units)

    return Case(make, NAMES, "Ωmega ½", "The Matrix", told=False)


def _digits(values: tuple[Any, ...], unseen: Any, rendered: str, **options: Any) -> Case:
    return Case(lambda: NumericDigitCategoryField("title/year", WIDTH, **options), values, unseen, rendered)


def _scalar(values: tuple[Any, ...], unseen: Any, rendered: str, **options: Any) -> Case:
    return Case(lambda: ScalarField("title/runtime", WIDTH, **options), values, unseen, rendered)


CASES = {
    "text": _text("grams"),
    "text, word pieces": _text("pieces"),
    "text, both": _text("both"),
    "text, whole": _text("whole"),
    "convolution": Case(
        lambda: ConvolutionField("title/title", WIDTH, "titles", numbers=True, letters=8, filters=24),
        NAMES,
        "Ωmega ½",
        "The Matrix",
        told=False,
    ),
    "category": Case(
        lambda: CategoryField("title/genres", WIDTH, multi=True), GENRES, ("Telenovela",), "Action, Sci-Fi"
    ),
    "category, single": Case(
        lambda: CategoryField("title/type", WIDTH), ("movie", "short", "video", "tvSeries"), "x", "movie"
    ),
    "digits": _digits(YEARS, -3, "1999"),
    "digits, base 2": _digits(YEARS, 5000, "1999", digits=11, base=2),
    "digits, fractions": _digits(RATINGS, 123.4, "7.8", digits=2, fraction_digits=1),
    "digits, sign": _digits((-44, 44, 1999, -1999), 10_000, "-44", sign=True),
    "digits, missing a class": _digits(YEARS, 10_000, "1999", missing="class"),
    "scalar": _scalar((5, 45, 90, 240), 51_420, "5", scale="log"),
    "scalar, standardise": _scalar(YEARS, 2_000_000, "1999", scale="standardise"),
    "scalar, min-max": _scalar(RATINGS, -5, "7.8", scale="min-max", clip=None),
    "scalar, none": _scalar((0.1, 0.9, -0.7, 1.4), float("nan"), "0.1", scale="none", clip=None),
    "boolean": Case(
        lambda: BooleanField("title/adult", WIDTH), (True, False, False, True), "perhaps", "yes", alike=2
    ),
    "vector": Case(
        lambda: VectorField("title/overview", WIDTH, size=3),
        DIRECTIONS,
        (5.0, 5.0, -5.0),
        "a vector of 3 numbers",
    ),
    "words": Case(
        lambda: WordVectorField("title/keywords", WIDTH, size=4),
        KEYWORDS,
        ("brontosaurus",),
        "space, alien",
        frozen="title/keywords.words",
    ),
}


def test_every_kind_of_field_has_an_entry() -> None:
    assert {case.make().kind for case in CASES.values()} == set(Field.kinds)
    assert set(KINDS) == set(Field.kinds.values())


@pytest.fixture(params=sorted(CASES))
def case(request: pytest.FixtureRequest) -> Case:
    return CASES[request.param]


@pytest.fixture
def field(case: Case) -> Field:
    made = case.make()
    made.learn(iter(case.values * 3))
    return made


def start(field: Field) -> dict[str, np.ndarray[Any, Any]]:
    return field.initial(np.random.default_rng(3))


def fitted(
    field: Field, values: tuple[Any, ...], latents: torch.Tensor, steps: int = 150
) -> tuple[float, float, dict[str, torch.Tensor]]:
    ops = TorchOps()
    weights = {name: torch.from_numpy(array).requires_grad_() for name, array in start(field).items()}
    batch = field.features(values)
    optimiser = torch.optim.Adam(weights.values(), lr=0.05)
    losses: list[float] = []
    for _ in range(steps):
        optimiser.zero_grad()
        loss = field.loss(latents, batch.on(ops), weights, ops)
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    return losses[0], losses[-1], weights


def test_fits_and_beats_the_best_constant(field: Field, case: Case) -> None:
    telling, constant = torch.eye(4, WIDTH), torch.ones(4, WIDTH) / 4
    first, told, _ = fitted(field, case.values, telling)
    _, best_constant, _ = fitted(field, case.values, constant)
    assert told < first
    assert told < best_constant - 0.3


def test_what_was_fitted_is_predicted(field: Field, case: Case) -> None:
    latents = torch.eye(4, WIDTH)
    _, _, weights = fitted(field, case.values, latents, 300)
    found = field.predicted(latents, weights, TorchOps())
    assert len(found) == 4
    if not case.told:
        assert found == [None] * 4
        return
    if isinstance(field, CategoryField | NumericDigitCategoryField | BooleanField):
        expected = [_lower(value) for value in case.values]
        assert found == expected
    if isinstance(field, ScalarField):
        np.testing.assert_allclose(found, case.values, rtol=0.1, atol=0.1)
    if isinstance(field, VectorField | WordVectorField):
        scores = field.score(latents, field.features(case.values).on(TorchOps()), weights, TorchOps())
        assert (scores > 9.5).all()  # ten times the cosine


def _lower(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(word.lower() for word in value)
    return value.lower() if isinstance(value, str) else value


def test_a_value_encodes_the_same_alone_and_in_a_batch(field: Field, case: Case) -> None:
    weights, ops = start(field), NumpyOps()
    together = field.encode(field.features([*case.values, None]), weights, ops)
    for place, value in enumerate(case.values):
        alone = field.encode(field.features([value]), weights, ops)[0]
        np.testing.assert_allclose(alone, together[place], atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(together[:4], axis=1), 1, atol=1e-4)


def test_numpy_and_torch_agree(field: Field, case: Case) -> None:
    arrays, values = start(field), [*case.values, None, case.unseen]
    tensors = {name: torch.from_numpy(array) for name, array in arrays.items()}
    batch, numpy_ops, torch_ops = field.features(values), NumpyOps(), TorchOps()
    latent = np.random.default_rng(0).standard_normal((6, WIDTH)).astype(np.float32)
    np.testing.assert_allclose(
        field.encode(batch, arrays, numpy_ops),
        field.encode(batch.on(torch_ops), tensors, torch_ops),
        atol=1e-5,
    )
    np.testing.assert_allclose(
        field.score(latent, batch, arrays, numpy_ops),
        field.score(torch.from_numpy(latent), batch.on(torch_ops), tensors, torch_ops),
        atol=1e-4,
    )


def test_different_values_encode_differently(field: Field, case: Case) -> None:
    rows = field.encode(field.features(case.values[: case.alike]), start(field), NumpyOps())
    likeness = rows @ rows.T - np.eye(case.alike)
    assert likeness.max() < 0.98


def test_state_and_weights_come_back_from_files(field: Field, case: Case, tmp_path: Path) -> None:
    again = Field.from_configuration(json.loads(json.dumps(field.configuration())))
    save_file(start(field), tmp_path / "weights.safetensors")
    weights = load_file(tmp_path / "weights.safetensors")
    ops, latent = NumpyOps(), np.ones((2, WIDTH), np.float32)
    values = [*case.values, None]
    np.testing.assert_allclose(
        again.encode(again.features(values), weights, ops),
        field.encode(field.features(values), weights, ops),
        atol=1e-5,
    )
    for value in values:
        expected = field.log_likelihood(latent, value, weights, ops)
        np.testing.assert_allclose(again.log_likelihood(latent, value, weights, ops), expected, atol=1e-4)


def test_missing_values_are_zeros_without_loss_or_likelihood(field: Field) -> None:
    weights, ops, latent = start(field), NumpyOps(), np.ones((3, WIDTH), np.float32)
    batch = field.features([None, None])
    assert not field.encode(batch, weights, ops).any()
    assert float(field.loss(latent[:2], batch, weights, ops)) == pytest.approx(0)
    assert not field.log_likelihood(latent, None, weights, ops).any()


def test_a_never_seen_value_is_finite(field: Field, case: Case) -> None:
    weights, ops = start(field), NumpyOps()
    assert np.isfinite(field.encode(field.features([case.unseen]), weights, ops)).all()
    assert np.isfinite(field.log_likelihood(np.ones((3, WIDTH), np.float32), case.unseen, weights, ops)).all()


def test_gradients_flow_to_every_weight(field: Field, case: Case) -> None:
    ops = TorchOps()
    weights = {name: torch.from_numpy(array).requires_grad_() for name, array in start(field).items()}
    batch = field.features(case.values).on(ops)
    latent = field.encode(batch, weights, ops)
    (field.loss(latent, batch, weights, ops) + latent.sum()).backward()
    still = {name for name, tensor in weights.items() if tensor.grad is None or not tensor.grad.abs().sum()}
    assert still == ({case.frozen} if case.frozen else set())


def test_values_are_shown_as_text(field: Field, case: Case) -> None:
    assert field.render(case.values[0]) == case.rendered
    assert field.render(None) == "unknown"


def test_an_unknown_kind_in_a_file_is_named() -> None:
    with pytest.raises(FormatMismatch, match="unknown kind of field 'hologram': known are boolean, category"):
        Field.from_configuration({"kind": "hologram", "name": "title/x", "width": 4})


def test_a_vector_of_another_length_is_refused() -> None:
    with pytest.raises(ShapeError, match=r"vectors of 3 numbers, not of shape \(2,\)"):
        VectorField("title/overview", WIDTH, size=3).features([(1.0, 2.0)])


def test_an_option_that_a_kind_lacks_is_named() -> None:
    saved = {"kind": "boolean", "name": "title/adult", "width": 4, "colour": 3}
    with pytest.raises(FormatMismatch, match="title/adult is boolean, which does not take colour"):
        Field.from_configuration(saved)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ScalarField("a/b", 4, scale="plain"), "scale of a/b is 'plain': expected none, standardise"),  # type: ignore[arg-type]
        (lambda: ScalarField("a/b", 4, clip=0), "clip of a/b is 0: expected a number of deviations above 0"),
        (lambda: NumericDigitCategoryField("a/b", 4, base=1), "4 and 0 digits of base 1: expected a base"),
        (lambda: NumericDigitCategoryField("a/b", 4, digits=60, base=2), "60 and 0 digits of base 2"),
        (lambda: NumericDigitCategoryField("a/b", 4, missing="gone"), "missing of a/b is 'gone'"),  # type: ignore[arg-type]
        (lambda: TextField("a/b", 4, "names", units="syllables"), "units of a/b are 'syllables'"),  # type: ignore[arg-type]
        (lambda: ConvolutionField("a/b", 4, "names", windows=()), r"windows of a/b are \[\]: expected"),
    ],
)  # fmt: skip
def test_a_bad_option_says_what_was_expected(make: Callable[[], Field], message: str) -> None:
    with pytest.raises(InputError, match=message):
        make()


def test_what_the_catalogue_lacks_is_a_class_where_the_field_says_so() -> None:
    died = NumericDigitCategoryField("person/died", WIDTH, missing="class")
    weights, ops = start(died), NumpyOps()
    column = died.column([1999, None])
    assert column.present.tolist() == [1, 1]
    rows = died.encode(column, weights, ops)
    np.testing.assert_allclose(rows[0], died.encode(died.features([1999]), weights, ops)[0])
    assert np.linalg.norm(rows[1]) == pytest.approx(1, abs=1e-4)
    assert not died.encode(died.features([None]), weights, ops).any()
    weights["person/died.bias"][-1] += 3  # unknown is likelier than known
    assert died.predicted(np.zeros((1, WIDTH), np.float32), weights, ops) == [None]
    score = died.score(np.zeros((2, WIDTH), np.float32), column, weights, ops)
    assert score[1] == pytest.approx(np.log(np.exp(3) / (1 + np.exp(3))), abs=1e-4)
    masked = NumericDigitCategoryField("person/died", WIDTH).column([None])
    assert isinstance(masked, Bag)
    assert masked.present.tolist() == [0]


def test_a_clipped_number_is_as_far_out_as_allowed() -> None:
    field = ScalarField("title/runtime", WIDTH, clip=2.0, mean=100, deviation=10)
    assert field.features([100, 110, 1000, 0]).values[:, 0].tolist() == [0, 1, 2, -2]
    free = ScalarField("title/runtime", WIDTH, clip=None, mean=100, deviation=10)
    assert free.features([1000]).values[0, 0] == 90


def test_of_more_words_than_classes_the_frequent_ones_are_kept() -> None:
    field = CategoryField("title/genres", WIDTH, multi=True)
    field.learn((f"rare{number}", f"often{number % 500}") for number in range(40_000))
    assert len(field.classes) == 512
    assert {f"often{number}" for number in range(500)} < set(field.classes)
