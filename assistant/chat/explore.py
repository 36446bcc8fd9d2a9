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
    more = (
        f'<p class="quiet">Also called so: {"".join(button(each) for each in others)}</p>' if others else ""
    )
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
    near = _near(index, "titles", title.id)
    around = [found for found in (catalog.title(key) for key in near) if found is not None]
    return _page(
        cards(shown),
        rows,
        "Title",
        around,
        _reconstructed(index, "title", title, _title_values(index, title)),
    )


def _person_page(index: Index, person: Person) -> str:
    catalog = index.catalog
    credits = catalog.credits_of_person(person.id)
    titles = catalog.titles({credit.title_id for credit in credits})
    rows = [
        Evidence(each.id, each.name, each.year, person.id, person.name, *_part(credit))
        for credit in credits
        if (each := titles.get(credit.title_id)) is not None
    ]
    near = _near(index, "people", person.id)
    around = [found for found in (catalog.person(key) for key in near) if found is not None]
    values = {"born": person.birth_year, "died": person.death_year, "profession": person.professions}
    shown: list[Card] = [*person_cards(catalog, [person.id])]
    return _page(cards(shown), rows, "Person", around, _reconstructed(index, "person", person, values))


def _part(credit: Credit) -> tuple[str, str | None, tuple[str, ...]]:
    return credit.category, credit.job, credit.characters


def _page(card: str, rows: list[Evidence], about: str, around: Sequence[Title | Person], made: str) -> str:
    near = "".join(button(each) for each in around) or "<p>It has no vector in this build.</p>"
    return (
        f"{card}<h3>Credits</h3>{records(rows, about) or '<p>None in the catalogue.</p>'}"
        f'<h3>Near it in the joint space</h3><div class="chips">{near}</div>{made}'
    )


def _near(index: Index, collection: str, key: int) -> list[int]:
    """Ids of its neighbours, nearest first; [] without vectors."""
    import numpy as np

    vectors = index.vectors
    if vectors is None or collection not in vectors:
        return []
    row = vectors.rows(collection, [key])
    if np.isnan(row).any():
        return []
    ids, _ = vectors.query(collection, row, NEIGHBOURS + 1)
    return [near for near in ids[0].tolist() if near >= 0 and near != key][:NEIGHBOURS]


def _title_values(index: Index, title: Title) -> dict[str, Any]:
    from indexer.maps.facts import title_values

    return title_values(index.catalog, [title])[0]


def _reconstructed(index: Index, kind: Any, found: Title | Person, values: dict[str, Any]) -> str:
    """What the field models read out of the entity's own vector, beside what the catalogue says."""
    import numpy as np

    from indexer.fields.arrays import NumpyOps

    space, vectors, collection = index.joint, index.vectors, "titles" if kind == "title" else "people"
    if space is None or vectors is None or collection not in vectors:
        return "<p>This build has no joint space: python -m indexer build makes one.</p>"
    row = vectors.rows(collection, [found.id])
    if np.isnan(row).any():
        return ""
    latent, ops = space.towers.latent(row[:, : space.width]), NumpyOps()
    lines = "".join(
        f"<tr><th scope=row>{escaped(spec.name)}</th>"
        f"<td>{_said(values[spec.name])}</td><td>{_said(read)}</td></tr>"
        for spec, field in space.towers.of(kind)
        if spec.reconstructed and spec.name in values
        for read in field.predicted(latent, space.weights, ops)
        if read is not None
    )
    head = "<tr><th></th><th scope=col>In the catalogue</th><th scope=col>Read from its vector</th></tr>"
    return f'<h3>What its vector remembers</h3><table class="plain">{head}{lines}</table>'


def _said(value: Any) -> str:
    if value is None or value == ():
        return "–"
    if isinstance(value, tuple | list):
        return escaped(", ".join(str(each) for each in value[:6]))
    if isinstance(value, float):
        return f"{value:,.1f}"
    return escaped(f"{value:,}" if isinstance(value, int) and value > 9999 else str(value))
