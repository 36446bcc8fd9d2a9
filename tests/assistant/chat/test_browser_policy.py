"""What a browser lets a page do that asks for a password: nothing of another host, no cookie for scripts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Error

from tests.assistant.chat.browsing import Visit, serving

pytestmark = pytest.mark.browser
SECRET = {"username": "ada", "password": "secret"}
# Tries to reach another host, and tells what the page's policy said of it.
TRYING = """
(kind) => new Promise((done) => {
  const url = `http://films.example/${kind}`;
  const told = (event) => done(event.effectiveDirective);
  document.addEventListener('securitypolicyviolation', told, {once: true});
  if (kind === 'fetch') { fetch(url).catch(() => {}); return; }
  if (kind === 'form') {
    const form = Object.assign(document.createElement('form'), {action: url, method: 'post'});
    document.body.append(form);
    form.submit();
    return;
  }
  const element = document.createElement(kind === 'style' ? 'link' : kind);
  if (kind === 'style') Object.assign(element, {rel: 'stylesheet', href: url});
  else element.src = url;
  document.body.append(element);
})
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    place = tmp_path_factory.mktemp("policy") / "chats.db"
    with serving(place, WHOPLAYED_USER="ada", WHOPLAYED_PASSWORD="secret") as served:
        yield served


def test_with_the_password_the_page_answers_and_without_it_does_not_open(
    browser: Browser, address: str
) -> None:
    visit = Visit.open(browser, address, http_credentials=SECRET)
    visit.asked("who played the Oracle in the first Matrix", 1)
    assert visit.complaints == []
    visit.page.context.close()
    stranger = browser.new_context().new_page()
    with pytest.raises(Error, match="INVALID_AUTH_CREDENTIALS"):
        stranger.goto(address)
    stranger.context.close()


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        ("script", "script-src-elem"),
        ("style", "style-src-elem"),
        ("img", "img-src"),
        ("iframe", "frame-src"),
        ("fetch", "connect-src"),
        ("form", "form-action"),
    ],
)
def test_what_is_injected_reaches_no_other_host(kind: str, rule: str, browser: Browser, address: str) -> None:
    visit = Visit.open(browser, address, http_credentials=SECRET)
    reached: list[str] = []
    visit.page.on("response", lambda response: reached.append(response.url))
    assert visit.page.evaluate(TRYING, kind) == rule
    assert [url for url in reached if "films.example" in url] == []
    visit.page.context.close()


def test_no_script_reads_the_browsers_key(browser: Browser, address: str) -> None:
    visit = Visit.open(browser, address, http_credentials=SECRET)
    (cookie,) = visit.page.context.cookies()
    assert (cookie["name"], cookie["httpOnly"], cookie["sameSite"]) == ("whoplayed", True, "Lax")
    assert visit.page.evaluate("document.cookie") == ""
    assert visit.left_the_machine() == []
    visit.page.context.close()
