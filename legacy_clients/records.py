"""The records of a title and of a person, with what their vectors remember of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from indexer.ids import format_person_id, format_title_id, parse_person_id, parse_title_id
from indexer.maps.remade import near, remade
from legacy_clients.asked import AskedPerson, AskedTitle
from legacy_clients.lines import in_order, person_id, person_line, title_fields, title_line
from legacy_clients.problems import Refusal
from legacy_clients.said import CastLine, CreditLine, PersonRecord, Remembered, TitleRecord

if TYPE_CHECKING:
    from indexer.catalog.catalog import Catalog
    from indexer.catalog.records import Credit, Person, Title
    from indexer.index import Index

_NEAR = 8
_NAMES = 50  # other titles of a title


def title(index: Index, asked: AskedTitle) -> TitleRecord:
    """Everything of one title. Raises InputError for what is no id, Refusal 404 for one that is not there."""
    found = index.catalog.title(parse_title_id(asked.id))
    if found is None:
        raise Refusal(404, f"no title {asked.id} in this index")
    return TitleRecord(
        **title_fields(found),
        original_title=found.original_name,
        end_year=found.end_year,
        runtime_minutes=found.runtime,
        adult=found.adult,
        **_told(index.catalog, found),
        **_place(index.catalog, found),
        credits=_cast(index.catalog, index.catalog.credits_of_title(found.id)),
        near=[title_line(each) for each in index.catalog.titles(near(index, found, _NEAR)).values()],
        reconstructed=_remembered(index, found),
    )


def person(index: Index, asked: AskedPerson) -> PersonRecord:
    """Everything of one person, with at most so many credits. Errors as ``title``."""
    found = index.catalog.person(parse_person_id(asked.id))
    if found is None:
        raise Refusal(404, f"no person {asked.id} in this index")
    credits = index.catalog.credits_of_person(found.id)
    return PersonRecord(
        id=format_person_id(found.id),
        person=found.name,
        born=found.birth_year,
        died=found.death_year,
        professions=list(found.professions),
        credits_total=len(credits),
        credits=_filmography(index.catalog, credits[: asked.credits]),
        near=[person_line(each) for each in index.catalog.people(near(index, found, _NEAR)).values()],
        reconstructed=_remembered(index, found),
    )


def _told(catalog: Catalog, title: Title) -> dict[str, Any]:
    """What The Movies Dataset and the alternative titles add."""
    notes = catalog.notes(title.id)
    return {
        "also_called": catalog.alternative_titles(title.id)[:_NAMES],
        "overview": catalog.overview(title.id),
        "tagline": notes.tagline if notes else None,
        "collection": notes.collection if notes else None,
        "companies": list(notes.companies) if notes else [],
        "keywords": catalog.keywords(title.id),
        "languages": catalog.languages(title.id),
    }


def _place(catalog: Catalog, title: Title) -> dict[str, Any]:
    """An episode's place in its series, a series' size."""
    episode = catalog.episode(title.id)
    episodes, seasons = catalog.episode_counts(title.id)
    series = in_order(catalog.titles([episode.series_id]), [episode.series_id]) if episode else []
    return {
        "series": series[0] if series else None,
        "season": episode.season if episode else None,
        "episode": episode.number if episode else None,
        "episodes": episodes,
        "seasons": seasons,
    }


def _cast(catalog: Catalog, credits: Sequence[Credit]) -> list[CastLine]:
    people = catalog.people({credit.person_id for credit in credits})
    return [
        CastLine(
            person_id=person_id(credit.person_id),
            person=people[credit.person_id].name,
            **_part(credit),
        )
        for credit in credits
        if credit.person_id in people
    ]


def _filmography(catalog: Catalog, credits: Sequence[Credit]) -> list[CreditLine]:
    titles = catalog.titles({credit.title_id for credit in credits})
    return [
        CreditLine(
            title_id=format_title_id(credit.title_id),
            title=titles[credit.title_id].name,
            year=titles[credit.title_id].year,
            **_part(credit),
        )
        for credit in credits
        if credit.title_id in titles
    ]


def _part(credit: Credit) -> dict[str, Any]:
    return {"category": credit.category, "job": credit.job, "characters": list(credit.characters)}


def _remembered(index: Index, found: Title | Person) -> list[Remembered] | None:
    read = remade(index, found)
    if read is None:
        return None
    return [
        Remembered(
            field=each.field, catalogue=_plain(each.catalogue), vector=_plain(each.model), nats=each.nats
        )
        for each in read
    ]


def _plain(value: Any) -> Any:
    """A field's value as JSON: numbers to two places, tuples as lists, nothing as null."""
    if value is None or value == ():
        return None
    if isinstance(value, tuple):
        return list(value)
    return round(value, 2) if isinstance(value, float) else value
