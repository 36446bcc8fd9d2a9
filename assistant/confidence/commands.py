"""``python -m assistant confidence``: train the weights, look at them."""

from __future__ import annotations

import json
from pathlib import Path

import click

from indexer.commands import examples

_PACKAGED = Path(__file__).resolve().parent


@click.group()
def confidence() -> None:
    """How likely an answer is right: train the model that says so."""


@confidence.command(epilog=examples("python -m assistant confidence train --rows out/confidence_rows.jsonl"))
@click.option(
    "--rows",
    type=click.Path(path_type=Path),
    required=True,
    help="Signals and outcomes, as `python -m evals run confidence --out DIR` writes them.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=None,
    help="Where the weights go (default: into the package).",
)
def train(rows: Path, out: Path | None) -> None:
    """Train the weights from ROWS and print how reliable they are out of fold."""
    from assistant.confidence import reliability, training
    from assistant.confidence.model import WEIGHTS

    held = training.read_rows(rows)
    weights = training.train(held)
    place = out or _PACKAGED / WEIGHTS
    place.write_text(json.dumps(weights.to_json(), separators=(",", ":")) + "\n", encoding="utf-8")
    kept = [row for row in held if row.set in training.SETS]
    told, right = training.out_of_fold(weights, kept), [row.right for row in kept]
    click.echo(f"{place}: {place.stat().st_size / 1000:.0f} kB, {len(kept):,} rows")
    click.echo(
        f"out of fold: ECE {reliability.ece(told, right):.3f}, Brier {reliability.brier(told, right):.3f}"
    )
    click.echo(reliability.to_text(reliability.table(told, right)))
