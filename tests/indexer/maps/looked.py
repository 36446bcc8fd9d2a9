"""The tiny index with vectors made by hand: films of one series lie together, people beside their films."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from indexer.joint.space import AROUND
from indexer.layout import current_build
from indexer.vectors import Table
from tests.indexer.tiny import tiny_index

# The angle of each in a plane, in degrees.
TITLES = {
    133093: 0,  # The Matrix
    234215: 2,  # The Matrix Reloaded
    242653: 5,  # The Matrix Revolutions
    118661: 90,  # The Avengers (1998)
    848228: 97,  # The Avengers (2012)
    54215: 180,  # Psycho (1960)
    155975: 184,  # Psycho (1998)
    119094: 250,  # Face/Off
}
PEOPLE = {206: 1, 287825: 4, 19382: 8, 146: 91, 235: 92, 375: 98, 578: 181, 681: 185, 115: 251}


def looked_at(folder: Path) -> Path:
    """An index under ``folder``, with vectors and without a model; its place."""
    place = tiny_index(folder)
    vectors = current_build(place) / "vectors"
    vectors.mkdir()
    for name, angles in (("titles", TITLES), ("people", PEOPLE)):
        turned = np.radians(np.array(list(angles.values()), np.float32))
        rows = np.stack([np.cos(turned), np.sin(turned)], 1)
        for half in (name, f"{name}{AROUND}"):
            Table.write(vectors, half, np.array(list(angles)), rows)
    return place
