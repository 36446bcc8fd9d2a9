"""The tabs beside the chat: a plot told, titles alike, the map and the manifest. Text in, HTML out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.chat.cards import title_card
from assistant.chat.explore import MOST_NAME, button
from assistant.chat.library import title_cards
from assistant.chat.markup import escaped
from indexer.catalog.records import Title
from indexer.errors import InputError
from indexer.ids import parse_title_id

if TYPE_CHECKING:
    from assistant.chat.posters import Posters
    from indexer.index import Index
    from indexer.predictors.similar import ScoredTitle

SHOWN = 9
POOL = 150  # of which those that pass the filters are shown
ON_MAP = 2_000
MAP_WIDTH, MAP_HEIGHT = 900, 560
NOT_BUILT = "This build has no vectors of overviews: python -m indexer build with --overviews adds them."
_COUNTED = ("titles", "people", "credits", "roles", "akas", "episodes", "overviews", "keywords", "languages")
_FINER = " A finer one: python -m indexer joint map."
_COLOURS = (
    "#0f766e", "#d09a3a", "#7c9cc4", "#9d6bb3", "#c4695d",
    "#5fa56b", "#b7a84c", "#4a6fa5", "#a0522d", "#d27ba8",
)  # fmt: skip


@dataclass(frozen=True)
class Filters:
    """Which titles to show; what is None or empty is open."""

    kind: str = ""
    genre: str = ""
    first: int | None = None
    last: int | None = None

    def pass_(self, title: Title) -> bool:
        """Whether a title is to be shown; one of unknown year is not where years are asked for."""
        after = self.first is None or (title.year is not None and title.year >= self.first)
        before = self.last is None or (title.year is not None and title.year <= self.last)
        return (
            self.kind in ("", title.type)
            and (not self.genre or self.genre in title.genres)
            and after
            and before
        )


def told(index: Index, plot: str, wanted: Filters, posters: Posters | None = None) -> str:
    """Titles whose overviews are like a plot that somebody tells."""
    if not plot.strip():
        return _quiet("Tell what happens, in your own words.")
    if index.similar is None:
        return _quiet(NOT_BUILT)
    return _listed(index, index.similar.to_text(plot, POOL), wanted, posters)


def alike(index: Index, name: str, wanted: Filters, posters: Posters | None = None) -> str:
    """Titles like the one that a name or id means."""
    title = _title(index, name.strip()[:MOST_NAME])
    if title is None:
        return _quiet("No title in the catalogue has that name or id.")
    if index.similar is None:
        return _quiet(NOT_BUILT)
    listed = _listed(index, index.similar.to_title(title.id, POOL), wanted, posters)
    return f"<h3>Like {escaped(title.dated)}</h3>{listed}"


def _title(index: Index, name: str) -> Title | None:
    try:
        return index.catalog.title(parse_title_id(name))
    except InputError:
        found = index.catalog.titles(index.catalog.search_titles(name, 20)) if name else {}
    return min(
        found.values(), key=lambda each: (each.name.casefold() != name.casefold(), -each.votes), default=None
    )


def _listed(index: Index, scored: Sequence[ScoredTitle], wanted: Filters, posters: Posters | None) -> str:
    titles = index.catalog.titles([each.title_id for each in scored])
    passing = [each for each in scored if each.title_id in titles and wanted.pass_(titles[each.title_id])][
        :SHOWN
    ]
    if not passing:
        return _quiet("Nothing passes these filters.")
    drawn = {
        card.title.id: card
        for card in title_cards(index.catalog, [each.title_id for each in passing], posters)
    }
    inner = "".join(
        f"<div>{title_card(drawn[each.title_id])}<p class=score>{_parts(each)}"
        f"{button(titles[each.title_id], 'Explore')}</p></div>"
        for each in passing
    )
    return f'<div class="cards">{inner}</div>'


def _parts(scored: ScoredTitle) -> str:
    most = sorted(scored.parts.items(), key=lambda item: -item[1])[:3]
    made_of = ", ".join(f"{name} {part:.2f}" for name, part in most if part > 0)
    return f"<span>{scored.score:.2f}: {escaped(made_of)}</span>"


def drawn_map(index: Index, grouped_by: str) -> str:
    """The best known titles at two principal components of the joint space, coloured by a group."""
    from indexer.maps.groups import groupings
    from indexer.maps.known import titles_at_once

    vectors = index.vectors
    if vectors is None or "titles" not in vectors:
        return _quiet("This build has no joint space: python -m indexer build makes one.")
    titles = titles_at_once(index, vectors, ON_MAP, index.settings.seed)
    places = _plane(vectors.rows("titles", [title.id for title in titles]))
    chosen = next((each for each in groupings(titles) if each.name == grouped_by), None)
    if chosen is None:
        return _quiet("Colour by genre, decade or type.")
    colours = {group.label: _COLOURS[at % len(_COLOURS)] for at, group in enumerate(chosen.groups)}
    colours |= dict.fromkeys(("other", "unknown"), "#98a2b3")
    dots = "".join(
        _dot(title, place, label, colours[label])
        for title, place, label in zip(titles, places, chosen.labels, strict=True)
    )
    legend = "".join(_entry(group.label, group.count, colours[group.label]) for group in chosen.groups)
    note = f"{len(titles):,} titles by {chosen.meaning}, at two principal components of their vectors."
    frame = f'viewBox="0 0 {MAP_WIDTH} {MAP_HEIGHT}" role="img" aria-label="Map of titles"'
    return f'<svg class="map" {frame}>{dots}</svg><ul class="legend">{legend}</ul>{_quiet(note + _FINER)}'


def _dot(title: Title, place: tuple[float, float], label: str, colour: str) -> str:
    size = 3 + min(5.0, title.votes / 300_000)
    said = escaped(f"{title.dated} ({label})")
    return (
        f'<circle cx="{place[0]:.1f}" cy="{place[1]:.1f}" r="{size:.1f}" fill="{colour}">'
        f"<title>{said}</title></circle>"
    )


def _entry(label: str, count: int, colour: str) -> str:
    return f'<li><span class="part" style="background:{colour}"></span>{escaped(label)} {count:,}</li>'


def _plane(rows: Any) -> list[tuple[float, float]]:
    """(N, D) rows at places of the picture, by their two principal components."""
    import numpy as np

    centred = np.asarray(rows, np.float64) - rows.mean(0)
    _, axes = np.linalg.eigh(centred.T @ centred)  # (D, D), the largest last
    at = centred @ axes[:, -2:]
    low, high = at.min(0), at.max(0)
    at = (at - low) / np.maximum(high - low, 1e-9) * (MAP_HEIGHT - 40, MAP_WIDTH - 40) + 20
    return [(float(x), float(y)) for y, x in at.tolist()]


def manifest(index: Index) -> str:
    """What the build says of itself: when and from what it was made, and what it holds."""
    told = index.manifest
    held = told.get("counts", {})
    counts = [(name, f"{held[name]:,}") for name in _COUNTED if name in held]
    sources = [
        (name, f"{facts.get('kept', 0):,} of {facts.get('read', 0):,} rows kept")
        for name, facts in _items(told, "sources")
    ]
    steps = [
        (name, f"{facts.get('seconds', 0):.1f} s, {facts.get('peak_mb', 0):,.0f} MB")
        for name, facts in _items(told, "steps")
    ]
    settings = [
        (
            name,
            ", ".join(f"{key} {each}" for key, each in value.items())
            if isinstance(value, dict)
            else str(value),
        )
        for name, value in told.get("settings", {}).items()
    ]
    head = [("build", str(told.get("id", ""))), ("started", str(told.get("started", "")))]
    without = ", ".join(told.get("without", []))
    head += [("left out", f"{without}: python -m indexer build adds it" if without else "nothing")]
    parts = (
        ("This build", head),
        ("It holds", counts),
        ("Figures of its own held-out part", _figures(told)),
        ("From", sources),
        ("Steps", steps),
        ("Settings", settings),
    )
    return "".join(f"<h3>{name}</h3>{_table(rows)}" for name, rows in parts if rows)


def _figures(told: dict[str, Any]) -> list[tuple[str, str]]:
    """What each step measured of itself, the numbers that stand at its first level."""
    measured = ((step, facts.get("validation")) for step, facts in _items(told, "steps"))
    return [
        (step, ", ".join(f"{name.replace('_', ' ')} {_number(value)}" for name, value in found.items()))
        for step, held in measured
        if isinstance(held, dict)
        and (found := {name: value for name, value in held.items() if isinstance(value, int | float)})
    ]


def _number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:.3f}"


def _items(told: dict[str, Any], name: str) -> list[tuple[str, dict[str, Any]]]:
    return [(key, facts) for key, facts in told.get(name, {}).items() if isinstance(facts, dict)]


def _table(rows: Sequence[tuple[str, str]]) -> str:
    lines = "".join(
        f"<tr><th scope=row>{escaped(name)}</th><td>{escaped(value)}</td></tr>" for name, value in rows
    )
    return f'<table class="plain">{lines}</table>'


def _quiet(text: str) -> str:
    return f'<p class="quiet">{escaped(text)}</p>'
