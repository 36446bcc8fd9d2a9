"""Query rows drawn from the catalogue, noisy and partial, with what they mean: what weights learn from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from indexer.catalog.records import ACTING, Credit, Title
from indexer.fields.rows import Row, Value
from indexer.linking.noise import RUNTIME_SLIP, YEAR_SLIPS, distorted, misspelt
from indexer.text import fold

if TYPE_CHECKING:
    from indexer.linking.linker import Kind, Linker
    from indexer.linking.source import LinkingSource

Drawn = tuple[Row, set[int]]  # a query row and the ids of what it may mean
Array = npt.NDArray[Any]
Part = Literal["train", "calibrate", "report"]
PARTS: dict[Part, range] = {"train": range(6), "calibrate": range(6, 8), "report": range(8, 10)}  # of ten
_BATCH = 500


def in_part(ids: Array, part: Part | None) -> Array:
    """(N,) bool: which entities are of that part, by a hash of their ids; all of them for ``None``."""
    if part is None:
        return np.ones(len(ids), np.bool_)
    mixed = np.asarray(ids).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    return np.isin((mixed >> np.uint64(33)) % np.uint64(10), np.asarray(PARTS[part]))


def draw_rows(
    linker: Linker,
    catalog: LinkingSource,
    kind: Kind,
    count: int,
    seed: int,
    part: Part | None = None,
) -> list[Drawn]:
    """``count`` query rows at most, entities drawn by the square root of votes; one seed gives the same rows.

    Two in five name an entity exactly and add one thing; two in five are two to four half-remembered facts;
    the rest are a distorted name and one fact. part: of which entities.
    """
    random = Random(f"{seed} {kind}")
    chosen = _by_votes(linker, kind, part, 0.5, count, random)
    rows: list[Drawn] = []
    for at in range(0, len(chosen), _BATCH):
        some = chosen[at : at + _BATCH]
        draw = _titles(catalog, some, random) if kind == "title" else _people(catalog, some, random)
        rows.extend(row for row in draw if row is not None)
    return rows


def draw_names(
    linker: Linker, catalog: LinkingSource, kind: Kind, count: int, seed: int, part: Part | None = None
) -> list[Drawn]:
    """``count`` query rows at most that are a distorted name and nothing else, entities drawn by votes."""
    random = Random(f"{seed} {kind} names")
    chosen = _by_votes(linker, kind, part, 1.0, count, random)
    found = catalog.titles(set(chosen)) if kind == "title" else catalog.people(set(chosen))
    names = {int(key): entity.name for key, entity in found.items()}
    return [(Row(kind, {kind: distorted(names[key], kind, random)}), {key}) for key in chosen if key in names]


def _by_votes(
    linker: Linker, kind: Kind, part: Part | None, power: float, count: int, random: Random
) -> list[int]:
    """Ids, each as likely as its votes (or popularity) to that power."""
    columns = linker.facts.columns
    ids, votes = (columns.title_ids, columns.votes) if kind == "title" else (columns.person_ids, columns.fame)
    own = in_part(ids, part)
    if not own.any():
        return []
    ids, votes = np.asarray(ids)[own], np.asarray(votes, np.float64)[own]
    reach = np.cumsum(np.expm1(votes) ** power + 1e-3)
    return [int(ids[np.searchsorted(reach, random.random() * reach[-1])]) for _ in range(count)]


def _titles(catalog: LinkingSource, ids: list[int], random: Random) -> list[Drawn | None]:
    titles = catalog.titles(set(ids))
    credits_of = catalog.credits_of_titles(set(ids))
    people = catalog.people({credit.person_id for credits_ in credits_of.values() for credit in credits_})
    drawn = []
    for title in (titles[key] for key in ids if key in titles):  # type: ignore[index]
        hints = _title_hints(title, credits_of.get(title.id, []), people, random)
        drawn.append(_drawn("title", (title.id, title.name), hints, random))
    return drawn


def _people(catalog: LinkingSource, ids: list[int], random: Random) -> list[Drawn | None]:
    people = catalog.people(set(ids))
    own = {
        key: random.sample(found, min(len(found), 3))
        for key, found in catalog.credits_of_people(people).items()
    }
    in_titles = {credit.title_id for credits_ in own.values() for credit in credits_}
    titles, credits_of = catalog.titles(in_titles), catalog.credits_of_titles(in_titles)
    others = catalog.people({credit.person_id for credits_ in credits_of.values() for credit in credits_})
    drawn = []
    for person in (people[key] for key in ids if key in people):  # type: ignore[index]
        hints: list[dict[str, Value]] = [{"born": person.birth_year}] if person.birth_year else []
        for credit in own.get(person.id, []):
            if credit.title_id in titles:
                around = credits_of.get(credit.title_id, [])
                hints += _person_hints(credit, titles[credit.title_id], around, others, random)
        drawn.append(_drawn("person", (person.id, person.name), hints, random))
    return drawn


def _drawn(
    kind: Kind, entity: tuple[int, str], hints: list[dict[str, Value]], random: Random
) -> Drawn | None:
    """A query row about an entity, of an id and a name; ``None`` where there is nothing to say of it."""
    key, name = entity
    fate = random.random()
    if fate < 0.4 and hints:
        values = {kind: name, **random.choice(hints)}
    elif fate < 0.8 and len(hints) > 2:
        values = _merged(random.sample(hints, min(len(hints), random.randint(2, 4))))
        if random.random() < 0.4 or kind == "person":
            values[kind] = distorted(name, kind, random)
    elif hints:
        values = {kind: distorted(name, kind, random), **random.choice(hints)}
    else:
        return None
    said = {field: value for field, value in values.items() if value not in (None, "", ())}
    return (Row(kind, said), {key}) if len(said) > 1 or "cast" in said else None


def _merged(hints: list[dict[str, Value]]) -> dict[str, Value]:
    merged: dict[str, Value] = {}
    for hint in hints:
        for field, value in hint.items():
            before = merged.get(field)
            merged[field] = (
                (*before, *value) if isinstance(before, tuple) and isinstance(value, tuple) else value
            )
    return merged


def _title_hints(
    title: Title, credits_: Sequence[Credit], people: Any, random: Random
) -> list[dict[str, Value]]:
    hints: list[dict[str, Value]] = []
    acting = [credit for credit in credits_ if credit.category in ACTING and credit.person_id in people][:10]
    for credit in random.sample(acting, min(len(acting), 3)):
        hints.append({"cast": (_half_remembered(people[credit.person_id].name, random),)})
        if credit.characters and random.random() < 0.5:
            hints.append({"character": _role(random.choice(credit.characters), random)})
    directors = [
        people[c.person_id].name for c in credits_ if c.category == "director" and c.person_id in people
    ]
    if directors:
        hints.append({"director": _half_remembered(random.choice(directors), random)})
    return hints + _number_hints(title, random)


def _number_hints(title: Title, random: Random) -> list[dict[str, Value]]:
    hints: list[dict[str, Value]] = []
    if title.year:
        hints.append({"year": title.year + random.choice(YEAR_SLIPS)})
        hints.append({"decade": f"{title.year // 10}0s"})
    if title.runtime:
        hints.append({"runtime": max(title.runtime + random.randint(-RUNTIME_SLIP, RUNTIME_SLIP), 1)})
    if title.genres:
        hints.append({"genres": (random.choice(title.genres),)})
    return [*hints, {"type": title.type}] if random.random() < 0.5 else hints


def _person_hints(
    credit: Credit, title: Title, around: Sequence[Credit], people: Any, random: Random
) -> list[dict[str, Value]]:
    hints: list[dict[str, Value]] = [{"title": distorted(title.name, "title", random)}]
    if credit.characters:
        hints.append({"character": _role(random.choice(credit.characters), random)})
    for field, fits in (("cast", ACTING), ("director", frozenset({"director"}))):
        others = [c for c in around if c.category in fits and c.person_id != credit.person_id]
        names = [people[c.person_id].name for c in others if c.person_id in people]
        if names:
            name = _half_remembered(random.choice(names[:10]), random)
            hints.append({field: (name,) if field == "cast" else name})
    return hints


def _half_remembered(name: str, random: Random) -> str:
    """A person's name whole, misspelt, or its last word."""
    ways: list[Callable[[], str]] = [
        lambda: name,
        lambda: misspelt(name, random.randint(1, 2), random),
        lambda: name.rpartition(" ")[2],
    ]
    return random.choice(ways)() if name.split() else name


def _role(character: str, random: Random) -> str:
    """A character's name whole or its first word."""
    words = fold(character).split()
    return words[0] if words and random.random() < 0.5 else character
