"""Plots made of a few words for each genre, and rows of them: small, plain, and different in every draw."""

import random
from collections.abc import Sequence

import numpy as np

from indexer.predictors.genre.plots import Plots, Rows
from indexer.predictors.genre.rows import GenreRow

WORDS = {
    "western": "sheriff ranch outlaw saloon cattle stagecoach gunfight frontier bandit prairie".split(),
    "horror": "ghost vampire haunted curse zombie scream basement demon corpse exorcist".split(),
    "comedy": "joke wedding awkward roommate prank clumsy hilarious comedian vacation mistake".split(),
    "drama": "grief divorce father illness forgive lonely factory letter regret mother".split(),
    "action": "explosion agent chase missile hostage commando sniper heist rescue".split(),
    "documentary": "interviews archive footage historian examines climate explores portrait".split(),
}
FILLER = "a young person in the town meets another and before long everything changes for them".split()


def text_of(genre: str, draw: random.Random) -> str:
    told = draw.sample(WORDS[genre], 4) + draw.sample(FILLER, 8)
    draw.shuffle(told)
    return " ".join(told).capitalize() + "."


def rows(each: int, genres: tuple[str, ...] = tuple(WORDS), seed: int = 0) -> list[GenreRow]:
    draw = random.Random(seed)
    made = [
        GenreRow(f"{genre.title()} {seed}-{n}", 1950 + n % 60, genre, text_of(genre, draw))
        for genre in genres
        for n in range(each)
    ]
    draw.shuffle(made)
    return made


class Pointing:
    """An encoder of 8 columns: how many words of each genre a text has, and its length."""

    width = 8
    fingerprint = "pointing"

    def encode(self, texts: Sequence[str], progress: object = None) -> Rows:
        found = np.zeros((len(texts), 8), np.float32)
        for row, text in zip(found, texts, strict=True):
            words = text.lower().strip(".").split()
            row[:6] = [sum(word in known for word in words) for known in WORDS.values()]
            row[6:] = 1, len(words) / 12
        unit: Rows = found / np.linalg.norm(found, axis=1, keepdims=True)
        return unit

    def encode_one(self, text: str) -> Rows:
        one: Rows = self.encode([text])[0]
        return one


def plots_of(made: list[GenreRow]) -> Plots:
    texts = [row.text for row in made]
    return Plots(texts, Pointing().encode(texts))


def one_hot(made: list[GenreRow], labels: tuple[str, ...]) -> Rows:
    return np.array([[float(row.genre == label) for label in labels] for row in made], np.float32)
