"""The typed way to open an index: cheap to open, each heavy part loaded on its first use."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar, cast

from indexer import deadline
from indexer.catalog.catalog import Catalog
from indexer.errors import Busy, IndexMissing, WhoplayedError
from indexer.layout import MEND, current_build
from indexer.locks import DirectoryLock
from indexer.manifest import Manifest, read_manifest, settings_of
from indexer.settings import Settings, index_path

if TYPE_CHECKING:
    from indexer.fields.arrays import Floats, Ints
    from indexer.joint.space import JointSpace
    from indexer.linking.linker import Linker
    from indexer.linking.names import NameIndex
    from indexer.overviews.encoder import Encoder
    from indexer.predictors.genre import GenreModel
    from indexer.predictors.rating import RatingModel
    from indexer.predictors.similar import SimilarTitles
    from indexer.vectors import Vectors

Part = TypeVar("Part")
_TRIES = 5  # a build can be replaced and pruned between reading its name and holding it; hardly five times


class Index:
    """One build, held open for reading: ``prune`` leaves it alone until ``close()``. For any thread."""

    def __init__(self, directory: Path, lock: DirectoryLock | None = None, root: Path | None = None) -> None:
        self.directory = directory
        self.manifest: Manifest = read_manifest(directory)
        self.settings: Settings = settings_of(self.manifest)
        self.chroma_url: str | None = None
        self._root, self._lock = root, lock
        self._parts: dict[str, Any] = {}
        self._opening = RLock()

    @classmethod
    def open(cls, path: Path | None = None, *, chroma_url: str | None = None) -> Index:
        """The build that serves at ``path`` (default: see ``settings.index_path``).

        Raises IndexMissing or FormatMismatch with the command that mends it. ``chroma_url`` is a Chroma
        server to ask instead of the build's own files.
        """
        root = index_path(path)
        directory, lock = _hold(root)
        try:
            index = cls(directory, lock, root)
        except BaseException:
            lock.release()
            raise
        index.chroma_url = chroma_url
        return index

    def __enter__(self) -> Index:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close what was opened and let the build go; a second call does nothing."""
        with self._opening:
            for part in list(self._parts.values()):
                end = getattr(part, "close", None)
                if callable(end):
                    end()
            self._parts.clear()
        if self._lock is not None:
            self._lock.release()

    @property
    def root(self) -> Path | None:
        """The folder that ``open`` was given; None where a build was opened by itself."""
        return self._root

    def stale(self) -> bool:
        """Whether another build serves by now; also where none does any more."""
        if self._root is None:
            return False
        try:
            return current_build(self._root) != self.directory
        except IndexMissing:
            return True

    def successor(self) -> Index | None:
        """The build that serves by now, opened; ``None`` where it is this one, or none can be opened."""
        if self._root is None or not self.stale():
            return None
        try:
            return Index.open(self._root, chroma_url=self.chroma_url)
        except WhoplayedError:
            return None

    def has(self, part: str) -> bool:
        """Whether the build has that part: "vectors", "joint", "names", "linking", "genre" or "rating"."""
        return self._folder(part).is_dir()

    @property
    def catalog(self) -> Catalog:
        """Every record."""
        return self._part("catalog", lambda: Catalog.open(self.directory / "catalog.db"))

    @property
    def vectors(self) -> Vectors | None:
        """The vectors of titles, people and overviews."""
        return self._part("vectors", self._open_vectors) if self.has("vectors") else None

    @property
    def overviews(self) -> tuple[Ints, Floats] | None:
        """The ids (N,) and vectors (N, k) of plots, read without opening Chroma; ``None`` without any."""
        from indexer.vectors import Vectors

        stored = Vectors.stored(self._folder("vectors")) if self.has("vectors") else None
        if stored is None or "overviews" not in stored:
            return None
        ids = stored.ids("overviews")
        return ids, stored.rows("overviews", ids)

    @property
    def joint(self) -> JointSpace | None:
        """The model that puts rows of titles and people into one space."""
        return self._part("joint", self._open_joint) if self.has("joint") else None

    @property
    def names(self) -> dict[str, NameIndex]:
        """The name index of each kind ("title", "person") that the build has."""
        return self._part("names", self._open_names)

    @property
    def linker(self) -> Linker:
        """Query rows to ranked candidates, with whatever parts the build has."""
        return self._part("linker", self._open_linker)

    @property
    def encoder(self) -> Encoder | None:
        """The model that turned overviews into vectors; None where the build has no overview vectors."""
        return self._part("encoder", self._open_encoder) if self._has_overview_vectors() else None

    @property
    def similar(self) -> SimilarTitles | None:
        """Titles like a title or a plot; None where the build has no overview vectors."""
        return self._part("similar", self._open_similar) if self._has_overview_vectors() else None

    @property
    def genre(self) -> GenreModel | None:
        """The model that guesses genres from a plot."""
        return self._part("genre", self._open_genre) if self.has("genre") else None

    @property
    def rating(self) -> RatingModel | None:
        """The model that guesses a rating from a title's facts."""
        return self._part("rating", self._open_rating) if self.has("rating") else None

    def _part(self, name: str, opened: Callable[[], Part]) -> Part:
        """Open once, whichever thread asks first; the others wait. What is open is given without waiting."""
        if name not in self._parts:
            with self._opening:
                if name not in self._parts:
                    with deadline.lifted():  # half an opening would be of no use to the next question
                        self._parts[name] = opened()
        return cast("Part", self._parts[name])

    def _folder(self, part: str) -> Path:
        return self.directory / "vectors" if part == "vectors" else self.directory / "models" / part

    def _has_overview_vectors(self) -> bool:
        return (self.directory / "vectors" / "overviews.npy").is_file()

    def _open_vectors(self) -> Vectors:
        from indexer.vectors import Vectors

        return Vectors.open(self._folder("vectors"), self.chroma_url)

    def _open_joint(self) -> JointSpace:
        from indexer.joint.space import JointSpace

        return JointSpace.load(self._folder("joint"))

    def _open_names(self) -> dict[str, NameIndex]:
        from indexer.linking.names import NameIndex

        folder = self._folder("names")
        return {
            kind: NameIndex.open(folder / kind) for kind in ("title", "person") if (folder / kind).is_dir()
        }

    def _open_linker(self) -> Linker:
        from indexer.linking.facts import FactIndex
        from indexer.linking.linker import Linker
        from indexer.linking.weights import Weights

        weights = Weights.load(self._folder("linking")) if self.has("linking") else Weights.default()
        facts = FactIndex.open(self._folder("names") / "facts") if self.has("names") else None
        return Linker(self.catalog, self.vectors, self.joint, self.names, weights, facts)

    def _open_encoder(self) -> Encoder:
        from indexer.overviews.encoder import Encoder

        return Encoder.open(self.settings.overviews.encoder, self.settings)

    def _open_similar(self) -> SimilarTitles:
        from indexer.predictors.similar import SimilarTitles

        return SimilarTitles(self.catalog, self.vectors, self.encoder)

    def _open_genre(self) -> GenreModel:
        from indexer.predictors.genre import GenreModel

        return GenreModel.load(self._folder("genre"))

    def _open_rating(self) -> RatingModel:
        from indexer.predictors.rating import RatingModel

        return RatingModel.load(self._folder("rating"))


def _hold(root: Path) -> tuple[Path, DirectoryLock]:
    """The build that serves and a shared hold on it."""
    for _ in range(_TRIES):
        directory = current_build(root)
        try:
            lock = DirectoryLock.shared(directory)
        except (Busy, FileNotFoundError):
            continue
        if lock.holds(directory):
            return directory, lock
        lock.release()
    raise IndexMissing(f"the build that {root / 'current'} names is being removed: {MEND}")
