"""Who played whom: title, character and person resolved together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.answer import Evidence, Status
from assistant.resolving.roles import RoleHit, likeliest
from assistant.resolving.titles import TitleHit
from indexer.catalog.records import Credit, Title
from indexer.ids import PersonId, TitleId, parse_person_id, parse_title_id
from tests.assistant.conftest import Ask


@pytest.mark.parametrize(
    ("question", "person", "year"),
    [
        ("who played the Oracle in the first Matrix", "Gloria Foster", 1999),
        ("who played the Oracle in the Matrix", "Gloria Foster", 1999),
        ("who played the Oracle in the third Matrix", "Mary Alice", 2003),
        ("who played the Oracle in The Matrix Revolutions", "Mary Alice", 2003),
        ("who was the Oracle in the Matrix Reloaded", "Gloria Foster", 2003),
        ("WHO PLAYED THE ORACLE IN THE MATRIX", "Gloria Foster", 1999),
        ("who played the orcale in the matrx", "Gloria Foster", 1999),
        ("who played Emma Peel in The Avengers", "Uma Thurman", 1998),
        ("who played Black Widow in The Avengers", "Scarlett Johansson", 2012),
        ("who played Iron Man in the Avengers", "Robert Downey Jr.", 2012),
        ("who played Norman Bates in Psycho 1998", "Vince Vaughn", 1998),
        ("who played Norman Bates in Psycho", "Anthony Perkins", 1960),
        ("who plays RoboCop in RoboCop 2014", "Joel Kinnaman", 2014),
        ("who played Alex Murphy in the original RoboCop", "Peter Weller", 1987),
        ("who played Pat Novak in RoboCop", "Samuel L. Jackson", 2014),
        ("who played Ace in Casino", "Robert De Niro", 1995),
        ("who played Sam Rothstein in Casino", "Robert De Niro", 1995),
        ("who played Doc Brown in Back to the Future", "Christopher Lloyd", 1985),
        ("who played mother in mother!", "Jennifer Lawrence", 2017),
        ("who played him in mother!", "Javier Bardem", 2017),
        ("who played Pennywise in It", "Bill Skarsgård", 2017),
        ("who voices Woody in Toy Story 3", "Tom Hanks", 2010),
        ("who played Katniss in the hunger", "Jennifer Lawrence", 2012),
    ],
)
def test_who_played_a_character(ask: Ask, question: str, person: str, year: int) -> None:
    answer = ask(question)
    assert answer.status is Status.ANSWERED
    assert [item.text for item in answer.answers] == [person]
    assert (answer.evidence[0].person, answer.evidence[0].year) == (person, year)


def test_the_answer_carries_the_record_that_proves_it(ask: Ask) -> None:
    assert ask("who played the Oracle in the first Matrix").evidence == (
        Evidence(
            parse_title_id("tt0133093"),
            "The Matrix",
            1999,
            parse_person_id("nm0287825"),
            "Gloria Foster",
            "actress",
            None,
            ("Oracle",),
        ),
    )


def test_a_character_of_two_actors_names_both(ask: Ask) -> None:
    answer = ask("who played Castor Troy in Face/Off")
    assert {item.text for item in answer.answers} == {"John Travolta", "Nicolas Cage"}


def test_two_people_of_one_surname_are_not_given_one_name(ask: Ask) -> None:
    answer = ask("who played McFly in Back to the Future")
    assert {item.text for item in answer.answers} == {"Michael J. Fox", "Crispin Glover"}
    assert "Crispin Glover played Marty" not in answer.text
    assert "George McFly" in answer.text


def test_the_same_character_in_another_version_is_mentioned(ask: Ask) -> None:
    text = ask("who played John Steed in The Avengers").text
    assert "Ralph Fiennes" in text
    assert "Patrick Macnee in The Avengers (1961)" in text


@pytest.mark.parametrize("question", ["who played Joker", "who played the Joker"])
def test_a_character_without_a_title_gives_the_best_known_and_the_others(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.answers[0].text == "Heath Ledger"
    assert "Jack Nicholson" in answer.text


def test_a_character_of_several_well_known_people_is_a_choice(ask: Ask) -> None:
    answer = ask("who played Emma Peel")
    names = {record.person for record in answer.evidence}
    assert {"Uma Thurman", "Diana Rigg"} <= names


def test_every_choice_is_a_question_that_answers_it(ask: Ask) -> None:
    for question in (
        "who played Joker",
        "who played Emma Peel",
        "who played Norman Bates",
        "who played RoboCop",
    ):
        for choice in ask(question).choices:
            again = ask(choice.question)
            assert again.status is Status.ANSWERED
            assert again.answers[0].text in choice.text


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("who played Gandalf in The Matrix", "no Gandalf among the credits of The Matrix (1999)"),
        ("who played Joker in Alien", "Joker is in The Dark Knight (2008), played by Heath Ledger"),
        ("who played the Joker in Alien", "Joker is in The Dark Knight (2008), played by Heath Ledger"),
        ("who played Neo in Casino", "Neo is in The Matrix (1999), played by Keanu Reeves"),
    ],
)
def test_a_false_premise_is_corrected(ask: Ask, question: str, said: str) -> None:
    answer = ask(question)
    assert answer.status is Status.UNKNOWN
    assert answer.answers == ()
    assert said in answer.text


def test_somebodys_father_is_found_by_the_surname(ask: Ask) -> None:
    answer = ask("who played Marty McFly's dad in Back to the Future")
    assert [item.text for item in answer.answers] == ["Crispin Glover"]


def test_somebodys_mother_is_not_that_somebody(ask: Ask) -> None:
    answer = ask("who played Marty's mother in Back to the Future")
    assert "Michael J. Fox" not in {item.text for item in answer.answers}


@pytest.mark.parametrize(
    ("question", "characters"),
    [
        ("whom did Keanu Reeves play in The Matrix", ["Neo"]),
        ("who did Reeves Keanu play in The Matrix", ["Neo"]),
        ("what was Al Pacino's role in Heat", ["Lt. Vincent Hanna"]),
        ("which character does Uma Thurman play in The Avengers", ["Emma Peel"]),
        ("which character does Robert Downey Jr. play in The Avengers", ["Tony Stark", "Iron Man"]),
        ("who does Samuel L Jackson play in RoboCop", ["Pat Novak"]),
    ],
)
def test_whom_somebody_played(ask: Ask, question: str, characters: list[str]) -> None:
    answer = ask(question)
    assert [item.text for item in answer.answers] == characters
    assert {item.kind for item in answer.answers} == {"character"}


def test_a_role_that_somebody_never_had_is_unknown(ask: Ask) -> None:
    answer = ask("who did Al Pacino play in Casino")
    assert answer.status is Status.UNKNOWN
    assert answer.text == "I find no role of Al Pacino in Casino (1995)."


def test_the_cast_comes_in_billing_order(ask: Ask) -> None:
    answer = ask("who is in The Matrix")
    assert [item.text for item in answer.answers] == [
        "Keanu Reeves",
        "Laurence Fishburne",
        "Carrie-Anne Moss",
        "Gloria Foster",
    ]
    assert "Keanu Reeves as Neo" in answer.text


def role(title: int, person: int, score: float) -> RoleHit:
    held = Title(TitleId(title), f"Rings {title}", "movie", year=2000 + title)
    credit = Credit(held.id, PersonId(person), 1, "actor", characters=("Gandalf",))
    return RoleHit(TitleHit(held, 0.95, score), credit, 1.0, "Gandalf", score)


def test_titles_in_which_one_actor_is_the_character_speak_for_each_other() -> None:
    alone, *films = [role(1, 7, 12.5), role(2, 8, 12.42), role(3, 8, 12.41), role(4, 8, 12.4)]
    assert likeliest([alone, *films]) is films[0]
    assert likeliest([alone, films[0]]) is alone
    assert likeliest([alone, *(replace(film, score=film.score - 1.0) for film in films)]) is alone


def test_the_original_is_the_first_that_has_the_character(ask: Ask) -> None:
    answer = ask("who played the Joker in the original Dark Knight")
    assert answer.answers[0].text == "Heath Ledger"


def test_a_voice_that_sings_is_a_voice(ask: Ask) -> None:
    assert ask("who sings the voice of Woody in Toy Story").answers[0].text == "Tom Hanks"
    assert ask("what voice does Tom Hanks do in Toy Story").answers[0].text == "Woody"
