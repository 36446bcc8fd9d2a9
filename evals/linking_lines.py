"""The bars on linking, as lines."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evals.linking import Measured, Report, Tally
from evals.stats import ROUNDS, SEED, Share, share
from evals.tables import NO_BAR, Bar, Line

# Hints that a person gives in much the same way are counted together; "year" is exact or one off.
_HINTS = {
    "cast or director": ("title cast", "title director", "person co_star", "person director"),
    "character": ("title character", "person character"),
    "year": ("title year", "title year_off_by_one"),
    "genre": ("title genre",),
    "decade": ("title decade",),
}
_HINT_BARS = {
    "cast or director": Bar(95, 98), "character": Bar(88, 94), "year": Bar(97, 99), "genre": Bar(75, 85),
}  # fmt: skip
_NAME_BARS = {"hybrid": (Bar(94, 96), Bar(98, 99)), "dense": (Bar(75, 88), Bar(88, 95))}
_RECALL = Bar(98, 99.5)


def lines(report: Report) -> list[Line]:
    """Every bar, of the modes that the index has; without vectors lexical linking stands for hybrid."""
    found = report.measured
    served = "hybrid" if "names, hybrid" in found else "lexical"
    made = [*_names(report, served), *_namesakes(found[f"same_name, {served}"], served)]
    if "same_name, dense" in found:
        made += _dense_namesakes(found["same_name, dense"])
    made += _partial(report, served)
    for name in ("same_name", "partial_rows"):
        made.append(_reranked(report, name, served))
    made += [Line(f"Chroma against exact search, {name}: recall@10", round(100 * value, 2), bar=_RECALL)
             for name, value in report.chroma.items()]  # fmt: skip
    return made + [line for name, one in found.items() for line in _calibration(name, one)]


def hit(tally: Tally, top: int) -> Share:
    """The share of queries whose gold is within ``top``."""
    return share([rank is not None and rank <= top for rank in tally.ranks])


def _names(report: Report, served: str) -> list[Line]:
    made, base = [], report.measured["names, baseline"].all
    ways = {served: f"names, {served}", "dense": "names, learned text field alone (--dense-only)"}
    for mode, what in ways.items():
        if f"names, {mode}" not in report.measured:
            continue
        tally, bars = report.measured[f"names, {mode}"].all, _NAME_BARS.get(mode, _NAME_BARS["hybrid"])
        for top, bar in zip((1, 10), bars, strict=True):
            note = "3-grams and rapidfuzz"
            made.append(
                Line(f"{what}: hit@{top}", hit(tally, top), bar=bar, baseline=base.share(top), note=note)
            )
    p95 = report.measured[f"names, {served}"].milliseconds()["p95"]
    return [*made, Line(f"names, {served}: p95", p95, "ms", Bar(15, 10, least=False))]


def _namesakes(found: Measured, served: str) -> list[Line]:
    """Right one first among all candidates, by hint; the baseline takes the namesake with most votes."""
    made = []
    for hint, groups in _HINTS.items():
        tally = found.tally(groups)
        if tally.ranks:
            voted = 100 * sum(tally.voted) / max(len(tally.voted), 1)
            note = "most votes first; " + ", ".join(groups)
            what = f"same_name, {served}, {hint}: right one first"
            made.append(
                Line(what, hit(tally, 1), bar=_HINT_BARS.get(hint, NO_BAR), baseline=voted, note=note)
            )
    return made


def _dense_namesakes(found: Measured) -> list[Line]:
    made = []
    for group, hint in (("title cast", "cast"), ("person co_star", "co-star")):
        tally = found.tally([group])
        if tally.ranks:
            voted = 100 * sum(tally.voted) / max(len(tally.voted), 1)
            what = f"same_name, vectors and field models alone, {hint}: right one first"
            made.append(Line(what, hit(tally, 1), bar=Bar(80, 92), baseline=voted, note="most votes first"))
    return made


def _partial(report: Report, served: str) -> list[Line]:
    base = report.measured["partial_rows, retrieval fused"].all
    made = []
    for mode, bars in ((served, (Bar(70, 85), Bar(88, 96))), ("dense", (NO_BAR, NO_BAR))):
        if f"partial_rows, {mode}" in report.measured:
            tally = report.measured[f"partial_rows, {mode}"].all
            for top, bar in zip((1, 10), bars, strict=True):
                what, best = f"partial_rows, {mode}: hit@{top}", base.share(top)
                made.append(Line(what, hit(tally, top), bar=bar, baseline=best, note="retrieval fused"))
    return made


def _reranked(report: Report, name: str, served: str) -> Line:
    """Points of hit@1 that weighing fields adds to the fused order of the same queries."""
    after = report.measured[f"{name}, {served}"].all.ranks
    before = report.measured[f"{name}, retrieval fused"].all.ranks
    points, low, high = gain(after, before)
    start = report.measured[f"{name}, retrieval fused"].all.share(1)
    room = f"[{low:.1f}, {high:.1f}]; from {start:.1f}, so {100 - start:.1f} is the most there is to gain"
    return Line(f"{name}: fields over retrieval order, hit@1", points, "points", Bar(3, 8), note=room)


def gain(after: Sequence[int | None], before: Sequence[int | None]) -> tuple[float, float, float]:
    """Points of hit@1 by which ``after`` lies above ``before``, with the paired bootstrap's 95 % interval."""
    each = np.asarray([100.0 * ((new == 1) - (old == 1)) for new, old in zip(after, before, strict=True)])
    if not len(each):
        return 0.0, 0.0, 0.0
    drawn = each[np.random.default_rng(SEED).integers(0, len(each), size=(ROUNDS, len(each)))].mean(axis=1)
    low, high = np.percentile(drawn, [2.5, 97.5])
    return float(each.mean()), float(low), float(high)


def _calibration(name: str, found: Measured) -> list[Line]:
    held = found.reliability()
    if not held:
        return []
    before, after = held["before"], held["after"]
    stated, right = 100 * after["confidence"], 100 * after["accuracy"]
    note = f"before {100 * before['ece']:.1f}; states {stated:.1f} %, right {right:.1f} %"
    return [
        Line(f"{name}: calibration error of the first's probability", 100 * after["ece"], "points", note=note)
    ]
