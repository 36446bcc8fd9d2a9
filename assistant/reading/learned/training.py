"""Training of the tagger: an averaged perceptron over whole sequences."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Sequence

import numpy as np

from assistant.reading.learned.features import ROWS, Ids, encode
from assistant.reading.learned.generate import Tagged
from assistant.reading.learned.tagger import Tagger, viterbi

Say = Callable[[str], None]


class Perceptron:
    """Weights and their sums over all steps, of which the average is what is kept."""

    def __init__(self, labels: Sequence[str], rows: int = ROWS) -> None:
        self.labels = tuple(labels)
        count = len(labels)
        self._emit = np.zeros((rows, count), dtype=np.float32)
        self._emit_sum = np.zeros((rows, count), dtype=np.float32)
        self._move = np.zeros((count, count), dtype=np.float32)
        self._move_sum = np.zeros((count, count), dtype=np.float32)
        self._steps = 1

    def learn(self, ids: Ids, gold: Sequence[int]) -> bool:
        """One question: where the best path is another, the weights move towards ``gold``."""
        self._steps += 1
        path = viterbi(self._emit[ids].sum(1), self._move)
        if list(gold) == path:
            return True
        for place, (right, wrong) in enumerate(zip(gold, path, strict=True)):
            if right != wrong:
                self._shift(ids[place], right, wrong)
        self._shift_moves(gold, 1.0)
        self._shift_moves(path, -1.0)
        return False

    def _shift(self, rows: Ids, right: int, wrong: int) -> None:
        for label, by in ((right, 1.0), (wrong, -1.0)):
            np.add.at(self._emit[:, label], rows, by)
            np.add.at(self._emit_sum[:, label], rows, by * self._steps)

    def _shift_moves(self, path: Sequence[int], by: float) -> None:
        for first, second in itertools.pairwise(path):
            self._move[first, second] += by
            self._move_sum[first, second] += by * self._steps

    def averaged(self) -> Tagger:
        """The average of the weights over all steps."""
        share = np.float32(1 / self._steps)
        return Tagger(self.labels, self._emit - share * self._emit_sum, self._move - share * self._move_sum)


def trained(
    questions: Sequence[Tagged], labels: Sequence[str], epochs: int, seed: int = 0, say: Say | None = None
) -> Tagger:
    """A tagger trained on the questions, some seconds for each ten thousand and epoch on one core."""
    at = {label: place for place, label in enumerate(labels)}
    data = [
        (encode(item.keys, item.texts), [at[label] for label in item.labels])
        for item in questions
        if item.keys
    ]
    model = Perceptron(labels)
    rng = random.Random(seed)
    for epoch in range(epochs):
        rng.shuffle(data)
        right = sum(model.learn(ids, gold) for ids, gold in data)
        if say is not None:
            say(f"epoch {epoch + 1}: {right:,} of {len(data):,} questions tagged right")
    return model.averaged()


def share_right(tagger: Tagger, questions: Sequence[Tagged]) -> float:
    """The share of the questions of which every word gets its own label; 0 where there are none."""
    right = 0
    for item in questions:
        path = tagger.best(encode(item.keys, item.texts))
        right += [tagger.labels[label] for label in path] == list(item.labels)
    return right / max(1, len(questions))
