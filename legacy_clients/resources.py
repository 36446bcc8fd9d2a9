"""A route of the table as a Flask-RESTful resource: checks a request, answers from the build that serves."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol

from flask import request
from flask_restful import Resource, reqparse
from pydantic import ValidationError
from werkzeug.exceptions import UnsupportedMediaType

from legacy_clients.asked import Asked, AskedSix
from legacy_clients.classes import MAX_CHARACTERS, PARAMETER, ROUTE
from legacy_clients.problems import Refusal, refusal_of, refused, shortened
from legacy_clients.routes import Route
from legacy_clients.said import Fault

if TYPE_CHECKING:
    from indexer.index import Index

Json = dict[str, Any]


class Engine(Protocol):
    """Whose index answers; ``assistant.core.Assistant`` is one."""

    def reading(self) -> AbstractContextManager[Index]:
        """The build that serves, held open within the block."""


class Endpoint(Resource):
    """Answers one route."""

    def __init__(self, route: Route[Any], engine: Engine) -> None:
        self._route, self._engine = route, engine

    def _answer(self, asked: Asked) -> Json:
        with self._engine.reading() as index:
            answer: Json = self._route.answer(index, asked).model_dump()
        return answer

    def _queried(self, path: dict[str, str]) -> Json:
        """The answer to what the address says."""
        return self._answer(checked_query(self._route.asked, path))

    def _posted(self) -> Json:
        """The answer to what the body says."""
        return self._answer(checked_body(self._route.asked))


class Got(Endpoint):
    """A route that is read."""

    def get(self, **path: str) -> Json:
        """By the address."""
        return self._queried(path)


class Posted(Endpoint):
    """A route that is told more than an address holds."""

    def post(self) -> Json:
        """By the body."""
        return self._posted()


class GotOrPosted(Endpoint):
    """A route for either."""

    def get(self, **path: str) -> Json:
        """By the address."""
        return self._queried(path)

    def post(self) -> Json:
        """By the body."""
        return self._posted()


class Probabilities(Endpoint):
    """The original route, which refuses in its own words and passes over what it does not know."""

    def __init__(self, route: Route[Any], engine: Engine) -> None:
        super().__init__(route, engine)
        self._parser = reqparse.RequestParser()
        # Without a location Flask-RESTful looks for a JSON body too, and answers a plain GET with 415.
        self._parser.add_argument(PARAMETER, location="args")

    def get(self) -> Json:
        """The shares of one plot, numbered as ``GENRES`` orders them."""
        plot = self._parser.parse_args()[PARAMETER]
        if plot is None or not plot.strip():
            raise Refusal(400, f"say what happens in the film: {ROUTE}?{PARAMETER}=...")
        if len(plot) > MAX_CHARACTERS:
            raise Refusal(
                413, f"the description has {len(plot):,} characters: the limit is {MAX_CHARACTERS:,}"
            )
        return self._answer(AskedSix.model_construct(processed_description=plot))


def resource_of(route: Route[Any]) -> type[Endpoint]:
    """The class that answers a route's methods."""
    if route.path == ROUTE:
        return Probabilities
    return {("GET",): Got, ("POST",): Posted, ("GET", "POST"): GotOrPosted}[route.methods]


def checked_query(model: type[Asked], path: dict[str, str]) -> Asked:
    """What the query and the path say. Raises Refusal."""
    said = {name: values[-1] for name, values in request.args.lists()}
    twice = [name for name, values in request.args.lists() if len(values) > 1 or name in path]
    if twice:
        raise refused(
            400, [Fault(field=name, value=shortened(said[name]), problem="is said twice") for name in twice]
        )
    try:
        return model.model_validate({**said, **path})
    except ValidationError as error:
        raise refusal_of(error, model, body=False) from error


def checked_body(model: type[Asked]) -> Asked:
    """What the JSON body says. Raises Refusal, or an HTTP error where it is too long or of another type."""
    if request.args:
        names = [Fault(field=name, value=None, problem="belongs into the body") for name in request.args]
        raise refused(400, names)
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    try:
        return model.model_validate_json(request.get_data(cache=False), strict=True)
    except ValidationError as error:
        raise refusal_of(error, model, body=True) from error
