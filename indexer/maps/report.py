"""``python -m indexer joint report``: the joint space in words, as Markdown and JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from indexer.catalog.records import Title
from indexer.errors import IndexUnusable, ResourceError
from indexer.index import Index
from indexer.layout import MEND
from indexer.maps.facts import title_values
from indexer.maps.known import Space, known_people, known_titles, rows_of, sampled_titles
from indexer.maps.memory import Remembered, Values, remembered
from indexer.maps.neighbours import (
    Alike,
    Neighbour,
    Neighbourhood,
    alike,
    credited_nearby,
    of_people,
    of_titles,
)
from indexer.progress import Progress
from indexer.vectors import Table

FORMAT = 1
STEM = "joint-report"
_LOOKED_AT, _REMEMBERED, _NEAR = 20, 10, 5
_CANDIDATES = 200  # titles whose values a text is told from
_ALIKE = 1000  # titles whose neighbours are counted
_ALIKE_NEAR = 10
_MARKUP = re.compile(r"([\\`*_{}\[\]<>|$#~!&])")


@dataclass(frozen=True)
class JointReport:
    """What lies near known titles and people, and what the vectors of ten titles remember."""

    facts: dict[str, Any]
    alike: list[Alike]
    titles: list[Neighbourhood]
    people: list[Neighbourhood]
    remembered: dict[str, list[Remembered]]  # by title

    @classmethod
    def of(cls, index: Index, seed: int | None, progress: Progress) -> JointReport:
        """Look at the index. Raises IndexUnusable for one without vectors or without the joint model."""
        space, seed = Space.of(index), index.settings.seed if seed is None else seed
        titles = known_titles(index, space, _LOOKED_AT, seed)
        people = known_people(index, space, _LOOKED_AT, seed)
        progress.say(f"{len(titles)} titles and {len(people)} people, and what lies near them")
        many = sampled_titles(index, space, _ALIKE, seed)
        return cls(
            {"build": index.directory.name, "seed": seed, "counted_titles": len(many)},
            [
                *alike(index.catalog, space, many, _ALIKE_NEAR, seed),
                credited_nearby(index.catalog, space, many, _ALIKE_NEAR, seed),
            ],
            of_titles(index.catalog, space, titles, _NEAR),
            of_people(index.catalog, space, people, _NEAR),
            _memory(index, space, titles),
        )

    def to_json(self) -> dict[str, Any]:
        """All of it, with a format."""
        return {"format": FORMAT, **asdict(self)}

    def to_markdown(self) -> str:
        """All of it, to read."""
        return "\n".join(_markdown(self)) + "\n"


def write_report(index: Index, folder: Path, seed: int | None, progress: Progress) -> list[Path]:
    """Write ``joint-report.md`` and ``joint-report.json`` into ``folder``; their paths.

    Raises IndexUnusable for an index without vectors or model, ResourceError where it cannot write.
    """
    found = JointReport.of(index, seed, progress)
    pages = {
        folder / f"{STEM}.md": found.to_markdown(),
        folder / f"{STEM}.json": json.dumps(found.to_json(), indent=1, ensure_ascii=False) + "\n",
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, text in pages.items():
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ResourceError(f"cannot write the report to {folder}: {error.strerror}; give --out") from error
    return list(pages)


def _memory(index: Index, space: Space, titles: Sequence[Title]) -> dict[str, list[Remembered]]:
    """Of the first ten titles; all of them and more known ones are the candidates for texts."""
    if index.joint is None:
        raise IndexUnusable(
            f"{index.directory} was built without the joint model: {MEND}, not --without joint"
        )
    chosen = {title.id for title in titles}
    more = [title for title in sampled_titles(index, space, _CANDIDATES, 0) if title.id not in chosen]
    everyone = [*titles, *more]
    vectors = rows_of(space.titles, (title.id for title in everyone))
    values = _with_overviews(index, everyone, title_values(index.catalog, everyone))
    names = [title.dated for title in everyone]
    lines = remembered(index.joint, vectors, values, names, _REMEMBERED)
    return {title.dated: line for title, line in zip(titles, lines, strict=False)}


def _with_overviews(index: Index, titles: Sequence[Title], values: list[dict[str, Any]]) -> list[Values]:
    """The values, with the vectors of the plots where the build has them."""
    folder = index.directory / "vectors"
    if not (folder / "overviews.ids.npy").is_file():
        return list(values)
    table = Table.open(folder, "overviews")
    places = np.searchsorted(table.ids, [title.id for title in titles])
    return [
        {**own, "overview": np.asarray(table.rows[at])} if _has(table, int(at), title) else own
        for own, at, title in zip(values, places, titles, strict=True)
    ]


def _has(table: Table, at: int, title: Title) -> bool:
    return at < len(table.ids) and int(table.ids[at]) == title.id


# -------------------------------------------------------------------------------------------- Markdown


def _markdown(report: JointReport) -> Iterator[str]:
    yield "# Joint space: a report"
    yield ""
    yield f"Of build {report.facts['build']}, seed {report.facts['seed']}. Likeness is the cosine of two"
    yield "vectors; **bold** neighbours are credited together in the catalogue. The space was trained on"
    yield "these credits: this is what it remembers, not what it would guess of titles it has not seen."
    yield from ("", "## How alike neighbours are", "")
    yield from _alike_table(report)
    yield from ("", "## Known titles", "")
    yield from _near_table("title", report.titles)
    yield from ("", "## Known people", "")
    yield from _near_table("person", report.people)
    yield from ("", "## What the models remember beside what the catalogue says", "")
    yield from _EXPLAINED
    for title, lines in report.remembered.items():
        yield from ("", f"### {escaped(title)}", "")
        yield from _memory_table(lines)


_EXPLAINED = (
    "Read from a title's vector alone. *Nats* is the log-likelihood of the catalogue's value given that",
    "vector, *usual* the mean of the same given the vectors of other titles: the further it lies below, the",
    "more the vector knows. Texts and plots are not spelt out; they are told from those of other titles, and",
    "*rank* is the place of the title's own among them.",
)


def _alike_table(report: JointReport) -> Iterator[str]:
    counted = report.facts["counted_titles"]
    yield f"Of {counted:,} titles and the {_ALIKE_NEAR} nearest titles and people of each:"
    yield ""
    yield "| a title and | neighbours | drawn by chance |"
    yield "|---|---|---|"
    for line in report.alike:
        yield f"| {line.what} | {line.neighbours:.1%} | {line.chance:.1%} |"


def _near_table(kind: str, found: Sequence[Neighbourhood]) -> Iterator[str]:
    yield f"| {kind} | nearest titles | nearest people |"
    yield "|---|---|---|"
    for one in found:
        yield f"| {escaped(one.name)} | {_listed(one.titles)} | {_listed(one.people)} |"


def _listed(found: Sequence[Neighbour]) -> str:
    return ", ".join(_told(one) for one in found) or "none"


def _told(one: Neighbour) -> str:
    name = f"**{escaped(one.name)}**" if one.credited else escaped(one.name)
    return f"{name} {one.likeness:.2f}"


def _memory_table(lines: Sequence[Remembered]) -> Iterator[str]:
    yield "| field | catalogue | model | nats | usual | rank |"
    yield "|---|---|---|---|---|---|"
    for line in lines:
        rank = "" if line.rank is None else f"{line.rank} of {line.of}"
        values = f"{escaped(line.catalogue)} | {escaped(line.model)}"
        yield f"| {line.field} | {values} | {_nats(line.nats)} | {_nats(line.usual)} | {rank} |"


def _nats(number: float | None) -> str:
    return "never seen" if number is None else f"{number:.2f}"


def escaped(text: str) -> str:
    """A text of the catalogue as Markdown shows it: on one line, no letter of it markup."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))
