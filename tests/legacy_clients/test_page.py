"""docs/legacy.md shows what the service answers over the sample."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from legacy_clients.routes import ROUTES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "legacy.md"
SHOWN = re.compile(r"```http\n(GET|POST) (.+?)\n(?:\n(.+?)\n)?```\n\n```json\n(.+?)\n```", re.DOTALL)
MORE = "…"
# What a model says differs between builds and processors: there the kind of value counts.
MODELLED = {
    "probabilities", "likely", "threshold", "thresholds", "summary", "report", "build", "built",
    "score", "parts", "nats", "vector", "probability",
}  # fmt: skip


def examples() -> list[tuple[str, str, Any, Any]]:
    found = SHOWN.findall(PAGE.read_text(encoding="utf-8"))
    return [
        (method, path, json.loads(body or "null"), json.loads(said)) for method, path, body, said in found
    ]


def agrees(shown: Any, real: Any) -> bool:
    """Whether what is shown, cut where it says so, is what is answered."""
    if isinstance(shown, dict) and isinstance(real, dict):
        known = set(shown) - {MORE}
        whole = MORE in shown or known == set(real)
        return whole and all(
            isinstance(real.get(key), type(shown[key]))
            if key in MODELLED
            else agrees(shown[key], real.get(key))
            for key in known
        )
    if isinstance(shown, list) and isinstance(real, list):
        cut = [each for each in shown if each != MORE]
        fits = len(cut) < len(real) if MORE in shown else len(cut) == len(real)
        return fits and all(agrees(one, other) for one, other in zip(cut, real, strict=False))
    if isinstance(shown, str) and isinstance(real, str) and shown.endswith(MORE):
        return real.startswith(shown.removesuffix(MORE))
    return bool(shown == real)


def test_every_route_has_an_example() -> None:
    asked = [(method, path.split("?")[0]) for method, path, _, _ in examples()]
    for route in ROUTES:
        pattern = re.sub(r"{\w+}", "[^/]+", route.path)
        assert any(method in route.methods and re.fullmatch(pattern, path) for method, path in asked), route


@pytest.mark.parametrize("example", examples(), ids=lambda example: f"{example[0]} {example[1]}")
def test_the_answer_shown_is_the_one_given(client: FlaskClient, example: tuple[str, str, Any, Any]) -> None:
    method, path, body, shown = example
    answer = client.open(path, method=method, json=body) if body else client.open(path, method=method)
    assert agrees(shown, answer.get_json()), answer.get_json()


def test_a_value_that_differs_is_noticed() -> None:
    assert agrees({"a": [1, MORE], "t": "The M…"}, {"a": [1, 2], "t": "The Matrix"})
    assert not agrees({"a": [1, MORE]}, {"a": [1]})
    assert not agrees({"a": 1}, {"a": 1, "b": 2})
    assert not agrees({"t": "The M…"}, {"t": "Heat"})
    assert not agrees({"score": 1.0}, {"score": None})
