"""The engine itself: what it takes, what its answers look like, and what it refuses."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.answer import Answer, Status
from assistant.core import Assistant, checked
from assistant.reading.reading import Reading
from indexer.errors import IndexMissing, InputError
from tests.assistant.conftest import Ask
from tests.assistant.tiny import tiny_index

KEYS = [
    "status",
    "text",
    "answers",
    "evidence",
    "choices",
    "reading",
    "confidence",
    "latency_ms",
    "stages",
]


def test_an_answer_as_json_has_the_documented_keys_and_values(ask: Ask) -> None:
    data = ask("who played the Oracle in the first Matrix").to_json("q1")
    assert list(data) == ["id", *KEYS]
    assert data["id"] == "q1"
    assert data["status"] == "answered"
    assert data["text"] == "Gloria Foster played the Oracle in The Matrix (1999)."
    [item] = data["answers"]
    assert (item["text"], item["kind"], item["id"]) == ("Gloria Foster", "person", "nm0287825")
    assert data["evidence"] == [
        {
            "title_id": "tt0133093",
            "title": "The Matrix",
            "year": 1999,
            "person_id": "nm0287825",
            "person": "Gloria Foster",
            "category": "actress",
            "characters": ["Oracle"],
        }
    ]
    assert data["choices"] == []
    assert 0.5 < data["confidence"] <= 1.0
    assert data["latency_ms"] > 0


def test_without_an_id_the_json_has_none(ask: Ask) -> None:
    assert list(ask("who directed Heat").to_json()) == KEYS


def test_the_reading_in_the_json_is_one(ask: Ask) -> None:
    data = ask("who directed the first Matrix").to_json()["reading"]
    assert Reading.from_json(data).to_json() == data


def test_the_stages_make_up_the_time_taken(ask: Ask) -> None:
    answer = ask("who directed Heat")
    assert {"read_ms", "resolve_ms", "answer_ms"} <= set(answer.stages)
    assert sum(answer.stages.values()) <= answer.latency_ms + 0.1


def test_an_explanation_shows_what_each_field_adds_in_nats(ask: Ask) -> None:
    explained = ask("who directed the 1960 film Psycho", explain=True).to_json()["explanation"]
    linking = explained["candidates"][0]["linking in nats"]
    assert linking["name"] > 0 < linking["year"]


def test_an_explanation_is_given_only_where_asked_for(ask: Ask) -> None:
    assert "explanation" not in ask("who played Joker").to_json()
    explained = ask("who directed Psycho", explain=True).to_json()["explanation"]
    assert set(explained) == {"readings", "rule", "candidates", "signals"}
    assert explained["readings"][0]["ask"] == "crew"
    assert explained["candidates"][0]["title"] == "Psycho"
    assert {"name", "votes"} <= set(explained["candidates"][0]["parts"])


def test_the_parts_of_a_candidates_score_add_up(ask: Ask) -> None:
    candidates = ask("who directed Psycho", explain=True).to_json()["explanation"]["candidates"]
    for candidate in candidates:
        assert sum(candidate["parts"].values()) == pytest.approx(candidate["score"], abs=0.01)


def test_what_is_unsupported_can_be_explained_too(ask: Ask) -> None:
    answer = ask("who won the Oscar in 1999", explain=True)
    assert answer.status is Status.UNSUPPORTED
    assert "explanation" in answer.to_json()


def test_nothing_answered_is_below_the_least_confidence(ask: Ask) -> None:
    for question in ("who directed Heat", "who played Joker", "Robert De Niro", "best films of the 90s"):
        answer = ask(question)
        assert answer.status is Status.ANSWERED
        assert answer.confidence >= 0.3


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("a" * 10_000_000, r"10,000,000 characters: at most 2,000 are read"),
        ("", "the question is empty"),
        ("   \n\t ", "the question is empty"),
        ("\x00\x01\x02\x03\x04\x05", "is not text"),
        ("\ud800\udfff\ud800\udfff", "is not text"),
        (b"who directed Heat", "a question is text, not bytes"),
        (None, "a question is text, not NoneType"),
        (17, "a question is text, not int"),
        ({"question": "x"}, "a question is text, not dict"),
    ],
)
def test_what_is_no_question_is_refused_in_words(assistant: Assistant, question: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        assistant.answer(question)


def test_a_stray_control_character_or_surrogate_is_read_as_a_space() -> None:
    assert checked("who\x00directed Heat\ud800?") == "who directed Heat ?"


def test_a_question_of_the_greatest_length_is_answered(ask: Ask) -> None:
    assert not ask("who directed " + "very " * 397).answers


@pytest.mark.parametrize(
    "question",
    [
        "?",
        "'",
        '"',
        'who directed "',
        "who played ' in '",
        "who directed %s; DROP TABLE titles; --",
        'who directed "Heat" OR 1=1',
        "who directed title:* NEAR(heat)",
        "who played * in *",
        "😀",
        "who directed 😀",
        "谁导演了黑客帝国",
        "кто снял Матрицу",
        "من أخرج المصفوفة",
        "who directed \u202eHeat\u202c",
        "who directed " + "(" * 200,
        "((((((((((",
        "who who who who who who",
        "of the in of the in",
        "and " * 300,
    ],
)
def test_odd_text_is_answered_somehow(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.text
    assert "None" not in answer.text


words = st.sampled_from(
    "who what played plays in the of and it she not with films movie director first second 1999 Neo Heat Al "
    "Pacino 's ? or how many long before but where is was did Matrix Psycho Joker longer than \" ( M".split()
)


@settings(
    derandomize=True,
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(words, min_size=1, max_size=14), st.text(max_size=20))
def test_any_question_gets_an_honest_answer(ask: Ask, chosen: list[str], odd: str) -> None:
    try:
        answer = ask(" ".join(chosen), "who directed Heat", odd or "x")
    except InputError as error:
        assert "no words" in str(error)
        return
    assert answer.text
    assert "None" not in answer.text
    assert bool(answer.answers) == (answer.status in (Status.ANSWERED, Status.AMBIGUOUS))
    assert 0.0 <= answer.confidence <= 1.0
    assert not answer.answers or answer.evidence


def test_two_conversations_that_differ_in_an_early_reply_do_not_mix(assistant: Assistant) -> None:
    def born(director: str) -> list[str]:
        history = [
            {"role": "user", "content": "who directed Psycho"},
            {"role": "assistant", "content": director},
            {"role": "user", "content": "thank you"},
            {"role": "assistant", "content": "You are welcome."},
        ]
        return [item.text for item in assistant.answer("when was he born", history).answers]

    assert (born("Alfred Hitchcock"), born("Gus Van Sant")) == (["1899"], ["1952"])


def test_an_earlier_turn_that_is_not_text_does_not_spoil_the_question(assistant: Assistant) -> None:
    history = [{"role": "user", "content": "\x00\x01\x02\x03\x04\x05"}, {"role": "assistant", "content": "?"}]
    assert assistant.answer("who directed Heat", history).status is Status.ANSWERED


def test_many_threads_get_the_same_answers(assistant: Assistant) -> None:
    questions = ["who directed Heat", "who played Joker", "how long is Psycho", "films with Joe Pesci"] * 4
    expected = [assistant.answer(question).text for question in questions]
    found: dict[int, str] = {}

    def work(place: int) -> None:
        found[place] = assistant.answer(questions[place]).text

    threads = [threading.Thread(target=work, args=(place,)) for place in range(len(questions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[place] for place in range(len(questions))] == expected


def test_titles_without_vectors_are_like_nothing(assistant: Assistant) -> None:
    assert list(assistant.similar_to_title(113277)) == []
    assert list(assistant.similar_to_text("a careful thief")) == []


def test_no_index_is_an_error_that_names_what_mends_it(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match=r"python -m indexer build|make index"):
        Assistant.open(tmp_path / "nowhere")


def test_a_closed_assistant_can_be_closed_again(movies: Path) -> None:
    opened = Assistant.open(movies)
    opened.close()
    opened.close()
    with Assistant.open(movies).index as reopened:
        assert reopened.catalog.counts()["titles"] > 0


def test_an_answer_knows_its_own_json() -> None:
    answer = Answer(Status.UNKNOWN, "I do not know.")
    assert answer.to_json() == {
        "status": "unknown",
        "text": "I do not know.",
        "answers": [],
        "evidence": [],
        "choices": [],
        "reading": {},
        "confidence": 0.0,
        "latency_ms": 0.0,
        "stages": {},
    }


def test_a_finished_build_is_taken_over_without_a_restart(tmp_path: Path) -> None:
    index = tiny_index(tmp_path)
    assistant = Assistant.open(index)
    first = assistant.index
    assert assistant.answer("who directed Alien").answers[0].text == "Ridley Scott"
    tiny_index(tmp_path)
    assert assistant.answer("who directed Alien").answers[0].text == "Ridley Scott"
    assert assistant.index is not first
    assert not assistant.index.stale()
    assistant.close()


def test_a_build_that_is_read_stays_open_until_its_reader_is_done(tmp_path: Path) -> None:
    assistant = Assistant.open(tiny_index(tmp_path))
    with assistant.reading() as held:
        tiny_index(tmp_path)
        with assistant.reading() as newer:
            assert newer is assistant.index is not held
        title = held.catalog.title(78748)
    assert title is not None
    assert title.name == "Alien"
    assistant.close()


def test_an_index_that_vanished_goes_on_serving_what_is_open(tmp_path: Path) -> None:
    index = tiny_index(tmp_path)
    assistant = Assistant.open(index)
    (index / "current").unlink()
    assert assistant.answer("who directed Alien").answers[0].text == "Ridley Scott"
    assistant.close()
