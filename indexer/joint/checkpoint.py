"""A training run on the disk, to go on from: one safetensors file with its JSON in the header."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from indexer.errors import FormatMismatch
from indexer.joint.identity import Identity

FORMAT = 2
Arrays = dict[str, np.typing.NDArray[Any]]
_HEAD = "checkpoint"
_STATE, _BEST = "state/", "best/"


@dataclass
class Position:
    """How far a run is. ``batch``: batches of this epoch that are done; ``spent``: seconds on its clock."""

    epoch: int = 0
    batch: int = 0
    credits: int = 0
    spent: float = 0.0
    cpu: float = 0.0
    best: float | None = None  # the validation figure of the best look
    since: int = 0  # looks without a better one
    looked: int = -1  # credits at the last look
    ended: bool = False
    stopped: str = ""  # why it ended early


@dataclass
class Checkpoint:
    """Everything a run needs to go on as if nothing had happened."""

    identity: Identity
    position: Position
    rng: dict[str, Any]  # of numpy's bit generator
    state: Arrays
    best: Arrays = field(default_factory=dict)  # the weights of the best look
    entries: list[dict[str, Any]] = field(default_factory=list)  # of the log

    def save(self, path: Path) -> None:
        """Put it in the place of an older one, in one step: a crash leaves the old one or this one."""
        from safetensors.numpy import save_file

        head = {
            "format": FORMAT,
            "identity": self.identity.to_json(),
            "position": vars(self.position),
            "rng": self.rng,
            "entries": self.entries,
        }
        arrays = {_STATE + name: np.ascontiguousarray(array) for name, array in self.state.items()}
        arrays |= {_BEST + name: np.ascontiguousarray(array) for name, array in self.best.items()}
        path.parent.mkdir(parents=True, exist_ok=True)
        staged = path.with_name(path.name + ".new")
        save_file(arrays, staged, metadata={_HEAD: json.dumps(head, ensure_ascii=False)})
        with staged.open("rb") as stream:
            os.fsync(stream.fileno())
        staged.replace(path)

    @classmethod
    def load(cls, path: Path, own: Identity) -> Checkpoint:
        """The run saved there. Raises FormatMismatch that names what differs from ``own``, the run to be."""
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(path, "numpy") as file:
                head = _head(path, file.metadata())
                identity = Identity.from_json(head["identity"])
                _refuse(path, own.differences(identity))
                arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a mapping
            position, best = Position(**head["position"]), _under(_BEST, arrays)
            return cls(identity, position, head["rng"], _under(_STATE, arrays), best, head["entries"])
        except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
            raise FormatMismatch(
                f"the checkpoint {path} is damaged ({error}): remove it to begin again"
            ) from error


def _head(path: Path, metadata: Mapping[str, str] | None) -> dict[str, Any]:
    head: dict[str, Any] = json.loads((metadata or {}).get(_HEAD, "{}"))
    if head.get("format") != FORMAT:
        _refuse(path, [f"its format is {head.get('format')}, here {FORMAT}"])
    return head


def refuse_shapes(path: Path, saved: Arrays, own: Arrays) -> None:
    """Raises FormatMismatch where the weights saved are not those of this version's model."""
    lacking = [
        f"{name} is {_shape(saved.get(name))}, here {array.shape}"
        for name, array in own.items()
        if name not in saved or saved[name].shape != array.shape
    ]
    _refuse(path, lacking[:3])


def _shape(array: np.typing.NDArray[Any] | None) -> str:
    return "missing" if array is None else str(array.shape)


def _refuse(path: Path, differences: list[str]) -> None:
    if differences:
        raise FormatMismatch(
            f"the checkpoint {path} is of another training run: {'; '.join(differences)}: go on with the "
            "settings and data it was made with, or remove it to begin again"
        )


def _under(prefix: str, arrays: Arrays) -> Arrays:
    return {name[len(prefix) :]: array for name, array in arrays.items() if name.startswith(prefix)}
