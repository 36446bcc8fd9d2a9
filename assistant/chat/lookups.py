"""What programs may look up in an index beside asking: records, neighbours, guesses. Values in, JSON out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from indexer.catalog.records import Credit, Person, Title
from indexer.errors import IndexUnusable, InputError
from indexer.ids import format_person_id, format_title_id, parse_person_id, parse_title_id

if TYPE_CHECKING:
    from indexer.index import Index
    from indexer.predictors.rating import RatingFacts, RatingModel
    from indexer.predictors.similar import ScoredTitle

MOST_NAME = 200  # characters
MOST_LISTED = 100  # titles or credits
OTHERS = 5  # of the same name
Part = TypeVar("Part")
Json = dict[str, Any]


def title_record(index: Index, name: str) -> Json:
    """The record of the title that an id or name means, with its overview, credits and namesakes.

    Raises InputError where none is called so.
    """
    found, *others = meant_titles(index, name)
    credits = index.catalog.credits_of_title(found.id)
    people = index.catalog.people({credit.person_id for credit in credits})
    told = [_credit(credit, people.get(credit.person_id)) for credit in credits[:MOST_LISTED]]
    return {
        **_title(found),
        "overview": index.catalog.overview(found.id),
        "keywords": index.catalog.keywords(found.id),
        "credits": told,
        "credits_in_all": len(credits),
        "others": [_title(other) for other in others[:OTHERS]],
    }


def person_record(index: Index, name: str) -> Json:
    """The record of the person that an id or name means, with their credits and namesakes.

    Raises InputError where nobody is called so.
    """
    found, *others = meant_people(index, name)
    credits = index.catalog.credits_of_person(found.id)
    titles = index.catalog.titles({credit.title_id for credit in credits})
    told = [_credit(credit, titles.get(credit.title_id)) for credit in credits[:MOST_LISTED]]
    return {
        **_person(found),
        "credits": told,
        "credits_in_all": len(credits),
        "others": [_person(other) for other in others[:OTHERS]],
    }


def titles_like(index: Index, name: str, limit: int) -> Json:
    """Titles like the one that an id or name means. Raises InputError, IndexUnusable."""
    found = meant_titles(index, name)[0]
    similar = _needed(index.similar, "vectors of overviews", "overviews")
    return {"title": _title(found), "similar": _scored(index, similar.to_title(found.id, limit))}


def titles_of_plot(index: Index, plot: str, limit: int) -> Json:
    """Titles whose overviews are like a plot. Raises IndexUnusable."""
    similar = _needed(index.similar, "vectors of overviews", "overviews")
    return {"titles": _scored(index, similar.to_text(plot, limit))}


def genres_of_plot(index: Index, plot: str) -> Json:
    """How likely each genre is for a plot, likeliest first. Raises IndexUnusable."""
    found = _needed(index.genre, "genre model", "genre").predict([plot], index.encoder)[0]
    return {"genres": [{"genre": name, "probability": round(value, 4)} for name, value in found.items()]}


def guessed_rating(index: Index, name: str | None, facts: Mapping[str, Any] | None) -> Json:
    """The rating from 1 to 10 that the facts of a title, or facts given, let expect.

    Beside it stands the catalogue's own; None without one. Raises InputError, IndexUnusable.
    """
    from indexer.predictors.rating import RatingFacts

    if (name is None) == (facts is None):
        raise InputError("Give either a title or facts such as {'year': 1999, 'genres': ['Drama']}.")
    model = _needed(index.rating, "rating model", "rating")
    if name is None:
        return {"predicted": _rated(model, RatingFacts.from_json(facts or {})), "title": None, "rating": None}
    title = meant_titles(index, name)[0]
    predicted = _rated(model, RatingFacts.of(title))
    return {"predicted": predicted, "title": _title(title), "rating": title.rating}


def _rated(model: RatingModel, facts: RatingFacts) -> float:
    return round(float(model.predict([facts])[0]), 2)


def meant_titles(index: Index, text: str) -> list[Title]:
    """The titles that an id or name may mean, likeliest first, one at least. Raises InputError for none."""
    from assistant.reading.refs import title_ref
    from assistant.resolving.context import Context
    from assistant.resolving.resolver import Tools

    name = _named(text, "title")
    if name.startswith("tt") and name[2:].isdigit():
        found = index.catalog.title(parse_title_id(name))
        titles = [] if found is None else [found]
    else:
        titles = [hit.title for hit in Tools(index, Context()).titles(title_ref(name))]
    return _some(titles, "title", name)


def meant_people(index: Index, text: str) -> list[Person]:
    """The people that an id or name may mean, likeliest first, one at least. Raises InputError for none."""
    from assistant.reading.refs import person_ref
    from assistant.resolving.context import Context
    from assistant.resolving.resolver import Tools

    name = _named(text, "person")
    if name.startswith("nm") and name[2:].isdigit():
        found = index.catalog.person(parse_person_id(name))
        people = [] if found is None else [found]
    else:
        people = [hit.person for hit in Tools(index, Context()).people(person_ref(name))]
    return _some(people, "person", name)


def _named(text: str, kind: str) -> str:
    name = text.strip()
    if not name or len(name) > MOST_NAME:
        raise InputError(f"A {kind} is an id or a name of 1 to {MOST_NAME} characters, not {len(name):,}.")
    return name


def _some(found: list[Part], kind: str, name: str) -> list[Part]:
    if not found:
        raise InputError(f"No {kind} in the catalogue is like {name!r}: check the spelling, or give an id.")
    return found


def _needed(part: Part | None, what: str, step: str) -> Part:
    if part is None:
        raise IndexUnusable(f"This build has no {what}: `python -m indexer build` without --without {step}.")
    return part


def _scored(index: Index, found: Sequence[ScoredTitle]) -> list[Json]:
    titles = index.catalog.titles([each.title_id for each in found])
    return [
        {
            **_title(titles[each.title_id]),
            "score": round(each.score, 4),
            "parts": {name: round(value, 4) for name, value in each.parts.items()},
        }
        for each in found
        if each.title_id in titles
    ]


def _title(title: Title) -> Json:
    return {
        "title_id": format_title_id(title.id),
        "title": title.name,
        "original_title": title.original_name,
        "type": title.type,
        "year": title.year,
        "end_year": title.end_year,
        "runtime_minutes": title.runtime,
        "genres": list(title.genres),
        "rating": title.rating,
        "votes": title.votes,
    }


def _person(person: Person) -> Json:
    return {
        "person_id": format_person_id(person.id),
        "person": person.name,
        "born": person.birth_year,
        "died": person.death_year,
        "professions": list(person.professions),
    }


def _credit(credit: Credit, other: Title | Person | None) -> Json:
    """A credit as seen from its title, with the person, or the other way round."""
    told: Json = {"category": credit.category, "job": credit.job, "characters": list(credit.characters)}
    if isinstance(other, Person):
        return {"person_id": format_person_id(other.id), "person": other.name, **told}
    if isinstance(other, Title):
        return {"title_id": format_title_id(other.id), "title": other.name, "year": other.year, **told}
    return told
