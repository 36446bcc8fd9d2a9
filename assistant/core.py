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
from typing import TYPE_CHECKING, Any, TypeVar

from assistant import answering, conversation
from assistant.answer import Answer, Status
from assistant.confidence.judging import Judge, judged
from assistant.confidence.model import shipped
from assistant.conversation import Turn
from assistant.reading.reader import MAX_QUESTION, read, topic_of
from assistant.reading.reading import Ask, Reading
from assistant.reading.words import read_words
from assistant.resolving.context import Context
from assistant.resolving.finding import Finding
from assistant.resolving.free import resolved
from assistant.resolving.resolver import Tools
from assistant.resolving.ways import ALL, Ways
from indexer.errors import InputError
from indexer.text import fold

if TYPE_CHECKING:
    from indexer.index import Index
    from indexer.predictors.similar import ScoredTitle

Key = TypeVar("Key")
Held = TypeVar("Held")
_CACHED = 4_096  # contexts: those of a hundred conversations
_JUST_ANSWERED = 256  # outcomes: what the next question of each of these conversations asks for first
_TRUSTED = 0.55  # a reading of an off-topic question must be this well supported to be answered
_USUAL = 0.8  # the weight of a wording that leaves little doubt
_NEARLY = 0.88  # how alike a title's name is that a question misspells
_LONG_REPLY = 400  # characters: a reply this long is prose in which names would be guesses
_NAMES = re.compile(r"\b[A-Z][\w'’.-]+(?: (?:[A-Z][\w'’.-]+|de|van|von|of|the|and))+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd\ud800-\udfff]")


@dataclasses.dataclass(frozen=True)
class _Outcome:
    answer: Answer
    context: Context


class Assistant:
    """Answers questions from one index, and moves on when a newer build serves.

    Safe to use from several threads; ``open`` is cheap, the first answer warms it up.
    """

    def __init__(self, index: Index, confidence: Judge | None = None, ways: Ways = ALL) -> None:
        self._judge, self._ways = confidence or shipped(), ways
        self._answerer = _Answerer(index, self._judge, ways)
        self._asking: Counter[int] = Counter()  # questions under way, by the answerer they began with
        self._lock = threading.Lock()

    @classmethod
    def open(cls, index: Path | None = None, confidence: Judge | None = None) -> Assistant:
        """The assistant over the index at a path, by default the user's.

        ``confidence``: who judges how likely a finding is right, by default the shipped model.
        Raises IndexMissing or FormatMismatch.
        """
        from indexer.index import Index

        return cls(Index.open(index), confidence)

    @property
    def index(self) -> Index:
        """The build that answers at present."""
        return self._answerer.index

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
        with self._held() as answerer:
            return answerer.answered(text, answerer.context(turns), started, explain).answer

    def similar_to_title(self, title_id: int, k: int = 10) -> Sequence[ScoredTitle]:
        """Titles near a title; [] where the build has no vectors of it."""
        with self._held() as answerer:
            similar = answerer.index.similar
            return similar.to_title(title_id, k) if similar is not None else []

    def similar_to_text(self, plot: str, k: int = 10) -> Sequence[ScoredTitle]:
        """Titles whose overview is near a plot; [] where the build has no overview vectors."""
        with self._held() as answerer:
            similar = answerer.index.similar
            return similar.to_text(checked(plot), k) if similar is not None else []

    @contextmanager
    def reading(self) -> Iterator[Index]:
        """The build that serves now, held open within the block; a newer one is moved to before it."""
        with self._held() as answerer:
            yield answerer.index

    @contextmanager
    def _held(self) -> Iterator[_Answerer]:
        """Moves to a newer build if one serves; the old one is closed when its last question is answered."""
        with self._lock:
            self._move_on()
            answerer = self._answerer
            self._asking[id(answerer)] += 1
        try:
            yield answerer
        finally:
            with self._lock:
                self._asking[id(answerer)] -= 1
                if answerer is not self._answerer and not self._asking[id(answerer)]:
                    answerer.index.close()

    def _move_on(self) -> None:
        newer = self.index.successor()
        if newer is None:
            return
        old, self._answerer = self._answerer, _Answerer(newer, self._judge, self._ways)
        if not self._asking[id(old)]:
            old.index.close()


class _Answerer:
    """Answers from one build; remembers what earlier turns came to."""

    def __init__(self, index: Index, judge: Judge, ways: Ways = ALL) -> None:
        self.index, self._judge, self._ways = index, judge, ways
        self._contexts: OrderedDict[bytes, Context] = OrderedDict()  # by conversation.digests
        self._outcomes: OrderedDict[tuple[Context, str], _Outcome] = OrderedDict()
        self._lock = threading.Lock()

    def context(self, turns: Sequence[Turn]) -> Context:
        """What the conversation is about, by all its turns.

        What it was about some questions ago is remembered, and the last few are added to that. Where nothing
        is (after a restart), its last ``MAX_TURNS`` are answered again.
        """
        digests = conversation.digests(turns)
        start, context = self._known(digests, max(0, len(turns) - conversation.MAX_TURNS))
        for at in range(start, len(turns)):
            if turns[at].role == "user":  # with its reply, which its own digest does not name
                context = self._next(context, turns[at].content, _reply(turns, at))
            else:
                with self._lock:
                    _keep(self._contexts, digests[at], context, _CACHED)
        return context

    def _known(self, digests: Sequence[bytes], earliest: int) -> tuple[int, Context]:
        """From which turn on to answer again, at the earliest, and what is known of those before it."""
        with self._lock:
            for known in range(len(digests), 0, -1):
                context = _kept(self._contexts, digests[known - 1])
                if context is not None:
                    return max(known, earliest), context
        return earliest, Context()

    def _next(self, context: Context, question: str, reply: str) -> Context:
        if not _readable(question):
            return context
        outcome = self._earlier(checked(question), context)
        held = self._corrected(outcome, question, reply, context) if reply else outcome.context
        return self._spoken_of(held, context, outcome, question, reply)

    def _earlier(self, question: str, context: Context) -> _Outcome:
        """What an earlier question came to; of the last one, that is known from when it was asked."""
        with self._lock:
            known = _kept(self._outcomes, (context, question))
        return known or self.outcome(question, context, time.perf_counter(), explain=False)

    def answered(self, question: str, context: Context, started: float, explain: bool) -> _Outcome:
        """As ``outcome``, which is kept for the question that comes after this one."""
        outcome = self.outcome(question, context, started, explain)
        with self._lock:
            _keep(self._outcomes, (context, question), outcome, _JUST_ANSWERED)
        return outcome

    def _spoken_of(
        self, held: Context, before: Context, outcome: _Outcome, question: str, reply: str
    ) -> Context:
        """With the title that an unanswered question names, and the character that the reply is."""
        if not _stands(outcome):
            named = self._exact_names("title", question, whole=False)
            if named and named[0] not in before.titles[:1]:
                held = conversation.next_context(held, None, named[:1], (), listed=False)
        return dataclasses.replace(held, character=self._character(held, outcome, reply))

    def _character(self, held: Context, outcome: _Outcome, reply: str) -> str | None:
        """The character that was just answered, in what was said or in the film that is spoken of."""
        said = [item.text for item in outcome.answer.answers if item.kind == "character"]
        if not reply or len(reply) > _LONG_REPLY:
            return said[0] if said else None
        credits = [credit for key in held.titles[:1] for credit in self.index.catalog.credits_of_title(key)]
        return conversation.character_named(reply, credits) or (said[0] if said else None)

    def _corrected(self, outcome: _Outcome, question: str, reply: str, before: Context) -> Context:
        """The context by what was really replied, where that differs from what this engine would say."""
        evidence = outcome.answer.evidence
        told = [item for item in evidence if _named_in(item.person, reply) or _named_in(item.title, reply)]
        if told:
            best = [item for item in told if _named_in(item.person, reply)] or told
            titles = [item.title_id for item in best if item.title_id is not None]
            people = [item.person_id for item in best if item.person_id is not None]
            listed = len(set(titles)) > 1
            return conversation.next_context(outcome.context, None, titles, people, listed=listed)
        if not evidence and outcome.answer.status is not Status.ANSWERED and len(reply) > _LONG_REPLY:
            return outcome.context
        agreed = any(_named_in(item.text, reply) for item in outcome.answer.answers)
        stands = agreed or _stands(outcome)
        context = outcome.context if stands else dataclasses.replace(before, choices=())
        if conversation.names_nothing(reply):
            return context
        met = self._exact_names("person", reply)
        wanted = not met and _titles_wanted(outcome, question)
        meant = self._exact_names("title", reply) if wanted else self._with_them(outcome, before, met)
        return conversation.next_context(context, None, meant, met, listed=False)

    def _with_them(self, outcome: _Outcome, before: Context, people: Sequence[int]) -> list[int]:
        """The version of the title asked about that the people replied are credited in, if any."""
        reading = outcome.answer.reading
        if not people or reading is None or reading.title is None or reading.title.context:
            return []
        hits = Tools(self.index, before, self._ways).titles(reading.title)[:10]
        held = {credit.title_id for credit in self.index.catalog.credits_of_person(people[0])}
        there: list[int] = [hit.title.id for hit in hits if hit.title.id in held]
        return there[:1]

    def _exact_names(self, kind: str, reply: str, *, whole: bool = True) -> list[int]:
        """Ids of titles or people whose whole name stands in a reply in capitals (at most three).

        ``whole``: or that are called like all of a short reply; else names a slip away count, too.
        """
        names = conversation.titles_named(reply) if not whole else _NAMES.findall(reply) or [reply[:60]]
        matches = [match for name in names[:3] for match in self.index.names[kind].search(name, 1)]
        return [
            match.id
            for match in matches
            if match.relation in ("exact", "same") or (not whole and match.similarity >= _NEARLY)
        ]

    def outcome(self, question: str, context: Context, started: float, explain: bool) -> _Outcome:
        """The answer to one question, and what the conversation is about afterwards."""
        read_from = time.perf_counter()
        readings = conversation.follow_up(question, read(question), context)
        topic = topic_of(question)
        resolve_from = time.perf_counter()
        tools = Tools(self.index, context, self._ways)
        finding = _supported(resolved(question, readings, tools), topic)
        if finding is not None:
            finding = judged(finding, question, readings, tools, self._judge)
        answer_from = time.perf_counter()
        answer = answering.answer_of(finding) if finding is not None else answering.unsupported(topic)
        done = time.perf_counter()
        stages = _stages((read_from, resolve_from, answer_from, done), tools.link_seconds)
        answer = dataclasses.replace(answer, latency_ms=1000 * (done - started), stages=stages)
        if explain:
            answer = dataclasses.replace(answer, explanation=_explanation(finding, readings))
        return _Outcome(answer, _after(context, finding))


def _kept(kept: OrderedDict[Key, Held], key: Key) -> Held | None:
    """A value that is kept, which is now the one last used; else None."""
    if key not in kept:
        return None
    kept.move_to_end(key)
    return kept[key]


def _keep(kept: OrderedDict[Key, Held], key: Key, value: Held, most: int) -> None:
    """Keep a value, and of all no more than ``most``: the one not used for longest goes."""
    kept[key] = value
    while len(kept) > most:
        kept.popitem(last=False)


def _reply(turns: Sequence[Turn], at: int) -> str:
    """What was said to the question that the ``at``-th turn is; "" where nothing was."""
    following = turns[at + 1] if at + 1 < len(turns) else None
    return following.content if following is not None and following.role == "assistant" else ""


def _stands(outcome: _Outcome) -> bool:
    """Whether the question named the title of the answer, so that it counts whatever the reply."""
    reading = outcome.answer.reading
    if reading is None or reading.title is None or not reading.title.name:
        return False
    return outcome.answer.confidence >= _TRUSTED and reading.weight >= _USUAL


def _titles_wanted(outcome: _Outcome, question: str) -> bool:
    reading = outcome.answer.reading
    wanted = reading is not None and reading.ask in (Ask.TITLE, Ask.FILMOGRAPHY, Ask.SIMILAR, Ask.COMPARE)
    return wanted or conversation.asks_for_title(question)


def _supported(finding: Finding | None, topic: str | None) -> Finding | None:
    """The finding, unless the words give away a topic outside the data and it is not well supported."""
    if finding is None or finding.guess:  # whatever a plot is about, its genre is asked for
        return finding
    if finding.found and finding.reading.unchecked:  # the topic is what the answer says it cannot check
        return finding
    trust = finding.confidence * finding.reading.weight
    if topic is not None and (not finding.found or trust < _TRUSTED) and not _is_role(finding):
        return None
    return finding


def _is_role(finding: Finding) -> bool:
    """ "who played X's wife in T": a role, whatever its words are usually about."""
    reading = finding.reading
    named = reading.title is not None and bool(reading.title.name)
    return reading.ask is Ask.PLAYED_BY and named and reading.weight >= _USUAL and finding.rule != _NO_TITLE


_NO_TITLE = "no title of that name"


def _named_in(name: str | None, reply: str) -> bool:
    """Whether a reply holds a name, or all its words ("Star Wars Episode V: The Empire Strikes Back")."""
    if name is None:
        return False
    words = fold(name).split()
    return name.casefold() in reply.casefold() or (len(words) > 2 and set(words) <= set(fold(reply).split()))


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


def _stages(times: tuple[float, float, float, float], linking: float) -> dict[str, float]:
    """Milliseconds of each stage; linking happens within resolving and is taken out of it."""
    read_from, resolve_from, answer_from, done = times
    return {
        "read_ms": 1000 * (resolve_from - read_from),
        "link_ms": 1000 * linking,
        "resolve_ms": 1000 * max(0.0, answer_from - resolve_from - linking),
        "answer_ms": 1000 * (done - answer_from),
    }


def _explanation(finding: Finding | None, readings: Sequence[Reading]) -> dict[str, Any]:
    return {
        "readings": [reading.to_json() for reading in readings],
        "rule": finding.rule if finding else "no wording fits the question",
        "candidates": list(finding.candidates) if finding else [],
        "signals": dict(finding.signals) if finding else {},
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
