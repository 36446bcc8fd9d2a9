"""The frame: pins, lock files, make targets, import contracts, documents, the wheel, what tests rely on."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

from tests.conftest import NetworkUsed

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("indexer", "assistant", "legacy_clients", "evals")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
TO_RUN: list[str] = PROJECT["dependencies"]
TO_DEVELOP: list[str] = [pin for extra in PROJECT["optional-dependencies"].values() for pin in extra]

needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


def _run(*command: str | Path, cwd: Path = ROOT, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={name: value for name, value in os.environ.items() if "MAKE" not in name} | variables,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _locked(name: str) -> dict[str, tuple[str, int]]:
    """Each package of a lock file with its version and the number of its hashes."""
    found: dict[str, tuple[str, int]] = {}
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    for line in filter(None, text.splitlines()):
        match = re.match(r"([\w.-]+)==([^\s;]+)", line)
        assert match, f"{name}: {line[:60]!r} is not a pin"
        found[_canonical(match[1])] = (match[2], line.count("--hash=sha256:"))
    return found


def _pins(requirements: list[str]) -> dict[str, str]:
    """Names and versions of exact pins; fails on anything looser."""
    pins: dict[str, str] = {}
    for requirement in requirements:
        match = re.fullmatch(r"([\w.-]+)(?:\[[\w,-]+\])?==([\w.]+)", requirement)
        assert match, f"{requirement} is not pinned exactly"
        pins[_canonical(match[1])] = match[2]
    return pins


# ------------------------------------------------------------------------------------------- lock files


@pytest.mark.parametrize(
    ("lock", "requirements"),
    [("requirements.lock", TO_RUN), ("requirements-dev.lock", TO_RUN + TO_DEVELOP)],
)
def test_every_direct_dependency_is_locked_at_its_pin(lock: str, requirements: list[str]) -> None:
    pins = _pins(requirements)
    assert pins.pop("torch")  # its own install step
    locked = {name: version for name, (version, _) in _locked(lock).items()}
    assert pins == {name: locked.get(name) for name in pins}


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_package_has_hashes_and_no_address(lock: str) -> None:
    assert [name for name, (_, hashes) in _locked(lock).items() if hashes == 0] == []
    assert not re.search(r"https?:|^-", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_the_lock_holds_what_torch_needs_but_neither_torch_nor_cuda(lock: str) -> None:
    locked = _locked(lock)
    needed = [
        re.split(r"[^\w.-]", line)[0] for line in metadata.requires("torch") or [] if "extra ==" not in line
    ]
    cuda = re.compile(r"(nvidia|cuda|triton)")
    assert [name for name in needed if not cuda.match(name) and _canonical(name) not in locked] == []
    assert "mpmath" in locked
    assert [name for name in locked if cuda.match(name) or name in ("torch", "sentence-transformers")] == []


def test_what_runs_is_locked_as_what_is_tested() -> None:
    tested = _locked("requirements-dev.lock")
    assert {name: tested.get(name) for name in _locked("requirements.lock")} == _locked("requirements.lock")


def test_the_environment_holds_no_sentence_transformers() -> None:
    with pytest.raises(metadata.PackageNotFoundError):
        metadata.version("sentence-transformers")


def test_every_direct_dependency_has_its_reason_and_licence() -> None:
    rows = re.findall(
        r"^\| ([\w-]+) \| .+ \| .+ \|$", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.M
    )
    assert sorted({"package", "marker"} ^ {"marker", *rows}) == sorted(_pins(TO_RUN + TO_DEVELOP))


# ------------------------------------------------------------------------------------------------- make


@needs_make
def test_make_alone_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony
    listed = re.findall(r"^  make ([a-z-]+) +\S", _run("make", "--no-print-directory").stdout, re.MULTILINE)
    assert sorted(listed) == sorted(phony[1].split())


@needs_make
def test_a_second_make_test_installs_nothing(tmp_path: Path) -> None:
    first = _run("make", "-n", "test", f"VENV={tmp_path}").stdout
    assert ".ci/install dev" in first
    (tmp_path / ".installed-dev").touch()
    second = _run("make", "-n", "test", f"VENV={tmp_path}").stdout
    assert ".ci/install" not in second
    assert "-m pytest -q" in second


@needs_make
def test_a_question_reaches_the_assistant_as_it_was_typed(tmp_path: Path) -> None:
    question = """who's "Neo" in $PATH; `id` & the Matrix?"""
    python = tmp_path / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\ncase "$1" in -c) echo "$INDEX_HERE";; *) printf "%s\\n" "$@";; esac\n')
    python.chmod(0o755)
    (tmp_path / "venv" / ".installed-run").touch()
    (tmp_path / "current").touch()
    said = _run("make", "-s", "ask", f"Q={question}", f"VENV={tmp_path / 'venv'}", INDEX_HERE=str(tmp_path))
    assert said.stdout.splitlines() == ["-m", "assistant", "ask", question]


@needs_make
@pytest.mark.parametrize(("target", "remedy"), [("ask", 'make ask Q="'), ("test-real", "REAL=DIR SETS=DIR")])
def test_a_target_that_lacks_its_argument_says_which(tmp_path: Path, target: str, remedy: str) -> None:
    for stamp in (".installed-run", ".installed-dev"):
        (tmp_path / stamp).touch()
    done = _run("make", target, f"VENV={tmp_path}")
    assert done.returncode == 2
    assert remedy in done.stderr


def _fake_python(folder: Path, failing: str) -> Path:
    """An interpreter that fails when asked to run code containing `failing`."""
    python = folder / "python"
    python.write_text(f'#!/bin/sh\ncase "$*" in *"{failing}"*) exit 1;; *) echo "Python 3.9.1";; esac\n')
    python.chmod(0o755)
    return python


@pytest.mark.parametrize(
    ("failing", "message"),
    [("ensurepip", "apt-get install python3-venv"), ("version_info", "Python 3.9.1 is too old")],
)
def test_an_interpreter_that_will_not_do_is_named_with_its_remedy(
    tmp_path: Path, failing: str, message: str
) -> None:
    python = _fake_python(tmp_path, failing)
    done = _run(ROOT / ".ci" / "install", "run", PYTHON=str(python), VENV=str(tmp_path / "venv"))
    assert done.returncode == 1
    assert message in done.stderr
    assert not (tmp_path / "venv").exists()


@needs_make
def test_a_missing_tkinter_is_named_with_its_package(tmp_path: Path) -> None:
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    _fake_python(python.parent, "import tkinter")
    (tmp_path / ".installed-run").touch()
    done = _run("make", "genre-client", f"VENV={tmp_path}")
    assert done.returncode != 0
    assert "apt-get install python3-tk" in done.stderr


# --------------------------------------------------------------------------------- direction of imports


def _tree(folder: Path, modules: dict[str, str]) -> Path:
    """The four packages with these modules alone, under the project's own contracts."""
    shutil.copy(ROOT / "pyproject.toml", folder)
    names = {f"{package}/__init__.py": "" for package in PACKAGES} | modules
    for name, text in names.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / "__init__.py").touch()
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("module", "imports", "contract"),
    [
        ("indexer/sources/tsv.py", "import indexer.catalog", "The indexer imports only from its left"),
        ("indexer/joint/space.py", "import indexer.vectors", "The indexer imports only from its left"),
        ("indexer/stray.py", "", "The indexer imports only from its left"),
        ("indexer/index.py", "import assistant.core", "Faces over assistant over indexer"),
        ("assistant/core.py", "import assistant.engine", "The assistant imports only from its left"),
        ("indexer/linking/linker.py", "import chromadb", "Only indexer.vectors knows Chroma"),
        ("evals/__main__.py", "import pickle", "No pickle, and no encoder that brings its own"),
        ("assistant/core.py", "import llama_index.core", "LlamaIndex stays in the chat engine"),
        ("assistant/engine.py", "import gradio", "Gradio stays in the chat page"),
    ],
)
def test_an_import_against_the_direction_breaks_its_contract(
    tmp_path: Path, module: str, imports: str, contract: str
) -> None:
    others = dict.fromkeys(
        ("indexer/catalog/catalog.py", "indexer/vectors.py", "assistant/core.py", "assistant/engine.py"), ""
    )
    tree = _tree(tmp_path, others | {module: f"{imports}\n"})
    done = _run(Path(sys.executable).parent / "lint-imports", "--no-cache", cwd=tree)
    assert done.returncode == 1, done.stdout
    assert re.findall(r"^(.+) BROKEN$", done.stdout, re.MULTILINE) == [contract]


# -------------------------------------------------------------------------------------------- documents


def _pages(folder: Path, readme: str) -> Path:
    for name in ("CONTRIBUTING.md", "LICENSE", "NOTICE"):
        (folder / name).write_text("# Here\n", encoding="utf-8")
    (folder / "CHANGELOG.md").write_text("## Unreleased\n", encoding="utf-8")
    (folder / "Makefile").write_text("chat: ## open\n", encoding="utf-8")
    (folder / "pyproject.toml").write_text('[project]\nversion = "1.0"\n', encoding="utf-8")
    (folder / "README.md").write_text(readme, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("readme", "problem"),
    [
        ("[a](docs/none.md)", "README.md links to docs/none.md, which does not exist"),
        ("![a](docs/none.png)", "README.md links to docs/none.png, which does not exist"),
        (
            "[a](CONTRIBUTING.md#there)",
            "README.md links to CONTRIBUTING.md#there, but CONTRIBUTING.md has no such heading",
        ),
        ("`indexer/none.py`", "README.md names `indexer/none.py`, which does not exist"),
        ("`INDEX=x make none`", "README.md names `make none`, which the Makefile does not define"),
        ("```\nmake none\n```", "README.md names `make none`, which the Makefile does not define"),
    ],
)
def test_a_document_that_names_what_is_not_there_is_reported(
    tmp_path: Path, readme: str, problem: str
) -> None:
    done = _run(sys.executable, ROOT / ".ci" / "check_docs.py", _pages(tmp_path, readme))
    assert (done.returncode, done.stderr.splitlines()) == (1, [problem])


def test_documents_that_hold_pass(tmp_path: Path) -> None:
    pages = _pages(
        tmp_path, "[a](CONTRIBUTING.md#here) [b](https://example.org/x) `make chat` `indexer/*.py`"
    )
    assert _run(sys.executable, ROOT / ".ci" / "check_docs.py", pages).returncode == 0


def test_a_change_log_without_a_current_section_is_reported(tmp_path: Path) -> None:
    pages = _pages(tmp_path, "")
    (pages / "CHANGELOG.md").write_text("## 0.9\n", encoding="utf-8")
    done = _run(sys.executable, ROOT / ".ci" / "check_docs.py", pages)
    assert "neither for Unreleased nor for 1.0" in done.stderr


# -------------------------------------------------------------------------------------------- the wheel


def _copy_of_the_packages(folder: Path) -> set[str]:
    """Copies what a wheel is made of, and the tests; the names of the packages' files."""
    for package in (*PACKAGES, "tests"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, folder)
    (folder / "README.md").write_text("# Whoplayed\n", encoding="utf-8")
    files = (path for package in PACKAGES for path in (folder / package).rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix() for path in files}


def _wheel_names(folder: Path) -> list[str]:
    """The files of the wheel that this folder makes, without any network."""
    code = "from setuptools import build_meta; print(build_meta.build_wheel('dist'))"
    done = _run(sys.executable, "-c", code, cwd=folder)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(folder / "dist" / done.stdout.splitlines()[-1]) as wheel:
        return wheel.namelist()


def test_the_wheel_ships_the_four_packages_with_all_their_files_and_nothing_else(tmp_path: Path) -> None:
    ours = _copy_of_the_packages(tmp_path)
    names = _wheel_names(tmp_path)
    shipped = {name for name in names if ".dist-info/" not in name}
    assert sorted(shipped ^ ours) == []
    assert {f"{package}/py.typed" for package in PACKAGES} <= shipped
    assert [Path(name).name for name in names if "/licenses/" in name] == ["LICENSE", "NOTICE"]


# ---------------------------------------------------------------------------------- what tests rely on


def test_a_connection_that_leaves_the_machine_fails() -> None:
    with socket.socket() as leaving, pytest.raises(NetworkUsed, match=r"192\.0\.2\.1"):
        leaving.connect(("192.0.2.1", 80))


def test_tests_use_an_index_and_user_folders_of_their_own() -> None:
    home = Path(os.environ["WHOPLAYED_INDEX"]).parent
    assert home.name.startswith("whoplayed-tests-")
    assert {Path(os.environ[f"XDG_{kind}_HOME"]).parent for kind in ("DATA", "STATE", "CACHE")} == {home}
