"""A series' name alone stands for its first part."""

from __future__ import annotations

from assistant.resolving.facts import first_part_first
from assistant.resolving.titles import TitleHit
from indexer.catalog.records import Title
from indexer.ids import TitleId


def hit(year: int, score: float, relation: str = "begins", kind: str = "movie") -> TitleHit:
    title = Title(TitleId(year), f"Bourne {year}", kind, year=year)
    return TitleHit(title, 0.85, score, relation=relation)


def years(hits: list[TitleHit]) -> list[int | None]:
    return [found.title.year for found in first_part_first(hits)]


def test_of_parts_about_as_well_known_the_first_is_meant() -> None:
    assert years([hit(2007, 7.34), hit(2002, 7.31), hit(2004, 7.28)]) == [2002, 2007, 2004]


def test_a_little_known_or_another_kind_of_title_is_not_the_first_part() -> None:
    assert years([hit(2007, 7.34), hit(1988, 6.51), hit(1996, 7.33, kind="tvSeries")])[0] == 2007


def test_a_title_of_just_that_name_stays_first() -> None:
    assert years([hit(2007, 7.34, relation="exact"), hit(2002, 7.31)]) == [2007, 2002]
