"""Cards of titles and people: a drawn poster, facts, who is in it. What comes from data is escaped."""

from __future__ import annotations

import colorsys
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.chat.markup import escaped, person_link, title_link
from indexer.catalog.records import Person, Title
from indexer.ids import format_person_id, format_title_id

TOLD = 260  # characters of an overview on a card
TYPES = {
    "movie": "Film",
    "tvMovie": "TV film",
    "tvSeries": "Series",
    "tvMiniSeries": "Mini-series",
    "tvEpisode": "Episode",
    "short": "Short film",
    "tvShort": "TV short film",
    "video": "On video",
    "tvSpecial": "TV special",
    "videoGame": "Video game",
}


@dataclass(frozen=True)
class TitleCard:
    """What a card says of a title; ``cast`` are its first names, ``poster`` the path of a picture here."""

    title: Title
    overview: str | None = None
    cast: tuple[str, ...] = ()
    poster: str | None = None


@dataclass(frozen=True)
class PersonCard:
    """What a card says of a person; ``known`` are their best known titles."""

    person: Person
    known: tuple[Title, ...] = ()


Card = TitleCard | PersonCard


def cards(shown: Sequence[Card]) -> str:
    """Cards beside each other; nothing for none."""
    if not shown:
        return ""
    each = (title_card(card) if isinstance(card, TitleCard) else person_card(card) for card in shown)
    return f'<div class="cards">{"".join(each)}</div>'


def title_card(card: TitleCard) -> str:
    """One title's card."""
    title = card.title
    cast = f'<p class="quiet">With {escaped(", ".join(card.cast))}</p>' if card.cast else ""
    told = f"<p>{escaped(shortened(card.overview))}</p>" if card.overview else ""
    picture = drawn(title.name, title.id)
    if card.poster is not None:
        picture = _laid_over(picture, card.poster, title.name)
    inner = f"<h4>{title_link(title.name, title.id)}</h4>{_line(title_facts(title))}{told}{cast}"
    return (
        f'<article class="card" data-id="{format_title_id(title.id)}">{picture}<div>{inner}</div></article>'
    )


def person_card(card: PersonCard) -> str:
    """One person's card."""
    person = card.person
    known = ", ".join(title.dated for title in card.known)
    best = f'<p class="quiet">Known for {escaped(known)}</p>' if known else ""
    inner = f"<h4>{person_link(person.name, person.id)}</h4>{_line(person_facts(person))}{best}"
    picture = drawn(person.name, person.id, round_one=True)
    return (
        f'<article class="card" data-id="{format_person_id(person.id)}">{picture}<div>{inner}</div></article>'
    )


def title_facts(title: Title) -> list[str]:
    """Year, kind, length, genres, rating: what is known of them."""
    facts = [
        "" if title.year is None else str(title.year),
        TYPES.get(title.type, title.type),
        "" if title.runtime is None else f"{title.runtime} min",
        ", ".join(title.genres),
        "" if title.rating is None else f"{title.rating:.1f} of 10 ({title.votes:,} votes)",
    ]
    return [fact for fact in facts if fact]


def person_facts(person: Person) -> list[str]:
    """When they lived and what they do: what is known of it."""
    born, died = person.birth_year, person.death_year
    lived = "" if born is None else f"born {born}" if died is None else f"{born}–{died}"
    return [fact for fact in (lived, ", ".join(p.replace("_", " ") for p in person.professions)) if fact]


def drawn(name: str, number: int, round_one: bool = False) -> str:
    """A picture in place of one: the name's first letters on a colour that its id decides."""
    red, green, blue = (round(255 * part) for part in colorsys.hls_to_rgb(number * 0.618034 % 1, 0.33, 0.36))
    initials = "".join(word[0] for word in name.split() if word[0].isalnum())[:2].upper() or "?"
    shape = '<circle cx="32" cy="32" r="32"/>' if round_one else '<rect width="64" height="92" rx="6"/>'
    height = 64 if round_one else 92
    colour, written = f"rgb({red},{green},{blue})", f'y="{height // 2 + 8}" text-anchor="middle" fill="white"'
    return (
        f'<svg class="poster" viewBox="0 0 64 {height}" aria-hidden="true" fill="{colour}">{shape}'
        f'<text x="32" {written} font-size="23">{escaped(initials)}</text></svg>'
    )


def shortened(text: str, most: int = TOLD) -> str:
    """The text, cut between words where it is longer."""
    return text if len(text) <= most else f"{text[:most].rsplit(' ', 1)[0]}…"


def _laid_over(picture: str, path: str, name: str) -> str:
    """The drawn picture, and over it the poster, which may still be on its way."""
    poster = f'<img src="{escaped(path)}" alt="Poster of {escaped(name)}" loading="lazy">'
    return f'<div class="picture">{picture}{poster}</div>'


def _line(facts: Sequence[str]) -> str:
    return f'<p class="quiet">{escaped(" · ".join(facts))}</p>' if facts else ""
