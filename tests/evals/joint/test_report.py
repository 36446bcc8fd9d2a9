from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest
import torch

from evals.joint import report, run
from evals.joint.graph import DIRECTIONS, LEFT_OUT, Graph, read_graph
from evals.joint.run import Outcome, Reached, Trained
from evals.tables import NO_BAR, Line
from indexer.errors import InputError
from indexer.joint.split import LeftOutTitles, PairSplit
from indexer.progress import Progress
from indexer.settings import JointSettings, Settings, VectorScope
from tests.indexer.joint.studio import Studio

if TYPE_CHECKING:
    from indexer.index import Index

SILENT = Progress.silent()
GRAPH: Graph = read_graph(Studio(80), VectorScope(), PairSplit(0.2, 0.2), SILENT, LeftOutTitles(0.2))
N = len(GRAPH.pairs("film->person").queries)
OUT = len(GRAPH.pairs("film->person", LEFT_OUT).queries)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)
    torch.use_deterministic_algorithms(False)


def ranked(share: float, n: int) -> np.ndarray:
    """Ranks of which ``share`` are 5 and the rest 50."""
    return np.where(np.arange(n) < round(share * n), 5.0, 50.0)


def method(name: str, forth: float, back: float, out: float = 0.0) -> Reached:
    ranks = dict(zip(DIRECTIONS, (ranked(forth, N), ranked(back, N)), strict=True))
    return Reached(name, ranks, ranked(out, OUT))


def space(forth: float, back: float, out: float = 0.5, seed: int = 0) -> Trained:
    known = method("joint space", forth, back, out)
    return Trained(known.name, known.ranks, known.left_out, "", 1.0, seed, 60.0, 1_000.0, 9_000.0)


RIVALS = [method("popularity", 0.1, 0.1, 0.1), method("walks", 0.4, 0.2), method("tables", 0.2, 0.4)]


def lines(*spaces: Trained) -> dict[str, Line]:
    found = report.tables(Outcome(GRAPH, RIVALS, spaces))[0].lines
    return {line.what.strip(): line for line in found}


def verdicts(*spaces: Trained) -> list[str]:
    return [line.verdict() for what, line in lines(*spaces).items() if "best baseline" in what]


def test_the_best_baseline_of_each_direction_is_the_one_to_beat() -> None:
    found = lines(space(0.6, 0.6))
    assert found["film->person: recall@10"].baseline == pytest.approx(40, abs=1)
    assert found["film->person: recall@10"].note.startswith("walks")
    assert found["person->film: recall@10"].note.startswith("tables")


def test_one_direction_must_be_a_quarter_better_and_the_other_no_worse() -> None:
    assert verdicts(space(0.52, 0.41)) == ["met", "met"]
    assert verdicts(space(0.41, 0.52)) == ["met", "met"]
    assert verdicts(space(0.52, 0.3)) == ["met", "not met"]
    assert verdicts(space(0.45, 0.45)) == ["not met", "met"]
    assert verdicts(space(0.7, 0.7)) == ["goal", "goal"]


def test_where_missing_credits_were_ranked_the_bars_judge_that_and_vectors_stand_below() -> None:
    outcome = Outcome(GRAPH, RIVALS, [space(0.3, 0.3)], rankers=[method("ranked", 0.65, 0.44)])
    found = {line.what.strip(): line for line in report.tables(outcome)[0].lines}
    judged = {what: line.verdict() for what, line in found.items() if "best baseline" in what}
    ranks = [verdict for what, verdict in judged.items() if "missing credits ranked" in what]
    assert ranks == ["goal", "met"]
    assert [found[what].bar for what in judged if "vectors alone" in what] == [NO_BAR, NO_BAR]
    assert found["film->person, vectors alone: recall@10"].value == pytest.approx(30, abs=1)


def test_seeds_are_averaged_and_their_spread_is_student_s() -> None:
    found = lines(space(0.5, 0.5), space(0.6, 0.6, seed=1))["film->person: recall@10"]
    values = [100 * round(share * N) / N for share in (0.5, 0.6)]
    assert found.value == pytest.approx(np.mean(values), abs=100 / N)
    spread = 12.706 * np.std(values, ddof=1) / 2**0.5
    assert f"2 seeds {np.mean(values):.2f} ±{spread:.2f}" in found.note


def test_titles_left_out_are_measured_against_popularity() -> None:
    found = lines(space(0.5, 0.5, out=0.5))
    assert found["against popularity"].verdict() == "met"
    assert found["titles left out whole, film->person: recall@10"].value == pytest.approx(50, abs=1)


def test_a_small_catalogue_says_nothing_about_the_bars_of_training() -> None:
    assert lines(space(0.5, 0.5))["training: wall"].verdict() == ""
    ids = np.arange(60_000)
    outcome = Outcome(replace(GRAPH, title_ids=ids), RIVALS, [space(0.5, 0.5)])
    (table,) = report.tables(outcome)
    found = {line.what: line.verdict() for line in table.lines if line.what.startswith("training")}
    assert list(found.values()) == ["goal", "goal", "met"]


def test_every_method_is_told_with_roles_and_popularity() -> None:
    (table,) = report.tables(Outcome(GRAPH, RIVALS, [space(0.5, 0.5)]))
    text = table.to_text("here")
    for said in ("popularity", "walks", "joint space, seed 0", "director", "training credits", "@100"):
        assert said in text
    methods = table.to_json({})["joint"]["methods"]
    assert [found["name"] for found in methods] == ["popularity", "walks", "tables", "joint space, seed 0"]
    assert methods[3]["film->person"]["groups"]["cast"]["recall@10"]["n"] > 0


def index(studio: Studio) -> Index:
    """As much of one as the run asks for."""
    settings = Settings(threads=1, joint=JointSettings(width=16, epochs=1, batch=64, max_minutes=0.05))
    return cast("Index", SimpleNamespace(catalog=studio, settings=settings, encoder=None, overviews=None))


def test_a_run_trains_on_the_view_and_measures_everything() -> None:
    outcome = run.run(index(Studio(60)), SILENT, seeds=1, limit=30)
    assert [len(found.ranks[way]) for found in outcome.spaces for way in DIRECTIONS] == [30, 30]
    assert len(outcome.baselines) == len(run.BASELINES)
    assert outcome.spaces[0].rate > 0
    assert "joint space, seed 7" in report.tables(outcome)[0].to_text("here")


def test_a_catalogue_that_gives_nothing_to_hold_out_says_so() -> None:
    with pytest.raises(InputError, match="three titles"):
        run.run(index(Studio(2, 1)), SILENT)
