"""When the learned reader is asked, and when it is believed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.reading.reader import read
from assistant.resolving.context import Context
from assistant.resolving.finding import Finding
from assistant.resolving.free import NEAREST, resolved
from assistant.resolving.resolver import Tools
from assistant.resolving.ways import Ways
from indexer.index import Index


def found(question: str, index: Index, ways: Ways | None = None) -> Finding | None:
    """What the wordings and, if need be, the learned reader make of a question."""
    return resolved(question, read(question), Tools(index, Context(), ways or Ways()))


@pytest.fixture(scope="module")
def index(movies: Path) -> Iterator[Index]:
    """The index of some sixty titles."""
    with Index.open(movies) as opened:
        yield opened


def titles(finding: Finding | None) -> list[str]:
    return [record.title.name for record in finding.records if record.title] if finding else []


def test_what_no_wording_reads_is_read_by_the_nearest_shape(index: Index) -> None:
    told = found("which of the toy story movies lasts longest", index)
    assert titles(told)[:1] == ["Toy Story 3"]
    assert told is not None
    assert told.rule.endswith(NEAREST)


def test_slips_in_the_words_of_a_question_are_forgiven(index: Index) -> None:
    told = found("whoo diected the moive alien", index)
    assert told is not None
    assert [record.person.name for record in told.records if record.person] == ["Ridley Scott"]


def test_without_the_shapes_it_is_not_read(index: Index) -> None:
    told = found("which of the toy story movies lasts longest", index, Ways(shapes=False))
    assert told is None or not told.found


def test_what_the_catalogue_does_not_hold_is_no_name_of_the_nearest_shape(index: Index) -> None:
    told = found("which of the disney movies lasts longest", index)
    assert told is None or not told.found


def test_a_wording_that_finds_something_is_left_alone(index: Index) -> None:
    told = found("who directed Alien", index)
    assert told is not None
    assert NEAREST not in told.rule


@pytest.mark.parametrize(
    "question", ["who played Neo in Titanic", "is keanu reeves dating anyone", "where does Keanu Reeves live"]
)
def test_false_premises_and_topics_outside_the_data_are_not_read_anew(question: str, index: Index) -> None:
    told = found(question, index)
    assert told is None or NEAREST not in told.rule
