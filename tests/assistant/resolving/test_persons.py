"""People of whom several things are told, the players of a character, and yes or no, in the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.answer import Status
from assistant.reading.reader import read
from assistant.resolving.context import Context
from assistant.resolving.finding import Finding
from assistant.resolving.resolver import Tools, resolve
from indexer.index import Index

Resolve = Callable[[str], Finding]


@pytest.fixture(scope="module")
def index(movies: Path) -> Index:
    return Index.open(movies)


@pytest.fixture
def found(index: Index) -> Resolve:
    def resolved(question: str) -> Finding:
        finding = resolve(read(question), Tools(index, Context()))
        assert finding is not None
        return finding

    return resolved


def people(finding: Finding) -> list[str]:
    return [record.person.name for record in finding.records if record.person]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("which actress starred in Casino and studied at Harvard", ["Sharon Stone"]),
        ("which actor in The Matrix was born in 1961", ["Laurence Fishburne"]),
        ("which actress was in The Matrix and passed away in 2001", ["Gloria Foster"]),
        ("who played Marty McFly and was born in Ireland", ["Michael J. Fox"]),
        ("which actor starred in Heat and Casino and lives in New York", ["Robert De Niro"]),
        ("who was the second actress to play the Oracle", ["Mary Alice"]),
    ],
)
def test_who_it_is(found: Resolve, question: str, expected: list[str]) -> None:
    assert people(found(question)) == expected


def test_of_two_who_play_a_part_in_one_film_the_first_billed_took_it_over(found: Resolve) -> None:
    finding = found("how many actors have played Max Orr")
    assert finding.values == ("2",)
    assert people(finding) == ["Tod Marrow", "Gil Frost"]


def test_what_was_not_checked_is_noted(found: Resolve) -> None:
    assert found("which actress starred in Casino and studied at Harvard").note
    assert not found("which actor in The Matrix was born in 1961").note


def test_of_several_who_may_be_meant_the_star_is_less_sure(found: Resolve) -> None:
    several = found("which actor starred in Heat and speaks Italian")
    assert several.confidence < found("which actress starred in Casino and speaks Italian").confidence


def test_the_players_of_a_character_are_counted(found: Resolve) -> None:
    finding = found("how many actresses have played the Oracle")
    assert (finding.values, people(finding)) == (("2",), ["Gloria Foster", "Mary Alice"])


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("was Joe Pesci the star of Casino", "Yes"),
        ("was Gloria Foster in any Matrix movies", "Yes"),
        ("was Gloria Foster in every Matrix movie", "No"),
        ("was Keanu Reeves in all the Matrix movies", "Yes"),
        ("was Ripley in Aliens", "Yes"),
        ("has Robert De Niro worked with Martin Scorsese more than once", "Yes"),
        ("has Al Pacino worked with Martin Scorsese more than once", "No"),
        ("was Toy Story 3 the longest Toy Story movie", "Yes"),
        ("was Toy Story 2 the first Toy Story movie", "No"),
        ("did Toy Story have two sequels", "Yes"),
        ("was there a sequel to Casino", "No"),
        ("did Casino come out in the eighties", "No"),
        ("was Al Pacino born after 1950", "No"),
        ("did Heath Ledger die in 2008", "Yes"),
    ],
)
def test_yes_or_no(found: Resolve, question: str, expected: str) -> None:
    finding = found(question)
    assert (finding.status, finding.values[0]) == (Status.ANSWERED, expected)


def test_an_unknown_name_is_no_reason_for_a_no(found: Resolve) -> None:
    assert not found("was Barnaby Quill in Casino").found


def test_the_only_film_that_fits_what_was_read_is_told_with_a_reservation(found: Resolve) -> None:
    finding = found("which movie was directed by Martin Scorsese in 1995 and was not a success at first")
    assert [record.title.name for record in finding.records if record.title] == ["Casino"]
    assert finding.note


def test_of_several_films_none_is_told_by_what_is_denied_of_it(found: Resolve) -> None:
    assert not found("which movie was directed by Martin Scorsese and was not a success at first").found
