import threading
from collections.abc import Callable, Sequence

import pytest

from legacy_clients.asking import AskingFailed, Share
from legacy_clients.controller import Controller

SHARES = (Share("comedy", 0.9), Share("drama", 0.1))
MODEL = "Trained on 120 plots."


class Script:
    """A view that writes down what it is shown and calls back when the test says so."""

    def __init__(self) -> None:
        self.seen: list[object] = []
        self.plots: list[str] = []
        self.history: tuple[Sequence[str], int | None] = ((), None)
        self.model: str | None = "not said"
        self.absent = ""
        self.waiting: list[Callable[[], None]] = []

    def show_busy(self) -> None:
        self.seen.append("busy")

    def show_waiting(self, seconds: int) -> None:
        self.seen.append(f"waiting {seconds}")

    def show_shares(self, shares: Sequence[Share]) -> None:
        self.seen.append(shares)

    def show_problem(self, message: str) -> None:
        self.seen.append(message)

    def show_plot(self, plot: str) -> None:
        self.plots.append(plot)

    def show_history(self, lines: Sequence[str], place: int | None) -> None:
        self.history = (lines, place)

    def show_model(self, summary: str | None) -> None:
        self.model = summary

    def show_absent(self, message: str) -> None:
        self.absent = message

    def later(self, milliseconds: int, call: Callable[[], None]) -> None:
        self.waiting.append(call)

    def tick(self) -> None:
        for call in [self.waiting.pop() for _ in self.waiting[:]]:
            call()

    def run(self) -> None:
        while self.waiting:
            self.tick()


class Server:
    """Answers once it is let; remembers what it was asked."""

    def __init__(self, *, held: bool = False) -> None:
        self.asked: list[str] = []
        self.knows_model = True
        self.release = threading.Event()
        if not held:
            self.release.set()

    def ask(self, plot: str) -> Sequence[Share]:
        self.asked.append(plot)
        assert self.release.wait(10)
        if plot == "down":
            raise AskingFailed("The server cannot be reached.")
        return SHARES

    def model(self) -> str | None:
        if not self.knows_model:
            raise AskingFailed("Nobody is there.")
        return MODEL


def test_the_model_is_looked_up_at_the_start() -> None:
    view = Script()
    Controller(view, Server()).start()
    view.run()
    assert (view.model, view.seen) == (MODEL, [])


def test_a_server_that_is_not_there_at_the_start_is_said_apart_from_answers() -> None:
    view, server = Script(), Server()
    server.knows_model = False
    Controller(view, server).start()
    view.run()
    assert (view.absent, view.model, view.seen) == ("Nobody is there.", "not said", [])


def test_an_answer_is_kept_though_its_model_cannot_be_looked_up() -> None:
    view, server = Script(), Server()
    server.knows_model = False
    Controller(view, server).classify("a plot")
    view.run()
    assert (view.seen, view.model, view.absent) == (["busy", SHARES], None, "")


def test_an_answer_is_shown_in_the_window_s_loop() -> None:
    view, server = Script(), Server()
    Controller(view, server).classify(" a plot\n")
    assert view.seen == ["busy"]
    view.run()
    assert (view.seen, server.asked) == (["busy", SHARES], ["a plot"])
    assert (view.history, view.model) == ((["comedy: a plot"], 0), MODEL)


def test_a_failure_is_shown_as_its_sentence_and_leaves_nothing_to_copy() -> None:
    view = Script()
    controller = Controller(view, Server())
    controller.classify("a plot")
    view.run()
    controller.classify("down")
    view.run()
    assert view.seen[-2:] == ["busy", "The server cannot be reached."]
    assert controller.text() is None
    controller.step(1)
    assert view.seen[-1] == SHARES


def test_an_empty_box_asks_nobody() -> None:
    view, server = Script(), Server()
    Controller(view, server).classify(" \n")
    assert view.seen == ["Enter a description of the film first."]
    assert (view.waiting, server.asked) == ([], [])


def test_a_second_press_waits_for_the_first_answer() -> None:
    view, server = Script(), Server(held=True)
    controller = Controller(view, server)
    controller.classify("first")
    controller.classify("second")
    server.release.set()
    view.run()
    controller.classify("third")
    view.run()
    assert server.asked == ["first", "third"]


def test_a_slow_server_is_said_once_a_second_after_three() -> None:
    now = [100.0]
    view, server = Script(), Server(held=True)
    controller = Controller(view, server, lambda: now[0])
    controller.classify("a plot")
    for second in (100.0, 102.9, 103.0, 103.5, 104.2):
        now[0] = second
        view.tick()
    assert view.seen == ["busy", "waiting 3", "waiting 4"]
    server.release.set()
    view.run()
    assert view.seen[-1] == SHARES


def test_what_is_cancelled_never_comes_back() -> None:
    view, slow = Script(), Server(held=True)
    controller = Controller(view, slow)
    controller.cancel()
    assert view.seen == []
    controller.classify("slow")
    controller.cancel()
    assert (view.seen, controller.busy) == (["busy", "Cancelled."], False)
    slow.release.set()
    view.run()
    assert view.seen == ["busy", "Cancelled."]
    controller.classify("next")
    view.run()
    assert view.seen[-1] == SHARES
    assert view.history == (["comedy: next"], 0)


def test_earlier_descriptions_come_back_with_their_results() -> None:
    view = Script()
    controller = Controller(view, Server())
    for plot in ("one", "two", "three"):
        controller.classify(plot)
        view.run()
    controller.step(1)
    controller.step(1)
    controller.step(1)
    controller.step(-1)
    controller.recall(0)
    assert view.plots == ["two", "one", "two", "three"]
    assert view.history == (["comedy: three", "comedy: two", "comedy: one"], 0)
    text = controller.text()
    assert text is not None
    assert text.startswith("three\n\nTop prediction: comedy\n")
    assert text.endswith(f"{MODEL}\n")


def test_while_a_question_is_under_way_nothing_is_recalled_or_copied() -> None:
    view, server = Script(), Server()
    controller = Controller(view, server)
    controller.classify("one")
    view.run()
    server.release.clear()
    controller.classify("two")
    controller.step(1)
    controller.recall(0)
    assert (view.plots, controller.text()) == ([], None)
    server.release.set()
    view.run()


def test_a_fault_of_this_program_is_said_and_does_not_leave_the_window_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = threading.Event()
    monkeypatch.setattr(threading, "excepthook", lambda _: told.set())

    class Broken(Server):
        def ask(self, plot: str) -> Sequence[Share]:
            raise RuntimeError("a fault")

    view = Script()
    controller = Controller(view, Broken())
    controller.classify("a plot")
    view.run()
    assert told.wait(10)
    assert "Something went wrong in this program" in str(view.seen[-1])
    assert not controller.busy
