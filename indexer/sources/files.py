"""Which source files there are, and the check of all of them before anything is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from indexer.errors import SourceError
from indexer.sources import movies_dataset
from indexer.sources.blocks import FileFacts, survey
from indexer.sources.layouts import LAYOUTS, Layout
from indexer.sources.tsv import check_header


@dataclass(frozen=True)
class Sources:
    """The files of one build: IMDb's by name of their layout, and those of The Movies Dataset where there
    are any.
    """

    data: Path
    tables: dict[str, Path] = field(default_factory=dict)
    overviews: Path | None = None
    keywords: Path | None = None
    credits: Path | None = None

    @classmethod
    def find(
        cls,
        data: Path,
        overviews: Path | None = None,
        keywords: Path | None = None,
        credits: Path | None = None,
    ) -> Sources:
        """The files in the folder ``data``, plain or gzip; a plain file wins over its gzip.

        Raises SourceError where the folder or one of basics, principals and names is missing.
        """
        if not data.is_dir():
            raise SourceError(
                f"{data} is not a folder; expected one with IMDb's files, such as title.basics.tsv.gz"
            )
        found = {layout.name: path for layout in LAYOUTS if (path := _path(data, layout)) is not None}
        missing = [
            f"{layout.name}.tsv.gz" for layout in LAYOUTS if layout.required and layout.name not in found
        ]
        if missing:
            raise SourceError(
                f"{data} lacks {', '.join(missing)} (with or without .gz): give the folder that has them, or "
                "download them with: python -m indexer download"
            )
        return cls(data, found, overviews, keywords, credits)

    def paths(self) -> list[Path]:
        """All files, in the order in which they are read."""
        extra = [path for path in (self.overviews, self.keywords, self.credits) if path is not None]
        return [*self.tables.values(), *extra]


def preflight(sources: Sources) -> dict[Path, FileFacts]:
    """Reads every file once: headers, gzip, UTF-8. Gives each one's check sum, size and lines.

    Raises SourceError with file, line and what was expected, at the first fault.
    """
    for layout in LAYOUTS:
        if layout.name in sources.tables:
            check_header(sources.tables[layout.name], layout)
    for path, needed in (
        (sources.overviews, movies_dataset.METADATA),
        (sources.keywords, movies_dataset.KEYWORDS),
        (sources.credits, movies_dataset.CREDITS),
    ):
        if path is not None:
            movies_dataset.check_header(path, needed)
    return {path: survey(path) for path in sources.paths()}


def _path(data: Path, layout: Layout) -> Path | None:
    candidates = (data / f"{layout.name}.tsv", data / f"{layout.name}.tsv.gz")
    return next((path for path in candidates if path.is_file()), None)
