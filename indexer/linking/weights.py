"""Learned weights of linking: listwise logistic regression over generated query rows, saved as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from indexer.errors import FormatMismatch
from indexer.linking.calibration import Calibration, Scored, reliability, without_right
from indexer.linking.evidence import Asked
from indexer.linking.features import DENSE, FEATURES, GUESSED, LEXICAL, PRIORS, STRUCTURED
from indexer.linking.training import Drawn, Part, draw_names, draw_rows
from indexer.progress import Progress
from indexer.settings import Settings

if TYPE_CHECKING:
    from indexer.linking.linker import Kind, Linker
    from indexer.linking.source import LinkingSource

FORMAT = 2
Matrix = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
List = tuple[Matrix, Mask]  # the (K, F) features of one query's candidates and which of them is meant
Asking = tuple[Matrix, Mask, int]  # such a list, and how many things the query says
_FILE = "weights.json"
_USED = {
    "hybrid": (*LEXICAL, *STRUCTURED, *GUESSED, "dense", *PRIORS),
    "lexical": (*LEXICAL, *STRUCTURED, *PRIORS),
    "dense": (*STRUCTURED, *GUESSED, *DENSE, *PRIORS),
}
_DEFAULT = Path(
    __file__
).parent  # its weights.json was learned on IMDb, and serves where nothing better is fitted
LEAST_TITLES = 2_000
LEAST_ROWS = 50
_ALONE = 0.35  # of the rows that teach dense linking, the share that says a name and nothing else
_FORGOTTEN = 0.15  # of the values, those taken as missing to learn what the model's guesses are worth


@dataclass(frozen=True)
class Weights:
    """For each kind and mode ("title hybrid"): what each feature weighs, (F,) in the order of FEATURES.

    calibrations: by the same names, and "title name" for names alone, how scores become probabilities.
    ``report``: how the fit did.
    """

    tables: Mapping[str, Matrix]
    calibrations: Mapping[str, Calibration] = field(default_factory=dict)
    report: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def default(cls) -> Weights:
        """The weights that serve before anything is fitted."""
        return cls.load(_DEFAULT)

    def of(self, kind: str, mode: str) -> Matrix:
        """(F,) the weights of one kind and mode."""
        return self.tables[f"{kind} {mode}"]

    def calibration(self, kind: str, mode: str) -> Calibration:
        """How scores of one kind and mode become probabilities; a plain softmax where none was fitted."""
        return self.calibrations.get(f"{kind} {mode}", Calibration())

    def save(self, directory: Path) -> None:
        """Write ``weights.json``."""
        directory.mkdir(parents=True, exist_ok=True)
        tables = {
            name: dict(zip(FEATURES, map(float, values), strict=True)) for name, values in self.tables.items()
        }
        calibrations = {name: held.to_json() for name, held in self.calibrations.items()}
        saved = {"format": FORMAT, "weights": tables, "calibrations": calibrations, "report": self.report}
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
            calibrations = {name: Calibration(**held) for name, held in saved["calibrations"].items()}
            return cls(tables, calibrations, saved["report"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise FormatMismatch(
                f"linking weights in {directory} cannot be read ({error}): rebuild the index"
            ) from error


def fit_weights(linker: Linker, catalog: LinkingSource, settings: Settings, progress: Progress) -> Weights:
    """Weights and calibrations learned from query rows drawn from ``catalog``, seeded.

    Six tenths of the titles and people, by a hash of their ids, teach the weights; two tenths the
    calibrations; the rest report. A catalogue of few titles teaches only itself, and keeps the defaults.
    """
    default = Weights.default()
    if len(linker.facts.columns.title_ids) < LEAST_TITLES:
        return default
    fit = _Fit(linker, catalog, settings, progress)
    modes = ["lexical", "hybrid", "dense"] if linker.is_dense else ["lexical"]
    for kind in ("title", "person"):
        for mode in modes:
            fit.learn(kind, mode, settings.linking.training_rows // (2 * len(modes)))
        fit.calibrate_names(kind, settings.linking.training_rows // 8)
    found = fit.found
    if modes == ["lexical"]:
        for kind in ("title", "person"):
            found.tables[f"{kind} hybrid"] = found.tables[f"{kind} lexical"]
            if f"{kind} lexical" in found.calibrations:
                found.calibrations[f"{kind} hybrid"] = found.calibrations[f"{kind} lexical"]
    return Weights(found.tables, found.calibrations, found.report)


@dataclass
class _Found:
    tables: dict[str, Matrix]
    calibrations: dict[str, Calibration]
    report: dict[str, Any] = field(default_factory=dict)


class _Fit:
    """One fit over one catalogue: what ``fit_weights`` does, a kind and mode at a time."""

    def __init__(
        self, linker: Linker, catalog: LinkingSource, settings: Settings, progress: Progress
    ) -> None:
        self._linker, self._catalog, self._seed, self._progress = linker, catalog, settings.seed, progress
        self._default = Weights.default()
        self.found = _Found(dict(self._default.tables), dict(self._default.calibrations))

    def learn(self, kind: Kind, mode: str, count: int) -> None:
        """Weights from ``count`` rows; the calibration and the figures from a third as many others each."""
        name = f"{kind} {mode}"
        taught = [row for row in self._lists(kind, mode, count, "train") if row[1].any()]
        if len(taught) < LEAST_ROWS:
            return
        default = self._default.tables[name]
        weights = self.found.tables[name] = fitted(taught, default, _USED[mode])
        held, told = (self._lists(kind, mode, count // 3, part) for part in ("calibrate", "report"))
        before = hit_share([(table, gold) for table, gold, _ in told], default)
        self.found.report[name] = {"rows": len(taught), "hit@1 of the default weights": round(before, 4)}
        self._calibrate(name, _scored(held, weights), _scored(told, weights))

    def calibrate_names(self, kind: Kind, count: int) -> None:
        """Probabilities of names alone, whose scores are not learned here."""
        held, told = (self._names(kind, count, part) for part in ("calibrate", "report"))
        self._calibrate(f"{kind} name", held, told)

    def _calibrate(self, name: str, held: list[Scored], told: list[Scored]) -> None:
        if len(held) < LEAST_ROWS // 2 or not told:
            return
        calibration = Calibration.fitted(held)
        self.found.calibrations[name] = calibration
        self.found.report[name] = self.found.report.get(name, {}) | figures(told, calibration)

    def _rows(self, kind: Kind, count: int, part: Part, alone: float) -> Iterable[Drawn]:
        """``count`` rows, the share ``alone`` of them names alone."""
        names = round(alone * count)
        rows = [
            *draw_names(self._linker, self._catalog, kind, names, self._seed, part),
            *draw_rows(self._linker, self._catalog, kind, count - names, self._seed, part),
        ]
        return self._progress.track(rows, f"linking {kind} {part}", len(rows))

    def _lists(self, kind: Kind, mode: str, count: int, part: Part) -> list[Asking]:
        """(K, F) features of each row's candidates, which of them is meant, and how many things were said."""
        rng = np.random.default_rng(self._seed)

        def forgotten(_: str, places: Mask) -> Mask:
            return np.asarray(rng.random(len(places)) < _FORGOTTEN)

        hide = forgotten if part == "train" and mode != "lexical" else None
        found = []
        for row, golds in self._rows(kind, count, part, _ALONE if mode == "dense" else 0.0):
            ids, table = self._linker.table(row, mode, hide)
            if len(ids):
                found.append((table, np.isin(ids, list(golds)), Asked.of(row).size))
        return found

    def _names(self, kind: Kind, count: int, part: Part) -> list[Scored]:
        found = []
        for row, golds in self._rows(kind, count, part, 1.0):
            matches = self._linker.matches(kind, str(row.values[kind]))
            scores = np.asarray([match.score for match in matches], np.float64)
            found.append((scores, np.asarray([match.id in golds for match in matches], np.bool_), 1))
        return found


def _scored(lists: list[Asking], weights: Matrix) -> list[Scored]:
    return [(table @ weights, gold, facts) for table, gold, facts in lists]


def fitted(lists: Sequence[Asking], start: Matrix, used: Sequence[str]) -> Matrix:
    """(F,) weights of the features ``used``, 0 of others, none below 0: no fit counts against a candidate."""
    mask = np.asarray([f in used for f in FEATURES], np.float64)
    tables, golds = [table * mask for table, _, _ in lists], [gold for _, gold, _ in lists]
    return fit_listwise(tables, golds, start * mask, 1e-4, np.zeros(len(FEATURES))) * mask


def figures(rows: Sequence[Scored], calibration: Calibration) -> dict[str, Any]:
    """How often the first is right and how well probabilities hold, before and after calibration."""
    told = [row for row in rows if len(row[0])]
    right = [bool(gold[int(np.argmax(scores))]) for scores, gold, _ in told]
    plain, held = (
        reliability([float(way.probabilities(scores, facts).max()) for scores, _, facts in told], right)
        for way in (Calibration(), calibration)
    )
    return {
        "held_out": len(rows),
        "found": round(float(np.mean([gold.any() for _, gold, _ in rows])), 4),
        "hit@1": round(float(np.mean(right)), 4) if right else 0.0,
        "ece before": plain["ece"], "ece": held["ece"],
        "first's probability, the right one taken out": round(_stated(rows, calibration), 4),
        "the same before": round(_stated(rows, Calibration()), 4),
        "reliability before": plain["bins"], "reliability": held["bins"],
        "calibration": calibration.to_json(),
    }  # fmt: skip


def _stated(rows: Sequence[Scored], calibration: Calibration) -> float:
    """The mean probability of the first candidate where none is right."""
    without = [without_right(row) for row in rows]
    stated = [calibration.probabilities(scores, facts).max() for scores, _, facts in without if len(scores)]
    return float(np.mean(stated)) if stated else 0.0


def hit_share(lists: Sequence[List], weights: Matrix) -> float:
    """The share of lists whose best candidate is a gold one; 0-1, 0 of none."""
    right = [gold[int(np.argmax(table @ weights))] for table, gold in lists]
    return float(np.mean(right)) if right else 0.0


def softmax(scores: Matrix) -> Matrix:
    """(K,) probabilities of K scores."""
    mass = np.exp(scores - scores.max()) if scores.size else scores
    return np.asarray(mass / mass.sum() if scores.size else mass)


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
