"""Saved conversations in a real browser: kept, found, renamed, exported, shared, deleted; turns undone."""

from __future__ import annotations

import json
import re
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from assistant.chat.talk import MOST_SHOWN
from tests.assistant.chat.browsing import Visit, blemishes, serving
from tests.assistant.chat.fakes import HOSTILE

pytestmark = pytest.mark.browser
ORACLE = "who played the Oracle in the first Matrix"
# Fulfils window.told when the page knows how a change of conversation ended.
TOLD = """() => {
  const left = window.whoplayedLeft;
  window.told = new Promise(done => { window.whoplayedLeft = (...how) => { left(...how); done(); }; });
}"""


def _list(visit: Visit) -> Locator:
    return visit.page.locator("#chats .open")


def _menu(visit: Visit) -> Locator:
    visit.chats()
    visit.page.locator("#chats li summary").first.click()
    return visit.page.locator("#chats .menu").first


def test_a_chat_is_found_again_after_the_server_was_started_anew(browser: Browser, tmp_path: Path) -> None:
    with serving(tmp_path / "chats.db") as address:
        visit = Visit.open(browser, address)
        visit.asked(ORACLE, 1)
        expect(_list(visit)).to_have_text([ORACLE])
    with serving(tmp_path / "chats.db", port=int(address.rpartition(":")[2])) as again:
        visit.again(again)
        _list(visit).click()
        talk = visit.page.locator("#talk")
        expect(talk.locator(".records tbody td")).to_have_text(
            ["The Matrix 1999", "Gloria Foster", "actress", "Oracle"]
        )
        visit.asked("and who directed it?", 2)
        expect(talk).to_contain_text("Lana Wachowski and Lilly Wachowski directed The Matrix (1999).")
        visit.close()


def test_an_open_page_goes_on_where_it_was_when_the_server_was_started_anew(
    browser: Browser, tmp_path: Path
) -> None:
    with serving(tmp_path / "chats.db") as address:
        visit = Visit.open(browser, address)
        visit.asked(ORACLE, 1)
    talk, (row, directed) = visit.page.locator("#talk"), ("Gloria Foster", "Lilly Wachowski directed")
    with serving(tmp_path / "chats.db", port=int(address.rpartition(":")[2])):
        visit.asked("and who directed it?", 2)
        expect(talk).to_contain_text(directed)
        expect(_list(visit)).to_have_count(1)
        visit.page.reload()
        expect(talk.locator(".standing")).to_have_count(2)
        expect(talk).to_contain_text(row)
        visit.page.click("#new-chat")
        expect(talk.locator(".message")).to_have_count(0)
        visit.page.reload()
        expect(_list(visit)).to_have_count(1)
        expect(talk.locator(".message")).to_have_count(0)
        visit.page.context.close()  # its console tells of the server that was gone


def test_chats_are_listed_searched_renamed_and_deleted(visit: Visit) -> None:
    visit.asked(ORACLE, 1)
    visit.chats()
    visit.page.click("#new-chat")
    expect(visit.page.locator("#talk .message")).to_have_count(0)
    visit.asked("hostile", 1)
    expect(_list(visit)).to_have_text(["hostile", ORACLE])
    visit.page.fill("#search-chats :is(input, textarea)", "gloria")
    expect(_list(visit)).to_have_text([ORACLE])
    visit.page.fill("#search-chats :is(input, textarea)", "")
    expect(_list(visit)).to_have_count(2)
    menu = _menu(visit)
    menu.get_by_label("New title").fill("<img src=x onerror=window.hit=1> ${window.hit=2} {{x}}")
    menu.get_by_role("button", name="Rename").click()
    expect(_list(visit).first).to_have_text("<img src=x onerror=window.hit=1> ${window.hit=2} {{x}}")
    _menu(visit).get_by_role("button", name="Delete").click()
    expect(_list(visit)).to_have_text([ORACLE])
    expect(visit.page.locator("#talk .message")).to_have_count(0)
    assert visit.page.evaluate("window.hit") is None
    visit.page.get_by_text("All conversations").click()
    visit.page.get_by_role("button", name="Delete all").click()
    expect(_list(visit)).to_have_count(0)


@pytest.mark.parametrize("made", [False, True])
def test_a_question_right_after_new_chat_is_asked_in_the_new_one(visit: Visit, made: bool) -> None:
    visit.asked(ORACLE, 1)
    visit.chats()
    with visit.held_up(made) as pressed:
        visit.page.click("#new-chat")
        pressed()
        visit.ask("and who directed it?")
    talk = visit.page.locator("#talk")
    expect(talk).to_contain_text("0 turns, then and who directed it?")
    expect(talk.locator(".user.message")).to_have_count(1)
    expect(visit.page.locator("#question textarea")).to_have_value("")
    expect(_list(visit)).to_have_text(["and who directed it?", ORACLE])


@pytest.mark.parametrize("made", [False, True])
def test_what_is_typed_right_after_new_chat_stays_and_what_was_there_before_goes(
    visit: Visit, made: bool
) -> None:
    visit.asked(ORACLE, 1)
    visit.chats()
    visit.page.fill("#question textarea", "a draft")
    with visit.held_up(made) as pressed:
        visit.page.click("#new-chat")
        pressed()
        visit.page.locator("#question textarea").press_sequentially("and who")
    expect(visit.page.locator("#talk .message")).to_have_count(0)
    expect(visit.page.locator("#question textarea")).to_have_value("and who")


def test_a_question_right_after_another_chat_was_opened_is_asked_there(visit: Visit) -> None:
    visit.asked(ORACLE, 1)
    visit.chats()
    visit.page.click("#new-chat")
    expect(visit.page.locator("#talk .message")).to_have_count(0)
    visit.asked("hostile", 1)
    with visit.held_up(made=False) as pressed:
        _list(visit).last.click()
        pressed()
        visit.ask("and who directed it?")
    expect(visit.page.locator("#talk")).to_contain_text("Lilly Wachowski directed The Matrix (1999).")
    expect(visit.page.locator("#talk .user .md")).to_have_text([ORACLE, "and who directed it?"])


@pytest.mark.parametrize("leave", ["#new-chat", '#chats .open[title="first"]'])
def test_an_answer_under_way_does_not_follow_to_another_chat(
    visit: Visit, browser: Browser, served: str, leave: str
) -> None:
    visit.asked("first", 1)
    visit.chats()
    visit.page.click("#new-chat")
    expect(visit.page.locator("#talk .message")).to_have_count(0)
    visit.asked(ORACLE, 1)
    visit.ask("wait")
    visit.page.click(leave)
    visit.ask("second")
    questions = visit.page.locator("#talk .user .md")
    expected = ["second"] if leave == "#new-chat" else ["first", "second"]
    expect(questions).to_have_text(expected)
    other = Visit.open(browser, served)
    other.asked("release", 1)
    other.close()
    visit.asked("third", len(expected) + 1)
    expect(questions).to_have_text([*expected, "third"])


def test_where_no_new_chat_was_made_one_is_made_before_the_next_question(visit: Visit) -> None:
    visit.asked(ORACLE, 1)
    visit.chats()
    visit.page.route(
        "**/run/predict*", lambda route: route.fulfill(status=429, json={"detail": "later"}), times=1
    )
    visit.page.evaluate(TOLD)
    visit.page.click("#new-chat")
    visit.page.evaluate("window.told")
    visit.ask("and who directed it?")
    expect(visit.page.locator("#talk")).to_contain_text("0 turns, then and who directed it?")
    assert [each for each in visit.complaints if "429" not in each] == []
    visit.complaints.clear()


def test_visitors_have_lists_and_files_of_their_own(visit: Visit, browser: Browser, served: str) -> None:
    visit.asked(ORACLE, 1)
    visit.chats()
    address = visit.page.locator("#chats .menu a").first.get_attribute("href")
    other = Visit.open(browser, served)
    other.chats()
    expect(_list(other)).to_have_count(0)
    assert other.page.context.request.get(f"{served}/{address}").status == 404
    assert visit.page.context.request.get(f"{served}/{address}").status == 200
    assert visit.page.evaluate("document.cookie") == ""
    other.close()


def test_a_chat_is_exported_with_its_evidence(visit: Visit) -> None:
    visit.asked("hostile", 1)
    menu = _menu(visit)
    with visit.page.expect_download() as markdown:
        menu.get_by_role("link", name="Markdown").click()
    assert markdown.value.suggested_filename == "hostile.md"
    text = markdown.value.path().read_text(encoding="utf-8")
    assert "<script>" not in text
    assert "**You:** hostile" in text
    with visit.page.expect_download() as whole:
        menu.get_by_role("link", name="JSON").click()
    turns = json.loads(whole.value.path().read_text(encoding="utf-8"))["turns"]
    assert turns[1]["answer"]["evidence"][0]["title"] == HOSTILE.title


def test_a_shared_link_is_read_by_others_until_it_is_revoked(
    visit: Visit, browser: Browser, served: str
) -> None:
    visit.asked("hostile", 1)
    _menu(visit).get_by_role("button", name="Share").click()
    link = visit.page.locator("#chat-link a").get_attribute("href")
    assert re.fullmatch(r"share/[\w-]{22}", link or "")
    reader = browser.new_context().new_page()
    answer = reader.goto(f"{served}/{link}")
    assert answer is not None
    assert "script-src" not in answer.headers["content-security-policy"]
    expect(reader.locator(".said").last).to_have_text(f"It is {HOSTILE.title} with $5 and $6.")
    expect(reader.locator("script, img, form, button")).to_have_count(0)
    _menu(visit).get_by_role("button", name="Revoke").click()
    expect(visit.page.locator("#chats .menu").get_by_role("button", name="Revoke")).to_have_count(0)
    reader.reload()
    expect(reader.locator("h1")).to_have_text("Nothing to read here")
    reader.context.close()


def test_axe_finds_nothing_on_a_shared_page(visit: Visit, browser: Browser, served: str) -> None:
    for number, question in enumerate(
        (ORACLE, "who directed psycho", "hostile", "her films", "many", "x"), 1
    ):
        visit.asked(question, number)
    _menu(visit).get_by_role("button", name="Share").click()
    link = visit.page.locator("#chat-link a").get_attribute("href")
    found = {}
    for scheme, width in product(("light", "dark"), (1280, 390)):
        window: Any = {"color_scheme": scheme, "viewport": {"width": width, "height": 800}}
        reader = browser.new_context(**window).new_page()
        reader.goto(f"{served}/{link}")
        for folded in reader.locator("summary").all():
            folded.click()
        found[scheme, width, "shared"] = blemishes(reader)
        reader.goto(f"{served}/share/{'x' * 22}")
        expect(reader.locator("h1")).to_have_text("Nothing to read here")
        found[scheme, width, "gone"] = blemishes(reader)
        reader.context.close()
    assert {state: each for state, each in found.items() if each} == {}


def test_a_question_is_asked_again_changed_and_taken_back(visit: Visit) -> None:
    talk = visit.page.locator("#talk")
    visit.asked("first", 1)
    visit.asked("second", 2)
    talk.get_by_role("button", name="Retry").click()
    expect(talk.locator(".user .md")).to_have_text(["first", "second"])
    visit.rested()
    talk.get_by_role("button", name="Edit").first.click()
    talk.locator("textarea").fill("changed")
    talk.get_by_role("button", name="Submit").click()
    expect(talk.locator(".user .md")).to_have_text(["changed"])
    expect(talk).to_contain_text("0 turns, then changed")
    visit.rested()
    talk.get_by_role("button", name="Undo").click()
    expect(talk.locator(".message")).to_have_count(0)
    expect(visit.page.locator("#question textarea")).to_have_value("changed")


def test_on_a_phone_the_list_makes_way_for_the_chosen_chat(browser: Browser, served: str) -> None:
    visit = Visit.open(browser, served, viewport={"width": 390, "height": 780})
    visit.asked(ORACLE, 1)
    visit.chats()
    _list(visit).click()
    expect(visit.page.locator("#side.open")).to_have_count(0)
    expect(visit.page.locator("#talk .standing")).to_be_visible()
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 390
    visit.close()


def test_an_answer_shows_cards_and_why(visit: Visit) -> None:
    visit.asked(ORACLE, 1)
    card = visit.page.locator("#talk .card")
    expect(card.locator("h4")).to_have_text("The Matrix")
    visit.page.click("#talk .why summary")
    expect(visit.page.locator("#talk .bars tr")).to_have_count(2)
    expect(visit.page.locator("#talk .bars th").last).to_have_text("<i>x</i>")
    visit.asked("hostile", 2)
    expect(card.last.locator("h4")).to_have_text(HOSTILE.title or "")
    assert visit.page.evaluate("window.hit") is None


def test_a_filmography_unfolds_in_groups_and_is_downloaded(visit: Visit) -> None:
    visit.asked("her films", 1)
    visit.page.click("#talk .proof summary")
    expect(visit.page.locator("#talk .proof h4")).to_have_text(
        ["Acting, 1990s", "Acting, 1980s", "Director, 1990s"]
    )
    with visit.page.expect_download() as download:
        visit.page.click("#talk [data-csv]")
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 21
    assert lines[1].startswith("'=1+1,1980,tt0000001,Gloria Foster")


def test_a_thumb_is_there_when_the_chat_is_opened_again(visit: Visit, served: str) -> None:
    visit.asked(ORACLE, 1)
    with visit.page.expect_response(re.compile("/run/predict|/queue/|/call/")):
        visit.page.locator("#talk").get_by_role("button", name="Dislike").click()
    visit.again(served)
    _list(visit).click()
    expect(visit.page.locator("#talk .standing")).to_have_count(1)
    expect(
        visit.page.locator("#talk").get_by_role("button", name=re.compile("dislike", re.IGNORECASE))
    ).to_have_count(1)
    link = visit.page.locator("#chats .menu a").last.get_attribute("href")
    turns = visit.page.context.request.get(f"{served}/{link}").json()["turns"]
    assert turns[1]["said"] == "disliked"


def test_a_thumb_goes_with_its_answer(visit: Visit) -> None:
    talk = visit.page.locator("#talk")
    like, liked = (talk.get_by_role("button", name=name, exact=True) for name in ("Like", "Liked"))
    visit.asked(ORACLE, 1)
    like.click()
    expect(liked).to_have_count(1)
    talk.get_by_role("button", name="Retry").click()
    expect(liked).to_have_count(0)
    visit.rested()
    like.click()
    expect(liked).to_have_count(1)
    visit.chats()
    visit.page.click("#new-chat")
    expect(talk.locator(".message")).to_have_count(0)
    visit.asked("hostile", 1)
    expect(liked).to_have_count(0)
    _list(visit).last.click()
    expect(talk).to_contain_text("Gloria Foster")
    expect(liked).to_have_count(1)
    _list(visit).first.click()
    expect(liked).to_have_count(0)


def test_a_long_conversation_comes_whole_when_it_is_asked_for(visit: Visit) -> None:
    asked = MOST_SHOWN // 2 + 1
    for number in range(asked):
        visit.ask(f"question {number}")
        expect(visit.page.locator("#talk")).to_contain_text(f"{2 * number} turns, then question {number}")
        visit.rested()
    questions = visit.page.locator("#talk .user.message")
    expect(questions).to_have_count(asked - 1)
    visit.page.get_by_role("button", name="Show what was said before").click()
    expect(questions).to_have_count(asked)
    expect(visit.page.locator("#earlier")).to_be_hidden()
