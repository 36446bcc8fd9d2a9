from legacy_clients.asking import Share
from legacy_clients.history import MOST, Entry, History

SHARES = (Share("western", 0.75), Share("documentary", 0.25))


def entry(plot: str) -> Entry:
    return Entry(plot, SHARES)


def test_the_newest_comes_first_and_is_looked_at() -> None:
    history = History()
    assert (history.shown, list(history.entries)) == (None, [])
    history.add(entry("one"))
    history.add(entry("two"))
    assert [each.plot for each in history.entries] == ["two", "one"]
    assert history.shown == entry("two")


def test_a_description_asked_again_moves_up() -> None:
    history = History()
    for plot in ("one", "two", "one"):
        history.add(entry(plot))
    assert [each.plot for each in history.entries] == ["one", "two"]


def test_no_more_than_the_latest_are_kept() -> None:
    history = History()
    for number in range(MOST + 5):
        history.add(entry(str(number)))
    assert len(history.entries) == MOST
    assert history.entries[-1].plot == "5"


def test_steps_end_at_both_ends() -> None:
    history = History()
    assert history.step(1) is None
    history.add(entry("one"))
    history.add(entry("two"))
    assert [history.step(1), history.step(1)] == [entry("one"), None]
    assert history.shown == entry("one")
    assert [history.step(-1), history.step(-1)] == [entry("two"), None]
    assert history.look_at(7) is None


def test_a_line_is_one_line_and_short() -> None:
    line = entry("A sheriff\n rides " + "on " * 50).line
    assert line.startswith("western: A sheriff rides on on")
    assert line.endswith("…")
    assert len(line) < 80


def test_the_text_holds_all_that_the_window_shows() -> None:
    assert entry("A sheriff rides.").text("Trained on 120 plots.") == (
        "A sheriff rides.\n\nTop prediction: western\n"
        "western       75.0%\ndocumentary   25.0%\n\nTrained on 120 plots.\n"
    )
    assert entry("x").text(None).endswith("25.0%\n")
