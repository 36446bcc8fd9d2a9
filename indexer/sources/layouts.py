"""IMDb's seven files: their names, headers and what may stand in each cell, in IMDb's spelling."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

NULL = r"\N"
ARRAY = "\x02"  # between the items of a list in title.akas


@dataclass(frozen=True, slots=True)
class Cell:
    """What a column holds: a pattern with a group, and the words for it in a message."""

    pattern: str
    expected: str


_TEXT = Cell(r"([^\t\n\0]*+)", "text without a NUL")
_NAME = Cell(r"(?!\\N[\t\n])([^\t\n\0]++)", "a name, not empty")
_TITLE = Cell(r"tt([0-9]{7,9}+)", "tt and 7 to 9 digits")
_PERSON = Cell(r"nm([0-9]{7,9}+)", "nm and 7 to 9 digits")
_PEOPLE = Cell(
    r"(\\N|nm[0-9]{7,9}+(?:,nm[0-9]{7,9}+)*+)", r"ids such as nm0000206, with commas between, or \N"
)
_NUMBER = Cell(r"([0-9]{1,9}+|\\N)", r"a whole number of at most 9 digits, or \N")
_YEAR = Cell(r"([0-9]{4}+|\\N)", r"a year of 4 digits, or \N")
_ORDER = Cell(r"([0-9]{1,4}+)", "a whole number from 0 to 9999")
_WORD = Cell(r"([A-Za-z][A-Za-z_ ]*+)", "a word")
_RATING = Cell(r"([0-9](?:\.[0-9]{1,2})?|10(?:\.0)?)", "a number from 0 to 10")
# Two groups: the name where there is just one without escapes, as in nearly all rows, else the whole cell.
_CHARACTERS = Cell(r'(?:\["([^"\\\t\n\0]++)"\]|(\\N|\[[^\t\n\0]*+))', r"a JSON list of names, or \N")
_FLAG = Cell(r"([01]|\\N)", r"0 or 1, or \N")


@dataclass(frozen=True)
class Layout:
    """One official file: ``name`` without ``.tsv.gz``, its columns in order with what they hold."""

    name: str
    columns: tuple[tuple[str, Cell], ...]
    required: bool = False

    @cached_property
    def header(self) -> str:
        """The file's first line."""
        return "\t".join(name for name, _ in self.columns)

    @cached_property
    def row(self) -> re.Pattern[str]:
        """Matches one good line; ``findall`` over many lines gives tuples of raw cells, ids without tt and
        nm.
        """
        return re.compile("^" + "\t".join(cell.pattern for _, cell in self.columns) + "$", re.MULTILINE)

    def fault(self, line: str) -> str:
        """Why ``line`` is no row of this file, in words that many rows can share."""
        cells = line.split("\t")
        if len(cells) != len(self.columns):
            return f"{len(cells)} columns instead of {len(self.columns)}"
        for text, (name, cell) in zip(cells, self.columns, strict=True):
            if re.fullmatch(cell.pattern, text) is None or (cell is _NAME and text == NULL):
                return f"{name} is not {cell.expected}"
        return "not a row of this file"


BASICS = Layout(
    "title.basics",
    (
        ("tconst", _TITLE),
        ("titleType", _WORD),
        ("primaryTitle", _NAME),
        ("originalTitle", _TEXT),
        ("isAdult", _FLAG),
        ("startYear", _YEAR),
        ("endYear", _YEAR),
        ("runtimeMinutes", _NUMBER),
        ("genres", _TEXT),
    ),
    required=True,
)
PRINCIPALS = Layout(
    "title.principals",
    (
        ("tconst", _TITLE),
        ("ordering", _ORDER),
        ("nconst", _PERSON),
        ("category", _WORD),
        ("job", _TEXT),
        ("characters", _CHARACTERS),
    ),
    required=True,
)
NAMES = Layout(
    "name.basics",
    (
        ("nconst", _PERSON),
        ("primaryName", _NAME),
        ("birthYear", _YEAR),
        ("deathYear", _YEAR),
        ("primaryProfession", _TEXT),
        ("knownForTitles", _TEXT),
    ),
    required=True,
)
RATINGS = Layout("title.ratings", (("tconst", _TITLE), ("averageRating", _RATING), ("numVotes", _NUMBER)))
CREW = Layout("title.crew", (("tconst", _TITLE), ("directors", _PEOPLE), ("writers", _PEOPLE)))
EPISODES = Layout(
    "title.episode",
    (("tconst", _TITLE), ("parentTconst", _TITLE), ("seasonNumber", _NUMBER), ("episodeNumber", _NUMBER)),
)
AKAS = Layout(
    "title.akas",
    (
        ("titleId", _TITLE),
        ("ordering", _ORDER),
        ("title", _NAME),
        ("region", _TEXT),
        ("language", _TEXT),
        ("types", _TEXT),
        ("attributes", _TEXT),
        ("isOriginalTitle", _FLAG),
    ),
)
LAYOUTS = (BASICS, PRINCIPALS, NAMES, RATINGS, CREW, EPISODES, AKAS)
