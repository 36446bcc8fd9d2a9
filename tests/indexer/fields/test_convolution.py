from __future__ import annotations

import numpy as np
import torch

from indexer.fields.arrays import NumpyOps
from indexer.fields.convolution import ConvolutionField
from indexer.fields.text import TextField
from indexer.fields.torch_ops import TorchOps


def convolution(name: str = "person/person") -> ConvolutionField:
    return ConvolutionField(name, 16, "names", letters=8, filters=24)


def test_the_outputs_are_those_of_a_convolution_with_the_maximum_over_positions() -> None:
    field = ConvolutionField("person/person", 6, "names", letters=4, windows=(3,), filters=5)
    weights = {
        name: torch.from_numpy(array) for name, array in field.initial(np.random.default_rng(1)).items()
    }
    batch = field.features(["keanu reeves"]).on(TorchOps())
    letters = weights["names.letters"][batch.ids].T[None]  # (1, E, L)
    filters = weights["names.filters3"].permute(2, 1, 0)  # (F, E, 3)
    outputs = torch.nn.functional.conv1d(letters, filters, weights["names.bias3"]).relu().amax(2)  # (1, F)
    expected = torch.nn.functional.normalize(outputs @ weights["names.out3"])
    np.testing.assert_allclose(field.encode(batch, weights, TorchOps()), expected, atol=1e-4)


def test_neighbours_in_a_batch_do_not_reach_into_each_other() -> None:
    field, ops = convolution(), NumpyOps()
    weights = field.initial(np.random.default_rng(1))
    alone = field.encode(field.features(["al"]), weights, ops)
    for others in (["zz", "al", "zz"], ["", "al"], ["al", ""], [None, "al", None]):
        rows = field.encode(field.features(others), weights, ops)
        np.testing.assert_allclose(rows[others.index("al")], alone[0], atol=1e-6)


def test_one_letter_and_none() -> None:
    field = convolution()
    rows = field.encode(field.features(["x", "", ()]), field.initial(np.random.default_rng(1)), NumpyOps())
    assert np.linalg.norm(rows, axis=1).round(3).tolist() == [1, 0, 0]


def test_a_list_is_read_name_by_name_in_any_order() -> None:
    field, ops = convolution(), NumpyOps()
    weights = field.initial(np.random.default_rng(1))
    one, other = field.encode(field.features([("keanu", "uma"), ("uma", "keanu")]), weights, ops)
    np.testing.assert_allclose(one, other, atol=1e-5)


def test_fields_of_one_vocabulary_share_all_but_their_decoders() -> None:
    rng = np.random.default_rng(1)
    first = convolution().initial(rng)
    second = convolution("title/cast").initial(rng, first)
    assert set(second) == {"title/cast.decoder", "title/cast.bias"}


def test_word_pieces_are_those_of_the_bundled_tokenizer() -> None:
    field = TextField("title/title", 8, "titles", hashes=1 << 16, units="pieces")
    assert len(field.features(["the matrix"]).ids) == 2
    assert len(field.features(["xzqv"]).ids) > 1  # no word of the vocabulary
    both = TextField("title/title", 8, "titles", hashes=1 << 16, units="both")
    grams = TextField("title/title", 8, "titles", hashes=1 << 16)
    texts = ["the matrix", "", "alien"]
    found = both.features(texts).lists()
    for place in range(3):
        apart = [kind.features(texts).lists().take(np.array([place])).ids.tolist() for kind in (grams, field)]
        assert found.take(np.array([place])).ids.tolist() == apart[0] + apart[1]
