"""What a title is coloured by: its genre, its decade, its type."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from indexer.catalog.records import Title

# Paul Tol's muted scheme (2021), which colour-blind people can tell apart, and its grey for the rest.
COLOURS = ("#332288", "#cc6677", "#117733", "#ddcc77", "#88ccee", "#882255", "#44aa99", "#999933", "#aa4499")
GREY = "#bbbbbb"
# Years are ordered, and so are these: ten steps of viridis (Smith and van der Walt 2015), old to new.
SHADES = (
    "#440154", "#482878", "#3e4a89", "#31688e", "#26828e",
    "#1f9e89", "#35b779", "#6ece58", "#b5de2b", "#fde725",
)  # fmt: skip
MARKERS = ("o", "^", "s")
OTHER, UNKNOWN = "other", "unknown"


@dataclass(frozen=True)
class Group:
    """One entry of a legend."""

    label: str
    colour: str
    marker: str
    count: int


@dataclass(frozen=True)
class Grouping:
    """How the titles of one picture fall into groups. labels: the (N,) group of each title."""

    name: str
    meaning: str
    labels: tuple[str, ...]
    groups: tuple[Group, ...]


def groupings(titles: Sequence[Title]) -> list[Grouping]:
    """By genre, decade and type."""
    return [by_genre(titles), by_decade(titles), by_type(titles)]


def by_genre(titles: Sequence[Title]) -> Grouping:
    """A title of several genres goes by the rarest of them, of the nine commonest here: a drama tells less
    than a horror film.
    """
    counts = Counter(genre for title in titles for genre in title.genres)
    shown = dict(_commonest(counts))
    labels = [
        min((genre for genre in title.genres if genre in shown), key=_rarity(shown), default=_rest(title))
        for title in titles
    ]
    return Grouping("genre", "the rarest of a title's genres", tuple(labels), _coloured(labels))


def _rarity(counts: dict[str, int]) -> Callable[[str], tuple[int, str]]:
    return lambda genre: (counts[genre], genre)


def _rest(title: Title) -> str:
    return OTHER if title.genres else UNKNOWN


def by_type(titles: Sequence[Title]) -> Grouping:
    """The nine commonest types; the rest is "other"."""
    told = [spaced(title.type) for title in titles]
    shown = dict(_commonest(Counter(told)))
    labels = [label if label in shown else OTHER for label in told]
    return Grouping("type", "what a title is", tuple(labels), _coloured(labels))


def by_decade(titles: Sequence[Title]) -> Grouping:
    """The nine latest decades; what is older goes together."""
    starts = sorted({title.year // 10 * 10 for title in titles if title.year is not None})
    first = starts[-(len(SHADES) - 1) :][0] if starts else 0
    labels = [_decade(title.year, first) for title in titles]
    counts = Counter(labels)
    known = sorted(counts.keys() - {UNKNOWN}, key=lambda label: (label[0] != "b", label))
    step = (len(SHADES) - 1) / max(len(known) - 1, 1)
    groups = [
        Group(label, SHADES[round(place * step)], "o", counts[label]) for place, label in enumerate(known)
    ]
    return Grouping("decade", "when it came out", tuple(labels), (*groups, *_grey(counts)))


def _decade(year: int | None, first: int) -> str:
    if year is None:
        return UNKNOWN
    return f"{year // 10 * 10}s" if year >= first else f"before {first}"


def spaced(kind: str) -> str:
    """A type as it is read: tvMiniSeries -> "TV mini series"."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind).lower()
    return re.sub(r"^tv\b", "TV", words)


def _commonest(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[: len(COLOURS)]


def _coloured(labels: Iterable[str]) -> tuple[Group, ...]:
    """Groups by size, the largest first; grey ones last."""
    counts = Counter(labels)
    told = Counter({label: counts[label] for label in counts.keys() - {OTHER, UNKNOWN}})
    groups = [
        Group(label, COLOURS[place], MARKERS[place % len(MARKERS)], count)
        for place, (label, count) in enumerate(_commonest(told))
    ]
    return (*groups, *_grey(counts))


def _grey(counts: Counter[str]) -> list[Group]:
    return [Group(label, GREY, "o", counts[label]) for label in (OTHER, UNKNOWN) if counts[label]]
