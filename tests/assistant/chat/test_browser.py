"""The page in a real browser: headless Chromium, which may reach nothing but the page's own server."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from assistant.chat.page import EXAMPLES
from tests.assistant.chat.browsing import Visit
from tests.assistant.chat.fakes import HOSTILE

pytestmark = pytest.mark.browser
RECORD = """() => {
  window.seen = [];
  const talk = document.querySelector('#talk');
  const note = () => { const bots = [...talk.querySelectorAll('.bot .md')];
                       if (bots.length) window.seen.push(bots.at(-1).textContent.length); };
  new MutationObserver(note).observe(talk, {childList: true, subtree: true, characterData: true});
}"""

# Clicks on Stop the moment it is there.
STOP = """() => new Promise(done => {
  const look = () => {
    const stop = document.querySelector('#question .stop-button');
    if (!stop.checkVisibility()) return requestAnimationFrame(look);
    stop.click();
    done();
  };
  look();
})"""

# What a page that was broken into would try; gives the rules that were in its way.
INJECT = """() => new Promise(done => {
  const blocked = new Set();
  document.addEventListener('securitypolicyviolation', event => {
    blocked.add(event.effectiveDirective);
    if (blocked.size === 4) done([...blocked]);
  });
  for (const [kind, at] of [['script', '/x.js'], ['img', '/x.png'], ['iframe', '/']]) {
    const injected = document.createElement(kind);
    injected.src = 'http://192.0.2.1' + at;
    document.body.append(injected);
  }
  fetch('http://192.0.2.1/').catch(() => {});
  setTimeout(() => done([...blocked]), 5000);
})"""


def test_an_answer_arrives_with_its_evidence_and_the_talk_goes_on(visit: Visit) -> None:
    visit.ask("who played the Oracle in the first Matrix")
    talk = visit.page.locator("#talk")
    expect(talk).to_contain_text("Gloria Foster played the Oracle in The Matrix (1999).")
    row = talk.locator(".records tbody tr")
    expect(row.locator("td")).to_have_text(["The Matrix 1999", "Gloria Foster", "actress", "Oracle"])
    expect(row.locator("a").first).to_have_attribute("href", "https://www.imdb.com/title/tt0133093/")
    expect(talk.locator(".standing")).to_contain_text("Sure")
    expect(visit.page.locator("#question textarea")).to_have_value("")
    visit.ask("and who directed it?")
    expect(talk).to_contain_text("Lana Wachowski and Lilly Wachowski directed The Matrix (1999).")
    expect(talk.locator(".standing")).to_have_count(2)


def test_the_text_streams_and_is_read_from_its_question_on(visit: Visit) -> None:
    visit.page.evaluate(RECORD)
    visit.ask("many")
    more = visit.page.locator("#talk summary")
    expect(more).to_have_text("22 more")
    assert len(set(visit.page.evaluate("window.seen"))) > 3
    expect(
        visit.page.locator("#talk .user").last
    ).to_be_in_viewport()  # longer than the view: from its question
    expect(visit.page.locator("#talk .bot").last).to_be_in_viewport()
    more.click()
    expect(visit.page.locator("#talk a")).to_have_count(30)


def test_hostile_titles_are_shown_as_text(visit: Visit) -> None:
    visit.ask("hostile")
    talk = visit.page.locator("#talk")
    expect(talk.locator(".records td a")).to_have_text(HOSTILE.title or "")
    expect(talk.locator(".bot .md").first).to_have_text(f"It is {HOSTILE.title} with $5 and $6.")
    expect(talk.locator(".records tbody a")).to_have_count(1)  # the person's id is a reserved one
    expect(talk.locator(".options button")).to_have_text(HOSTILE.title or "")
    expect(talk.locator("img, .katex, b, em")).to_have_count(0)
    visit.ask("<img src=x onerror=window.hit=4> *a* $b$ $c$")
    expect(talk.locator(".user .md").last).to_have_text("<img src=x onerror=window.hit=4> *a* $b$ $c$")
    assert visit.page.evaluate("window.hit") is None


def test_a_choice_is_asked_by_a_click(visit: Visit) -> None:
    visit.ask("who directed psycho")
    options = visit.page.locator("#talk .options button")
    expect(options).to_have_text(["Psycho (1960)", "<b>Psycho</b> (1998)"])
    options.first.click()
    expect(visit.page.locator("#talk")).to_contain_text("2 turns, then who directed psycho (1960)")
    expect(options).to_have_count(0)


def test_what_comes_next_is_asked_by_a_click(visit: Visit) -> None:
    visit.asked("who played the Oracle in the first Matrix", 1)
    offered = visit.page.locator("#talk .options button")
    expect(offered).to_have_text(["Who directed it?", "More"])
    offered.first.click()
    expect(visit.page.locator("#talk")).to_contain_text("Lana Wachowski and Lilly Wachowski directed")
    expect(offered).to_have_count(0)
    expect(visit.page.locator("#question textarea")).to_be_focused()


def test_an_example_is_asked_by_a_click_and_a_new_chat_forgets(visit: Visit) -> None:
    visit.page.get_by_text(EXAMPLES[0]).click()
    expect(visit.page.locator("#talk")).to_contain_text("Gloria Foster played the Oracle")
    visit.chats()
    visit.page.click("#new-chat")
    expect(visit.page.locator("#talk .message")).to_have_count(0)
    visit.ask("and who directed it?")
    expect(visit.page.locator("#talk")).to_contain_text("0 turns, then and who directed it?")


def test_two_visitors_do_not_see_each_other(visit: Visit, browser: Browser, served: str) -> None:
    visit.ask("who played the Oracle in the first Matrix")
    expect(visit.page.locator("#talk")).to_contain_text("Gloria Foster")
    other = Visit.open(browser, served)
    expect(other.page.locator("#talk .message")).to_have_count(0)
    other.ask("and who directed it?")
    expect(other.page.locator("#talk")).to_contain_text("0 turns, then")
    other.close()


def test_stop_ends_an_answer_that_is_long_in_coming(visit: Visit) -> None:
    visit.ask("wait")
    expect(visit.page.locator("#talk .user")).to_have_count(1)
    visit.page.get_by_role("button", name="Stop").click()
    visit.rested()
    visit.ask("release")
    expect(visit.page.locator("#talk")).to_contain_text("then release")


def test_a_stop_at_once_stops_too(visit: Visit) -> None:
    visit.ask("wait")
    visit.page.evaluate(STOP)
    visit.rested()
    visit.ask("release")
    expect(visit.page.locator("#talk")).to_contain_text("then release")
    visit.rested()
    expect(visit.page.locator("#talk")).not_to_contain_text("then wait")


def test_a_failure_is_a_polite_line(visit: Visit) -> None:
    visit.ask("fail")
    expect(visit.page.locator("#talk")).to_contain_text("it is in the log as")
    visit.rested()


def test_the_answer_is_copied_by_its_button(visit: Visit) -> None:
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit.ask("hostile")
    visit.page.click("#talk .copy")
    expect(visit.page.locator("#talk .copy")).to_have_text("Copied")
    assert visit.page.evaluate("navigator.clipboard.readText()") == f"It is {HOSTILE.title} with $5 and $6."


def test_a_phone_shows_all_of_it_without_scrolling_sideways(browser: Browser, served: str) -> None:
    visit = Visit.open(browser, served, viewport={"width": 390, "height": 780}, color_scheme="dark")
    visit.ask("who played the Oracle in the first Matrix")
    expect(visit.page.locator("#talk .records")).to_contain_text("Gloria Foster")
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert visit.page.evaluate("document.body.classList.contains('dark')")
    visit.close()


def test_light_or_dark_is_chosen_and_stays_chosen(visit: Visit) -> None:
    body, seen = (
        visit.page.locator("body"),
        "getComputedStyle(document.querySelector('#talk')).backgroundColor",
    )
    expect(body).not_to_contain_class("dark")
    light = visit.page.evaluate(seen)
    visit.page.get_by_role("button", name="Light / dark").click()
    expect(body).to_contain_class("dark")
    assert visit.page.evaluate(seen) != light
    visit.again(visit.address)
    expect(body).to_contain_class("dark")
    visit.page.get_by_role("button", name="Light / dark").click()
    expect(body).not_to_contain_class("dark")


def test_a_script_of_another_host_is_blocked(browser: Browser, served: str) -> None:
    visit = Visit.open(browser, served)
    blocked = visit.page.evaluate(INJECT)
    assert sorted(blocked) == ["connect-src", "frame-src", "img-src", "script-src-elem"]
    assert visit.page.evaluate("window.hit") is None
    visit.page.context.close()
