"""Facts of titles and people, lists of titles, comparisons, and questions of two steps."""

from __future__ import annotations

import pytest

from assistant.answer import Item, Status
from tests.assistant.conftest import Ask


@pytest.mark.parametrize(
    ("question", "kind", "values"),
    [
        ("when did Heat come out", "year", ["1995"]),
        ("how long is Heat", "number", ["170"]),
        ("what is the rating of Heat", "number", ["8.3"]),
        ("how many votes does Heat have", "number", ["700000"]),
        ("what genre is Heat", "genre", ["Drama", "Crime"]),
        ("what kind of genre is Back to the Future", "genre", ["Comedy", "Adventure"]),
        ("what other titles does Se7en have", "text", ["Seven"]),
        ("how many episodes does Breaking Bad have", "number", ["2"]),
        ("how many seasons does Breaking Bad have", "number", ["1"]),
        ("how many directors did The Matrix have", "number", ["2"]),
        ("how many people directed Heat", "number", ["1"]),
        ("when was Keanu Reeves born", "year", ["1964"]),
        ("when did Heath Ledger die", "year", ["2008"]),
        ("how old is Sean Connery", "number", ["90"]),
        ("who is Gloria Foster", "text", ["actress"]),
    ],
)
def test_facts_come_from_the_record(ask: Ask, question: str, kind: str, values: list[str]) -> None:
    answer = ask(question)
    assert answer.status is Status.ANSWERED
    assert [(item.kind, item.text) for item in answer.answers] == [(kind, value) for value in values]


def test_a_plot_is_the_overview(ask: Ask) -> None:
    [item] = ask("what is Heat about").answers
    assert item.text.startswith("A detective and a careful thief")


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (
            "how long is Nobody Rated This",
            "The catalogue does not give the runtime of Nobody Rated This (1950).",
        ),
        (
            "what genre is Nobody Rated This",
            "The catalogue does not give the genres of Nobody Rated This (1950).",
        ),
        ("who directed mother!", "The catalogue names no director of mother! (2017)."),
        ("when was Arwa Unseen born", "The catalogue does not say when Arwa Unseen was born."),
        ("when did Keanu Reeves die", "The catalogue does not say when Keanu Reeves died."),
        ("when was Qwort Zzyzx born", "I know nobody called “Qwort Zzyzx”."),
    ],
)
def test_what_the_catalogue_lacks_is_said(ask: Ask, question: str, said: str) -> None:
    answer = ask(question)
    assert answer.status is Status.UNKNOWN
    assert answer.text == said


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("who wrote Aliens", ["James Cameron"]),
        ("who composed the music for The Matrix", ["Don Davis"]),
        ("who wrote The Matrix", ["Lana Wachowski"]),
    ],
)
def test_the_crew(ask: Ask, question: str, names: list[str]) -> None:
    assert [item.text for item in ask(question).answers] == names


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("was Al Pacino in Heat", "Yes"),
        ("was Al Pacino in The Matrix", "No"),
        ("is Uma Thurman in The Avengers", "Yes"),
        ("is Keanu Reeves in Back to the Future", "No"),
        ("did Robert Zemeckis direct Back to the Future", "Yes"),
        ("did Tim Burton direct Back to the Future", "No"),
        ("did James Cameron write Aliens", "Yes"),
        ("did Al Pacino play Vincent Hanna in Heat", "Yes"),
        ("did Robert De Niro play Vincent Hanna in Heat", "No"),
        ("is Heat longer than two hours", "Yes"),
        ("is Heat shorter than two hours", "No"),
    ],
)
def test_yes_or_no(ask: Ask, question: str, value: str) -> None:
    answer = ask(question)
    assert answer.status is Status.ANSWERED
    assert [(item.text, item.kind) for item in answer.answers] == [(value, "boolean")]
    assert answer.text.startswith(value)


def test_no_names_the_part_that_somebody_really_has(ask: Ask) -> None:
    text = ask("is Batman played by Christian Bale in The Dark Knight").text
    assert "no such credit" not in text
    assert "Bruce Wayne" in text


def test_yes_or_no_about_nobody_known_is_unknown(ask: Ask) -> None:
    assert ask("was Qwort Zzyzx in Heat").status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("question", "winner"),
    [
        ("which is longer, Heat or Casino", "Casino"),
        ("which is shorter, Heat or Casino", "Heat"),
        ("which came out first, Alien or Aliens", "Alien"),
        ("which is newer, Alien or Aliens", "Aliens"),
        ("which is better rated, Heat or Goodfellas", "Goodfellas"),
        ("who is older, Al Pacino or Robert De Niro", "Al Pacino"),
        ("who is younger, Robert De Niro or Al Pacino", "Robert De Niro"),
    ],
)
def test_comparisons(ask: Ask, question: str, winner: str) -> None:
    answer = ask(question)
    assert [item.text for item in answer.answers] == [winner]
    assert {"Heat": "Heat", "Alien": "Alien"}.get(winner, winner) in answer.text


def test_a_comparison_shows_what_was_compared(ask: Ask) -> None:
    text = ask("which is longer, Heat or Casino").text
    assert "178" in text
    assert "170" in text


@pytest.mark.parametrize(
    ("question", "titles"),
    [
        ("which films has Robert De Niro been in", ["Goodfellas", "Heat", "Casino"]),
        ("films with Robert De Niro and Joe Pesci", ["Goodfellas", "Casino"]),
        ("films with Robert De Niro but not Joe Pesci", ["Heat"]),
        ("Robert De Niro movies from 1995", ["Heat", "Casino"]),
        ("Robert De Niro films before 1995", ["Goodfellas"]),
        ("films directed by Martin Scorsese starring Joe Pesci", ["Goodfellas", "Casino"]),
        ("which films did Alfred Hitchcock direct", ["Psycho"]),
        ("what did James Cameron write", ["Aliens"]),
        ("horror films with Jennifer Lawrence", ["mother!"]),
        ("what was the longest movie of Robert De Niro", ["Casino"]),
        ("the highest rated movie of Robert De Niro", ["Goodfellas"]),
        ("what was the first movie of Robert De Niro", ["Goodfellas"]),
        ("what is the longest Matrix movie", ["The Matrix Reloaded"]),
        ("longest movie of 1995", ["Casino"]),
        ("which movie has the character Pennywise", ["It"]),
        ("the movie with Al Pacino and Robert De Niro", ["Heat"]),
        ("what is the last Matrix movie", ["The Matrix Revolutions"]),
        ("what was the first Matrix movie", ["The Matrix"]),
        ("which films came out before 1940", ["M"]),
    ],
)
def test_lists_of_titles(ask: Ask, question: str, titles: list[str]) -> None:
    answer = ask(question)
    assert answer.status is Status.ANSWERED
    assert [item.text for item in answer.answers] == titles


def test_films_of_a_described_person_hold_the_one_that_described_them(ask: Ask) -> None:
    answer = ask("movies with the actor who played Neo in The Matrix")
    assert {item.text for item in answer.answers} == {
        "The Matrix",
        "The Matrix Reloaded",
        "The Matrix Revolutions",
    }


def test_episodes_are_not_counted_as_films(ask: Ask) -> None:
    assert [item.text for item in ask("Bryan Cranston filmography").answers] == ["Breaking Bad"]


def test_counting(ask: Ask) -> None:
    answer = ask("how many movies was Robert De Niro in")
    assert answer.answers == (Item("3", "number", score=answer.confidence),)


def test_nothing_in_common_is_said(ask: Ask) -> None:
    answer = ask("films with Keanu Reeves and Joe Pesci")
    assert answer.status is Status.UNKNOWN
    assert answer.text == "I find no such title with Keanu Reeves and Joe Pesci."


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("who directed the film where Robert De Niro played Neil McCauley", "Michael Mann"),
        ("who directed the movie with Lea Thompson", "Robert Zemeckis"),
        ("when was the director of Heat born", "1943"),
        ("when was the actor who played Neo in The Matrix born", "1964"),
        ("when did the movie with Al Pacino and Robert De Niro come out", "1995"),
        ("how long is the film by Fritz Lang", "99"),
    ],
)
def test_questions_of_two_steps(ask: Ask, question: str, expected: str) -> None:
    assert [item.text for item in ask(question).answers] == [expected]


@pytest.mark.parametrize(
    "question",
    ["who got an Oscar for Heat", "where can I stream Heat", "how much money did Heat make"],
)
def test_topics_outside_the_data_are_declined_with_what_can_be_asked(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.status is Status.UNSUPPORTED
    assert "Ask me who played a character" in answer.text


def test_without_vectors_nothing_is_similar(ask: Ask) -> None:
    answer = ask("movies like Heat")
    assert answer.status is Status.UNKNOWN
    assert "no vector for Heat" in answer.text


def test_an_incomplete_cast_is_no_proof_of_absence(ask: Ask) -> None:
    answer = ask("was Al Pacino in Casino")
    assert answer.status is Status.UNKNOWN
    assert "not complete" in answer.text


def test_a_year_that_is_another_title_s_is_not_passed_over(ask: Ask) -> None:
    assert ask("who directed Casino in 1985").status is Status.UNKNOWN


def test_equal_values_have_no_winner(ask: Ask) -> None:
    answer = ask("which came out first, Casino or Heat")
    assert answer.status is Status.UNKNOWN
    assert "equal (1995)" in answer.text


def test_the_films_of_a_series_are_listed_by_year(ask: Ask) -> None:
    answer = ask("the matrix movies in order")
    assert [item.text for item in answer.answers][:2] == ["The Matrix", "The Matrix Reloaded"]


def test_opposite_somebody_is_the_cast_without_them(ask: Ask) -> None:
    answer = ask("who starred opposite Michael J. Fox in Back to the Future")
    names = [item.text for item in answer.answers]
    assert "Christopher Lloyd" in names
    assert "Michael J. Fox" not in names
