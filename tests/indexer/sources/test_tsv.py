from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.errors import InputError, SourceError
from indexer.sources.blocks import survey, text_blocks
from indexer.sources.layouts import AKAS, ARRAY, LAYOUTS, NAMES, PRINCIPALS
from indexer.sources.tsv import Rejected, array, encode_cell, encode_row, names, number, row_blocks, text

CELLS = st.text(st.characters(exclude_characters="\t\n\r\0\x02", exclude_categories=["Cs"]), min_size=1)


@settings(deadline=None)
@given(st.one_of(st.none(), CELLS.filter(lambda cell: cell != r"\N")))
def test_text_survives_its_cell(value: str | None) -> None:
    assert text(encode_cell(value)) == value


@settings(deadline=None)
@given(st.one_of(st.none(), st.integers(0, 999_999_999)))
def test_a_number_survives_its_cell(value: int | None) -> None:
    assert number(encode_cell(value)) == value


@settings(deadline=None)
@given(st.lists(CELLS, min_size=1).filter(lambda items: items != [r"\N"]))
def test_an_array_survives_its_cell(items: list[str]) -> None:
    assert array(encode_cell(items)) == items


@settings(deadline=None)
@given(st.text(st.sampled_from("\t\n\r\0"), min_size=1), st.text())
def test_what_no_cell_can_hold_is_refused(bad: str, rest: str) -> None:
    with pytest.raises(InputError, match="remove it"):
        encode_cell(bad + rest)


@settings(deadline=None, max_examples=50)  # a busy machine is no failure
@given(st.lists(st.tuples(st.integers(1, 10**8), CELLS.filter(lambda cell: cell != r"\N")), max_size=30))
def test_rows_of_any_text_are_read_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[int, str]]
) -> None:
    path = tmp_path_factory.mktemp("rows") / "name.basics.tsv"
    lines = [encode_row((f"nm{key:07d}", name, None, None, None, None)) for key, name in rows]
    path.write_bytes("\n".join([NAMES.header, *lines]).encode() + b"\n")
    rejected = Rejected("x")
    found = [(int(row[0]), row[1]) for block in row_blocks(path, NAMES, rejected) for row in block]
    assert (found, rejected.total) == (rows, 0)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ('["Neo"]', ["Neo"]),
        ('["Neo","Thomas Anderson"]', ["Neo", "Thomas Anderson"]),
        ('["Neo", "Trinity"]', ["Neo", "Trinity"]),
        (r'["The \"One\""]', ['The "One"']),
        (r'["Caf\u00e9\u0000"]', ["Café"]),
        (r'["half \ud800"]', ["half ?"]),
        ('["",""]', []),
        ("[]", []),
        ("[1]", None),
        ("[", None),
        ("[" * 100_000, None),
    ],
)
def test_names_of_a_json_list(cell: str, expected: list[str] | None) -> None:
    assert names(cell) == expected


def test_akas_arrays_are_split_at_their_own_separator() -> None:
    assert array(f"imdbDisplay{ARRAY}tv") == ["imdbDisplay", "tv"]
    assert array(r"\N") == []


def test_lone_quotes_and_strange_line_separators_stay_in_their_cell(tmp_path: Path) -> None:
    path = tmp_path / "title.akas.tsv"
    name = 'a "lone quote\u2028and\x85lines'
    line = encode_row(("tt0000001", 1, name, None, None, None, None, 0))
    path.write_text(f"{AKAS.header}\n{line}\n", encoding="utf-8", newline="")
    assert [row[2] for block in row_blocks(path, AKAS, Rejected("x")) for row in block] == [name]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("tt0000001\t1\tnm0000001", "3 columns instead of 6"),
        ("", "1 columns instead of 6"),
        ("tt1\t1\tnm0000001\tactor\t\\N\t\\N", "tconst is not tt and 7 to 9 digits"),
        ("tt٠٠٠٠٠٠١\t1\tnm0000001\tactor\t\\N\t\\N", "tconst is not tt and 7 to 9 digits"),
        ("tt0000001\t99999\tnm0000001\tactor\t\\N\t\\N", "ordering is not a whole number from 0 to 9999"),
        ("tt0000001\t1\t0000001\tactor\t\\N\t\\N", "nconst is not nm and 7 to 9 digits"),
        ("tt0000001\t1\tnm0000001\t\t\\N\t\\N", "category is not a word"),
        ("tt0000001\t1\tnm0000001\tactor\ta\0b\t\\N", "job is not text without a NUL"),
        ("tt0000001\t1\tnm0000001\tactor\t\\N\tNeo", r"characters is not a JSON list of names, or \N"),
    ],
)
def test_a_damaged_row_is_set_aside_with_its_line_and_reason(tmp_path: Path, line: str, reason: str) -> None:
    good = "tt0000001\t1\tnm0000001\tactor\t\\N\t\\N"
    path = tmp_path / "title.principals.tsv"
    path.write_text("\n".join([PRINCIPALS.header, good, line, good]) + "\n", encoding="utf-8", newline="")
    rejected = Rejected("title.principals.tsv")
    rows = [row for block in row_blocks(path, PRINCIPALS, rejected) for row in block]
    assert len(rows) == 2
    assert rejected.examples == [(3, reason)]
    assert dict(rejected.reasons) == {reason: 1}


def test_only_the_first_twenty_damaged_rows_are_listed_but_all_are_counted() -> None:
    rejected = Rejected("x")
    for line in range(2, 102):
        rejected.add("bad", line)
    assert (rejected.total, len(rejected.examples), rejected.examples[-1]) == (100, 20, (21, "bad"))


def test_more_than_one_in_a_hundred_is_too_much() -> None:
    rejected = Rejected("title.basics.tsv")
    rejected.add("3 columns instead of 9", 7)
    rejected.check(100, 0.01)
    with pytest.raises(
        SourceError, match=r"1 of 99 rows are damaged, the limit is 1.0% \(line 7: 3 columns.*--tolerate"
    ):
        rejected.check(99, 0.01)


def test_line_numbers_go_on_across_blocks_and_gzip_members(tmp_path: Path) -> None:
    lines = [f"line {number} {'x' * (number % 90)}" for number in range(1, 5001)]
    data = "\n".join(lines).encode() + b"\n"
    path = tmp_path / "many.gz"
    path.write_bytes(gzip.compress(data[:70_001]) + gzip.compress(data[70_001:]) + b"\0" * 64)
    found = [(block.line, block.text) for block in text_blocks(path)]
    assert len(found) > 5
    assert "\n".join(part for _, part in found) == "\n".join(lines)
    assert all(part.startswith(f"line {line} ") for line, part in found)
    assert survey(path).lines == 5000


def test_carriage_returns_and_a_byte_order_mark_are_removed(tmp_path: Path) -> None:
    path = tmp_path / "windows.txt"
    path.write_bytes(b"\xef\xbb\xbfa\r\nb\r\n")
    assert [block.text for block in text_blocks(path)] == ["a\nb"]


def test_every_layout_takes_its_own_header_as_a_line_of_no_row() -> None:
    assert all(layout.row.fullmatch(layout.header) is None for layout in LAYOUTS)
