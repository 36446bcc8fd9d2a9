"""Whatever goes wrong, as JSON: ``{"message": ..., "errors": [...]}``; never HTML, never a traceback."""

from __future__ import annotations

import json
import logging
import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, request
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from werkzeug.exceptions import (
    HTTPException,
    MethodNotAllowed,
    NotFound,
    RequestEntityTooLarge,
    UnsupportedMediaType,
)

from indexer.errors import IndexUnusable, InputError, ResourceError
from legacy_clients.classes import MAX_BODY
from legacy_clients.said import Fault, ProblemAnswer

_LOG = logging.getLogger(__name__)
_SHOWN = 60  # characters of a value that is said back
_TOLD = 3  # faults that the message itself names
_LIMITS = ("max_length", "min_length", "le", "ge", "lt", "gt")
_UNSENT = ("content-type", "content-length")


class Refusal(HTTPException):
    """A request that cannot be answered, with its status and what is wrong, field by field."""

    def __init__(self, status: int, message: str, faults: Sequence[Fault] = ()) -> None:
        super().__init__(message)
        self.code = status
        self.faults = list(faults)


def refusal_of(error: ValidationError, model: type[BaseModel], *, body: bool) -> Refusal:
    """What a model found wrong: 400 in an address or of no JSON at all, 413 of too long a text, else 422."""
    details = error.errors(include_url=False)
    kinds = {each["type"] for each in details}
    if "json_invalid" in kinds:
        return Refusal(400, f"the body is no JSON that can be read: {details[0]['msg']}")
    faults = [_fault(each, model) for each in details]
    status = 413 if "string_too_long" in kinds else 422 if body else 400
    return refused(status, faults)


def refused(status: int, faults: Sequence[Fault]) -> Refusal:
    """Refuses for these faults; the message names the first few."""
    said = "; ".join(_sentence(fault) for fault in faults[:_TOLD])
    more = f"; and {len(faults) - _TOLD} more" if len(faults) > _TOLD else ""
    return Refusal(status, said + more, faults)


def not_among(field: str, value: str, allowed: Sequence[str]) -> Fault:
    """The fault of a word that is none of the known ones."""
    problem = f"must be one of {', '.join(allowed)}"
    return Fault(field=field, value=shortened(value), problem=problem, allowed=list(allowed))


def problem_of(error: Exception) -> Response:
    """Any error as an answer; the headers of an HTTP error (Allow, Retry-After) are kept."""
    known = _known(error)
    if known is None:
        return _unexpected(error)
    status, said = known
    answer = _json(status, said)
    for name, value in _headers(error):
        answer.headers[name] = value
    return answer


def shortened(value: Any) -> Any:
    """A value as it is said back: numbers and truth as they are, everything else as a short text."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float) and abs(value) < 1e15:  # false for nan and infinity as well
        return value
    try:
        text = value if isinstance(value, str) else repr(value)
    except ValueError:  # an integer of thousands of digits
        text = "a very long number"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _known(error: Exception) -> tuple[int, ProblemAnswer] | None:
    """Status and words of an error that is foreseen; ``None`` for a fault of this program."""
    if isinstance(error, Refusal):
        return error.code or 400, ProblemAnswer(message=str(error.description), errors=error.faults or None)
    if isinstance(error, InputError):
        return 400, ProblemAnswer(message=str(error))
    if isinstance(error, IndexUnusable | ResourceError):
        return 503, ProblemAnswer(message=str(error))
    if isinstance(error, HTTPException) and error.code != 500:
        data: Any = getattr(error, "data", None)  # what Flask-RESTful's abort() was given
        said = data.get("message") if isinstance(data, Mapping) else None
        return error.code or 500, ProblemAnswer(message=str(said or _words(error)))
    return None


def _words(error: HTTPException) -> str:
    if isinstance(error, NotFound):
        return f"there is nothing at {shortened(request.path)}: /openapi.json lists what there is"
    if isinstance(error, MethodNotAllowed):
        use = ", ".join(sorted(error.valid_methods or ()))
        return f"{shortened(request.method)} is not answered here: use {use}"
    if isinstance(error, RequestEntityTooLarge):
        return f"the body is too long: the limit is {MAX_BODY:,} bytes"
    if isinstance(error, UnsupportedMediaType):
        sent = shortened(request.headers.get("Content-Type", "none"))
        return f"the Content-Type is {sent}: expected application/json"
    return str(error.description or error.name)


def _unexpected(error: Exception) -> Response:
    """A 500 that tells nothing of the inside; the log has the rest under the same id."""
    report = secrets.token_hex(4)
    cause = getattr(error, "original_exception", None) or error
    _LOG.error("report %s: %s %s failed", report, request.method, request.path[:200], exc_info=cause)
    message = f"something went wrong on this side, and it is in the server's log as {report}"
    return _json(500, ProblemAnswer(message=message, id=report))


def _json(status: int, said: ProblemAnswer) -> Response:
    """Spelt as Flask-RESTful spells its answers, which older clients may compare letter by letter."""
    text = json.dumps(said.model_dump(exclude_none=True)) + "\n"
    return Response(text, status, content_type="application/json")


def _headers(error: Exception) -> list[tuple[str, str]]:
    if not isinstance(error, HTTPException):
        return []
    return [pair for pair in error.get_headers() if pair[0].lower() not in _UNSENT]


def _fault(details: ErrorDetails, model: type[BaseModel]) -> Fault:
    context = details.get("ctx", {})
    limit = next((context[name] for name in _LIMITS if name in context), None)
    return Fault(
        field=shortened(".".join(str(step) for step in details["loc"])),
        value=shortened(details["input"]) if details["loc"] and details["type"] != "missing" else None,
        problem=_problem(details, model),
        limit=limit,
        allowed=_allowed(details, model),
    )


def _problem(details: ErrorDetails, model: type[BaseModel]) -> str:
    kind, length = details["type"], details.get("ctx", {}).get("max_length")
    if kind == "missing":
        known = model.model_fields.get(str(details["loc"][0]))
        described = known.description if known is not None else None
        return f"is missing: {described}" if described else "is missing"
    if kind == "extra_forbidden":
        return f"is unknown: allowed are {', '.join(model.model_fields) or 'none'}"
    if kind == "string_too_long":
        return f"has {len(details['input']):,} characters: the limit is {length:,}"
    if kind == "string_too_short":
        return "is empty: expected text"
    return details["msg"].replace("Input should be", "must be").replace("List should", "must")


def _allowed(details: ErrorDetails, model: type[BaseModel]) -> list[str] | None:
    if details["type"] == "extra_forbidden":
        return list(model.model_fields)
    if details["type"] == "literal_error":
        return re.findall(r"'([^']*)'", str(details.get("ctx", {}).get("expected", "")))
    return None


def _sentence(fault: Fault) -> str:
    if not fault.field:
        return fault.problem
    if fault.value is None or fault.problem.startswith(("has ", "is ")):
        return f"{fault.field} {fault.problem}"
    return f"{fault.field} ({fault.value!r}) {fault.problem}"
