"""An Answer's proof as HTML: its standing, and its records as a table. What comes from data is escaped."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence

from assistant.answer import Answer, Evidence, Status
from assistant.chat.tables import as_csv, grouped, is_filmography
from indexer.ids import format_person_id, format_title_id, is_reserved_person

SHOWN = 8  # records shown at once; the rest unfolds
SURE, FAIRLY_SURE = 0.9, 0.7
_STANDING = {
    Status.AMBIGUOUS: "More than one fits",
    Status.UNKNOWN: "Not in the data",
    Status.UNSUPPORTED: "Outside what this data holds",
}
_TAG = re.compile(r"<(?=[a-zA-Z/!?])")
_ENTITY = re.compile(r"&#?\w+;?", re.ASCII)
# Entities beyond HTML's own: Gradio's templates give a meaning to these.
_TEMPLATE = str.maketrans({"$": "&#36;", "{": "&#123;", "}": "&#125;", "`": "&#96;", "\\": "&#92;"})


def escaped(text: str) -> str:
    """Text as HTML that shows it and does nothing else."""
    return html.escape(text, quote=True).translate(_TEMPLATE)


def literal(text: str) -> str:
    """Text for a place that shows tags and entities but no Markdown: only what would become one is escaped.

    The page's copy buttons take this form, so "Fast & Furious" and "1 < 2" stay as they are.
    """
    return _TAG.sub("&lt;", _ENTITY.sub(_shown_entity, text))


def _shown_entity(found: re.Match[str]) -> str:
    whole = found[0]
    return whole if html.unescape(whole) == whole else f"&amp;{whole[1:]}"


def proof(answer: Answer) -> str:
    """What stands under an answer: how sure it is, and its records. Always one element."""
    table = _table(answer.evidence) if answer.evidence else ""
    return f'<div class="proof">{_standing(answer)}{table}</div>'


def read_only(answer: Answer) -> str:
    """The same for a page without scripts, where answers stand right under h2: no buttons."""
    table = _table(answer.evidence, heading="h3") if answer.evidence else ""
    return f'<div class="proof"><p class="standing">{"".join(_facts(answer))}</p>{table}</div>'


def records(rows: Sequence[Evidence], about: str) -> str:
    """Records of one title or person as a table without its column, folded where many; nothing for none."""
    if not rows:
        return ""
    facts = f"<span>{_counted(len(rows))}</span>{_download(rows)}"
    return f'<div class="proof"><p class="standing">{facts}</p>{_table(rows, about)}</div>'


def sureness(confidence: float) -> str:
    """Confidence (0-1) in plain words."""
    if confidence >= SURE:
        return "Sure"
    return "Fairly sure" if confidence >= FAIRLY_SURE else "Not sure: please check the records"


def _standing(answer: Answer) -> str:
    return (
        f'<p class="standing">{"".join(_facts(answer))}{_copy(answer.text)}{_download(answer.evidence)}</p>'
    )


def _facts(answer: Answer) -> list[str]:
    words = _STANDING.get(answer.status) or sureness(answer.confidence)
    facts = [f'<span class="mark {answer.status.value} {_level(answer)}">{escaped(words)}</span>']
    if answer.evidence:
        facts.append(f"<span>{_counted(len(answer.evidence))}</span>")
    if answer.latency_ms:
        facts.append(f"<span>{answer.latency_ms:.0f} ms</span>")
    return facts


def _download(records: Sequence[Evidence]) -> str:
    """What page.js makes a button that saves the records; nothing for a single one."""
    if len(records) < 2:
        return ""
    return f'<button type="button" class="copy" data-csv="{escaped(as_csv(records))}">CSV</button>'


def _copy(text: str) -> str:
    """What page.js makes a button that copies the answer's very words."""
    return f'<button type="button" class="copy" data-copy="{escaped(text)}">Copy</button>'


def _level(answer: Answer) -> str:
    if answer.status is not Status.ANSWERED:
        return "open"
    return "high" if answer.confidence >= SURE else "middle" if answer.confidence >= FAIRLY_SURE else "low"


def _counted(records: int) -> str:
    return "1 record of the catalogue" if records == 1 else f"{records} records of the catalogue"


def _table(records: Sequence[Evidence], about: str = "", heading: str = "h4") -> str:
    columns = [
        (name, cell) for name, cell in _COLUMNS if name != about and any(cell(record) for record in records)
    ]
    shown = _rows(columns, records[:SHOWN])
    rest = records[SHOWN:]
    if not rest:
        return shown
    if is_filmography(records):
        groups = (
            f"<{heading}>{escaped(name)}</{heading}>{_rows(columns, found)}"
            for name, found in grouped(records)
        )
        more = f"<summary>All {len(records)}, by role and decade</summary>{''.join(groups)}"
    else:
        more = f"<summary>{len(rest)} more</summary>{_rows(columns, rest)}"
    return f"{shown}<details>{more}</details>"


def _rows(columns: Sequence[tuple[str, Callable[[Evidence], str]]], records: Sequence[Evidence]) -> str:
    head = "".join(f'<th scope="col">{name}</th>' for name, _ in columns)
    body = "".join(
        "<tr>" + "".join(f'<td data-label="{name}">{cell(record)}</td>' for name, cell in columns) + "</tr>"
        for record in records
    )
    return f'<div class="records"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def title_link(name: str, title_id: int | None) -> str:
    """A title's name, linked to its IMDb page where its id is known."""
    return _linked(name, None if title_id is None else f"title/{format_title_id(title_id)}")


def person_link(name: str, person_id: int | None) -> str:
    """A person's name, linked to their IMDb page unless the id is unknown or a reserved one."""
    known = person_id is not None and not is_reserved_person(person_id)
    return _linked(name, f"name/{format_person_id(person_id)}" if known and person_id is not None else None)


def _title(record: Evidence) -> str:
    if record.title is None:
        return ""
    year = "" if record.year is None else f' <span class="year">{record.year}</span>'
    return title_link(record.title, record.title_id) + year


def _person(record: Evidence) -> str:
    if record.person is None:
        return ""
    return person_link(record.person, record.person_id)


def _category(record: Evidence) -> str:
    return escaped((record.job or record.category or "").replace("_", " "))


def _characters(record: Evidence) -> str:
    return escaped(" / ".join(record.characters))


_COLUMNS: tuple[tuple[str, Callable[[Evidence], str]], ...] = (
    ("Title", _title),
    ("Person", _person),
    ("Credit", _category),
    ("Character", _characters),
)


def _linked(text: str, page: str | None) -> str:
    """A link to IMDb's page; the text alone where IMDb has none (``page`` None)."""
    if page is None:
        return escaped(text)
    address = f"https://www.imdb.com/{page}/"
    return f'<a href="{address}" target="_blank" rel="noopener noreferrer">{escaped(text)}</a>'
