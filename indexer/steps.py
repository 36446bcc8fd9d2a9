"""The steps of a build: each calls one package with what the steps before it left, and says what it did."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from indexer.catalog.catalog import Catalog
from indexer.catalog.load import load_catalog
from indexer.errors import InputError
from indexer.manifest import file_sha256
from indexer.progress import Progress
from indexer.settings import Settings
from indexer.sources.files import Sources

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from indexer.fields.rows import Kind
    from indexer.joint.space import JointSpace
    from indexer.vectors import Vectors

    Rows = tuple[NDArray[np.int64], NDArray[np.float32]]  # ids (N,), unit vectors (N, D)

Report = dict[str, Any]
CHECKPOINT = "joint.checkpoint.safetensors"  # in the cache: what a build goes on from that was interrupted


@dataclass
class Work:
    """A build under way: where it is written, what from, and what its steps have made so far."""

    directory: Path
    cache: Path
    sources: Sources
    settings: Settings
    progress: Progress
    without: frozenset[str] = frozenset()
    genre_data: Path | None = None  # rows of plots with one genre each
    plots: Rows | None = None
    joint: JointSpace | None = None
    vectors: Vectors | None = None
    _catalog: Catalog | None = field(default=None, repr=False)

    @property
    def catalog(self) -> Catalog:
        """What the import step wrote."""
        if self._catalog is None:
            self._catalog = Catalog.open(self.directory / "catalog.db")
        return self._catalog

    def model(self, name: str) -> Path:
        """The folder of one model, made when first asked for."""
        folder = self.directory / "models" / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def close(self) -> None:
        """Let go of everything opened."""
        for part in (self.vectors, self._catalog):
            end = getattr(part, "close", None)
            if callable(end):
                end()
        self.vectors = self._catalog = None


def import_sources(work: Work) -> Report:
    """Files to catalogue."""
    loaded = load_catalog(work.sources, work.directory / "catalog.db", work.settings, work.progress).to_json()
    return {
        "sources": loaded["files"],
        "stages": loaded["seconds"],
        "counts": work.catalog.counts(),
        "catalogue_hash": catalogue_hash(work.catalog),
    }


def catalogue_hash(catalog: Catalog) -> str:
    """sha256 over every record in id order: equal for two catalogues that say the same."""
    digest = hashlib.sha256()
    for stream in _records(catalog):
        for record in stream:
            digest.update(repr(record).encode())
        digest.update(b"\0")
    return digest.hexdigest()


def _records(catalog: Catalog) -> Iterator[Iterator[object]]:
    yield iter(catalog.iter_titles())
    yield iter(catalog.iter_people())
    yield iter(catalog.iter_credits())
    yield iter(catalog.iter_names("title"))
    yield iter(catalog.iter_overviews())


def encode_plots(work: Work) -> Report:
    """Overviews to vectors; those already encoded come from the index's cache."""
    from indexer.overviews.cache import encode_overviews
    from indexer.overviews.encoder import Encoder

    _use_threads(work)
    encoder = Encoder.open(work.settings.overviews.encoder, work.settings)
    work.plots = encode_overviews(work.catalog, encoder, work.cache / "overviews.db", work.progress)
    return {"rows": len(work.plots[0]), "width": encoder.width, "fingerprint": encoder.fingerprint}


def index_names(work: Work) -> Report:
    """All names of titles and people, ready for misspelt look-ups, and the facts beside them."""
    from indexer.linking.facts import FactIndex
    from indexer.linking.names import NameIndex

    folder = work.model("names")
    titles = len(NameIndex.build(_title_names(work.catalog), folder / "title", "title"))
    people = len(NameIndex.build(_person_names(work.catalog), folder / "person", "person"))
    FactIndex.build(work.catalog, folder / "facts")
    return {"titles": titles, "people": people}


def _title_names(catalog: Catalog) -> Iterator[tuple[int, str, float]]:
    """Every name of every title, weighed by the title's votes."""
    votes = {int(title.id): title.votes for title in catalog.iter_titles() if title.votes}
    return (
        (int(title_id), name, float(votes.get(title_id, 0))) for title_id, name in catalog.iter_names("title")
    )


def _person_names(catalog: Catalog) -> Iterator[tuple[int, str, float]]:
    return ((int(person.id), person.name, float(person.popularity)) for person in catalog.iter_people())


def train_joint_space(work: Work) -> Report:
    """Titles and people into one space, learnt from who is credited in what."""
    from indexer.joint.training import RunOptions, train_joint

    if not work.catalog.scope_titles(work.settings.vectors):
        return _skipped(
            work, "joint", "no title has the votes or the overview that vectors.min_votes asks for"
        )
    plots = work.plots if work.plots is not None and len(work.plots[0]) else None
    folder = work.model("joint")
    options = RunOptions(work.cache / CHECKPOINT, folder, strict=False)
    work.joint = train_joint(work.catalog, work.settings, work.progress, plots, options=options)
    work.joint.save(folder)
    return {"width": work.joint.width, **_figures(work.joint)}


def write_vectors(work: Work) -> Report:
    """Rows of the joint space and of the overviews into .npy files and Chroma's collections."""
    from indexer.vectors import Vectors

    _use_threads(work)
    rows: dict[str, Rows] = dict(_joint_rows(work)) if work.joint is not None else {}
    if work.plots is not None and len(work.plots[0]):
        rows["overviews"] = work.plots
    if not rows:
        return _skipped(work, "vectors", "nothing has a vector")
    Vectors.build(work.directory / "vectors", rows, work.progress)
    return {"rows": {name: len(ids) for name, (ids, _) in rows.items()}}


def _joint_rows(work: Work) -> Iterator[tuple[str, Rows]]:
    """Both halves of the titles that get vectors, and of their people."""
    import numpy as np

    from indexer.joint.space import AROUND, halves
    from indexer.joint.training import embed_entities

    assert work.joint is not None  # noqa: S101 - for the type checker; the caller looked
    titles = work.catalog.scope_titles(work.settings.vectors)
    people = work.catalog.scope_people(titles)
    wanted: tuple[tuple[str, Kind, Sequence[int]], ...] = (
        ("titles", "title", titles),
        ("people", "person", people),
    )
    for name, kind, ids in wanted:
        places = np.asarray(ids, dtype=np.int64)
        vectors = embed_entities(work.joint, work.catalog, kind, places, work.progress)
        known = ~np.isnan(vectors[:, 0])  # somebody without a credit in scope has no place in the space
        first, second = halves(vectors[known])
        yield name, (places[known], first)
        yield f"{name}{AROUND}", (places[known], second)


def learn_linking(work: Work) -> Report:
    """What each part of a candidate's score weighs, learnt from noisy and partial query rows."""
    from indexer.linking.facts import FactIndex
    from indexer.linking.linker import Linker
    from indexer.linking.names import NameIndex
    from indexer.linking.weights import Weights, fit_weights
    from indexer.vectors import Vectors

    if (work.directory / "vectors").is_dir():
        work.vectors = Vectors.open(work.directory / "vectors")
    folder = work.directory / "models" / "names"
    built = folder.is_dir()
    names = {kind: NameIndex.open(folder / kind) for kind in ("title", "person")} if built else {}
    facts = FactIndex.open(folder / "facts") if built else None
    linker = Linker(work.catalog, work.vectors, work.joint, names, Weights.default(), facts)
    weights = fit_weights(linker, work.catalog, work.settings, work.progress)
    weights.save(work.model("linking"))
    return _figures(weights)


def learn_genres(work: Work) -> Report:
    """A plot's genres, learnt from the overviews of titles whose genres the catalogue knows."""
    from indexer.overviews.encoder import Encoder
    from indexer.predictors.genre import Beside, read_rows, train_genre

    if work.plots is None or not len(work.plots[0]):
        return _skipped(work, "genre", "there are no overview vectors to learn from")
    beside = Beside()
    source: Report = {}
    if work.genre_data is not None:
        rows = read_rows(work.genre_data)
        beside = Beside(rows, Encoder.open(work.settings.overviews.encoder, work.settings))
        source = {
            "rows": {"file": work.genre_data.name, "sha256": file_sha256(work.genre_data)} | rows.to_json()
        }
    model = train_genre(work.catalog, *work.plots, work.settings, work.progress, beside)
    model.save(work.model("genre"))
    return {"serving": model.serving, **source, **_figures(model)}


def learn_ratings(work: Work) -> Report:
    """A title's rating from its facts, learnt from the titles that have one."""
    from indexer.predictors.rating import train_rating

    try:
        model = train_rating(work.catalog, work.progress)
    except InputError as error:
        return _skipped(work, "rating", str(error))
    model.save(work.model("rating"))
    return _figures(model)


def _skipped(work: Work, step: str, reason: str) -> Report:
    """What an optional step says that has nothing to work on: the index serves without it."""
    work.progress.say(f"step {step} skipped: {reason}")
    return {"skipped": reason}


def _figures(model: object) -> Report:
    """What a model says of its own validation, where it does."""
    report = getattr(model, "report", None)
    return {"validation": report} if isinstance(report, dict) else {}


def _use_threads(work: Work) -> None:
    """The thread count decides the last digits of sums: it is part of what makes a build reproducible."""
    if work.settings.threads > 0:
        import torch

        torch.set_num_threads(work.settings.threads)
