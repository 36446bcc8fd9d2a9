"""A Finding and the chance that it is right -> what is done with it: said, asked back or kept."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from assistant.answer import Choice, Status
from assistant.confidence.signals import Signals, group_of, signals_of
from assistant.reading.reading import Ask, Reading, TitleRef
from assistant.resolving.finding import Finding, Record, unknown

if TYPE_CHECKING:
    from assistant.resolving.resolver import Tools


class Judge(Protocol):
    """Whatever estimates the chance that a finding is right."""

    def chance(self, signals: Signals, question: str) -> float:
        """0-1. ``question`` only says which model to ask where several were cross-fitted."""
        ...


class Trusting:
    """A judge that lets every finding pass: to collect what a model learns from."""

    def chance(self, signals: Signals, question: str) -> float:  # noqa: ARG002 - as a Judge
        """Always 1."""
        return 1.0


@dataclass(frozen=True)
class Policy:
    """From which chance on a finding is said.

    A right answer is worth 1, a wrong one costs ``cost``, none costs nothing: so what is likelier than
    cost / (1 + cost) is said. ``ask``: from here on, versions that may be meant are offered to choose from.
    ``suggest``: from here on, films of about a plot and similar films are shown, which claim nothing.
    """

    cost: float = 0.6
    ask: float = 0.2
    suggest: float = 0.3

    @property
    def say(self) -> float:
        """The chance at which saying it and keeping silent are worth the same."""
        return self.cost / (1.0 + self.cost)


POLICY = Policy()
_DOUBTFUL = 0.55  # an answer less likely than this is said with care
_SUGGESTED = frozenset({"plot", "similar"})
_OFFERED = 5  # titles of about a name
_KEPT = "Nothing that I know fits that well enough."


def judged(
    finding: Finding, question: str, readings: Sequence[Reading], tools: Tools, judge: Judge
) -> Finding:
    """The finding with the chance as its confidence; "unknown" or a choice where that is too low."""
    if not finding.found or finding.guess:  # a guess brings its own chance
        return finding
    signals = signals_of(finding, question, readings, tools)
    chance = judge.chance(signals, question)
    if signals.year_fits < 0:  # "Casino of 1985": no weight makes a title of another year the one meant
        chance = min(chance, finding.confidence)
    finding = dataclasses.replace(finding, confidence=chance, signals=signals.to_json())
    return decided(finding, signals.group, POLICY)


def is_doubtful(finding: Finding) -> bool:
    """Whether an answer is to be said with care; suggestions claim nothing and need none."""
    if finding.status is not Status.ANSWERED:
        return True
    if finding.guess:  # its text calls it one
        return False
    return finding.confidence < _DOUBTFUL and group_of(finding.reading) not in _SUGGESTED


def decided(finding: Finding, group: str, policy: Policy) -> Finding:
    """What is done with a finding of one of GROUPS by its confidence."""
    if finding.confidence >= (policy.suggest if group in _SUGGESTED else policy.say):
        return finding
    choices = finding.choices or _versions(finding)
    if finding.confidence >= policy.ask and len(choices) > (0 if _is_name(finding) else 1):
        return dataclasses.replace(finding, status=Status.AMBIGUOUS, choices=choices)
    kept = unknown(finding.reading, _KEPT, finding.confidence, "too uncertain")
    return dataclasses.replace(kept, candidates=finding.candidates, signals=finding.signals)


def _is_name(finding: Finding) -> bool:
    """Whether nothing but a title's name was said: to offer one of about that name claims nothing."""
    title = finding.reading.title
    named = title is not None and TitleRef(name=title.name, full=title.full) == title
    return finding.reading.ask is Ask.TITLE and finding.reading.order is None and named


def _versions(finding: Finding) -> tuple[Choice, ...]:
    """What else may be meant: the same role in other titles of the name, titles of about a name; else ()."""
    if _is_name(finding):
        titles = [record.title.dated for record in finding.records if record.title]
        return tuple(Choice(title, title) for title in dict.fromkeys(titles))[:_OFFERED]
    if finding.reading.ask is not Ask.PLAYED_BY:
        return ()
    records = [record for record in (*finding.records[:1], *finding.others) if record.title and record.person]
    return tuple(_choice(finding.reading, record) for record in records)


def _choice(reading: Reading, record: Record) -> Choice:
    assert record.title is not None and record.person is not None  # noqa: S101 - the caller chose such
    title = record.title.dated
    return Choice(f"{title}: {record.person.name}", f"who played {reading.character} in {title}")
