"""A shelf of films whose plots are points on a circle: small enough to compute every answer by hand."""

from collections.abc import Iterable, Iterator
from typing import cast

import numpy as np
from numpy.typing import NDArray

from indexer.catalog.catalog import Catalog
from indexer.catalog.records import Title
from indexer.ids import TitleId


class Shelf:
    def __init__(
        self,
        titles: list[Title],
        collections: tuple[set[int], ...] = (),
        texts: dict[int, str] | None = None,
    ) -> None:
        self._texts = texts or {}
        self._titles = {title.id: title for title in titles}
        self._collections = collections

    def title(self, title_id: int) -> Title | None:
        return self._titles.get(TitleId(title_id))

    def titles(self, ids: Iterable[int]) -> dict[TitleId, Title]:
        return {TitleId(i): self._titles[TitleId(i)] for i in ids if TitleId(i) in self._titles}

    def overviews(self, ids: Iterable[int]) -> dict[TitleId, str]:
        return {TitleId(i): self._texts[i] for i in ids if i in self._texts}

    def iter_titles(self) -> Iterator[Title]:
        return iter(self._titles.values())

    def collection(self, title_id: int) -> list[TitleId]:
        return [TitleId(i) for found in self._collections if title_id in found for i in sorted(found)]


def shelf(titles: list[Title], *collections: set[int], texts: dict[int, str] | None = None) -> Catalog:
    return cast("Catalog", Shelf(titles, collections, texts))


def film(number: int, genres: tuple[str, ...] = (), year: int | None = 2000, votes: int = 1_000) -> Title:
    return Title(TitleId(number), f"Film {number}", "movie", year=year, genres=genres, votes=votes)


def at(*degrees: float) -> NDArray[np.float32]:
    """(N, 2) unit rows."""
    angle = np.radians(np.array(degrees))
    return np.stack([np.cos(angle), np.sin(angle)], axis=1).astype(np.float32)
