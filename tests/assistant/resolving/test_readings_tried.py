"""Which readings of a question are looked up at all."""

from __future__ import annotations

import pytest

from assistant.core import Assistant
from assistant.reading.reading import Ask, Reading, TitleRef
from assistant.resolving import resolver
from assistant.resolving.context import Context
from assistant.resolving.finding import Finding, unknown
from assistant.resolving.resolver import Tools, resolve


def role(character: str, title: str, weight: float) -> Reading:
    ref = TitleRef(name=title, full=title)
    return Reading(Ask.PLAYED_BY, title=ref, character=character, weight=weight)


@pytest.mark.parametrize(("usual", "tried"), [(1.0, ["Rick"]), (0.7, ["Rick", "Rick in"])])
def test_an_odd_division_is_tried_only_where_no_usual_wording_fits(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch, usual: float, tried: list[str]
) -> None:
    seen: list[str | None] = []

    def looked_up(reading: Reading, tools: Tools) -> Finding:
        seen.append(reading.character)
        return unknown(reading, "nothing")

    monkeypatch.setattr(resolver, "resolve_one", looked_up)
    resolve([role("Rick", "the bar", usual), role("Rick in", "bar", 0.25)], Tools(assistant.index, Context()))
    assert seen == tried
