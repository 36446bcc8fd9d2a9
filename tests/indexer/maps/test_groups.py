from __future__ import annotations

from indexer.catalog.records import Title
from indexer.ids import TitleId
from indexer.maps.groups import COLOURS, GREY, by_decade, by_genre, by_type, groupings, spaced


def titles(*genres: tuple[str, ...]) -> list[Title]:
    return [Title(TitleId(n), f"Title {n}", "movie", genres=each) for n, each in enumerate(genres, 1)]


def dated(*years: int | None) -> list[Title]:
    return [Title(TitleId(n), f"Title {n}", "movie", year=year) for n, year in enumerate(years, 1)]


def test_a_title_goes_by_the_rarest_of_its_genres() -> None:
    found = by_genre(titles(("Drama",), ("Drama",), ("Drama", "Horror"), ("Drama", "Horror")))
    assert found.labels == ("Drama", "Drama", "Horror", "Horror")


def test_genres_beyond_the_nine_commonest_are_other_and_none_is_unknown() -> None:
    common = [(f"Genre {n}",) for n in range(9)] * 2
    found = by_genre(titles(*common, ("Rare",), ()))
    assert found.labels[-2:] == ("other", "unknown")
    assert {group.label: group.colour for group in found.groups}["other"] == GREY


def test_every_label_is_in_the_legend_once_with_its_count() -> None:
    shown = [*titles(("Drama",), ("Crime", "Drama"), ()), *dated(1931, 1999, None)]
    for grouping in groupings(shown):
        counts = {group.label: group.count for group in grouping.groups}
        assert len(counts) == len(grouping.groups)
        assert counts == {label: grouping.labels.count(label) for label in grouping.labels}


def test_no_two_named_groups_have_one_colour() -> None:
    found = by_genre(titles(*((f"Genre {n}",) for n in range(9))))
    assert sorted(group.colour for group in found.groups) == sorted(COLOURS)


def test_decades_are_in_order_and_the_oldest_go_together() -> None:
    years = (1895, 1912, *range(1935, 2026, 10), None)
    found = by_decade(dated(*years))
    legend = [group.label for group in found.groups]
    assert legend == ["before 1940", *(f"{year}s" for year in range(1940, 2021, 10)), "unknown"]
    assert found.labels[:3] == ("before 1940",) * 3


def test_titles_without_years_have_one_group() -> None:
    assert [group.label for group in by_decade(dated(None, None)).groups] == ["unknown"]


def test_types_are_spelt_for_reading() -> None:
    assert spaced("tvMiniSeries") == "TV mini series"
    assert by_type(titles(())).labels == ("movie",)
