from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from indexer.catalog.catalog import Catalog
from indexer.overviews.cache import VectorCache, encode_cached, encode_overviews
from indexer.progress import Progress

QUIET = Progress.silent()


class Lengths:
    """Encodes a text as (its length, 1), and remembers what it was asked."""

    width = 2

    def __init__(self, fingerprint: str = "lengths") -> None:
        self.fingerprint = fingerprint
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        self.asked += texts
        return np.array([[len(text), 1] for text in texts], dtype=np.float32)


class Overviews:
    def __init__(self, pairs: dict[int, str]) -> None:
        self.pairs = pairs

    def iter_overviews(self) -> Iterator[tuple[int, str]]:
        return iter(sorted(self.pairs.items()))


def catalog(pairs: dict[int, str]) -> Catalog:
    return cast("Catalog", Overviews(pairs))


def test_a_second_build_encodes_only_what_changed(tmp_path: Path) -> None:
    first, second = Lengths(), Lengths()
    encode_overviews(catalog({5: "one", 7: "two2", 9: "three"}), first, tmp_path / "cache.db", QUIET)
    ids, vectors = encode_overviews(
        catalog({5: "one", 7: "changed", 11: "three"}), second, tmp_path / "cache.db", QUIET
    )
    assert second.asked == ["changed"]
    assert ids.tolist() == [5, 7, 11]
    assert vectors.tolist() == [[3, 1], [7, 1], [5, 1]]


def test_another_encoder_does_not_get_these_vectors(tmp_path: Path) -> None:
    other = Lengths("other")
    for encoder in (Lengths(), other):
        with VectorCache(tmp_path / "cache.db", encoder) as cache:
            encode_cached(["one", "two2"], encoder, cache, QUIET)
    assert other.asked == ["one", "two2"]


def test_a_damaged_cache_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "cache.db").write_bytes(b"this is no database" * 100)
    _, vectors = encode_overviews(catalog({1: "four"}), Lengths(), tmp_path / "cache.db", QUIET)
    assert vectors.tolist() == [[4, 1]]


def test_without_a_cache_and_without_overviews(tmp_path: Path) -> None:
    assert encode_overviews(catalog({1: "a"}), Lengths(), None, QUIET)[1].tolist() == [[1, 1]]
    ids, vectors = encode_overviews(catalog({}), Lengths(), tmp_path / "cache.db", QUIET)
    assert ids.shape == (0,)
    assert vectors.shape == (0, 2)


def test_two_titles_with_one_text_share_its_vector_under_their_own_ids(tmp_path: Path) -> None:
    ids, vectors = encode_overviews(catalog({1: "same", 2: "same"}), Lengths(), tmp_path / "c.db", QUIET)
    assert ids.tolist() == [1, 2]
    assert vectors.tolist() == [[4, 1], [4, 1]]
