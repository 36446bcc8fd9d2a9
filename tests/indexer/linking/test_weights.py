from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from indexer.errors import FormatMismatch
from indexer.linking.calibration import Calibration
from indexer.linking.features import FEATURES
from indexer.linking.linker import Kind
from indexer.linking.training import PARTS, draw_names, draw_rows, in_part
from indexer.linking.weights import Weights, fit_listwise, fit_weights, softmax
from indexer.progress import Progress
from indexer.settings import Settings
from tests.indexer.linking.cases import TinyCatalog, linker


def test_the_feature_that_tells_gold_apart_gets_the_weight() -> None:
    random = np.random.default_rng(1)
    tables, golds = [], []
    for _ in range(60):
        table = random.random((8, 3))
        tables.append(table)
        golds.append(table[:, 1] == table[:, 1].max())
    weights = fit_listwise(tables, golds, np.zeros(3), l2=1e-4)
    assert weights[1] > 5 * max(abs(weights[0]), abs(weights[2]))


def test_a_weight_never_falls_below_its_lowest() -> None:
    table = np.asarray([[1.0], [0.0]])
    weights = fit_listwise([table], [np.asarray([False, True])], np.zeros(1), lowest=np.zeros(1))
    assert weights[0] == 0.0


def test_softmax_of_nothing_is_nothing() -> None:
    assert softmax(np.zeros(0)).shape == (0,)
    assert np.allclose(softmax(np.asarray([1000.0, 1000.0])), [0.5, 0.5])


def test_saved_weights_are_read_back_equal(tmp_path: Path) -> None:
    tables = {"title lexical": np.arange(len(FEATURES), dtype=np.float64)}
    weights = Weights(tables, {"title name": Calibration(0.5, 2.0, 1.0)}, {"rows": 3})
    weights.save(tmp_path)
    found = Weights.load(tmp_path)
    assert np.array_equal(found.of("title", "lexical"), weights.of("title", "lexical"))
    assert found.calibration("title", "name") == Calibration(0.5, 2.0, 1.0)
    assert found.calibration("person", "name") == Calibration()
    assert found.report == {"rows": 3}


def test_weights_of_other_features_ask_for_a_rebuild(tmp_path: Path) -> None:
    (tmp_path / "weights.json").write_text(
        '{"format": 2, "weights": {"title lexical": {"old": 1}}, "calibrations": {}, "report": {}}'
    )
    with pytest.raises(FormatMismatch, match="rebuild"):
        Weights.load(tmp_path)


def test_default_weights_cover_every_kind_and_mode() -> None:
    weights = Weights.default()
    for kind in ("title", "person"):
        for mode in ("hybrid", "dense", "lexical"):
            assert weights.of(kind, mode).shape == (len(FEATURES),)
    assert weights.of("title", "lexical")[FEATURES.index("dense")] == 0


def test_few_titles_teach_nothing_and_keep_the_defaults() -> None:
    found = fit_weights(linker(), TinyCatalog(), Settings(), Progress.silent())
    assert np.array_equal(found.of("title", "lexical"), Weights.default().of("title", "lexical"))


def test_one_seed_draws_the_same_rows_and_another_draws_others() -> None:
    draw = [draw_rows(linker(), TinyCatalog(), "title", 40, seed) for seed in (7, 7, 8)]
    assert draw[0] == draw[1]
    assert draw[0] != draw[2]


def test_each_entity_is_of_one_part_and_every_part_has_its_share() -> None:
    ids = np.arange(1, 20_001)
    parts = np.stack([in_part(ids, part) for part in PARTS])
    assert np.array_equal(parts.sum(axis=0), np.ones(len(ids)))
    assert np.allclose(parts.mean(axis=1), [0.6, 0.2, 0.2], atol=0.02)
    assert in_part(ids, None).all()


def test_rows_are_drawn_of_one_part_alone() -> None:
    for draw in (draw_rows, draw_names):
        rows = draw(linker(), TinyCatalog(), "title", 60, 7, "calibrate")
        golds = {gold for _, meant in rows for gold in meant}
        assert golds
        assert in_part(np.asarray(sorted(golds)), "calibrate").all()


def test_names_are_drawn_alone() -> None:
    rows = draw_names(linker(), TinyCatalog(), "person", 30, 7)
    assert len(rows) == 30
    assert {tuple(row.values) for row, _ in rows} == {("person",)}


@pytest.mark.parametrize("kind", ["title", "person"])
def test_drawn_rows_mean_what_linking_finds(kind: Kind) -> None:
    rows = draw_rows(linker(), TinyCatalog(), kind, 60, 7)
    found = [linker().link(row, limit=3) for row, _ in rows]
    hits = [
        any(c.id in golds for c in candidates) for (_, golds), candidates in zip(rows, found, strict=True)
    ]
    assert np.mean(hits) > 0.85


def test_fitting_lifts_the_right_one_over_weights_that_know_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.linking.weights.LEAST_TITLES", 1)
    found = fit_weights(linker(), TinyCatalog(), Settings(), Progress.silent())
    assert found.report["title lexical"]["hit@1"] > 0.85
    assert found.of("title", "lexical")[FEATURES.index("name")] > 0
    assert {"ece before", "ece", "reliability", "calibration"} <= set(found.report["title lexical"])
    assert found.calibrations["title hybrid"] == found.calibrations["title lexical"]
    assert found.report["title name"]["held_out"] > 0
