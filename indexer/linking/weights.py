"""Learned weights of linking: listwise logistic regression over generated query rows, saved as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from indexer.errors import FormatMismatch
from indexer.linking.features import DENSE, FEATURES, LEXICAL, PRIORS, STRUCTURED
from indexer.progress import Progress
from indexer.settings import Settings

if TYPE_CHECKING:
    from indexer.linking.linker import Linker
    from indexer.linking.source import LinkingSource

FORMAT = 1
Matrix = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
List = tuple[Matrix, Mask]  # the (K, F) features of one query's candidates and which of them is meant
_FILE = "weights.json"
_USED = {
    "hybrid": FEATURES,
    "lexical": (*LEXICAL, *STRUCTURED, *PRIORS),
    "dense": (*STRUCTURED, *DENSE, *PRIORS),
}
_DEFAULT = Path(
    __file__
).parent  # its weights.json was learned on IMDb, and serves where nothing better is fitted
LEAST_TITLES = 2_000
# Nothing that fits counts against a candidate; of two remakes a year apart the one of the very year is meant.
_LOWEST = {"year_far": -np.inf, "runtime_far": -np.inf, "year_equal": 0.5}


@dataclass(frozen=True)
class Weights:
    """For each kind and mode ("title hybrid"): what each feature weighs, (F,) in the order of FEATURES.

    The weights are scaled so that a softmax over the candidates' scores is a probability. ``report``: how the
    fit did.
    """

    tables: Mapping[str, Matrix]
    report: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def default(cls) -> Weights:
        """The weights that serve before anything is fitted."""
        return cls.load(_DEFAULT)

    def of(self, kind: str, mode: str) -> Matrix:
        """(F,) the weights of one kind and mode."""
        return self.tables[f"{kind} {mode}"]

    def save(self, directory: Path) -> None:
        """Write ``weights.json``."""
        directory.mkdir(parents=True, exist_ok=True)
        tables = {
            name: dict(zip(FEATURES, map(float, values), strict=True)) for name, values in self.tables.items()
        }
        saved = {"format": FORMAT, "weights": tables, "report": self.report}
        (directory / _FILE).write_text(json.dumps(saved, indent=1), encoding="utf-8")

    @classmethod
    def load(cls, directory: Path) -> Weights:
        """Read what ``save`` wrote. Raises FormatMismatch where it is missing or names other features."""
        try:
            saved = json.loads((directory / _FILE).read_text(encoding="utf-8"))
            if saved["format"] != FORMAT or any(
                set(row) != set(FEATURES) for row in saved["weights"].values()
            ):
                raise ValueError("other features or another format")
            tables = {
                name: np.asarray([row[f] for f in FEATURES], np.float64)
                for name, row in saved["weights"].items()
            }
            return cls(tables, saved["report"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise FormatMismatch(
                f"linking weights in {directory} cannot be read ({error}): rebuild the index"
            ) from error


def fit_weights(linker: Linker, catalog: LinkingSource, settings: Settings, progress: Progress) -> Weights:
    """Weights learned from query rows drawn from ``catalog``, seeded; a fifth is held out to report.

    A catalogue of few titles teaches only itself, and keeps the default weights.
    """
    from indexer.linking.training import draw_rows

    default = Weights.default()
    if len(linker.facts.columns.title_ids) < LEAST_TITLES:
        return default
    tables, report = dict(default.tables), {}
    modes = ["lexical", "hybrid", "dense"] if linker.is_dense else ["lexical"]
    count = settings.linking.training_rows // (2 * len(modes))
    for kind in ("title", "person"):
        for mode in modes:
            rows = draw_rows(linker, catalog, kind, count, settings.seed)
            lists = _lists(linker, progress.track(rows, f"linking {kind} {mode}", len(rows)), mode)
            name = f"{kind} {mode}"
            if len(lists) >= 50:
                tables[name], report[name] = _fitted(lists, default.tables[name], _USED[mode])
                report[name]["found"] = round(len(lists) / len(rows), 4)
        if modes == ["lexical"]:
            tables[f"{kind} hybrid"] = tables[f"{kind} lexical"]
    return Weights(tables, report)


def _lists(linker: Linker, rows: Any, mode: str) -> list[List]:
    found = []
    for row, golds in rows:
        ids, table = linker.table(row, mode)
        gold = np.isin(ids, list(golds))
        if gold.any():
            found.append((table, gold))
    return found


def _fitted(lists: list[List], start: Matrix, used: Sequence[str]) -> tuple[Matrix, dict[str, Any]]:
    cut = max(len(lists) // 5, 1)
    held, taught = lists[:cut], lists[cut:]
    lowest = np.asarray([_LOWEST.get(f, 0.0) for f in FEATURES])
    mask = np.asarray([f in used for f in FEATURES], np.float64)
    weights = (
        fit_listwise([t * mask for t, _ in taught], [g for _, g in taught], start * mask, 1e-4, lowest) * mask
    )
    return weights, {
        "rows": len(taught),
        "held_out": cut,
        "hit@1": round(hit_share(held, weights), 4),
        "hit@1 of the default weights": round(hit_share(held, start), 4),
        "mean probability of the right one": round(
            float(np.mean([_mass(t @ weights, g) for t, g in held])), 4
        ),
    }


def hit_share(lists: Sequence[List], weights: Matrix) -> float:
    """The share of lists whose best candidate is a gold one; 0-1."""
    return float(np.mean([gold[int(np.argmax(table @ weights))] for table, gold in lists]))


def softmax(scores: Matrix) -> Matrix:
    """(K,) probabilities of K scores."""
    mass = np.exp(scores - scores.max()) if scores.size else scores
    return np.asarray(mass / mass.sum() if scores.size else mass)


def _mass(scores: Matrix, gold: Mask) -> float:
    return float(softmax(scores)[gold].sum())


def fit_listwise(
    tables: Sequence[Matrix],
    golds: Sequence[Mask],
    start: Matrix,
    l2: float = 1e-3,
    lowest: Matrix | None = None,
) -> Matrix:
    """Weights w (F,) under which softmax(table @ w) gives the gold candidates the most probability.

    tables: one (K, F) per query, K >= 1 and free to differ. golds: one (K,) bool each with at least one True.
    lowest: (F,) the least each weight may be, where evidence must never count against a candidate.
    l2: pulls the weights towards ``start`` (F,). The loss is the mean over queries, in nats (Cao et al. 2007,
    ListNet's top one).
    """
    from scipy.optimize import minimize

    rows = np.concatenate(tables)
    sizes = [len(table) for table in tables]
    starts = np.cumsum([0, *sizes])[:-1]
    owner = np.repeat(np.arange(len(tables)), sizes)
    gold = np.concatenate(golds)

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        scores = rows @ weights
        scores -= np.maximum.reduceat(scores, starts)[owner]
        mass = np.exp(scores)
        right = np.where(gold, mass, 0.0)
        total, hit = np.add.reduceat(mass, starts), np.add.reduceat(right, starts) + 1e-30
        pull = weights - start
        value = float(np.mean(np.log(total) - np.log(hit)) + l2 * pull @ pull)
        slope = rows.T @ (mass / total[owner] - right / hit[owner]) / len(tables) + 2 * l2 * pull
        return value, slope

    bounds = None if lowest is None else [(low, None) for low in lowest]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 200})
    return np.asarray(found.x, np.float64)
