from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer.catalog import Catalog, reader
from indexer.catalog.records import Credit, Episode, Person, Title, TitleFilter
from indexer.errors import FormatMismatch, IndexMissing, IndexUnusable, ResourceError
from indexer.ids import PersonId, TitleId
from indexer.settings import VectorScope
from tests.indexer.catalog import studio

ROAD, FACE, SHOW, LIST = (TitleId(key) for key in (10, 11, 12, 13))
ANN, BEA, CY = (PersonId(key) for key in (1, 2, 3))

HOSTILE = [
    "Schindler's", "Face/Off", "-", '""', '"', "", "\0", "x" * 10_000, "a OR b", "NEAR(a b)",
    "words:road", "^road", "*", "road*", "(", ")", "AND", "NOT", "road NOT", "{a b}: c", "a + b",
    "\ud800", "\u0e01\u0e34", "½", "😀", "'; DROP TABLE titles; --", "a\tb\nc",
    " " * 50, "\x1f", "é" * 500, "NULL",
    "٣",
]  # fmt: skip


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    found, _ = studio.load(studio.write(tmp_path_factory.mktemp("catalog") / "data"))
    with found:
        yield found


def test_a_title_has_all_its_values(catalog: Catalog) -> None:
    assert catalog.title(ROAD) == Title(
        ROAD, "The Long Road", "movie", "Der lange Weg", 1999, None, 136, ("Action", "Sci-Fi"), 8.7, 1000
    )
    assert catalog.title(LIST) == Title(
        LIST, 'Schindler\'s "Listing"', "short", genres=("Short",), adult=True
    )
    assert catalog.title(99) is None


def test_people_come_in_the_order_asked_for_with_votes_added_up_once_a_title(catalog: Catalog) -> None:
    assert catalog.people([CY, 77, ANN]) == {
        CY: Person(CY, "Cy Doe", 1950, 2001, ("writer",), 6000),
        ANN: Person(ANN, "Ann Bell", 1960, None, ("actor", "director"), 1000),
    }
    assert list(catalog.people([CY, ANN])) == [CY, ANN]


def test_credits_stand_in_billing_order_with_one_record_for_each_character(catalog: Catalog) -> None:
    assert catalog.credits_of_title(ROAD)[:3] == [
        Credit(ROAD, ANN, 1, "actor", None, ("Neo", 'The "One"')),
        Credit(ROAD, BEA, 2, "actress", None, ("Oracle",)),
        Credit(ROAD, ANN, 3, "director", "co-director"),
    ]


def test_directors_and_writers_whom_principals_leave_out_come_last_and_once(catalog: Catalog) -> None:
    assert catalog.credits_of_title(ROAD)[3:] == [
        Credit(ROAD, CY, 4, "writer"),
        Credit(ROAD, ANN, 5, "writer"),
    ]
    assert catalog.credits_of_title(FACE) == [Credit(FACE, BEA, 1, "actress"), Credit(FACE, CY, 2, "writer")]


def test_credits_of_a_person_begin_with_the_most_voted_title(catalog: Catalog) -> None:
    assert [(credit.title_id, credit.characters) for credit in catalog.credits_of_person(BEA)] == [
        (FACE, ()),
        (ROAD, ("Oracle",)),
        (SHOW, ("Self - Host", "The Oracle")),
    ]
    assert catalog.credits_of_people([77]) == {77: []}


def test_a_character_is_found_by_its_words_most_voted_title_first(catalog: Catalog) -> None:
    assert [credit.title_id for credit in catalog.credits_of_character("oracle")] == [ROAD, SHOW]
    assert [credit.title_id for credit in catalog.credits_of_character("the ORACLE")] == [SHOW]
    assert catalog.credits_of_character("oracle", limit=1)[0].title_id == ROAD


def test_words_of_two_characters_of_one_credit_are_no_match(catalog: Catalog) -> None:
    assert catalog.credits_of_character("host oracle") == []


def test_all_akas_of_one_title_are_kept(catalog: Catalog) -> None:
    assert catalog.alternative_titles(ROAD) == ["Der lange Weg", "La longue route", "Длинная дорога"]
    assert catalog.alternative_titles(FACE) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("long road", [ROAD]),
        ("road", [ROAD, SHOW]),
        ("longue rou", [ROAD]),
        ("lange WEG", [ROAD]),
        ("дорога", [ROAD]),
        ("face/off", [FACE]),
        ("schindler's listing", [LIST]),
        ("road s", [SHOW]),
        ("off road", []),
    ],
)
def test_titles_are_found_by_any_of_their_names(catalog: Catalog, text: str, expected: list[int]) -> None:
    assert catalog.search_titles(text, 10) == expected


def test_people_are_found_without_accents_most_popular_first(catalog: Catalog) -> None:
    assert catalog.search_people("ost") == [BEA]
    assert catalog.search_people("b") == [BEA, ANN]
    assert catalog.search_people("b", limit=1) == [BEA]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_searched_for_and_breaks_nothing(catalog: Catalog, text: str) -> None:
    for found in (
        catalog.search_titles(text),
        catalog.search_people(text),
        catalog.credits_of_character(text),
    ):
        assert isinstance(found, list)
    assert catalog.counts()["titles"] == 4


def test_episodes_are_sorted_by_season_and_number_unknown_ones_last(catalog: Catalog) -> None:
    assert catalog.episodes(SHOW) == [
        Episode(TitleId(103), SHOW, 1, 1),
        Episode(TitleId(102), SHOW, 1, 2),
        Episode(TitleId(101), SHOW, 2, 1),
        Episode(TitleId(104), SHOW, None, None),
    ]
    assert catalog.episode_counts(SHOW) == (4, 2)
    assert catalog.episode_counts(ROAD) == (0, 0)
    assert catalog.episode(102) == Episode(TitleId(102), SHOW, 1, 2)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (TitleFilter(), [FACE, ROAD, SHOW, LIST]),
        (TitleFilter(descending=False), [LIST, SHOW, ROAD, FACE]),
        (TitleFilter(order="rating"), [ROAD, FACE, SHOW, LIST]),
        (TitleFilter(order="year", descending=False), [FACE, ROAD, SHOW, LIST]),
        (TitleFilter(order="runtime"), [FACE, ROAD, SHOW, LIST]),
        (TitleFilter(genres=("Action",)), [FACE, ROAD]),
        (TitleFilter(genres=("Action", "Sci-Fi")), [ROAD]),
        (TitleFilter(genres=("Western",)), []),
        (TitleFilter(types=("tvSeries", "short")), [SHOW, LIST]),
        (TitleFilter(years=(1997, 1999), min_votes=2000), [FACE]),
        (TitleFilter(min_rating=8.7), [ROAD]),
        (TitleFilter(min_rating=8.8), []),
    ],
)
def test_titles_are_filtered_and_ordered(catalog: Catalog, wanted: TitleFilter, expected: list[int]) -> None:
    assert catalog.titles_where(wanted, 10) == expected
    assert catalog.count_where(wanted) == len(expected)


def test_streams_give_everything_in_id_order(catalog: Catalog) -> None:
    assert [title.id for title in catalog.iter_titles()] == [ROAD, FACE, SHOW, LIST]
    assert [person.id for person in catalog.iter_people()] == [ANN, BEA, CY]
    by_title = [credit for title in (ROAD, FACE, SHOW) for credit in catalog.credits_of_title(title)]
    assert list(catalog.iter_credits()) == by_title
    assert list(catalog.iter_names())[:2] == [(ROAD, "The Long Road"), (ROAD, "Der lange Weg")]
    assert len(list(catalog.iter_names())) == 8
    assert list(catalog.iter_names("person")) == [(ANN, "Ann Bell"), (BEA, "Bea Öst"), (CY, "Cy Doe")]


def test_scope_takes_voted_titles_and_their_people(catalog: Catalog) -> None:
    assert catalog.scope_titles(VectorScope(min_votes=1000)) == [ROAD, FACE]
    assert catalog.scope_people([SHOW]) == [BEA]


def test_ids_that_no_title_can_have_find_nothing(catalog: Catalog) -> None:
    for key in (-1, 0, 10**9, 2**63 - 1, 10**30):
        assert catalog.credits_of_title(key) == []
        assert catalog.title(key) is None


def test_every_thread_reads_with_its_own_connection(catalog: Catalog) -> None:
    found: list[list[int]] = []
    threads = [
        threading.Thread(target=lambda: found.append([*catalog.search_titles("road")])) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[ROAD, SHOW]] * 4


def in_a_thread(work: Callable[[], object]) -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def open_files(path: Path) -> int:
    """How often this process has the file open."""
    return sum(os.path.realpath(link) == str(path.resolve()) for link in Path("/proc/self/fd").iterdir())


needs_proc = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="counts files by /proc")


@needs_proc
def test_threads_that_ended_leave_no_file_open(tmp_path: Path) -> None:
    found, _ = studio.load(studio.write(tmp_path / "data"))
    with found:
        before = open_files(found.path)
        for _ in range(20):
            in_a_thread(lambda: found.title(ROAD))
        assert open_files(found.path) == before > 0


@needs_proc
def test_closing_closes_the_connections_of_threads_that_still_run(tmp_path: Path) -> None:
    found, _ = studio.load(studio.write(tmp_path / "data"))
    read, closed = threading.Event(), threading.Event()

    def work() -> None:
        stream = found.iter_titles()
        next(stream)
        read.set()
        closed.wait(60)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        assert read.wait(60)
        found.close()
        assert open_files(found.path) == 0
    finally:
        closed.set()
        thread.join()


def test_a_stream_outlives_the_thread_that_began_it(catalog: Catalog) -> None:
    begun: list[Iterator[Title]] = []

    def begin() -> None:
        stream = catalog.iter_titles()
        next(stream)
        begun.append(stream)

    in_a_thread(begin)
    assert [title.id for title in begun[0]] == [FACE, SHOW, LIST]


def statements(catalog: Catalog, work: Callable[[], object]) -> int:
    """How many statements ``work`` runs."""
    connection, ran = catalog._reader()._connection, list[str]()
    connection.set_trace_callback(ran.append)
    work()
    connection.set_trace_callback(None)
    return len(ran)


def test_credits_of_many_titles_take_two_statements_and_are_those_of_each(catalog: Catalog) -> None:
    ids = [SHOW, LIST, 10**9, ROAD, -1, FACE, ROAD]
    found = catalog.credits_of_titles(ids)
    assert list(found) == [SHOW, LIST, 10**9, ROAD, -1, FACE]
    assert {key: len(credits) for key, credits in found.items()} == {
        12: 1,
        13: 0,
        10**9: 0,
        10: 5,
        -1: 0,
        11: 2,
    }
    assert found == {TitleId(key): catalog.credits_of_title(key) for key in ids}
    assert statements(catalog, lambda: catalog.credits_of_titles(ids)) == 2


def test_credits_of_a_character_take_a_few_statements_for_many_hits(tmp_path: Path) -> None:
    credits: list[studio.Cells] = [
        ("tt0000010", number, "nm0000001", "actor", None, f'["Guard {number}","Oracle"]')
        for number in range(1, 51)
    ]
    found, _ = studio.load(studio.write(tmp_path / "data", title_principals=credits))
    with found:
        hits = found.credits_of_character("oracle")
        assert [credit.ordering for credit in hits] == list(range(1, 51))
        assert hits[6] == Credit(ROAD, ANN, 7, "actor", None, ("Guard 7", "Oracle"))
        # the full-text search itself takes some
        assert statements(found, lambda: found.credits_of_character("oracle")) < 10


COUNTING = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000) SELECT i FROM n"


def test_a_statement_that_takes_too_long_is_stopped_with_what_to_do(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "LONGEST", 0.001)
    with pytest.raises(ResourceError, match=r"stopped after 0\.001 s: ask for something narrower"):
        catalog._rows(f"SELECT max(i) FROM ({COUNTING})")  # noqa: S608 - constants
    with pytest.raises(ResourceError, match="stopped"):
        list(catalog._search(COUNTING))
    monkeypatch.undo()
    assert catalog.title(ROAD) is not None


def test_questions_have_a_limit_of_time_and_streams_of_whole_tables_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, _ = studio.load(studio.write(tmp_path / "data"))
    with found:
        assert found.title(ROAD) is not None  # what the catalogue reads once
        found.close()
        monkeypatch.setattr(reader, "_OPERATIONS", 1)
        monkeypatch.setattr(reader, "LONGEST", -1.0)
        for stream in (
            *(found.iter_people_names(), found.iter_overviews(), found.iter_names()),
            *(found.scope_titles(VectorScope(min_votes=1)), found.scope_people([ROAD])),
            found._all_rows(COUNTING),
        ):
            assert list(stream) is not None
        for ask in (
            *(lambda: found.titles([ROAD]), lambda: found.credits_of_person(ANN)),
            *(lambda: found.search_titles("road"), lambda: found.credits_of_character("oracle")),
            *(lambda: found.titles_where(TitleFilter()), lambda: found.count_where(TitleFilter())),
        ):
            with pytest.raises(ResourceError):
                ask()


def test_a_missing_catalogue_names_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="make index"):
        Catalog.open(tmp_path / "none.db")


def test_another_format_asks_for_a_rebuild(tmp_path: Path) -> None:
    catalog, _ = studio.load(studio.write(tmp_path / "data"))
    catalog.close()
    with sqlite3.connect(catalog.path) as changed:
        changed.execute("PRAGMA user_version=2")
    changed.close()
    with pytest.raises(FormatMismatch, match=r"format 2, expected \d+: rebuild"):
        Catalog.open(catalog.path)


@pytest.mark.parametrize("data", [b"no database at all, just text" * 50, b""])
def test_another_file_is_no_catalogue(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "other.db"
    path.write_bytes(data)
    with pytest.raises(IndexUnusable, match="make index"):
        Catalog.open(path)


def test_the_catalogue_cannot_be_written(catalog: Catalog) -> None:
    with pytest.raises(IndexUnusable, match=r"readonly|read-only|attempt to write"):
        catalog._rows("DELETE FROM titles")


def test_a_sound_catalogue_has_no_problems(catalog: Catalog) -> None:
    assert catalog.problems() == []


def test_a_table_that_lost_rows_is_a_problem(tmp_path: Path) -> None:
    found, _ = studio.load(studio.write(tmp_path / "data"))
    found.close()
    with sqlite3.connect(found.path) as connection:
        connection.execute("DELETE FROM genre_sets")
    connection.close()
    with Catalog.open(found.path) as opened:
        problems = opened.problems()
    assert [text for text in problems if text.startswith("table genre_sets was made with")]
