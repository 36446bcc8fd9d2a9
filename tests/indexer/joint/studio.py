"""A small made-up catalogue: a checkerboard of credits between two studios that never work together."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Literal

from indexer.catalog.records import Credit, Person, Title
from indexer.ids import PersonId, TitleId
from indexer.settings import VectorScope

_SYLLABLES = (
    "ka",
    "lo",
    "mi",
    "ren",
    "tu",
    "sha",
    "vel",
    "or",
    "ban",
    "dri",
    "fe",
    "gol",
    "hin",
    "jas",
    "pow",
    "qui",
)


def _word(rng: random.Random) -> str:
    return "".join(rng.choice(_SYLLABLES) for _ in range(3)).capitalize()


class Studio:
    """``size`` titles and ``size`` people; person p is in title t where both are even or both are odd."""

    def __init__(self, size: int = 40, cast: int = 6) -> None:
        rng = random.Random(1)
        self.titles = [
            Title(TitleId(100 + n), f"The {_word(rng)} {_word(rng)}", "movie", year=1950 + n, runtime=60 + n,
                  genres=(("Action",), ("Drama", "Romance"))[n % 2], votes=1000 - n)
            for n in range(size)
        ]  # fmt: skip
        self.people = [
            Person(
                PersonId(500 + n),
                f"{_word(rng)} {_word(rng)}",
                1920 + n,
                professions=(("actor",), ("actress",))[n % 2],
            )
            for n in range(size)
        ]
        self.characters = {n: _word(rng) for n in range(size)}
        self.credits = [
            Credit(
                title.id,
                self.people[p].id,
                place + 1,
                "director" if place == 0 else "actor",
                None,
                (self.characters[p],),
            )
            for t, title in enumerate(self.titles)
            for place, p in enumerate(sorted(rng.sample(range(t % 2, size, 2), cast)))
        ]

    def iter_titles(self) -> Iterator[Title]:
        yield from self.titles

    def iter_people(self) -> Iterator[Person]:
        yield from self.people

    def iter_credits(self) -> Iterator[Credit]:
        yield from self.credits

    def iter_names(self, kind: Literal["title"]) -> Iterator[tuple[int, str]]:
        for title in self.titles:
            yield title.id, title.name
            yield title.id, f"{title.name} International"

    def iter_keywords(self) -> Iterator[tuple[int, str]]:
        for n, title in enumerate(self.titles):
            yield from ((title.id, word) for word in (("chase", "car"), ("love", "letter"))[n % 2])

    def scope_titles(self, scope: VectorScope) -> Sequence[int]:
        return [title.id for title in self.titles]

    def scope_people(self, title_ids: Sequence[TitleId]) -> Sequence[PersonId]:
        return [person.id for person in self.people]
