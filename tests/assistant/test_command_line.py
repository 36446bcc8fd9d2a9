"""``python -m assistant``: output, exit statuses, what is imported, and files of questions with bad lines."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from assistant.__main__ import main
from tests.assistant.tiny import ROOT, run_assistant

HEAVY = ("torch", "transformers", "chromadb", "gradio", "llama_index", "sklearn", "sentence_transformers")


def run(index: Path, *arguments: str, stdin: str | bytes = b"") -> str:
    """What a command prints, run in this process; it must end well."""
    result = CliRunner().invoke(
        main, [*arguments, "--index", str(index)], input=stdin, catch_exceptions=False
    )
    assert result.exit_code == 0, result.output
    return result.stdout


def batch(index: Path, *lines: str | bytes | dict[str, Any]) -> list[dict[str, Any]]:
    """The answers to lines of a file."""
    raw = [json.dumps(line).encode() if isinstance(line, dict) else line for line in lines]
    stdin = b"\n".join(line.encode() if isinstance(line, str) else line for line in raw) + b"\n"
    return [json.loads(line) for line in run(index, "batch", stdin=stdin).splitlines()]


def test_ask_prints_the_answer_and_its_proof(movies: Path) -> None:
    lines = run(movies, "ask", "who played the Oracle in the first Matrix").splitlines()
    assert lines == [
        "Gloria Foster played the Oracle in The Matrix (1999).",
        "  = Gloria Foster (nm0287825), actress as Oracle, in The Matrix (1999) tt0133093",
    ]


def test_ask_prints_facts_of_one_record_without_a_stray_none(movies: Path) -> None:
    for question in ("how long is Heat", "when was Keanu Reeves born", "was Al Pacino in Casino"):
        assert "None" not in run(movies, "ask", question)


def test_ask_json_is_one_line_with_the_documented_keys(movies: Path) -> None:
    [line] = run(movies, "ask", "who directed 8½", "--json").splitlines()
    assert list(json.loads(line)) == [
        "status",
        "text",
        "answers",
        "evidence",
        "choices",
        "reading",
        "confidence",
        "latency_ms",
        "stages",
    ]
    assert "8½" in line


def test_ask_explain_shows_reading_candidates_and_rule(movies: Path) -> None:
    first, _, rest = run(movies, "ask", "who directed the 1998 Psycho", "--explain").partition("\n")
    assert first == "Gus Van Sant directed Psycho (1998)."
    explained = json.loads(rest[rest.index("{") :])
    assert explained["reading"]["title"]["years"] == [1998, 1998]
    assert explained["candidates"][0]["parts"]["year"] > 0
    assert explained["rule"]


def test_batch_answers_in_order_with_history(movies: Path) -> None:
    answers = batch(
        movies,
        {"id": "b", "question": "who directed Heat"},
        {
            "id": "a",
            "question": "how long is it",
            "history": [
                {"role": "user", "content": "who directed Heat"},
                {"role": "assistant", "content": "Michael Mann"},
            ],
        },
        {"id": 3, "question": "how long is Casino", "history": None},
    )
    assert [(answer["id"], answer["answers"][0]["text"]) for answer in answers] == [
        ("b", "Michael Mann"),
        ("a", "170"),
        (3, "178"),
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("not json", "this line cannot be read"),
        ("{", "this line cannot be read"),
        ("[1, 2]", 'expected {"id", "question", "history"'),
        ("17", 'expected {"id", "question", "history"'),
        ("null", 'expected {"id", "question", "history"'),
        ('{"id": "x"}', 'expected {"id", "question", "history"'),
        ('{"question": 17}', "a question is text, not int"),
        ('{"question": null}', "a question is text, not NoneType"),
        ('{"question": ["who"]}', "a question is text, not list"),
        ('{"question": ""}', "the question is empty"),
        ('{"question": "who", "history": "before"}', "the history is a list"),
        ('{"question": "who", "history": ["before"]}', "the history is a list"),
        ('{"question": "who", "history": [{"role": "user"}]}', "a turn of the history needs"),
        ('{"question": "who", "history": {"role": "user"}}', "the history is a list"),
        ('{"question": "\\ud800\\ud801\\ud802\\ud803"}', "is not text"),
        ('{"question": "\\u0000\\u0001\\u0002\\u0003"}', "is not text"),
        (b"\xff\xfe\x00\x01\x02", "this line cannot be read"),
        (b"\x00" * 50, "this line cannot be read"),
        ("[" * 100_000, "this line cannot be read"),
        ('{"question": "who", "history": ' + "[" * 3_000 + "]" * 3_000 + "}", "this line cannot be read"),
        ('{"id": ' + "1" * 5_000 + ', "question": "who directed Heat"}', "this line cannot be read"),
        (json.dumps({"id": "long", "question": "a" * 10_000_000}), "at most 1,000,000"),
        (json.dumps({"id": "long", "question": "a" * 3_000}), "at most 2,000"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_bad_line_says_why_and_the_rest_goes_on(movies: Path, line: str | bytes, reason: str) -> None:
    bad, good = batch(movies, line, {"id": "good", "question": "who directed Heat"})
    assert bad["status"] == "unsupported"
    assert reason in bad["text"]
    assert (good["id"], good["status"]) == ("good", "answered")


def test_a_bad_line_keeps_the_id_that_it_names(movies: Path) -> None:
    [bad] = batch(movies, {"id": "q7", "question": ""})
    assert bad["id"] == "q7"


def test_an_id_that_cannot_be_written_does_not_end_the_batch(movies: Path) -> None:
    answers = batch(
        movies, '{"id": "\\ud800", "question": "who directed Heat"}', {"id": 2, "question": "who directed It"}
    )
    assert len(answers) == 2
    assert answers[1]["status"] == "answered"


def test_blank_lines_are_passed_over(movies: Path) -> None:
    assert batch(movies, "", "  ", "\r") == []


def test_similar_without_vectors_says_so(movies: Path) -> None:
    done = run_assistant("similar", "--title", "Alien", "--index", movies)
    assert done.returncode == 1
    assert "no vectors" in done.stderr
    assert "Traceback" not in done.stderr


def test_genre_without_a_model_names_the_command(movies: Path) -> None:
    done = run_assistant("genre", "--text", "two cowboys rob a train", "--index", movies)
    assert done.returncode == 1
    assert "python -m indexer build" in done.stderr


def test_a_missing_index_ends_with_1_and_the_command_that_mends_it(tmp_path: Path) -> None:
    done = run_assistant("ask", "who directed Heat", "--index", tmp_path / "nowhere")
    assert done.returncode == 1
    assert done.stdout == ""
    assert "python -m indexer build" in done.stderr or "make index" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_bad_question_ends_with_1_and_the_reason(movies: Path) -> None:
    done = run_assistant("ask", "a" * 5_000, "--index", movies)
    assert done.returncode == 1
    assert "5,000 characters: at most 2,000" in done.stderr
    assert "Traceback" not in done.stderr


def test_bytes_that_are_no_text_end_with_1(movies: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "assistant", "ask", b"\xff\xfe\xfd\xfc\xfb\xfa", "--index", str(movies)],
        capture_output=True,
        cwd=ROOT,
        timeout=100,
        check=False,
    )
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert b"not text" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask"],
        ["ask", "who", "--wrong"],
        ["answer", "who"],
        ["similar"],
        ["similar", "--title", "a", "--id", "tt1"],
    ],
)
def test_wrong_usage_ends_with_2(arguments: list[str]) -> None:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2


@pytest.mark.parametrize("command", [[], ["ask"], ["batch"], ["similar"], ["genre"], ["chat"]])
def test_every_command_has_help(command: list[str]) -> None:
    result = CliRunner().invoke(main, [*command, "--help"])
    assert result.exit_code == 0
    assert "Usage:" in result.output


def imported_by(statements: str) -> set[str]:
    """The heavy libraries that are in memory after ``statements`` ran in a process of their own."""
    code = f"{statements}\nimport sys; print('\\n' + ' '.join(sys.modules), end='')"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=100, check=True
    )
    return set(HEAVY) & set(done.stdout.splitlines()[-1].split())


def test_help_imports_nothing_heavy() -> None:
    statements = "from assistant.__main__ import main\nmain.main(['ask', '--help'], standalone_mode=False)"
    assert imported_by(statements) == set()


def test_a_plain_question_imports_neither_the_page_nor_a_trainer(movies: Path) -> None:
    arguments = ["ask", "who played the Oracle in the first Matrix", "--index", str(movies)]
    statements = f"from assistant.__main__ import main\nmain.main({arguments!r}, standalone_mode=False)"
    assert imported_by(statements) & {"gradio", "llama_index", "sentence_transformers", "torch"} == set()


def test_the_program_runs_as_a_module_and_reads_its_environment(movies: Path) -> None:
    done = run_assistant("ask", "who directed 8½", environment={"WHOPLAYED_INDEX": str(movies)})
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Federico Fellini directed 8½ (1963).")


def test_a_reader_that_goes_away_is_no_error(movies: Path) -> None:
    lines = (json.dumps({"id": number, "question": "who is in The Matrix"}) + "\n" for number in range(300))
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", "batch", "--index", str(movies)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    with contextlib.suppress(BrokenPipeError):
        process.stdin.write("".join(lines).encode())
        process.stdin.close()
    error = process.stderr.read()
    process.stderr.close()
    process.wait(timeout=60)
    assert error == b""
