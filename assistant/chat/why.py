"""Why an answer is what it is: how the question was read, what was considered, what each score is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from assistant.answer import Answer
from assistant.chat.markup import escaped

CANDIDATES = 5
_NAMED = ("title", "year", "person", "name", "character")
_WIDTH = 300.0  # of the widest bar, in the chart's own unit


def why(answer: Answer) -> str:
    """An unfolding part under an answer; nothing where the answer came without its reasons."""
    told = answer.explanation
    if not told:
        return ""
    parts = [_reading(answer), f"<p>Decided by: {escaped(str(told.get('rule', '')))}.</p>"]
    parts.append(chart([each for each in told.get("candidates", ()) if isinstance(each, Mapping)]))
    return f'<details class="why"><summary>Why this answer</summary>{"".join(parts)}</details>'


def chart(candidates: Iterable[Mapping[str, Any]]) -> str:
    """The best candidates, each with its score as a bar of its parts, and the parts' names and colours."""
    shown = [each for each in candidates if isinstance(each.get("parts"), Mapping)][:CANDIDATES]
    if not shown:
        return ""
    names = list(dict.fromkeys(name for each in shown for name in each["parts"]))
    widest = max(sum(_positive(each["parts"]).values()) for each in shown) or 1.0
    rows = "".join(f"<tr><th scope=row>{_name(each)}</th><td>{_bar(each, names, widest)}</td>"
                   f"<td class=number>{_number(each.get('score'))}</td></tr>" for each in shown)  # fmt: skip
    legend = "".join(
        f'<li><span class="part p{at % 8}"></span>{escaped(name)}</li>' for at, name in enumerate(names)
    )
    table = f'<table class="bars"><caption>What was considered</caption>{rows}</table>'
    return f'{table}<ul class="legend">{legend}</ul>'


def _reading(answer: Answer) -> str:
    if answer.reading is None:
        return ""
    facts = [(name, value) for name, value in answer.reading.to_json().items() if name != "weight"]
    lines = "".join(
        f"<dt>{escaped(_words(name))}</dt><dd>{escaped(_value(value))}</dd>" for name, value in facts
    )
    return f"<p>Read as:</p><dl>{lines}</dl>"


def _value(value: Any) -> str:
    """A part of a reading in plain words: {"name": "matrix", "ordinal": 1} is "name matrix, ordinal 1"."""
    if isinstance(value, Mapping):
        return ", ".join(f"{_words(name)} {_value(part)}" for name, part in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_value(part) for part in value)
    return _words(str(value))


def _words(name: str) -> str:
    return name.replace("_", " ")


def _name(candidate: Mapping[str, Any]) -> str:
    return escaped(", ".join(str(candidate[key]) for key in _NAMED if candidate.get(key) is not None))


def _positive(parts: Mapping[str, Any]) -> dict[str, float]:
    return {
        name: float(value) for name, value in parts.items() if isinstance(value, int | float) and value > 0
    }


def _bar(candidate: Mapping[str, Any], names: list[str], widest: float) -> str:
    at, drawn = 0.0, ""
    for name, value in _positive(candidate["parts"]).items():
        width = _WIDTH * value / widest
        drawn += (
            f'<rect class="part p{names.index(name) % 8}" x="{at:.1f}" width="{width:.1f}" height="12">'
            f"<title>{escaped(name)} {value:.2f}</title></rect>"
        )
        at += width
    said = ", ".join(f"{name} {_number(value)}" for name, value in candidate["parts"].items())
    frame = f'viewBox="0 0 {_WIDTH:.0f} 12" preserveAspectRatio="none" role="img"'
    return f'<svg {frame} aria-label="{escaped(said)}">{drawn}</svg>'


def _number(value: Any) -> str:
    return f"{value:.1f}" if isinstance(value, int | float) else ""
