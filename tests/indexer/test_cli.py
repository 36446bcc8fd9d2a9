"""The indexer's commands as a person meets them: what they print where, and their exit status."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from indexer.__main__ import STEP_NAMES, main
from indexer.build import OPTIONAL
from indexer.layout import current_build
from tests.indexer.tiny import ROOT, run_indexer, tiny_index, write_data

LEAN = [f"--without={name}" for name in OPTIONAL if name != "names"]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_index(tmp_path_factory.mktemp("cli"))


def test_help_answers_in_half_a_second_of_processor_and_loads_nothing_heavy() -> None:
    script = (
        "import runpy, sys, time; sys.argv = ['indexer', '--help']\n"
        "try: runpy.run_module('indexer', run_name='__main__')\n"
        "except SystemExit: pass\n"
        "heavy = {'torch', 'numpy', 'chromadb', 'transformers', 'scipy', 'sqlite_utils'} & set(sys.modules)\n"
        "print(heavy, time.process_time())"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True
    )
    heavy, seconds = done.stdout.splitlines()[-1].rsplit(" ", 1)
    assert heavy == "set()"
    assert float(seconds) < 0.5


def commands(
    group: click.Group, prefix: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in group.commands.items():
        yield (*prefix, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*prefix, name))


@pytest.mark.parametrize("words", [words for words, _ in commands(main)], ids=" ".join)
def test_every_command_has_help_with_an_example(words: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(main, [*words, "--help"])
    assert shown.exit_code == 0
    assert "Example" in shown.output
    assert f"python -m indexer {' '.join(words)}" in shown.output


def test_every_option_says_what_it_does() -> None:
    silent = [
        (*words, option.name)
        for words, command in commands(main)
        for option in command.params
        if isinstance(option, click.Option) and not option.help
    ]
    assert silent == []


def test_the_steps_one_can_leave_out_are_those_of_a_build() -> None:
    assert STEP_NAMES == OPTIONAL


def test_build_says_on_stdout_what_serves_and_on_stderr_how_it_went(tmp_path: Path) -> None:
    data = write_data(tmp_path / "imdb")
    done = run_indexer("build", "--data", data, "--index", tmp_path / "index", *LEAN)
    assert done.returncode == 0, done.stderr
    assert re.search(r"now serves build \d{8}T\d{9}Z-\w{6}: .*8 titles", done.stdout)
    assert re.search(r"step import: \d+\.\d s", done.stderr)


def test_a_settings_file_and_options_reach_the_manifest(tmp_path: Path) -> None:
    data = write_data(tmp_path / "imdb")
    settings = tmp_path / "settings.toml"
    settings.write_text("seed = 3\n[joint]\nwidth = 64\n")
    index = tmp_path / "index"
    done = run_indexer("build", "--data", data, "--index", index, "--config", settings, "--seed", 5, *LEAN)
    assert done.returncode == 0, done.stderr
    found = json.loads((current_build(index) / "manifest.json").read_text())["settings"]
    assert (found["seed"], found["joint"]["width"]) == (5, 64)


def test_status_shows_counts_and_its_json_is_json(place: Path) -> None:
    shown = run_indexer("status", "--index", place)
    assert shown.returncode == 0
    assert "8 titles" in shown.stdout
    found = json.loads(run_indexer("status", "--index", place, "--json").stdout)
    assert found["counts"]["titles"] == 8


def test_verify_says_that_a_sound_index_is_sound(place: Path) -> None:
    done = run_indexer("verify", "--index", place)
    assert (done.returncode, done.stdout.strip()) == (0, f"{place} is sound")


def test_verify_of_a_damaged_index_lists_problems_and_the_remedy(tmp_path: Path) -> None:
    place = tiny_index(tmp_path)
    with (current_build(place) / "catalog.db").open("ab") as stream:
        stream.write(b"more")
    done = run_indexer("verify", "--index", place)
    assert done.returncode == 1
    assert done.stdout == "catalog.db has changed since it was built\n"
    assert done.stderr == f"error: {place} has 1 problem(s): run `make index` or `python -m indexer build`\n"


def test_prune_says_what_it_removed(tmp_path: Path) -> None:
    place = tiny_index(tmp_path)
    done = run_indexer("prune", "--index", place)
    assert (done.returncode, done.stdout) == (0, "removed 0 build(s), 0.0 MB\n")


def test_link_answers_line_by_line_and_goes_on_after_a_bad_one(place: Path) -> None:
    lines = [
        {"id": "a", "kind": "title", "row": {"title": "matrix reloadd"}},
        {"id": "b", "kind": "title", "row": {"titel": "matrix"}},
        {"id": "c", "kind": "person", "row": {"person": "keanu reeves"}},
    ]
    text = "\n".join([*map(json.dumps, lines), "not json", ""])
    done = run_indexer("link", "-", "--index", place, "--lexical-only", "-k", 2, stdin=text)
    assert done.returncode == 1
    assert "2 line(s) of <stdin> could not be read" in done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["id"] for line in found] == ["a", "b", "c", None]
    assert found[0]["candidates"][0]["id"] == "tt0234215"
    assert {"id", "name", "year", "score", "parts"} <= set(found[0]["candidates"][0])
    assert "unknown field 'titel': known are" in found[1]["error"]
    assert found[2]["candidates"][0]["id"] == "nm0000206"
    assert found[3]["error"].startswith("not JSON")


def test_link_goes_on_after_a_line_that_is_not_utf8(place: Path, tmp_path: Path) -> None:
    line = json.dumps({"id": "a", "kind": "title", "row": {"title": "psycho"}}).encode()
    rows = tmp_path / "rows.jsonl"
    rows.write_bytes(b"\n".join([line, line.replace(b"psycho", b"psych\xf6"), b"\xff", line, b""]))
    done = run_indexer("link", rows, "--index", place, "--lexical-only")
    assert done.returncode == 1
    assert f"2 line(s) of {rows} could not be read" in done.stderr
    first, *bad, last = [json.loads(answer) for answer in done.stdout.splitlines()]
    assert first == last
    assert first["candidates"][0]["name"] == "Psycho"
    assert bad == [
        {"id": "a", "candidates": [], "error": "not UTF-8: byte 0xf6 after 52 characters"},
        {"id": None, "candidates": [], "error": "not UTF-8: byte 0xff after 0 characters"},
    ]


def test_link_gives_back_an_id_that_no_output_can_hold(place: Path) -> None:
    text = '{"id": "\\ud800", "kind": "title", "row": {"title": "psycho"}}\n' * 2
    done = run_indexer("link", "-", "--index", place, "--lexical-only", stdin=text)
    assert done.returncode == 0, done.stderr
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["\ud800"] * 2


@pytest.mark.parametrize(
    ("arguments", "step"),
    [
        ("genre predict --text plot", "genre"),
        ("similar predict --text plot", "overviews"),
        ("rating report", "rating"),
    ],
)
def test_a_part_that_was_not_built_is_named_with_the_remedy(place: Path, arguments: str, step: str) -> None:
    done = run_indexer(*arguments.split(), "--index", place)
    assert done.returncode == 1
    remedy = f"run `python -m indexer build`, not --without {step}"
    assert done.stderr.endswith(f"was built without {step}: {remedy}\n")


def test_wrong_usage_is_status_two() -> None:
    done = run_indexer("build", "--without", "nothing")
    assert done.returncode == 2
    assert "'nothing' is not one of" in done.stderr
    assert run_indexer("bild").returncode == 2
    assert run_indexer("similar", "predict").returncode == 2
    assert run_indexer("rating", "predict").returncode == 2


def test_an_unexpected_fault_is_one_line_with_the_log_that_has_the_rest(tmp_path: Path) -> None:
    fault = (
        "import indexer.build\ndef fail(index): raise ZeroDivisionError('of 7')\nindexer.build.status = fail"
    )
    done = run_indexer("status", "--index", tmp_path, before=fault)
    assert done.returncode == 1
    found = re.fullmatch(
        r"error: unexpected problem (\w{8}) \(ZeroDivisionError: of 7\); details are in (\S+)\n",
        done.stderr,
    )
    assert found is not None, done.stderr
    log = Path(found[2]).read_text()
    assert found[1] in log
    assert "Traceback" in log


def test_ctrl_c_says_stopped(tmp_path: Path) -> None:
    stop = "import indexer.build\ndef status(index): raise KeyboardInterrupt\nindexer.build.status = status"
    done = run_indexer("status", "--index", tmp_path, before=stop)
    assert (done.returncode, done.stderr.strip()) == (1, "stopped")


def test_a_reader_that_leaves_early_causes_no_noise(place: Path) -> None:
    command = f"{sys.executable} -m indexer status --json --index {place} | head -c 5"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.stderr == ""


def test_help_is_quick_on_the_clock_too() -> None:
    started = time.perf_counter()
    assert run_indexer("--help").returncode == 0
    assert time.perf_counter() - started < 5  # half a second idle; the clock of a busy machine proves little


def test_download_lists_the_files_it_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "indexer.sources.download.download", lambda folder, _: [folder / "title.basics.tsv.gz"]
    )
    done = CliRunner().invoke(main, ["download", "--to", str(tmp_path)])
    assert (done.exit_code, done.output) == (0, f"{tmp_path / 'title.basics.tsv.gz'}\n")
