"""A random forest over TF-IDF, kept as arrays of its nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from indexer.predictors.genre.balance import balanced
from indexer.predictors.genre.classifier import Classifier, Lesson
from indexer.predictors.genre.plots import Plots, Rows, State
from indexer.predictors.genre.words import Words

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

_TREES, _TERMS, _LEAF = 200, 4_000, 2
_FLOOR = 1e-3  # of a share of trees, so that its logarithm is finite
_LEAVES = -1  # where a node has no children


class WordForest(Classifier):
    """Scores are the logarithm of the mean share of each genre in the leaves a plot falls into."""

    kind = "tfidf_forest"

    def __init__(self, words: Words | None = None, nodes: dict[str, NDArray[Any]] | None = None) -> None:
        self._words = words or Words([], np.zeros(0, np.float32))
        self._nodes = nodes or {}
        self._exclusive = True

    def fit(self, plots: Plots, targets: Rows, lesson: Lesson) -> None:
        """All genres in the same trees."""
        from sklearn.ensemble import RandomForestClassifier

        self._words = Words.learnt(plots, _TERMS)
        self._exclusive = lesson.exclusive
        rows, wanted, weights = self._words.rows(plots), targets, np.ones(len(targets), np.float32)
        if lesson.exclusive:
            rows, wanted, weights = balanced(rows, targets, lesson.balance, lesson.seed)
        truth = wanted.argmax(axis=1) if lesson.exclusive else wanted > 0
        forest = RandomForestClassifier(_TREES, min_samples_leaf=_LEAF, random_state=lesson.seed)
        forest.fit(rows, truth, sample_weight=weights)
        self._nodes = _nodes(forest, targets.shape[1], exclusive=lesson.exclusive)

    def scores(self, plots: Plots) -> Rows:
        """(B, G)."""
        shares = np.maximum(self._shares(self._words.rows(plots)), _FLOOR)
        scores: Rows = np.log(shares) if self._exclusive else np.log(shares / np.maximum(1 - shares, _FLOOR))
        return scores

    def state(self) -> State:
        """The vocabulary and the nodes of all trees, one after the other."""
        own = State(dict(self._nodes), {"exclusive": self._exclusive})
        return own | self._words.state().within("words")

    @classmethod
    def from_state(cls, state: State) -> Self:
        """What ``state`` gave."""
        nodes = {name: a for name, a in state.arrays.items() if not name.startswith("words/")}
        found = cls(Words.from_state(state.part("words")), nodes)
        found._exclusive = bool(state.facts["exclusive"])
        return found

    def _shares(self, rows: csr_matrix) -> Rows:
        """(B, G): every plot walks down every tree, all plots a level at a time."""
        dense = rows.toarray()
        total = np.zeros((len(dense), self._nodes["value"].shape[1]), np.float32)
        for root in self._nodes["roots"].tolist():
            total += self._nodes["value"][self._leaves(dense, root)]
        return (total / max(1, len(self._nodes["roots"]))).astype(np.float32)

    def _leaves(self, dense: NDArray[Any], root: int) -> NDArray[np.int64]:
        at = np.full(len(dense), root, np.int64)
        left, right = self._nodes["left"], self._nodes["right"]
        while (inner := np.flatnonzero(left[at] != _LEAVES)).size:
            here = at[inner]
            lower = dense[inner, self._nodes["term"][here]] <= self._nodes["threshold"][here]
            at[inner] = np.where(lower, left[here], right[here])
        return at


def _nodes(forest: Any, classes: int, *, exclusive: bool) -> dict[str, NDArray[Any]]:
    """Children, term, threshold and genre shares of every node; the children count from the first tree on."""
    trees = [estimator.tree_ for estimator in forest.estimators_]
    sizes = [tree.node_count for tree in trees]
    roots = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)
    own = [_children(tree, int(root)) for tree, root in zip(trees, roots, strict=True)]
    values = [_values(tree.value, forest.classes_, classes, exclusive=exclusive) for tree in trees]
    return {
        "roots": roots,
        "left": np.concatenate([left for left, _ in own]),
        "right": np.concatenate([right for _, right in own]),
        "term": np.concatenate([np.maximum(tree.feature, 0) for tree in trees]).astype(np.int64),
        "threshold": np.concatenate([tree.threshold for tree in trees]),
        "value": np.concatenate(values),
    }


def _children(tree: Any, root: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    leaf = tree.children_left == _LEAVES
    left = np.where(leaf, _LEAVES, tree.children_left + root).astype(np.int64)
    return left, np.where(leaf, _LEAVES, tree.children_right + root).astype(np.int64)


def _values(value: NDArray[Any], held: Any, classes: int, *, exclusive: bool) -> Rows:
    """(nodes, G): each genre's share in a node; ``value`` is scikit-learn's (nodes, outputs, classes)."""
    found = np.zeros((len(value), classes), np.float32)
    if exclusive:
        found[:, held] = value[:, 0] / value[:, 0].sum(axis=1, keepdims=True)
        return found
    for column, known in enumerate(held if isinstance(held, list) else [held]):
        if True in known:
            place = list(known).index(True)
            found[:, column] = value[:, column, place] / value[:, column].sum(axis=1)
    return found
