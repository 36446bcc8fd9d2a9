"""``python -m evals``: every figure that is quoted, with its baselines, in one run."""

from __future__ import annotations

import json
from pathlib import Path

import click

from evals.runs import RUNS, Finished, Options, write_tables
from evals.tables import heading_text
from indexer.commands import examples, run_command
from indexer.errors import WhoplayedError

_FOLDER = click.Path(path_type=Path)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Measure quality and speed; every table says what it was measured on."""


@main.command("list", epilog=examples("python -m evals list"))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_runs(as_json: bool) -> None:
    """What can be run, and the options each needs."""
    for run in RUNS.values():
        needs = [f"--{name.replace('_', '-')}" for name in run.needs]
        if as_json:
            click.echo(json.dumps({"name": run.name, "measures": run.measures, "needs": needs}))
        else:
            click.echo(f"{run.name:<18}{run.measures}{' (needs ' + ', '.join(needs) + ')' if needs else ''}")


@main.command(
    epilog=examples(
        "python -m evals run import questions linking sample --sets sets --data imdb --index /tmp/index",
        "python -m evals run questions --sets sets --limit 50 --misses 10 --out /tmp/rows",
    )
)
@click.argument("names", nargs=-1, required=True, type=click.Choice(list(RUNS)), metavar="NAME...")
@click.option("--sets", type=_FOLDER, metavar="DIR", help="The folder with the question sets.")
@click.option("--data", type=_FOLDER, metavar="DIR", help="The folder with IMDb's files.")
@click.option("--genre-data", type=_FOLDER, metavar="DIR", help="The folder with train.txt and dev.txt.")
@click.option(
    "--index",
    type=_FOLDER,
    metavar="DIR",
    help="The index [default: WHOPLAYED_INDEX, else your data folder].",
)
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Only the first N items of each set.")
@click.option("--more", is_flag=True, help="More of MetaQA: 3,000 of each of its whole parts.")
@click.option(
    "--misses",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Show N wrong and N declined items of each set.",
)
@click.option(
    "--rounds",
    type=click.IntRange(min=1),
    default=3,
    show_default=True,
    metavar="N",
    help="Rounds of import and startup, the median of which counts.",
)
@click.option(
    "--seeds",
    type=click.IntRange(min=1),
    default=3,
    show_default=True,
    metavar="N",
    help="Seeds of what is trained to be measured.",
)
@click.option(
    "--minutes",
    type=click.FloatRange(0, min_open=True),
    default=10,
    show_default=True,
    metavar="N",
    help="How long load goes on asking steadily.",
)
@click.option("--out", type=_FOLDER, metavar="DIR", help="Keep the tables and every single answer there.")
@click.option("--json", "as_json", is_flag=True, help="The tables as one JSON object.")
def run(names: tuple[str, ...], as_json: bool, **given: Path | int | bool | None) -> None:
    """Run evaluations by NAME and print their tables; bars that are not met are printed, no exit status."""
    options = Options(**given)  # type: ignore[arg-type]
    finished: dict[str, Finished] = {}
    problems: dict[str, str] = {}
    for name in dict.fromkeys(names):
        try:
            finished[name] = RUNS[name](options)
        except WhoplayedError as error:
            problems[name] = str(error)
        else:
            _print(finished[name], as_json)
    if as_json:
        click.echo(json.dumps({name: done.to_json() for name, done in finished.items()}, ensure_ascii=False))
    if options.out is not None:
        write_tables(finished, options.out)
    if problems:
        raise WhoplayedError("; ".join(f"{name}: {text}" for name, text in problems.items()))


def _print(done: Finished, as_json: bool) -> None:
    if not as_json:
        for table in done.tables:
            click.echo(table.to_text(heading_text(dict(done.heading))) + "\n")


if __name__ == "__main__":
    run_command(main, "python -m evals")
