"""What the service says: one model for each answer, which is also its description in OpenAPI."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0, le=1)]


class Said(BaseModel):
    """Base of all."""

    model_config = ConfigDict(frozen=True)


class Six(Said):
    """The original answer: 0 drama, 1 documentary, 2 comedy, 3 horror, 4 action, 5 western."""

    probabilities: dict[str, Share]


class Language(Said):
    """The language a text is probably in."""

    code: Annotated[str, Field(description="ISO 639-1, as in en.")]
    probability: Share


class Model(Said):
    """Which model says genres, what trained it, and how good it is on plots that were held out."""

    summary: Annotated[str, Field(description="The rest in a sentence.")]
    genres: list[str]
    encoder: Annotated[str, Field(description="What turns plots into vectors.")]
    report: Annotated[dict[str, Any], Field(description="As the build measured it.")]
    build: Annotated[str, Field(description="The id of the index that serves.")]
    built: Annotated[str, Field(description="When it was begun, in UTC.")]
    sources: Annotated[list[str], Field(description="The files it was built from.")]


class ModelAnswer(Said):
    """The model behind the genres."""

    model: Model


class Genres(Said):
    """All genres of a plot; a film may have several, so they do not add up to 1."""

    probabilities: Annotated[dict[str, Share], Field(description="Likeliest first.")]
    likely: Annotated[list[str], Field(description="Those above their own threshold.")]
    threshold: Annotated[Share, Field(description="The one that would serve all genres best.")]
    thresholds: Annotated[dict[str, Share], Field(description="Each genre's own, chosen for its F1.")]
    language: Annotated[
        Language | None,
        Field(description="The models know English; null where the text is too short to tell."),
    ]
    model: Model


class TitleLine(Said):
    """A title in a list."""

    id: str
    title: str
    year: int | None
    type: str
    genres: list[str]
    rating: float | None
    votes: int


class Alike(TitleLine):
    """A title that is alike; parts add up to the score, which has no unit."""

    score: float
    parts: dict[str, float]


class LikeTitle(Said):
    """Titles like a title."""

    title: Annotated[TitleLine, Field(description="Which one the name was taken for.")]
    others: Annotated[list[TitleLine], Field(description="Others that the name fits as well.")]
    note: Annotated[str | None, Field(description="How to ask for another one, where there is one.")]
    similar: list[Alike]


class LikeOverview(Said):
    """Titles like a plot."""

    language: Language | None
    similar: list[Alike]


class Found(TitleLine):
    """A title that a search found; score and parts in nats, null where nothing was ranked by names."""

    score: float | None
    parts: dict[str, float] | None


class SearchAnswer(Said):
    """One page of a search."""

    results: list[Found]
    page: int
    per_page: int
    total: Annotated[int, Field(description="Titles found; pages reach the first thousand of them.")]
    filtered: Annotated[int, Field(description="Titles that pass the filters, before names were compared.")]


class Remembered(Said):
    """One field read back from an entity's vector by its field model."""

    field: str
    catalogue: Annotated[Any, Field(description="What is true; null where it is unknown.")]
    vector: Annotated[Any, Field(description="What the vector says; null of names, which are not spelt out.")]
    nats: Annotated[
        float | None,
        Field(description="How much likelier this vector makes the catalogue's value than others do, log."),
    ]


class CastLine(Said):
    """One credit of a title."""

    person_id: str | None
    person: str
    category: str
    job: str | None
    characters: list[str]


class CreditLine(Said):
    """One credit of a person."""

    title_id: str
    title: str
    year: int | None
    category: str
    job: str | None
    characters: list[str]


class PersonLine(Said):
    """A person in a list."""

    id: str | None
    person: str


class TitleRecord(TitleLine):
    """All that the catalogue holds of a title, and what its vector remembers of it."""

    original_title: str | None
    also_called: list[str]
    end_year: int | None
    runtime_minutes: int | None
    adult: bool
    overview: str | None
    tagline: str | None
    collection: str | None
    companies: list[str]
    keywords: list[str]
    languages: list[str]
    series: Annotated[TitleLine | None, Field(description="Of an episode: its series.")]
    season: int | None
    episode: int | None
    episodes: Annotated[int, Field(description="Of a series: how many are known.")]
    seasons: int
    credits: Annotated[list[CastLine], Field(description="In billing order.")]
    near: Annotated[list[TitleLine], Field(description="Its neighbours in the joint space, nearest first.")]
    reconstructed: Annotated[
        list[Remembered] | None, Field(description="null where the build has no joint space.")
    ]


class PersonRecord(Said):
    """All that the catalogue holds of a person, and what their vector remembers."""

    id: str
    person: str
    born: int | None
    died: int | None
    professions: list[str]
    credits_total: int
    credits: Annotated[list[CreditLine], Field(description="Those in the most voted titles first.")]
    near: list[PersonLine]
    reconstructed: list[Remembered] | None


class Fault(Said):
    """One thing that is wrong with a request."""

    field: Annotated[str, Field(description="Which one; empty for the whole.")]
    value: Annotated[Any, Field(description="What it was, shortened.")]
    problem: str
    limit: Annotated[Any, Field(description="The limit that it breaks, if any.")] = None
    allowed: Annotated[list[str] | None, Field(description="What is allowed, if that is a list.")] = None


class ProblemAnswer(Said):
    """Every answer that is no success. The message is made for a person to read."""

    message: str
    errors: Annotated[list[Fault] | None, Field(description="Field by field, of a bad request.")] = None
    id: Annotated[str | None, Field(description="Of a 500: where the server's log tells more.")] = None
