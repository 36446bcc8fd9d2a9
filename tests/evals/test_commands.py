"""``python -m evals`` on the command line: what it lists, and how it ends."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

from click.testing import CliRunner

from evals.__main__ import main
from evals.runs import RUNS, Finished, Options, Run, _build_table, write_tables
from evals.tables import Bar, Line, Table
from indexer.errors import InputError

if TYPE_CHECKING:
    from indexer.index import Index

RUNNER = CliRunner()


def test_list_names_every_run_and_what_it_needs() -> None:
    result = RUNNER.invoke(main, ["list"])
    assert result.exit_code == 0
    for run in RUNS.values():
        assert f"{run.name} " in result.output
    assert "--sets" in result.output


def test_list_as_json_is_one_object_a_line() -> None:
    lines = RUNNER.invoke(main, ["list", "--json"]).output.splitlines()
    assert [json.loads(line)["name"] for line in lines] == list(RUNS)


def test_an_unknown_name_is_wrong_usage_and_lists_the_known() -> None:
    result = RUNNER.invoke(main, ["run", "nothing"])
    assert result.exit_code == 2
    assert "sample_questions" in result.output


def test_no_name_is_wrong_usage() -> None:
    assert RUNNER.invoke(main, ["run"]).exit_code == 2


def test_a_missing_option_is_a_problem_that_names_it() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "evals", "run", "sample"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "sample needs --data" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_folder_is_a_problem(tmp_path: Path) -> None:
    result = RUNNER.invoke(main, ["run", "sample", "--data", str(tmp_path / "none")])
    assert "is not a folder" in str(result.exception)


def test_bars_not_met_are_printed_and_end_well() -> None:
    RUNS["tried"] = Run("tried", "a run of this test", (), _tried)
    try:
        command = next(command for name, command in main.commands.items() if name == "run")
        names = next(part for part in command.params if part.name == "names")
        names.type.choices = list(RUNS)  # type: ignore[attr-defined]
        result = RUNNER.invoke(main, ["run", "tried"])
        as_json = RUNNER.invoke(main, ["run", "tried", "--json"])
    finally:
        del RUNS["tried"]
    assert result.exit_code == as_json.exit_code == 0
    assert "not met" in result.output
    assert json.loads(as_json.output)["tried"][0]["lines"][0]["verdict"] == "not met"


def _tried(options: Options) -> Finished:
    if options.limit == 99:
        raise InputError("never")
    head = {"seed": 7, "hardware": "here", "figures": "development figures"}
    return Finished([Table("t", [Line("right", 1.0, bar=Bar(2))])], head)


def test_tables_are_kept_as_json(tmp_path: Path) -> None:
    write_tables({"tried": _tried(Options())}, tmp_path / "out")
    kept = json.loads((tmp_path / "out" / "tables.json").read_text(encoding="utf-8"))
    assert kept["tried"][0]["seed"] == 7


def test_only_a_whole_build_of_the_real_files_is_held_against_the_bars() -> None:
    small, part, whole = (_built(120, []), _built(150_000, ["joint"]), _built(150_000, []))
    assert [[line.verdict() for line in table.lines[:2]] for table in (small, part, whole)] == [
        ["", ""],
        ["", ""],
        ["met", "goal"],
    ]


def _built(titles: int, without: list[str]) -> Table:
    total = {"seconds": 1200, "peak_mb": 2500}
    manifest = {"counts": {"titles": titles}, "without": without, "total": total, "steps": {}}
    return _build_table(cast("Index", SimpleNamespace(manifest=manifest)))
