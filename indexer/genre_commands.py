"""``python -m indexer genre``: train, report, predict."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from indexer.commands import examples

if TYPE_CHECKING:
    from indexer.index import Index
    from indexer.predictors.genre.model import GenreModel
    from indexer.predictors.genre.rows import GenreRows

_FOLDER = click.Path(path_type=Path)
_SHOWN = 5  # genres a person is told
_index = click.option(
    "--index",
    type=_FOLDER,
    metavar="DIR",
    help="Where the index lies [default: WHOPLAYED_INDEX, else your data folder].",
)
_model = click.option(
    "--model", type=_FOLDER, metavar="DIR", help="What `train` wrote [default: the index's]."
)
_data = click.option(
    "--data",
    type=_FOLDER,
    metavar="DIR|FILE",
    help="Rows of one genre each: a file, or a folder with train.txt.",
)


@click.group(epilog=examples("python -m indexer genre predict --text 'Two detectives hunt a killer.'"))
def genre() -> None:
    """A plot's genres."""


@genre.command(
    "predict", epilog=examples("python -m indexer genre predict --text 'Two detectives hunt a killer.'")
)
@click.option("--text", "plot", required=True, metavar="PLOT", help="The plot, in a sentence or more.")
@click.option("--json", "as_json", is_flag=True, help="All genres, language and model, as JSON.")
@_index
@_model
def predict_genres(plot: str, index: Path | None, model: Path | None, *, as_json: bool) -> None:
    """Say how likely each genre is for a plot (0-1 each; a film may have several)."""
    from indexer.index import Index

    with Index.open(index) as opened:
        found = told(_of(opened, model), plot, opened)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for name, share in list(found["genres"].items())[:_SHOWN]:
        click.echo(f"{share:.2f}  {name}")
    click.echo(_origin(found), err=True)


def told(model: GenreModel, plot: str, index: Index) -> dict[str, Any]:
    """The genres of a plot, the six of the older service, its language and what serves, as JSON.

    Raises InputError for a plot without a letter or digit.
    """
    from indexer.errors import InputError
    from indexer.predictors.genre.model import SIX

    if not any(letter.isalnum() for letter in plot):
        raise InputError("the plot is empty: say in a sentence or more what happens")
    spoken = model.language(plot)
    shares = model.six([plot], index.encoder)[0].tolist()
    genres = model.predict([plot], index.encoder)[0]
    return {
        "genres": {name: round(share, 4) for name, share in genres.items()},
        "six": {name: round(share, 4) for name, share in zip(SIX, shares, strict=True)},
        "language": {"code": spoken.code, "probability": round(spoken.probability, 3)},
        "english": not spoken.foreign,
        "serving": model.serving,
    }


def _origin(found: dict[str, Any]) -> str:
    """Language and model in a line; a doubt where the text is not English."""
    serving, code = found["serving"], found["language"]["code"] or "unknown"
    line = f"language {code}, model {serving['model']}"
    return (
        line if found["english"] else f"{line}: the model learnt English plots alone, so this is a poor guess"
    )


@genre.command(
    "train",
    epilog=examples(
        "python -m indexer genre train --data genre --out genre-model",
        "python -m indexer genre predict --model genre-model --text 'Two detectives hunt a killer.'",
    ),
)
@_data
@click.option(
    "--without", type=_FOLDER, metavar="FILE", help="Rows whose films are left out, to be measured on later."
)
@click.option(
    "--out",
    type=_FOLDER,
    default=Path("genre-model"),
    show_default=True,
    metavar="DIR",
    help="Where to write.",
)
@_index
def train_genres(data: Path | None, without: Path | None, out: Path, index: Path | None) -> None:
    """Train the genre model on an index's overviews and, with --data, on rows of one genre each.

    The index stays as it is: `build --genre-data` makes one that serves such a model.
    """
    from indexer.index import Index
    from indexer.predictors.genre import Beside, train_genre
    from indexer.predictors.genre.twins import HeldOut
    from indexer.progress import Progress

    rows, measured = _rows(data), _rows(without)
    held = HeldOut.of((row.name, row.year, row.text) for row in measured.rows) if measured else None
    with Index.open(index) as opened:
        ids, vectors = _plots(opened)
        beside = Beside(rows, opened.encoder, held)
        model = train_genre(opened.catalog, ids, vectors, opened.settings, Progress.on(sys.stderr), beside)
    model.save(out)
    click.echo(json.dumps({"written": str(out), **model.serving}, indent=1))


@genre.command(
    "report",
    epilog=examples(
        "python -m indexer genre report --out genre-report", "python -m indexer genre report --json"
    ),
)
@click.option(
    "--out", type=_FOLDER, metavar="DIR", help="Write tables (Markdown, CSV) and pictures (PNG) there."
)
@click.option("--json", "as_json", is_flag=True, help="What --out would write as tables, as JSON.")
@_data
@_index
def report_genres(out: Path | None, data: Path | None, index: Path | None, *, as_json: bool) -> None:
    """Show how good the genre model is on plots that were held out of its training, and what it learnt from.

    With --out or --json everything is looked at again: classes, confusions, curves, years, words, and what is
    gained for rare genres by weights, repetition and SMOTE.
    """
    from indexer.index import Index
    from indexer.predictors.genre.reports import look, write
    from indexer.progress import Progress

    rows = _rows(data)
    with Index.open(index) as opened:
        if out is None and not as_json:
            model = _of(opened, None)
            click.echo(json.dumps({**model.serving, "report": model.report}, indent=1))
            return
        ids, vectors = _plots(opened)
        found = look(opened.catalog, ids, vectors, rows, opened.encoder, Progress.on(sys.stderr))
    if as_json:
        click.echo(json.dumps(found.to_json(), ensure_ascii=False))
    if out is not None:
        for path in write(found, out):
            click.echo(path)


def _rows(path: Path | None) -> GenreRows | None:
    from indexer.predictors.genre.rows import find_rows, read_rows

    return None if path is None else read_rows(find_rows(path))


def _of(index: Index, folder: Path | None) -> GenreModel:
    """The model in a folder, else the index's. Raises IndexUnusable where it was built without."""
    from indexer.errors import IndexUnusable
    from indexer.predictors.genre.model import GenreModel

    if folder is not None:
        return GenreModel.load(folder)
    if index.genre is None:
        remedy = "run `python -m indexer build`, not --without genre"
        raise IndexUnusable(f"{index.directory} was built without genre: {remedy}")
    return index.genre


def _plots(index: Index) -> tuple[Any, Any]:
    """Ids and vectors of the overviews. Raises IndexUnusable where the index has none."""
    from indexer.errors import IndexUnusable

    vectors = index.vectors
    if vectors is None or "overviews" not in vectors:
        remedy = "run `python -m indexer build`, not --without overviews"
        raise IndexUnusable(f"{index.directory} has no overview vectors: {remedy}")
    ids = vectors.ids("overviews")
    return ids, vectors.rows("overviews", ids)
