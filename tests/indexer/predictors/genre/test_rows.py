from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import SourceError
from indexer.predictors.genre.rows import GenreRow, dated, find_rows, parse_line, parse_rows, read_rows

CELL = st.text(st.characters(blacklist_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=30)
PLAIN = CELL.map(lambda text: text.replace(":", "").strip()).filter(bool)
GOOD = b"7 ::: Heat (1995) ::: crime ::: A thief and a detective."


@given(st.lists(st.binary(max_size=80), max_size=20))
def test_every_line_is_kept_or_counted_by_reason(lines: list[bytes]) -> None:
    found = parse_rows(lines)
    assert found.read == sum(bool(line.strip()) for line in lines)
    assert len(found.rows) + sum(found.rejected.values()) == found.read
    assert len(found.first) == min(5, sum(found.rejected.values()))


@given(PLAIN, st.integers(1880, 2030), PLAIN)
def test_a_good_line_gives_back_what_it_was_made_of(name: str, year: int, text: str) -> None:
    row = parse_line(f"1 ::: {name} ({year}) ::: Drama ::: {text} ::: {text}\n".encode())
    assert isinstance(row, GenreRow)
    assert (row.year, row.genre) == (year, "drama") or "(" in name
    assert row.text == f"{text} ::: {text}"  # what looks like a fifth column belongs to the description


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"1 ::: Heat (1995) ::: crime", "3 of 4 columns"),
        (b"1 ::: Heat (1995) ::: ::: text", "no genre"),
        (b"1 ::: Heat (1995) ::: crime story ::: text", "a genre that is not one word"),
        (b"1 ::: Heat (1995) ::: crime ::: ", "no description"),
        (b"1 ::: Heat \xff (1995) ::: crime ::: text", "not UTF-8"),
        (GOOD + b"x" * 100_000, "longer than 100,000 bytes"),
    ],
)
def test_a_bad_line_says_why(line: bytes, reason: str) -> None:
    assert parse_line(line) == reason
    assert parse_rows([GOOD, line]).to_json() == {
        "read": 2, "kept": 1, "rejected": {reason: 1}, "first_rejected": [f"line 2: {reason}"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Spirits (2014/I)", ("Spirits", 2014)),
        ('"Pink Slip" (2009) {Pilot (#1.1)}', ("Pink Slip", 2009)),
        ("Lost (????)", ("Lost", None)),
        ("1984", ("1984", None)),
    ],
)
def test_name_and_year(title: str, expected: tuple[str, int | None]) -> None:
    assert dated(title) == expected


def test_a_folder_stands_for_its_train_txt_and_what_is_not_there_is_said(tmp_path: Path) -> None:
    (tmp_path / "train.txt").write_bytes(GOOD)
    assert read_rows(find_rows(tmp_path)).rows[0].name == "Heat"
    with pytest.raises(SourceError, match=r"dev.txt does not exist"):
        find_rows(tmp_path, "dev.txt")
    (tmp_path / "other.txt").write_text("a line\nanother\n")
    with pytest.raises(SourceError, match=r"none of its 2 lines is ID ::: TITLE"):
        read_rows(tmp_path / "other.txt")
