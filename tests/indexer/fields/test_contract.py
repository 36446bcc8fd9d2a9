"""One contract for every kind of field; a field without an entry here fails the suite."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch

from indexer.errors import FormatMismatch, ShapeError
from indexer.fields import category, numbers, text, vector  # noqa: F401 - declares the kinds
from indexer.fields.arrays import NumpyOps, TorchOps
from indexer.fields.base import Field
from indexer.fields.category import CategoryField
from indexer.fields.numbers import NumericDigitCategoryField, ScalarField
from indexer.fields.text import TextField
from indexer.fields.vector import VectorField

WIDTH = 16


@dataclass(frozen=True)
class Case:
    make: Callable[[], Field]
    values: tuple[Any, ...]  # four different ones
    unseen: Any  # encodes without an error
    rendered: str  # of the first value


CASES = {
    "text": Case(
        lambda: TextField("title/title", WIDTH, "titles", hashes=256, numbers=True),
        ("The Matrix", "Alien", ("Rocky II", "Rocky 2"), "Se7en"),
        "Ωmega ½",
        "The Matrix",
    ),
    "category": Case(
        lambda: CategoryField("title/genres", WIDTH, multi=True),
        (("Action", "Sci-Fi"), ("Drama",), ("Comedy",), ("Horror", "Drama")),
        ("Telenovela",),
        "Action, Sci-Fi",
    ),
    "digits": Case(
        lambda: NumericDigitCategoryField("title/year", WIDTH), (1999, 1984, 2003, 1954), -3, "1999"
    ),
    "scalar": Case(lambda: ScalarField("title/runtime", WIDTH, scale="log"), (5, 45, 90, 240), 51_420, "5"),
    "vector": Case(
        lambda: VectorField("title/overview", WIDTH, size=3),
        ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0), (-1.0, -1.0, 0.0)),
        (5.0, 5.0, -5.0),
        "a vector of 3 numbers",
    ),
}


def test_every_kind_of_field_has_an_entry() -> None:
    assert set(Field.kinds) == set(CASES)


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
) -> tuple[float, float]:
    ops = TorchOps()
    weights = {name: torch.from_numpy(array).requires_grad_() for name, array in start(field).items()}
    batch = field.features(values)
    optimiser = torch.optim.Adam(weights.values(), lr=0.05)
    losses = []
    for _ in range(steps):
        optimiser.zero_grad()
        loss = field.loss(latents, batch.on(ops), weights, ops)
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    return losses[0], losses[-1]


def test_fits_and_beats_the_best_constant(field: Field, case: Case) -> None:
    telling, constant = torch.eye(4, WIDTH), torch.ones(4, WIDTH) / 4
    first, told = fitted(field, case.values, telling)
    _, best_constant = fitted(field, case.values, constant)
    assert told < first
    assert told < best_constant - 0.3


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
    rows = field.encode(field.features(case.values), start(field), NumpyOps())
    likeness = rows @ rows.T - np.eye(4)
    assert likeness.max() < 0.98


def test_state_comes_back_from_json(field: Field, case: Case) -> None:
    import json

    again = Field.from_configuration(json.loads(json.dumps(field.configuration())))
    weights, ops, latent = start(field), NumpyOps(), np.ones((2, WIDTH), np.float32)
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
    assert all(tensor.grad is not None and tensor.grad.abs().sum() > 0 for tensor in weights.values())


def test_values_are_shown_as_text(field: Field, case: Case) -> None:
    assert field.render(case.values[0]) == case.rendered
    assert field.render(None) == "unknown"


def test_an_unknown_kind_in_a_file_is_named() -> None:
    with pytest.raises(FormatMismatch, match="unknown kind of field 'hologram': known are category"):
        Field.from_configuration({"kind": "hologram", "name": "title/x", "width": 4})


def test_a_vector_of_another_length_is_refused() -> None:
    with pytest.raises(ShapeError, match=r"vectors of 3 numbers, not of shape \(2,\)"):
        VectorField("title/overview", WIDTH, size=3).features([(1.0, 2.0)])
