"""The one table of routes: application, checks of requests and OpenAPI document are made from it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from legacy_clients import asked, genres, recommending, records, said, searching
from legacy_clients.asked import Asked
from legacy_clients.classes import MODEL_ROUTE, ROUTE
from legacy_clients.said import Said

if TYPE_CHECKING:
    from indexer.index import Index

Question = TypeVar("Question", bound=Asked)
DOCUMENT = "/openapi.json"


@dataclass(frozen=True)
class Route(Generic[Question]):
    """One route.

    path: as OpenAPI spells it, with {names}. asked, said: the models of request and answer. answer: raises
    Refusal or an error of ``indexer.errors``. problems: statuses it may refuse with, beside 400, 500, 503.
    """

    name: str
    path: str
    methods: tuple[str, ...]
    summary: str
    asked: type[Question]
    said: type[Said]
    answer: Callable[[Index, Question], Said]
    problems: tuple[int, ...] = ()

    @property
    def rule(self) -> str:
        """The path as Flask spells it; a name may hold slashes (Face/Off)."""
        return re.sub(r"{(\w+)}", r"<path:\1>", self.path)

    @property
    def in_path(self) -> tuple[str, ...]:
        """The fields of the request that stand in the path."""
        return tuple(re.findall(r"{(\w+)}", self.path))


ROUTES: tuple[Route[Any], ...] = (
    Route(
        "six",
        ROUTE,
        ("GET",),
        "How a plot divides over six genres, as the original service answered.",
        asked.AskedSix,
        said.Six,
        genres.six,
        (413,),
    ),
    Route(
        "genres",
        "/genres",
        ("GET", "POST"),
        "All genres of a plot, its language, and the model.",
        asked.AskedGenres,
        said.Genres,
        genres.genres,
        (413,),
    ),
    Route(
        "model",
        MODEL_ROUTE,
        ("GET",),
        "Which genre model answers, what trained it, and how good it is.",
        asked.Nothing,
        said.ModelAnswer,
        genres.model,
    ),
    Route(
        "like_title",
        "/recommend/title/{title}",
        ("GET",),
        "Titles like a title.",
        asked.AskedLikeTitle,
        said.LikeTitle,
        recommending.like_title,
        (404, 413),
    ),
    Route(
        "like_overview",
        "/recommend/overview",
        ("GET", "POST"),
        "Titles like a plot.",
        asked.AskedLikeOverview,
        said.LikeOverview,
        recommending.like_overview,
        (413,),
    ),
    Route(
        "search",
        "/api/search",
        ("POST",),
        "Titles by names and filters, a page at a time.",
        asked.AskedSearch,
        said.SearchAnswer,
        searching.search,
        (413,),
    ),
    Route(
        "title",
        "/api/title/{id}",
        ("GET",),
        "A title's record, and what its vector remembers.",
        asked.AskedTitle,
        said.TitleRecord,
        records.title,
        (404, 413),
    ),
    Route(
        "person",
        "/api/person/{id}",
        ("GET",),
        "A person's record, and what their vector remembers.",
        asked.AskedPerson,
        said.PersonRecord,
        records.person,
        (404, 413),
    ),
)
