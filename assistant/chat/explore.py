"""The page of a title or a person: card, credits, neighbours, what field models make of its vector."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from assistant.answer import Evidence
from assistant.chat.cards import Card, cards
from assistant.chat.library import person_cards, title_cards
from assistant.chat.markup import escaped, records
from indexer.catalog.records import Credit, Person, Title
from indexer.errors import InputError
from indexer.ids import format_person_id, format_title_id, parse_person_id, parse_title_id

if TYPE_CHECKING:
    from assistant.chat.posters import Posters
    from indexer.index import Index

NEIGHBOURS = 8
MEANT = 6  # others of the same name that are offered
MOST_NAME = 200  # characters


def explored(index: Index, text: str, posters: Posters | None = None) -> str:
    """The page of what an id or a name means, best known first; a line where nothing is called so."""
    found = _meant(index, text.strip()[:MOST_NAME])
    if not found:
        return '<p class="quiet">Nothing in the catalogue has that name or id.</p>'
    best, others = found[0], found[1:]
    page = _title_page(index, best, posters) if isinstance(best, Title) else _person_page(index, best)
    more = f'<p class="quiet">Also found: {"".join(button(each) for each in others)}</p>' if others else ""
    return f'<div class="explored">{more}{page}</div>'


def button(found: Title | Person, label: str = "") -> str:
    """A button that opens a title's or person's page here."""
    title = isinstance(found, Title)
    key = format_title_id(found.id) if title else format_person_id(found.id)
    name = found.dated if isinstance(found, Title) else found.name
    return f'<button type="button" class="chip" data-explore="{key}">{escaped(label or name)}</button>'


def _meant(index: Index, text: str) -> list[Title | Person]:
    catalog = index.catalog
    try:
        by_id: Title | Person | None = (
            catalog.person(parse_person_id(text))
            if text.startswith("nm")
            else catalog.title(parse_title_id(text))
        )
    except InputError:  # no id, so a name
        return _called(index, text) if text else []
    return [by_id] if by_id is not None else []


def _called(index: Index, text: str) -> list[Title | Person]:
    """Titles and people of about a name, the likeliest first."""
    catalog = index.catalog
    titles = list(catalog.titles(catalog.search_titles(text, MEANT)).values())
    people = list(catalog.people(catalog.search_people(text, MEANT)).values())
    both: list[Title | Person] = [*titles, *people]
    return sorted(both, key=lambda each: _fit(each, text))[: 1 + MEANT]


def _fit(found: Title | Person, text: str) -> tuple[bool, int]:
    """The same name first, then what most people know."""
    known = found.votes if isinstance(found, Title) else found.popularity
    return found.name.casefold() != text.casefold(), -known


def _title_page(index: Index, title: Title, posters: Posters | None) -> str:
    catalog = index.catalog
    credits = catalog.credits_of_title(title.id)
    people = catalog.people({credit.person_id for credit in credits})
    rows = [
        Evidence(
            title.id, title.name, title.year, credit.person_id, people[credit.person_id].name, *_part(credit)
        )
        for credit in credits
        if credit.person_id in people
    ]
    shown: list[Card] = [*title_cards(catalog, [title.id], posters)]
    return _page(cards(shown), rows, "Title", _around(index, title), _reconstructed(index, title))


def _person_page(index: Index, person: Person) -> str:
    catalog = index.catalog
    credits = catalog.credits_of_person(person.id)
    titles = catalog.titles({credit.title_id for credit in credits})
    rows = [
        Evidence(each.id, each.name, each.year, person.id, person.name, *_part(credit))
        for credit in credits
        if (each := titles.get(credit.title_id)) is not None
    ]
    shown: list[Card] = [*person_cards(catalog, [person.id])]
    return _page(cards(shown), rows, "Person", _around(index, person), _reconstructed(index, person))


def _part(credit: Credit) -> tuple[str, str | None, tuple[str, ...]]:
    return credit.category, credit.job, credit.characters


def _page(card: str, rows: list[Evidence], about: str, around: Sequence[Title | Person], made: str) -> str:
    near = "".join(button(each) for each in around) or "<p>It has no vector in this build.</p>"
    return (
        f"{card}<h3>Credits</h3>{records(rows, about) or '<p>None in the catalogue.</p>'}"
        f'<h3>Near it in the joint space</h3><div class="chips">{near}</div>{made}'
    )


def _around(index: Index, found: Title | Person) -> Sequence[Title | Person]:
    """Its neighbours in the joint space, nearest first; [] without vectors."""
    from indexer.maps.remade import near

    keys = near(index, found, NEIGHBOURS)
    catalog = index.catalog
    return list((catalog.titles(keys) if isinstance(found, Title) else catalog.people(keys)).values())


def _reconstructed(index: Index, found: Title | Person) -> str:
    """What the field models read out of the entity's own vector, beside what the catalogue says."""
    from indexer.maps.remade import remade

    read = remade(index, found)
    if read is None:
        return "<p>This build has no joint space: python -m indexer build makes one.</p>"
    if not read:
        return ""
    lines = "".join(
        f"<tr><th scope=row>{escaped(each.field)}</th>"
        f"<td>{_said(each.catalogue)}</td><td>{_said(each.model)}</td></tr>"
        for each in read
        if each.model is not None
    )
    head = "<tr><th></th><th scope=col>In the catalogue</th><th scope=col>Read from its vector</th></tr>"
    return f'<h3>What its vector remembers</h3><table class="plain">{head}{lines}</table>'


def _said(value: Any) -> str:
    if value is None or value == ():
        return "–"
    if isinstance(value, tuple | list):
        return escaped(", ".join(str(each) for each in value[:6]))
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.1f}"  # minutes and votes have no tenths
    return escaped(f"{value:,}" if isinstance(value, int) and value > 9999 else str(value))
