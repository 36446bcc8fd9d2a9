"""The vectors of a build: ``.npy`` files that hold them, and Chroma, a cache that finds neighbours.

    directory/titles.npy        (N, D) float32, unit rows, in the order of the ids
    directory/titles.ids.npy    (N,) int64, ascending
    directory/chroma/           Chroma's own files, one collection per kind of thing
    directory/chroma.json       what Chroma was built from: counts, a digest, and the file it lies in

Opening compares the two and rebuilds Chroma from the ``.npy`` files when it disagrees with them or is a copy.
This is the only module that knows Chroma. Nothing here filters with ``where``: it is 30 to 200 times slower
than fetching more and filtering afterwards.
"""

from __future__ import annotations

import fcntl
import hashlib
import itertools
import json
import logging
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import SplitResult, urlsplit

import numpy as np
from numpy.typing import NDArray

from indexer.errors import IndexUnusable, InputError, ResourceError, ShapeError
from indexer.progress import Progress

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

Ids = NDArray[np.int64]
Rows = NDArray[np.float32]

_MAY_BE_LOST = 0.1  # share of self-queries that an approximate search may miss
NO_ID = -1
_FORMAT = 1
# Measured on 326 thousand people of a real joint space: the default of 16 neighbours finds too few of the
# true ten, a search of 160 finds 97 %, one of 420 finds 98 % in 1.3 ms.
_HNSW = {"space": "cosine", "ef_construction": 100, "max_neighbors": 32, "ef_search": 420}
_SLICES_A_SYNC = 8
_BLOCK = 65_536  # rows an exact search looks at together
_OPENING_SAMPLES = 16
_SERVER_SECONDS = 1.0  # that a query of a server may take; it needs some milliseconds
_REST = 30.0  # seconds before a server that failed is asked again
_LOG = logging.getLogger(__name__)


class Vectors:
    """The vectors of one build, opened. ``query`` is approximate and fast, ``exact`` is exact and linear."""

    def __init__(self, directory: Path, tables: dict[str, Table], chroma: Chroma | None) -> None:
        self.directory = directory
        self._tables = tables
        self._chroma = chroma  # without it, queries are exact
        self._resting = 0.0  # until when a server that failed is not asked, by time.monotonic()

    @classmethod
    def build(
        cls, directory: Path, collections: Mapping[str, tuple[Ids, Rows]], progress: Progress | None = None
    ) -> None:
        """Writes ``collections`` (name -> ids (N,), unit rows (N, D)) and Chroma's index over them.

        What the directory held before is replaced. Raises ShapeError for arrays that do not fit together,
        InputError for rows that are not unit vectors or ids that occur twice.
        """
        directory.mkdir(parents=True, exist_ok=True)
        tables = {name: Table.write(directory, name, *arrays) for name, arrays in collections.items()}
        _build_chroma(directory, tables, progress or Progress.silent())

    @classmethod
    def open(
        cls, directory: Path, chroma_url: str | None = None, progress: Progress | None = None
    ) -> Vectors:
        """Opens the build's vectors; cheap, unless Chroma has to be rebuilt (which is logged as a warning).

        ``chroma_url``: a Chroma server that takes the vectors instead of the local files.
        Raises IndexUnusable where the ``.npy`` files are missing or damaged, ResourceError for a server that
        does not answer.
        """
        found, progress = cls.stored(directory), progress or Progress.silent()
        if chroma_url is not None:
            found._chroma = _open_server(chroma_url, found._tables, progress)
        else:
            found._chroma = _open_local(directory, found._tables, progress)
        return found

    @classmethod
    def stored(cls, directory: Path) -> Vectors:
        """What the ``.npy`` files hold, mapped, without Chroma, whose graphs take a gigabyte for
        IMDb's files: for whoever reads rows and asks little, since queries are exact.

        Raises IndexUnusable as ``open``.
        """
        names = [path.name.removesuffix(".ids.npy") for path in sorted(directory.glob("*.ids.npy"))]
        if not names:
            raise IndexUnusable(f"no vectors in {directory}: rebuild with python -m indexer build")
        return cls(directory, {name: Table.open(directory, name) for name in names}, None)

    def close(self) -> None:
        """Lets go of Chroma; later queries are exact."""
        if self._chroma is not None:
            _close(self._chroma.client)
            self._chroma = None

    @property
    def names(self) -> list[str]:
        """The collections: titles, people, overviews."""
        return sorted(self._tables)

    def __contains__(self, collection: object) -> bool:
        return collection in self._tables

    def ids(self, collection: str) -> Ids:
        """(N,) int64, ascending: which ids have a vector."""
        return self._table(collection).ids

    def width(self, collection: str) -> int:
        """D."""
        return int(self._table(collection).rows.shape[1])

    def rows(self, collection: str, ids: Ids | list[int]) -> Rows:
        """(N, D) float32, the vectors of ``ids``; a row of NaN for an id without one."""
        table = self._table(collection)
        wanted = np.asarray(ids, dtype=np.int64)
        found = np.full((len(wanted), table.rows.shape[1]), np.nan, dtype=np.float32)
        if len(table.ids):
            places = np.minimum(np.searchsorted(table.ids, wanted), len(table.ids) - 1)
            known = table.ids[places] == wanted
            found[known] = table.rows[places[known]]
        return found

    def query(self, collection: str, vectors: Rows, k: int) -> tuple[Ids, Rows]:
        """The ``k`` nearest of each of (B, D) unit ``vectors`` by Chroma's index: approximate, 1-2 ms each.

        Returns ids (B, k), best first, and cosine similarities (B, k); -1 and -inf where there are fewer.
        A server that does not answer within ``_SERVER_SECONDS`` is left alone for ``_REST`` seconds, in which
        queries are exact.
        """
        table = self._table(collection)
        vectors = _checked_queries(vectors, table)
        chroma = self._chroma
        if chroma is None or not len(table.ids) or time.monotonic() < self._resting:
            return table.nearest(vectors, k)
        try:
            return _ask(chroma.collections[collection], vectors, min(k, len(table.ids)), k)
        except Exception as error:  # Chroma raises what a server said as a plain one
            if not chroma.url:
                raise
            self._rest(chroma.url, error)
            return table.nearest(vectors, k)

    def exact(self, collection: str, vectors: Rows, k: int) -> tuple[Ids, Rows]:
        """As ``query`` without an index: every vector is compared (27 ms for 500 thousand of 128)."""
        table = self._table(collection)
        return table.nearest(_checked_queries(vectors, table), k)

    def verify(self, samples: int = 100) -> list[str]:
        """What is wrong, as sentences; ``[]`` when counts agree and ``samples`` vectors find themselves."""
        if self._chroma is None:
            return [f"Chroma does not serve {self.directory}: queries are exact and slower"]
        return self._chroma.disagreements(self._tables, samples)

    def _rest(self, url: str, error: Exception) -> None:
        """Leave a server that failed alone for a while; the files have all that it has."""
        self._resting = time.monotonic() + _REST
        _LOG.warning(
            "the Chroma server %s does not answer (%s): the vector files are searched instead, and it is "
            "asked again in %g s",
            url,
            str(error) or type(error).__name__,
            _REST,
        )

    def _table(self, collection: str) -> Table:
        table = self._tables.get(collection)
        if table is None:
            raise InputError(f"no vectors called {collection!r}: there are {', '.join(self.names)}")
        return table


class Table:
    """The ``.npy`` files of one collection, mapped rather than read."""

    def __init__(self, name: str, ids: Ids, rows: Rows) -> None:
        self.name, self.ids, self.rows = name, ids, rows

    @classmethod
    def write(cls, directory: Path, name: str, ids: Ids, rows: Rows) -> Table:
        """Checks, sorts by id and writes."""
        ids, rows = _checked_rows(name, ids, rows)
        try:
            np.save(directory / f"{name}.npy", rows)
            np.save(directory / f"{name}.ids.npy", ids)
        except OSError as error:
            raise ResourceError(f"cannot write the vectors {name} to {directory}: {error}") from error
        return cls(name, ids, rows)

    @classmethod
    def open(cls, directory: Path, name: str) -> Table:
        """Maps the files. Raises IndexUnusable where they are damaged or do not fit together."""
        try:
            ids = np.load(directory / f"{name}.ids.npy", allow_pickle=False)
            path = directory / f"{name}.npy"
            rows = np.load(path, mmap_mode="r" if len(ids) else None, allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise IndexUnusable(f"the vectors {name} in {directory} are damaged: {error}; rebuild") from error
        if ids.dtype != np.int64 or rows.dtype != np.float32 or rows.ndim != 2 or ids.shape != rows.shape[:1]:
            raise IndexUnusable(f"the vectors {name} in {directory} do not fit their ids; rebuild")
        return cls(name, ids, rows)

    def digest(self) -> str:
        """Stands for the content: ids whole, and a sample of the rows."""
        digest = hashlib.sha256(self.ids.tobytes())
        digest.update(self.rows[_sample(len(self.ids), 64)].tobytes())
        digest.update(repr(self.rows.shape).encode())
        return digest.hexdigest()[:16]

    def nearest(self, vectors: Rows, k: int) -> tuple[Ids, Rows]:
        """Exact neighbours, block by block: ids (B, k) and similarities (B, k)."""
        best_ids = np.full((len(vectors), k), NO_ID, dtype=np.int64)
        best = np.full((len(vectors), k), -np.inf, dtype=np.float32)
        for start in range(0, len(self.ids), _BLOCK):
            scores = vectors @ self.rows[start : start + _BLOCK].T  # (B, block)
            ids = np.broadcast_to(self.ids[start : start + _BLOCK], scores.shape)
            best_ids, best = _top(np.hstack([best_ids, ids]), np.hstack([best, scores]), k)
        return best_ids, best


def _top(ids: Ids, scores: Rows, k: int) -> tuple[Ids, Rows]:
    if scores.shape[1] > k:
        part = np.argpartition(-scores, k - 1, axis=1)[:, :k]
        ids, scores = np.take_along_axis(ids, part, 1), np.take_along_axis(scores, part, 1)
    order = np.lexsort((ids, -scores), axis=1)
    return np.take_along_axis(ids, order, 1), np.take_along_axis(scores, order, 1)


def _checked_rows(name: str, ids: Ids, rows: Rows) -> tuple[Ids, Rows]:
    ids, rows = np.asarray(ids, dtype=np.int64), np.asarray(rows, dtype=np.float32)
    if ids.ndim != 1 or rows.ndim != 2 or len(ids) != len(rows):
        raise ShapeError(f"vectors {name}: ids {ids.shape} and rows {rows.shape}, expected (N,) and (N, D)")
    order = np.argsort(ids, kind="stable")
    ids, rows = ids[order], rows[order]
    twice = ids[1:][ids[1:] == ids[:-1]]
    if len(twice):
        raise InputError(f"vectors {name}: id {twice[0]} occurs twice")
    norms = np.linalg.norm(rows, axis=1)
    wrong = np.flatnonzero(~(np.abs(norms - 1) < 1e-3))  # NaN is wrong too
    if len(wrong):
        raise InputError(
            f"vectors {name}: {len(wrong)} rows are not unit vectors, the first of id {ids[wrong[0]]} "
            f"(length {norms[wrong[0]]:.3g})"
        )
    return ids, rows


def _checked_queries(vectors: Rows, table: Table) -> Rows:
    vectors = np.asarray(vectors, dtype=np.float32)
    if vectors.ndim != 2 or vectors.shape[1] != table.rows.shape[1]:
        raise ShapeError(
            f"queries of {table.name} have shape {vectors.shape}, expected (B, {table.rows.shape[1]})"
        )
    return vectors


def _sample(count: int, samples: int) -> Ids:
    """Up to ``samples`` positions spread evenly, the first and the last among them."""
    return np.unique(np.linspace(0, max(0, count - 1), min(samples, count)).astype(np.int64))


# ------------------------------------------------------------------------------------------------ Chroma


@dataclass(frozen=True)
class Chroma:
    """A client and its collections by our names."""

    client: Client
    collections: dict[str, Collection]
    url: str = ""  # of a server; empty for local files

    def disagreements(self, tables: dict[str, Table], samples: int) -> list[str]:
        """What differs from the tables, as sentences."""
        found = (_disagreements(self.collections[name], table, samples) for name, table in tables.items())
        return [problem for problems in found for problem in problems]


def _build_chroma(directory: Path, tables: dict[str, Table], progress: Progress) -> None:
    """Builds beside, then switches, so that a crash leaves either the old cache or none."""
    fresh = directory / f"chroma.new-{os.getpid()}"
    shutil.rmtree(fresh, ignore_errors=True)
    (directory / "chroma.json").unlink(missing_ok=True)
    client = _local_client(fresh)
    try:
        for name, table in tables.items():
            _fill(client, name, table, progress)
    finally:
        client.close()
    shutil.rmtree(directory / "chroma", ignore_errors=True)
    fresh.rename(directory / "chroma")
    (directory / "chroma.json").write_text(json.dumps(_stamp(directory, tables)), encoding="utf-8")


def _fill(client: Client, name: str, table: Table, progress: Progress) -> Collection:
    slices, sync = _slices(len(table.ids), client.get_max_batch_size())
    configuration = _configuration(sync_threshold=sync, batch_size=min(100, sync))
    served = client.get_or_create_collection(name, configuration=configuration, embedding_function=None)
    with progress.task(f"Chroma {name}", len(table.ids), "vectors") as task:
        for part in slices:
            served.upsert(
                ids=[str(number) for number in table.ids[part].tolist()],
                embeddings=np.ascontiguousarray(table.rows[part]),
            )
            task.advance(part.stop - part.start)
    return served


def _configuration(**local: int) -> Any:
    """Space and neighbours cannot change once a collection exists; the default space would be l2."""
    return {"hnsw": _HNSW | local}


def _slices(count: int, most: int) -> tuple[list[slice], int]:
    """Even slices of at most ``most`` rows, and after how many rows Chroma shall write its index.

    A write falls together with the last slice: rows after it would be indexed again at every opening.
    """
    parts = -(-count // most)
    if parts > _SLICES_A_SYNC:
        parts = -(-parts // _SLICES_A_SYNC) * _SLICES_A_SYNC
    edges = [count * index // max(1, parts) for index in range(parts + 1)]
    slices = [slice(start, stop) for start, stop in itertools.pairwise(edges)]
    group = _SLICES_A_SYNC if parts > _SLICES_A_SYNC else max(1, parts)
    shortest = min((edges[i + group] - edges[i] for i in range(0, parts, group)), default=0)
    return slices, max(2, shortest)


def _ask(served: Collection, vectors: Rows, fetch: int, k: int) -> tuple[Ids, Rows]:
    ids = np.full((len(vectors), k), NO_ID, dtype=np.int64)
    scores = np.full((len(vectors), k), -np.inf, dtype=np.float32)
    if not len(vectors) or fetch < 1:
        return ids, scores
    answer = served.query(query_embeddings=vectors, n_results=fetch, include=["distances"])
    for row, (found, distances) in enumerate(zip(answer["ids"], answer["distances"] or [], strict=True)):
        ids[row, : len(found)] = [int(number) for number in found]
        scores[row, : len(found)] = 1.0 - np.asarray(distances, dtype=np.float32)
    return ids, scores


def _disagreements(served: Collection, table: Table, samples: int) -> list[str]:
    """How Chroma differs from the table: its count, and vectors that do not find themselves.

    The search is approximate: among hundreds of thousands a few vectors are never met on the way.
    """
    count = served.count()
    if count != len(table.ids):
        return [f"{table.name}: Chroma holds {count} vectors, the file {len(table.ids)}"]
    places = _sample(len(table.ids), samples)
    if not len(places):
        return []
    ids, scores = _ask(served, np.asarray(table.rows[places]), 1, 1)
    # Two entities may share one vector, so the similarity decides, not the id alone.
    lost = int(((ids[:, 0] != table.ids[places]) & ~(scores[:, 0] > 1 - 1e-4)).sum())
    if lost <= _MAY_BE_LOST * len(places):
        return []
    return [f"{table.name}: {lost} of {len(places)} vectors do not find themselves in Chroma"]


def _open_local(directory: Path, tables: dict[str, Table], progress: Progress) -> Chroma | None:
    """Chroma, rebuilt where it has to be; ``None`` where that is impossible."""
    try:
        with _only_one(directory):
            reason = _why_rebuild(directory, tables)
            if reason is None:
                served, reason = _try_open(directory, tables)
                if served is not None:
                    return served
            _LOG.warning("rebuilding Chroma's index in %s from the vector files: %s", directory, reason)
            _build_chroma(directory, tables, progress)
            served, reason = _try_open(directory, tables)
    except OSError as error:
        served, reason = None, str(error)
    if served is None:
        _LOG.warning("Chroma cannot serve %s (%s): searching the vector files instead", directory, reason)
    return served


def _try_open(directory: Path, tables: dict[str, Table]) -> tuple[Chroma | None, str]:
    from chromadb.errors import ChromaError

    client = None
    try:
        client = _local_client(directory / "chroma")
        held = {name: client.get_collection(name, embedding_function=None) for name in tables}
        served = Chroma(client, held)
        problems = served.disagreements(tables, _OPENING_SAMPLES)
    except (ChromaError, ValueError, RuntimeError) as error:
        problems, served = [str(error) or type(error).__name__], None
    if served is not None and not problems:
        return served, ""
    if client is not None:  # or the next client on this path would share its damaged state
        client.close()
    return None, "; ".join(problems)


def _why_rebuild(directory: Path, tables: dict[str, Table]) -> str | None:
    try:
        stamp = json.loads((directory / "chroma.json").read_text(encoding="utf-8"))
        now = _stamp(directory, tables)
    except (OSError, ValueError):
        return "it was never finished"
    if not isinstance(stamp, dict) or stamp.get("format") != _FORMAT:
        return "it is of another format"
    if stamp.get("inode") != now["inode"]:
        return "it was copied from elsewhere"
    return None if stamp == now else "the vector files have changed"


def _stamp(directory: Path, tables: dict[str, Table]) -> dict[str, Any]:
    """A rename keeps the inode of Chroma's database, a copy does not."""
    inode = (directory / "chroma" / "chroma.sqlite3").stat().st_ino
    digests = {name: table.digest() for name, table in tables.items()}
    return {"format": _FORMAT, "inode": inode, "hnsw": _HNSW, "tables": digests}


@contextmanager
def _only_one(directory: Path) -> Iterator[None]:
    """Waits while another process checks or rebuilds."""
    with (directory / "chroma.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _open_server(url: str, tables: dict[str, Table], progress: Progress) -> Chroma:
    """Collections on a server carry a digest of the vectors in their name: builds never mix."""
    from chromadb.errors import ChromaError

    address = _address(url)
    client = None
    try:
        client = _server_client(address)
        held = {name: _served(client, name, tables[name], progress) for name in tables}
        _hurry(client)
        return Chroma(client, held, url)
    except (ChromaError, ValueError, OSError, _http_error()) as error:
        if client is not None:
            _close(client)
        raise ResourceError(f"the Chroma server {url} does not serve: {error}; check --chroma-url") from error


def _served(client: Client, name: str, table: Table, progress: Progress) -> Collection:
    full = f"{name}-{table.digest()}"
    held = client.get_or_create_collection(full, configuration=_configuration(), embedding_function=None)
    problems = _disagreements(held, table, _OPENING_SAMPLES)
    if not problems:
        return held
    _LOG.warning("sending vectors to the Chroma server: %s", "; ".join(problems))
    client.delete_collection(full)
    return _fill(client, full, table, progress)


def _local_client(path: Path) -> Client:
    import chromadb
    from chromadb.api.shared_system_client import SharedSystemClient
    from chromadb.config import Settings

    try:
        client = chromadb.PersistentClient(str(path), settings=Settings(anonymized_telemetry=False))
    except Exception:
        # Chroma 1.5 keeps what failed to start and would hand it to the next client on this path.
        SharedSystemClient._identifier_to_system.pop(str(path), None)
        raise
    return cast("Client", client)


def _address(url: str) -> SplitResult:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InputError(f"--chroma-url {url!r} is no address: expected one such as http://127.0.0.1:8000")
    return parts


def _server_client(parts: SplitResult) -> Client:
    import chromadb
    from chromadb.config import Settings

    client = chromadb.HttpClient(
        host=parts.hostname or "",
        port=parts.port or (443 if parts.scheme == "https" else 80),
        ssl=parts.scheme == "https",
        settings=Settings(anonymized_telemetry=False),
    )
    return cast("Client", client)


def _close(client: Client) -> None:
    """Closes a client and, which Chroma 1.5 forgets, its connections to a server."""
    for owner in (client, getattr(client, "_admin_client", None)):
        session = getattr(getattr(owner, "_server", None), "_session", None)
        if session is not None:
            session.close()
    client.close()


def _hurry(client: Client) -> None:
    """Bound what a query waits for; Chroma 1.5 waits for ever. Sending the vectors may take its time."""
    session = getattr(getattr(client, "_server", None), "_session", None)
    if session is not None:
        session.timeout = _SERVER_SECONDS


def _http_error() -> type[Exception]:
    import httpx

    return httpx.HTTPError
