"""The tabs beside the chat in a real browser, over an index of the bundled sample."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.assistant.chat.browsing import PATIENCE, Visit, serving, violations

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def served(sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("chats") / "chats.db", index=sample_index) as address:
        yield address


@pytest.fixture
def visit(browser: Browser, served: str, album: Path | None) -> Iterator[Visit]:
    opened = Visit.open(browser, served)
    opened.album = album
    yield opened
    opened.close()


def _asked(visit: Visit, tab: str, box: str, text: str) -> None:
    visit.page.get_by_role("tab", name=tab).click()
    visit.page.get_by_label(box).fill(text)
    visit.page.get_by_label(box).press("Enter")


def test_plots_explore_similar_map_and_index_show_the_sample(visit: Visit) -> None:
    _asked(visit, "Find by plot", "What happens in it", "a boy learns he is a wizard")
    found = visit.page.locator("#plot-page")
    first = found.locator(".card").first
    expect(first).to_contain_text("Harry Potter", timeout=3 * PATIENCE)  # the encoder is loaded for it
    visit.shown("plot")
    found.locator(".chip").first.click()
    page = visit.page.locator("#explore-page")
    expect(page.locator(".card h4")).to_contain_text("Harry Potter")
    expect(page).to_contain_text("Read from its vector")
    visit.shown("explore")
    name = visit.page.get_by_label("A title or person, or an IMDb id")
    before = name.input_value()
    page.locator(".chips .chip").first.click()
    expect(name).not_to_have_value(before)  # until then it would come back to this tab
    expect(page.locator(".card h4")).to_be_visible()
    _asked(visit, "Similar", "Titles like", "the matrix")
    near = visit.page.locator("#similar-page")
    expect(near.locator("h3").first).to_have_text("Like The Matrix (1999)")
    expect(near.locator(".card").first).to_contain_text("The Matrix Re")
    visit.page.locator("#similar-last :is(input, textarea)").fill("1990")
    expect(near.locator(".card").first).not_to_contain_text("The Matrix Re")
    expect(near.locator(".card").first).to_contain_text("19")
    visit.shown("similar")
    visit.page.get_by_role("tab", name="Map").click()
    expect(visit.page.locator("#map-page circle")).to_have_count(120)
    visit.page.get_by_label("decade").click()
    expect(visit.page.locator("#map-page .legend")).to_contain_text("1990s")
    dot = visit.page.locator("#map-page circle", has_text="The Matrix (1999)")
    expect(dot.locator("title")).to_have_text("The Matrix (1999) (1990s)")
    visit.shown("map")
    visit.page.get_by_role("tab", name="Index").click()
    expect(visit.page.locator("#index-page")).to_contain_text("1,263")
    visit.shown("index")


def test_everything_is_done_by_the_keyboard_alone(visit: Visit) -> None:
    page, press = visit.page, visit.page.keyboard.press
    page.evaluate("document.activeElement.blur()")
    visit.reach(page.locator(".skip"))
    press("Enter")
    box = page.locator("#question textarea")
    expect(box).to_be_focused()
    page.keyboard.type("who played the Oracle in the first Matrix")
    press("Enter")
    offered = page.locator("#talk .option")
    expect(offered).to_have_count(3)
    visit.reach(offered.first, "Shift+Tab")
    press("Enter")
    expect(page.locator("#talk")).to_contain_text(
        "2 turns, then Who played Oracle in The Matrix Reloaded (2003)?"
    )
    expect(box).to_be_focused()
    visit.reach(page.get_by_role("button", name="Like", exact=True).last, "Shift+Tab")
    press("Enter")
    expect(page.get_by_role("button", name="Liked", exact=True)).to_have_count(1)
    visit.reach(page.locator("#talk .why summary").first, "Shift+Tab")
    press("Enter")
    expect(page.locator("#talk .bars").first).to_be_visible()
    visit.reach(page.get_by_role("tab", name="Chat"), "Shift+Tab")
    press("ArrowRight")
    expect(page.get_by_role("tab", name="Explore")).to_be_focused()
    press("Enter")
    visit.reach(page.get_by_label("A title or person"))
    page.keyboard.type("The Matrix")
    press("Enter")
    expect(page.locator("#explore-page .card h4")).to_have_text("The Matrix")
    visit.reach(page.locator("#explore-page .chips .chip").first)
    press("Enter")
    expect(page.locator("#explore-page .card h4")).not_to_have_text("The Matrix")
    visit.reach(page.locator("#chats li summary"), "Shift+Tab", 120)
    press("Enter")
    visit.reach(page.get_by_label("New title"))
    press("Control+A")
    page.keyboard.type("Oracles")
    press("Enter")
    expect(page.locator("#chats .open")).to_have_text("Oracles")
    expect(page.locator("#chats li summary")).to_be_focused()
    press("Enter")
    visit.reach(page.locator("#chats li .delete"))
    press("Enter")
    expect(page.locator("#chats .open")).to_have_count(0)
    expect(page.locator("#new-chat")).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(browser: Browser, served: str, album: Path | None, scheme: Any) -> None:
    visit = Visit.open(browser, served, color_scheme=scheme, viewport={"width": 1280, "height": 900})
    visit.album = album
    found = {"empty": violations(visit.page)}
    visit.asked("who played the Oracle in the first Matrix", 1)
    visit.page.click("#talk .why summary")
    visit.page.click("#chats li summary")
    visit.shown(f"chat-{scheme}")
    found["chat"] = violations(visit.page)
    visit.asked("who directed psycho", 2)
    visit.shown(f"choices-{scheme}")
    found["choices"] = violations(visit.page)
    _asked(visit, "Explore", "A title or person", "The Matrix")
    expect(visit.page.locator("#explore-page .card")).to_have_count(1)
    found["explore"] = violations(visit.page)
    _asked(visit, "Find by plot", "What happens in it", "a boy learns he is a wizard")
    expect(visit.page.locator("#plot-page .card")).not_to_have_count(0, timeout=3 * PATIENCE)
    found["plot"] = violations(visit.page)
    _asked(visit, "Similar", "Titles like", "The Matrix")
    expect(visit.page.locator("#similar-page .card")).not_to_have_count(0)
    found["similar"] = violations(visit.page)
    for tab, ready in (("Map", "#map-page circle"), ("Index", "#index-page table")):
        visit.page.get_by_role("tab", name=tab).click()
        expect(visit.page.locator(ready)).not_to_have_count(0)
        visit.shown(f"{tab.lower()}-{scheme}")
        found[tab] = violations(visit.page)
    visit.close()
    assert {state: each for state, each in found.items() if each} == {}


def test_a_phone_shows_every_tab_without_scrolling_sideways(
    browser: Browser, served: str, album: Path | None
) -> None:
    phone = {
        "viewport": {"width": 390, "height": 780},
        "color_scheme": "dark",
        "has_touch": True,
        "is_mobile": True,
    }
    visit = Visit.open(browser, served, **phone)
    visit.album = album
    visit.asked("who played the Oracle in the first Matrix", 1)
    expect(visit.page.locator("#talk .user").last).to_be_in_viewport()
    visit.shown("phone-chat")
    for tab, box, part in (
        ("Explore", "A title or person", "#explore-page .card"),
        ("Find by plot", None, "#plot-text"),
        ("Similar", "Titles like", "#similar-page .card"),
        ("Map", None, "#map-page circle"),
        ("Index", None, "#index-page table"),
    ):
        _tapped(visit, tab)
        if box is not None:
            visit.page.get_by_label(box).fill("The Matrix")
            visit.page.get_by_label(box).press("Enter")
        expect(visit.page.locator(part).first).to_be_visible()
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= 390, tab
        visit.shown(f"phone-{tab.lower()}")
    visit.close()


def _tapped(visit: Visit, tab: str) -> None:
    """Open a tab; those that have no room are in a menu."""
    wanted = visit.page.get_by_role("tab", name=tab)
    if not wanted.is_visible():
        visit.page.locator("#views .overflow-menu > button").click()
        wanted = visit.page.locator("#views .overflow-dropdown button", has_text=tab)
    wanted.tap()
