"""A dozen titles in IMDb's own layout, written where a test wants them, and an index of them in a second."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path

from indexer.build import OPTIONAL, BuildOptions, build
from indexer.progress import Progress
from indexer.settings import Settings
from indexer.sources.files import Sources

ROOT = Path(__file__).parents[2]
QUICK = frozenset(OPTIONAL) - {"names"}  # leaves the catalogue and the name index

BASICS = """\
tt0133093\tmovie\tThe Matrix\tThe Matrix\t0\t1999\t\\N\t136\tAction,Sci-Fi
tt0234215\tmovie\tThe Matrix Reloaded\tThe Matrix Reloaded\t0\t2003\t\\N\t138\tAction,Sci-Fi
tt0242653\tmovie\tThe Matrix Revolutions\tThe Matrix Revolutions\t0\t2003\t\\N\t129\tAction,Sci-Fi
tt0118661\tmovie\tThe Avengers\tThe Avengers\t0\t1998\t\\N\t89\tAction,Adventure
tt0848228\tmovie\tThe Avengers\tThe Avengers\t0\t2012\t\\N\t143\tAction,Sci-Fi
tt0054215\tmovie\tPsycho\tPsycho\t0\t1960\t\\N\t109\tHorror,Thriller
tt0155975\tmovie\tPsycho\tPsycho\t0\t1998\t\\N\t104\tHorror,Thriller
tt0119094\tmovie\tFace/Off\tFace/Off\t0\t1997\t\\N\t138\tAction,Crime
"""
NAMES = """\
nm0000206\tKeanu Reeves\t1964\t\\N\tactor,producer\ttt0133093
nm0287825\tGloria Foster\t1933\t2001\tactress\ttt0133093
nm0019382\tMary Alice\t1936\t2022\tactress\ttt0242653
nm0000146\tRalph Fiennes\t1962\t\\N\tactor\ttt0118661
nm0000235\tUma Thurman\t1970\t\\N\tactress\ttt0118661
nm0000375\tRobert Downey Jr.\t1965\t\\N\tactor\ttt0848228
nm0000578\tAnthony Perkins\t1932\t1992\tactor\ttt0054215
nm0000681\tVince Vaughn\t1970\t\\N\tactor\ttt0155975
nm0000115\tNicolas Cage\t1964\t\\N\tactor\ttt0119094
"""
PRINCIPALS = """\
tt0133093\t1\tnm0000206\tactor\t\\N\t["Neo"]
tt0133093\t2\tnm0287825\tactress\t\\N\t["Oracle"]
tt0234215\t1\tnm0000206\tactor\t\\N\t["Neo"]
tt0234215\t2\tnm0287825\tactress\t\\N\t["The Oracle"]
tt0242653\t1\tnm0000206\tactor\t\\N\t["Neo"]
tt0242653\t2\tnm0019382\tactress\t\\N\t["The Oracle"]
tt0118661\t1\tnm0000146\tactor\t\\N\t["John Steed"]
tt0118661\t2\tnm0000235\tactress\t\\N\t["Emma Peel"]
tt0848228\t1\tnm0000375\tactor\t\\N\t["Tony Stark","Iron Man"]
tt0054215\t1\tnm0000578\tactor\t\\N\t["Norman Bates"]
tt0155975\t1\tnm0000681\tactor\t\\N\t["Norman Bates"]
tt0119094\t1\tnm0000115\tactor\t\\N\t["Castor Troy"]
"""
RATINGS = """\
tt0133093\t8.5\t2000000
tt0234215\t7.0\t600000
tt0848228\t8.0\t1000000
"""
HEADERS = {
    "title.basics": "tconst titleType primaryTitle originalTitle isAdult startYear endYear runtimeMinutes "
    "genres",
    "name.basics": "nconst primaryName birthYear deathYear primaryProfession knownForTitles",
    "title.principals": "tconst ordering nconst category job characters",
    "title.ratings": "tconst averageRating numVotes",
}
TABLES = {
    "title.basics": BASICS,
    "name.basics": NAMES,
    "title.principals": PRINCIPALS,
    "title.ratings": RATINGS,
}


def write_data(folder: Path, **changed: str) -> Path:
    """The files of a tiny IMDb in ``folder``; ``basics=...`` and the like replace one file's rows."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in TABLES.items():
        text = "\t".join(HEADERS[name].split()) + "\n" + changed.get(name.rpartition(".")[2], rows)
        with gzip.open(folder / f"{name}.tsv.gz", "wt", encoding="utf-8", newline="") as stream:
            stream.write(text)
    return folder


def options(
    data: Path, index: Path, without: frozenset[str] = QUICK, settings: Settings | None = None
) -> BuildOptions:
    """To build an index of ``data`` quickly."""
    return BuildOptions(index, Sources.find(data), settings or Settings(), without)


def tiny_index(folder: Path) -> Path:
    """An index of the tiny data under ``folder``; its place."""
    build(options(write_data(folder / "imdb"), folder / "index"), Progress.silent())
    return folder / "index"


def run_indexer(
    *arguments: object, stdin: str | None = None, before: str = ""
) -> subprocess.CompletedProcess[str]:
    """``python -m indexer`` in a process of its own, after the statements ``before`` where there are any."""
    start = [
        "-c",
        f"{before}\nimport runpy; runpy.run_module('indexer', run_name='__main__')",
    ]
    command = [sys.executable, *(start if before else ["-m", "indexer"]), *map(str, arguments)]
    return subprocess.run(
        command,
        input=stdin,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=dict(os.environ),
        timeout=100,
        check=False,
    )
