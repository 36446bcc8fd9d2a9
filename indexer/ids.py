"""The keys of everything: title and person ids, as integers inside and in IMDb's spelling outside."""

from __future__ import annotations

import re
from typing import NewType

from indexer.errors import InputError

TitleId = NewType("TitleId", int)
PersonId = NewType("PersonId", int)

_TITLE = re.compile(r"tt(\d{7}|[1-9]\d{7,8})", re.ASCII)
_PERSON = re.compile(r"nm(\d{7}|[1-9]\d{7,8})", re.ASCII)


def parse_title_id(text: str) -> TitleId:
    """``"tt0133093"`` -> 133093. Raises InputError for anything that is not a title id."""
    found = _TITLE.fullmatch(text)
    if found is None:
        raise InputError(f"{text[:40]!r} is not a title id: expected tt and 7 to 9 digits, as in tt0133093")
    return TitleId(int(found[1]))


def parse_person_id(text: str) -> PersonId:
    """``"nm0000206"`` -> 206. Raises InputError for anything that is not a person id."""
    found = _PERSON.fullmatch(text)
    if found is None:
        raise InputError(f"{text[:40]!r} is not a person id: expected nm and 7 to 9 digits, as in nm0000206")
    return PersonId(int(found[1]))


def format_title_id(title_id: int) -> str:
    """133093 -> ``"tt0133093"``."""
    return f"tt{title_id:07d}"


def format_person_id(person_id: int) -> str:
    """206 -> ``"nm0000206"``."""
    return f"nm{person_id:07d}"


def is_reserved_person(person_id: int) -> bool:
    """Whether the id lies in nm90000000-nm99999999, which data sets use for people IMDb has no id for."""
    return 90_000_000 <= person_id <= 99_999_999
