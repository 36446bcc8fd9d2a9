import threading
from collections.abc import Callable, Sequence

from legacy_clients.asking import AskingFailed, Share
from legacy_clients.controller import Controller

SHARES = [Share("comedy", 0.9), Share("drama", 0.1)]


class Script:
    """A view that writes down what it is shown and calls back when the test says so."""

    def __init__(self) -> None:
        self.seen: list[object] = []
        self.waiting: list[Callable[[], None]] = []

    def show_busy(self) -> None:
        self.seen.append("busy")

    def show_shares(self, shares: Sequence[Share]) -> None:
        self.seen.append(shares)

    def show_problem(self, message: str) -> None:
        self.seen.append(message)

    def later(self, milliseconds: int, call: Callable[[], None]) -> None:
        self.waiting.append(call)

    def run(self) -> None:
        while self.waiting:
            self.waiting.pop()()


def test_an_answer_is_shown_in_the_window_s_loop() -> None:
    view = Script()
    Controller(view, lambda plot: SHARES if plot == "a plot" else []).classify(" a plot\n")
    assert view.seen == ["busy"]
    view.run()
    assert view.seen == ["busy", SHARES]


def test_a_failure_is_shown_as_its_sentence() -> None:
    def fail(plot: str) -> Sequence[Share]:
        raise AskingFailed("The server cannot be reached.")

    view = Script()
    Controller(view, fail).classify("a plot")
    view.run()
    assert view.seen == ["busy", "The server cannot be reached."]


def test_an_empty_box_asks_nobody() -> None:
    view = Script()
    Controller(view, lambda _: SHARES).classify(" \n")
    assert view.seen == ["Enter a description of the film first."]
    assert view.waiting == []


def test_a_second_press_waits_for_the_first_answer() -> None:
    asked, release = [], threading.Event()

    def ask(plot: str) -> Sequence[Share]:
        asked.append(plot)
        release.wait(10)
        return SHARES

    view = Script()
    controller = Controller(view, ask)
    controller.classify("first")
    controller.classify("second")
    release.set()
    view.run()
    controller.classify("third")
    view.run()
    assert asked == ["first", "third"]
