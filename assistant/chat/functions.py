"""What programs may call: the page's functions as documented endpoints and as MCP tools, under its limits."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import gradio as gr
from gradio.events import api

from assistant.answer import Answer, Status
from assistant.chat import lookups
from assistant.chat.clients import visitor_of
from assistant.chat.library import Library
from assistant.chat.lookups import MOST_LISTED, Json
from assistant.chat.service import Service, TookTooLong
from assistant.chat.turns import checked_history, checked_question
from indexer.errors import WhoplayedError

if TYPE_CHECKING:
    from indexer.index import Index

log = logging.getLogger("whoplayed.chat")
Found = TypeVar("Found")


class Refused(gr.Error):
    """A call that cannot be answered; its text is the line for whoever called, over HTTP and MCP alike."""

    def __init__(self, line: str) -> None:
        super().__init__(line, print_exception=False)

    def __str__(self) -> str:
        return str(self.message)


def add_asking(service: Service) -> None:
    """``/ask``, within the page that is being made."""
    api(Asking(service).ask, api_name="ask", queue=False)


def add_functions(service: Service, library: Library) -> None:
    """All others."""
    functions = Functions(service, library)
    for function in (
        functions.similar_to_title,
        functions.find_by_plot,
        functions.title,
        functions.person,
        functions.genre,
        functions.rating,
    ):
        api(function, api_name=function.__name__, queue=False)


class Asking:
    """The function behind ``/ask``; what is between the lines of its docstring is for programs to read."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def ask(
        self, question: str, request: gr.Request, history: list[dict[str, Any]] | None = None
    ) -> dict[str, Any]:
        """Answer a question about films, series and the people in them, with the records that prove it.

        Args:
            question: In English, at most 2,000 characters, such as "who played the Oracle in The Matrix".
            history: The turns before it, oldest first, each {"role": "user" or "assistant", "content": text}.
            request: Who asks.

        Returns:
            The answer: its status (answered, ambiguous, unknown, unsupported), text, evidence and choices.
        """
        return _told(lambda: self._answer(question, history, request).to_json())

    def _answer(self, question: str, history: object, request: gr.Request) -> Answer:
        asked, before = checked_question(question), checked_history(history)
        try:
            return self._service.to(visitor_of(request), "ask").answer(asked, before)
        except TookTooLong as late:
            return Answer(Status.UNKNOWN, str(late))


class Functions:
    """The functions that look into the index."""

    def __init__(self, service: Service, library: Library) -> None:
        self._service, self._library = service, library

    def similar_to_title(self, title: str, request: gr.Request, limit: int = 10) -> dict[str, Any]:
        """Find titles like a title: by plot, makers, genres, collection and era.

        Args:
            title: A title's name, with its year where several have it, or its IMDb id (tt0133093).
            limit: How many, 1 to 100.
            request: Who asks.

        Returns:
            The title that was meant, and the titles like it with scores and their parts, best first.
        """
        name, most = _text(title), _few(limit)
        return self._looked(request, "similar_to_title", lambda index: lookups.titles_like(index, name, most))

    def find_by_plot(self, plot: str, request: gr.Request, limit: int = 10) -> dict[str, Any]:
        """Find titles by a half-remembered plot.

        Args:
            plot: What happens in it, in English and one's own words, at most 2,000 characters.
            limit: How many, 1 to 100.
            request: Who asks.

        Returns:
            Titles with scores and their parts, best first.
        """
        told, most = _checked(plot), _few(limit)
        return self._looked(request, "find_by_plot", lambda index: lookups.titles_of_plot(index, told, most))

    def title(self, title: str, request: gr.Request) -> dict[str, Any]:
        """Look up the record of one title: year, type, genres, rating, overview, keywords, credits.

        Args:
            title: A title's name, with its year where several have it, or its IMDb id (tt0133093).
            request: Who asks.

        Returns:
            The record, and other titles that may have been meant.
        """
        name = _text(title)
        return self._looked(request, "title", lambda index: lookups.title_record(index, name))

    def person(self, person: str, request: gr.Request) -> dict[str, Any]:
        """Look up the record of one person: years of birth and death, professions, credits.

        Args:
            person: A person's name, or their IMDb id (nm0000206).
            request: Who asks.

        Returns:
            The record, and other people who may have been meant.
        """
        name = _text(person)
        return self._looked(request, "person", lambda index: lookups.person_record(index, name))

    def genre(self, plot: str, request: gr.Request) -> dict[str, Any]:
        """Guess the genres of a plot.

        Args:
            plot: What happens, in English, at most 2,000 characters.
            request: Who asks.

        Returns:
            Every genre with its probability; a film may have several.
        """
        told = _checked(plot)
        return self._looked(request, "genre", lambda index: lookups.genres_of_plot(index, told))

    def rating(
        self, request: gr.Request, title: str | None = None, facts: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Guess the rating, 1 to 10, of a title from its facts. Give either a title or facts.

        Args:
            title: A title's name, with its year where several have it, or its IMDb id (tt0133093).
            facts: Some of type, year, runtime (minutes), genres (a list) and votes.
            request: Who asks.

        Returns:
            The guess, and of a title its own rating.
        """
        name = None if title is None else _text(title)
        return self._looked(request, "rating", lambda index: lookups.guessed_rating(index, name, facts))

    def _looked(self, request: gr.Request, name: str, look: Callable[[Index], Json]) -> Json:
        visitor = visitor_of(request)
        return _told(lambda: self._service.do(visitor, name, lambda: self._library.read(look)))


def _told(found: Callable[[], Found]) -> Found:
    """What was found. Raises Refused with a line for a person; the log has a failure's cause under its id."""
    try:
        return found()
    except WhoplayedError as error:
        raise Refused(str(error)) from None
    except Exception:
        report = secrets.token_hex(4)
        log.exception("report %s", report)
        line = f"Something went wrong on this side, and it is in the log as {report}."
        raise Refused(line) from None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise Refused(f"A name is text, not {type(value).__name__}.")
    return value


def _checked(plot: object) -> str:
    """A plot is text of the length of a question."""
    return _told(lambda: checked_question(plot))


def _few(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_LISTED:
        raise Refused(f"A limit is a whole number, 1 to {MOST_LISTED}, not {str(value)[:40]}.")
    return value


def as_json(data: list[Any], _: str) -> list[Any]:
    """What a tool gives, as MCP sends it: JSON, where Gradio would print Python's way of writing it."""
    from mcp.types import TextContent

    return [TextContent(type="text", text=json.dumps(each, ensure_ascii=False)) for each in data]
