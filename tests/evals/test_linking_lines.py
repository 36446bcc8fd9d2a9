from __future__ import annotations

import pytest

from evals.linking import Measured, Report, Tally
from evals.linking_lines import gain, lines


def measured(*ranks: int | None, groups: tuple[str, ...] = (), right: bool = False) -> Measured:
    tally = Tally(list(ranks), voted=[False] * len(ranks))
    found = Measured({"all": tally, **dict.fromkeys(groups, tally)}, [1.0, 2.0])
    if right:
        found.plain, found.calibrated, found.right = [0.5], [0.9], [True]
    return found


def report(mode: str, dense: bool = False) -> Report:
    good, bad = [1] * 9 + [2], [3] * 10
    hints = ("title cast", "person director", "title year", "title genre", "title character")
    found = {
        f"names, {mode}": measured(*good, right=True),
        "names, baseline": measured(*bad),
        f"same_name, {mode}": measured(*good, groups=hints),
        "same_name, retrieval fused": measured(*bad),
        f"partial_rows, {mode}": measured(*good),
        "partial_rows, retrieval fused": measured(*bad),
    }
    if dense:
        found |= {
            "names, dense": measured(*good),
            "same_name, dense": measured(*good, groups=("title cast",)),
            "partial_rows, dense": measured(*good),
        }
    return Report(found, {"titles, asked": 0.99})


def by_name(found: Report) -> dict[str, str]:
    return {line.what: line.verdict() for line in lines(found)}


def test_the_lines_follow_the_mode_that_serves() -> None:
    assert "names, lexical: hit@1" in by_name(report("lexical"))
    found = by_name(report("hybrid", dense=True))
    assert "names, learned text field alone (--dense-only): hit@1" in found
    assert "same_name, vectors and field models alone, cast: right one first" in found


def test_hints_are_counted_in_groups() -> None:
    shares = {line.what: line.measured for line in lines(report("hybrid"))}
    both = shares["same_name, hybrid, cast or director: right one first"]
    assert (both.hits, both.n) == (18, 20)  # type: ignore[union-attr]
    assert "same_name, hybrid, decade: right one first" not in shares


def test_reranking_says_the_points_and_the_room() -> None:
    line = next(line for line in lines(report("hybrid")) if line.what.startswith("partial_rows: fields over"))
    assert (line.measured, line.verdict()) == (90.0, "goal")
    assert "100.0 is the most" in line.note


def test_chroma_and_calibration_have_their_lines() -> None:
    found = {line.what: line for line in lines(report("hybrid"))}
    assert found["Chroma against exact search, titles, asked: recall@10"].verdict() == "met"
    assert found["names, hybrid: calibration error of the first's probability"].measured == pytest.approx(
        10.0
    )


def test_the_gain_is_paired_and_its_interval_holds_it() -> None:
    points, low, high = gain([1, 1, None, 2], [1, 2, None, 1])
    assert points == 0.0
    assert low < 0 < high
    assert gain([], []) == (0.0, 0.0, 0.0)
