"""What becomes of a finding by the chance that it is right."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answer import Answer, Status
from assistant.confidence import model
from assistant.confidence.folds import fold_of
from assistant.confidence.judging import POLICY, Policy, Trusting, decided
from assistant.confidence.model import CrossFitted, cross_fitted, shipped
from assistant.confidence.signals import GROUPS, NAMES, Signals
from assistant.core import Assistant
from assistant.reading.reading import Ask, Reading, TitleRef
from assistant.resolving.finding import Finding, Record, unknown
from indexer.catalog.records import Person, Title
from indexer.ids import PersonId, TitleId


class Saying:
    """A judge that gives one chance to everything and keeps the signals."""

    def __init__(self, chance: float) -> None:
        self.said, self.seen = chance, list[Signals]()

    def chance(self, signals: Signals, question: str) -> float:
        self.seen.append(signals)
        return self.said


@pytest.fixture
def told(movies: Path) -> Iterator[list[Signals]]:
    """Filled by ``signals_of`` below."""
    yield []


def asked(movies: Path, judge: Saying, question: str) -> Answer:
    assistant = Assistant.open(movies, confidence=judge)
    try:
        return assistant.answer(question)
    finally:
        assistant.close()


def finding(*, others: bool = False, confidence: float = 1.0) -> Finding:
    reading = Reading(Ask.PLAYED_BY, title=TitleRef(name="Psycho"), character="Norman")
    first = Record(Title(TitleId(1), "Psycho", "movie", year=1960), Person(PersonId(1), "Anthony Perkins"))
    second = Record(Title(TitleId(2), "Psycho", "movie", year=1998), Person(PersonId(2), "Vince Vaughn"))
    return Finding(
        reading, Status.ANSWERED, (first,), confidence=confidence, others=(second,) if others else ()
    )


def test_what_is_likelier_than_its_cost_is_said() -> None:
    policy = Policy(cost=1.0)
    assert policy.say == 0.5
    assert decided(finding(confidence=0.6), "role", policy).status is Status.ANSWERED
    assert decided(finding(confidence=0.4), "role", policy).status is Status.UNKNOWN


def test_the_dearer_a_wrong_answer_the_surer_it_has_to_be() -> None:
    assert Policy(cost=4.0).say == pytest.approx(0.8)
    assert Policy(cost=0.25).say == pytest.approx(0.2)


def test_versions_that_may_be_meant_are_offered_where_neither_is_sure() -> None:
    offered = decided(finding(others=True, confidence=0.4), "role", Policy(cost=1.0, ask=0.3))
    assert offered.status is Status.AMBIGUOUS
    assert [choice.text for choice in offered.choices] == [
        "Psycho (1960): Anthony Perkins",
        "Psycho (1998): Vince Vaughn",
    ]
    assert offered.choices[1].question == "who played Norman in Psycho (1998)"


def test_a_title_of_about_a_name_is_offered_even_alone(movies: Path) -> None:
    unsure = asked(movies, Saying(0.25), "psyco")
    assert unsure.status is Status.AMBIGUOUS
    assert unsure.choices[0].question == "Psycho (1960)"
    assert asked(movies, Saying(0.1), "psyco").status is Status.UNKNOWN


def test_what_is_hardly_likely_is_not_even_offered() -> None:
    kept = decided(finding(others=True, confidence=0.1), "role", Policy(cost=1.0, ask=0.3))
    assert (kept.status, kept.records, kept.confidence) == (Status.UNKNOWN, (), 0.1)


def test_suggestions_are_shown_at_a_lower_chance() -> None:
    sure = dataclasses.replace(finding(), confidence=POLICY.suggest + 0.01)
    assert decided(sure, "plot", POLICY).status is Status.ANSWERED
    assert decided(sure, "role", POLICY).status is not Status.ANSWERED


def test_an_assistant_asks_the_judge_it_was_given(movies: Path) -> None:
    question = "who played Norman Bates in the 1960 Psycho"
    assert asked(movies, Saying(0.9), question).confidence == 0.9
    assert asked(movies, Saying(0.05), question).status is Status.UNKNOWN


def test_what_was_not_found_is_never_judged(movies: Path) -> None:
    judge = Saying(0.99)
    assert asked(movies, judge, "who played Neo in Heat").status is Status.UNKNOWN
    assert asked(movies, judge, "how much did Titanic earn").status is Status.UNSUPPORTED
    assert judge.seen == []


def signals_of(movies: Path, question: str) -> Signals:
    judge = Saying(1.0)
    asked(movies, judge, question)
    return judge.seen[-1]


def test_signals_of_a_role_say_how_title_and_character_fit(movies: Path) -> None:
    seen = signals_of(movies, "who played Norman Bates in Psycho")
    assert (seen.group, seen.match, seen.title_exact, seen.unread) == ("role", 1.0, 1.0, 0.0)
    assert seen.title_namesakes > 0 < seen.title_margin
    assert seen.rivals > 0


def test_a_wrong_year_and_a_right_one_are_told_apart(movies: Path) -> None:
    right = signals_of(movies, "who directed the 1960 film Psycho")
    assert (right.group, right.year_asked, right.year_fits) == ("people", 1.0, 1.0)
    assert signals_of(movies, "who directed Psycho").year_asked == 0.0


def test_words_that_no_slot_holds_are_counted(movies: Path) -> None:
    plain = signals_of(movies, "what movies is Robert De Niro in")
    assert plain.group == "titles"
    assert plain.unread == 0.0
    assert plain.person_quality == 1.0


@pytest.mark.parametrize(
    "question",
    [
        "what is the second Toy Story movie",
        "which Toy Story film is the longest",
        "which Matrix movie is Gloria Foster not in",
        "how many Toy Story movies are there in total",
        "which action movies of the 1990s was Keanu Reeves in",
    ],
)
def test_words_that_a_reading_holds_as_something_else_are_read(movies: Path, question: str) -> None:
    assert signals_of(movies, question).unread == 0.0


def test_signals_come_back_from_json(movies: Path) -> None:
    seen = signals_of(movies, "who played Norman Bates in Psycho")
    again = Signals.from_json({**seen.to_json(), "of another day": 3})
    assert again.group == seen.group
    assert again.values() == pytest.approx(seen.values(), abs=1e-4)
    assert len(seen.values()) == len(NAMES)


def test_the_packages_weights_fit_the_signals_and_are_small() -> None:
    assert 0 < shipped().chance(Signals("role", estimate=0.9, match=1.0, title_quality=1.0)) < 1
    size = (Path(model.__file__).parent / model.WEIGHTS).stat().st_size
    assert size < 200_000
    assert shipped().learned <= set(GROUPS)


def test_a_well_supported_role_is_likelier_than_a_poor_one() -> None:
    base = {
        "title": 1.0,
        "weight": 1.0,
        "estimate": 0.9,
        "title_votes": 0.8,
        "title_margin": 3.0,
        "rival_margin": 3.0,
    }
    good = Signals("role", match=1.0, match_exact=1.0, title_quality=1.0, title_exact=1.0, **base)
    poor = Signals(
        "role", match=0.5, title_quality=0.7, guessed=1.0, title_missing=0.5, **{**base, "estimate": 0.4}
    )
    assert shipped().chance(good) > 0.8
    assert shipped().chance(poor) < shipped().chance(good) - 0.2


def test_a_question_is_judged_by_the_model_of_its_fold() -> None:
    judge = cross_fitted()
    question = "who directed Alien"
    signals = Signals("role", match=0.8, title_quality=0.9, estimate=0.8)
    assert judge.chance(signals, question) == judge.models[fold_of(question)].chance(signals)
    assert isinstance(judge, CrossFitted)


def test_everything_found_passes_a_trusting_judge() -> None:
    assert Trusting().chance(Signals("role"), "") == 1.0


def test_unknown_stays_as_it_is() -> None:
    kept = unknown(finding().reading, "nothing")
    assert not kept.found
