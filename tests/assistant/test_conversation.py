"""Follow-ups: what "it", "she", "the third one" and half a question mean after earlier turns."""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import Any

import pytest

from assistant.answer import Answer, Status
from assistant.conversation import (
    MAX_TURNS,
    Turn,
    character_named,
    digests,
    follow_up,
    names_nothing,
    next_context,
    read_history,
    titles_named,
)
from assistant.core import Assistant
from assistant.reading.reader import read
from assistant.reading.reading import Ask as Asked
from assistant.reading.reading import PersonRef, Reading, TitleRef
from assistant.resolving.context import Context
from assistant.resolving.free import resolved
from indexer.catalog.records import Credit
from indexer.errors import InputError
from indexer.ids import PersonId, TitleId
from tests.assistant.conftest import Ask

ORACLE = (
    "who played the Oracle in the first Matrix",
    "Gloria Foster played the Oracle in The Matrix (1999).",
)
PSYCHO = ("who directed Psycho", "Alfred Hitchcock directed Psycho (1960).")
HEAT = ("who directed Heat", "Michael Mann")
DE_NIRO = ("which films has Robert De Niro been in", "Goodfellas, Heat and Casino")


def texts(answer: Answer) -> list[str]:
    assert answer.status is Status.ANSWERED, answer.text
    return [item.text for item in answer.answers]


@pytest.mark.parametrize(
    ("earlier", "question", "expected"),
    [
        (ORACLE, "and who directed it?", ["Lana Wachowski", "Lilly Wachowski"]),
        (ORACLE, "what else was she in?", ["The Matrix Reloaded"]),
        (ORACLE, "and in the third one?", ["Mary Alice"]),
        (ORACLE, "and in the second one?", ["Gloria Foster"]),
        (ORACLE, "what about Trinity?", ["Carrie-Anne Moss"]),
        (ORACLE, "who played Morpheus?", ["Laurence Fishburne"]),
        (ORACLE, "when was she born?", ["1933"]),
        (ORACLE, "when did she die", ["2001"]),
        (ORACLE, "how long is it", ["136"]),
        (PSYCHO, "no, the 1998 one", ["Gus Van Sant"]),
        (PSYCHO, "what about the 1998 version?", ["Gus Van Sant"]),
        (PSYCHO, "when did it come out?", ["1960"]),
        (("who directed The Avengers", "Joss Whedon"), "I meant the 1998 one", ["Jeremiah S. Chechik"]),
        (HEAT, "is it longer than two hours?", ["Yes"]),
        (HEAT, "was Al Pacino in it?", ["Yes"]),
        (HEAT, "and how long is Casino?", ["178"]),
        (("who directed Alien", "Ridley Scott"), "what about Aliens?", ["James Cameron"]),
        (("who directed Alien", "Ridley Scott"), "and Aliens?", ["James Cameron"]),
        (("when did Toy Story come out", "1995"), "and the third one?", ["2010"]),
        (DE_NIRO, "who directed the second one?", ["Michael Mann"]),
        (DE_NIRO, "how long is the last one", ["178"]),
    ],
)
def test_a_follow_up_is_understood(
    ask: Ask, earlier: tuple[str, str], question: str, expected: list[str]
) -> None:
    assert texts(ask(question, *earlier)) == expected


def test_a_new_topic_takes_over(ask: Ask) -> None:
    assert texts(ask("how long is it", *ORACLE, *HEAT)) == ["170"]


def test_an_earlier_person_is_kept_through_a_question_about_a_title(ask: Ask) -> None:
    earlier = (*ORACLE, "how long is it?", "136 minutes")
    assert texts(ask("when was she born?", *earlier)) == ["1933"]


def test_a_full_question_is_not_bent_by_the_conversation(ask: Ask) -> None:
    assert texts(ask("who directed Aliens", *ORACLE)) == ["James Cameron"]


def test_what_was_really_replied_is_what_is_spoken_of(ask: Ask) -> None:
    """The earlier answer may come from elsewhere: its words decide, not what would have been said here."""
    earlier = ("who played the Oracle in the Matrix", "Mary Alice played her.")
    assert texts(ask("when was she born", *earlier)) == ["1936"]


def test_a_reply_that_names_one_of_two_versions_means_its_people(ask: Ask) -> None:
    earlier = ("who directed Psycho", "Gus Van Sant")
    assert texts(ask("when was he born", *earlier)) == ["1952"]


def test_the_film_called_it_is_meant_where_nothing_was_spoken_of(ask: Ask) -> None:
    assert texts(ask("who directed It")) == ["Andy Muschietti"]
    assert texts(ask("who was in it?")) == ["Bill Skarsgård"]


def test_it_is_the_title_spoken_of_where_there_is_one(ask: Ask) -> None:
    assert texts(ask("who directed it", *HEAT)) == ["Michael Mann"]


def test_the_character_tells_the_film_it_from_the_pronoun(ask: Ask) -> None:
    assert texts(ask("who played Pennywise in It", *HEAT)) == ["Bill Skarsgård"]


@pytest.mark.parametrize(
    "question", ["what else was she in", "how old is he", "the third one", "and in the second one?"]
)
def test_a_follow_up_to_nothing_is_unknown(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.status is Status.UNKNOWN
    assert "None" not in answer.text


def test_a_conversation_answers_alike_the_second_time(ask: Ask) -> None:
    first, second = (ask("and who directed it?", *ORACLE) for _ in range(2))
    assert (first.text, first.evidence) == (second.text, second.evidence)


def test_a_history_longer_than_the_limit_is_read_from_its_end(ask: Ask) -> None:
    earlier = ORACLE * MAX_TURNS + HEAT
    assert texts(ask("how long is it", *earlier)) == ["170"]


def test_turns_of_other_roles_and_empty_turns_are_passed_over(assistant: Assistant) -> None:
    history = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "who directed Heat"},
        {"role": "assistant", "content": "Michael Mann"},
        {"role": "user", "content": "   "},
    ]
    assert texts(assistant.answer("how long is it", history)) == ["170"]


def test_an_earlier_question_too_long_to_read_is_passed_over(assistant: Assistant) -> None:
    history = [
        Turn("user", "who directed Heat"),
        Turn("assistant", "Michael Mann"),
        Turn("user", "x" * 9_000),
    ]
    assert texts(assistant.answer("how long is it", history)) == ["170"]


def test_digests_name_a_conversation_by_who_said_what_until_then() -> None:
    turns = [Turn("user", "a"), Turn("assistant", "b"), Turn("user", "c")]
    whole = digests(turns)
    assert digests(turns[:2]) == whole[:2]
    assert len(set(whole)) == len(turns)
    others = ([Turn("user", "ab")], [Turn("assistant", "a")], [Turn("user", "a"), Turn("user", "b")])
    assert not any(digests(other)[-1] in whole for other in others)


@pytest.fixture
def answered(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each question is answered from here on."""
    times = Counter[str]()

    def counted(question: str, *others: Any) -> Any:
        times[question] += 1
        return resolved(question, *others)

    monkeypatch.setattr("assistant.core.resolved", counted)
    return times


def test_each_question_of_a_long_conversation_is_answered_once(
    assistant: Assistant, answered: Counter[str]
) -> None:
    history: list[Turn] = []
    asked = [f"{words} Heat" for words in ("who directed", "how long is", "who wrote", "who is in")]
    asked += [f"who directed Heat {'?' * number}" for number in range(MAX_TURNS)]
    for question in asked:
        answer = assistant.answer(question, history)
        history += [Turn("user", question), Turn("assistant", answer.text)]
    assert answered == Counter(asked)


def test_what_was_said_before_the_last_turns_is_still_known_while_it_goes_on(assistant: Assistant) -> None:
    history = [Turn("user", "who directed Heat"), Turn("assistant", "Michael Mann, for Heat (1995)")]
    for number in range(MAX_TURNS):
        question = f"what is love {'?' * number}"
        answer = assistant.answer(question, history)
        history += [Turn("user", question), Turn("assistant", answer.text)]
    assert texts(assistant.answer("how long is it", history)) == ["170"]


def test_a_long_conversation_that_nothing_is_known_of_is_answered_from_its_last_turns(
    assistant: Assistant, answered: Counter[str]
) -> None:
    history = [Turn("user", f"who directed Alien {'?' * number}") for number in range(3 * MAX_TURNS)]
    assistant.answer("who wrote it", history)
    assert sum(answered.values()) == MAX_TURNS + 1


def test_another_reply_to_the_same_question_is_another_conversation(assistant: Assistant) -> None:
    asked = Turn("user", "which film do you like best")
    for reply, minutes in (("Heat", "170"), ("Psycho", "109"), ("Heat", "170")):
        assert texts(assistant.answer("how long is it", [asked, Turn("assistant", reply)])) == [minutes]


@pytest.mark.parametrize(
    "turn",
    [{}, {"role": "user"}, {"content": "x"}, {"role": 1, "content": "x"}, {"role": "user", "content": None}],
)
def test_a_turn_without_role_or_text_is_refused(turn: dict[str, object]) -> None:
    with pytest.raises(InputError, match='"role": "user" or "assistant"'):
        read_history([turn])


def test_without_a_conversation_readings_stay_as_they_are() -> None:
    reading = Reading(Asked.CREW, title=TitleRef(name="Heat"), category="director")
    assert follow_up("who directed Heat", [reading], Context()) == [reading]


def test_half_a_question_takes_the_rest_from_the_last_reading() -> None:
    last = Reading(Asked.PLAYED_BY, title=TitleRef(name="Psycho"), character="Norman Bates")
    [first, *_] = follow_up("no, the 1998 one", [], Context(reading=last))
    assert (first.ask, first.character) == (Asked.PLAYED_BY, "Norman Bates")
    assert first.title == TitleRef(name="Psycho", years=(1998, 1998))


def test_what_about_somebody_changes_the_person() -> None:
    last = Reading(Asked.BORN, people=(PersonRef(name="Al Pacino"),))
    assert PersonRef(name="Joe Pesci") in [
        reading.people[0] for reading in follow_up("what about Joe Pesci?", [], Context(reading=last))
    ]


def test_the_newest_title_and_person_come_first() -> None:
    context = next_context(Context(titles=(1,), people=(7,)), None, [2], [8], listed=False)  # type: ignore[arg-type]
    assert (context.titles, context.people, context.choices) == ((2, 1), (8, 7), ())


def test_listed_titles_are_choices() -> None:
    context = next_context(Context(), None, [3, 4, 5], [], listed=True)
    assert context.choices == (3, 4, 5)


def test_an_answer_that_names_nothing_keeps_what_was_spoken_of() -> None:
    before = Context(titles=(1,), people=(7,))  # type: ignore[arg-type]
    assert next_context(before, None, [], [], listed=False) == before


@pytest.mark.parametrize("reply", ["Yes", "no.", "7", "1,250", "22 January 2008", "March 1999", "6 years"])
def test_a_yes_a_number_and_a_date_name_no_film(reply: str) -> None:
    assert names_nothing(reply)


@pytest.mark.parametrize("reply", ["Heat", "The Matrix", "Yes Man", "Al Pacino"])
def test_a_name_is_no_number(reply: str) -> None:
    assert not names_nothing(reply)


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("which businessman is portrayed in the movie Jack and the Giant?", ["Jack and the Giant"]),
        ("what language do they speak in The Matrix", ["The Matrix"]),
        ("what is the weather like", []),
    ],
)
def test_a_title_is_spoken_of_though_the_question_was_not_understood(question: str, named: list[str]) -> None:
    assert list(dict.fromkeys(titles_named(question))) == named


def test_a_reply_that_is_a_character_is_who_is_spoken_of() -> None:
    credits = [Credit(TitleId(1), PersonId(2), 1, "actor", None, ("Lt. Vincent Hanna",))]
    assert character_named("Vincent Hanna", credits) == "Lt. Vincent Hanna"
    assert character_named("Neil McCauley", credits) is None


def test_she_is_the_character_that_was_just_answered() -> None:
    context = Context(titles=(TitleId(1),), character="Trinity")
    [reading] = follow_up("who plays her", [Reading(Asked.PLAYED_BY, character="her")], context)
    assert (reading.character, reading.title) == ("Trinity", TitleRef(context=True))


def test_she_is_nobody_where_no_character_was_spoken_of() -> None:
    readings = [Reading(Asked.PLAYED_BY, character="she")]
    assert follow_up("who is she played by", readings, Context()) == []


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("which movie was next?", TitleRef(context=True, step=1)),
        ("and what came before that?", TitleRef(context=True, step=-1)),
        ("and what was the first one?", TitleRef(context=True, ordinal=1)),
        ("what is the name of the sequel", TitleRef(context=True, step=1)),
    ],
)
def test_a_step_in_the_series_that_is_spoken_of(question: str, title: TitleRef) -> None:
    readings = follow_up(question, [], Context(titles=(TitleId(1),)))
    assert Reading(Asked.TITLE, title=title, limit=1) in readings


@pytest.mark.parametrize(
    ("question", "reading"),
    [
        ("directed by?", Reading(Asked.CREW, title=TitleRef(context=True), category="director")),
        ("who are the directors?", Reading(Asked.CREW, title=TitleRef(context=True), category="director")),
        ("what year?", Reading(Asked.YEAR, title=TitleRef(context=True))),
        ("runtime?", Reading(Asked.RUNTIME, title=TitleRef(context=True))),
        (
            "was he also the writer?",
            Reading(
                Asked.IS_IN,
                title=TitleRef(context=True),
                people=(PersonRef(context=True),),
                category="writer",
            ),
        ),
        (
            "is he a producer too?",
            Reading(Asked.PROFESSIONS, people=(PersonRef(context=True),), holds=("producer",)),
        ),
    ],
)
def test_an_ask_without_a_title_means_what_is_spoken_of(question: str, reading: Reading) -> None:
    assert reading in [dataclasses.replace(item, weight=1.0) for item in read(question)]
