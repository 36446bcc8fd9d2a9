"""The tabs over an index of the bundled sample."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import gradio as gr
import pytest

from assistant.answer import Answer, Evidence, Status
from assistant.chat.clients import visitor_of
from assistant.chat.explore import explored
from assistant.chat.functions import Asking, Functions
from assistant.chat.keys import COOKIE
from assistant.chat.library import Library, NoShelf, person_cards, title_cards
from assistant.chat.limits import Limits, Rate
from assistant.chat.service import Service
from assistant.chat.tabs import ANY, _Shown, _wanted
from assistant.chat.views import Filters, alike, drawn_map, manifest, told
from assistant.core import Assistant
from indexer.errors import IndexUnusable
from indexer.ids import PersonId, TitleId, format_person_id
from indexer.index import Index
from tests.assistant.chat.fakes import ScriptedAssistant

MATRIX, KEANU = TitleId(133093), PersonId(206)
REQUEST = cast(
    gr.Request,
    SimpleNamespace(cookies={COOKIE: "0123456789012345678901"}, client=SimpleNamespace(host="127.0.0.1")),
)


@pytest.fixture(scope="module")
def index(sample_index: Path) -> Iterator[Index]:
    with Index.open(sample_index) as opened:
        yield opened


def _library(index: Any) -> Library:
    return Library(lambda: cast(Assistant, SimpleNamespace(index=index)))


def _shown(library: Library) -> _Shown:
    return _Shown(Service(ScriptedAssistant()), library)


def test_a_card_has_the_cast_and_the_overview(index: Index) -> None:
    (card,) = title_cards(index.catalog, [MATRIX], None)
    assert card.cast[:2] == ("Keanu Reeves", "Laurence Fishburne")
    assert card.overview


def test_a_person_is_known_for_what_most_have_seen(index: Index) -> None:
    (card,) = person_cards(index.catalog, [KEANU])
    assert card.known[0].name == "The Matrix"


def test_cards_are_of_few_people_and_titles(index: Index) -> None:
    library = _library(index)
    both = Answer(Status.ANSWERED, "x", evidence=(Evidence(MATRIX, person_id=KEANU),))
    many = Answer(Status.ANSWERED, "x", evidence=tuple(Evidence(TitleId(at)) for at in range(1, 9)))
    assert [type(card).__name__ for card in library.cards(both)] == ["PersonCard", "TitleCard"]
    assert library.cards(many) == NoShelf().cards(both) == []


def test_a_build_closed_meanwhile_is_read_again_in_the_next() -> None:
    assistant = SimpleNamespace(index="old")

    def read(index: Any) -> str:
        if index == "old":
            assistant.index = "new"
            raise RuntimeError("closed")
        return f"read {index}"

    assert Library(lambda: cast(Assistant, assistant)).read(read) == "read new"


def test_a_title_is_explored_by_name_and_by_id(index: Index) -> None:
    by_name, by_id = explored(index, " the matrix "), explored(index, "tt0133093")
    for page in (by_name, by_id):
        assert "Agent Smith" in page
        assert "The Matrix Reloaded (2003)" in page  # a neighbour in the joint space
        assert "<th scope=row>year</th><td>1999</td>" in page
    assert "Also found" in by_name
    assert "Also found" not in by_id


def test_a_person_is_explored(index: Index) -> None:
    page = explored(index, "nm0000206")
    assert "Duke Caboom" in page
    assert "<th scope=row>born</th><td>1964</td>" in page
    assert "data-csv" in page
    assert '<th scope="col">Person</th>' not in page


def test_a_long_filmography_is_explored_by_role_and_decade(index: Index) -> None:
    most = max(index.catalog.iter_people(), key=lambda each: len(index.catalog.credits_of_person(each.id)))
    credits = index.catalog.credits_of_person(most.id)
    assert len(credits) > 8
    page = explored(index, format_person_id(most.id))
    assert f"All {len(credits)}, by role and decade" in page


@pytest.mark.parametrize("text", ["", "tt9999999", "nm9999999", "xyzzyplugh"])
def test_what_nothing_is_called_is_said(index: Index, text: str) -> None:
    assert explored(index, text) == '<p class="quiet">Nothing in the catalogue has that name or id.</p>'


def test_titles_are_found_by_plot_within_filters(index: Index) -> None:
    plot = "a boy learns he is a wizard and goes to a school of magic"
    assert told(index, plot, Filters()).index("Harry Potter") < 2_000
    late = told(index, plot, Filters(first=2005, last=2005))
    assert "Goblet of Fire" in late
    assert "Sorcerer" not in late
    assert "Nothing passes" in told(index, plot, Filters(kind="short"))
    assert "Tell what happens" in told(index, " ", Filters())


def test_titles_are_found_like_another(index: Index) -> None:
    page = alike(index, "the matrix", Filters(genre="Sci-Fi"))
    assert page.startswith("<h3>Like The Matrix (1999)</h3>")
    assert "The Matrix Reloaded" in page
    assert "No title" in alike(index, "xyzzyplugh", Filters())


def test_the_map_has_a_dot_for_each_title(index: Index) -> None:
    for colour in ("genre", "decade", "type"):
        page = drawn_map(index, colour)
        assert page.count("<circle") == 120
        assert "<title>The Matrix (1999) (" in page
        entries = re.findall(r"background:(#\w+)", page)
        assert len(set(entries)) == len(entries)
    assert "Colour by" in drawn_map(index, "<b>")


def test_the_manifest_says_what_the_build_holds(index: Index) -> None:
    page = manifest(index)
    assert "<th scope=row>titles</th><td>120</td>" in page
    assert "120 of 120 rows kept" in page
    assert "<th scope=row>rating</th><td>titles 120, held out 24, mae 0." in page
    bare = cast(Index, SimpleNamespace(manifest={"without": ["genre", "joint"]}))
    assert "genre, joint: python -m indexer build adds it" in manifest(bare)


def test_without_overview_vectors_a_view_says_which_command_makes_them() -> None:
    bare = cast(Index, SimpleNamespace(similar=None, vectors=None))
    assert "python -m indexer build" in told(bare, "a plot", Filters())
    assert "python -m indexer build" in drawn_map(bare, "genre")


def test_what_a_browser_sends_is_checked() -> None:
    assert _wanted("movie", "Drama", "1990", "1999") == Filters("movie", "Drama", 1990, 1999)
    assert _wanted(ANY, ANY, "", None) == _wanted(5, ["x"], "19", "1 OR") == Filters()


def test_a_year_that_is_still_being_typed_shows_nothing_new(index: Index) -> None:
    shown = _shown(_library(index))
    for first, last in (("19", ""), ("", "2")):
        told = asyncio.run(shown.told("a plot", ANY, ANY, first, last, REQUEST))
        assert told == asyncio.run(shown.alike("the matrix", ANY, ANY, first, last, REQUEST)) == gr.skip()
    assert "The Matrix" in asyncio.run(shown.alike("the matrix", ANY, ANY, "1990", "", REQUEST))


def test_a_failing_view_is_a_polite_line() -> None:
    def broken(_: Any) -> str:
        raise RuntimeError("a secret cause")

    def unusable(_: Any) -> str:
        raise IndexUnusable("rebuild <it>")

    shown = _shown(_library(object()))
    assert "it is in the log as" in asyncio.run(shown._seen(REQUEST, "x", broken))
    assert "rebuild &lt;it&gt;" in asyncio.run(shown._seen(REQUEST, "x", unusable))
    assert "secret" not in asyncio.run(shown._seen(REQUEST, "x", broken))


def test_looking_is_limited_and_takes_no_questions_away() -> None:
    service = Service(ScriptedAssistant(), Limits(views=Rate(2, 1.0), browser=Rate(1, 1.0)))
    shown = _Shown(service, _library(object()))
    seen = [asyncio.run(shown._seen(REQUEST, "map", lambda _: "a map")) for _ in range(3)]
    assert seen[:2] == ["a map", "a map"]
    assert "please wait" in seen[2]
    assert service.to(visitor_of(REQUEST)).answer("hello").text == "0 turns, then hello"


def test_a_view_is_given_up_at_its_time() -> None:
    released = threading.Event()
    shown = _Shown(Service(ScriptedAssistant(), Limits(seconds=0.01)), _library(object()))
    seen = asyncio.run(shown._seen(REQUEST, "map", lambda _: str(released.wait(60))))
    released.set()
    assert "That took longer than 0.01 seconds" in seen


def test_programs_have_the_limits_of_the_page() -> None:
    service = Service(ScriptedAssistant(), Limits(browser=Rate(1, 1.0)))
    functions = Functions(service, _library(SimpleNamespace(genre=None)))
    with pytest.raises(gr.Error, match="no genre model"):
        functions.genre("a plot", REQUEST)
    with pytest.raises(gr.Error, match="please wait"):
        functions.genre("a plot", REQUEST)
    with pytest.raises(gr.Error, match="please wait"):
        Asking(service).ask("hello", REQUEST)
