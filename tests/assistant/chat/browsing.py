"""Headless Chromium, which may reach nothing but the page's own server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from assistant.chat.chats import VARIABLE

ROOT = Path(__file__).parents[3]

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 60_000.0  # ms; a busy machine is slow, and a page that is right ends the wait
ENDING = 60.0  # seconds; a server gives the open pages two
expect.set_options(timeout=PATIENCE)
# Whether a ring is drawn around an element, or around the box it stands in.
RINGED = """element => [element, element.closest('#question')].some(each => {
  const drawn = each && getComputedStyle(each);
  return drawn && drawn.outlineStyle !== 'none' && parseFloat(drawn.outlineWidth) >= 2;
})"""


# Holds up the next change of conversation: its request, or the answer when the server has made it.
HOLD_UP = """made => {
  const send = window.fetch;
  let held;
  const go = new Promise(done => { window.letGo = done; });
  window.heldUp = new Promise(done => { held = done; });
  window.fetch = async (address, ...given) => {
    if (!String(address).includes('/run/predict')) return send(address, ...given);
    window.fetch = send;
    const answer = made ? await send(address, ...given) : null;
    held();
    await go;
    return answer ?? send(address, ...given);
  };
}"""

# Waits for what fades in: halfway it has too little contrast.
SETTLED = """() => Promise.allSettled(
  document.getAnimations().filter(each => each instanceof CSSTransition).map(each => each.finished))"""


@dataclass
class Visit:
    """A page in a window of its own, with what it asked for and complained of."""

    page: Page
    address: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    album: Path | None = None

    @classmethod
    def open(cls, browser: Browser, address: str, **window: object) -> Visit:
        visit = cls(browser.new_context(**window).new_page(), address)  # type: ignore[arg-type]
        visit.page.on("request", lambda request: visit.requests.append(request.url))
        visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        visit.page.on("console", visit.hear)
        visit.again(address)
        return visit

    def again(self, address: str) -> None:
        """Go to the page, as the first time, and wait until it is ready."""
        self.page.goto(address, timeout=3 * PATIENCE)
        expect(self.page.locator("#index-standing")).to_contain_text("3 titles, 5 people")
        if int(self.page.evaluate("window.innerWidth")) >= 1200:
            expect(self.page.locator("#side.open")).to_have_count(1)

    def chats(self) -> None:
        """Open the list of conversations, where it is not open yet."""
        if not self.page.locator("#side.open").count():
            self.page.get_by_role("button", name="Toggle Sidebar").click()
        expect(self.page.locator("#new-chat")).to_be_in_viewport()

    def asked(self, question: str, answers: int) -> None:
        """Ask, and wait until so many answers stand there whole."""
        self.ask(question)
        expect(self.page.locator("#talk .standing")).to_have_count(answers)
        self.rested()

    def rested(self) -> None:
        """Wait until no answer is on its way."""
        expect(self.page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
        expect(self.page.get_by_role("button", name="Stop", exact=True)).to_be_hidden()

    def hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def ask(self, question: str) -> None:
        self.page.fill("#question textarea", question)
        self.page.press("#question textarea", "Enter")

    def shown(self, name: str) -> None:
        """A picture of the window, where ``--screenshots`` named a folder for them."""
        if self.album is not None:
            self.page.screenshot(path=self.album / f"{name}.png")

    @contextmanager
    def held_up(self, made: bool) -> Iterator[Callable[[], None]]:
        """The change of conversation that is begun within is held up until that is left.

        ``made``: the server has made it, and the page does not know yet; else it has not begun. Gives what
        waits until it is so.
        """
        self.page.evaluate(HOLD_UP, made)

        def reached() -> None:
            self.page.evaluate("window.heldUp")

        yield reached
        reached()
        self.page.evaluate("window.letGo()")

    def reach(self, wanted: Locator, key: str = "Tab", most: int = 60) -> None:
        """Go to a part by the keyboard alone, and see where it is."""
        for _ in range(most):
            if wanted.evaluate("element => element === document.activeElement"):
                break
            self.page.keyboard.press(key)
        expect(wanted).to_be_focused()
        assert wanted.evaluate(RINGED), f"nothing shows that {wanted} has the keyboard"

    def close(self) -> None:
        """Close the window. It asked nobody else for anything, and found nothing to complain of."""
        self.page.context.close()
        assert self.left_the_machine() == []
        assert self.complaints == []

    def left_the_machine(self) -> list[str]:
        return [url for url in self.requests if not url.startswith((self.address, "data:", "blob:"))]


def violations(page: Page) -> list[str]:
    """What axe-core finds, each as its rule and the element: WCAG 2.2 A and AA, serious or critical."""
    rules: dict[str, object] = {
        "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    }
    return _found(page, rules, {"serious", "critical"})


def blemishes(page: Page) -> list[str]:
    """What axe-core finds by all its rules, those of good practice too, however slight."""
    return _found(page, {}, {"minor", "moderate", "serious", "critical"})


def _found(page: Page, rules: dict[str, object], impacts: set[str]) -> list[str]:
    expect(page.locator(".html-container.pending")).to_have_count(0)
    page.evaluate(SETTLED)
    return [
        f"{each['id']}: {node['html'][:160]}"
        for each in Axe().run(page, options=rules).response["violations"]
        if each["impact"] in impacts
        for node in each["nodes"]
    ]


@contextmanager
def serving(chats: Path, port: int = 0, index: Path | None = None, **variables: str) -> Iterator[str]:
    """The page in a process of its own, with its conversations in that file; gives its address."""
    command = [sys.executable, "-m", "tests.assistant.chat.server", str(port)]
    command += [] if index is None else [str(index)]
    environment = {**os.environ, **variables, VARIABLE: str(chats)}
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=environment) as server:
        assert server.stdout is not None
        line = server.stdout.readline()
        try:
            assert line.startswith("Whoplayed is at http://127.0.0.1:"), line
            yield line.split()[3]
        finally:
            server.terminate()
            _ended(server)


def _ended(server: subprocess.Popen[str]) -> None:
    """It ends when it is told to; one that does not says where it stands, and fails the test."""
    try:
        server.wait(ENDING)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGABRT)  # faulthandler writes what its threads do
        raise
