from __future__ import annotations

import resource
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from indexer.catalog import Catalog, load_catalog
from indexer.catalog.records import FilmNotes
from indexer.errors import InputError, ResourceError, SourceError
from indexer.ids import TitleId
from indexer.progress import Progress
from indexer.settings import Settings
from indexer.sources import Sources
from indexer.sources.layouts import BASICS
from indexer.sources.tsv import encode_row
from tests.indexer.catalog import studio

ROAD = TitleId(10)
TOLERANT = Settings(tolerate=True)
METADATA = """adult,belongs_to_collection,id,imdb_id,overview,production_companies,tagline
False,"{'id': 1, 'name': 'Road Collection'}",603,tt0000010,"Two drivers, one road.
It is ""long"".","[{'name': 'Gravel', 'id': 2}]",Drive.
False,,604,tt0000011,,,
False,,605,,nobody knows which,,
"""


def damaged(folder: Path, *lines: str) -> Path:
    studio.write(folder)
    rows = [encode_row(row) for row in studio.FILES["title.basics"]]
    studio.put(folder / "title.basics.tsv.gz", "\n".join([BASICS.header, *rows, *lines]).encode())
    return folder


def test_the_report_counts_rows_of_files_and_tables(tmp_path: Path) -> None:
    catalog, report = studio.load(studio.write(tmp_path / "data"))
    basics = report.files["title.basics.tsv.gz"]
    assert (basics.read, basics.kept, basics.rejected, len(basics.sha256)) == (4, 4, 0, 64)
    assert report.counts["credits"] == 8
    assert report.counts["roles"] == 5
    assert catalog.counts() == report.counts
    assert report.to_json()["files"]["title.akas.tsv.gz"]["kept"] == 3


def test_plain_and_packed_files_make_the_same_catalogue(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    packed, _ = studio.load(studio.write(tmp_path / "a" / "data"))
    plain, _ = studio.load(studio.write(tmp_path / "b" / "data", packed=False))
    assert packed.path.read_bytes() == plain.path.read_bytes()


def test_damaged_rows_beyond_the_limit_stop_the_load_and_leave_nothing(tmp_path: Path) -> None:
    folder = damaged(tmp_path / "data", "tt0000014\tmovie\tCut")
    with pytest.raises(
        SourceError, match=r"title.basics.tsv.gz: 1 of 5 rows are damaged.*line 6: 3 columns instead of 9"
    ):
        studio.load(folder)
    assert list(tmp_path.iterdir()) == [folder]


def test_damaged_rows_are_left_out_where_that_is_tolerated(tmp_path: Path) -> None:
    folder = damaged(tmp_path / "data", "tt0000014\tmovie\tCut", encode_row(studio.FILES["title.basics"][0]))
    catalog, report = studio.load(folder, TOLERANT)
    basics = report.files["title.basics.tsv.gz"]
    assert (basics.read, basics.kept, basics.rejected) == (6, 4, 2)
    assert basics.reasons == {"3 columns instead of 9": 1, "repeats the key of an earlier row": 1}
    assert basics.examples[0] == (6, "3 columns instead of 9")
    assert catalog.counts()["titles"] == 4


def test_characters_that_are_no_list_of_names_reject_the_row(tmp_path: Path) -> None:
    rows: list[studio.Cells] = [("tt0000010", 1, "nm0000001", "actor", None, "[1,2]")]
    catalog, report = studio.load(studio.write(tmp_path / "data", title_principals=rows), TOLERANT)
    assert report.files["title.principals.tsv.gz"].reasons == {"characters is not a JSON list of strings": 1}
    assert [credit.category for credit in catalog.credits_of_title(ROAD)] == ["director", "writer", "writer"]


def test_crew_stays_in_its_title_even_behind_the_last_possible_ordering(tmp_path: Path) -> None:
    rows: list[studio.Cells] = [("tt0000010", 9999, "nm0000002", "actress", None, None)]
    catalog, _ = studio.load(studio.write(tmp_path / "data", title_principals=rows))
    assert [credit.ordering for credit in catalog.credits_of_title(ROAD)] == [9999]
    assert [credit.person_id for credit in catalog.credits_of_title(11)] == [3]


def test_nothing_is_written_when_a_file_is_damaged(tmp_path: Path) -> None:
    folder = studio.write(tmp_path / "data")
    (folder / "title.akas.tsv.gz").write_bytes(b"\x1f\x8b garbage")
    with pytest.raises(SourceError, match="damaged gzip"):
        studio.load(folder)
    assert list(tmp_path.iterdir()) == [folder]


def test_an_existing_file_is_never_written_over(tmp_path: Path) -> None:
    folder = studio.write(tmp_path / "data")
    db = tmp_path / "mine.db"
    db.write_text("mine")
    with pytest.raises(InputError, match=r"mine.db exists: give a path"):
        load_catalog(Sources.find(folder), db, Settings(), Progress.silent())
    assert db.read_text() == "mine"


def test_a_full_disk_is_said_and_the_half_made_file_removed(tmp_path: Path) -> None:
    folder = studio.write(tmp_path / "data")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, before[1]))
    try:
        with pytest.raises(ResourceError, match=r"could not be written .*make room on the disk"):
            studio.load(folder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not (tmp_path / "catalog.db").exists()


def test_overviews_taglines_collections_and_companies(tmp_path: Path) -> None:
    path = studio.put(tmp_path / "movies_metadata.csv.gz", METADATA.encode())
    catalog, report = studio.load(studio.write(tmp_path / "data"), TOLERANT, overviews=path)
    assert catalog.overview(ROAD) == 'Two drivers, one road. It is "long".'
    assert catalog.notes(ROAD) == FilmNotes("Drive.", "Road Collection", ("Gravel",))
    assert catalog.collection(ROAD) == [ROAD]
    assert list(catalog.iter_overviews()) == [(ROAD, 'Two drivers, one road. It is "long".')]
    assert catalog.overview(11) is None
    assert report.files[path.name].examples == [(5, "imdb_id is not tt and 7 to 9 digits")]


def test_keywords_by_either_id(tmp_path: Path) -> None:
    overviews = studio.put(tmp_path / "movies_metadata.csv", METADATA.encode())
    keywords = studio.put(
        tmp_path / "keywords.csv",
        b"id,keywords\n603,\"[{'id': 1, 'name': 'road'}, {'id': None, 'name': \"\"d'oh\"\"}]\"\n",
    )
    catalog, _ = studio.load(
        studio.write(tmp_path / "data"), TOLERANT, overviews=overviews, keywords=keywords
    )
    assert catalog.keywords(ROAD) == ["road", "d'oh"]
    assert catalog.keywords(11) == []
    assert catalog.titles_with_keyword("Road") == [ROAD]
    assert catalog.titles_with_keyword("roads") == []
    assert list(catalog.iter_keywords()) == [(ROAD, "road"), (ROAD, "d'oh")]


def test_languages_by_their_english_names_the_original_first(tmp_path: Path) -> None:
    spoken = "[{'iso_639_1': 'en', 'name': 'English'}, {'iso_639_1': 'xx', 'name': ''}, {'name': 'Klingon'}]"
    overviews = studio.put(
        tmp_path / "movies_metadata.csv",
        f'imdb_id,overview,original_language,spoken_languages\ntt0000010,x,cs,"{spoken}"\n'.encode(),
    )
    catalog, _ = studio.load(studio.write(tmp_path / "data"), TOLERANT, overviews=overviews)
    assert catalog.languages(10) == ["Czech", "English", "Klingon"]
    assert catalog.languages(11) == []


def test_a_catalogue_of_before_languages_opens_and_has_none(tmp_path: Path) -> None:
    studio.load(studio.write(tmp_path / "data"))[0].close()
    with closing(sqlite3.connect(tmp_path / "catalog.db")) as connection:
        connection.executescript("DROP TABLE title_languages; DROP TABLE languages")
    with Catalog.open(tmp_path / "catalog.db") as catalog:
        assert catalog.languages(10) == []


def test_credits_csv_names_characters_of_actors_who_have_none(tmp_path: Path) -> None:
    overviews = studio.put(tmp_path / "movies_metadata.csv", METADATA.encode())
    cast = "[{'name': 'Bea Ost', 'character': 'Eve / Sasha (voice)'}, {'name': 'Stranger', 'character': 'X'}]"
    credits = studio.put(tmp_path / "credits.csv", f'cast,crew,id\n"{cast}",[],604\n'.encode())
    catalog, _ = studio.load(studio.write(tmp_path / "data"), TOLERANT, overviews=overviews, credits=credits)
    assert catalog.credits_of_title(11)[0].characters == ("Eve", "Sasha")
    assert [credit.title_id for credit in catalog.credits_of_character("sasha")] == [11]


def test_literals_in_cells_are_read_and_never_run(tmp_path: Path) -> None:
    bomb = "__import__('os').mkdir('" + str(tmp_path / "run") + "')"
    keywords = studio.put(tmp_path / "keywords.csv", f'imdb_id,keywords\ntt0000010,"[{bomb}]"\n'.encode())
    catalog, _ = studio.load(studio.write(tmp_path / "data"), keywords=keywords)
    assert catalog.keywords(ROAD) == []
    assert not (tmp_path / "run").exists()


def test_without_full_text_the_records_are_there(tmp_path: Path) -> None:
    db = tmp_path / "small.db"
    sources = Sources.find(studio.write(tmp_path / "data"))
    report = load_catalog(sources, db, Settings(), Progress.silent(), full_text=False)
    assert report.counts["titles"] == 4
    with closing(sqlite3.connect(db)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    assert not any("_words" in name for name in tables)
