"""Overview vectors kept by (text, encoder), so a rebuild encodes only what changed."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.errors import ResourceError
from indexer.progress import Progress

if TYPE_CHECKING:
    from indexer.catalog.catalog import Catalog

Vectors = NDArray[np.float32]
_CHUNK = 4_096  # texts encoded between two commits: what a crash may cost
_SCHEMA = """CREATE TABLE IF NOT EXISTS vectors (
    encoder TEXT NOT NULL, text BLOB NOT NULL, vector BLOB NOT NULL,
    PRIMARY KEY (encoder, text)) WITHOUT ROWID"""


class TextEncoder(Protocol):
    """What encodes: the BERT encoder, or a small stand-in."""

    @property
    def width(self) -> int:
        """D."""

    @property
    def fingerprint(self) -> str:
        """Changes whenever the vectors would."""

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """(B, D) float32 unit rows."""


class VectorCache:
    """A SQLite file of vectors. A damaged file is begun anew: nothing in it is the only copy of anything."""

    def __init__(self, path: Path, encoder: TextEncoder) -> None:
        self._encoder, self._path = encoder, path
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._database = _connect(path)
        except sqlite3.DatabaseError:
            path.unlink(missing_ok=True)
            self._database = _connect(path)

    def __enter__(self) -> VectorCache:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    def get(self, key: bytes) -> Vectors | None:
        """(D,) float32 of the text with this key, ``None`` where it is not known."""
        row = self._database.execute(
            "SELECT vector FROM vectors WHERE encoder = ? AND text = ?", (self._encoder.fingerprint, key)
        ).fetchone()
        if row is None or len(row[0]) != 4 * self._encoder.width:
            return None
        return np.frombuffer(row[0], dtype="<f4")

    def put(self, keys: Sequence[bytes], vectors: Vectors) -> None:
        """Keeps (B, D) ``vectors`` under ``keys``. Raises ResourceError where the disk has no room."""
        rows = (
            (self._encoder.fingerprint, key, vector.astype("<f4").tobytes())
            for key, vector in zip(keys, vectors, strict=True)
        )
        try:
            with self._database:
                self._database.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)
        except sqlite3.OperationalError as error:
            raise ResourceError(f"cannot write {self._path}: {error}; free room on that disk") from error


def encode_overviews(
    catalog: Catalog, encoder: TextEncoder, cache: Path | None, progress: Progress
) -> tuple[NDArray[np.int64], Vectors]:
    """One vector for every overview: ids (N,) int64 in id order, vectors (N, D) float32 unit rows.

    ``cache`` is a file kept between builds, or ``None``. (0,) and (0, D) where there are no overviews.
    """
    pairs = list(catalog.iter_overviews())
    ids = np.array([title_id for title_id, _ in pairs], dtype=np.int64)
    texts = [text for _, text in pairs]
    if cache is None:
        return ids, encoder.encode(texts, progress) if texts else np.empty((0, encoder.width), np.float32)
    with VectorCache(cache, encoder) as known:
        return ids, encode_cached(texts, encoder, known, progress)


def encode_cached(
    texts: Sequence[str], encoder: TextEncoder, cache: VectorCache, progress: Progress
) -> Vectors:
    """(B, D) float32 unit rows of ``texts``; those the cache lacks are encoded and added to it."""
    keys = [text_key(text) for text in texts]
    vectors = np.empty((len(texts), encoder.width), dtype=np.float32)
    missing = []
    for index, key in enumerate(keys):
        found = cache.get(key)
        if found is None:
            missing.append(index)
        else:
            vectors[index] = found
    if len(missing) < len(texts):
        progress.say(f"overviews: {len(texts) - len(missing):,} of {len(texts):,} vectors are cached")
    with progress.task("overviews", len(missing), "texts") as task:
        for chunk in _chunks(missing):
            vectors[chunk] = encoder.encode([texts[index] for index in chunk])
            cache.put([keys[index] for index in chunk], vectors[chunk])
            task.advance(len(chunk))
    return vectors


def text_key(text: str) -> bytes:
    """16 bytes that stand for a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]


def _connect(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path)
    try:
        database.execute(_SCHEMA)
    except sqlite3.DatabaseError:
        database.close()
        raise
    return database


def _chunks(items: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]
