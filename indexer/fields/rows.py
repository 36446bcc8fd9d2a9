"""A row: a title or a person as field values, whole (an entity) or partial (what somebody remembers of
it).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from indexer.errors import InputError

Value: TypeAlias = str | int | float | tuple[str, ...] | None
Kind: TypeAlias = Literal["title", "person"]
MAX_TEXT = 500
MAX_ITEMS = 50
_TEXTS = frozenset({"title", "person", "character", "director", "decade", "type", "profession"})
_LISTS = frozenset({"cast", "genres"})
_NUMBERS = frozenset({"year", "runtime", "born"})
QUERY_FIELDS = _TEXTS | _LISTS | _NUMBERS


@dataclass(frozen=True)
class Row:
    """One entity's field values; a field that is absent or ``None`` is unknown (masked)."""

    kind: Kind
    values: Mapping[str, Value]

    @classmethod
    def from_json(cls, obj: object) -> Row:
        """``{"kind": "title", "row": {"title": "matrx", "cast": ["Keanu Reeves"]}}`` -> Row.

        Raises InputError for an unknown kind or field (the known ones are listed), a value of another type,
        one that is too long, and a row that says nothing.
        """
        if not isinstance(obj, dict):
            raise InputError(f"a query row is an object with kind and row, not {_short(obj)}")
        kind, values = obj.get("kind"), obj.get("row")
        if kind not in ("title", "person"):
            raise InputError(f"kind is {_short(kind)}: expected title or person")
        if not isinstance(values, dict):
            raise InputError(f"row is {_short(values)}: expected an object of fields")
        read = {str(name): _read(str(name), value) for name, value in values.items()}
        known = {name: value for name, value in read.items() if value not in (None, "", ())}
        if not known:
            raise InputError(f"the row says nothing: give at least one of {', '.join(sorted(QUERY_FIELDS))}")
        return cls(kind, known)


def _read(name: str, value: Any) -> Value:
    if name not in QUERY_FIELDS:
        raise InputError(f"unknown field {_short(name)}: known are {', '.join(sorted(QUERY_FIELDS))}")
    if value is None:
        return None
    if name in _LISTS:
        return _texts(name, value)
    return _number(name, value) if name in _NUMBERS else _text(name, value)


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise InputError(f"field {name} is {_short(value)}: expected a string")
    if len(value) > MAX_TEXT:
        raise InputError(f"field {name} has {len(value)} characters: at most {MAX_TEXT}, shorten it")
    if name == "decade" and not re.fullmatch(r"\d{3}0s", value, re.ASCII):
        raise InputError(f"field decade is {_short(value)}: expected a decade such as 1990s")
    return value


def _texts(name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise InputError(f"field {name} is {_short(value)}: expected a list of strings")
    if len(value) > MAX_ITEMS:
        raise InputError(f"field {name} has {len(value)} items: at most {MAX_ITEMS}, leave some out")
    return tuple(_text(name, item) for item in value)


def _number(name: str, value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not -1e6 < value < 1e6:
        raise InputError(f"field {name} is {_short(value)}: expected a number")
    return value


def _short(value: object) -> str:
    return repr(value)[:60]
