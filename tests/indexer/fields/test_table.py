"""The declared table: every line has values, and any line can name another kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from indexer.fields import table
from indexer.fields.convolution import ConvolutionField
from indexer.fields.numbers import NumericDigitCategoryField
from indexer.fields.rows import Row
from indexer.fields.scalar import ScalarField
from indexer.fields.table import TABLE, FieldSpec, specs
from indexer.fields.text import TextField
from indexer.joint.entities import Entities
from indexer.joint.training import embed_entities, train_joint
from indexer.progress import Progress
from indexer.settings import JointSettings, Settings, VectorScope
from tests.indexer.joint.studio import Studio

SILENT = Progress.silent()
SETTINGS = Settings(threads=1, joint=JointSettings(width=16, batch=64, max_minutes=0.02))


def _convolved(line: FieldSpec) -> FieldSpec:
    if line.model is not TextField:
        return line
    return replace(line, model=ConvolutionField, options={"table": line.options["table"], "filters": 16})


def _in_pieces(line: FieldSpec) -> FieldSpec:
    return replace(line, options={**line.options, "units": "both"}) if line.model is TextField else line


def _counted(line: FieldSpec) -> FieldSpec:
    options = {"digits": 2, "fraction_digits": 1}
    return replace(line, model=NumericDigitCategoryField, options=options) if line.name == "rating" else line


def test_every_line_has_values_in_a_catalogue() -> None:
    known = Entities.from_catalog(Studio(), VectorScope(), SILENT)
    assert {line.key for line in TABLE} == set(known.values) | set(known.lists)
    assert len({line.key for line in TABLE}) == len(TABLE)


def test_questions_do_not_name_what_only_whole_rows_show() -> None:
    silent = {line.key for line in TABLE if not line.asked}
    neighbours = {line.key for line in TABLE if not line.reconstructed}
    assert neighbours == {
        "title/acted_by",
        "title/directed_by",
        "title/made_by",
        "person/acted_in",
        "person/made",
    }
    assert silent - neighbours == {
        "title/rating", "title/votes", "title/adult", "title/keywords", "person/died",
    }  # fmt: skip


@pytest.mark.parametrize("swap", [_convolved, _in_pieces, _counted])
def test_a_line_may_name_another_kind(
    swap: Callable[[FieldSpec], FieldSpec], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "TABLE", tuple(map(swap, TABLE)))
    space = train_joint(Studio(), SETTINGS, SILENT)
    rows = embed_entities(space, Studio(), "title", range(100, 140), SILENT)
    assert np.isfinite(rows).all()
    assert np.linalg.norm(space.encode([Row("title", {"title": "Kalo"})])[0]) == pytest.approx(1, abs=1e-4)


def test_a_new_field_is_one_line_and_its_values(monkeypatch: pytest.MonkeyPatch) -> None:
    line = FieldSpec("title", "end", ScalarField, 0.1, options={"scale": "min-max"})
    monkeypatch.setattr(table, "TABLE", (*TABLE, line))
    read: Any = Entities.from_catalog

    def with_ends(*given: Any, **options: Any) -> Entities:
        found: Entities = read(*given, **options)
        found.values["title/end"] = [None, *range(1961, 2000)]
        return found

    monkeypatch.setattr(Entities, "from_catalog", with_ends)
    space = train_joint(Studio(), SETTINGS, SILENT)
    assert space.towers.fields["title/end"].state()["bounds"] == [1961, 1999]


def test_a_small_catalogue_gets_small_tables_of_text() -> None:
    line = next(line for line in specs() if line.key == "title/title")
    assert line.make(8, strings=10).state()["hashes"] == 1 << 12
    assert line.make(8, strings=10**9).state()["hashes"] == 1 << 17
