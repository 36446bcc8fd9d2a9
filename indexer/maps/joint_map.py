"""``python -m indexer joint map``: the joint space as pictures, and their coordinates."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from indexer.catalog.records import Person, Title
from indexer.errors import ResourceError
from indexer.ids import format_person_id, format_title_id
from indexer.index import Index
from indexer.maps.drawing import Places, picture
from indexer.maps.groups import Grouping, groupings
from indexer.maps.known import Space, best_known_people, rows_of, sampled_titles
from indexer.maps.projection import project
from indexer.progress import Progress
from indexer.vectors import Rows

FORMAT = 1
STEM = "joint-map"


@dataclass(frozen=True)
class MapOptions:
    """How many are shown, and the seed of the choice and of the projection (none: the build's)."""

    titles: int = 5000
    people: int = 0
    seed: int | None = None


@dataclass(frozen=True)
class JointMap:
    """Titles and people, best known first, at places of the plane: (N, 2) and (P, 2)."""

    titles: list[Title]
    people: list[Person]
    places: Places
    groupings: list[Grouping]
    facts: dict[str, Any]

    @classmethod
    def of(cls, index: Index, options: MapOptions, progress: Progress) -> JointMap:
        """Choose, project and group. Raises IndexUnusable for an index without vectors."""
        space = Space.of(index)
        seed = index.settings.seed if options.seed is None else options.seed
        titles = sampled_titles(index, space, options.titles, seed)
        people = best_known_people(index, space, options.people)
        progress.say(f"projecting {len(titles):,} titles and {len(people):,} people")
        places, method = project(_rows(space, titles, people), seed)
        facts = {
            "build": index.directory.name,
            "catalogue_titles": index.catalog.counts()["titles"],
            "method": method,
            "options": {**asdict(options), "seed": seed},
        }
        shown = Places(places[: len(titles)], places[len(titles) :])
        return cls(titles, people, shown, groupings(titles), facts)

    def draw(self, folder: Path) -> list[Path]:
        """Write ``joint-map-genre.png``, ``-decade.png``, ``-type.png``; their paths."""
        return [_saved(self, grouping, folder / f"{STEM}-{grouping.name}.png") for grouping in self.groupings]

    def to_json(self) -> dict[str, Any]:
        """Everything that is drawn, as JSON: a format, facts, the legends, a list of titles and of people."""
        return {
            "format": FORMAT,
            "facts": self.facts,
            "legends": {each.name: [asdict(group) for group in each.groups] for each in self.groupings},
            "titles": [self._title(place) for place in range(len(self.titles))],
            "people": [self._person(place) for place in range(len(self.people))],
        }

    def _title(self, place: int) -> dict[str, Any]:
        title = self.titles[place]
        return {
            "id": format_title_id(title.id),
            "name": title.name,
            "year": title.year,
            "votes": title.votes,
            **{each.name: each.labels[place] for each in self.groupings},
            **_place(self.places.titles[place]),
        }

    def _person(self, place: int) -> dict[str, Any]:
        person = self.people[place]
        return {
            "id": format_person_id(person.id),
            "name": person.name,
            **_place(self.places.people[place]),
        }


def draw_map(index: Index, folder: Path, options: MapOptions, progress: Progress) -> list[Path]:
    """Draw the joint space into ``folder``, with ``joint-map.json``: the coordinates; the files' paths.

    Raises IndexUnusable for an index without vectors, ResourceError where the folder cannot be written.
    """
    found = JointMap.of(index, options, progress)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        pictures = found.draw(folder)
        coordinates = folder / f"{STEM}.json"
        coordinates.write_text(json.dumps(found.to_json(), ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise ResourceError(f"cannot write the map to {folder}: {error.strerror}; give --out") from error
    return [*pictures, coordinates]


def _rows(space: Space, titles: list[Title], people: list[Person]) -> Rows:
    """(N + P, D): the titles' vectors, then the people's."""
    parts = rows_of(space.titles, (title.id for title in titles))
    if not people:
        return parts
    return np.concatenate([parts, rows_of(space.people, (person.id for person in people))])


def _place(at: Rows) -> dict[str, float]:
    return {"x": round(float(at[0]), 3), "y": round(float(at[1]), 3)}


def _saved(found: JointMap, grouping: Grouping, path: Path) -> Path:
    shown, held = len(found.titles), found.facts["catalogue_titles"]
    source = f"{shown:,} of {held:,} titles"
    if found.people:
        source += f" and {len(found.people):,} people"
    heading = f"The joint space, by {grouping.name}"
    figure = picture(found.titles, found.places, grouping, heading, f"{source}  ·  {found.facts['method']}")
    # No date and no version: the same index gives the same bytes.
    figure.savefig(path, metadata={"Software": None}, pil_kwargs={"optimize": True})
    return path
