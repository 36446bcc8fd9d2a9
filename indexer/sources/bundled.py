"""The sample that comes with the package."""

from __future__ import annotations

from pathlib import Path


def sample_dir() -> Path:
    """The folder with the bundled sample, in the layout of IMDb's own files."""
    return Path(__file__).resolve().parent / "sample"
