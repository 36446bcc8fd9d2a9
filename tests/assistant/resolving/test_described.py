"""Titles and people described by parts, found in the catalogue; the members of a series."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.answer import Status
from assistant.reading.composed import composed
from assistant.reading.reading import Order, TitleRef
from assistant.resolving.context import Context
from assistant.resolving.described import ranked
from assistant.resolving.finding import Finding
from assistant.resolving.resolver import Tools, resolve
from assistant.resolving.series import once, series_of
from indexer.catalog.records import Title
from indexer.ids import TitleId
from indexer.index import Index

Resolve = Callable[[str], Finding | None]


@pytest.fixture(scope="module")
def index(movies: Path) -> Index:
    return Index.open(movies)


@pytest.fixture
def found(index: Index) -> Resolve:
    """What the parts of a question come to, whatever the confidence."""
    return lambda question: resolve(list(composed(question)), Tools(index, Context()))


def names(finding: Finding | None) -> list[str]:
    assert finding is not None
    return [record.title.name for record in finding.records if record.title]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("which movie was directed by Martin Scorsese and starred Sharon Stone", ["Casino"]),
        ("what film stars Joe Pesci and was released in 1990", ["Goodfellas"]),
        ("which Matrix movie is Gloria Foster not in", ["The Matrix Revolutions"]),
        ("which Martin Scorsese movie does not star Sharon Stone", ["Goodfellas"]),
        ("what is the second Toy Story movie", ["Toy Story 2"]),
        ("what was the last movie in the Toy Story series", ["Toy Story 3"]),
        ("which Toy Story movie is the longest", ["Toy Story 3"]),
        ("which Toy Story film has the lowest rating", ["Toy Story 2"]),
        ("what was Robert De Niro's first movie", ["Goodfellas"]),
        ("what is the penultimate Toy Story movie", ["Toy Story 2"]),
        ("what is the second Dirty Harry movie", ["Magnum Force"]),
        ("which movie starred Joe Pesci and has the word fellas in the title", ["Goodfellas"]),
        ("what was the last movie Robert De Niro starred in with Al Pacino", ["Heat"]),
        ("which movie features Heath Ledger as the Joker", ["The Dark Knight"]),
    ],
)
def test_titles_that_have_all_the_parts(found: Resolve, question: str, expected: list[str]) -> None:
    finding = found(question)
    assert names(finding) == expected
    assert finding is not None
    assert finding.status is Status.ANSWERED


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("how many Toy Story films were made", "3"),
        ("how many Matrix movies has Gloria Foster been in", "2"),
        ("how many times has Tom Hanks played Woody", "3"),
        ("how many Batman movies did Christopher Nolan direct", "2"),  # in one he is Bruce Wayne alone
        ("are there more than two Matrix movies", "Yes"),
        ("are there more than three Matrix movies", "No"),
        ("have Al Pacino and Robert De Niro been in a movie together", "Yes"),
        ("have Al Pacino and Sharon Stone been in a movie together", "No"),
        ("did Heat come out before Casino Royale", None),
        ("did Goodfellas come out before Heat", "Yes"),
        ("was Heat released the same year as Casino", "Yes"),
        ("was Heat released after 1999", "No"),
        ("is Al Pacino older than Robert De Niro", "Yes"),
        ("is Heat longer than Casino", "No"),
        ("is Toy Story a comedy", "Yes"),
        ("is Heat a western", "No"),
        ("how many years after Goodfellas was Casino released", "5"),
        ("how old was Al Pacino in Heat", "55"),
    ],
)
def test_counts_and_yes_or_no(found: Resolve, question: str, value: str | None) -> None:
    finding = found(question)
    if value is None:
        assert finding is None or not finding.found
    else:
        assert finding is not None
        assert finding.values[:1] == (value,)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("who starred in Goodfellas and Heat", ["Robert De Niro"]),
        ("who starred in Casino but not Goodfellas", ["Sharon Stone"]),
        ("which actress played both Katniss Everdeen and Mother", ["Jennifer Lawrence"]),
        ("who directed Casino and Goodfellas", ["Martin Scorsese"]),
        ("who directed Alien but not Aliens", ["Ridley Scott"]),
    ],
)
def test_people_by_what_they_did(found: Resolve, question: str, expected: list[str]) -> None:
    finding = found(question)
    assert finding is not None
    assert [record.person.name for record in finding.records if record.person] == expected


def test_a_part_that_nobody_is_called_is_said(found: Resolve) -> None:
    finding = found("which movie was directed by Qwort Zzyzx and starred Al Pacino")
    assert finding is not None
    assert (finding.status, finding.note) == (Status.UNKNOWN, "I do not know who “Qwort Zzyzx” is.")


def test_a_title_alone_is_no_series(found: Resolve) -> None:
    finding = found("how many Goodfellas movies are there")
    assert finding is not None
    assert finding.status is Status.UNKNOWN


def test_where_years_and_numbers_count_otherwise_both_are_offered(found: Resolve) -> None:
    finding = found("what is the third Moon Gates movie")
    assert finding is not None
    assert finding.status is Status.AMBIGUOUS
    assert [choice.text for choice in finding.choices] == [
        "Moon Gates: Episode I - Dawn (1999)",
        "Moon Gates: Episode III - Dusk (1979)",
    ]
    assert names(found("what is the first Moon Gates movie")) == ["Moon Gates: Episode III - Dusk"]


def test_the_first_of_a_series_of_which_one_is_known_is_that_one(found: Resolve) -> None:
    assert names(found("what is the first Goodfellas movie")) == ["Goodfellas"]
    assert names(found("what is the second Goodfellas movie")) == []


def test_who_made_it_may_have_produced_it(found: Resolve) -> None:
    finding = found("which movie was produced by Michael Mann and starred Al Pacino")
    assert names(finding) == ["Heat"]
    sure = found("which movie was directed by Michael Mann and starred Al Pacino")
    assert finding is not None
    assert sure is not None
    assert finding.confidence < sure.confidence


@pytest.mark.parametrize(
    "question",
    [
        "what was the last film that Don Davis scored",
        "which Lana Wachowski film was not scored by Don Davis",
        "how many movies did Don Davis score",
    ],
)
def test_what_few_titles_name_tells_of_no_last_and_no_absence(found: Resolve, question: str) -> None:
    finding = found(question)
    assert finding is not None
    assert (finding.status, finding.rule) == (Status.UNKNOWN, "few such credits are known")


def test_the_shortest_film_of_a_director_is_no_anthology(found: Resolve) -> None:
    assert names(found("which Fritz Lang movie is the shortest")) == ["M"]
    assert names(found("which movie was directed by Fritz Lang and came out in 1952")) == ["Four Tales"]


def test_a_first_film_may_be_little_known_beside_later_ones() -> None:
    first, odd, known = (
        Title(TitleId(key), f"Film {key}", "movie", year=1990 + key, votes=votes)
        for key, votes in ((1, 1_000), (0, 300), (2, 2_000_000))
    )
    assert ranked([known, first, odd], Order.YEAR, descending=False) == [first, known]


@pytest.mark.parametrize(
    ("name", "members"),
    [
        ("Matrix", ["The Matrix", "The Matrix Reloaded", "The Matrix Revolutions"]),
        ("Avenger", ["The Avengers"]),  # nothing known is called by the singular
        ("Alien", ["Alien"]),
        ("Zzyzx", []),
        ("Slime Man", ["Slime Man", "Slime Man II", "Citizen Goo: Slime Man III"]),
        (  # led by others, but called so and made by the same
            "Ned Cairn",
            ["The Cairn Affair", "The Cairn Signal", "The Cairn Promise", "The Cairn Inheritance"],
        ),
    ],
)
def test_the_members_of_a_series_are_tied_by_their_characters(
    index: Index, name: str, members: list[str]
) -> None:
    ref = TitleRef(name=name, full=name, series=True)
    assert [title.name for title in series_of(ref, Tools(index, Context()))] == members


def test_a_series_is_put_together_once(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    tools, ref = Tools(index, Context()), TitleRef(name="Matrix", full="Matrix", series=True)
    first = series_of(ref, tools)
    monkeypatch.setattr(type(tools.catalog), "credits_of_titles", None)
    assert series_of(ref, tools) == first


def test_of_two_records_of_a_film_the_better_known_stays(index: Index) -> None:
    tools = Tools(index, Context())
    [title] = series_of(TitleRef(name="Alien", full="Alien", series=True), tools)
    double = dataclasses.replace(title, id=TitleId(title.id + 1), votes=10)
    assert once([double, title]) == [title]
