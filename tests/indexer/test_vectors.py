import logging
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import numpy as np
import pytest
from numpy.typing import NDArray

from indexer import vectors as module
from indexer.errors import IndexUnusable, InputError, ResourceError, ShapeError
from indexer.vectors import Table, Vectors

WIDTH = 8


def unit_rows(count: int, seed: int = 1, width: int = WIDTH) -> NDArray[np.float32]:
    rows = np.random.default_rng(seed).standard_normal((count, width)).astype(np.float32)
    found: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return found


IDS = np.arange(100, 700, 2)[::-1].astype(np.int64)  # descending on purpose
ROWS = unit_rows(len(IDS))
PEOPLE = (np.array([7, 8], dtype=np.int64), unit_rows(2, seed=2))


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    Vectors.build(tmp_path / "v", {"titles": (IDS, ROWS), "people": PEOPLE})
    return tmp_path / "v"


def test_every_vector_finds_itself_with_its_cosine(directory: Path) -> None:
    vectors = Vectors.open(directory)
    ids, scores = vectors.query("titles", ROWS, 3)
    assert ids[:, 0].tolist() == IDS.tolist()
    np.testing.assert_allclose(scores[:, 0], 1, atol=1e-5)
    assert (np.diff(scores, axis=1) <= 0).all()
    assert vectors.verify() == []


def test_query_agrees_with_exact_search(directory: Path) -> None:
    vectors = Vectors.open(directory)
    queries = unit_rows(20, seed=9)
    ids, scores = vectors.query("titles", queries, 10)
    true_ids, true_scores = vectors.exact("titles", queries, 10)
    assert ids.tolist() == true_ids.tolist()
    np.testing.assert_allclose(scores, true_scores, atol=1e-4)
    by_hand = np.sort(queries @ ROWS.T, axis=1)[:, ::-1][:, :10]
    np.testing.assert_allclose(true_scores, by_hand, atol=1e-5)


def test_fewer_vectors_than_asked_for_are_filled_with_minus_one(directory: Path) -> None:
    vectors = Vectors.open(directory)
    for search in (vectors.query, vectors.exact):
        ids, scores = search("people", PEOPLE[1][:1], 4)
        assert ids[0, 0] == 7
        assert ids[0, 2:].tolist() == [-1, -1]
        assert np.isneginf(scores[0, 2:]).all()


def test_rows_of_unknown_ids_are_nan(directory: Path) -> None:
    rows = Vectors.open(directory).rows("titles", [100, 101, 99_999])
    np.testing.assert_allclose(rows[0], ROWS[IDS.tolist().index(100)])
    assert np.isnan(rows[1:]).all()


def test_rows_are_read_without_chroma(directory: Path) -> None:
    with closing(Vectors.open(directory)) as vectors:
        ids = vectors.ids("titles")
        expected = vectors.rows("titles", ids)
    shutil.rmtree(directory / "chroma")
    stored = Vectors.stored(directory)
    np.testing.assert_array_equal(stored.rows("titles", ids), expected)
    found, _ = stored.query("titles", expected[:1], 1)
    assert found[0, 0] == ids[0]
    assert not (directory / "chroma").exists()


def test_ids_are_ascending_and_widths_known(directory: Path) -> None:
    vectors = Vectors.open(directory)
    assert vectors.ids("titles").tolist() == sorted(IDS.tolist())
    assert (vectors.width("titles"), vectors.names) == (WIDTH, ["people", "titles"])
    assert "titles" in vectors
    assert "overviews" not in vectors


def test_an_empty_collection_answers_nothing(tmp_path: Path) -> None:
    Vectors.build(tmp_path, {"overviews": (np.empty(0, np.int64), np.empty((0, WIDTH), np.float32))})
    vectors = Vectors.open(tmp_path)
    assert vectors.query("overviews", unit_rows(2), 3)[0].tolist() == [[-1] * 3] * 2
    assert np.isnan(vectors.rows("overviews", [1])).all()
    assert vectors.verify() == []


def test_more_rows_than_one_batch_holds(tmp_path: Path) -> None:
    ids, rows = np.arange(12_000), unit_rows(12_000)
    Vectors.build(tmp_path, {"titles": (ids, rows)})
    vectors = Vectors.open(tmp_path)
    assert vectors.verify(50) == []
    assert vectors.query("titles", rows[[0, 6_000, 11_999]], 1)[0][:, 0].tolist() == [0, 6_000, 11_999]


@pytest.mark.parametrize("count", [0, 1, 2, 5_461, 5_462, 46_000, 350_001])
def test_slices_cover_everything_and_the_last_one_is_written(count: int) -> None:
    slices, sync = module._slices(count, 5_461)
    assert [number for part in slices for number in (part.start, part.stop)][:1] in ([0], [])
    assert sum(part.stop - part.start for part in slices) == count
    assert all(0 < part.stop - part.start <= 5_461 for part in slices)
    waiting = 0
    for part in slices:  # Chroma writes its index when at least `sync` rows wait
        waiting += part.stop - part.start
        waiting = 0 if waiting >= sync else waiting
    assert waiting == 0 or count < 2


def test_a_build_replaces_what_was_there(directory: Path) -> None:
    Vectors.build(directory, {"titles": (IDS, ROWS[::-1]), "people": PEOPLE})
    ids, _ = Vectors.open(directory).query("titles", ROWS[:1], 1)
    assert ids[0, 0] == IDS[-1]


def test_opening_an_intact_build_rebuilds_nothing(directory: Path, caplog: pytest.LogCaptureFixture) -> None:
    before = (directory / "chroma.json").read_text()
    directory.rename(directory.with_name("renamed"))
    with caplog.at_level(logging.WARNING):
        Vectors.open(directory.with_name("renamed"))
    assert caplog.text == ""
    assert (directory.with_name("renamed") / "chroma.json").read_text() == before


def test_a_copied_build_is_rebuilt_with_a_message(
    directory: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.copytree(directory, tmp_path / "copy")
    assert Vectors.open(tmp_path / "copy").verify() == []
    assert "copied from elsewhere" in caplog.text
    caplog.clear()
    assert Vectors.open(tmp_path / "copy").verify() == []
    assert caplog.text == ""


def damaged(directory: Path, how: str) -> None:
    if how == "missing":
        shutil.rmtree(directory / "chroma")
    elif how == "no stamp":
        (directory / "chroma.json").unlink()
    elif how == "database":
        path = directory / "chroma" / "chroma.sqlite3"
        with path.open("r+b") as file:  # the same file, so that it is no copy
            file.write(b"\0" * path.stat().st_size)
    elif how == "other vectors":
        rows = np.load(directory / "titles.npy")
        np.save(directory / "titles.npy", rows[::-1])


@pytest.mark.parametrize("how", ["missing", "no stamp", "database", "other vectors"])
def test_a_damaged_chroma_is_rebuilt_from_the_files(
    directory: Path, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    damaged(directory, how)
    vectors = Vectors.open(directory)
    assert "rebuilding Chroma's index" in caplog.text
    assert vectors.verify() == []
    rows = np.load(directory / "titles.npy")
    assert vectors.query("titles", rows[:5], 1)[0][:, 0].tolist() == vectors.ids("titles")[:5].tolist()


def test_rows_lost_inside_chroma_are_noticed(directory: Path, caplog: pytest.LogCaptureFixture) -> None:
    code = (
        "import chromadb, sys\n"
        "titles = chromadb.PersistentClient(sys.argv[1]).get_collection('titles', embedding_function=None)\n"
        "titles.delete(['100'])"
    )
    subprocess.run([sys.executable, "-c", code, str(directory / "chroma")], check=True)
    assert Vectors.open(directory).verify() == []
    assert "Chroma holds 299 vectors, the file 300" in caplog.text


def test_where_nothing_can_be_written_the_search_is_exact(
    directory: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.rmtree(directory / "chroma")
    (directory / "chroma.lock").unlink(missing_ok=True)
    (directory / "chroma.lock").mkdir()  # what stands in the way of a file, even for the superuser
    vectors = Vectors.open(directory)
    assert "searching the vector files instead" in caplog.text
    assert vectors.query("titles", ROWS[:1], 1)[0][0, 0] == IDS[0]
    assert "Chroma does not serve" in vectors.verify()[0]


def test_no_vectors_and_damaged_vectors_are_unusable(directory: Path, tmp_path: Path) -> None:
    with pytest.raises(IndexUnusable, match=r"no vectors in .*python -m indexer build"):
        Vectors.open(tmp_path / "nowhere")
    (directory / "titles.npy").write_bytes(b"\x93NUMPY\x01\x00 garbage")
    with pytest.raises(IndexUnusable, match=r"the vectors titles in .* are damaged"):
        Vectors.open(directory)
    np.save(directory / "titles.npy", ROWS[:-1])
    with pytest.raises(IndexUnusable, match="do not fit their ids"):
        Vectors.open(directory)


@pytest.mark.parametrize(
    ("ids", "rows", "error", "said"),
    [
        ([1, 1], unit_rows(2), InputError, "id 1 occurs twice"),
        ([1, 2], unit_rows(2) * 2, InputError, "2 rows are not unit vectors"),
        ([1], unit_rows(1) * np.nan, InputError, "not unit vectors"),
        ([1], unit_rows(2), ShapeError, r"ids \(1,\) and rows \(2, 8\)"),
    ],
)
def test_arrays_that_cannot_serve_are_refused(
    tmp_path: Path, ids: list[int], rows: NDArray[np.float32], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        Vectors.build(tmp_path, {"titles": (np.array(ids), rows)})


def test_a_wrong_width_and_an_unknown_collection_are_named(directory: Path) -> None:
    vectors = Vectors.open(directory)
    with pytest.raises(ShapeError, match=r"shape \(1, 3\), expected \(B, 8\)"):
        vectors.query("titles", unit_rows(1, width=3), 1)
    with pytest.raises(InputError, match="no vectors called 'films': there are people, titles"):
        vectors.ids("films")


def test_clustered_vectors_are_recalled(tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    centres = random.standard_normal((150, 64))
    rows = (centres[random.integers(0, 150, 6_000)] + 0.6 * random.standard_normal((6_000, 64))).astype(
        np.float32
    )
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    Vectors.build(tmp_path, {"titles": (np.arange(6_000), rows)})
    vectors = Vectors.open(tmp_path)
    found, true = vectors.query("titles", rows[:200], 10)[0], vectors.exact("titles", rows[:200], 10)[0]
    recall = np.mean([len(set(a) & set(b)) / 10 for a, b in zip(found.tolist(), true.tolist(), strict=True)])
    assert recall >= 0.98


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    with _chroma_run(tmp_path / "server", _free_port()) as address:
        yield address


@contextmanager
def _chroma_run(place: Path, port: int) -> Iterator[str]:
    """A server on that port, from its first heartbeat to its end."""
    program = Path(sys.executable).with_name("chroma")
    if not program.exists():
        pytest.skip("no chroma command beside this Python")
    arguments = [
        str(program),
        "run",
        "--path",
        str(place),
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for_heartbeat(f"http://127.0.0.1:{port}", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _wait_for_heartbeat(address: str, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        try:
            httpx.get(f"{address}/api/v2/heartbeat", timeout=10).raise_for_status()
        except httpx.HTTPError:
            process.poll()
        else:
            return
    pytest.fail(f"chroma ended with status {process.returncode}")


def test_a_server_takes_the_vectors_by_url(
    directory: Path, server: str, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(Vectors.open(directory, chroma_url=server)) as vectors:
        assert vectors.query("titles", ROWS[:4], 1)[0][:, 0].tolist() == IDS[:4].tolist()
    assert "sending vectors to the Chroma server" in caplog.text
    caplog.clear()
    with closing(Vectors.open(directory, chroma_url=server)) as vectors:
        assert vectors.verify() == []
    assert caplog.text == ""


def test_a_server_that_goes_away_is_done_without_and_asked_again_when_it_is_back(
    directory: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, port = tmp_path / "server", _free_port()
    nearest = IDS[:4].tolist()
    with closing(_opened_at(directory, place, port)) as vectors:  # its server has ended by now
        assert vectors.query("titles", ROWS[:4], 1)[0][:, 0].tolist() == nearest
        assert f"the Chroma server http://127.0.0.1:{port} does not answer" in caplog.text
        caplog.clear()
        assert vectors.query("titles", ROWS[:4], 1)[0][:, 0].tolist() == nearest
        assert caplog.text == ""  # it is left alone for a while
        monkeypatch.setattr(vectors, "_resting", 0.0)
        with _chroma_run(place, port):
            monkeypatch.setattr(Table, "nearest", None)
            assert vectors.query("titles", ROWS[:4], 1)[0][:, 0].tolist() == nearest


def _opened_at(directory: Path, place: Path, port: int) -> Vectors:
    """Vectors opened with a server that serves no longer."""
    with _chroma_run(place, port) as address:
        return Vectors.open(directory, chroma_url=address)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_server_that_is_down_and_a_wrong_address_are_named(directory: Path) -> None:
    with pytest.raises(ResourceError, match=r"http://127\.0\.0\.1:9 does not serve"):
        Vectors.open(directory, chroma_url="http://127.0.0.1:9")
    with pytest.raises(InputError, match="expected one such as http"):
        Vectors.open(directory, chroma_url="chroma")
