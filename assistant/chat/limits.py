"""What a served page may be asked for: every limit and its default; ``[chat]`` of a TOML file overrides."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TypeVar

from indexer.errors import InputError
from indexer.settings import read_section

Section = TypeVar("Section")


@dataclass(frozen=True)
class Rate:
    """A bucket of ``burst`` tokens that fills again by ``per_minute``."""

    burst: int
    per_minute: float


@dataclass(frozen=True)
class Limits:
    """Of one process that serves. A person types a question in some seconds; a program asks many at once."""

    seconds: float = 3.0  # that a question may take, once it is being answered
    at_once: int = 4  # questions answered at a time; more would only share the same cores
    abandoned: int = 4  # questions past their time that may still be running beside those
    waiting: int = 256  # questions that may wait for their turn
    patience: float = 30.0  # seconds that one waits at most
    browser: Rate = field(default_factory=lambda: Rate(20, 30.0))  # questions of one browser, by its cookie
    views: Rate = field(default_factory=lambda: Rate(60, 120.0))  # looks of one browser into the other tabs
    address: Rate = field(default_factory=lambda: Rate(200, 1_200.0))  # both, of all behind one address
    requests: Rate = field(default_factory=lambda: Rate(1_000, 6_000.0))  # POST requests of one address
    passwords: Rate = field(default_factory=lambda: Rate(20, 12.0))  # wrong passwords of one address
    remembered: int = 20_000  # browsers and addresses whose buckets are kept

    @classmethod
    def load(cls, path: Path | None) -> Limits:
        """The defaults, overridden by the table ``chat`` of a TOML file.

        Raises InputError for a file that cannot be read, an unknown name, a wrong type, or nothing allowed.
        """
        return cls() if path is None else _positive(read_section(cls(), path, "chat"), "chat")


def _positive(section: Section, name: str) -> Section:
    """The section; raises InputError where a limit would let nothing through."""
    for each in fields(section):  # type: ignore[arg-type]
        value, called = getattr(section, each.name), f"{name}.{each.name}"
        if isinstance(value, Rate):
            _positive(value, called)
        elif value < 0 or (value == 0 and each.name not in ("abandoned", "waiting")):
            raise InputError(f"setting {called} is {value}: expected more than 0")
    return section
