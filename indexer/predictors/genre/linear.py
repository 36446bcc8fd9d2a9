"""Linear models over bags of words, the encoder's vectors, or both side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from indexer.errors import ShapeError
from indexer.predictors.genre.balance import balanced, class_weights
from indexer.predictors.genre.classifier import Classifier, Lesson
from indexer.predictors.genre.plots import Plots, Rows, State
from indexer.predictors.genre.solving import fit_linear, product
from indexer.predictors.genre.words import Words

if TYPE_CHECKING:
    from indexer.predictors.genre.solving import Block

# Of the squared weights over all rows together, columns of variance about 1. Chosen in development among nine
# from 1 to 800, by a held-out fifth of 8,000 overviews.
PENALTY = 100.0
_WORD_SCALE = np.float32(10.0)  # how much more a word may weigh than a column of a vector
_SOFTENING = 0.1  # of counts in naive Bayes
_COST = 0.5  # of a row on the wrong side, in the support vector machine


class Linear(Classifier):
    """Scores are sums over columns; what learns them is told by the subclass."""

    uses_words: ClassVar[bool] = False
    uses_vectors: ClassVar[bool] = False

    def __init__(
        self, weights: Rows | None = None, bias: Rows | None = None, words: Words | None = None
    ) -> None:
        self.weights = np.zeros((0, 0), np.float32) if weights is None else weights  # (D, G)
        self.bias = np.zeros(0, np.float32) if bias is None else bias  # (G,)
        self.words = words

    def fit(self, plots: Plots, targets: Rows, lesson: Lesson) -> None:
        """Learns the vocabulary, then the weights."""
        self.words = Words.learnt(plots) if self.uses_words else None
        blocks, wanted, weights = _prepared(self._blocks(plots), targets, lesson)
        self.weights, self.bias = self._learnt(blocks, wanted, weights, lesson)

    def scores(self, plots: Plots) -> Rows:
        """Raises ShapeError for vectors of another width than those learnt from."""
        blocks = self._blocks(plots)
        width = sum(int(block.shape[1]) for block in blocks)
        if width != len(self.weights):
            raise ShapeError(f"plots of {width} columns, expected {len(self.weights)}")
        return product(blocks, self.weights) + self.bias

    def state(self) -> State:
        """Weights, bias, and the vocabulary where there is one."""
        own = State({"weights": self.weights, "bias": self.bias})
        return own if self.words is None else own | self.words.state().within("words")

    @classmethod
    def from_state(cls, state: State) -> Self:
        """What ``state`` gave."""
        words = Words.from_state(state.part("words")) if cls.uses_words else None
        return cls(state.arrays["weights"], state.arrays["bias"], words)

    def _learnt(
        self, blocks: Sequence[Block], targets: Rows, weights: Rows, lesson: Lesson
    ) -> tuple[Rows, Rows]:
        return fit_linear(blocks, targets, PENALTY, weights, exclusive=lesson.exclusive)

    def _blocks(self, plots: Plots) -> list[Block]:
        blocks: list[Block] = []
        if self.uses_vectors:
            blocks.append(scaled(plots.vectors))
        if self.words is not None:
            blocks.append(self.words.rows(plots) * _WORD_SCALE)
        return blocks


def scaled(vectors: Rows) -> Rows:
    """Unit rows times the root of their width: columns of variance about 1."""
    return vectors * np.float32(np.sqrt(max(1, vectors.shape[1])))


def _prepared(blocks: list[Block], targets: Rows, lesson: Lesson) -> tuple[Sequence[Block], Rows, Rows]:
    """Blocks, targets and weights after what the lesson does about rare genres."""
    if not lesson.exclusive or lesson.balance == "none":
        return blocks, targets, np.ones(len(targets), np.float32)
    if len(blocks) > 1:
        return blocks, targets, class_weights(targets)
    rows, wanted, weights = balanced(blocks[0], targets, lesson.balance, lesson.seed)
    return [rows], wanted, weights


class BertHead(Linear):
    """Logistic regression over the vectors of the frozen encoder: small BERT with a new head."""

    kind = "bert_head"
    uses_vectors = True


class WordLogistic(Linear):
    """Logistic regression over TF-IDF."""

    kind = "tfidf_logistic"
    uses_words = True


class Blend(Linear):
    """Logistic regression over vectors and TF-IDF side by side."""

    kind = "blend"
    uses_words = uses_vectors = True


class WordBayes(Linear):
    """Multinomial naive Bayes over TF-IDF; of several genres one each, against all other plots."""

    kind = "tfidf_bayes"
    uses_words = True

    def _learnt(
        self, blocks: Sequence[Block], targets: Rows, weights: Rows, lesson: Lesson
    ) -> tuple[Rows, Rows]:
        held = targets * weights[:, None]  # (N, G)
        if lesson.exclusive:
            return _word_chances(blocks[0], held), np.log(held.sum(axis=0) + _SOFTENING).astype(np.float32)
        others = weights[:, None] - held
        odds = np.log((held.sum(axis=0) + _SOFTENING) / (others.sum(axis=0) + _SOFTENING))
        return _word_chances(blocks[0], held) - _word_chances(blocks[0], others), odds.astype(np.float32)


def _word_chances(rows: Block, held: Rows) -> Rows:
    """(V, G) log of how often each term comes in each genre's plots; the scale of the rows is taken out."""
    counts = np.asarray(rows.T @ held) / _WORD_SCALE + _SOFTENING
    chances: Rows = (np.log(counts / counts.sum(axis=0, keepdims=True)) / _WORD_SCALE).astype(np.float32)
    return chances


class WordSvm(Linear):
    """A linear support vector machine a genre, over TF-IDF."""

    kind = "tfidf_svm"
    uses_words = True

    def _learnt(
        self, blocks: Sequence[Block], targets: Rows, weights: Rows, lesson: Lesson
    ) -> tuple[Rows, Rows]:
        rows = blocks[0] / _WORD_SCALE
        learnt = [
            _boundary(rows, targets[:, column], weights, lesson.seed) for column in range(targets.shape[1])
        ]
        width = int(rows.shape[1])
        found = np.array([weight for weight, _ in learnt], np.float32).reshape(-1, width)
        bias = np.array([bias for _, bias in learnt], np.float32)
        return np.ascontiguousarray(found.T) / _WORD_SCALE, bias


def _boundary(rows: Block, held: Rows, weights: Rows, seed: int) -> tuple[NDArray[np.float64], float]:
    """Weights (V,) and bias of one genre against the others; of one that all or none have, the bias alone."""
    from sklearn.svm import LinearSVC

    if not rows.shape[1] or held.min() == held.max():
        return np.zeros(rows.shape[1]), float(2 * held.max(initial=0) - 1)
    model = LinearSVC(C=_COST, random_state=seed).fit(rows, held > 0, sample_weight=weights)
    return model.coef_[0], float(model.intercept_[0])
