"""The lines and tables of the joint run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from evals.joint.graph import DIRECTIONS, LEFT_OUT, Direction
from evals.joint.ranks import Figures, Ranks, by_group, wilson
from evals.joint.roles import Asked, without_role
from evals.joint.run import Outcome, Reached, best
from evals.stats import ROUNDS, SEED
from evals.tables import NO_BAR, Bar, Line, Table, columns

_STUDENT = (0.0, 0.0, 12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262)  # t, 95 %, of n seeds
_REAL = 50_000  # titles in scope; the training of fewer says nothing about its bars


def tables(outcome: Outcome) -> list[Table]:
    """Lines with bars first, then everything that was measured."""
    lines = [
        *_pair_lines(outcome),
        *_role_lines(outcome),
        *_left_out_lines(outcome),
        *_training_lines(outcome),
    ]
    return [Table("joint", lines, _text(outcome), {"joint": to_json(outcome)})]


def _pair_lines(outcome: Outcome) -> list[Line]:
    """The ranker of missing credits against the bars, then the vectors alone; without a ranker, these."""
    vectors, ranker = ("", outcome.spaces), (", missing credits ranked", outcome.rankers)
    judged, *others = (ranker, vectors) if outcome.rankers else (vectors,)
    lines = _method_lines(outcome, *judged, (1.25, 1.0))
    for said, methods in others:
        if methods:
            lines += _method_lines(outcome, said or ", vectors alone", methods, None)
    return lines


def _method_lines(
    outcome: Outcome, said: str, methods: Sequence[Reached], musts: tuple[float, float] | None
) -> list[Line]:
    """Recall of both directions over seeds, and ratios to the best baseline, judged where there are bars."""
    ratios = {}
    lines = []
    for direction in DIRECTIONS:
        rival = best(outcome.baselines, direction)
        base = _ten(rival, direction)
        own, note = _over_seeds([_ten(method, direction) for method in methods])
        n = len(rival.ranks[direction])
        lines.append(
            Line(
                f"{direction}{said}: recall@10", wilson(round(own * n / 100), n), baseline=base,
                note=f"{rival.name}; {note}",
            )
        )  # fmt: skip
        ratios[direction] = own / base if base else math.inf
    order = sorted(DIRECTIONS, key=lambda direction: -ratios[direction])
    for place, (direction, which) in enumerate(zip(order, ("better", "other"), strict=True)):
        what = f"  {direction}{said} against the best baseline: the {which} direction"
        note = f"over pairs {_ratio_interval(outcome, methods, direction)}"
        bar = NO_BAR if musts is None else Bar(musts[place], 1.5)
        lines.append(Line(what, round(ratios[direction], 3), "x", bar, note=note))
    return lines


def _role_lines(outcome: Outcome) -> list[Line]:
    """With the function said, beside walks that know it too; no bar asks for it."""
    told, rival = [space.asked for space in outcome.spaces if space.asked is not None], outcome.role_walks
    if not told or rival is None:
        return []
    lines = []
    for direction in DIRECTIONS:
        base = Figures.of(rival.all(direction))
        own, note = _over_seeds([Figures.of(found.all(direction)).ten for found in told])
        n = base.recall[10].n
        ratio = f"{own / base.ten:.2f} x; " if base.ten else ""
        lines.append(
            Line(
                f"{direction}, function said: recall@10", wilson(round(own * n / 100), n), baseline=base.ten,
                note=f"{rival.name}; {ratio}{note}",
            )
        )  # fmt: skip
    return lines


def _left_out_lines(outcome: Outcome) -> list[Line]:
    found = [space.left_out for space in outcome.spaces if space.left_out is not None]
    rival = next((method.left_out for method in outcome.baselines if method.name == "popularity"), None)
    if not found or rival is None or not len(rival):
        return []
    own, note = _over_seeds([Figures.of(ranks).ten for ranks in found])
    base, n = Figures.of(rival).ten, len(rival)
    title = "titles left out whole, film->person: recall@10"
    ratio = own / base if base else math.inf
    return [
        Line(title, wilson(round(own * n / 100), n), baseline=base, note=f"popularity; {note}"),
        Line("  against popularity", round(ratio, 2), "x", Bar(4, 10)),
    ]


def _training_lines(outcome: Outcome) -> list[Line]:
    """Medians over seeds."""
    if not outcome.spaces:
        return []
    whole = outcome.graph.shape[0] >= _REAL
    bars = (
        (Bar(12, 8, least=False), Bar(4, 2, least=False), Bar(6, 12)) if whole else (NO_BAR, NO_BAR, NO_BAR)
    )
    wall, memory, rate = (
        float(np.median([getattr(space, name) for space in outcome.spaces]))
        for name in ("wall_seconds", "peak_mb", "rate")
    )
    return [
        Line("training: wall", round(wall / 60, 2), "min", bars[0], note="with reading the catalogue"),
        Line("training: peak memory", round(memory / 1000, 2), "GB", bars[1]),
        Line("training: credits a processor second", round(rate / 1000, 1), "thousand", bars[2]),
    ]


def _ten(method: Reached, direction: Direction) -> float:
    return Figures.of(method.ranks[direction]).ten


def _over_seeds(values: Sequence[float]) -> tuple[float, str]:
    """Their mean, and what to say of their spread: Student's t."""
    mean, n = float(np.mean(values)), len(values)
    if n < 2:
        return mean, "one seed"
    spread = _STUDENT[min(n, len(_STUDENT) - 1)] * float(np.std(values, ddof=1)) / math.sqrt(n)
    return mean, f"{n} seeds {mean:.2f} ±{spread:.2f}"


def _ratio_interval(outcome: Outcome, methods: Sequence[Reached], direction: Direction) -> str:
    """95 % of the ratio when the pairs are drawn anew, the same ones for both."""
    rival = best(outcome.baselines, direction).ranks[direction] <= 10
    own = np.mean([method.ranks[direction] <= 10 for method in methods], axis=0)
    rng = np.random.default_rng(SEED)
    ratios = []
    for _ in range(ROUNDS):
        rows = rng.integers(0, len(own), len(own))
        ratios.append(own[rows].mean() / max(rival[rows].mean(), 1e-9))
    low, high = np.percentile(ratios, [2.5, 97.5])
    return f"[{low:.2f}, {high:.2f}]"


# ------------------------------------------------------------------------------------------------- text


def _text(outcome: Outcome) -> str:
    counts = ", ".join(f"{name} {count:,}" for name, count in outcome.graph.counts().items())
    found = [
        f"  {counts}; {outcome.blanked:,} overviews blanked; ranks are filtered and among all candidates",
        *(_direction_text(outcome, direction) for direction in DIRECTIONS),
        *(_group_text(outcome, direction) for direction in DIRECTIONS),
        *(_role_text(outcome, direction) for direction in DIRECTIONS),
        _left_out_text(outcome),
        *(f"  {method.name}: {method.note}" for method in outcome.baselines if method.note),
    ]
    return "\n".join(part for part in found if part)


def _head(what: str) -> list[str]:
    return [what, "@1", "@10", "@100", "MRR", "pairs"]


def _direction_text(outcome: Outcome, direction: Direction) -> str:
    rows = [[*_head(direction), "cpu s"]]
    for method in (*outcome.baselines, *outcome.spaces, *outcome.rankers):
        cells = Figures.of(method.ranks[direction]).cells()
        rows.append([_name(method), *cells, f"{method.cpu_seconds:.0f}"])
    return "\n".join(columns(rows))


def _group_text(outcome: Outcome, direction: Direction) -> str:
    """The space of the first seed beside the best baseline, by role and by popularity of the target."""
    if not outcome.spaces:
        return ""
    rival = best(outcome.baselines, direction)
    own, base = (_groups(outcome, direction, found.ranks[direction]) for found in (outcome.spaces[0], rival))
    rows = [[*_head(direction), f"{rival.name} @10"]]
    rows += [[name, *figures.cells(), f"{base[name].ten:.1f}"] for name, figures in own.items()]
    return "\n".join(columns(rows))


def _groups(outcome: Outcome, direction: Direction, found: Ranks) -> dict[str, Figures]:
    pairs = outcome.graph.pairs(direction, most=outcome.most)
    return by_group(found, pairs.groups(outcome.graph.degrees(direction)))


def _role_text(outcome: Outcome, direction: Direction) -> str:
    """Recall@10 of the first seed and of walks by function, which is said or not."""
    told, rival = next((space.asked for space in outcome.spaces), None), outcome.role_walks
    walks = next((method for method in outcome.baselines if method.name == "3-step walks"), None)
    if told is None or rival is None or walks is None:
        return ""
    blind = [
        without_role(outcome.graph, method.name, method.ranks, outcome.most)
        for method in (outcome.spaces[0], walks)
    ]
    methods = (blind[0], told, blind[1], rival)
    rows = [[f"{direction}, recall@10", *(method.name for method in methods), "asked"]]
    for role, ranks in told.ranks[direction].items():
        cells = (f"{Figures.of(method.ranks[direction][role]).ten:.1f}" for method in methods)
        rows.append([role, *cells, str(len(ranks))])
    cells = (f"{Figures.of(method.all(direction)).ten:.1f}" for method in methods)
    return "\n".join(columns([*rows, ["all", *cells, str(len(told.all(direction)))]]))


def _left_out_text(outcome: Outcome) -> str:
    rows = [_head("titles left out whole, film->person")]
    known = _known_people(outcome)
    for method in (*outcome.baselines, *outcome.spaces):
        if method.left_out is not None and len(method.left_out):
            rows.append([_name(method), *Figures.of(method.left_out).cells()])
            rows.append(["  people with a training credit", *Figures.of(method.left_out[known]).cells()])
    return "\n".join(columns(rows)) if len(rows) > 1 else ""


def _known_people(outcome: Outcome) -> np.typing.NDArray[np.bool_]:
    """Which of the pairs of titles left out have a person that another title shows."""
    pairs = outcome.graph.pairs("film->person", LEFT_OUT, outcome.most)
    found: np.typing.NDArray[np.bool_] = outcome.graph.degrees("film->person")[pairs.targets] > 0
    return found


def _name(method: Reached) -> str:
    seed = getattr(method, "seed", None)
    return method.name if seed is None else f"{method.name}, seed {seed}"


def to_json(outcome: Outcome) -> dict[str, Any]:
    """All figures of all methods."""
    return {
        "pairs": outcome.graph.counts(),
        "overviews_blanked": outcome.blanked,
        "function said": [_asked_json(found) for found in _all_asked(outcome)],
        "methods": [
            _method_json(outcome, method)
            for method in (*outcome.baselines, *outcome.spaces, *outcome.rankers)
        ],
    }


def _all_asked(outcome: Outcome) -> list[Asked]:
    found = [outcome.role_walks, *(space.asked for space in outcome.spaces)]
    return [asked for asked in found if asked is not None]


def _asked_json(found: Asked) -> dict[str, Any]:
    return {
        "name": found.name,
        **{
            direction: {role: Figures.of(ranks).to_json() for role, ranks in parts.items()}
            for direction, parts in found.ranks.items()
        },
    }


def _method_json(outcome: Outcome, method: Reached) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": _name(method),
        "note": method.note,
        "cpu_s": round(method.cpu_seconds, 1),
    }
    for direction in DIRECTIONS:
        groups = _groups(outcome, direction, method.ranks[direction])
        found[direction] = {
            **Figures.of(method.ranks[direction]).to_json(),
            "groups": {name: figures.to_json() for name, figures in groups.items()},
        }
    if method.left_out is not None:
        found["left out"] = Figures.of(method.left_out).to_json()
    for name in ("seed", "wall_seconds", "peak_mb", "rate"):
        if hasattr(method, name):
            found[name] = round(getattr(method, name), 1)
    return found
