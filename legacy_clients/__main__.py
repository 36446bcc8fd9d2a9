"""``python -m legacy_clients server | client``: the original genre demo."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from indexer.errors import WhoplayedError
from legacy_clients.classes import HOST, PORT


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """The original genre demo: a small HTTP service and a window that asks it."""


@main.command()
@click.option("--host", default=HOST, show_default=True, help="Address to listen on.")
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(1, 65_535), help="Port.")
@click.option("--index", type=click.Path(path_type=Path), help="The index whose genre model answers.")
@click.option("--trusted-host", multiple=True, help="Another name by which clients may call this machine.")
def server(host: str, port: int, index: Path | None, trusted_host: tuple[str, ...]) -> None:
    r"""Serve genre probabilities over HTTP.

    \b
    Example: python -m legacy_clients server --port 5001
    """
    from legacy_clients.server import serve

    def ready(address: str) -> None:
        click.echo(f"serving {address} (Ctrl-C ends it)", err=True)

    serve(index, host, port, trusted_host, ready)


@main.command()
@click.option("--url", default=f"http://{HOST}:{PORT}", show_default=True, help="Where the service is.")
def client(url: str) -> None:
    r"""Open the window.

    \b
    Example: python -m legacy_clients client --url http://127.0.0.1:5001
    """
    try:
        from legacy_clients.client import run
    except ModuleNotFoundError as error:
        if error.name not in ("tkinter", "_tkinter"):
            raise
        raise WhoplayedError("the window needs Python's tkinter module: install python3-tk") from error
    run(url)


def entry() -> None:
    """Runs a command; a problem is one line on stderr and exit status 1."""
    try:
        main()
    except WhoplayedError as problem:
        click.echo(f"error: {problem}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    entry()
