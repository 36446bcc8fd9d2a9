"""Parts of the joint space: the same data and questions for every variant, one of which lacks something."""

from __future__ import annotations

import json
import math
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from evals.ablation import report, space
from evals.ablation.names import drawn, narrowed, ranks
from evals.ablation.space import Bench, Budget, Trial
from evals.ablation.variants import SERVES, VARIANTS, Variant, possible
from evals.joint.ranks import wilson
from indexer.fields.table import TABLE
from indexer.index import Index
from indexer.joint.model import Recipe
from indexer.joint.space import JointSpace
from indexer.progress import Progress
from indexer.settings import JointSettings, Settings
from indexer.text import fold
from tests.indexer.joint.studio import Studio

SILENT = Progress.silent()
BUDGET = Budget(credits=200, pairs=30, names=10)
SETTINGS = Settings(threads=1, joint=JointSettings(width=16, batch=64))


def index(threads: int = 1) -> Index:
    """As much of one as the run asks for."""
    settings = SETTINGS.replace(threads=threads)
    return cast("Index", SimpleNamespace(catalog=Studio(60), settings=settings, encoder=None, overviews=None))


@cache
def made() -> Bench:
    return space.bench(index(), BUDGET, SILENT)


@cache
def trial(variant: Variant, seed: int = 0) -> Trial:
    return space.trial(made(), variant, seed)


def points(found: Trial) -> dict[str, float]:
    return {name: figure.percent for name, figure in found.figures.items()}


def test_a_trial_measures_pairs_both_ways_and_names_of_both_kinds() -> None:
    found = trial(VARIANTS[0])
    assert list(found.figures) == [
        "film->person asked", "film->person raw", "person->film asked", "person->film raw",
        "titles @1", "titles @10", "people @1", "people @10",
    ]  # fmt: skip
    assert found.figures["film->person raw"].n == 30
    assert found.figures["titles @1"].n == 10
    assert found.figures["titles @10"].percent > 30  # by chance 17


def test_held_out_pairs_are_in_no_credit_of_the_training() -> None:
    ready = made()
    held = set(ready.view.held)
    titles, people = ready.entities.credits
    known = zip(
        ready.entities.ids["title"][titles].tolist(),
        ready.entities.ids["person"][people].tolist(),
        strict=True,
    )
    assert held
    assert not held & set(known)


def test_what_a_variant_lacks_changes_what_is_found() -> None:
    nameless = Recipe(asked=0.0, without=("title/cast", "title/director", "person/title"))
    assert points(trial(Variant("nameless", nameless))) != points(trial(VARIANTS[0]))


def test_the_same_seed_finds_the_same() -> None:
    again = space.trial(made(), VARIANTS[0], 0)
    assert points(again) == points(trial(VARIANTS[0]))


def test_every_variant_differs_from_what_serves_and_names_fields_that_there_are() -> None:
    keys = {line.key for line in TABLE} | {"title/overview"}
    assert VARIANTS[0] == Variant(SERVES)
    assert all(part.recipe != Recipe() for part in VARIANTS[1:])
    assert all(set(part.recipe.without) <= keys for part in VARIANTS)
    assert len({part.name for part in VARIANTS}) == len(VARIANTS)


def test_a_build_without_overviews_has_none_to_leave_out() -> None:
    assert "without overview" not in [part.name for part in possible(made().entities)]


def test_every_training_is_as_long_whatever_the_settings_and_the_clock() -> None:
    settings = BUDGET.settings(SETTINGS.replace(joint=JointSettings(max_minutes=0.01, epochs=9)), 2)
    joint = settings.joint
    assert (settings.seed, joint.max_credits, joint.epochs) == (SETTINGS.seed + 2, 200, 1)
    assert joint.max_minutes > 10


def test_a_limit_never_asks_for_more() -> None:
    assert Budget().at_most(None) == Budget()
    assert (Budget().at_most(50).pairs, Budget().at_most(50).names) == (50, 50)
    assert Budget().at_most(5_000).names == Budget().names


@pytest.mark.parametrize("threads", [1, 2])
def test_a_run_tries_seeds_of_what_serves_and_keeps_each_trial(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, threads: int
) -> None:
    chosen = [VARIANTS[0], Variant("without characters", Recipe(without=("title/character",)))]
    monkeypatch.setattr(space, "possible", lambda _: chosen)
    found = space.run(index(threads), SILENT, BUDGET, 2, tmp_path)
    assert [(one.name, one.seed) for one in found] == [(SERVES, 0), (SERVES, 1), ("without characters", 0)]
    kept = [json.loads(line) for line in (tmp_path / "ablation.jsonl").read_text("utf-8").splitlines()]
    assert [line["variant"] for line in kept] == [one.name for one in found]
    assert points(found[0]) == points(trial(VARIANTS[0]))


def test_names_are_of_entities_and_every_bearer_is_right() -> None:
    entities = made().entities
    for kind, key in (("title", "title/title"), ("person", "person/person")):
        names = drawn(entities, kind, 10, 1)  # type: ignore[arg-type]
        assert len(names.rows) == len(names.golds) == 10
        assert all(len(fold(str(row.values[kind]))) for row in names.rows)
        assert np.diff(names.golds.starts).min() >= 1
        assert names.golds.ids.max() < len(entities.lists[key])


def test_the_best_bearer_counts_and_others_do_not_stand_in_the_way() -> None:
    names = drawn(made().entities, "title", 1, 1)
    gold = int(names.golds.ids[0])
    turned = np.linspace(1.5, 0.5, 60)  # radians away from what is asked
    turned[gold] = 0.1

    def first_halves() -> Any:
        rows = np.stack([np.cos(turned), np.sin(turned)], 1).astype(np.float32)
        return np.hstack([rows, rows[:, ::-1]])

    asked = SimpleNamespace(encode=lambda rows: np.tile(np.array([[1.0, 0.0]], np.float32), (len(rows), 1)))
    assert ranks(cast("JointSpace", asked), names, first_halves()).tolist() == [1.0]
    turned[(gold + 1) % 60] = 0.05
    assert ranks(cast("JointSpace", asked), names, first_halves()).tolist() == [2.0]


def test_columns_that_no_query_uses_change_no_score() -> None:
    rng = np.random.default_rng(0)
    queries, candidates = (rng.standard_normal((n, 6)).astype(np.float32) for n in (3, 5))
    queries[:, :3] = 0
    few, narrow = narrowed(queries, candidates)
    assert few.shape == (3, 3)
    np.testing.assert_allclose(few @ narrow.T, queries @ candidates.T, rtol=1e-6)


def tried(name: str, hits: int, seed: int = 0) -> Trial:
    return Trial(name, seed, {"titles @1": wilson(hits, 1_000)}, 200, 1.0, 1.0)


def test_a_difference_is_marked_where_seeds_do_not_explain_it() -> None:
    seeds = [tried(SERVES, hits, seed) for seed, hits in enumerate((500, 504, 496))]
    table = report.space_table([*seeds, tried("far", 400), tried("near", 505)])
    text = table.to_text("here")
    assert "as it serves, 3 seeds" in text
    assert "40.0 (-10.0*)" in text
    assert "50.5 (+0.5)" in text
    assert "0.40" in text  # the standard deviation of seeds
    assert len(table.to_json({})["space"]) == 5


def test_one_seed_marks_nothing() -> None:
    text = report.space_table([tried(SERVES, 500), tried("far", 400)]).to_text("here")
    assert "40.0 (-10.0)" in text
    assert "unknown" in text


def test_seeds_that_agree_by_chance_are_taken_to_vary_by_one_question() -> None:
    assert report.varies([50.0, 50.0, 50.0], 0.1) == pytest.approx(4.303 * 0.1 * math.sqrt(4 / 3), rel=1e-3)
    assert report.varies([50.0]) == math.inf
