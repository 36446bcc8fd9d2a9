"""How well linking finds what a name, a name with a hint, or a half-remembered row means."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from indexer.errors import InputError
from indexer.fields.rows import Row, Value
from indexer.ids import parse_person_id, parse_title_id

if TYPE_CHECKING:
    from indexer.linking.linker import Kind, Linker, Mode

FOLDER = "linking"
_TOP = 10
VOTES = 0.3  # of the baseline: log votes over ten beside a similarity of 0-1
_FIELDS = {"cast": "cast", "co_star": "cast", "genre": "genres", "year": "year", "year_off_by_one": "year"}


class Linked(Protocol):
    """What is evaluated: an open index."""

    @property
    def linker(self) -> Linker | None:
        """Its linker, ``None`` where the build has none."""


@dataclass(frozen=True)
class Item:
    """One query, what it means and the groups it is counted in."""

    row: Row
    golds: frozenset[int]
    groups: tuple[str, ...]
    others: frozenset[int] = frozenset()  # namesakes among which the right one is to be first


@dataclass
class Tally:
    """Hits of one group of queries. Ranks count from 1; ``None`` is past the tenth."""

    ranks: list[int | None] = field(default_factory=list)
    among: list[bool] = field(default_factory=list)  # right one first among the namesakes alone
    voted: list[bool] = field(default_factory=list)  # the same for the namesake with most votes

    def share(self, top: int) -> float:
        """Per cent of queries whose gold is within ``top``."""
        return 100 * sum(rank is not None and rank <= top for rank in self.ranks) / max(len(self.ranks), 1)

    def reciprocal(self) -> float:
        """The mean of 1/rank, 0 past the tenth."""
        return sum(1 / rank for rank in self.ranks if rank is not None) / max(len(self.ranks), 1)

    def to_json(self) -> dict[str, Any]:
        """Figures in per cent with 95 % Wilson intervals."""
        n = len(self.ranks)
        first, ten = self.share(1), self.share(_TOP)
        row: dict[str, Any] = {
            "n": n, "hit@1": round(first, 1), "hit@1 interval": wilson(first, n),
            "hit@10": round(ten, 1), "hit@10 interval": wilson(ten, n), "mrr": round(self.reciprocal(), 3),
        }  # fmt: skip
        for name, flags in (("first among namesakes", self.among), ("most votes first", self.voted)):
            if flags:
                right = 100 * sum(flags) / len(flags)
                row |= {name: round(right, 1), f"{name} interval": wilson(right, len(flags))}
        return row


@dataclass(frozen=True)
class Report:
    """Tables by set and method, then by group; and the time a query took, in ms."""

    tables: Mapping[str, Mapping[str, Mapping[str, Any]]]
    milliseconds: Mapping[str, Mapping[str, float]]

    def to_json(self) -> dict[str, Any]:
        """Everything as plain JSON."""
        tables = {
            name: {group: dict(row) for group, row in table.items()} for name, table in self.tables.items()
        }
        return {
            "tables": tables,
            "milliseconds": {name: dict(row) for name, row in self.milliseconds.items()},
        }

    def to_text(self) -> str:
        """The tables for a terminal."""
        return "\n\n".join(self._table(name) for name in self.tables)

    def _table(self, name: str) -> str:
        spent = self.milliseconds.get(name, {})
        times = ", ".join(f"{quantile} {value:.1f} ms" for quantile, value in spent.items())
        lines = [f"{name}  ({times})" if times else name]
        for group, row in self.tables[name].items():
            figures = [
                f"{key} {value} [{row[f'{key} interval']}]" if f"{key} interval" in row else f"{key} {value}"
                for key, value in row.items()
                if not key.endswith("interval")
            ]
            lines.append(f"  {group:<24}" + "  ".join(figures))
        return "\n".join(lines)


def wilson(share: float, n: int) -> str:
    """The 95 % Wilson interval of a share in per cent, as "low-high"; "" for n = 0."""
    if not n:
        return ""
    p, z = share / 100, 1.96
    middle = p + z * z / (2 * n)
    spread = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low, high = ((middle - spread) / (1 + z * z / n), (middle + spread) / (1 + z * z / n))
    return f"{100 * low:.1f}-{100 * high:.1f}"


def run(index: Linked, sets: Path, limit: int | None = None) -> Report:
    """Evaluate ``index`` on names, same_name and partial_rows in ``sets``/linking, ``limit`` of each.

    Raises InputError where the index has no linker or the sets are not there.
    """
    linker = index.linker
    if linker is None:
        raise InputError("this index was built without names: build it again without --without names")
    modes: list[Mode] = ["hybrid", "lexical", "dense"] if linker.is_dense else ["lexical"]
    tables: dict[str, dict[str, dict[str, Any]]] = {}
    spent: dict[str, dict[str, float]] = {}
    for name in ("names", "same_name", "partial_rows"):
        items = read_items(sets / FOLDER / f"{name}.jsonl", limit)
        for mode in modes:
            key = f"{name}, {mode}"
            tables[key], spent[key] = _measured(linker, items, mode)
        if name == "names":
            tables["names, baseline"], spent["names, baseline"] = _searched(linker, items, _plain_search)
        else:
            key = f"{name}, retrieval order"
            titles = [item for item in items if item.row.kind == "title"]
            tables[key], spent[key] = _searched(linker, titles, _retrieval_order)
    return Report(tables, spent)


def read_items(path: Path, limit: int | None = None) -> list[Item]:
    """The queries of one set's file. Raises InputError where there is none."""
    if not path.is_file():
        raise InputError(f"no set {path}: give the folder that holds {FOLDER}/{path.name}")
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()[:limit]]
    read = {"names": _name_item, "same_name": _namesake_item, "partial_rows": _partial_item}
    return [read[path.stem](line) for line in lines]


def _name_item(line: dict[str, Any]) -> Item:
    row = Row(line["kind"], {line["kind"]: line["query"]})
    return Item(row, _ids(line["golds"]), ("all", line["kind"], line["distortion"]))


def _namesake_item(line: dict[str, Any]) -> Item:
    hint = line["hint"]
    name = _FIELDS.get(hint["type"], hint["type"])
    value: Value = hint["value"]
    if name in ("cast", "genres"):
        value = (hint["value"],)
    elif name == "year":
        value = int(hint["value"])
    row = Row(line["kind"], {line["kind"]: line["name"], name: value})
    group = f"{line['kind']} {hint['type']}"
    return Item(row, _ids([line["gold"]]), ("all", line["kind"], group), _ids(line["others"]))


def _partial_item(line: dict[str, Any]) -> Item:
    facts = line["facts"]
    values: dict[str, Value] = {
        key: value for key, value in facts.items() if key not in ("surnames", "person", "genre")
    }
    cast = (*([facts["person"]] if "person" in facts else []), *facts.get("surnames", []))
    values |= {"cast": cast} if cast else {}
    values |= {"genres": (facts["genre"],)} if "genre" in facts else {}
    named = "with a title" if line["with_title"] else "without a title"
    return Item(Row("title", values), _ids([line["gold"]]), ("all", named))


def _ids(spelled: Iterable[str]) -> frozenset[int]:
    return frozenset(
        parse_title_id(text) if text.startswith("tt") else parse_person_id(text) for text in spelled
    )


def _measured(
    linker: Linker, items: Sequence[Item], mode: Mode
) -> tuple[dict[str, dict[str, Any]], dict[str, float]]:
    tallies: dict[str, Tally] = {}
    times = []
    if items:
        linker.link(items[0].row, mode=mode)  # the first query opens files
    for item in items:
        started = time.perf_counter()
        found = linker.link(item.row, limit=60 if item.others else _TOP, mode=mode)
        times.append(1000 * (time.perf_counter() - started))
        _count(linker, tallies, item, [candidate.id for candidate in found])
    return {group: tally.to_json() for group, tally in tallies.items()}, _quantiles(times)


def _count(linker: Linker, tallies: dict[str, Tally], item: Item, found: list[int]) -> None:
    rank = next((place for place, key in enumerate(found[:_TOP], start=1) if key in item.golds), None)
    group = item.golds | item.others
    first = next((key for key in found if key in group), None)
    for name in item.groups:
        tally = tallies.setdefault(name, Tally())
        tally.ranks.append(rank)
        if item.others:
            tally.among.append(first in item.golds)
            tally.voted.append(_most_voted(linker, item.row.kind, group) in item.golds)


def _most_voted(linker: Linker, kind: Kind, group: frozenset[int]) -> int:
    """The namesake with most votes: what a search engine without the hint would say."""
    if kind == "title":
        votes = {int(key): title.votes for key, title in linker.catalog.titles(group).items()}
    else:
        votes = {int(key): person.popularity for key, person in linker.catalog.people(group).items()}
    return max(sorted(group), key=lambda key: votes.get(key, 0))


def _searched(
    linker: Linker, items: Sequence[Item], search: Callable[[Linker, Row], list[int]]
) -> tuple[dict[str, dict[str, Any]], dict[str, float]]:
    tallies: dict[str, Tally] = {}
    times = []
    for item in items:
        started = time.perf_counter()
        found = search(linker, item.row)
        times.append(1000 * (time.perf_counter() - started))
        _count(linker, tallies, item, found)
    return {group: tally.to_json() for group, tally in tallies.items()}, _quantiles(times)


def _retrieval_order(linker: Linker, row: Row) -> list[int]:
    """Candidates of a title row by their rough scores, before any learned weight."""
    from indexer.linking.evidence import Asked, Evidence

    rough = Evidence(Asked.of(row), linker.facts, linker.name_indexes).rough_titles()
    best = (-rough).argsort(kind="stable")[:60]
    return [int(linker.facts.columns.title_ids[place]) for place in best]


def _plain_search(linker: Linker, row: Row) -> list[int]:
    """Character 3-grams, the 50 most alike reordered by rapidfuzz and log votes; nothing learned.

    Of rapidfuzz the better of ratio and token sort ratio, with the weight of votes that did best here.
    """
    from indexer.linking.names import FEATURES

    ids, table = linker.name_indexes[row.kind].probe(str(row.values[row.kind])).candidates()
    grams, ratio, ordered, votes = (
        table[:, FEATURES.index(name)] for name in ("grams", "ratio", "sorted", "votes")
    )
    best = sorted(range(len(ids)), key=lambda place: -grams[place])[:50]
    best.sort(key=lambda place: -(max(ratio[place], ordered[place]) + VOTES * votes[place]))
    return list(dict.fromkeys(int(ids[place]) for place in best))


def _quantiles(times: list[float]) -> dict[str, float]:
    ordered = sorted(times) or [0.0]
    return {name: round(ordered[min(int(share * len(ordered)), len(ordered) - 1)], 2)
            for name, share in (("p50", 0.5), ("p95", 0.95))}  # fmt: skip
