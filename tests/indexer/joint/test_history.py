from __future__ import annotations

import json
from pathlib import Path

from indexer.joint.history import LOG, History


def test_a_window_is_the_mean_over_its_credits(tmp_path: Path) -> None:
    history = History(tmp_path, window=10)
    history.step({"credits": 3.0}, 4, {"credits": 4})
    history.step({"credits": 1.0}, 12, {"credits": 16})
    history.step({"credits": 9.0}, 2, {"credits": 18})
    history.close()  # of two credits: a tail that would be drawn as a fall
    assert history.entries == [{"credits": 16, "losses": {"credits": 1.5}}]
    assert [json.loads(line) for line in (tmp_path / LOG).read_text().splitlines()] == history.entries


def test_a_history_goes_on_with_its_open_window(tmp_path: Path) -> None:
    first = History(tmp_path, window=10)
    first.add({"credits": 0, "validation": 0.5})
    first.step({"credits": 4.0}, 5, {"credits": 5})
    again = History(tmp_path, window=10, entries=json.loads(json.dumps(first.saved())))
    again.step({"credits": 2.0}, 5, {"credits": 10})
    wanted = [{"credits": 0, "validation": 0.5}, {"credits": 10, "losses": {"credits": 3.0}}]
    assert again.entries == wanted
    assert [json.loads(line) for line in (tmp_path / LOG).read_text().splitlines()] == wanted
