"""What models of genre learn from: the catalogue's overviews with several genres, rows of a file with one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from indexer.errors import ShapeError
from indexer.predictors.genre.plots import Plots, Rows
from indexer.predictors.genre.preprocessing import in_english

if TYPE_CHECKING:
    from indexer.catalog.catalog import Catalog
    from indexer.catalog.records import Title
    from indexer.overviews.cache import TextEncoder
    from indexer.predictors.genre.rows import GenreRow
    from indexer.predictors.genre.twins import HeldOut

_FEWEST = 2  # plots a genre needs before it is learnt


@dataclass(frozen=True)
class Material:
    """N plots with their genres, (N, G) of 0 and 1.

    years: None where unknown; ids: of the catalogue's titles, empty for rows of a file. aside: what was not
    taken, by reason.
    """

    plots: Plots
    labels: tuple[str, ...]
    targets: Rows
    years: tuple[int | None, ...] = ()
    ids: tuple[int, ...] = ()
    aside: dict[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.plots)

    def take(self, places: NDArray[np.int64]) -> Material:
        """Those at some places, of the same genres."""
        return Material(
            self.plots.take(places),
            self.labels,
            self.targets[places],
            tuple(self.years[place] for place in places) if self.years else (),
            tuple(self.ids[place] for place in places) if self.ids else (),
        )

    def to_json(self) -> dict[str, Any]:
        """Its numbers: plots, genres, what was set aside."""
        return {"plots": len(self), "genres": len(self.labels), "aside": dict(self.aside)}


def from_catalog(
    catalog: Catalog, ids: NDArray[np.int64], vectors: Rows, without: HeldOut | None = None
) -> Material:
    """Titles with genres and an English overview; ids (N,), vectors (N, D) of the overviews.

    ``without``: films to leave out, as they are measured on.
    """
    if len(ids) != len(vectors):
        raise ShapeError(f"{len(ids)} ids and {len(vectors)} vectors")
    titles, texts = catalog.titles(ids.tolist()), catalog.overviews(ids.tolist())
    places = [place for place, i in enumerate(ids.tolist()) if i in titles and titles[i].genres]
    aside: Counter[str] = Counter({"no genre": len(ids) - len(places)})
    films = [titles[ids[place].item()] for place in places]
    words = [texts.get(film.id, "") for film in films]
    held = [
        without is not None and _stands(without, film, text) for film, text in zip(films, words, strict=True)
    ]
    aside["held out"] = sum(held)
    kept = [n for n, out in enumerate(held) if not out]
    kept, words = _english(kept, [words[n] for n in kept], aside)
    genres = [films[n].genres for n in kept]
    labels = _labels(genres)
    plots = Plots(words, vectors[[places[n] for n in kept]])
    found = tuple((films[n].year, int(films[n].id)) for n in kept)
    return Material(
        plots, labels, _targets(genres, labels), tuple(y for y, _ in found), tuple(i for _, i in found),
        _positive(aside),
    )  # fmt: skip


def from_rows(
    rows: Sequence[GenreRow], encoder: TextEncoder | None, labels: Sequence[str] | None = None
) -> Material:
    """Rows with one genre each, in English; ``labels`` where other rows decided which genres there are.

    encoder: ``None`` where nothing is to read vectors.
    """
    aside: Counter[str] = Counter()
    kept, texts = _english(range(len(rows)), [row.text for row in rows], aside)
    known = tuple(labels) if labels is not None else _labels([(rows[place].genre,) for place in kept])
    named = [n for n, place in enumerate(kept) if rows[place].genre in known]
    aside["a genre of too few rows"] = len(kept) - len(named)
    kept, texts = [kept[n] for n in named], [texts[n] for n in named]
    vectors = encoder.encode(texts) if encoder is not None else np.zeros((len(texts), 0), np.float32)
    genres = [(rows[place].genre,) for place in kept]
    years = tuple(rows[place].year for place in kept)
    return Material(Plots(texts, vectors), known, _targets(genres, known), years, (), _positive(aside))


def _stands(held: HeldOut, film: Title, text: str) -> bool:
    names = [film.name, *([film.original_name] if film.original_name else [])]
    return held.holds(names, film.year, text)


def _english(places: Sequence[int], texts: Sequence[str], aside: Counter[str]) -> tuple[list[int], list[str]]:
    """The places and cleaned texts of the English ones; a text that is not there ("") stays."""
    absent = [n for n, text in enumerate(texts) if not text]
    found = in_english(texts)
    aside.update({f"language {code or 'none'}": n for code, n in found.aside.items()})
    aside["language none"] -= len(absent)
    cleaned = dict(zip(found.places, found.texts, strict=True)) | dict.fromkeys(absent, "")
    kept = sorted(cleaned)
    return [places[n] for n in kept], [cleaned[n] for n in kept]


def _positive(aside: Counter[str]) -> dict[str, int]:
    return {name: count for name, count in sorted(aside.items()) if count > 0}


def _labels(genres: Sequence[Sequence[str]]) -> tuple[str, ...]:
    counts = Counter(genre for held in genres for genre in held)
    return tuple(sorted(genre for genre, count in counts.items() if count >= _FEWEST))


def _targets(genres: Sequence[Sequence[str]], labels: Sequence[str]) -> Rows:
    columns = {genre: column for column, genre in enumerate(labels)}
    targets = np.zeros((len(genres), len(labels)), np.float32)
    for row, held in enumerate(genres):
        targets[row, [columns[genre] for genre in held if genre in columns]] = 1
    return targets
