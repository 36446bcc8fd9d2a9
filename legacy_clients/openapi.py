"""The OpenAPI 3.1 document of the service, made from the table of routes."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from importlib import metadata
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from legacy_clients.routes import DOCUMENT, ROUTES, Route
from legacy_clients.said import ProblemAnswer

_REF = "#/components/schemas/{model}"
_JSON = "application/json"
_BODY = (415, 422)  # what a POST may be refused with


def document(routes: Iterable[Route[Any]] = ROUTES) -> dict[str, Any]:
    """The document, as JSON values."""
    routes = tuple(routes)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Whoplayed: the older services",
            "version": metadata.version("whoplayed"),
            "summary": "Genres of plots, similar titles, search and records, over an index of films.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "paths": {**{route.path: _path(route) for route in routes}, DOCUMENT: {"get": _own()}},
        "components": {"schemas": _schemas(routes)},
    }


def _schemas(routes: Iterable[Route[Any]]) -> dict[str, Any]:
    wanted: list[tuple[type[BaseModel], Any]] = [(ProblemAnswer, "serialization")]
    wanted += [(route.said, "serialization") for route in routes]
    wanted += [(route.asked, "validation") for route in routes if "POST" in route.methods]
    schemas: dict[str, Any] = models_json_schema(wanted, ref_template=_REF)[1]["$defs"]
    return schemas


def _path(route: Route[Any]) -> dict[str, Any]:
    return {method.lower(): _operation(route, method) for method in route.methods}


def _operation(route: Route[Any], method: str) -> dict[str, Any]:
    refusals = {400, 500, 503, *route.problems, *(_BODY if method == "POST" else ())}
    said: dict[str, Any] = {
        "operationId": route.name if method == "GET" else f"{method.lower()}_{route.name}",
        "summary": route.summary,
        "responses": {"200": _answer("Found.", route.said)}
        | {
            str(status): _answer(f"{HTTPStatus(status).phrase}.", ProblemAnswer)
            for status in sorted(refusals)
        },
    }
    parameters = _parameters(route, method)
    if parameters:
        said["parameters"] = parameters
    if method == "POST":
        said["requestBody"] = {"required": True, "content": _content(route.asked)}
    return said


def _parameters(route: Route[Any], method: str) -> list[dict[str, Any]]:
    """The fields that stand in the path, and of a GET all others as its query."""
    schema = route.asked.model_json_schema(ref_template=_REF)
    required = schema.get("required", [])
    return [
        _parameter(name, own, route, required)
        for name, own in schema.get("properties", {}).items()
        if name in route.in_path or method == "GET"
    ]


def _parameter(name: str, schema: dict[str, Any], route: Route[Any], required: list[str]) -> dict[str, Any]:
    description = schema.get("description", "")
    place = "path" if name in route.in_path else "query"
    return {
        "name": name,
        "in": place,
        "required": place == "path" or name in required,
        "description": description,
        "schema": {key: value for key, value in schema.items() if key != "description"},
    }


def _own() -> dict[str, Any]:
    content = {_JSON: {"schema": {"type": "object"}}}
    return {
        "operationId": "document",
        "summary": "This document.",
        "responses": {"200": {"description": "OpenAPI 3.1.", "content": content}},
    }


def _answer(description: str, model: type[BaseModel]) -> dict[str, Any]:
    return {"description": description, "content": _content(model)}


def _content(model: type[BaseModel]) -> dict[str, Any]:
    return {_JSON: {"schema": {"$ref": _REF.format(model=model.__name__)}}}
