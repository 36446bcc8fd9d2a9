"""What linking reads of a catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from indexer.catalog.records import Credit, Person, Title
from indexer.ids import PersonId, TitleId


class LinkingSource(Protocol):
    """``indexer.catalog.Catalog`` is one."""

    def iter_titles(self) -> Iterator[Title]:
        """All titles."""

    def iter_people(self) -> Iterator[Person]:
        """All people."""

    def iter_credits(self) -> Iterator[Credit]:
        """All credits."""

    def titles(self, ids: Iterable[int]) -> Mapping[TitleId, Title]:
        """Those of the titles that are there."""

    def people(self, ids: Iterable[int]) -> Mapping[PersonId, Person]:
        """Those of the people who are there."""

    def credits_of_titles(self, ids: Iterable[int]) -> Mapping[TitleId, Sequence[Credit]]:
        """The credits of each title."""

    def credits_of_people(self, ids: Iterable[int]) -> Mapping[PersonId, Sequence[Credit]]:
        """The credits of each person."""
