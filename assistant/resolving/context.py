"""What a conversation is about: the titles and people that "it", "she" and "the second one" may mean."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.reading.reading import Reading
from indexer.ids import PersonId, TitleId


@dataclass(frozen=True)
class Context:
    """Newest first.

    Empty at the start of a conversation. ``choices`` are the titles or people just offered or listed.
    """

    titles: tuple[TitleId, ...] = ()
    people: tuple[PersonId, ...] = ()
    choices: tuple[TitleId, ...] = ()
    reading: Reading | None = None  # how the last question was read
    character: str | None = None  # of whom it was, where the last answer was a character
