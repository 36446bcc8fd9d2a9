"""What legacy_clients uses of Flask-RESTful 0.3.10, which ships no types."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, NoReturn

from flask import Flask, Response
from flask.views import MethodView
from flask_restful import reqparse as reqparse

class Api:
    app: Flask | None
    representations: dict[str, Callable[..., Response]]
    def __init__(
        self,
        app: Flask | None = ...,
        prefix: str = ...,
        default_mediatype: str = ...,
        decorators: list[Callable[..., Any]] | None = ...,
        catch_all_404s: bool = ...,
        serve_challenge_on_401: bool = ...,
        url_part_order: str = ...,
        errors: Mapping[str, Mapping[str, Any]] | None = ...,
    ) -> None: ...
    def init_app(self, app: Flask) -> None: ...
    def add_resource(
        self,
        resource: type[Resource],
        *urls: str,
        endpoint: str = ...,
        resource_class_args: tuple[Any, ...] = ...,
        resource_class_kwargs: Mapping[str, Any] = ...,
    ) -> None: ...
    def handle_error(self, e: Exception) -> Response: ...
    def make_response(self, data: object, *args: Any, **kwargs: Any) -> Response: ...
    def url_for(self, resource: type[Resource], **values: Any) -> str: ...

class Resource(MethodView):
    representations: ClassVar[Mapping[str, Callable[..., Response]] | None]
    method_decorators: ClassVar[Any]

def abort(http_status_code: int, **kwargs: Any) -> NoReturn: ...
