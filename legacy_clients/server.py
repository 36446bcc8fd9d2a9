"""The older services over HTTP: the original genre route, genres, similar titles, search and records.

    GET /small_bert/get_probabilities?processed_description=A+sheriff+rides...
    {"probabilities": {"0": 0.1, "1": 0.02, ... "5": 0.8}}

The numbers stand for drama, documentary, comedy, horror, action and western. ``routes.py`` has the other
routes, ``GET /openapi.json`` describes them all, and every error is JSON (``problems.py``).
"""

from __future__ import annotations

import errno
import json
import socket
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, Response, request
from flask_restful import Api
from waitress.channel import HTTPChannel
from waitress.task import ErrorTask
from werkzeug.exceptions import HTTPException
from werkzeug.sansio.utils import host_is_trusted

from indexer.errors import IndexUnusable, ResourceError
from legacy_clients.classes import MAX_BODY, ROUTE
from legacy_clients.genres import predictor
from legacy_clients.language import language_of
from legacy_clients.openapi import document
from legacy_clients.problems import problem_of
from legacy_clients.resources import Engine, resource_of
from legacy_clients.routes import DOCUMENT, ROUTES

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment
    from waitress import Server

    from indexer.index import Index

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_A_PLOT = "A sheriff rides into town to face the bandits."  # opens the identifier of languages
_THREADS = 4
_JSON = "application/json"


class _Service(Flask):
    """Refuses other hosts itself: Flask's own check fails inside Flask-RESTful's error handler."""

    def __init__(self, trusted_hosts: Sequence[str]) -> None:
        super().__init__(__name__, static_folder=None)
        self._trusted_hosts = trusted_hosts
        self.url_map.merge_slashes = False  # a redirect is HTML
        self.config.update(MAX_CONTENT_LENGTH=MAX_BODY, PROPAGATE_EXCEPTIONS=False, ERROR_404_HELP=False)

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if host_is_trusted(environ.get("HTTP_HOST", ""), self._trusted_hosts):
            return super().wsgi_app(environ, start_response)
        said = json.dumps({"message": "this host is not served here: start the server with --trusted-host"})
        refusal = Response(said, 400, HEADERS, content_type=_JSON)
        return refusal(environ, start_response)

    def make_default_options_response(self) -> Response:
        """What may be asked of a route, without a body."""
        allowed = super().make_default_options_response().headers["Allow"]
        return Response(status=204, headers={"Allow": allowed})


class _Api(Api):
    """Flask-RESTful with our words for what goes wrong."""

    def handle_error(self, e: Exception) -> Response:
        """Any error of a route as JSON."""
        return problem_of(e)


def create_app(engine: Engine, trusted_hosts: Sequence[str] = ()) -> Flask:
    """The service as a WSGI application. Requests that name other hosts than these get a 400."""
    app = _Service([*_LOOPBACK, *trusted_hosts])
    api = _Api(app, errors={})
    for route in ROUTES:
        api.add_resource(
            resource_of(route), route.rule, endpoint=route.name, resource_class_args=(route, engine)
        )
    described = json.dumps(document(), indent=1)
    app.add_url_rule(DOCUMENT, "document", lambda: Response(described, content_type=_JSON))
    app.register_error_handler(HTTPException, problem_of)
    app.register_error_handler(Exception, problem_of)
    app.after_request(_with_headers)
    return app


def serve(
    index: Path | None,
    host: str,
    port: int,
    trusted_hosts: Sequence[str],
    say: Callable[[str], None],
) -> None:
    """Serves an index until interrupted; ``say`` gets what the build lacks, and the address once it listens.

    Raises IndexUnusable where there is no index, ResourceError where the port is not to be had.
    """
    from assistant.core import Assistant

    with closing(Assistant.open(index)) as assistant:
        for lack in warmed(assistant.index):
            say(lack)
        server = listen(create_app(assistant, [host, *trusted_hosts]), host, port)
        say(f"serving http://{host}:{port}{ROUTE} (Ctrl-C ends it)")
        try:
            server.run()
        finally:
            server.close()


def warmed(index: Index) -> list[str]:
    """Opens what requests need, so that none waits for it; a sentence for each part that the build lacks."""
    language_of(_A_PLOT)
    lacks = []
    try:
        _, encoder = predictor(index)
        encoder.encode_one("")
    except IndexUnusable as error:
        lacks.append(f"{error}; until then {ROUTE}, /genres and /model answer 503")
    if index.similar is None:
        lacks.append("this index has no vectors of overviews: /recommend answers 503")
    return lacks


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
    server = create_server(
        app, sockets=[listener], threads=_THREADS, ident="whoplayed", max_request_body_size=16 * MAX_BODY
    )
    server.channel_class = _Channel
    return server


class _Refused(ErrorTask):
    """What is no HTTP, or too much of it, in JSON as well: Waitress itself answers in plain text."""

    def execute(self) -> None:
        error = self.request.error
        body = json.dumps({"message": f"{error.reason}: {error.body}"}).encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers.extend([("Content-Type", _JSON), *HEADERS.items()])
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class _Channel(HTTPChannel):
    error_task_class = _Refused


def _with_headers(answer: Response) -> Response:
    answer.headers.update(HEADERS)
    if request.method == "OPTIONS":
        answer.headers.pop("Content-Type", None)
    return answer
