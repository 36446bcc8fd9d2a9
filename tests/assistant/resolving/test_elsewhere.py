"""Parts that a title's credits leave unnamed, by what its cast plays in other titles."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from assistant.resolving.elsewhere import from_elsewhere
from indexer.catalog.records import Credit, Title
from indexer.ids import PersonId, TitleId

if TYPE_CHECKING:
    from collections.abc import Iterable

    from indexer.catalog.catalog import Catalog

FIRST = Title(TitleId(1), "Night Heron", "movie", year=2010)
SECOND = Title(TitleId(2), "Night Heron: Homeward", "movie", year=2014)
OTHER = Title(TitleId(3), "The Long Winter", "movie", year=2012)
ANOTHER = Title(TitleId(4), "Guardians", "movie", year=2013)


def credit(title: Title, person: int, *characters: str, place: int = 1, category: str = "actor") -> Credit:
    return Credit(title.id, PersonId(person), place, category, characters=characters)


class Records:
    """Credits in memory, asked as a catalogue is."""

    def __init__(self, *credits: Credit, series: Iterable[Title] = ()) -> None:
        self._credits = credits
        self._series = [title.id for title in series]

    def credits_of_person(self, person: int) -> list[Credit]:
        return [credit for credit in self._credits if credit.person_id == person]

    def credits_of_titles(self, ids: Iterable[int]) -> dict[int, list[Credit]]:
        return {key: [credit for credit in self._credits if credit.title_id == key] for key in ids}

    def titles(self, ids: Iterable[int]) -> dict[int, Title]:
        known = {title.id: title for title in (FIRST, SECOND, OTHER, ANOTHER)}
        return {key: known[TitleId(key)] for key in ids}

    def collection(self, title_id: int) -> list[int]:
        return list(self._series) if title_id in self._series else []


def found(character: str, title: Title, records: Records) -> Credit | None:
    catalog = cast("Catalog", records)
    related = from_elsewhere(character, title, records.credits_of_titles([title.id])[title.id], catalog)
    return related.credit if related else None


def test_somebody_plays_the_same_part_in_the_sequel() -> None:
    there = credit(SECOND, 7, place=2)
    records = Records(credit(FIRST, 7, "Agent Mallory"), credit(SECOND, 8), there)
    assert found("Mallory", SECOND, records) == there


def test_a_part_in_an_unrelated_title_says_nothing() -> None:
    records = Records(credit(OTHER, 7, "Mallory"), credit(SECOND, 8), credit(SECOND, 7, place=2))
    assert found("Mallory", SECOND, records) is None


def test_a_part_played_again_and_again_is_theirs() -> None:
    own = credit(ANOTHER, 7)
    parts = [credit(title, 7, "Captain Sparhawk") for title in (FIRST, SECOND, OTHER)]
    assert found("Captain Sparhawk", ANOTHER, Records(own, *parts)) == own


def test_who_is_billed_first_is_whom_the_title_names() -> None:
    first = credit(FIRST, 8)
    assert found("the night heron", FIRST, Records(first, credit(FIRST, 9, place=2))) == first


def test_a_woman_is_not_the_man_of_the_title() -> None:
    queen = Records(credit(FIRST, 8))
    assert found("Mrs. Night Heron", FIRST, queen) is None


def test_a_character_that_one_person_plays_in_the_series_is_found_there() -> None:
    there = credit(FIRST, 7, "The Ferryman")
    records = Records(there, credit(SECOND, 8, "Anna"), series=(FIRST, SECOND))
    assert found("the ferryman", SECOND, records) == there


def test_without_a_series_the_character_stays_unknown() -> None:
    assert (
        found("the ferryman", SECOND, Records(credit(FIRST, 7, "The Ferryman"), credit(SECOND, 8, "Anna")))
        is None
    )
