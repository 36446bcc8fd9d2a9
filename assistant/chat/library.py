"""What the page shows from the index beside answers: cards of the titles and people that an answer names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Protocol, TypeVar

from assistant.answer import Answer, Choice
from assistant.chat.cards import Card, PersonCard, TitleCard
from assistant.chat.posters import Posters
from assistant.chat.suggestions import suggestions
from indexer.catalog.records import PERFORMING
from indexer.ids import PersonId

if TYPE_CHECKING:
    from assistant.core import Assistant
    from indexer.catalog.catalog import Catalog
    from indexer.index import Index

MOST = 3  # cards of each kind; an answer that names more has none of that kind
CAST, KNOWN = 4, 3
Key = TypeVar("Key", bound=int)
Found = TypeVar("Found")


class Shelf(Protocol):
    """Where the page finds the cards of an answer, and what could be asked next."""

    def cards(self, answer: Answer) -> list[Card]:
        """The cards, people first; [] for none."""

    def suggestions(self, answer: Answer) -> list[Choice]:
        """Questions to go on with; [] for none."""


class NoShelf:
    """Has no cards and suggests nothing."""

    def cards(self, answer: Answer) -> list[Card]:  # noqa: ARG002 - as a Shelf
        """[]."""
        return []

    def suggestions(self, answer: Answer) -> list[Choice]:  # noqa: ARG002 - as a Shelf
        """[]."""
        return []


class Library:
    """Reads the index of an assistant, which may move on to another build at any time."""

    def __init__(self, assistant: Callable[[], Assistant], posters: Posters | None = None) -> None:
        self._assistant, self.posters = assistant, posters

    def cards(self, answer: Answer) -> list[Card]:
        """Cards of at most ``MOST`` people and titles of the evidence; [] for an answer that names more."""
        people = _few(record.person_id for record in answer.evidence)
        titles = _few(record.title_id for record in answer.evidence)
        return self.read(
            lambda index: [
                *person_cards(index.catalog, people),
                *title_cards(index.catalog, titles, self.posters),
            ]
        )

    def suggestions(self, answer: Answer) -> list[Choice]:
        """Questions that the build which serves can answer; [] for none."""
        return self.read(lambda index: suggestions(index, answer))

    def read(self, reading: Callable[[Index], Found]) -> Found:
        """What ``reading`` finds in the build that serves; again where that was closed meanwhile."""
        while True:
            assistant = self._assistant()
            index = assistant.index
            try:
                return reading(index)
            except Exception:
                if index is assistant.index:
                    raise


def title_cards(catalog: Catalog, ids: Iterable[int], posters: Posters | None) -> list[TitleCard]:
    """Cards of the titles that the catalogue has, in the order of their ids."""
    wanted = list(ids)
    titles, told = catalog.titles(wanted), catalog.overviews(wanted)
    credits = catalog.credits_of_titles(wanted)
    names: dict[int, list[PersonId]] = {
        at: [credit.person_id for credit in found if credit.category in PERFORMING][:CAST]
        for at, found in credits.items()
    }
    people = {person.id: person.name for person in catalog.people(_all(names.values())).values()}
    return [
        TitleCard(
            titles[key],
            told.get(key),
            tuple(people[at] for at in names.get(key, ()) if at in people),
            None if posters is None else posters.path(key),
        )
        for key in titles
    ]


def person_cards(catalog: Catalog, ids: Iterable[int]) -> list[PersonCard]:
    """Cards of the people that the catalogue has, with the titles most people have seen them in."""
    found = []
    for person in catalog.people(ids).values():
        seen = list(dict.fromkeys(credit.title_id for credit in catalog.credits_of_person(person.id)))[:KNOWN]
        titles = catalog.titles(seen)
        found.append(PersonCard(person, tuple(titles[key] for key in seen if key in titles)))
    return found


def _few(ids: Iterable[Key | None]) -> list[Key]:
    """The distinct ids, in order; [] where there are too many for cards."""
    distinct = list(dict.fromkeys(each for each in ids if each is not None))
    return distinct if len(distinct) <= MOST else []


def _all(groups: Iterable[list[PersonId]]) -> set[PersonId]:
    return {each for group in groups for each in group}
