"""Bags of words: stems and pairs of them, weighed by how rare they are (TF-IDF)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from indexer.predictors.genre.plots import Plots, State
from indexer.predictors.genre.preprocessing import terms

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import TfidfVectorizer

_FEWEST = 5  # texts that a term stands in, of many texts; of few 2
_MANY = 10_000


class Words:
    """A vocabulary with weights. Plots become (B, V) sparse unit rows; one without a known term is zero."""

    def __init__(self, vocabulary: Sequence[str], idf: NDArray[np.float32]) -> None:
        self.vocabulary, self.idf = list(vocabulary), idf  # V terms, (V,)
        self._vectorizer: TfidfVectorizer | None = None

    def __len__(self) -> int:
        return len(self.vocabulary)

    @classmethod
    def learnt(cls, plots: Plots, most: int = 40_000) -> Words:
        """The ``most`` frequent terms of some plots; none where no term stands in two of them."""
        fewest = min(len(plots), _FEWEST if len(plots) > _MANY else 2)
        vectorizer = _vectorizer(min_df=max(1, fewest), max_features=most)
        try:
            vectorizer.fit(plots.stems())
        except ValueError:  # scikit-learn's word for an empty vocabulary
            return cls([], np.zeros(0, np.float32))
        return cls(vectorizer.get_feature_names_out().tolist(), vectorizer.idf_.astype(np.float32))

    def rows(self, plots: Plots) -> csr_matrix:
        """(B, V) float32, sparse."""
        from scipy.sparse import csr_matrix

        if not self.vocabulary or not len(plots):
            return csr_matrix((len(plots), len(self)), dtype=np.float32)
        return csr_matrix(self._ready().transform(plots.stems()), dtype=np.float32)

    def state(self) -> State:
        """To write down."""
        return State({"idf": self.idf}, {"vocabulary": self.vocabulary})

    @classmethod
    def from_state(cls, state: State) -> Words:
        """What ``state`` gave."""
        return cls(state.facts["vocabulary"], state.arrays["idf"])

    def _ready(self) -> TfidfVectorizer:
        if self._vectorizer is None:
            made = _vectorizer(vocabulary=self.vocabulary)
            made.idf_ = self.idf.astype(np.float64)
            self._vectorizer = made
        return self._vectorizer


def _vectorizer(**options: Any) -> TfidfVectorizer:
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(analyzer=terms, sublinear_tf=True, dtype=np.float32, **options)
