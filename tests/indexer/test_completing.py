"""``indexer joint missing`` on the bundled sample, whose Matrix films share most of their people."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from indexer.completing import probable
from indexer.errors import InputError
from indexer.ids import TitleId
from indexer.index import Index
from indexer.layout import cache_folder
from indexer.progress import Progress
from tests.indexer.tiny import run_indexer

MATRIX = TitleId(133093)


class Told(Progress):
    """Keeps what it is told."""

    def __init__(self) -> None:
        super().__init__(None)
        self.said: list[str] = []

    def say(self, text: str) -> None:
        self.said.append(text)


def test_people_of_the_sequels_are_probable_for_the_first_film(sample_index: Path) -> None:
    run = run_indexer("joint", "missing", "tt0133093", "-k", 5, "--json", "--index", sample_index)
    assert run.returncode == 0, run.stderr
    found = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(found) == 5
    with Index.open(sample_index) as index:
        known = {credit.person_id for credit in index.catalog.credits_of_titles([MATRIX])[MATRIX]}
        for one in found:
            person = int(one["id"][2:])
            assert person not in known and one["partners"] > 2, one


def test_the_other_way_round_it_lists_titles_with_their_years(sample_index: Path) -> None:
    run = run_indexer("joint", "missing", "nm0000206", "-k", 3, "--index", sample_index)
    assert run.returncode == 0, run.stderr
    assert all(line.startswith("tt") and ") " not in line for line in run.stdout.splitlines())
    assert len(run.stdout.splitlines()) == 3


@pytest.mark.parametrize("wanted", ["tt9999999", "nm0000001", "nm1", "matrix"])
def test_an_id_that_is_not_there_is_one_clear_line(sample_index: Path, wanted: str) -> None:
    run = run_indexer("joint", "missing", wanted, "--index", sample_index)
    assert run.returncode == 1
    assert wanted in run.stderr and "Traceback" not in run.stderr


def test_a_ranker_of_other_credits_in_the_cache_is_learnt_anew(sample_index: Path) -> None:
    kept = cache_folder(sample_index) / "missing-credits" / "ranker.json"
    with Index.open(sample_index) as index:
        first = list(probable(index, "tt0133093", 5, Progress.silent()))
        kept.write_text("{}", encoding="utf-8")
        told = Told()
        assert list(probable(index, "tt0133093", 5, told)) == first
    assert any("learn it anew" in line for line in told.said)
    assert json.loads(kept.read_text(encoding="utf-8"))["format"] == 1


def test_the_graph_in_the_cache_is_read_and_a_damaged_one_is_made_anew(sample_index: Path) -> None:
    kept = cache_folder(sample_index) / "credit-graph.safetensors"
    with Index.open(sample_index) as index:
        first = list(probable(index, "tt0133093", 5, Progress.silent()))
        written, whole = kept.stat().st_mtime_ns, kept.read_bytes()
        assert list(probable(index, "tt0133093", 5, Progress.silent())) == first
        assert kept.stat().st_mtime_ns == written
        other = whole.replace(index.manifest["catalogue_hash"].encode(), b"0" * 64)
        for spoilt, said in (
            (whole[:-1] + bytes([whole[-1] ^ 1]), "is damaged"),
            (whole[:9], "cannot be read"),
            (other, "of another catalogue"),
        ):
            kept.write_bytes(spoilt)
            told = Told()
            assert list(probable(index, "tt0133093", 5, told)) == first
            assert any(said in line for line in told.said), told.said
            assert len(kept.read_bytes()) == len(whole)


def test_a_cache_that_cannot_be_written_costs_no_answer(sample_index: Path, tmp_path: Path) -> None:
    with Index.open(sample_index) as index:
        wanted = list(probable(index, "tt0133093", 5, Progress.silent()))
        copy = tmp_path / "index"
        copy.mkdir()
        (copy / "cache").write_text("a file in its place", encoding="utf-8")
        index._root, told = copy, Told()
        assert list(probable(index, "tt0133093", 5, told)) == wanted
    assert any("could not be kept" in line for line in told.said)


def test_an_id_out_of_scope_is_an_error(sample_index: Path) -> None:
    with Index.open(sample_index) as index, pytest.raises(InputError, match="tt0000001"):
        list(probable(index, "tt0000001", 5, Progress.silent()))
