"""The OpenAPI document is valid, complete, and true of what the routes answer."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate

from legacy_clients.asked import AskedSix, Nothing
from legacy_clients.openapi import document
from legacy_clients.routes import DOCUMENT, ROUTES
from legacy_clients.said import ProblemAnswer

PLOT = "Two robots fall in love."
GOOD: dict[str, tuple[str, str, Any]] = {
    "six": ("GET", f"/small_bert/get_probabilities?processed_description={PLOT}", None),
    "genres": ("GET", f"/genres?description={PLOT}", None),
    "model": ("GET", "/model", None),
    "like_title": ("GET", "/recommend/title/King Kong", None),
    "like_overview": ("POST", "/recommend/overview", {"overview": PLOT}),
    "search": ("POST", "/api/search", {"title": "matrix", "min_votes": 10}),
    "title": ("GET", "/api/title/tt0133093", None),
    "person": ("GET", "/api/person/nm0000206", None),
}


def checked(said: Any, model: str) -> list[str]:
    """What of an answer is not as the document says."""
    whole = {"$ref": f"#/components/schemas/{model}", "components": document()["components"]}
    return [error.message for error in OAS31Validator(whole).iter_errors(said)]


def test_the_document_is_valid_and_served(client: FlaskClient) -> None:
    validate(document())
    answer = client.get(DOCUMENT)
    assert (answer.get_json(), answer.content_type) == (document(), "application/json")
    assert document()["openapi"].startswith("3.1")


def test_every_rule_is_documented_and_every_document_s_path_is_a_rule(client: FlaskClient) -> None:
    rules = {
        rule.rule.replace("<path:", "{").replace(">", "}"): {
            method.lower() for method in (rule.methods or ()) if method not in ("HEAD", "OPTIONS")
        }
        for rule in client.application.url_map.iter_rules()
    }
    assert rules == {path: set(methods) for path, methods in document()["paths"].items()}


def test_every_route_has_a_good_example_here() -> None:
    assert sorted(GOOD) == sorted(route.name for route in ROUTES)


@pytest.mark.parametrize("name", sorted(GOOD))
def test_an_answer_is_as_documented(client: FlaskClient, name: str) -> None:
    method, path, body = GOOD[name]
    [route] = [route for route in ROUTES if route.name == name]
    answer = client.open(path, method=method, json=body)
    assert answer.status_code == 200
    assert checked(answer.get_json(), route.said.__name__) == []


def test_a_refusal_is_as_documented_and_its_status_is_listed(client: FlaskClient) -> None:
    answer = client.post("/api/search", json={"year": 1})
    listed = document()["paths"]["/api/search"]["post"]["responses"]
    assert str(answer.status_code) in listed
    assert checked(answer.get_json(), ProblemAnswer.__name__) == []
    assert checked({"message": 3}, ProblemAnswer.__name__) != []


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_parameters_are_those_that_are_checked(route: Any) -> None:
    operations = document()["paths"][route.path]
    if "get" in operations:
        listed = {each["name"]: each for each in operations["get"].get("parameters", [])}
        assert set(listed) == set(route.asked.model_fields)
        assert {name for name, each in listed.items() if each["in"] == "path"} == set(route.in_path)
    if "post" in operations:
        body = operations["post"]["requestBody"]["content"]["application/json"]["schema"]
        assert body == {"$ref": f"#/components/schemas/{route.asked.__name__}"}
    assert route.asked in (Nothing, AskedSix) or route.asked.model_config["extra"] == "forbid"
