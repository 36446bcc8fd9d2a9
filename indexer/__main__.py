"""The indexer's commands: ``python -m indexer --help``. Heavy imports stay inside the commands."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TextIO, TypeVar

import click

from indexer.commands import examples, run_command
from indexer.genre_commands import genre

if TYPE_CHECKING:
    from indexer.catalog.catalog import Catalog
    from indexer.index import Index
    from indexer.linking.linker import Linker
    from indexer.predictors.rating import RatingFacts
    from indexer.predictors.similar import ScoredTitle
    from indexer.progress import Progress
    from indexer.querying import Query
    from indexer.settings import Settings
    from indexer.sources.files import Sources

    Mode = Literal["hybrid", "dense", "lexical"]

Part = TypeVar("Part")
FOLDER = click.Path(path_type=Path)
STEP_NAMES = (
    "overviews",
    "names",
    "joint",
    "vectors",
    "linking",
    "genre",
    "rating",
)  # a test keeps it equal to build.OPTIONAL
_TOLD = ("titles", "people", "credits", "roles", "akas", "episodes", "overviews")
_BATCH = 256  # query rows linked at once
index_option = click.option(
    "--index",
    type=FOLDER,
    metavar="DIR",
    help="Where the index lies [default: WHOPLAYED_INDEX, else your data folder].",
)

out_option = click.option(
    "--out", type=FOLDER, default=Path("joint"), show_default=True, metavar="DIR", help="Where to write."
)


@click.group(
    epilog=examples(
        "python -m indexer build                 index the bundled sample",
        "python -m indexer status                what serves",
    ),
    context_settings={"help_option_names": ["-h", "--help"]},
)
def main() -> None:
    """Turn IMDb's files into an index, and look after it."""


@main.command(epilog=examples("python -m indexer download --to imdb"))
@click.option(
    "--to", type=FOLDER, default=Path("imdb"), show_default=True, metavar="DIR", help="Folder for the files."
)
def download(to: Path) -> None:
    """Download the seven IMDb files (personal and non-commercial use; IMDb's terms apply).

    An interrupted download goes on where it stopped.
    """
    from indexer.sources.download import download as fetch

    for path in fetch(to, _progress()):
        click.echo(path)


@main.command(
    epilog=examples(
        "python -m indexer build",
        "python -m indexer build --data imdb --overviews movies_metadata.csv",
        "python -m indexer build --data imdb --without overviews --index /tmp/quick",
    )
)
@click.option(
    "--data", type=FOLDER, metavar="DIR", help="IMDb's .tsv or .tsv.gz files [default: the bundled sample]."
)
@click.option("--overviews", type=FOLDER, metavar="CSV", help="movies_metadata.csv, plain or .gz: plots.")
@click.option("--keywords", type=FOLDER, metavar="CSV", help="keywords.csv, plain or .gz.")
@click.option(
    "--credits", "cast", type=FOLDER, metavar="CSV", help="credits.csv, plain or .gz: missing characters."
)
@click.option(
    "--genre-data",
    type=FOLDER,
    metavar="DIR|FILE",
    help="Plots of one genre each, a row a line (docs/genre.md): a file, or a folder with train.txt.",
)
@index_option
@click.option(
    "--encoder", metavar="NAME|PATH", help="What turns plots into vectors: minilm, or a BERT folder."
)
@click.option(
    "--without", multiple=True, type=click.Choice(STEP_NAMES), help="Leave a step out; may be repeated."
)
@click.option("--seed", type=int, help="Of everything random.")
@click.option("--threads", type=click.IntRange(0), help="Of the processor [default: one to train, else all].")
@click.option("--tolerate", is_flag=True, help="Go on when more than 1 % of a file's rows are damaged.")
@click.option("--config", type=FOLDER, metavar="TOML", help="Settings that differ from the defaults.")
def build(  # noqa: PLR0913 - one parameter an option
    *,
    data: Path | None,
    overviews: Path | None,
    keywords: Path | None,
    cast: Path | None,
    genre_data: Path | None,
    index: Path | None,
    encoder: str | None,
    without: tuple[str, ...],
    seed: int | None,
    threads: int | None,
    tolerate: bool,
    config: Path | None,
) -> None:
    """Build an index beside the one that serves, check it, and switch to it."""
    from indexer.build import BuildOptions
    from indexer.build import build as make
    from indexer.settings import Settings, index_path

    settings = _settings(Settings.load(config), encoder, seed, threads, tolerate)
    sources = _sources(data, overviews, keywords, cast)
    target = index_path(index)
    options = BuildOptions(target, sources, settings, frozenset(without), genre_data)
    directory = make(options, _progress())
    counts = json.loads((directory / "manifest.json").read_text(encoding="utf-8"))["counts"]
    click.echo(f"{target} now serves build {directory.name}: {_counted(counts)}")


@main.command(epilog=examples("python -m indexer status --json"))
@index_option
@click.option("--json", "as_json", is_flag=True, help="All of it, as JSON.")
def status(index: Path | None, *, as_json: bool) -> None:
    """Say what serves: counts, sources, what each step cost."""
    from indexer.build import status as look
    from indexer.settings import index_path

    found = look(index_path(index))
    click.echo(json.dumps(found, indent=1) if as_json else "\n".join(_status_lines(found)))


@main.command(epilog=examples("python -m indexer verify"))
@index_option
def verify(index: Path | None) -> None:
    """Check the index: every file, SQLite's integrity, counts, and 100 vectors that must find themselves."""
    from indexer.build import verify as check
    from indexer.errors import IndexUnusable
    from indexer.layout import MEND
    from indexer.settings import index_path

    target = index_path(index)
    problems = check(target)
    for problem in problems:
        click.echo(problem)
    if problems:
        raise IndexUnusable(f"{target} has {len(problems)} problem(s): {MEND}")
    click.echo(f"{target} is sound")


@main.command(epilog=examples("python -m indexer prune"))
@index_option
def prune(index: Path | None) -> None:
    """Remove builds that do not serve, and what interrupted builds left; builds in use stay."""
    from indexer.build import prune as tidy
    from indexer.settings import index_path

    done = tidy(index_path(index))
    click.echo(f"removed {len(done.removed)} build(s), {done.freed / 1e6:,.1f} MB")
    for name in done.in_use:
        click.echo(f"kept {name}: in use")


@main.command(
    epilog=examples(
        'echo \'{"id": 1, "kind": "title", "row": {"title": "matrix", "character": "Oracle"}}\' \\',
        "  | python -m indexer link -",
    )
)
@click.argument("rows", type=click.File("r", encoding="utf-8", errors="surrogateescape"))
@index_option
@click.option("--dense-only", "mode", flag_value="dense", help="Vectors and field models alone.")
@click.option("--lexical-only", "mode", flag_value="lexical", help="Names and facts alone.")
@click.option(
    "-k", "limit", type=click.IntRange(1, 1000), default=10, show_default=True, help="Candidates a row."
)
def link(rows: TextIO, index: Path | None, mode: Mode | None, limit: int) -> None:
    """Rank the titles or people that query rows may mean.

    ROWS holds one JSON object a line (- reads stdin), the answer likewise. A bad line gets no candidates
    and an "error"; the rest goes on, and the exit status is 1.
    """
    from indexer.errors import InputError
    from indexer.index import Index

    with Index.open(index) as opened:
        if mode == "dense" and not opened.linker.is_dense:
            raise InputError(f"{opened.directory} has no vectors: build without --without joint or vectors")
        bad = sum(_link_lines(opened.linker, rows, mode or "hybrid", limit))
    if bad:
        raise InputError(f'{bad} line(s) of {rows.name} could not be read; each has its reason under "error"')


def _link_lines(linker: Linker, lines: TextIO, mode: Mode, limit: int) -> Iterator[int]:
    """Print one answer a line, in order; yield the number of bad lines of each batch."""
    from indexer.querying import batches

    for batch in batches(lines, _BATCH):
        queries = [_query(line) for line in batch]
        good = [query.row for query in queries if query.row is not None]
        found = iter(linker.link_many(good, limit=limit, mode=mode) if good else [])
        for query in queries:
            _echo_json(query.answer(next(found) if query.row is not None else []))
        yield len(queries) - len(good)


def _query(line: str) -> Query:
    """The query of a line; a byte that is not UTF-8 is its error, not a changed name to look for."""
    from indexer.querying import Query, read_query

    try:
        line.encode()
    except UnicodeEncodeError as error:
        # The file is read with surrogateescape: byte 0xNN stands as U+DCNN.
        found = read_query(line.encode(errors="replace").decode())
        byte = ord(line[error.start]) - 0xDC00
        return Query(found.id, None, f"not UTF-8: byte 0x{byte:02x} after {error.start:,} characters")
    return read_query(line)


def _echo_json(line: dict[str, Any]) -> None:
    """Prints as much as it can as it is: a caller's id may hold what no output can (half a surrogate)."""
    try:
        click.echo(json.dumps(line, ensure_ascii=False))
    except UnicodeEncodeError:
        click.echo(json.dumps(line))


main.add_command(genre)


@main.group(epilog=examples("python -m indexer rating predict --id tt0133093"))
def rating() -> None:
    """A title's rating, guessed from its facts."""


@rating.command(
    "predict",
    epilog=examples("""python -m indexer rating predict --facts '{"year": 1999, "genres": ["Drama"]}'"""),
)
@click.option("--id", "title_id", metavar="tt...", help="A title of the index.")
@click.option("--facts", metavar="JSON", help="Some of type, year, runtime, genres, votes.")
@index_option
def predict_rating(title_id: str | None, facts: str | None, index: Path | None) -> None:
    """Guess a rating from 1 to 10; for a title of the index its own rating stands beside it."""
    from indexer.index import Index

    if (title_id is None) == (facts is None):
        raise click.UsageError("give one of --id and --facts")
    with Index.open(index) as opened:
        model = _needed(opened.rating, "rating", opened)
        given, own = _facts(opened, title_id, facts)
        click.echo(json.dumps({"predicted": round(float(model.predict([given])[0]), 2), "rating": own}))


@rating.command("report", epilog=examples("python -m indexer rating report"))
@index_option
def report_ratings(index: Path | None) -> None:
    """Show how well the rating model did on titles that were held out of its training."""
    from indexer.index import Index

    with Index.open(index) as opened:
        click.echo(json.dumps(_needed(opened.rating, "rating", opened).report, indent=1))


@main.group(epilog=examples("python -m indexer similar predict --id tt0133093"))
def similar() -> None:
    """Titles like a title, or like a plot."""


@similar.command("predict", epilog=examples("python -m indexer similar predict --id tt0133093 -k 5"))
@click.option("--id", "title_id", metavar="tt...", help="A title of the index.")
@click.option("--text", "plot", metavar="PLOT", help="A plot, as somebody remembers it.")
@click.option("-k", "limit", type=click.IntRange(1, 1000), default=10, show_default=True, help="Titles.")
@click.option("--json", "as_json", is_flag=True, help="With the score's parts, as JSON lines.")
@index_option
def predict_similar(
    title_id: str | None, plot: str | None, limit: int, index: Path | None, *, as_json: bool
) -> None:
    """List the titles most like a title or a plot, best first."""
    from indexer.ids import parse_title_id
    from indexer.index import Index

    if (title_id is None) == (plot is None):
        raise click.UsageError("give one of --id and --text")
    with Index.open(index) as opened:
        model = _needed(opened.similar, "overviews", opened)
        found = (
            model.to_text(plot, limit)
            if plot is not None
            else model.to_title(parse_title_id(str(title_id)), limit)
        )
        echo_titles(opened.catalog, found, as_json=as_json)


@main.group(epilog=examples("python -m indexer joint map --out joint"))
def joint() -> None:
    """The joint space of titles and people: to look at, to train again, and what the credits lack."""


@joint.command(
    "map",
    epilog=examples(
        "python -m indexer joint map --out joint", "python -m indexer joint map --titles 2000 --people 3000"
    ),
)
@index_option
@out_option
@click.option(
    "--titles",
    type=click.IntRange(1, 100_000),
    default=5000,
    show_default=True,
    help="How many titles: half of them the best known, half drawn.",
)
@click.option(
    "--people", type=click.IntRange(0, 100_000), default=0, show_default=True, help="How many people, grey."
)
@click.option("--seed", type=click.IntRange(0), help="Of the draw and the projection [default: the build's].")
def draw_joint_map(index: Path | None, out: Path, titles: int, people: int, seed: int | None) -> None:
    """Draw the joint space in two dimensions, by genre, decade and type (three PNG files, and their
    coordinates as JSON).
    """
    from indexer.index import Index
    from indexer.maps.joint_map import MapOptions, draw_map

    with Index.open(index) as opened:
        for path in draw_map(opened, out, MapOptions(titles, people, seed), _progress()):
            click.echo(path)


@joint.command(
    "train",
    epilog=examples(
        "python -m indexer joint train --out joint --validate",
        "python -m torch.distributed.run --standalone --nproc_per_node 2 \\",
        "    -m indexer joint train --out joint",
    ),
)
@index_option
@out_option
@click.option("--validate", is_flag=True, help="Hold out 5 % of the credits, watch them, end early by them.")
@click.option("--epochs", type=click.IntRange(1), help="[default: the build's]")
@click.option("--minutes", type=click.FloatRange(0, min_open=True), help="At most [default: the build's].")
@click.option("--seed", type=click.IntRange(0), help="[default: the build's]")
@click.option("--threads", type=click.IntRange(0), help="[default: the build's; 0: one]")
def train_joint_again(
    *,
    index: Path | None,
    out: Path,
    validate: bool,
    epochs: int | None,
    minutes: float | None,
    seed: int | None,
    threads: int | None,
) -> None:
    """Train the joint space again on what an index holds; the index stays as it is.

    Writes the space, losses.jsonl and training.png. Interrupted, the same command goes on where it stopped.
    Under torchrun each process learns from its share of every batch.
    """
    from indexer.index import Index
    from indexer.retraining import Changes, retrain

    changes = Changes(epochs, minutes, seed, threads, validate)
    with Index.open(index) as opened:
        for line in retrain(opened, out, changes, _progress()):
            click.echo(line)


@joint.command("report", epilog=examples("python -m indexer joint report --out joint"))
@index_option
@out_option
@click.option("--seed", type=click.IntRange(0), help="Of what is chosen [default: the build's].")
def report_joint(index: Path | None, out: Path, seed: int | None) -> None:
    """Write what lies near 20 known titles and 20 known people, and what the models remember of 10 titles
    beside what the catalogue says (Markdown, and the same as JSON).
    """
    from indexer.index import Index
    from indexer.maps.report import write_report

    with Index.open(index) as opened:
        for path in write_report(opened, out, seed, _progress()):
            click.echo(path)


@joint.command(
    "missing",
    epilog=examples(
        "python -m indexer joint missing tt0133093", "python -m indexer joint missing nm0000206 -k 5"
    ),
)
@click.argument("wanted", metavar="ID")
@click.option("-k", "limit", type=click.IntRange(1, 200), default=10, show_default=True, help="How many.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@index_option
def missing_credits(wanted: str, limit: int, index: Path | None, *, as_json: bool) -> None:
    """List who is probably missing from a title (tt...), or which titles from a person (nm...).

    A ranker that learnt from hidden credits orders them. The first call learns it: minutes for IMDb's files.
    """
    from indexer.completing import probable
    from indexer.index import Index

    with Index.open(index) as opened:
        found = list(probable(opened, wanted, limit, _progress()))
    if not found:
        click.echo("nothing: none of those credited there is known from elsewhere", err=True)
    for one in found:
        if as_json:
            _echo_json(one)
        elif "year" in one:
            year = f" ({one['year']})" if one["year"] else ""
            click.echo(
                f"{one['id']}  {one['name']}{year}: shares people with {one['partners']} of the known titles"
            )
        else:
            click.echo(f"{one['id']}  {one['name']}: knows {one['partners']} of the people there")


# ---------------------------------------------------------------------------------------------- small parts


def echo_titles(catalog: Catalog, found: Sequence[ScoredTitle], *, as_json: bool) -> None:
    """Print titles with their scores, best first: a line each, or JSON with the score's parts."""
    from indexer.ids import format_title_id

    titles = catalog.titles([one.title_id for one in found])
    for one in found:
        title = titles[one.title_id]
        line = {
            "id": format_title_id(title.id),
            "name": title.name,
            "year": title.year,
            "score": round(one.score, 4),
            "parts": {name: round(value, 4) for name, value in one.parts.items()},
        }
        plain = f"{one.score:.3f}  {title.dated}  {line['id']}"
        click.echo(json.dumps(line, ensure_ascii=False) if as_json else plain)


def _needed(part: Part | None, step: str, index: Index) -> Part:
    """A part of an index. Raises IndexUnusable where it was built without that step."""
    from indexer.errors import IndexUnusable

    if part is None:
        remedy = f"run `python -m indexer build`, not --without {step}"
        raise IndexUnusable(f"{index.directory} was built without {step}: {remedy}")
    return part


def _facts(index: Index, title_id: str | None, facts: str | None) -> tuple[RatingFacts, float | None]:
    """What a rating is guessed from, and the rating that the catalogue holds."""
    from indexer.errors import InputError
    from indexer.ids import parse_title_id
    from indexer.predictors.rating import RatingFacts

    if title_id is not None:
        title = index.catalog.title(parse_title_id(title_id))
        if title is None:
            raise InputError(f"{title_id} is not in this index")
        return RatingFacts.of(title), title.rating
    try:
        given = json.loads(facts or "")
    except ValueError as error:
        raise InputError(f"--facts is not JSON: {error}") from error
    if not isinstance(given, dict):
        raise InputError('--facts is not a JSON object such as {"year": 1999}')
    return RatingFacts.from_json(given), None


def _progress() -> Progress:
    from indexer.progress import Progress

    return Progress.on(sys.stderr)


def _sources(data: Path | None, overviews: Path | None, keywords: Path | None, cast: Path | None) -> Sources:
    from indexer.sources.bundled import sample_dir
    from indexer.sources.files import Sources

    if data is None:
        sample = sample_dir()
        overviews = overviews or sample / "movies_metadata.csv"
        keywords = keywords or sample / "keywords.csv"
    return Sources.find(data or sample_dir(), overviews, keywords, cast)


def _settings(
    settings: Settings,
    encoder: str | None,
    seed: int | None,
    threads: int | None,
    tolerate: bool,
) -> Settings:
    """The settings with a command's options over them."""
    import dataclasses

    changes: dict[str, Any] = {
        name: value for name, value in (("seed", seed), ("threads", threads)) if value is not None
    }
    if tolerate:
        changes["tolerate"] = True
    if encoder is not None:
        changes["overviews"] = dataclasses.replace(settings.overviews, encoder=encoder)
    return settings.replace(**changes)


def _counted(counts: dict[str, int]) -> str:
    """The counts a person asks for."""
    return ", ".join(f"{counts[name]:,} {name}" for name in _TOLD if name in counts)


def _status_lines(found: dict[str, Any]) -> Iterator[str]:
    """What a person wants to know first."""
    yield f"index    {found['index']}"
    yield f"build    {found['build']} ({found['bytes'] / 1e6:,.1f} MB)"
    yield f"holds    {_counted(found['counts'])}"
    yield f"parts    {', '.join(found['parts'])}"
    yield f"plots by {found['encoder']}"
    for name, step in found["steps"].items():
        costs = f"{step['seconds']:>8.1f} s {step['cpu_seconds']:>8.1f} s cpu {step['peak_mb']:>8,.0f} MB"
        yield f"  {name:<10} {costs}"
    for name in (*found["other_builds"], *found["leftovers"]):
        yield f"also     {name} (remove with `python -m indexer prune`)"


if __name__ == "__main__":
    run_command(main, "python -m indexer")
