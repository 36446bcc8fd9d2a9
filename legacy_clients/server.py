"""The original genre service: one route that divides a plot over six genres.

    GET /small_bert/get_probabilities?processed_description=A+sheriff+rides...
    {"probabilities": {"0": 0.1, "1": 0.02, ... "5": 0.8}}

The numbers stand for drama, documentary, comedy, horror, action and western.

Every error is JSON as well: ``{"message": "..."}`` with status 400, 404, 405, 413 or 500.
"""

from __future__ import annotations

import errno
import json
import logging
import socket
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, Response, jsonify
from flask_restful import Api, Resource, abort, reqparse
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.sansio.utils import host_is_trusted

from indexer.errors import IndexUnusable, ResourceError
from legacy_clients.classes import GENRES, MAX_CHARACTERS, PARAMETER, ROUTE

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment
    from waitress import Server

    from indexer.index import Index

Classify = Callable[[str], Sequence[float]]  # a plot -> six shares that sum to 1
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_THREADS = 4
_LOG = logging.getLogger(__name__)


class Probabilities(Resource):
    """The one resource of the service."""

    def __init__(self, classify: Classify) -> None:
        self._classify = classify
        self._parser = reqparse.RequestParser()
        # Without a location Flask-RESTful looks for a JSON body too, and answers a plain GET with 415.
        self._parser.add_argument(PARAMETER, location="args")

    def get(self) -> dict[str, dict[str, float]]:
        """The shares of one plot, numbered as ``GENRES`` orders them."""
        plot = self._parser.parse_args()[PARAMETER]
        if plot is None or not plot.strip():
            abort(400, message=f"say what happens in the film: {ROUTE}?{PARAMETER}=...")
        if len(plot) > MAX_CHARACTERS:
            abort(
                413, message=f"the description has {len(plot):,} characters: the limit is {MAX_CHARACTERS:,}"
            )
        shares = zip(range(len(GENRES)), self._classify(plot), strict=True)
        return {"probabilities": {str(number): float(share) for number, share in shares}}


class _Service(Flask):
    """Refuses other hosts itself: Flask's own check fails inside Flask-RESTful's error handler."""

    def __init__(self, trusted_hosts: Sequence[str]) -> None:
        super().__init__(__name__, static_folder=None)
        self._trusted_hosts = trusted_hosts

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if host_is_trusted(environ.get("HTTP_HOST", ""), self._trusted_hosts):
            return super().wsgi_app(environ, start_response)
        said = json.dumps({"message": "this host is not served here: start the server with --trusted-host"})
        return Response(said, 400, content_type="application/json")(environ, start_response)


def create_app(classify: Classify, trusted_hosts: Sequence[str] = ()) -> Flask:
    """The service as a WSGI application. Requests that name other hosts than these get a 400."""
    app = _Service([*_LOOPBACK, *trusted_hosts])
    app.config.update(MAX_CONTENT_LENGTH=64 * 1024, PROPAGATE_EXCEPTIONS=False)
    api = Api(app, errors={})
    api.add_resource(Probabilities, ROUTE, resource_class_args=(classify,))
    app.register_error_handler(HTTPException, _problem)
    app.register_error_handler(500, _problem)
    return app


def serve(
    index: Path | None, host: str, port: int, trusted_hosts: Sequence[str], ready: Callable[[str], None]
) -> None:
    """Serves the genre model of an index until interrupted; ``ready`` gets the address once it listens.

    Raises IndexUnusable where the index has no genre model, ResourceError where the port is not to be had.
    """
    from indexer.index import Index

    with Index.open(index) as opened:
        app = create_app(classifier(opened), [host, *trusted_hosts])
        server = listen(app, host, port)
        ready(f"http://{host}:{port}{ROUTE}")
        try:
            server.run()
        finally:
            server.close()


def classifier(index: Index) -> Classify:
    """How an index divides a plot over the six genres; its encoder is loaded here, not by a request."""
    model, encoder = index.genre, index.encoder
    if model is None or encoder is None:
        raise IndexUnusable("this index has no genre model: rebuild it with python -m indexer build")
    encoder.encode_one("")

    def classify(plot: str) -> Sequence[float]:
        shares: list[float] = model.six(encoder.encode_one(plot)[None])[0].tolist()
        return shares

    return classify


def listen(app: Flask, host: str, port: int) -> Server:
    """A server that holds the port. Raises ResourceError naming the option to change where it cannot."""
    from waitress import create_server

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family)
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        why = "is taken by another program" if taken else f"cannot be used ({error.strerror or error})"
        raise ResourceError(f"port {port} on {host} {why}: choose another with --port (or --host)") from error
    return create_server(app, sockets=[listener], threads=_THREADS, ident="whoplayed")


def _problem(error: HTTPException) -> Response:
    """Any error as JSON, its headers (Allow, Retry-After) kept."""
    if isinstance(error, InternalServerError) and error.original_exception is not None:
        _LOG.error("a request failed", exc_info=error.original_exception)
    answer = jsonify(message=error.description)
    answer.status_code = error.code or 500
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            answer.headers[name] = value
    return answer
