"""How every command of the project ends: one line for a problem, an exit status, never a traceback.

Exit status: 0 done, 1 a problem that the message explains, 2 wrong usage.
"""

from __future__ import annotations

import os
import secrets
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import click

from indexer.errors import WhoplayedError

DONE, PROBLEM = 0, 1


def run_command(main: click.Command, name: str, arguments: list[str] | None = None) -> NoReturn:
    """Run a command as a program and leave the process with its exit status.

    ``name`` is what its usage line calls it ("python -m indexer"); ``arguments`` default to the process's.
    """
    try:
        status = main.main(args=arguments, prog_name=name, standalone_mode=False)
        sys.stdout.flush()
        sys.exit(status if isinstance(status, int) else DONE)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        _leave("stopped")
    except BrokenPipeError:
        _forget_stdout()
        sys.exit(PROBLEM)
    except WhoplayedError as error:
        _leave(f"error: {_one_line(str(error))}")
    except MemoryError:
        _leave("error: out of memory: close other programs, or index less (--config, [vectors] min_votes)")
    except Exception as error:  # noqa: BLE001 - the last line before a person: whatever it is, no traceback
        _leave(_unexpected(error))


def examples(*commands: str) -> str:
    """A command's examples, as the text that click shows below its options without joining the lines."""
    return "\b\nExample:\n" + "\n".join(f"  {command}" for command in commands)


def _leave(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(PROBLEM)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _forget_stdout() -> None:
    """The reader has gone; without this the interpreter complains once more when it flushes at exit."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())


def _unexpected(error: Exception) -> str:
    """Keep the traceback in the log under an id; the line that names both."""
    report = secrets.token_hex(4)
    kind = f"{type(error).__name__}: {_one_line(str(error))[:200]}"
    try:
        log = _keep(report, error)
    except OSError as refused:
        return (
            f"error: unexpected problem {report} ({kind}); its log could not be written ({refused.strerror})"
        )
    return f"error: unexpected problem {report} ({kind}); details are in {log}"


def _keep(report: str, error: Exception) -> Path:
    from platformdirs import user_log_path

    log = user_log_path("whoplayed") / "errors.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    trace = "".join(traceback.format_exception(error))
    entry = f"{datetime.now(UTC).isoformat(timespec='seconds')} {report}\n{trace}\n"
    descriptor = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as stream:
        stream.write(entry)
    return log
