"""How well linking finds what a name, a name with a hint, or a half-remembered row means."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from evals import retrieval
from evals.stats import quantile
from indexer.errors import InputError
from indexer.fields.rows import Row, Value
from indexer.ids import parse_person_id, parse_title_id
from indexer.linking.calibration import reliability
from indexer.text import fold

if TYPE_CHECKING:
    from indexer.linking.linker import Candidate, Kind, Linker, Mode

FOLDER = "linking"
SETS = ("names", "same_name", "partial_rows")
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


@dataclass
class Measured:
    """One way of answering one set: hits by group, times, and the first candidates' probabilities."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    times: list[float] = field(default_factory=list)  # ms
    plain: list[float] = field(default_factory=list)  # of an uncalibrated softmax
    calibrated: list[float] = field(default_factory=list)
    right: list[bool] = field(default_factory=list)

    def tally(self, groups: Iterable[str]) -> Tally:
        """The groups that there are, taken together."""
        found = [self.tallies[name] for name in groups if name in self.tallies]
        return Tally(
            [rank for tally in found for rank in tally.ranks],
            [flag for tally in found for flag in tally.among],
            [flag for tally in found for flag in tally.voted],
        )

    @property
    def all(self) -> Tally:
        """Every query."""
        return self.tallies.get("all", Tally())

    def milliseconds(self) -> dict[str, float]:
        """The median and the 95th percentile of the times."""
        return {name: round(quantile(self.times, part), 2) for name, part in (("p50", 0.5), ("p95", 0.95))}

    def reliability(self) -> dict[str, Any]:
        """Calibration error and bins of the first candidate's probability, before calibration and after."""
        if not self.right:
            return {}
        return {
            "before": reliability(self.plain, self.right),
            "after": reliability(self.calibrated, self.right),
        }


@dataclass(frozen=True)
class Report:
    """What was measured by set and method ("names, hybrid"), and Chroma against exact search."""

    measured: Mapping[str, Measured]
    chroma: Mapping[str, float] = field(default_factory=dict)  # recall@10 by kind and kind of query, 0-1

    def to_json(self) -> dict[str, Any]:
        """Everything as plain JSON."""
        return {
            "tables": {
                name: {group: tally.to_json() for group, tally in found.tallies.items()}
                for name, found in self.measured.items()
            },
            "milliseconds": {name: found.milliseconds() for name, found in self.measured.items()},
            "reliability": {
                name: found.reliability() for name, found in self.measured.items() if found.right
            },
            "chroma against exact search, recall@10": dict(self.chroma),
        }

    def to_text(self) -> str:
        """The tables for a terminal."""
        return "\n\n".join(self._table(name) for name in self.measured)

    def _table(self, name: str) -> str:
        found = self.measured[name]
        times = ", ".join(f"{part} {value:.1f} ms" for part, value in found.milliseconds().items())
        lines = [f"{name}  ({times})"]
        for group, tally in found.tallies.items():
            row = tally.to_json()
            figures = [
                f"{key} {value} [{row[f'{key} interval']}]" if f"{key} interval" in row else f"{key} {value}"
                for key, value in row.items()
                if not key.endswith("interval")
            ]
            lines.append(f"  {group:<24}" + "  ".join(figures))
        return "\n".join([*lines, *_bins(found.reliability())])


def _bins(found: Mapping[str, Any]) -> list[str]:
    """Stated probability against the share that is right, before and after calibration."""
    lines = []
    for when, row in found.items():
        bins = "  ".join(
            f"{each['confidence']:.2f}:{each['accuracy']:.2f} ({each['n']})" for each in row["bins"]
        )
        lines.append(f"  stated:right {when} calibration, error {row['ece']:.3f}:  {bins}")
    return lines


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
    items = {name: read_items(sets / FOLDER / f"{name}.jsonl", limit) for name in SETS}
    modes: list[Mode] = ["hybrid", "lexical", "dense"] if linker.is_dense else ["lexical"]
    measured: dict[str, Measured] = {}
    for name in SETS:
        for mode in modes:
            measured[f"{name}, {mode}"] = _linked(linker, items[name], mode)
        ways = {"baseline": _plain_search} if name == "names" else retrieval.orders(linker)
        for way, search in ways.items():
            measured[f"{name}, {way}"] = _searched(linker, items[name], search)
    rows = [item.row for name in SETS for item in items[name]]
    return Report(measured, retrieval.chroma_recall(linker, rows))


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


def _linked(linker: Linker, items: Sequence[Item], mode: Mode) -> Measured:
    found = Measured()
    plain = _uncalibrated(linker)
    if items:
        linker.link(items[0].row, mode=mode)  # the first query opens files
    for item in items:
        started = time.perf_counter()
        linked = linker.link(item.row, limit=60 if item.others else _TOP, mode=mode)
        found.times.append(1000 * (time.perf_counter() - started))
        _count(linker, found.tallies, item, [candidate.id for candidate in linked])
        if linked:
            found.calibrated.append(_chance(item, linked))
            found.plain.append(_chance(item, plain.link(item.row, limit=_TOP, mode=mode)))
            found.right.append(linked[0].id in item.golds)
    return found


def _uncalibrated(linker: Linker) -> Linker:
    """The same linker whose probabilities are a plain softmax."""
    from indexer.linking.linker import Linker as Made

    weights = replace(linker.weights, calibrations={})
    return Made(linker.catalog, linker.vectors, linker.joint, linker.name_indexes, weights, linker.facts)


def _chance(item: Item, linked: Sequence[Candidate]) -> float:
    """The first candidate's probability; of a bare name, which may mean any namesake, theirs added up."""
    first = linked[0]
    if len(item.row.values) > 1:
        return first.probability
    name = fold(first.name)
    return min(sum(one.probability for one in linked[:_TOP] if fold(one.name) == name), 1.0)


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


def _searched(linker: Linker, items: Sequence[Item], search: Callable[[Linker, Row], list[int]]) -> Measured:
    found = Measured()
    for item in items:
        started = time.perf_counter()
        ids = search(linker, item.row)
        found.times.append(1000 * (time.perf_counter() - started))
        _count(linker, found.tallies, item, ids)
    return found


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
