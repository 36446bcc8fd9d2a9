"""What must hold on IMDb's own files, whatever the machine: answers, names, the sample's facts, sizes.

``make test-real REAL=DIR SETS=DIR`` runs them. A whole build takes long, so one made before may be named by
the variable WHOPLAYED_REAL_INDEX; without it a catalogue with names is built, which takes about two minutes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from assistant.core import Assistant
from evals import imports, linking
from evals.questions import CRASHED, FRESH, NQ, SetResult, ask
from evals.sample_facts import FactsReport, check_sample
from evals.sets import read_set
from evals.stats import Share
from indexer.build import BuildOptions, build
from indexer.index import Index
from indexer.progress import Progress
from indexer.sources.bundled import sample_dir
from indexer.sources.files import Sources

INDEX = "WHOPLAYED_REAL_INDEX"
QUICK = frozenset({"overviews", "joint", "vectors", "linking", "genre", "rating"})

# Whichever test comes first waits for the build.
pytestmark = [pytest.mark.real, pytest.mark.timeout(1800)]


@pytest.fixture(scope="module")
def assistant(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """Over the index that the variable names, else over a quick one of the files."""
    named = os.environ.get(INDEX)
    place = Path(named) if named else _quick_index(real_data, tmp_path_factory.mktemp("real") / "index")
    opened = Assistant.open(place)
    yield opened
    opened.close()


def _quick_index(data: Path, place: Path) -> Path:
    build(BuildOptions(place, Sources.find(data), without=QUICK), Progress.silent())
    return place


@pytest.fixture(scope="module")
def roles(assistant: Assistant, real_sets: Path) -> SetResult:
    return _asked(assistant, real_sets, NQ)


@pytest.fixture(scope="module")
def names(assistant: Assistant, real_sets: Path) -> linking.Tally:
    """Where in ten candidates each misspelt or partial name's bearer stands."""
    return _ranked(assistant.index, linking.read_items(real_sets / linking.FOLDER / "names.jsonl"))


@pytest.fixture(scope="module")
def facts(real_data: Path) -> FactsReport:
    return check_sample(sample_dir(), real_data)


def _asked(assistant: Assistant, sets: Path, name: str) -> SetResult:
    return SetResult(name, [ask(assistant, item) for item in read_set(sets / f"{name}.jsonl")])


def _ranked(index: Index, items: list[linking.Item]) -> linking.Tally:
    linker = index.linker
    assert linker is not None, f"the index of {INDEX} was built without names"
    tally = linking.Tally()
    for item in items:
        found = [candidate.id for candidate in linker.link(item.row, limit=10)]
        tally.ranks.append(next((rank for rank, key in enumerate(found, 1) if key in item.golds), None))
    return tally


def _said(result: SetResult, measured: Share) -> str:
    """What a failure shows: the figure, and the first answers that were wrong."""
    wrong = [row.item["question"] for row in result.asked if row.verdict.outcome == "wrong"]
    return f"{result.name}: {measured.hits} of {measured.n}; wrong: {wrong[:10]}"


def test_roles_that_the_catalogue_holds_are_answered(roles: SetResult) -> None:
    right = roles.right(roles.answerable)
    assert right.percent >= 62, _said(roles, right)


def test_answers_about_roles_are_seldom_wrong(roles: SetResult) -> None:
    precision = roles.precision(roles.answerable)
    assert precision.percent >= 78, _said(roles, precision)


def test_no_question_about_roles_crashes(roles: SetResult) -> None:
    assert [row.reply["text"] for row in roles.asked if row.reply["status"] == CRASHED] == []


def test_questions_of_every_kind_are_answered(assistant: Assistant, real_sets: Path) -> None:
    if assistant.index.vectors is None:
        pytest.skip(f"needs a whole index: name one by {INDEX}")
    asked = _asked(assistant, real_sets, FRESH)
    right = asked.right(asked.everything)
    assert right.hits >= 42, _said(asked, right)


def test_a_distorted_name_finds_its_bearer_first(names: linking.Tally) -> None:
    assert names.share(1) >= 92


def test_a_distorted_name_finds_its_bearer_among_ten(names: linking.Tally) -> None:
    assert names.share(10) >= 97


def test_the_facts_of_the_sample_are_confirmed(facts: FactsReport) -> None:
    share = facts.confirmed_share()
    assert share is not None
    assert share >= 0.97, facts.to_text()


def test_facts_that_are_contradicted_have_a_reason(facts: FactsReport) -> None:
    assert [str(verdict) for verdict in facts.unexplained()] == []


@pytest.mark.skipif(find_spec("imdb_sqlite") is None, reason="imdb-sqlite is not installed")
def test_the_import_is_smaller_than_its_peer(real_data: Path) -> None:
    """Sizes do not vary between rounds, so one is enough; times are left to ``evals run import``."""
    table = imports.run(real_data, rounds=1, full_text=False)
    assert table.size_ratio <= 0.60, table.to_text()
