"""What a request may say: one model for each route. The same models check it and describe it in OpenAPI.

A model's fields are a GET's query, a POST's JSON body, and what stands in the path. Unknown fields are
refused; so is JSON of another type ("10" is no number there, in a query it is one).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from legacy_clients.classes import MAX_CHARACTERS, MAX_NAME, PARAMETER

MOST_SIMILAR = 100
MOST_CREDITS = 1_000
PER_PAGE, MOST_PER_PAGE = 20, 50
DEEPEST = 1_000  # titles of one search that can be paged through
_FIRST_YEAR, _LAST_YEAR = 1850, 2100


def _says_something(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("blank", "is blank: expected text")
    return text.strip()


Plot = Annotated[
    str,
    Field(
        min_length=1,
        max_length=MAX_CHARACTERS,
        description="What happens in the film, in any words.",
        examples=["A sheriff rides into town to face the outlaws alone."],
    ),
    AfterValidator(_says_something),
]
Name = Annotated[str, Field(min_length=1, max_length=MAX_NAME), AfterValidator(_says_something)]
Year = Annotated[int, Field(ge=_FIRST_YEAR, le=_LAST_YEAR)]
Count = Annotated[int, Field(ge=1, le=MOST_SIMILAR, description="How many titles at most.")]
Words = Annotated[list[Annotated[str, Field(min_length=1, max_length=40)]], Field(max_length=8)]


class Asked(BaseModel):
    """Base of all."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Nothing(Asked):
    """A route without parameters."""


class AskedSix(Asked):
    """The original route; what else a client sends is ignored there, as it always was."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    processed_description: Plot


assert PARAMETER in AskedSix.model_fields  # noqa: S101 - the client's name of it


class AskedGenres(Asked):
    """A plot whose genres are wanted."""

    description: Plot


class AskedLikeTitle(Asked):
    """A title to find others like."""

    title: Annotated[
        Name, Field(description="A title's name, with its year where several share it, or its id.")
    ]
    k: Count = 10


class AskedLikeOverview(Asked):
    """A plot to find titles like."""

    overview: Plot
    k: Count = 10


class AskedSearch(Asked):
    """Which titles, and in which order. Filters are applied before anything is ranked."""

    title: Annotated[Name | None, Field(description="A title's name, whole or in part.")] = None
    person: Annotated[Name | None, Field(description="Somebody in the cast.")] = None
    director: Annotated[Name | None, Field(description="Who directed it.")] = None
    character: Annotated[Name | None, Field(description="A character in it.")] = None
    year: Annotated[Year | None, Field(description="The year; not beside year_from and year_to.")] = None
    year_from: Annotated[Year | None, Field(description="The first year.")] = None
    year_to: Annotated[Year | None, Field(description="The last year.")] = None
    genre: Annotated[Words, Field(description="Genres that a title must all have.")] = []
    type: Annotated[Words, Field(description="Types of which a title must have one.")] = []
    min_votes: Annotated[int, Field(ge=0, le=10**9, description="Fewest votes.")] = 0
    min_rating: Annotated[
        float | None, Field(ge=0, le=10, allow_inf_nan=False, description="Lowest rating.")
    ] = None
    order: Annotated[
        Literal["relevance", "votes", "rating", "year", "runtime"],
        Field(description="Highest first; relevance is that of the names said, of none: votes."),
    ] = "relevance"
    page: Annotated[int, Field(ge=1, le=DEEPEST, description="From 1.")] = 1
    per_page: Annotated[int, Field(ge=1, le=MOST_PER_PAGE)] = PER_PAGE

    @model_validator(mode="after")
    def _agrees(self) -> AskedSearch:
        first, last = self.years or (None, None)
        if self.year is not None and (self.year_from is not None or self.year_to is not None):
            raise PydanticCustomError(
                "years", "year goes without year_from and year_to: give one or the other"
            )
        if first is not None and last is not None and first > last:
            raise PydanticCustomError(
                "years", "year_from {first} is after year_to {last}", {"first": first, "last": last}
            )
        if self.page * self.per_page > DEEPEST:
            raise PydanticCustomError(
                "depth",
                "page {page} of {each} lies beyond the first {most} titles: filter more",
                {"page": self.page, "each": self.per_page, "most": DEEPEST},
            )
        return self

    @property
    def years(self) -> tuple[int, int] | None:
        """First and last year; ``None`` where any will do."""
        if self.year is not None:
            return self.year, self.year
        if self.year_from is None and self.year_to is None:
            return None
        return self.year_from or _FIRST_YEAR, self.year_to or _LAST_YEAR

    @property
    def names(self) -> dict[str, str]:
        """What is said of names, by the field of a query row."""
        said = {"title": self.title, "person": self.person, "director": self.director}
        said["character"] = self.character
        return {field: text for field, text in said.items() if text is not None}


class AskedTitle(Asked):
    """A title by its id."""

    id: Annotated[
        str, Field(max_length=20, description="IMDb's id, as in tt0133093.", examples=["tt0133093"])
    ]


class AskedPerson(Asked):
    """A person by their id."""

    id: Annotated[
        str, Field(max_length=20, description="IMDb's id, as in nm0000206.", examples=["nm0000206"])
    ]
    credits: Annotated[
        int, Field(ge=0, le=MOST_CREDITS, description="How many credits at most, the best known first.")
    ] = 200
