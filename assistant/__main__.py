"""``python -m assistant``: ask on the command line, answer files of questions, open the chat."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.confidence.commands import confidence
from assistant.reading.learned.commands import reader
from indexer.__main__ import echo_titles, predict_rating
from indexer.catalog.records import dated
from indexer.commands import examples, run_command
from indexer.genre_commands import predict_genres

if TYPE_CHECKING:
    from assistant.answer import Answer
    from assistant.core import Assistant

_INDEX = click.option(
    "--index",
    type=click.Path(path_type=Path),
    default=None,
    help="The index (default: WHOPLAYED_INDEX, else the user's data directory).",
)
_MAX_LINE = 1_000_000
_SURROGATE = re.compile(r"[\ud800-\udfff]")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Ask the movies: who played whom, who made what, which film was it."""


@main.command(epilog=examples('python -m assistant ask "who played the Oracle in the first Matrix"'))
@click.argument("question")
@click.option("--json", "as_json", is_flag=True, help="The whole answer as JSON.")
@click.option(
    "--explain",
    is_flag=True,
    help="Also how the question was read, the candidates with their scores, the rule that decided.",
)
@_INDEX
def ask(question: str, as_json: bool, explain: bool, index: Path | None) -> None:
    """Answer one QUESTION, with the records that prove it."""
    from assistant.core import Assistant, checked

    checked(question)
    assistant = Assistant.open(index)
    try:
        answer = assistant.answer(question, explain=explain)
    finally:
        assistant.close()
    if as_json:
        click.echo(json.dumps(answer.to_json(), ensure_ascii=False))
        return
    _print(answer, explain)


def _print(answer: Answer, explain: bool) -> None:
    click.echo(answer.text)
    for choice in answer.choices:
        click.echo(f"  ? {choice.text}")
    for record in answer.evidence[:12]:
        shown = record.to_json()
        characters = f" as {' / '.join(record.characters)}" if record.characters else ""
        credit = f", {record.category}{characters}" if record.category else ""
        person = f"{record.person} ({shown.get('person_id')}){credit}, in " if record.person else ""
        title = f"{dated(record.title, record.year)} {shown.get('title_id', '')}" if record.title else ""
        click.echo(f"  = {(person + title).removesuffix(', in ')}")
    if explain:
        click.echo(
            json.dumps(
                {
                    "reading": answer.to_json()["reading"],
                    **(answer.explanation or {}),
                    "confidence": round(answer.confidence, 3),
                },
                ensure_ascii=False,
                indent=1,
            )
        )


@main.command(epilog=examples("python -m assistant batch < questions.jsonl > answers.jsonl"))
@_INDEX
def batch(index: Path | None) -> None:
    """Answer lines of {"id", "question", "history"}: one answer line each, in order."""
    from assistant.core import Assistant

    assistant = Assistant.open(index)
    try:
        for line in _lines():
            click.echo(_as_line(_answer_line(assistant, line)))
    finally:
        assistant.close()


def _as_line(answer: dict[str, Any]) -> str:
    """One line of JSON; characters that UTF-8 cannot hold (a lone surrogate in an id) are escaped."""
    line = json.dumps(answer, ensure_ascii=False)
    return line if line.isascii() or not _SURROGATE.search(line) else json.dumps(answer)


def _lines() -> Iterator[str]:
    """Lines of standard input that are not blank, undecodable bytes replaced."""
    for raw in sys.stdin.buffer:
        line = raw.decode("utf-8", "replace")
        if line.strip():
            yield line


def _answer_line(assistant: Assistant, line: str) -> dict[str, Any]:
    from assistant.answer import Answer, Status
    from indexer.errors import InputError

    identity: str | int | None = None
    try:
        if len(line) > _MAX_LINE:
            raise InputError(f"the line has {len(line):,} characters: at most {_MAX_LINE:,} are read")
        item = json.loads(line)
        if not isinstance(item, dict) or "question" not in item:
            raise InputError('expected {"id", "question", "history": [{"role", "content"}]}')
        identity = _identity(item.get("id"))
        history = item.get("history") or []
        if not isinstance(history, list) or not all(isinstance(turn, dict) for turn in history):
            raise InputError('the history is a list of {"role", "content"}')
        answer = assistant.answer(item["question"], history)
    except (ValueError, RecursionError) as error:  # InputError and json's errors are ValueErrors
        answer = Answer(Status.UNSUPPORTED, f"this line cannot be read: {error}")
    return {"id": identity, **answer.to_json()}


def _identity(value: object) -> str | int | None:
    from indexer.errors import InputError

    if value is None or (isinstance(value, str | int) and not isinstance(value, bool)):
        return value
    raise InputError(f"an id is a text or a whole number, not a {type(value).__name__}")


@main.command(
    epilog=examples(
        'python -m assistant similar --title "Alien"',
        'python -m assistant similar --text "a boy befriends a robot"',
    )
)
@click.option("--title", help="Titles like the one of this name.")
@click.option("--id", "title_id", help="Titles like this one, by its id (tt0078748).")
@click.option("--text", help="Titles with a plot like this.")
@click.option("-k", "count", type=click.IntRange(1, 1000), default=10, show_default=True, help="How many.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@_INDEX
def similar(
    title: str | None, title_id: str | None, text: str | None, count: int, as_json: bool, index: Path | None
) -> None:
    """Titles like a title, or with a plot like a text: give one of --title, --id, --text."""
    from assistant.core import Assistant
    from indexer.errors import InputError
    from indexer.ids import parse_title_id

    if sum(value is not None for value in (title, title_id, text)) != 1:
        raise click.UsageError("give exactly one of --title, --id, --text")
    assistant = Assistant.open(index)
    try:
        if text is not None:
            scored = assistant.similar_to_text(text, count)
        else:
            wanted = parse_title_id(title_id) if title_id else _title_named(assistant, title or "")
            scored = assistant.similar_to_title(wanted, count)
        if not scored:
            raise InputError(
                "nothing is near it: the build has no vectors for it (see `python -m indexer status`)"
            )
        echo_titles(assistant.index.catalog, scored, as_json=as_json)
    finally:
        assistant.close()


def _title_named(assistant: Assistant, name: str) -> int:
    from assistant.reading.refs import title_ref
    from assistant.resolving.context import Context
    from assistant.resolving.resolver import Tools
    from indexer.errors import InputError

    hits = Tools(assistant.index, Context()).titles(title_ref(name))
    if not hits:
        raise InputError(f"no title is like {name[:80]!r}: check the spelling, or give --id")
    return hits[0].title.id


@main.command(epilog=examples("python -m assistant chat --port 7860"))
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="The address to serve on; other machines reach only what you name here.",
)
@click.option(
    "--port", type=click.IntRange(1, 65535), default=7860, show_default=True, help="The port to serve on."
)
@click.option("--chroma-url", default=None, help="A Chroma server instead of the index's own directory.")
@click.option(
    "--allowed-host",
    "hosts",
    multiple=True,
    help="A name the page may be asked for by, besides --host and this machine's own; may be repeated.",
)
@click.option(
    "--proxy",
    "proxies",
    multiple=True,
    metavar="ADDRESS",
    help="A proxy, or a network of them, that says for whom it asks (X-Forwarded-For); may be repeated.",
)
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="TOML",
    help="Limits that differ from the defaults, in a table [chat].",
)
@_INDEX
def chat(  # noqa: PLR0917 - one parameter an option
    host: str,
    port: int,
    chroma_url: str | None,
    hosts: tuple[str, ...],
    proxies: tuple[str, ...],
    config: Path | None,
    index: Path | None,
) -> None:
    """Open the chat in a browser; WHOPLAYED_USER and WHOPLAYED_PASSWORD protect it with a password."""
    from assistant.chat.access import Options
    from assistant.chat.app import serve, share_the_cores
    from assistant.chat.limits import Limits

    share_the_cores()
    serve(index, host, port, chroma_url, options=Options(hosts, proxies, Limits.load(config)))


main.add_command(confidence)
main.add_command(reader)
main.add_command(predict_genres, "genre")
main.add_command(predict_rating, "rating")


if __name__ == "__main__":
    run_command(main, "python -m assistant")
