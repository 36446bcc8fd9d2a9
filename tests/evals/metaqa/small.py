"""A dozen films in MetaQA's form, facts anybody knows, and an index of them."""

from __future__ import annotations

import gzip
from pathlib import Path

# film | directors | writers | actors | year | genre | language | tag
_ROWS = """\
Alien|Ridley Scott|Dan O'Bannon|Sigourney Weaver,John Hurt|1979|Horror|English|spaceship
Aliens|James Cameron|James Cameron|Sigourney Weaver,Michael Biehn|1986|Action|English|marines
The Terminator|James Cameron|James Cameron|Michael Biehn,Linda Hamilton|1984|Action||robot
Blade Runner|Ridley Scott|Hampton Fancher|Harrison Ford,Rutger Hauer|1982|Drama|Japanese|robot
The Hitcher|Robert Harmon|Eric Red|Rutger Hauer|1986|Thriller||
Total Recall|Paul Verhoeven|Dan O'Bannon|Arnold Schwarzenegger|1990|Adventure||mars
RoboCop|Paul Verhoeven|Edward Neumeier|Peter Weller|1987|Crime|German|robot
Midnight Express|Alan Parker|Oliver Stone|John Hurt|1978|Drama|Turkish|prison
"""
FILMS = {line.split("|")[0]: line.split("|")[1:] for line in _ROWS.splitlines()}
RELATIONS = (
    "directed_by",
    "written_by",
    "starred_actors",
    "release_year",
    "has_genre",
    "in_language",
    "has_tags",
)


def triples() -> str:
    """The films as MetaQA writes them."""
    lines = [
        f"{film}|{relation}|{value}"
        for film, cells in FILMS.items()
        for relation, cell in zip(RELATIONS, cells, strict=True)
        for value in cell.split(",")
        if value
    ]
    return "\n".join([*lines, "Alien|has_imdb_rating|good", "Alien|release_year|2003"]) + "\n"


def write_kb(folder: Path) -> Path:
    """``metaqa/kb.txt.gz`` in a folder of sets."""
    path = folder / "metaqa" / "kb.txt.gz"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(triples().encode("utf-8"), mtime=0))
    return path
