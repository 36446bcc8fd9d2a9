"""``python -m assistant reader``: training of the learned reader, and what it makes of a question."""

from __future__ import annotations

import json
from pathlib import Path

import click

from indexer.commands import examples

_FOLDER = click.Path(path_type=Path)
_SEED = 1


@click.group()
def reader() -> None:
    """The learned part of the reader."""


@reader.command(epilog=examples("python -m assistant reader train --out assistant/reading/learned"))
@click.option(
    "--index",
    type=_FOLDER,
    default=None,
    help="The index whose names fill the questions (default: as for ask).",
)
@click.option("--out", type=_FOLDER, required=True, help="The folder for tagger.safetensors.")
@click.option("--each", type=click.IntRange(1, 200), default=24, show_default=True, help="Of each wording.")
@click.option("--epochs", type=click.IntRange(1, 50), default=5, show_default=True, help="Rounds over them.")
def train(index: Path | None, out: Path, each: int, epochs: int) -> None:
    """Train the tagger of slots on questions made from an index: about two minutes on one core."""
    import random

    from assistant.reading.learned import tagger
    from assistant.reading.learned.generate import Names, generated, lines_of
    from assistant.reading.learned.training import share_right, trained
    from indexer.index import Index

    rng = random.Random(_SEED)
    with Index.open(index) as opened:
        names = Names.of(opened.catalog)
    questions = list(generated(names, lines_of(rng, each), rng))
    held = len(questions) // 20
    model = trained(questions[held:], tagger.LABELS, epochs, say=click.echo)
    out.mkdir(parents=True, exist_ok=True)
    model.write(out / tagger.WEIGHTS)
    right = share_right(tagger.Tagger.read(out / tagger.WEIGHTS), questions[:held])
    click.echo(f"{out / tagger.WEIGHTS}: every word right in {right:.1%} of {held:,} questions held out")


@reader.command(epilog=examples('python -m assistant reader read "the longest of the Alien films"'))
@click.argument("question")
def read(question: str) -> None:
    """What the learned reader makes of one QUESTION: its slots, the nearest known shapes, the Readings."""
    from assistant.reading.learned.free import read_freely, tagged
    from assistant.reading.words import read_words

    words = read_words(question)
    for share, line in tagged(words):
        click.echo(f"{share:.2f}  {line}")
    for reading in read_freely(words):
        click.echo(json.dumps(reading.to_json(), ensure_ascii=False))
