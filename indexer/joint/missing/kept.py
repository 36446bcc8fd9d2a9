"""A graph of credits in a file, so that not every question reads the whole catalogue."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.errors import FormatMismatch
from indexer.joint.missing.graph import CreditGraph, Facts, Half

_FORMAT = "1"
_Arrays = Mapping[str, npt.NDArray[Any]]


def save_graph(graph: CreditGraph, path: Path, source: str) -> None:
    """Write the graph as safetensors; ``source`` says of what it was read."""
    from safetensors.numpy import save_file

    arrays = {"titles": graph.title_ids, "people": graph.person_ids}
    for part, values in (
        ("by_title", graph.by_title),
        ("by_person", graph.by_person),
        ("facts", graph.facts),
    ):
        arrays |= {f"{part}/{name}": array for name, array in values._asdict().items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(arrays, path, {"format": _FORMAT, "source": source, "sha256": _digest(arrays)})


def load_graph(path: Path, source: str) -> CreditGraph:
    """What ``save_graph`` wrote. Raises FormatMismatch where it is of another source or format, or damaged:
    compiled code follows these numbers without looking.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, "numpy") as file:
            told = file.metadata() or {}
            if (told.get("format"), told.get("source")) != (_FORMAT, source):
                raise FormatMismatch(f"{path} is of another catalogue: it is read anew")
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a mapping
    except (SafetensorError, OSError) as error:
        raise FormatMismatch(f"{path} cannot be read ({error}): the catalogue is read anew") from error
    if told.get("sha256") != _digest(arrays):
        raise FormatMismatch(f"{path} is damaged: the catalogue is read anew")
    return CreditGraph(
        arrays["titles"],
        arrays["people"],
        Half(**_under("by_title", arrays)),
        Half(**_under("by_person", arrays)),
        Facts(**_under("facts", arrays)),
    )


def _under(part: str, arrays: _Arrays) -> dict[str, Any]:
    return {
        name.removeprefix(f"{part}/"): array for name, array in arrays.items() if name.startswith(f"{part}/")
    }


def _digest(arrays: _Arrays) -> str:
    found = hashlib.sha256()
    for name in sorted(arrays):
        array = arrays[name]
        found.update(f"{name} {array.dtype} {array.shape} ".encode())
        found.update(np.ascontiguousarray(array).data)
    return found.hexdigest()
