from hypothesis import given
from hypothesis import strategies as st

from indexer.overviews.batches import by_token_budget, padded

LENGTHS = st.lists(st.integers(0, 300), max_size=60)


@given(LENGTHS, st.integers(1, 2_000))
def test_every_position_once_and_no_batch_over_budget(lengths: list[int], budget: int) -> None:
    batches = by_token_budget(lengths, budget)
    assert sorted(position for batch in batches for position in batch) == list(range(len(lengths)))
    for batch in batches:
        cost = len(batch) * padded(max(lengths[position] for position in batch))
        assert cost <= budget or len(batch) == 1


def test_similar_lengths_travel_together() -> None:
    assert by_token_budget([3, 100, 4, 99], 208) == [[1, 3], [2, 0]]


def test_lengths_are_rounded_up_to_eight() -> None:
    assert [padded(length) for length in (0, 1, 8, 9)] == [8, 8, 8, 16]
