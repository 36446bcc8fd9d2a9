from collections.abc import Callable, Iterable
from typing import Any

from flask import Request

class Namespace(dict[str, Any]):
    def __getattr__(self, name: str) -> Any: ...
    def __setattr__(self, name: str, value: Any) -> None: ...

class Argument:
    def __init__(
        self,
        name: str,
        default: Any = ...,
        dest: str | None = ...,
        required: bool = ...,
        ignore: bool = ...,
        type: Callable[..., Any] = ...,
        location: str | Iterable[str] = ...,
        choices: Iterable[Any] = ...,
        action: str = ...,
        help: str | None = ...,
        operators: Iterable[str] = ...,
        case_sensitive: bool = ...,
        store_missing: bool = ...,
        trim: bool = ...,
        nullable: bool = ...,
    ) -> None: ...

class RequestParser:
    def __init__(
        self,
        argument_class: type[Argument] = ...,
        namespace_class: type[Namespace] = ...,
        trim: bool = ...,
        bundle_errors: bool = ...,
    ) -> None: ...
    def add_argument(self, *args: Any, **kwargs: Any) -> RequestParser: ...
    def parse_args(
        self, req: Request | None = ..., strict: bool = ..., http_error_code: int = ...
    ) -> Namespace: ...
