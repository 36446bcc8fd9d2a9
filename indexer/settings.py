"""Every setting and its default, in one typed place; a TOML file overrides them, options override both."""

from __future__ import annotations

import dataclasses
import os
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from indexer.errors import InputError

INDEX_VARIABLE = "WHOPLAYED_INDEX"
_FACES = ("chat",)  # tables that those who serve an index read
Section = TypeVar("Section")


@dataclass(frozen=True)
class VectorScope:
    """Which titles get vectors; their people follow."""

    min_votes: int = 100
    with_overview: bool = True


@dataclass(frozen=True)
class OverviewSettings:
    """How plot overviews become vectors."""

    encoder: str = "minilm"  # minilm, bert-wwm:FOLDER, or a folder of a Hugging Face BERT
    max_tokens: int = 128
    batch_tokens: int = 4096  # padded tokens a batch
    precision: str = "auto"  # auto (bf16 where the processor has it), fp32, bf16


@dataclass(frozen=True)
class JointSettings:
    """What defines the joint space and its training."""

    width: int = 128
    epochs: int = 3
    batch: int = 1024
    learning_rate: float = 0.003
    temperature: float = 0.07
    max_minutes: float = 12.0
    max_credits: int = 2_000_000
    checkpoint_minutes: float = 3.0  # between two checkpoints
    validate: bool = False  # hold out 5 % of the pairs to watch, and end early by them
    looks: int = 20  # at the validation pairs, over all epochs
    patience: int = 4  # looks without anything better before training ends


@dataclass(frozen=True)
class LinkingSettings:
    """How many generated query rows teach the reranker."""

    training_rows: int = 4_000


@dataclass(frozen=True)
class Settings:
    """All settings of a build; saved in its manifest."""

    seed: int = 7
    threads: int = 0  # 0: one to train the joint space, for the rest as many as the machine has
    tolerate: bool = False
    max_rejected_share: float = 0.01
    vectors: VectorScope = field(default_factory=VectorScope)
    overviews: OverviewSettings = field(default_factory=OverviewSettings)
    joint: JointSettings = field(default_factory=JointSettings)
    linking: LinkingSettings = field(default_factory=LinkingSettings)

    @classmethod
    def load(cls, path: Path | None) -> Settings:
        """The defaults, overridden by a TOML file; tables of the faces (``chat``) are left aside.

        Raises InputError naming an unknown key or a wrong type.
        """
        if path is None:
            return cls()
        table = _read(path)
        return _override(cls(), {key: value for key, value in table.items() if key not in _FACES}, "")

    def replace(self, **changes: Any) -> Settings:
        """A copy with top-level values changed."""
        return dataclasses.replace(self, **changes)


def read_section(section: Section, path: Path, name: str) -> Section:
    """A face's settings, overridden by the table ``name`` of a TOML file; other tables are left aside.

    Raises InputError as ``Settings.load``.
    """
    return _value(section, _read(path).get(name, {}), name)  # type: ignore[no-any-return]


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"cannot read the settings {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path} is not TOML: {error}") from error


def _override(section: Section, table: dict[str, Any], prefix: str) -> Section:
    known = {item.name: getattr(section, item.name) for item in dataclasses.fields(section)}  # type: ignore[arg-type]
    changes: dict[str, Any] = {}
    for key, value in table.items():
        if key not in known:
            raise InputError(f"unknown setting {prefix}{key}: known here are {', '.join(sorted(known))}")
        changes[key] = _value(known[key], value, f"{prefix}{key}")
    return dataclasses.replace(section, **changes)  # type: ignore[type-var]


def _value(default: Any, value: Any, name: str) -> Any:
    if dataclasses.is_dataclass(default):
        if not isinstance(value, dict):
            raise InputError(f"setting {name} is a table of settings, not {value!r}")
        return _override(default, value, f"{name}.")
    if isinstance(default, float) and type(value) is int:
        return float(value)
    if type(value) is not type(default):
        expected = f"expected a {type(default).__name__} such as {default!r}"
        raise InputError(f"setting {name} is {value!r}: {expected}")
    return value


def index_path(option: Path | None = None) -> Path:
    """Where the index lies: the option, else the environment variable, else the user's data directory."""
    if option is not None:
        return option
    variable = os.environ.get(INDEX_VARIABLE)
    if variable:
        return Path(variable)
    from platformdirs import user_data_path

    return user_data_path("whoplayed") / "index"
