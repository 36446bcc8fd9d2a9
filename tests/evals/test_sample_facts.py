"""The sample's check against another set, on folders of a few rows; and the bundled sample's own shape."""

from __future__ import annotations

import ast
import csv
import gzip
import json
from collections import Counter
from pathlib import Path

import pytest

from evals.sample_facts import BUNDLED, Fact, alike, check_sample, main
from indexer.errors import SourceError
from indexer.ids import is_reserved_person, parse_person_id, parse_title_id

HEADERS = {
    "name.basics": "nconst primaryName birthYear deathYear primaryProfession knownForTitles",
    "title.akas": "titleId ordering title region language types attributes isOriginalTitle",
    "title.basics": "tconst titleType primaryTitle originalTitle isAdult startYear endYear runtimeMinutes "
    "genres",
    "title.crew": "tconst directors writers",
    "title.episode": "tconst parentTconst seasonNumber episodeNumber",
    "title.principals": "tconst ordering nconst category job characters",
    "title.ratings": "tconst averageRating numVotes",
}
MATRIX = r"tt0133093 movie The_Matrix The_Matrix 0 1999 \N 136 Action,Sci-Fi"
NEO = r'tt0133093 1 nm0000206 actor \N ["Neo"]'
REEVES = r"nm0000206 Keanu_Reeves 1964 \N actor tt0133093"
FULL = {
    "title.basics": [MATRIX],
    "title.principals": [NEO],
    "name.basics": [REEVES],
    "title.ratings": ["tt0133093 8.5 2000000"],
}


def write(folder: Path, tables: dict[str, list[str]]) -> Path:
    """Blanks become tabs and underscores blanks, so that rows read easily above."""
    folder.mkdir()
    for table, rows in tables.items():
        lines = [HEADERS[table], *rows]
        text = "".join(line.replace(" ", "\t").replace("_", " ") + "\n" for line in lines)
        (folder / f"{table}.tsv").write_text(text, encoding="utf-8")
    return folder


def outcomes(tmp_path: Path, ours: dict[str, list[str]], theirs: dict[str, list[str]]) -> dict[str, str]:
    """Kind of fact -> outcome, for samples with one fact of each kind."""
    report = check_sample(write(tmp_path / "ours", FULL | ours), write(tmp_path / "theirs", FULL | theirs))
    return {verdict.fact.kind: verdict.outcome for verdict in report.verdicts}


def test_a_set_that_agrees_confirms_every_fact(tmp_path: Path) -> None:
    found = outcomes(tmp_path, {}, {})
    assert set(found.values()) == {"confirmed"}
    assert set(found) == {
        "title", "type", "year", "runtime", "genre", "rating", "credit", "character", "name", "birth",
    }  # fmt: skip


def test_a_set_without_the_title_and_person_covers_nothing(tmp_path: Path) -> None:
    nothing: dict[str, list[str]] = {table: [] for table in FULL}
    assert set(outcomes(tmp_path, {}, nothing).values()) == {"not covered"}


@pytest.mark.parametrize(
    ("kind", "table", "row"),
    [
        ("year", "title.basics", MATRIX.replace("1999", "1998")),
        ("runtime", "title.basics", MATRIX.replace("136", "135")),
        ("title", "title.basics", MATRIX.replace("The_Matrix", "Matrix_Hunter")),
        ("rating", "title.ratings", "tt0133093 8.0 2000000"),
        ("character", "title.principals", NEO.replace("Neo", "Morpheus")),
        ("credit", "title.principals", NEO.replace("actor", "actress")),
        ("name", "name.basics", REEVES.replace("Keanu", "Dean")),
        ("birth", "name.basics", REEVES.replace("1964", "1965")),
        ("death", "name.basics", REEVES.replace(r"1964 \N", "1964 2001")),
    ],
)
def test_another_value_contradicts_the_fact(tmp_path: Path, kind: str, table: str, row: str) -> None:
    assert outcomes(tmp_path, {}, {table: [row]})[kind] == "contradicted"


def test_the_same_name_under_another_official_id_contradicts_the_credit(tmp_path: Path) -> None:
    other = {
        "title.principals": [NEO.replace("0000206", "0000207")],
        "name.basics": [REEVES.replace("206", "207")],
    }
    assert outcomes(tmp_path, {}, other)["credit"] == "contradicted"


def test_the_same_name_under_a_reserved_id_says_nothing_about_the_credit(tmp_path: Path) -> None:
    name = REEVES.replace("nm0000206", "nm90000206")
    other = {"title.principals": [NEO.replace("nm0000206", "nm90000206")], "name.basics": [name]}
    found = outcomes(tmp_path, {}, other)
    assert (found["credit"], found["character"]) == ("not covered", "confirmed")


def test_a_director_whom_the_crew_does_not_list_is_contradicted(tmp_path: Path) -> None:
    ours = {"title.principals": [r"tt0133093 1 nm0000206 director \N \N"]}
    assert outcomes(tmp_path, ours, {"title.crew": [r"tt0133093 nm0905154 \N"]})["credit"] == "contradicted"


def test_a_title_the_person_is_known_for_confirms_a_composer(tmp_path: Path) -> None:
    ours = {"title.principals": [r"tt0133093 1 nm0000206 composer \N \N"]}
    known = {"title.principals": [], "name.basics": [REEVES.replace("actor", "composer")]}
    assert outcomes(tmp_path, ours, known)["credit"] == "confirmed"


def test_an_episode_of_another_season_is_contradicted(tmp_path: Path) -> None:
    ours = {"title.episode": ["tt0959621 tt0903747 1 1"]}
    assert (
        outcomes(tmp_path, ours, {"title.episode": ["tt0959621 tt0903747 2 1"]})["episode"] == "contradicted"
    )


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("The Oracle", "Oracle", True),
        ("Professor Snape", "Severus Snape", True),
        ("Dr. Emmett Brown", "Emmett 'Doc' Brown", True),
        ("C-3PO", "See Threepio (C-3PO)", True),
        ("Zé Pequeno", "Ze Pequeno", True),
        ("M", "Q", False),
        ("Captain", "Detective", False),
        ("Harry Potter", "Harry Osborn", False),
    ],
)
def test_characters_are_compared_by_their_words(one: str, other: str, same: bool) -> None:
    assert (alike(one, other), alike(other, one)) == (same, same)


def test_a_known_difference_is_explained_and_the_command_then_succeeds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ours = write(tmp_path / "ours", FULL)
    theirs = write(tmp_path / "theirs", FULL | {"title.basics": [MATRIX.replace("1999", "1998")]})
    arguments = ["--sample", str(ours), "--data", str(theirs), "--json"]
    assert main(arguments) == 1
    assert json.loads(capsys.readouterr().out)["unexplained"] == 1

    table = "kind\tsubject\tclaimed\treason\nyear\ttt0133093\t1999\treleased in 1999\n"
    (ours / "known_differences.tsv").write_text(table, encoding="utf-8")
    assert main(arguments) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["totals"] == {"confirmed": 10, "contradicted": 1, "not covered": 0}
    assert [found["reason"] for found in report["contradicted"]] == ["released in 1999"]


def test_gzip_files_are_read_like_plain_ones(tmp_path: Path) -> None:
    theirs = write(tmp_path / "theirs", FULL)
    for path in theirs.glob("*.tsv"):
        (theirs / f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()
    assert check_sample(write(tmp_path / "ours", FULL), theirs).confirmed_share() == 1.0


def test_a_folder_without_titles_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"has no title\.basics\.tsv"):
        check_sample(write(tmp_path / "ours", FULL), tmp_path)


def test_a_short_row_is_refused_with_file_and_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    theirs = write(tmp_path / "theirs", FULL | {"title.basics": ["tt0133093 movie The_Matrix"]})
    assert main(["--sample", str(write(tmp_path / "ours", FULL)), "--data", str(theirs)]) == 2
    assert "title.basics.tsv, line 2: 3 columns, expected 9" in capsys.readouterr().err


# ------------------------------------------------------------------------------------- the bundled sample


def rows(table: str) -> list[dict[str, str]]:
    with (BUNDLED / f"{table}.tsv").open(encoding="utf-8", newline="\n") as lines:
        header = next(lines).rstrip("\n").split("\t")
        assert header == HEADERS[table].split()
        return [dict(zip(header, line.rstrip("\n").split("\t"), strict=True)) for line in lines]


def overviews() -> dict[str, str]:
    with (BUNDLED / "movies_metadata.csv").open(encoding="utf-8", newline="") as lines:
        return {row["imdb_id"]: row["overview"] for row in csv.DictReader(lines)}


def test_the_sample_has_120_titles_ten_of_them_series_and_1000_credits() -> None:
    types = Counter(row["titleType"] for row in rows("title.basics"))
    assert types == {"movie": 110, "tvSeries": 10}
    assert len(rows("title.principals")) >= 1000


def test_every_row_of_the_sample_refers_to_its_titles_and_people() -> None:
    titles = {row["tconst"] for row in rows("title.basics")}
    people = {row["nconst"] for row in rows("name.basics")}
    credited = rows("title.principals")
    assert {row["tconst"] for row in credited} == titles
    assert {row["nconst"] for row in credited} == people
    assert {row["titleId"] for row in rows("title.akas")} == titles
    assert {row["parentTconst"] for row in rows("title.episode")} <= titles
    assert all(set(row["knownForTitles"].split(",")) <= titles for row in rows("name.basics"))


def test_the_samples_ids_are_imdbs_and_none_is_reserved() -> None:
    assert all(parse_title_id(row["tconst"]) for row in rows("title.basics"))
    assert not any(is_reserved_person(parse_person_id(row["nconst"])) for row in rows("name.basics"))


def test_the_samples_crew_is_that_of_its_credits() -> None:
    for row in rows("title.crew"):
        mine = [credit for credit in rows("title.principals") if credit["tconst"] == row["tconst"]]
        directors = [credit["nconst"] for credit in mine if credit["category"] == "director"]
        assert row["directors"] == (",".join(directors) or r"\N")


def test_every_overview_has_40_to_80_words_and_every_title_keywords() -> None:
    lengths = {title: len(text.split()) for title, text in overviews().items()}
    assert lengths.keys() == {row["tconst"] for row in rows("title.basics")}
    assert {title: length for title, length in lengths.items() if not 40 <= length <= 80} == {}
    with (BUNDLED / "keywords.csv").open(encoding="utf-8", newline="") as lines:
        keywords = {row["imdb_id"]: ast.literal_eval(row["keywords"]) for row in csv.DictReader(lines)}
    assert keywords.keys() == lengths.keys()
    assert all(4 <= len(listed) <= 8 for listed in keywords.values())


def test_ratings_are_rounded_to_halves_and_votes_to_one_digit() -> None:
    for row in rows("title.ratings"):
        assert float(row["averageRating"]) * 2 % 1 == 0
        assert len(row["numVotes"].rstrip("0")) == 1


def test_characters_are_lists_and_the_two_oracles_and_dumbledores_are_there() -> None:
    played = {
        (row["tconst"], character): row["nconst"]
        for row in rows("title.principals")
        if row["characters"] != r"\N"
        for character in json.loads(row["characters"])
    }
    assert played["tt0133093", "Oracle"] == "nm0287825"
    assert played["tt0242653", "The Oracle"] == "nm0019569"
    assert played["tt0241527", "Albus Dumbledore"] == "nm0001321"
    assert played["tt0304141", "Albus Dumbledore"] == "nm0002091"


def test_known_differences_concern_facts_of_the_sample() -> None:
    report = check_sample(BUNDLED, BUNDLED)
    facts = {verdict.fact for verdict in report.verdicts}
    assert report.confirmed_share() == 1.0
    assert report.reasons.keys() <= facts
    assert Fact("year", "tt1877830", "2022") in report.reasons
