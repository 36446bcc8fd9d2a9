"""The tables of the ablation: every line beside all as it serves."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from evals.ablation.linking import Counted, Found
from evals.ablation.space import Trial
from evals.ablation.variants import SERVES
from evals.joint.ranks import wilson
from evals.linking_lines import gain
from evals.stats import Share
from evals.tables import Table, columns

_SPACE = (
    "  recall@10 of held-out (validation) pairs, asked as a query for a credit, raw by the own vector; hit@1"
    "\n  and hit@10 of misspelt names by exact search; per cent. In brackets the difference to what serves, *"
    "\n  beyond what one more seed of that would vary by on the same questions (95 %, Student's t). Training"
    "\n  is short: compare the lines with each other, not with the space that serves."
)
_LINKING = (
    "  hit@1 and hit@10 with Wilson's intervals; points of hit@1 against the first line with the paired"
    "\n  bootstrap's. Weights are not fitted again; touched: queries of which a score changes."
)


def space_table(trials: Sequence[Trial]) -> Table:
    """A line for each variant; seeds of what serves are averaged."""
    full = [one for one in trials if one.name == SERVES]
    names = list(full[0].figures)
    serving = {name: [one.figures[name].percent for one in full] for name in names}
    means = (f"{np.mean(serving[name]):.1f}" for name in names)
    rows = [["", *names], [f"{SERVES}, {_seeds(len(full))}", *means]]
    rows.append(["  one seed: standard deviation", *(_deviation(serving[name]) for name in names)])
    rows += [
        [one.name, *(_against(one.figures[name], serving[name]) for name in names)]
        for one in trials
        if one.name != SERVES
    ]
    text = "\n".join([_SPACE, *columns(rows), *_times(trials)])
    return Table("ablation: joint space", [], text, {"space": [one.to_json() for one in trials]})


def _seeds(count: int) -> str:
    return "one seed" if count == 1 else f"{count} seeds"


def _deviation(values: Sequence[float]) -> str:
    return f"{np.std(values, ddof=1):.2f}" if len(values) > 1 else "unknown"


def _against(figure: Share, serving: Sequence[float]) -> str:
    points = figure.percent - float(np.mean(serving))
    star = "*" if abs(points) > varies(serving, 100 / max(figure.n, 1)) else ""
    return f"{figure.percent:.1f} ({points:+.1f}{star})"


def varies(values: Sequence[float], least: float = 0.0) -> float:
    """By how much one more seed lies from the mean of ``values``, 95 %; infinite for a single one.

    least: what the deviation of seeds that agree by chance is taken for.
    """
    from scipy.stats import t

    n = len(values)
    if n < 2:
        return math.inf
    return float(t.ppf(0.975, n - 1) * max(np.std(values, ddof=1), least) * math.sqrt(1 + 1 / n))


def _times(trials: Sequence[Trial]) -> list[str]:
    rows = [["time", "credits", "training, cpu s", "measuring, cpu s"]]
    for one in trials:
        times = (f"{one.training:.1f}", f"{one.measuring:.1f}")
        rows.append([f"{one.name}, seed {one.seed}", f"{one.credits:,}", *times])
    return columns(rows)


def linking_table(found: Found) -> Table:
    """A line for each way and set."""
    text = "\n".join([_LINKING, *(line for name, ways in found.items() for line in _set_text(name, ways))])
    data = {name: {way: _to_json(one) for way, one in ways.items()} for name, ways in found.items()}
    return Table("ablation: linking", [], text, {"linking parts": data})


def _set_text(name: str, ways: Mapping[str, Counted]) -> list[str]:
    rows = [[name, "hit@1 [95 %]", "hit@10 [95 %]", "hit@1, points [95 %]", "touched"]]
    first = next(iter(ways.values()), Counted())
    for way, one in ways.items():
        points, low, high = gain(one.tally.ranks, first.tally.ranks)
        change = "" if one is first else f"{points:+.1f} [{low:+.1f}, {high:+.1f}]"
        rows.append([way, *(hits(one, top).to_text() for top in (1, 10)), change, str(one.touched)])
    return columns(rows)


def hits(one: Counted, top: int) -> Share:
    """The share of queries whose gold is within ``top``."""
    ranks = one.tally.ranks
    return wilson(sum(rank is not None and rank <= top for rank in ranks), len(ranks))


def _to_json(one: Counted) -> dict[str, object]:
    return {"hit@1": hits(one, 1).to_json(), "hit@10": hits(one, 10).to_json(), "touched": one.touched}
