"""What a build says about itself: where it came from, how it was made, what it holds."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import platform
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import Any

from indexer.errors import FormatMismatch, IndexUnusable
from indexer.layout import MEND
from indexer.settings import Settings

FORMAT = 1  # raised whenever an older index can no longer be read
NAME = "manifest.json"
_LIBRARIES = (
    "torch",
    "transformers",
    "chromadb",
    "numpy",
    "safetensors",
    "scikit-learn",
    "scipy",
    "rapidfuzz",
)
Manifest = dict[str, Any]


def write_manifest(directory: Path, manifest: Manifest) -> None:
    """Write ``manifest`` as this version's format."""
    text = json.dumps({"format": FORMAT, **manifest}, indent=1, ensure_ascii=False, allow_nan=False)
    (directory / NAME).write_text(text + "\n", encoding="utf-8")


def read_manifest(directory: Path) -> Manifest:
    """The manifest of a build. Raises FormatMismatch for another version's, IndexUnusable for damage."""
    path = directory / NAME
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise IndexUnusable(f"{path} cannot be read ({error}): {MEND}") from error
    found = manifest.get("format") if isinstance(manifest, dict) else None
    if found != FORMAT:
        raise FormatMismatch(
            f"{directory} has another format: expected {FORMAT}, found {found}: rebuild with `make index`"
        )
    return dict(manifest)


def settings_of(manifest: Manifest) -> Settings:
    """The settings a build was made with. Raises IndexUnusable where they do not fit this version's."""
    defaults = Settings()
    try:
        values: dict[str, Any] = manifest["settings"]
        return Settings(**{name: _section(getattr(defaults, name), value) for name, value in values.items()})
    except (AttributeError, KeyError, TypeError) as error:
        raise IndexUnusable(f"the manifest's settings do not fit this version ({error}): {MEND}") from error


def _section(default: object, value: Any) -> Any:
    """A value as the type its default has."""
    kind: Any = type(default)
    return kind(**value) if dataclasses.is_dataclass(default) else value


def versions() -> dict[str, str]:
    """Of this program, Python, SQLite and the libraries that make numbers; an absent one is left out."""
    import sqlite3

    found = {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version}
    for name in ("whoplayed", *_LIBRARIES):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def machine(threads: int) -> dict[str, Any]:
    """What the timings depend on."""
    return {"system": platform.platform(), "cores": os.cpu_count(), "threads": threads}


def digests(directory: Path, files: Iterable[Path]) -> dict[str, dict[str, Any]]:
    """Size and sha256 of each file, by its path inside ``directory``."""
    return {
        path.relative_to(directory).as_posix(): {"bytes": path.stat().st_size, "sha256": file_sha256(path)}
        for path in sorted(files)
    }


def file_sha256(path: Path) -> str:
    """Of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def fixed_files(directory: Path) -> list[Path]:
    """The files that never change once a build is finished: all but the manifest and Chroma's."""
    return [
        path
        for path in directory.rglob("*")
        if path.is_file()
        and path.name != NAME
        and not path.is_relative_to(directory / "vectors" / "chroma")
        and path.name != "chroma.json"
    ]
