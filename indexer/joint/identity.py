"""What a training run is of: its fields, settings and data, so that a mismatch can be named."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from indexer.fields.base import Configuration
from indexer.joint.entities import Entities
from indexer.settings import Settings

_FREE = ("checkpoint_minutes",)  # settings that do not change the weights
_MOST_NAMED = 6  # differences told one by one
_CHUNK = 100_000


@dataclass(frozen=True)
class Identity:
    """Two runs whose identities are equal end with the same weights.

    fields: the configuration of each. data: a digest of each part of what is learnt from (``data_hash``).
    """

    fields: list[Configuration]
    settings: dict[str, Any]
    data: dict[str, str]

    @classmethod
    def of(
        cls, fields: list[Configuration], entities: Entities, settings: Settings, processes: int = 1
    ) -> Identity:
        """Of a run that is about to begin."""
        joint = dataclasses.asdict(settings.joint)
        known = {name: value for name, value in joint.items() if name not in _FREE}
        known |= {"seed": settings.seed, "processes": processes}
        return cls(_plain(fields), known, data_hash(entities))

    def to_json(self) -> dict[str, Any]:
        """As ``from_json`` takes it."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, saved: Mapping[str, Any]) -> Identity:
        """What ``to_json`` gave."""
        return cls(list(saved["fields"]), dict(saved["settings"]), dict(saved["data"]))

    def differences(self, saved: Identity) -> list[str]:
        """In words what a saved run has otherwise than this one; ``[]`` where both are one run."""
        found = [
            *_unlike("setting ", self.settings, saved.settings),
            *(
                f"the {name} are others (hash {saved.data.get(name, 'none')}, here {here})"
                for name, here in self.data.items()
                if saved.data.get(name) != here
            ),
            *_unlike_fields(self.fields, saved.fields),
        ]
        more = len(found) - _MOST_NAMED
        return [*found[:_MOST_NAMED], f"and {more} more"] if more > 0 else found


def _unlike(what: str, here: Mapping[str, Any], saved: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted({*here, *saved}):
        if here.get(name) != saved.get(name):
            yield f"{what}{name} is {saved.get(name, 'not there')}, here {here.get(name, 'not there')}"


def _unlike_fields(here: list[Configuration], saved: list[Configuration]) -> Iterator[str]:
    ours, theirs = ({field["name"]: field for field in fields} for fields in (here, saved))
    yield from (f"field {name} is missing" for name in ours if name not in theirs)
    yield from (f"field {name} is not in this version's table" for name in theirs if name not in ours)
    for name, field in ours.items():
        other = theirs.get(name, field)
        parts = sorted(part for part in {*field, *other} if field.get(part) != other.get(part))
        if "kind" in parts:
            yield f"field {name} is {other['kind']}, here {field['kind']}"
        elif parts:
            yield f"field {name} has another {', '.join(parts)}"


def _plain(fields: list[Configuration]) -> list[Configuration]:
    """As JSON gives them back: tuples become lists, keys strings."""
    plain: list[Configuration] = json.loads(json.dumps(fields))
    return plain


def data_hash(entities: Entities) -> dict[str, str]:
    """A digest of each part of the data; a second or two for a million strings."""
    lists = (part for _, rows in sorted(entities.lists.items()) for part in (rows.ids, rows.starts))
    overviews = () if entities.overview is None else (entities.overview,)
    return {
        "titles": ids_hash(entities.ids["title"]),
        "people": ids_hash(entities.ids["person"]),
        "credits": _digest(_bytes(*entities.credits, entities.roles)),
        "names": _digest(_values(entities.pools)),
        "lists": _digest(_bytes(*lists)),
        "values": _digest(_values(entities.values)),
        "overviews": _digest(_bytes(*overviews)),
    }


def ids_hash(ids: Iterable[int]) -> str:
    """A digest of ids, whatever their order."""
    return _digest(_bytes(np.sort(np.asarray(list(ids), np.int64))))


def scope_problems(facts: Mapping[str, Any], titles: Sequence[int], people: Sequence[int]) -> list[str]:
    """In words, where a space that says ``facts`` of itself was trained on others than these ids."""
    data = facts.get("data", {})
    return [
        f"the joint space was trained on other {name} than the {len(ids):,} of the catalogue in scope"
        for name, ids in (("titles", titles), ("people", people))
        if name in data and data[name] != ids_hash(ids)
    ]


def _bytes(*arrays: np.typing.NDArray[Any]) -> Iterator[bytes | memoryview]:
    for array in arrays:
        yield f"{array.dtype}{array.shape}".encode()
        yield np.ascontiguousarray(array).reshape(-1).view(np.uint8).data  # without a copy


def _values(columns: Mapping[str, list[Any]]) -> Iterator[bytes]:
    for key, values in sorted(columns.items()):
        yield key.encode()
        for start in range(0, len(values), _CHUNK):
            yield repr(values[start : start + _CHUNK]).encode(errors="surrogatepass")


def _digest(chunks: Iterable[bytes | memoryview]) -> str:
    found = hashlib.blake2b(digest_size=12)
    for chunk in chunks:
        found.update(chunk)
    return found.hexdigest()
