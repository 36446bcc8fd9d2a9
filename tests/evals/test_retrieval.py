from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from evals import retrieval
from indexer.fields.rows import Row
from indexer.linking.linker import Linker
from tests.indexer.linking.cases import facts, indexes, linker


class Compass:
    """Vectors of three titles and people at known angles; searching finds only every second one."""

    def __init__(self, misses: int) -> None:
        self._misses = misses
        self._table = np.eye(12, dtype=np.float32)

    def ids(self, _: str) -> Any:
        return np.arange(1, 13)

    def rows(self, _: str, ids: Any) -> Any:
        return self._table[np.asarray(ids) - 1]

    def exact(self, _: str, vectors: Any, k: int) -> tuple[Any, Any]:
        near = np.argsort(-(vectors @ self._table.T), axis=1, kind="stable")[:, :k]
        return near + 1, np.zeros_like(near)

    def query(self, name: str, vectors: Any, k: int) -> tuple[Any, Any]:
        ids, cosines = self.exact(name, vectors, k)
        ids[:, k - self._misses :] = -1
        return ids, cosines


def title(**values: Any) -> Row:
    return Row("title", values)


def test_names_come_in_the_order_of_the_name_index() -> None:
    assert retrieval.by_names(linker(), title(title="the avengers", year=1998))[:2] == [2, 1]
    assert retrieval.by_names(linker(), title(year=1998)) == []


def test_words_are_counted_and_votes_break_ties() -> None:
    assert retrieval.by_words(linker(), title(cast=("Reeves", "Foster"))) == [3, 4]
    assert retrieval.by_words(linker(), title(cast=("Thurman",), character="Stark"))[0] == 2
    assert retrieval.by_words(linker(), title(cast=("Reeves",), character="Door Keeper"))[0] == 4


def test_people_are_found_by_a_role_within_a_title() -> None:
    assert retrieval.by_words(linker(), Row("person", {"cast": ("Reeves",), "character": "Oracle"}))[0] == 5


def test_years_and_genres_play_no_part_in_any_order() -> None:
    for order in (retrieval.by_names, retrieval.by_words, retrieval.fused):
        plain = order(linker(), title(title="the avengers", cast=("Thurman",)))
        assert order(linker(), title(title="the avengers", cast=("Thurman",), year=1998)) == plain


def test_an_entity_in_two_orders_comes_before_one_in_either() -> None:
    assert retrieval.fused(linker(), title(title="the matrix", character="door keeper"))[0] == 4


def test_without_vectors_there_is_no_order_by_them() -> None:
    assert "retrieval by vectors" not in retrieval.orders(linker())
    assert retrieval.chroma_recall(linker(), [title(title="matrix")]) == {}


@pytest.mark.parametrize(("misses", "recall"), [(0, 1.0), (2, 0.8)])
def test_recall_is_the_share_of_the_true_ten(misses: int, recall: float) -> None:
    found = Linker(linker().catalog, Compass(misses), None, indexes(), linker().weights, facts())  # type: ignore[arg-type]
    measured = retrieval.chroma_recall(found, [])
    assert measured == pytest.approx({"titles, stored": recall, "people, stored": recall})
