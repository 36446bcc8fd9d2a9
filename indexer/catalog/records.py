"""What the catalogue holds, as records: the nouns every other package speaks in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from indexer.ids import PersonId, TitleId

ACTING = frozenset({"actor", "actress", "self", "archive_footage", "archive_sound"})
PERFORMING = frozenset({"actor", "actress"})


@dataclass(frozen=True, slots=True)
class Title:
    """A film, series, episode...; unknown values are ``None`` or empty."""

    id: TitleId
    name: str
    # IMDb's word: movie, short, tvSeries, tvMiniSeries, tvMovie, tvEpisode, tvSpecial, video, videoGame
    type: str
    original_name: str | None = None  # None where it equals name
    year: int | None = None
    end_year: int | None = None
    runtime: int | None = None  # minutes
    genres: tuple[str, ...] = ()
    rating: float | None = None  # 0-10
    votes: int = 0
    adult: bool = False

    @property
    def dated(self) -> str:
        """ "The Matrix (1999)"; the name alone where the year is unknown."""
        return dated(self.name, self.year)


def dated(name: str, year: int | None) -> str:
    """A title's name with its year, where that is known."""
    return f"{name} ({year})" if year is not None else name


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with credits; ``popularity`` is the votes of their titles added up (no unit, a prior)."""

    id: PersonId
    name: str
    birth_year: int | None = None
    death_year: int | None = None
    professions: tuple[str, ...] = ()
    popularity: int = 0


@dataclass(frozen=True, slots=True)
class Credit:
    """One person's one function in one title, with all the characters named there."""

    title_id: TitleId
    person_id: PersonId
    ordering: int  # billing, from 1
    category: str  # actor, actress, self, director, writer, composer, producer, cinematographer, editor...
    job: str | None = None
    characters: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Episode:
    """One episode of a series; its own title is in the catalogue or not."""

    id: TitleId
    series_id: TitleId
    season: int | None
    number: int | None


@dataclass(frozen=True, slots=True)
class FilmNotes:
    """What The Movies Dataset says of a title beside its overview."""

    tagline: str | None = None
    collection: str | None = None
    companies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TitleFilter:
    """Which titles to list, and in which order; titles whose value for the order is unknown come last."""

    years: tuple[int, int] | None = None  # first and last
    genres: tuple[str, ...] = ()  # all of them, in IMDb's spelling
    types: tuple[str, ...] = ()  # one of them
    min_votes: int = 0
    min_rating: float | None = None  # 0-10; titles without a rating do not pass
    order: Literal["votes", "rating", "year", "runtime"] = "votes"
    descending: bool = True
