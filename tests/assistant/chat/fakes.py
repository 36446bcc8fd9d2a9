"""A small assistant whose answers can be computed by hand."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

from assistant.answer import Answer, Choice, Evidence, Item, Status
from assistant.chat.cards import Card, TitleCard
from assistant.reading.reading import Ask, Reading, TitleRef
from indexer.catalog.records import Title
from indexer.errors import InputError
from indexer.ids import PersonId, TitleId

MATRIX, PSYCHO = TitleId(133093), TitleId(54215)
ORACLE = Evidence(
    MATRIX, "The Matrix", 1999, PersonId(287825), "Gloria Foster", "actress", characters=("Oracle",)
)
DIRECTORS = tuple(
    Evidence(MATRIX, "The Matrix", 1999, PersonId(at), name, "director")
    for at, name in ((905154, "Lana Wachowski"), (905152, "Lilly Wachowski"))
)
HOSTILE = Evidence(
    TitleId(9999999),
    "<script>window.hit=1</script> *$x^2$* [a](javascript:hit) ${window.hit=2} <img src=x onerror=hit()>",
    2001,
    PersonId(90_000_001),
    "</td><b>Nobody</b>",
    "self",
    characters=("{{hit}} & Co.",),
)


class ScriptedShelf:
    """Cards of The Matrix and of a hostile title; what to ask after an answer about either."""

    def suggestions(self, answer: Answer) -> list[Choice]:
        if ORACLE in answer.evidence:
            return [Choice("Who directed it?", "and who directed it?"), Choice("More", "many")]
        return [Choice(HOSTILE.title or "", "hostile")] if HOSTILE in answer.evidence else []

    def cards(self, answer: Answer) -> list[Card]:
        told = {record.title_id: record for record in answer.evidence}
        hostile = HOSTILE.title or ""
        known: dict[TitleId | None, Card] = {
            MATRIX: TitleCard(Title(MATRIX, "The Matrix", "movie", year=1999, runtime=136), "x " * 200),
            HOSTILE.title_id: TitleCard(Title(TitleId(9999999), hostile, "movie"), hostile, (hostile,)),
        }
        return [known[each] for each in told if each in known]


class ScriptedAssistant:
    """Answers a few questions from a script, any other by counting; keeps what it was asked.

    "wait" is answered once somebody asks "release".
    """

    def __init__(self) -> None:
        self.heard: list[tuple[str, tuple[tuple[str, str], ...]]] = []
        self._released = threading.Event()

    def answer(
        self, question: str, history: Sequence[Mapping[str, str]] = (), *, explain: bool = False
    ) -> Answer:
        before = tuple((turn["role"], turn["content"]) for turn in history)
        self.heard.append((question, before))
        if question == "wait":
            self._released = released = threading.Event()
            released.wait(30)
        if question == "release":
            self._released.set()
        if question == "fail":
            raise RuntimeError("a secret cause")
        if question == "refuse":
            raise InputError("Please ask about <films>.")
        return _SCRIPT.get(_key(question, before)) or _counted(question, before)


def _key(question: str, before: Sequence[tuple[str, str]]) -> str:
    """ "it" is The Matrix where that was the last answer."""
    spoken = bool(before) and "The Matrix" in before[-1][1]
    return question.lower().rstrip("?").replace(" it", " the matrix" if spoken else " it")


def _counted(question: str, before: Sequence[tuple[str, str]]) -> Answer:
    return Answer(Status.UNKNOWN, f"{len(before)} turns, then {question}")


_SCRIPT = {
    "who played the oracle in the first matrix": Answer(
        Status.ANSWERED,
        "Gloria Foster played the Oracle in The Matrix (1999).",
        (Item("Gloria Foster", "person", "nm0287825", 0.97),),
        (ORACLE,),
        reading=Reading(Ask.PLAYED_BY, TitleRef("matrix", ordinal=1), character="Oracle"),
        confidence=0.95,
        latency_ms=31,
        explanation={
            "rule": "character and title",
            "candidates": [
                {"title": "The Matrix", "year": 1999, "score": 8.5, "parts": {"name": 6.0, "votes": 2.5}},
                {"title": "<i>x</i>", "score": 4.0, "parts": {"name": 5.0, "<b>": -1.0}},
            ],
        },
    ),
    "and who directed the matrix": Answer(
        Status.ANSWERED,
        "Lana Wachowski and Lilly Wachowski directed The Matrix (1999).",
        evidence=DIRECTORS,
        confidence=0.8,
    ),
    "who directed psycho": Answer(
        Status.AMBIGUOUS,
        "There are two films called Psycho.",
        evidence=(Evidence(PSYCHO, "Psycho", 1960),),
        choices=(
            Choice("Psycho (1960)", "who directed psycho (1960)", "tt0054215"),
            Choice("<b>Psycho</b> (1998)", "who directed psycho (1998)", "tt0155975"),
        ),
        confidence=0.5,
    ),
    "hostile": Answer(
        Status.ANSWERED, f"It is {HOSTILE.title} with $5 and $6.", evidence=(HOSTILE,), confidence=1.0
    ),
    "her films": Answer(
        Status.ANSWERED,
        "Gloria Foster: 20 titles.",
        evidence=tuple(
            Evidence(
                TitleId(at),
                "=1+1" if at == 1 else f"Film {at}",
                1979 + at,
                PersonId(287825),
                "Gloria Foster",
                "director" if at > 15 else "actress",
            )
            for at in range(1, 21)
        ),
        confidence=1.0,
    ),
    "many": Answer(
        Status.ANSWERED,
        " ".join(f"word{at}" for at in range(200)),
        evidence=tuple(Evidence(TitleId(at), f"Film {at}", 1900 + at) for at in range(1, 31)),
        confidence=1.0,
    ),
}
