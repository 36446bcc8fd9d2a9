"""The tables of question sets: what section 3 of the bars asks for, every set, calibration, near wordings."""

from __future__ import annotations

import dataclasses
import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.confidence import reliability
from evals import questions
from evals.questions import CRASHED, SetResult
from evals.scoring import date_parts, plain
from evals.stats import Share, quantile, share
from evals.tables import NO_BAR, Bar, Line, Table, columns

if TYPE_CHECKING:
    from evals.leaks import Near
    from evals.sets import Item

_HOPS = (Bar(94, 97), Bar(96, 99), Bar(93, 99))
_APART = ("yesno", "comparative")  # kinds that a constant answer gets half right


# ---------------------------------------------------------------------------------------------- section 3


def section_lines(
    found: Mapping[str, SetResult], whole: Mapping[str, SetResult], hops: Sequence[SetResult]
) -> list[Line]:
    """One line for each bar on questions, beside it the figure over the ``whole`` sets where that is another.

    Sets that were not asked have no line.
    """
    pairs = zip(_section_lines(found, hops), _section_lines(whole, hops), strict=True)
    return [_beside(line, other) for line, other in pairs]


def _beside(line: Line, other: Line) -> Line:
    if not isinstance(line.measured, Share) or not isinstance(other.measured, Share):
        return line
    if line.measured.n == other.measured.n:
        return line
    said = f"{other.measured.percent:.1f} of {other.measured.n} with what was left out"
    return dataclasses.replace(line, note="; ".join(part for part in (line.note, said) if part))


def _section_lines(found: Mapping[str, SetResult], hops: Sequence[SetResult]) -> list[Line]:
    lines = [
        *_nq_lines(found[questions.NQ]),
        *_efficient_lines(found[questions.EFFICIENT]),
        *_moviesf_lines(found[questions.MOVIESF]),
    ]
    if questions.MINTAKA in found:
        lines += _mintaka_lines(found[questions.MINTAKA])
    lines += _conversation_lines(found)
    lines += [
        Line(f"metaqa {hop} hop: hits@1", result.first(result.everything), bar=bar, note="templates")
        for hop, (result, bar) in enumerate(zip(hops, _HOPS, strict=True), 1)
    ] if hops else []  # fmt: skip
    fresh, rename = found[questions.FRESH], found[questions.RENAME]
    refused = found[questions.UNANSWERABLE]
    note = f"of {sum(rename.answerable)} titles in the catalogue; answers, then choices"
    return [
        *lines,
        Line("fresh_dev: right", fresh.right(fresh.everything), bar=Bar(90, 98.3),
             baseline=fresh.best_baseline(fresh.everything), note="must 54, goal 59 of 60"),
        Line("imdb_rename: mean reciprocal rank", reciprocal(rename), "", Bar(0.85, 0.95), note=note),
        Line("unanswerable: declined or corrected", refused.right(refused.everything), bar=Bar(90, 97)),
        _ece_line([found[questions.NQ], found[questions.EFFICIENT]]),
        *latency(list(found.values()), Bar(30, 15, least=False), Bar(120, 60, least=False)),
    ]  # fmt: skip


def _nq_lines(nq: SetResult) -> list[Line]:
    held, best = nq.answerable, nq.best_baseline(nq.answerable)
    named = _both(held, nq.where(character_matches=True))
    return [
        Line("nq_roles answerable: right", nq.right(held), bar=Bar(74, 80), baseline=best),
        Line("nq_roles answerable: precision when answered", nq.precision(held), bar=Bar(87, 92),
             baseline=nq.best_baseline_precision(held)),
        Line("nq_roles not answerable: wrong", nq.wrong(_not(held)), bar=Bar(15, 8, least=False)),
        Line("nq_roles, a character string names the role: right", nq.right(named), bar=Bar(94, 97),
             baseline=nq.best_baseline(named)),
    ]  # fmt: skip


def _efficient_lines(result: SetResult) -> list[Line]:
    held = result.answerable
    best = result.best_baseline(held)
    return [
        Line("efficientqa_roles answerable: right", result.right(held), bar=Bar(68, 78), baseline=best),
        Line("efficientqa_roles answerable: precision when answered", result.precision(held)),
    ]


def _moviesf_lines(result: SetResult) -> list[Line]:
    held = result.answerable
    sources = dict.fromkeys(row.item["meta"].get("source") for row in result.asked)
    return [
        Line("moviesf answerable: right, strict", result.right(held), bar=Bar(74, 80)),
        Line("moviesf answerable: any answer a gold", result.held(held), bar=Bar(88, 93)),
        *(
            Line(f"  {source}: right, strict", result.right(_both(held, result.where(source=source))))
            for source in sources
        ),
    ]


def _mintaka_lines(result: SetResult) -> list[Line]:
    rest = _both(result.answerable, _not(result.of_kind(*_APART)))
    lasting = _both(rest, [not (_is_day(row.item) or _is_age(row.item)) for row in result.asked])
    apart = [(kind, _both(result.answerable, result.of_kind(kind))) for kind in _APART]
    return [
        Line("mintaka answerable, no yes/no, no comparing: right", result.right(rest), bar=Bar(45, 58)),
        Line("mintaka answerable, the same: precision", result.precision(rest), bar=Bar(72, 80)),
        Line("  without golds of a day, which a catalogue of years lacks, and ages of then: right",
             result.right(lasting)),
        Line("  the same: precision", result.precision(lasting)),
        *(
            Line(f"mintaka answerable, {kind}: right", result.right(kept), baseline=majority(result, kept),
                 note="baseline: the majority answer")
            for kind, kept in apart
        ),
    ]  # fmt: skip


def _is_day(item: Item) -> bool:
    """Whether the gold is a date to the day."""
    return bool(item["answers"]) and date_parts(str(item["answers"][0][0]))[2] is not None


def _is_age(item: Item) -> bool:
    """Whether it asks how old somebody is now: the gold is as old as the set."""
    return re.match(r"how old (?:is|are)\b", item["question"], re.IGNORECASE) is not None


def majority(result: SetResult, kept: Sequence[bool]) -> float:
    """Per cent of the items kept whose gold is the most frequent one; 0 for no items."""
    rows = [row for row, keep in zip(result.asked, kept, strict=True) if keep and row.item["answers"]]
    golds = Counter(" ".join(plain(str(row.item["answers"][0][0]))) for row in rows)
    return 100 * max(golds.values(), default=0) / max(len(rows), 1)


def _conversation_lines(found: Mapping[str, SetResult]) -> list[Line]:
    names = {questions.CONV_GOLD: ("gold", Bar(50, 70)), questions.CONV_ASKED: ("asked", NO_BAR)}
    return [
        Line(f"convquestions answerable, {history} history: right", found[name].right(found[name].answerable),
             bar=bar, note="one of each distinct turn")
        for name, (history, bar) in names.items()
        if name in found
    ]  # fmt: skip


def _ece_line(results: Sequence[SetResult]) -> Line:
    chances, right = _said(results)
    note = f"{len(chances)} answers of the role sets, 10 groups of equal size"
    return Line(
        "calibration: ECE", reliability.ece(chances, right), "", Bar(0.08, 0.04, least=False), note=note
    )


def _said(results: Sequence[SetResult]) -> tuple[list[float], list[bool]]:
    """The confidence of everything that was answered, and whether it was right."""
    rows = [row for result in results for row in result.asked if row.verdict.outcome != "declined"]
    rows = [row for row in rows if row.reply.get("status") == "answered"]
    told = [float(row.reply.get("confidence") or 0.0) for row in rows]
    return told, [row.verdict.outcome == "right" for row in rows]


def calibration_table(results: Sequence[SetResult]) -> Table:
    """What confidence is worth: groups of answers by it, the least sure first."""
    chances, right = _said(results)
    found = reliability.table(chances, right)
    lines = [_ece_line(results), Line("Brier score", reliability.brier(chances, right), "")]
    rows = [{"answers": held.count, "chance": held.chance, "right": held.right} for held in found]
    return Table("questions: calibration", lines, reliability.to_text(found), {"reliability": rows})


def latency(results: Sequence[SetResult], half: Bar = NO_BAR, most: Bar = NO_BAR) -> list[Line]:
    """How long an answer takes, warm, of the clock; the processor's time beside it."""
    rows = [row for result in results for row in result.asked]
    times, worked = [row.ms for row in rows], [row.cpu_ms for row in rows]
    spent = f"processor {quantile(worked, 0.5):.1f} ms", f"processor {quantile(worked, 0.95):.1f} ms"
    note = f"warm, {len(rows)} questions"
    return [
        Line("answer path p50", round(quantile(times, 0.5), 1), "ms", half, note=f"{note}, {spent[0]}"),
        Line("answer path p95", round(quantile(times, 0.95), 1), "ms", most, note=f"{note}, {spent[1]}"),
    ]


def memory_line() -> Line:
    """What the process holds at this moment, its own evaluation included."""
    return Line("memory of the process", round(_resident() / 1e9, 2), "GB", Bar(3, 1.5, least=False))


def _resident() -> float:
    """Bytes; where the system does not tell, the most the process ever held."""
    statm = Path("/proc/self/statm")
    if statm.is_file():
        import os

        return float(statm.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(peak if sys.platform == "darwin" else 1024 * peak)


# ---------------------------------------------------------------------------------------------- every set


def all_lines(results: Sequence[SetResult]) -> list[Line]:
    """Right, precise and wrong of each set: all items, answerable ones, the rest; baselines."""
    return [line for result in results for line in _set_lines(result)]


def _set_lines(result: SetResult) -> list[Line]:
    everything, held = result.everything, result.answerable
    lines = _outcomes(result, everything, "all", f"{result.name}: ")
    if not all(held) and any(held):
        lines += _outcomes(result, held, "answerable")
    if not all(held):
        lines.append(Line("  wrong, not answerable", result.wrong(_not(held))))
    lines += [
        Line(f"  baseline {name}: right, answerable", result.baseline_right(name, held))
        for name in result.baselines
    ]
    crashed = sum(row.reply.get("status") == CRASHED for row in result.asked)
    return [*lines, *([Line("  questions that crashed", float(crashed), "")] if crashed else [])]


def _outcomes(result: SetResult, kept: Sequence[bool], whom: str, first: str = "  ") -> list[Line]:
    lists = [row.verdict for row, keep in zip(result.asked, kept, strict=True) if keep and _is_list(row.item)]
    lines = [
        Line(f"{first}right, {whom}", result.right(kept)),
        Line(f"  precision when answered, {whom}", result.precision(kept)),
        Line(f"  wrong, {whom}", result.wrong(kept)),
        Line(f"  CRAG, {whom}", round(result.crag(kept), 3), "", note="(right - wrong) / n"),
        Line(f"  first answer a gold, {whom}", result.first(kept)),
    ]
    if lists:
        mean = sum(verdict.f1 for verdict in lists) / len(lists)
        exact = share([verdict.exact for verdict in lists])
        lines += [Line(f"  lists, {whom}: F1", round(mean, 3), "", note=f"{len(lists)} items")]
        lines += [Line(f"  lists, {whom}: exact", exact)]
    return lines


def _is_list(item: Item) -> bool:
    return item["meta"].get("match") in ("all", "some") or len(item["answers"]) > 1


def reciprocal(result: SetResult) -> float:
    """The mean of 1/rank of the gold id among the ids replied, 0 where missing; answerable items only."""
    ranks = []
    for row in filter(lambda row: row.answerable, result.asked):
        golds = {
            key for ids in row.item["meta"]["gold_ids"] for key in ([ids] if isinstance(ids, str) else ids)
        }
        said = [part.get("id") for name in ("answers", "choices") for part in row.reply.get(name, ())]
        unique = list(dict.fromkeys(said))
        ranks.append(next((1 / place for place, key in enumerate(unique, 1) if key in golds), 0.0))
    return round(sum(ranks) / len(ranks), 3) if ranks else 0.0


def kinds(results: Sequence[SetResult]) -> list[str]:
    """Counts by kind of question, and how long the stages took."""
    rows = [["by kind", "n", "right", "declined", "wrong"]]
    for result in results:
        for kind in sorted({row.item["kind"] for row in result.asked}):
            outcomes = [row.verdict.outcome for row in result.asked if row.item["kind"] == kind]
            counts = [str(outcomes.count(name)) for name in ("right", "declined", "wrong")]
            rows.append([f"{result.name} {kind}", str(len(outcomes)), *counts])
    return [*columns(rows), *_stages(results)]


def _stages(results: Sequence[SetResult]) -> list[str]:
    stages = [row.reply.get("stages") or {} for result in results for row in result.asked]
    rows = [["stage", "p50 ms", "p95 ms"]]
    for name in dict.fromkeys(key for stage in stages for key in stage):
        times = [stage[name] for stage in stages if name in stage]
        rows.append([name, f"{quantile(times, 0.5):.1f}", f"{quantile(times, 0.95):.1f}"])
    return columns(rows)


def metaqa_table(hops: Sequence[SetResult]) -> Table:
    """Each kind of MetaQA's templates: hits@1, and lists as wholes."""
    rows = [["metaqa by kind", "n", "hits@1", "exact list"]]
    for result in hops:
        for kind in sorted({row.item["kind"] for row in result.asked}):
            kept = result.of_kind(kind)
            exact = share([row.verdict.exact for row in result.asked], kept)
            rows.append([f"{result.name} {kind}", str(sum(kept)), *_percents(result.first(kept), exact)])
    lines = [
        Line(f"{result.name}: list exact", share([row.verdict.exact for row in result.asked]))
        for result in hops
    ]
    return Table("questions: metaqa, over its own catalogue", lines, "\n".join(columns(rows)))


def _percents(*shares: Share) -> list[str]:
    return [f"{one.percent:.1f}" for one in shares]


def leak_table(items: Mapping[str, Sequence[Item]], near: Mapping[str, Sequence[Near]]) -> Table:
    """Questions left out because a wording or exemplar may have been written after them."""
    lines, listed = [], []
    for name, kept in items.items():
        lines.append(Line(f"{name}: left out", float(len(near[name])), f"of {len(kept)}"))
        listed += [
            f"  {name}: {found.question!r} ~ {found.wording!r} ({found.similarity:.2f})"
            for found in near[name]
        ]
    return Table("questions: near a specific wording or exemplar", lines, "\n".join(listed))


def _both(left: Sequence[bool], right: Sequence[bool]) -> list[bool]:
    return [a and b for a, b in zip(left, right, strict=True)]


def _not(flags: Sequence[bool]) -> list[bool]:
    return [not flag for flag in flags]
