"""Trees that learn which findings are right, and the files they come from and go to."""

from __future__ import annotations

import dataclasses
import json
import random
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from assistant.__main__ import main
from assistant.confidence.boosting import Boosting, fit
from assistant.confidence.folds import FOLDS, fold_of
from assistant.confidence.model import Weights, matrix
from assistant.confidence.reliability import ece
from assistant.confidence.signals import Signals
from assistant.confidence.training import SETS, Row, directions, out_of_fold, read_rows, train
from assistant.confidence.trees import Trees, chances
from indexer.errors import InputError


def rows(number: int = 600, group: str = "role") -> list[Row]:
    """Findings that are right with a chance that ``match`` says, over all folds."""
    draw = random.Random(3)
    found = []
    for place in range(number):
        match = draw.random()
        right = draw.random() < (0.1 if match < 0.5 else 0.9)
        found.append(Row(SETS[0], place % FOLDS, Signals(group, match=match, estimate=0.7), right))
    return found


def test_what_tells_right_from_wrong_is_learnt_and_calibrated_out_of_fold() -> None:
    held = rows()
    told = out_of_fold(train(held), held)
    low = [chance for chance, row in zip(told, held, strict=True) if row.signals.match < 0.4]
    high = [chance for chance, row in zip(told, held, strict=True) if row.signals.match > 0.6]
    assert max(low) < 0.4 and min(high) > 0.6
    assert ece(told, [row.right for row in held], bins=5) < 0.08


def test_a_row_is_judged_by_the_model_that_left_its_fold_out() -> None:
    held = rows()
    flipped = [dataclasses.replace(row, right=not row.right) if row.fold == 2 else row for row in held]
    before, after = (out_of_fold(train(rows_), held) for rows_ in (held, flipped))
    same = [b == pytest.approx(a) for b, a, row in zip(before, after, held, strict=True) if row.fold == 2]
    assert all(same) and len(same) == 120
    others = [b - a for b, a, row in zip(before, after, held, strict=True) if row.fold == 3]
    assert max(map(abs, others)) > 0.05


def test_sets_that_are_not_to_be_trained_on_are_left_alone() -> None:
    held = rows()
    strange = [dataclasses.replace(row, set="fresh_dev", right=False) for row in held]
    assert train([*held, *strange]).to_json() == train(held).to_json()


def test_a_group_without_rows_keeps_the_resolvers_estimate() -> None:
    judge = train(rows()).judge()
    assert judge.chance(Signals("yes_no", estimate=0.77)) == 0.77
    assert judge.chance(Signals("role", estimate=0.77)) != 0.77


def test_too_few_rows_are_refused_with_what_is_needed() -> None:
    with pytest.raises(InputError, match="at least 200"):
        train(rows(50))


def test_a_signal_that_may_only_raise_the_chance_never_lowers_it() -> None:
    draw = np.random.default_rng(1)
    X = draw.random((800, 2))
    right = (draw.random(800) < 0.9 - 0.6 * X[:, 0]).astype(float)  # the data say the contrary
    trees = fit(X, right, np.array([1, 0]), Boosting(trees=40))
    grid = np.stack([np.linspace(0, 1, 50), np.full(50, 0.5)], axis=1)
    assert (np.diff(trees.odds(grid)) >= -1e-12).all()
    free = fit(X, right, np.array([0, 0]), Boosting(trees=40))
    assert free.odds(grid)[-1] < free.odds(grid)[0] - 0.5


def test_signals_have_a_direction_where_one_is_certain() -> None:
    signs = dict(zip(matrix_names(), directions().tolist(), strict=True))
    assert (signs["match"], signs["topic"], signs["unread"], signs["age"]) == (1, -1, -1, 0)


def matrix_names() -> list[str]:
    from assistant.confidence.model import COLUMNS

    assert matrix([Signals("role")]).shape == (1, len(COLUMNS))
    return list(COLUMNS)


def test_weights_come_back_from_json_as_they_were() -> None:
    weights = train(rows())
    again = Weights.from_json(json.loads(json.dumps(weights.to_json())))
    for signals in (Signals("role", match=0.2), Signals("role", match=0.9, estimate=0.7)):
        assert again.judge().chance(signals) == pytest.approx(weights.judge().chance(signals), abs=0.02)
    assert again.learned == weights.learned == {"role"}


def test_weights_of_other_signals_are_refused() -> None:
    data = train(rows()).to_json()
    with pytest.raises(InputError, match="other signals"):
        Weights.from_json({**data, "signals": data["signals"][:-1]})
    with pytest.raises(InputError, match="folds"):
        Weights.from_json({**data, "folds": data["folds"][:-1]})


def test_trees_of_different_number_are_refused() -> None:
    data = {"start": 0.0, "features": [[0] * 7], "thresholds": [[0.5] * 7], "leaves": []}
    with pytest.raises(InputError, match="differ in number"):
        Trees.from_json(data)


def test_a_tree_sends_small_values_left_and_large_ones_right() -> None:
    thresholds = [[0.5, 999, 999, 999, 999, 999, 999]]
    data = {
        "start": 0.0,
        "features": [[0] * 7],
        "thresholds": thresholds,
        "leaves": [[10_000, 0, 0, 0, -20_000, 0, 0, 0]],
    }
    odds = Trees.from_json(data).odds(np.array([[0.4], [0.6]]))
    assert odds.tolist() == [1.0, -2.0]
    assert chances(np.array([0.0]))[0] == 0.5


def test_rows_come_back_from_a_file_and_hold_no_text(tmp_path: Path) -> None:
    held = rows(3)
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row.to_json()) + "\n" for row in held) + "\n")
    assert [row.fold for row in read_rows(path)] == [0, 1, 2]
    assert read_rows(path)[0].signals.match == pytest.approx(held[0].signals.match, abs=1e-4)
    assert set(held[0].to_json()) == {"set", "fold", "right", "signals"}


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"set": "a"}', '{"set": "a", "fold": 9, "right": 1, "signals": {"group": "role"}}']
)
def test_a_line_that_is_no_row_is_named(line: str, tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(line + "\n")
    with pytest.raises(InputError, match="line 1"):
        read_rows(path)


def test_missing_rows_say_how_to_get_them(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="evals run confidence"):
        read_rows(tmp_path / "none.jsonl")


def test_spellings_of_one_question_share_a_fold() -> None:
    assert fold_of("Who directed Alien?") == fold_of("who directed alien")
    assert {fold_of(f"who directed film {number}") for number in range(50)} == set(range(FOLDS))


def test_the_command_writes_weights_and_prints_how_reliable_they_are(tmp_path: Path) -> None:
    source, out = tmp_path / "rows.jsonl", tmp_path / "weights.json"
    source.write_text("".join(json.dumps(row.to_json()) + "\n" for row in rows()))
    done = CliRunner().invoke(main, ["confidence", "train", "--rows", str(source), "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert "out of fold: ECE" in done.output
    assert Weights.from_json(json.loads(out.read_text())).about["rows"] == {SETS[0]: 600}
