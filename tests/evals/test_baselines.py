"""The simple ways of answering, over the bundled sample's catalogue."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from evals.baselines import nearest_character, title_and_character
from indexer.catalog import Catalog, load_catalog
from indexer.progress import Progress
from indexer.settings import Settings
from indexer.sources import Sources
from indexer.sources.bundled import sample_dir


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    db = tmp_path_factory.mktemp("baselines") / "catalog.db"
    load_catalog(Sources.find(sample_dir()), db, Settings(), Progress.silent())
    with Catalog.open(db) as opened:
        yield opened


def test_the_nearest_character_ignores_the_title(catalog: Catalog) -> None:
    assert (
        nearest_character(catalog, "who played Ellen Ripley... or Hattori Hanzo?")["text"]
        == "Shin'ichi Chiba"
    )


def test_the_title_decides_between_namesakes(catalog: Catalog) -> None:
    asked = "who played Dumbledore in Harry Potter and the"
    assert title_and_character(catalog, f"{asked} Chamber of Secrets")["text"] == "Richard Harris"
    assert title_and_character(catalog, f"{asked} Goblet of Fire")["text"] == "Michael Gambon"


@pytest.mark.parametrize("question", ["", "who is in it", "xyzzy plugh"])
def test_what_matches_nothing_is_not_known(catalog: Catalog, question: str) -> None:
    assert title_and_character(catalog, question)["status"] == "unknown"
