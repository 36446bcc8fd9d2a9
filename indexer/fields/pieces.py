"""Strings as hashed word pieces, cut by the tokenizer of the bundled MiniLM."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from indexer.fields.arrays import Csr
from indexer.fields.hashing import bucket

if TYPE_CHECKING:
    from tokenizers import Tokenizer


def hash_pieces(texts: Sequence[str], size: int) -> Csr:
    """The word pieces of N folded texts, as ids in 0..size-1; an empty text has none.

    size: the number of buckets, a power of two. Raises InputError where the package of the model is damaged.
    """
    found = [coded.ids for coded in _tokenizer().encode_batch_fast(list(texts), add_special_tokens=False)]
    ids = np.fromiter((piece for group in found for piece in group), np.uint64)
    return Csr.of(bucket(ids + np.uint64(1), size), [len(group) for group in found])


@cache
def _tokenizer() -> Tokenizer:
    from tokenizers import Tokenizer

    from indexer.overviews.recipes import bundled_folder

    tokenizer = Tokenizer.from_file(str(bundled_folder() / "tokenizer.json"))
    tokenizer.no_padding()  # the published file pads everything to 128
    tokenizer.no_truncation()
    return tokenizer
