"""Questions to go on with after an answer: each names its title or person and has records to answer it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answer import Answer, Choice, Status
from assistant.reading.reading import Ask, Reading
from indexer.catalog.records import PERFORMING, Credit, Person, Title
from indexer.ids import parse_person_id
from indexer.text import fold

if TYPE_CHECKING:
    from indexer.catalog.catalog import Catalog
    from indexer.index import Index

MOST = 3
_ROLES = 60  # credits of a character that are looked through for the next title of a series
_SHARED = 2  # people two titles have in common that belong to one series


def suggestions(index: Index, answer: Answer) -> list[Choice]:
    """At most ``MOST`` questions that the catalogue can answer, the nearest to what was asked first.

    None after anything but an answer, and none where there are choices to pick from.
    """
    if answer.status is not Status.ANSWERED or answer.choices or answer.reading is None:
        return []
    subject = _Subject.of(index, answer, answer.reading)
    found = (each for kind in _KINDS for each in kind(subject))
    return list({each.question: each for each in found}.values())[:MOST]


@dataclass(frozen=True)
class _Subject:
    """What an answer is about, its one title and its one person, and what was asked of them."""

    index: Index
    ask: Ask
    category: str | None
    character: str | None
    title: Title | None
    person: Person | None
    parts: Sequence[Credit]  # the title's credits
    credits: Sequence[Credit]  # the person's
    listed: bool  # the title is the first of several, so that "it" would not say which

    @classmethod
    def of(cls, index: Index, answer: Answer, reading: Reading) -> _Subject:
        catalog = index.catalog
        title, person = _title(catalog, answer), _person(catalog, answer)
        return cls(
            index,
            reading.ask,
            reading.category,
            _character(answer),
            title,
            person,
            [] if title is None else catalog.credits_of_title(title.id),
            [] if person is None else catalog.credits_of_person(person.id),
            len({record.title_id for record in answer.evidence}) > 1,
        )

    def of_title(self, short: str, question: str) -> Choice:
        """A question of the title, for which ``{}`` stands."""
        named = question.format(self.title.dated if self.title is not None else "it")
        return Choice(named if self.listed else short, named)

    def did(self, *categories: str) -> list[Credit]:
        """The person's credits of these categories in other titles than this one."""
        here = None if self.title is None else self.title.id
        return [each for each in self.credits if each.category in categories and each.title_id != here]


def _title(catalog: Catalog, answer: Answer) -> Title | None:
    """The one title of an answer; where it lists titles that fit a description, the first."""
    ids = list(dict.fromkeys(record.title_id for record in answer.evidence))
    listing = answer.reading is not None and answer.reading.ask in (Ask.TITLE, Ask.SIMILAR)
    if not ids or ids[0] is None or (len(ids) > 1 and not listing):
        return None
    return catalog.title(ids[0])


def _person(catalog: Catalog, answer: Answer) -> Person | None:
    """The first person that the answer names, or the one that all its records are of."""
    named = [item.id for item in answer.answers if item.kind == "person" and item.id is not None]
    if named:
        return catalog.person(parse_person_id(named[0]))
    ids = {record.person_id for record in answer.evidence}
    only = ids.pop() if len(ids) == 1 else None
    return None if only is None else catalog.person(only)


def _character(answer: Answer) -> str | None:
    """The one character whose player was asked for, as its record has it."""
    names = {name for record in answer.evidence for name in record.characters}
    asked = answer.reading is not None and answer.reading.ask in (Ask.PLAYED_BY, Ask.CHARACTER_OF)
    return names.pop() if asked and len(names) == 1 else None


def _next_role(subject: _Subject) -> Iterable[Choice]:
    """Who played the same character in the next title of the series."""
    following = _following(subject)
    if following is not None:
        asked = f"Who played {subject.character} in {following.dated}?"
        yield Choice(f"And in {following.dated}?", asked)


def _following(subject: _Subject) -> Title | None:
    title, character = subject.title, subject.character
    if title is None or title.year is None or character is None:
        return None
    catalog = subject.index.catalog
    roles = catalog.credits_of_character(character, _ROLES)
    same = {role.title_id for role in roles if _called(character) in map(_called, role.characters)}
    people = {part.person_id for part in subject.parts}
    dated = (each for each in catalog.titles(same).values() if each.year is not None)
    later = [each for each in dated if (each.year or 0) > title.year and each.type == title.type]
    for each in sorted(later, key=lambda one: (one.year or 0, -one.votes)):
        shared = {part.person_id for part in catalog.credits_of_title(each.id)} & people
        if len(shared) >= _SHARED:
            return each
    return None


def _called(character: str) -> str:
    """A character's name to compare: "The Oracle" is "Oracle"."""
    return fold(character).removeprefix("the ")


def _other_work(subject: _Subject) -> Iterable[Choice]:
    """What else the person did, of the kind that they were asked about."""
    person = subject.person
    if person is None or subject.ask is Ask.FILMOGRAPHY:
        return
    if subject.category == "director" and subject.did("director"):
        yield _plain(f"What else did {person.name} direct?")
    elif subject.did(*PERFORMING):
        yield _plain(f"What else was {person.name} in?")


def _director(subject: _Subject) -> Iterable[Choice]:
    asked = subject.ask is Ask.CREW and subject.category == "director"
    if subject.title is not None and not asked and any(part.category == "director" for part in subject.parts):
        yield subject.of_title("Who directed it?", "Who directed {}?")


def _cast(subject: _Subject) -> Iterable[Choice]:
    players = [part for part in subject.parts if part.category in PERFORMING]
    if subject.title is not None and subject.ask is not Ask.CAST and len(players) > 1:
        yield subject.of_title("Who was in it?", "Who was in {}?")


def _plot(subject: _Subject) -> Iterable[Choice]:
    title = subject.title
    told = title is not None and subject.ask is not Ask.PLOT
    if title is not None and told and subject.index.catalog.overview(title.id):
        yield subject.of_title("What is it about?", "What is {} about?")


def _similar(subject: _Subject) -> Iterable[Choice]:
    title = subject.title
    if title is None or subject.ask is Ask.SIMILAR or subject.index.similar is None:
        return
    if subject.index.catalog.overview(title.id):
        yield subject.of_title("Which films are like it?", "Which films are like {}?")


def _best(subject: _Subject) -> Iterable[Choice]:
    person = subject.person
    films = {credit.title_id for credit in subject.did(*PERFORMING)}
    if person is not None and subject.ask is Ask.FILMOGRAPHY and len(films) > 1:
        yield _plain(f"What is the best rated film with {person.name}?")


def _born(subject: _Subject) -> Iterable[Choice]:
    person = subject.person
    if person is not None and person.birth_year is not None and subject.ask is not Ask.BORN:
        yield _plain(f"When was {person.name} born?")


def _plain(question: str) -> Choice:
    return Choice(question, question)


_KINDS: tuple[Callable[[_Subject], Iterable[Choice]], ...] = (
    _next_role,
    _other_work,
    _best,
    _director,
    _cast,
    _similar,
    _plot,
    _born,
)
