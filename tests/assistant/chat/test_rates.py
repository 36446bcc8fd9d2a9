from __future__ import annotations

from pathlib import Path

import pytest

from assistant.chat.limits import Limits, Rate
from assistant.chat.rates import Buckets, whole_seconds
from indexer.errors import InputError
from indexer.settings import Settings


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_is_let_through_then_one_at_a_time() -> None:
    clock = Clock()
    buckets = Buckets(Rate(burst=3, per_minute=30), most=10, clock=clock)
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 2.0]
    clock.now = 1.5
    assert buckets.take("a") == pytest.approx(0.5)
    clock.now = 2.0
    assert [buckets.take("a"), buckets.take("a")] == [0, pytest.approx(2.0)]


def test_each_key_has_a_bucket_of_its_own() -> None:
    buckets = Buckets(Rate(1, 1), most=10, clock=Clock())
    assert [buckets.take(key) for key in ("a", "b", "a")] == [0, 0, 60]


def test_asking_how_long_takes_nothing_and_keeps_nothing() -> None:
    buckets = Buckets(Rate(1, 60), most=10, clock=Clock())
    assert buckets.wait("a") == 0
    assert len(buckets) == 0
    buckets.take("a")
    assert [buckets.wait("a"), buckets.wait("a")] == [1, 1]


def test_a_token_given_back_can_be_taken_again() -> None:
    buckets = Buckets(Rate(1, 1), most=10, clock=Clock())
    buckets.take("a")
    buckets.give_back("a")
    assert [buckets.take("a"), buckets.take("a")] == [0, 60]


def test_only_so_many_buckets_are_kept_those_used_last() -> None:
    buckets = Buckets(Rate(1, 1), most=100, clock=Clock())
    buckets.take("regular")
    for at in range(1_000):
        buckets.take(f"key {at}")
        buckets.wait("regular")
    assert len(buckets) == 100
    assert buckets.take("regular") == 60


def test_a_wait_is_told_in_whole_seconds() -> None:
    assert [whole_seconds(each) for each in (0.01, 1.0, 1.2)] == [1, 1, 2]


def test_limits_are_read_from_the_table_chat(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("seed = 5\n[chat]\nseconds = 1\nbrowser = { burst = 5, per_minute = 10 }\n")
    limits = Limits.load(file)
    assert (limits.seconds, limits.browser, limits.address) == (1.0, Rate(5, 10.0), Limits().address)
    assert Settings.load(file).seed == 5
    assert Limits.load(None) == Limits()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[chat]\nsecond = 1", "unknown setting chat.second: known here are .*seconds"),
        ("[chat.browser]\nburst = 'x'", "chat.browser.burst is 'x'"),
        ("[chat.address]\nper_minute = 0", "chat.address.per_minute is 0.0: expected more than 0"),
        ("[chat]\nseconds = -1", "chat.seconds is -1"),
        ("chat = 5", "chat is a table"),
    ],
)
def test_limits_that_make_no_sense_are_named(text: str, told: str, tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(text)
    with pytest.raises(InputError, match=told):
        Limits.load(file)
