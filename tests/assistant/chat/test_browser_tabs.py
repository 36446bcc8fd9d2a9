"""The tabs beside the chat in a real browser, over an index of the bundled sample."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.assistant.chat.browsing import Visit, serving

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def visit(browser: Browser, sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    chats = tmp_path_factory.mktemp("chats") / "chats.db"
    with serving(chats, index=sample_index) as address:
        opened = Visit.open(browser, address)
        yield opened
        assert opened.left_the_machine() == []
        assert opened.complaints == []
        opened.page.context.close()


def _asked(visit: Visit, tab: str, box: str, text: str) -> None:
    visit.page.get_by_role("tab", name=tab).click()
    visit.page.get_by_label(box).fill(text)
    visit.page.get_by_label(box).press("Enter")


def test_a_plot_is_found_and_its_title_explored(visit: Visit) -> None:
    _asked(visit, "Find by plot", "What happens in it", "a boy learns he is a wizard")
    found = visit.page.locator("#plot-page")
    expect(found.locator(".card").first).to_contain_text("Harry Potter")
    found.locator(".chip").first.click()
    page = visit.page.locator("#explore-page")
    expect(page).to_be_visible()
    expect(page.locator(".card h4")).to_contain_text("Harry Potter")
    expect(page).to_contain_text("Read from its vector")
    page.locator(".chips .chip").first.click()
    expect(page.locator(".card h4")).to_be_visible()


def test_titles_are_found_like_another(visit: Visit) -> None:
    _asked(visit, "Similar", "Titles like", "the matrix")
    expect(visit.page.locator("#similar-page h3").first).to_have_text("Like The Matrix (1999)")
    expect(visit.page.locator("#similar-page .card").first).to_contain_text("The Matrix Re")


def test_the_map_and_the_manifest_are_there_when_their_tabs_are_opened(visit: Visit) -> None:
    visit.page.get_by_role("tab", name="Map").click()
    expect(visit.page.locator("#map-page circle")).to_have_count(120)
    visit.page.get_by_label("decade").click()
    expect(visit.page.locator("#map-page .legend")).to_contain_text("1990s")
    visit.page.get_by_role("tab", name="Index").click()
    expect(visit.page.locator("#index-page")).to_contain_text("1,263")
