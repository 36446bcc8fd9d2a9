"""Which of five folds a question falls into: a figure on it comes from a model that never saw it."""

from __future__ import annotations

import hashlib

from indexer.text import fold

FOLDS = 5


def fold_of(question: str) -> int:
    """0 to 4, by a hash of the folded words, so that spellings of one question share a fold."""
    digest = hashlib.blake2b(fold(question).encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") % FOLDS
