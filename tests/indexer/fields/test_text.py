from __future__ import annotations

import numpy as np

from indexer.fields.arrays import Csr, NumpyOps
from indexer.fields.hashing import hash_strings
from indexer.fields.text import TextField


def features(text: str) -> set[int]:
    return set(hash_strings([text], 1 << 16).ids.tolist())


def test_a_string_has_its_trigrams_and_words() -> None:
    assert (
        len(hash_strings(["the matrix"], 1 << 16).ids) == 10 + 2
    )  # of " the matrix ": ten 3-grams, two words


def test_the_same_string_alone_and_among_others_has_the_same_features() -> None:
    many = hash_strings(["", "alien", "the matrix", "alien"], 1 << 16)
    assert many.take(np.array([1])).ids.tolist() == many.take(np.array([3])).ids.tolist()
    assert set(many.take(np.array([2])).ids.tolist()) == features("the matrix")
    assert np.diff(many.starts)[0] == 0


def test_hashes_do_not_move_between_versions() -> None:
    assert sorted(features("m")) == [38251, 58249]


def test_a_slip_keeps_some_features_and_another_title_none() -> None:
    assert len(features("matrix") & features("matrx")) >= 3
    assert not features("matrix") & features("jaws")


def test_words_are_the_same_feature_in_any_order() -> None:
    assert len(features("fred astaire") & features("astaire fred")) >= 10


def test_numbers_read_alike_in_titles() -> None:
    field = TextField("title/title", 8, "titles", hashes=256, numbers=True)
    two = [sorted(field.features([text]).ids.tolist()) for text in ("Rocky II", "rocky two", "Rocky Part 2")]
    assert two[0] == two[1] == two[2]


def test_a_likelihood_prefers_the_title_it_was_told() -> None:
    field = TextField("title/title", 1024, "titles", hashes=1024)
    weights = {
        "title/title.decoder": np.eye(1024, dtype=np.float32) * 9,
        "title/title.bias": np.zeros(1024, np.float32),
    }
    latent = np.zeros((2, 1024), np.float32)
    latent[0, field.features(["alien"]).ids] = 1
    latent[1, field.features(["jaws"]).ids] = 1
    scores = field.log_likelihood(latent, "alien", weights, NumpyOps())
    assert scores[0] > scores[1] + 1


def test_lists_of_lists_unfold() -> None:
    rows = Csr.of([2, 0, 1], [2, 0, 1])
    pool = Csr.of([10, 20, 21, 30], [1, 2, 1])
    through = rows.through(pool)
    assert through.ids.tolist() == [30, 10, 20, 21]
    assert through.starts.tolist() == [0, 2, 2, 4]
    assert rows.take(np.array([2, -1, 0])).starts.tolist() == [0, 1, 1, 3]
    assert rows.head(1).ids.tolist() == [2, 1]
