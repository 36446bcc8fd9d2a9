"""``python -m legacy_clients server | client``: the original genre demo."""

from __future__ import annotations

from pathlib import Path

import click

from indexer.commands import examples, run_command
from indexer.errors import WhoplayedError
from legacy_clients.classes import HOST, PORT


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """The original genre demo: a small HTTP service and a window that asks it."""


@main.command(epilog=examples("python -m legacy_clients server --port 5001"))
@click.option("--host", default=HOST, show_default=True, help="Address to listen on.")
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(1, 65_535), help="Port.")
@click.option("--index", type=click.Path(path_type=Path), help="The index that answers.")
@click.option("--trusted-host", multiple=True, help="Another name by which clients may call this machine.")
def server(host: str, port: int, index: Path | None, trusted_host: tuple[str, ...]) -> None:
    """Serve genres of plots, similar titles, search and records over HTTP."""
    from legacy_clients.server import serve

    def say(line: str) -> None:
        click.echo(line, err=True)

    serve(index, host, port, trusted_host, say)


@main.command(epilog=examples("python -m legacy_clients client --url http://127.0.0.1:5001"))
@click.option("--url", default=f"http://{HOST}:{PORT}", show_default=True, help="Where the service is.")
@click.option(
    "--scale",
    type=click.FloatRange(1, 4),
    help="How much larger than 1000 x 700 pixels (default: by the screen's resolution).",
)
def client(url: str, scale: float | None) -> None:
    """Open the window."""
    try:
        from legacy_clients.client import run
    except ModuleNotFoundError as error:
        if error.name not in ("tkinter", "_tkinter"):
            raise
        raise WhoplayedError("the window needs Python's tkinter module: install python3-tk") from error
    run(url, scale)


if __name__ == "__main__":
    run_command(main, "python -m legacy_clients")
