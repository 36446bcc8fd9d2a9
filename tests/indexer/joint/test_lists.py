from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.fields.arrays import Csr
from indexer.joint.compiled import compiled
from indexer.joint.lists import inverted, through

HEIGHT = 6
LISTS = st.lists(st.lists(st.integers(0, HEIGHT - 1), max_size=4), max_size=5)


def csr(lists: list[list[int]]) -> Csr:
    return Csr.of([one for each in lists for one in each], [len(each) for each in lists])


@settings(deadline=None)  # the first call compiles
@given(LISTS, st.lists(st.lists(st.integers(0, 99), max_size=3), min_size=HEIGHT, max_size=HEIGHT))
def test_ids_are_replaced_by_what_they_name(lists: list[list[int]], pool: list[list[int]]) -> None:
    found = through(csr(lists), csr(pool))
    expected = [[one for place in each for one in pool[place]] for each in lists]
    assert [found.ids[a:b].tolist() for a, b in zip(found.starts, found.starts[1:], strict=False)] == expected
    assert found.ids.dtype == np.int32 and found.starts.dtype == np.int64


@settings(deadline=None)  # the first call compiles
@given(LISTS)
def test_inverted_lists_name_every_owner_of_an_id_as_often_as_it_has_it(lists: list[list[int]]) -> None:
    rows, scratch = csr(lists), np.full(HEIGHT, -1, np.int32)
    distinct, owners, starts = inverted(rows.ids.astype(np.int64), rows.starts[:-1], scratch)
    ends = np.append(starts, len(owners))[1:]
    found = {int(one): owners[a:b].tolist() for one, a, b in zip(distinct, starts, ends, strict=True)}
    expected = {
        one: [owner for owner, each in enumerate(lists) for item in each if item == one]
        for one in {item for each in lists for item in each}
    }
    assert found == expected
    assert (scratch == -1).all()


def test_where_machine_code_cannot_be_kept_it_is_made_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("numba.core.caching.FunctionCache._impl_class._locator_classes", [])

    def doubled(one: int) -> int:
        return 2 * one

    assert compiled(doubled)(4) == 8
