"""The one engine behind every face: a question and its history in, an Answer out."""

from __future__ import annotations

import dataclasses
import re
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant import answering, conversation
from assistant.answer import Answer, Status
from assistant.conversation import Turn
from assistant.reading.reader import MAX_QUESTION, read, topic_of
from assistant.reading.reading import Reading
from assistant.reading.words import read_words
from assistant.resolving.context import Context
from assistant.resolving.finding import Finding
from assistant.resolving.resolver import Tools, resolve, withheld
from indexer.errors import InputError

if TYPE_CHECKING:
    from indexer.index import Index
    from indexer.predictors.similar import ScoredTitle

_CACHED = 512
_TRUSTED = 0.55  # a reading of an off-topic question must be this well supported to be answered
_LONG_REPLY = 400  # characters: a reply this long is prose in which names would be guesses
_NAMES = re.compile(r"\b[A-Z][\w'’.-]+(?: (?:[A-Z][\w'’.-]+|de|van|von|of|the|and))+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd\ud800-\udfff]")


@dataclasses.dataclass(frozen=True)
class _Outcome:
    answer: Answer
    context: Context


class Assistant:
    """Answers questions from one index.

    Safe to use from several threads; ``open`` is cheap, the first answer warms it up.
    """

    def __init__(self, index: Index) -> None:
        self.index = index
        self._asking: Counter[int] = Counter()  # questions under way, by the index they began with
        self._cache: OrderedDict[tuple[str, ...], _Outcome] = OrderedDict()
        self._lock = threading.Lock()

    @classmethod
    def open(cls, index: Path | None = None) -> Assistant:
        """The assistant over the index at a path, by default the user's.

        Raises IndexMissing or FormatMismatch.
        """
        from indexer.index import Index

        return cls(Index.open(index))

    def close(self) -> None:
        """Let go of the index."""
        self.index.close()

    def answer(
        self, question: str, history: Sequence[Mapping[str, Any] | Turn] = (), *, explain: bool = False
    ) -> Answer:
        """The answer to ``question`` within ``history`` (earlier turns, oldest first).

        Raises InputError where the question is empty, too long, or not text.
        """
        started = time.perf_counter()
        text = checked(question)
        turns = conversation.read_history(history)
        with self._held():
            return self._outcome(text, self._context(turns), started, explain).answer

    @contextmanager
    def _held(self) -> Iterator[None]:
        """Moves to a newer build if one serves; the old one is closed when its last question is answered."""
        with self._lock:
            self._move_on()
            index = self.index
            self._asking[id(index)] += 1
        try:
            yield
        finally:
            with self._lock:
                self._asking[id(index)] -= 1
                if index is not self.index and not self._asking[id(index)]:
                    index.close()

    def _move_on(self) -> None:
        newer = self.index.successor()
        if newer is None:
            return
        old, self.index = self.index, newer
        self._cache.clear()
        if not self._asking[id(old)]:
            old.close()

    def similar_to_title(self, title_id: int, k: int = 10) -> Sequence[ScoredTitle]:
        """Titles near a title; [] where the build has no vectors of it."""
        return self.index.similar.to_title(title_id, k) if self.index.similar is not None else []

    def similar_to_text(self, plot: str, k: int = 10) -> Sequence[ScoredTitle]:
        """Titles whose overview is near a plot; [] where the build has no overview vectors."""
        return self.index.similar.to_text(checked(plot), k) if self.index.similar is not None else []

    def _context(self, turns: Sequence[Turn]) -> Context:
        """What the conversation is about: earlier questions are answered again, or taken from the cache."""
        context = Context()
        asked: tuple[str, ...] = ()
        for place, turn in enumerate(turns):
            asked = (*asked, turn.content)
            if turn.role != "user" or not _readable(turn.content):
                continue
            reply = (
                turns[place + 1].content
                if place + 1 < len(turns) and turns[place + 1].role == "assistant"
                else ""
            )
            context = self._remembered(asked, turn.content, reply, context)
        return context

    def _remembered(self, key: tuple[str, ...], question: str, reply: str, context: Context) -> Context:
        key = (*key, reply)
        with self._lock:
            held = self._cache.get(key)
        if held is None:
            held = self._outcome(checked(question), context, time.perf_counter(), explain=False)
            if reply:
                held = dataclasses.replace(held, context=self._corrected(held, reply))
            with self._lock:
                self._cache[key] = held
                while len(self._cache) > _CACHED:
                    self._cache.popitem(last=False)
        return held.context

    def _corrected(self, outcome: _Outcome, reply: str) -> Context:
        """The context by what was really replied, where that differs from what this engine would say."""
        evidence = outcome.answer.evidence
        told = [
            record for record in evidence if _named_in(record.person, reply) or _named_in(record.title, reply)
        ]
        if told:
            best = [record for record in told if _named_in(record.person, reply)] or told
            titles = [record.title_id for record in best if record.title_id is not None]
            people = [record.person_id for record in best if record.person_id is not None]
            return conversation.next_context(
                outcome.context, None, titles, people, listed=len(set(titles)) > 1
            )
        if not evidence and outcome.answer.status is not Status.ANSWERED and len(reply) > _LONG_REPLY:
            return outcome.context
        found = {kind: self._exact_names(kind, reply) for kind in ("title", "person")}
        return conversation.next_context(outcome.context, None, found["title"], found["person"], listed=False)

    def _exact_names(self, kind: str, reply: str) -> list[int]:
        """Ids of titles or people whose whole name stands in a reply in capitals (at most three)."""
        names = _NAMES.findall(reply) or [reply[:60]]
        matches = [match for name in names[:3] for match in self.index.names[kind].search(name, 1)]
        return [match.id for match in matches if match.relation in ("exact", "same")]

    def _outcome(self, question: str, context: Context, started: float, explain: bool) -> _Outcome:
        read_from = time.perf_counter()
        readings = conversation.follow_up(question, read(question), context)
        topic = topic_of(question)
        resolve_from = time.perf_counter()
        finding = self._finding(readings, topic, context)
        answer_from = time.perf_counter()
        answer = answering.answer_of(finding) if finding is not None else answering.unsupported(topic)
        done = time.perf_counter()
        stages = _stages(read_from, resolve_from, answer_from, done)
        answer = dataclasses.replace(answer, latency_ms=1000 * (done - started), stages=stages)
        if explain:
            answer = dataclasses.replace(answer, explanation=_explanation(finding, readings))
        return _Outcome(answer, _after(context, finding))

    def _finding(self, readings: Sequence[Reading], topic: str | None, context: Context) -> Finding | None:
        tools = Tools(self.index, context)
        finding = resolve(readings, tools)
        if finding is None:
            return None
        if topic is not None and (
            not finding.found or finding.confidence * finding.reading.weight < _TRUSTED
        ):
            return None
        return withheld(finding)


def _named_in(name: str | None, reply: str) -> bool:
    return name is not None and name.casefold() in reply.casefold()


def _readable(text: str) -> bool:
    """Whether an earlier turn can be read; one that cannot is passed over."""
    try:
        return bool(read_words(checked(text)).words)
    except InputError:
        return False


def checked(question: object) -> str:
    """The question as one clean text. Raises InputError where it is empty, too long, or not text."""
    if not isinstance(question, str):
        raise InputError(f"a question is text, not {type(question).__name__}")
    if len(question) > MAX_QUESTION:
        raise InputError(
            f"the question has {len(question):,} characters: "
            f"at most {MAX_QUESTION:,} are read; ask it shorter"
        )
    text = _CONTROL.sub(" ", question)
    if len(_CONTROL.findall(question)) > 0.1 * len(question) + 2:
        raise InputError("the question is not text: it holds control characters; type it as words")
    if not text.strip():
        raise InputError("the question is empty: ask for instance 'who directed Alien'")
    return text


def _stages(read_from: float, resolve_from: float, answer_from: float, done: float) -> dict[str, float]:
    return {
        "read_ms": 1000 * (resolve_from - read_from),
        "resolve_ms": 1000 * (answer_from - resolve_from),
        "answer_ms": 1000 * (done - answer_from),
    }


def _explanation(finding: Finding | None, readings: Sequence[Reading]) -> dict[str, Any]:
    return {
        "readings": [reading.to_json() for reading in readings],
        "rule": finding.rule if finding else "no wording fits the question",
        "candidates": list(finding.candidates) if finding else [],
    }


def _after(context: Context, finding: Finding | None) -> Context:
    if finding is None:
        return context
    titles = [record.title.id for record in finding.records if record.title]
    people = [record.person.id for record in finding.records if record.person]
    listed = len(set(titles)) > 1
    return conversation.next_context(
        context, finding.reading if finding.found else None, titles, people, listed
    )
