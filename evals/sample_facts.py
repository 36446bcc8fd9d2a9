"""Check the bundled sample fact by fact against another folder of IMDb's files.

The sample was written by hand; this says how much of it a larger set in the same layout confirms:

    python -m evals.sample_facts --data DIR [--sample DIR] [--json]

A fact is one name, year, type, runtime, genre, rating, credit, character, birth or death, or one episode's
place. Each is *confirmed*, *contradicted* or *not covered* (the other set says nothing about it). What is
known to differ stands in the sample's ``known_differences.tsv`` with the reason; any other contradiction is
*unexplained* and makes the exit status 1.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Literal

from indexer.errors import SourceError, WhoplayedError
from indexer.ids import is_reserved_person, parse_person_id

Outcome = Literal["confirmed", "contradicted", "not covered"]
Row = dict[str, str]

OUTCOMES: tuple[Outcome, ...] = ("confirmed", "contradicted", "not covered")
DIFFERENCES = "known_differences.tsv"
BUNDLED = Path(__file__).resolve().parent.parent / "indexer" / "sources" / "sample"
NULL = r"\N"
_REQUIRED = ("title.basics", "title.principals", "name.basics")
# Ratings in the sample are rounded to 0.5; votes of a few years more move a rating by some hundredths.
_RATING_SLACK = 0.35
_TITLE_COLUMNS = {
    "type": "titleType",
    "year": "startYear",
    "end year": "endYear",
    "runtime": "runtimeMinutes",
}
_ACTING = ("actor", "actress", "self")
_SMALL_WORDS = frozenset(
    re.findall(
        r"\w+",
        "the a of dr doctor prof professor mr mrs miss ms sir lady lord maj major capt captain lt lieutenant "
        "sgt sergeant det detective officer commissioner agent aunt auntie",
    )
)


@dataclass(frozen=True)
class Fact:
    """One claim of the sample: ``Fact("year", "tt0133093", "1999")``; of a credit title and person."""

    kind: str
    subject: str
    claimed: str


@dataclass(frozen=True)
class Verdict:
    """What the other set says about a fact; ``found`` is its own value, or why it says nothing."""

    fact: Fact
    outcome: Outcome
    found: str = ""

    def __str__(self) -> str:
        return f"{self.fact.kind} {self.fact.subject}: sample {self.fact.claimed!r}, found {self.found!r}"


@dataclass(frozen=True)
class FactsReport:
    """All verdicts, and the reasons given for known differences."""

    verdicts: tuple[Verdict, ...]
    reasons: dict[Fact, str]

    def of(self, outcome: Outcome) -> list[Verdict]:
        """Verdicts of one outcome, in the order they were checked."""
        return [verdict for verdict in self.verdicts if verdict.outcome == outcome]

    def unexplained(self) -> list[Verdict]:
        """Contradictions without a reason; [] is what the sample must reach."""
        return [verdict for verdict in self.of("contradicted") if verdict.fact not in self.reasons]

    def confirmed_share(self) -> float | None:
        """Confirmed facts among those the other set covers, 0-1; None when it covers none."""
        confirmed, contradicted = len(self.of("confirmed")), len(self.of("contradicted"))
        return confirmed / (confirmed + contradicted) if confirmed + contradicted else None

    def counts(self) -> dict[str, dict[Outcome, int]]:
        """Kind of fact -> outcome -> number, kinds in the order they were checked."""
        tally = Counter((verdict.fact.kind, verdict.outcome) for verdict in self.verdicts)
        kinds = dict.fromkeys(verdict.fact.kind for verdict in self.verdicts)
        return {kind: {outcome: tally[kind, outcome] for outcome in OUTCOMES} for kind in kinds}

    def to_json(self) -> dict[str, object]:
        """Counts, the share, and every contradicted fact with its reason (None where there is none)."""
        return {
            "facts": len(self.verdicts),
            "totals": {outcome: len(self.of(outcome)) for outcome in OUTCOMES},
            "confirmed_share": self.confirmed_share(),
            "unexplained": len(self.unexplained()),
            "kinds": self.counts(),
            "contradicted": [_contradiction(verdict, self.reasons) for verdict in self.of("contradicted")],
        }

    def to_text(self) -> str:
        """The same as lines for a reader."""
        share = self.confirmed_share()
        head = "no fact is covered" if share is None else f"{share:.2%} of the covered facts confirmed"
        rows = [(kind, *tally.values()) for kind, tally in self.counts().items()]
        rows.append(("all", *(len(self.of(outcome)) for outcome in OUTCOMES)))
        table = [f"{kind:10} {yes:9} {no:12} {none:11}" for kind, yes, no, none in rows]
        found = self.of("contradicted")
        listed = [f"{self.reasons.get(verdict.fact, 'UNEXPLAINED')}: {verdict}" for verdict in found]
        title = f"{'kind':10} {'confirmed':>9} {'contradicted':>12} {'not covered':>11}"
        return "\n".join([f"{head}, {len(self.unexplained())} unexplained", title, *table, *listed])


@dataclass
class Records:
    """The rows of some titles and people of one folder, by id."""

    basics: dict[str, Row] = field(default_factory=dict)
    ratings: dict[str, Row] = field(default_factory=dict)
    crew: dict[str, Row] = field(default_factory=dict)
    episodes: dict[str, Row] = field(default_factory=dict)
    names: dict[str, Row] = field(default_factory=dict)
    principals: dict[str, list[Row]] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path, like: Records | None = None) -> Records:
        """Rows of ``folder``; with ``like`` only those of its titles and episodes, and of all people in them.

        Raises SourceError for a missing file or another header.
        """
        titles = None if like is None else like.basics.keys()
        found = cls(
            basics=_by_id(folder, "title.basics", titles),
            ratings=_by_id(folder, "title.ratings", titles),
            crew=_by_id(folder, "title.crew", titles),
            episodes=_by_id(folder, "title.episode", None if like is None else like.episodes.keys()),
        )
        for row in _rows(folder, "title.principals", titles):
            found.principals.setdefault(row["tconst"], []).append(row)
        people = None if like is None else found.people() | like.names.keys()
        found.names = _by_id(folder, "name.basics", people)
        return found

    def people(self) -> set[str]:
        """Ids of everyone credited in these titles."""
        return {row["nconst"] for rows in self.principals.values() for row in rows}

    def name(self, person: str) -> str:
        """The person's name folded for comparison, "" when unknown."""
        row = self.names.get(person)
        return _fold(row["primaryName"]) if row else ""


def check_sample(sample: Path, data: Path) -> FactsReport:
    """Compare each fact of ``sample`` with the set in ``data`` (both in IMDb's layout, plain or gzip).

    Raises SourceError when either folder lacks basics, principals or names, or has another header.
    """
    ours = Records.load(sample)
    theirs = Records.load(data, like=ours)
    checks = (_title_facts, _credit_facts, _character_facts, _people_facts, _episode_facts)
    verdicts = tuple(verdict for check in checks for verdict in check(ours, theirs))
    return FactsReport(verdicts, _known_differences(sample))


# ------------------------------------------------------------------------------------------------ titles


def _title_facts(ours: Records, theirs: Records) -> Iterator[Verdict]:
    for title, row in ours.basics.items():
        other = theirs.basics.get(title)
        yield _title_name(title, row, other)
        for kind, column in _TITLE_COLUMNS.items():
            yield from _equal(kind, title, row, other, column)
        yield from _genres(title, row["genres"], other)
        yield from _rating(title, ours, theirs)


def _title_name(title: str, row: Row, other: Row | None) -> Verdict:
    fact = Fact("title", title, row["primaryTitle"])
    if other is None:
        return Verdict(fact, "not covered", "no such title")
    names = (other["primaryTitle"], other["originalTitle"])
    same = _fold(row["primaryTitle"]) in {_fold(name) for name in names}
    return Verdict(fact, "confirmed" if same else "contradicted", " / ".join(dict.fromkeys(names)))


def _equal(kind: str, subject: str, row: Row, other: Row | None, column: str) -> Iterator[Verdict]:
    """One verdict on a column, or none where the sample claims nothing in it."""
    fact = Fact(kind, subject, row[column])
    found = NULL if other is None else other[column]
    if fact.claimed != NULL:
        yield Verdict(fact, _judge(fact.claimed == found, found), found)


def _judge(same: bool, found: str) -> Outcome:
    """A value that is missing there neither confirms nor contradicts."""
    if found in ("", NULL):
        return "not covered"
    return "confirmed" if same else "contradicted"


def _genres(title: str, genres: str, other: Row | None) -> Iterator[Verdict]:
    found = NULL if other is None else other["genres"]
    for genre in () if genres == NULL else genres.split(","):
        yield Verdict(Fact("genre", title, genre), _judge(genre in found.split(","), found), found)


def _rating(title: str, ours: Records, theirs: Records) -> Iterator[Verdict]:
    if title not in ours.ratings:
        return
    claimed = ours.ratings[title]["averageRating"]
    found = theirs.ratings.get(title, {}).get("averageRating", NULL)
    near = found != NULL and abs(float(claimed) - float(found)) <= _RATING_SLACK
    yield Verdict(Fact("rating", title, claimed), _judge(near, found), found)


# ------------------------------------------------------------------------------------------------ credits


def _credit_facts(ours: Records, theirs: Records) -> Iterator[Verdict]:
    for title, rows in ours.principals.items():
        for row in rows:
            name = ours.names[row["nconst"]]["primaryName"] if row["nconst"] in ours.names else NULL
            fact = Fact("credit", f"{title} {row['nconst']}", f"{name}, {row['category']}")
            yield Verdict(fact, *_judge_credit(row, ours, theirs))


def _judge_credit(row: Row, ours: Records, theirs: Records) -> tuple[Outcome, str]:
    """Confirmed by the same id and category, contradicted by someone else's; else nothing is said there."""
    rows, category = theirs.principals.get(row["tconst"], []), row["category"]
    same = {other["category"] for other in rows if other["nconst"] == row["nconst"]}
    if category in same or row["nconst"] in _crew(theirs, row["tconst"], category):
        return "confirmed", category
    if category in _ACTING and same.intersection(_ACTING):
        return "contradicted", ", ".join(sorted(same))
    if _known_for(row, theirs):
        return "confirmed", "known for it"
    return _namesake(row, ours, theirs) or _rival(row, theirs) or ("not covered", "no such credit there")


def _known_for(row: Row, theirs: Records) -> bool:
    """Whether the person's own row has the title as known for and the work as profession."""
    person = theirs.names.get(row["nconst"], {})
    known = row["tconst"] in person.get("knownForTitles", NULL).split(",")
    return known and row["category"] in person.get("primaryProfession", NULL).split(",")


def _namesake(row: Row, ours: Records, theirs: Records) -> tuple[Outcome, str] | None:
    """The same name credited under another id: ours is wrong, unless that one only stands in for it."""
    name = ours.name(row["nconst"])
    for other in theirs.principals.get(row["tconst"], []):
        if name and theirs.name(other["nconst"]) == name and _kind(other) == _kind(row):
            reserved = is_reserved_person(parse_person_id(other["nconst"]))
            return ("not covered" if reserved else "contradicted"), f"that name is {other['nconst']}"
    return None


def _kind(row: Row) -> str:
    """The category, where all who appear on the screen are of one kind."""
    return "acting" if row["category"] in _ACTING else row["category"]


def _rival(row: Row, theirs: Records) -> tuple[Outcome, str] | None:
    """Others who did what the sample says this person did: direct, write, compose, or play the character."""
    title, category = row["tconst"], row["category"]
    others = _crew(theirs, title, category) if category in ("director", "writer") else ()
    if category in ("director", "composer") and not others:
        others = tuple(o["nconst"] for o in theirs.principals.get(title, []) if o["category"] == category)
    if others:
        return "contradicted", f"{category}s there: {', '.join(others)}"
    for other in theirs.principals.get(title, []):
        if {_fold(c) for c in _characters(other)} & {_fold(c) for c in _characters(row)}:
            return "contradicted", f"that character is {other['nconst']}'s"
    return None


def _character_facts(ours: Records, theirs: Records) -> Iterator[Verdict]:
    for rows in ours.principals.values():
        for row in rows:
            found = _characters_of(row, ours, theirs)
            for character in _characters(row):
                fact = Fact("character", f"{row['tconst']} {row['nconst']}", character)
                yield Verdict(fact, *_judge_character(character, found))


def _judge_character(character: str, found: Sequence[str]) -> tuple[Outcome, str]:
    if not found:
        return "not covered", "no character there"
    same = any(alike(character, other) for other in found)
    return ("confirmed" if same else "contradicted"), " / ".join(found)


def _characters_of(row: Row, ours: Records, theirs: Records) -> list[str]:
    """All characters the other set gives this person (by id, or by name under a reserved id) in the title."""
    name = ours.name(row["nconst"])
    return [
        character
        for other in theirs.principals.get(row["tconst"], [])
        if other["nconst"] == row["nconst"] or (name and theirs.name(other["nconst"]) == name)
        for character in _characters(other)
    ]


def alike(one: str, other: str) -> bool:
    """Whether two character strings mean the same: one's words within the other's, or half of all shared.

    Articles and titles count only where there is nothing else: ``The Oracle`` is ``Oracle`` and
    ``Professor Snape`` is ``Severus Snape``, but ``Captain`` is not ``Detective``.
    """
    return any(_overlap(a, b) for a in _readings(one) for b in _readings(other))


def _overlap(a: frozenset[str], b: frozenset[str]) -> bool:
    return bool(a and b) and (a <= b or b <= a or 2 * len(a & b) >= len(a | b))


def _readings(character: str) -> Iterator[frozenset[str]]:
    """Its words with and without what stands in brackets: ``Murph (10 Yrs.)``, ``See Threepio (C-3PO)``."""
    for text in (character, re.sub(r"\([^)]*\)", " ", character)):
        words = frozenset(_fold(text).split())
        yield words - _SMALL_WORDS or words


# ------------------------------------------------------------------------------------- people, episodes


def _people_facts(ours: Records, theirs: Records) -> Iterator[Verdict]:
    for person, row in ours.names.items():
        other = theirs.names.get(person)
        found = NULL if other is None else other["primaryName"]
        same = ours.name(person) == theirs.name(person)
        yield Verdict(Fact("name", person, row["primaryName"]), _judge(same, found), found)
        yield from _equal("birth", person, row, other, "birthYear")
        yield from _death(person, row, other)


def _death(person: str, row: Row, other: Row | None) -> Iterator[Verdict]:
    """A missing year of death is a claim too, once the other set has one."""
    if row["deathYear"] == NULL and other is not None and other["deathYear"] != NULL:
        yield Verdict(Fact("death", person, NULL), "contradicted", other["deathYear"])
    else:
        yield from _equal("death", person, row, other, "deathYear")


def _episode_facts(ours: Records, theirs: Records) -> Iterator[Verdict]:
    for episode, row in ours.episodes.items():
        place, found = _place(row), _place(theirs.episodes.get(episode))
        yield Verdict(Fact("episode", episode, place), _judge(place == found, found), found)


def _place(row: Row | None) -> str:
    r"""``"tt0944947 1 1"``: series, season, episode; ``\N`` for no row."""
    columns = ("parentTconst", "seasonNumber", "episodeNumber")
    return NULL if row is None else " ".join(row[column] for column in columns)


# ------------------------------------------------------------------------------------------------ reading


def _crew(records: Records, title: str, category: str) -> tuple[str, ...]:
    cell = records.crew.get(title, {}).get(f"{category}s", NULL)
    return () if cell == NULL else tuple(cell.split(","))


def _characters(row: Row) -> list[str]:
    """The JSON list of a principals row; [] for none. Raises SourceError for anything else."""
    cell = row["characters"]
    if cell == NULL:
        return []
    try:
        listed = json.loads(cell)
    except ValueError as error:
        raise SourceError(f"{row['tconst']}: characters {cell[:60]!r} are not a JSON list") from error
    return [str(character) for character in listed]


def _fold(text: str) -> str:
    """Lower case, without accents; anything else than letters and digits is one space."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", " ", letters.replace("'", "")).strip()


def _by_id(folder: Path, table: str, wanted: Collection[str] | None) -> dict[str, Row]:
    return {next(iter(row.values())): row for row in _rows(folder, table, wanted)}


def _rows(folder: Path, table: str, wanted: Collection[str] | None) -> Iterator[Row]:
    """Rows by header whose first cell is wanted (None: all of them); nothing for an absent optional table."""
    path = _path(folder, table)
    if path is None:
        return
    with _open(path) as lines:
        header = next(lines, "").rstrip("\n").split("\t")
        for number, line in enumerate(lines, start=2):
            if wanted is None or line.partition("\t")[0] in wanted:
                cells = line.rstrip("\n").split("\t")
                if len(cells) != len(header):
                    raise SourceError(f"{path}, line {number}: {len(cells)} columns, expected {len(header)}")
                yield dict(zip(header, cells, strict=True))


def _path(folder: Path, table: str) -> Path | None:
    for path in (folder / f"{table}.tsv", folder / f"{table}.tsv.gz"):
        if path.is_file():
            return path
    if table in _REQUIRED:
        raise SourceError(f"{folder} has no {table}.tsv or {table}.tsv.gz: name a folder with IMDb's files")
    return None


def _open(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8", newline="\n")
    return path.open(encoding="utf-8", newline="\n")


def _known_differences(sample: Path) -> dict[Fact, str]:
    """Fact -> reason from the sample's own table (kind, subject, claimed, reason); {} when it has none."""
    path = sample / DIFFERENCES
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="\n") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines][1:]
    return {Fact(kind, subject, claimed): reason for kind, subject, claimed, reason in rows}


def _contradiction(verdict: Verdict, reasons: dict[Fact, str]) -> dict[str, str | None]:
    fact = verdict.fact
    return {
        "kind": fact.kind,
        "subject": fact.subject,
        "claimed": fact.claimed,
        "found": verdict.found,
        "reason": reasons.get(fact),
    }


# ------------------------------------------------------------------------------------------------ command


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m evals.sample_facts",
        description="Check the bundled sample fact by fact against another folder of IMDb's files.",
        epilog="example: python -m evals.sample_facts --data imdb --json",
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of IMDb's files to compare with")
    parser.add_argument("--sample", type=Path, default=BUNDLED, help="default: the bundled sample")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when every contradiction is explained, 1 when not, 2 for folders that cannot be read."""
    options = _options(arguments)
    try:
        report = check_sample(options.sample, options.data)
    except (WhoplayedError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(json.dumps(report.to_json(), ensure_ascii=False, indent=1) if options.json else report.to_text())
    return 1 if report.unexplained() else 0


if __name__ == "__main__":
    sys.exit(main())
