"""Which writer comes first: of the script, or of what it is based on."""

from __future__ import annotations

import pytest

from assistant.reading.reader import read
from assistant.resolving.writers import SCRIPT, SOURCE, first_as_asked
from indexer.catalog.records import Credit
from indexer.ids import PersonId, TitleId

NOVELIST, SCREENWRITER, UNSAID = 1, 2, 3


def credit(person: int, job: str | None, title: int = 1) -> Credit:
    return Credit(TitleId(title), PersonId(person), person, "writer", job)


NOVEL, SCREENPLAY = credit(NOVELIST, "based on the novel by"), credit(SCREENWRITER, "screenplay by")
SAID_ELSEWHERE = credit(UNSAID, "teleplay", title=2)


@pytest.mark.parametrize(
    ("asked", "order"),
    [
        (SCRIPT, [SCREENWRITER, NOVELIST]),
        (SOURCE, [NOVELIST, SCREENWRITER]),
        (None, [NOVELIST, SCREENWRITER]),
    ],
)
def test_those_who_wrote_what_was_asked_come_first(asked: str | None, order: list[int]) -> None:
    found = first_as_asked([NOVEL, SCREENPLAY], asked, lambda _: [])
    assert [item.person_id for item in found] == order


def test_without_a_job_it_counts_what_somebody_mostly_writes() -> None:
    writers = [credit(NOVELIST, None), credit(UNSAID, None)]
    other = {NOVELIST: [NOVEL], UNSAID: [SAID_ELSEWHERE]}
    found = first_as_asked(writers, SCRIPT, other.__getitem__)
    assert [item.person_id for item in found] == [UNSAID, NOVELIST]


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("who wrote the screenplay of Aliens", "script"),
        ("who is the author of Aliens", "source"),
        ("who wrote Aliens", None),
    ],
)
def test_the_wording_tells_which_writing_is_meant(question: str, topic: str | None) -> None:
    assert read(question)[0].topic == topic


def test_the_music_for_a_title_is_no_title() -> None:
    names = [reading.title.name for reading in read("who made the music for Heat") if reading.title]
    assert "the music for Heat" not in names
