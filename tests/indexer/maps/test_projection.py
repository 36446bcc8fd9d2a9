from __future__ import annotations

import numpy as np
import pytest

from indexer.maps.projection import project


def clusters(count: int) -> np.typing.NDArray[np.float32]:
    """Unit rows round two opposite directions, by turns."""
    rng = np.random.default_rng(0)
    rows = rng.standard_normal((count, 16)).astype(np.float32) * 0.1
    rows[::2, 0] += 1
    rows[1::2, 1] += 1
    found: np.typing.NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return found


@pytest.mark.parametrize("count", [20, 60])
def test_what_lies_together_stays_together_and_a_seed_gives_one_picture(count: int) -> None:
    found, method = project(clusters(count), seed=3)
    assert found.shape == (count, 2)
    assert method.startswith("UMAP" if count == 60 else "principal")
    even, odd = found[::2], found[1::2]
    apart = np.linalg.norm(even.mean(0) - odd.mean(0))
    assert apart > 2 * max(np.linalg.norm(each - each.mean(0), axis=1).mean() for each in (even, odd))
    again, _ = project(clusters(count), seed=3)
    assert np.array_equal(found, again)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_hardly_any_rows_have_places(count: int) -> None:
    found, _ = project(clusters(count), seed=3)
    assert found.shape == (count, 2)
    assert np.isfinite(found).all()
