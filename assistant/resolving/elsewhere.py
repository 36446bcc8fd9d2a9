"""Roles that the credits of a title leave unnamed: by what its cast plays in other titles, or by its name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.resolving.characters import asked_gender, match_character, match_characters
from assistant.resolving.relations import Related
from indexer.catalog.records import PERFORMING, Credit, Title
from indexer.text import search_words

if TYPE_CHECKING:
    from indexer.catalog.catalog import Catalog

_BILLED = 12  # of the cast are looked at
_CREDITS = 60  # of each of them, the best known titles first
_LEADS = 6  # of a cast whose characters are credited
_OFTEN = 3  # titles in which somebody plays the character
_FITS, _NAMED = 0.66, 0.8
_FEW = 10  # characters: more may be missing
_SAME_SERIES, _NAMESAKE, _IN_SERIES = 0.85, 0.55, 0.5
_COMMON = frozenset("the of and in to for part chapter volume movie film story".split())
_YEARS = 25


def from_elsewhere(
    character: str, title: Title, credits: Sequence[Credit], catalog: Catalog
) -> Related | None:
    """The credit of ``title`` whose person plays ``character`` in a title of its series, or again and again.

    Looked for among those without a character where most have none, else among the leads. Else whoever is
    billed first, without a character, where the title is named after it. ``None`` where neither holds.
    """
    cast = [credit for credit in credits if credit.category in PERFORMING]
    unnamed = [credit for credit in cast if not credit.characters]
    asked = unnamed[:_BILLED] if 2 * len(unnamed) > len(cast) else cast[:_LEADS]
    found = [_best_elsewhere(character, title, credit, catalog) for credit in asked]
    held = [item for item in found if item is not None]
    if held:
        return max(held, key=lambda item: item.confidence)
    after = _named_after(character, title, unnamed[0]) if unnamed and unnamed[0] == cast[0] else None
    few = len(cast) - len(unnamed) <= _FEW
    return after or (_in_the_series(character, title, catalog) if few else None)


def _in_the_series(character: str, title: Title, catalog: Catalog) -> Related | None:
    """The character's credit in another film of the series, where one person plays it in all of them."""
    members = [key for key in catalog.collection(title.id) if key != title.id]
    fitting = [
        credit
        for credits in catalog.credits_of_titles(members).values()
        for credit in credits
        if credit.category in PERFORMING and match_characters(character, credit.characters).score >= _FITS
    ]
    if len({credit.person_id for credit in fitting}) != 1:
        return None
    return Related(fitting[0], _IN_SERIES, "the character in another title of the series")


def _best_elsewhere(character: str, title: Title, credit: Credit, catalog: Catalog) -> Related | None:
    """How surely ``credit`` is the character: the same person's part in its series, or again and again."""
    fitting: dict[int, float] = {}
    for other in catalog.credits_of_person(credit.person_id)[:_CREDITS]:
        match = match_characters(character, other.characters).score if other.characters else 0.0
        if match >= _FITS and other.title_id != title.id and other.category in PERFORMING:
            fitting[other.title_id] = max(match, fitting.get(other.title_id, 0.0))
    near = [other for other in catalog.titles(fitting).values() if _of_the_time(title, other)]
    same = [fitting[other.id] for other in near if _related(title, other)]
    often = [fitting[other.id] for other in near]
    if not same and len(often) < _OFTEN:
        return None
    return Related(credit, _SAME_SERIES * max(same or often), "the same person's part in other titles")


def _related(title: Title, other: Title) -> bool:
    """Whether the names share a telling word: "Homecoming" and "Far from Home" of Spider-Man."""
    one, two = (set(search_words(item.name)) - _COMMON for item in (title, other))
    return bool({word for word in one & two if len(word) > 2})


def _of_the_time(title: Title, other: Title) -> bool:
    return title.year is None or other.year is None or abs(title.year - other.year) <= _YEARS


def _named_after(character: str, title: Title, first: Credit) -> Related | None:
    """Who is billed first in a title that the character gives its name."""
    name = title.name.split(":")[0]
    gender = asked_gender(character)
    if match_character(character, name) < _NAMED or (gender and gender != first.category):
        return None
    return Related(first, _NAMESAKE, "billed first in the title of that name")
