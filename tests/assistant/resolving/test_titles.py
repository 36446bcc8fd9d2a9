"""Which title is meant: names that are easily mistaken, years, kinds, ordinals, and who is in it."""

from __future__ import annotations

import dataclasses

import pytest

from assistant.answer import Status
from assistant.resolving.titles import TitleHit, numbered, series_members, within
from indexer.catalog.records import Title
from indexer.ids import TitleId
from indexer.linking.names import NameMatch, Relation
from tests.assistant.conftest import Ask


@pytest.mark.parametrize(
    ("question", "director"),
    [
        ("who directed Alien", "Ridley Scott"),
        ("who directed Aliens", "James Cameron"),
        ("who directed alien", "Ridley Scott"),
        ("who directed aliens?", "James Cameron"),
        ("who directed Us", "Jordan Peele"),
        ("who directed us", "Jordan Peele"),
        ("who directed It", "Andy Muschietti"),
        ("who directed M", "Fritz Lang"),
        ("who directed 8½", "Federico Fellini"),
        ("who directed 8 1/2", "Federico Fellini"),
        ("who directed Se7en", "David Fincher"),
        ("who directed Seven", "David Fincher"),
        ("who directed WALL·E", "Andrew Stanton"),
        ("who directed wall-e", "Andrew Stanton"),
        ("who directed walle", "Andrew Stanton"),
        ("who directed Wall E", "Andrew Stanton"),
        ("who directed Face/Off", "John Woo"),
        ("who directed face off", "John Woo"),
        ("who directed faceoff", "John Woo"),
        ("who directed Interstelar", "Christopher Nolan"),
        ("who directed intersteller", "Christopher Nolan"),
        ("who directed Psyco", "Alfred Hitchcock"),
        ("who directed Good Fellas", "Martin Scorsese"),
    ],
)
def test_titles_that_break_search_are_found(ask: Ask, question: str, director: str) -> None:
    answer = ask(question)
    assert answer.status is Status.ANSWERED
    assert [item.text for item in answer.answers] == [director]


@pytest.mark.parametrize(
    "name",
    [
        "The Matrix",
        "the matrix",
        "matrix",
        "Matrix, The",
        '"Matrix, The"',
        "matrix the",
        "THE MATRIX",
        "Matrx",
    ],
)
def test_articles_order_case_and_slips_do_not_matter(ask: Ask, name: str) -> None:
    answer = ask(f"who directed {name}")
    assert [item.text for item in answer.answers] == ["Lana Wachowski", "Lilly Wachowski"]


@pytest.mark.parametrize(
    ("question", "year"),
    [
        ("when did Carter come out", "2022"),
        ("when did Coach Carter come out", "2005"),
        ("when did Max come out", "2015"),
        ("when did Mad Max come out", "1979"),
        ("when did Toy Story come out", "1995"),
        ("when did Toy Story 2 come out", "1999"),
        ("when did Toy Story 3 come out", "2010"),
        ("when did mother! come out", "2017"),
        ("when did Murderers Among Us come out", "1931"),
        ("when did M - Eine Stadt sucht einen Mörder come out", "1931"),
    ],
)
def test_a_name_inside_another_is_its_own_title(ask: Ask, question: str, year: str) -> None:
    assert [item.text for item in ask(question).answers] == [year]


@pytest.mark.parametrize(
    ("name", "minutes"),
    [
        ("Face", "105"),
        ("Face/Off", "138"),
        ("Carter", "132"),
        ("Coach Carter", "136"),
        ("Alien", "117"),
        ("Alien Warfare", "88"),
        ("Aliens", "137"),
        ("Lincoln", "150"),
        ("Abraham Lincoln: Vampire Hunter", "105"),
        ("Abraham Lincoln Vampire Hunter", "105"),
        ("Max", "111"),
        ("Mad Max", "88"),
        ("Mary", "84"),
        ("Mary Magdalene", "120"),
        ("RoboCop 2014", "117"),
        ("Saw", "103"),
        ("Saw 3D", "90"),
        ("8½", "138"),
        ("1923", "60"),
        ("21", "123"),
        ("11.22.63", "60"),
        ("Us", "116"),
        ("It", "135"),
        ("M", "99"),
        ("O", "95"),
        ("L'adieu", "105"),
        ("The French Dispatch", "107"),
        ("French Dispatch", "107"),
        ("Interstelar", "169"),
        ("the hunger games", "142"),
        ("Matrix, The", "136"),
        ('"Swing It"', "69"),
        ("mother!", "121"),
        ("Se7en", "127"),
        ("WALL·E", "98"),
        ("2001: A Space Odyssey", "149"),
        ("2001 a space odyssey", "149"),
        ("Blade Runner", "117"),
        ("Blade Runner 2049", "164"),
        ("First Blood", "93"),
    ],
)
def test_every_name_leads_to_its_own_title(ask: Ask, name: str, minutes: str) -> None:
    for asked in {name, name.lower(), name.upper()}:
        assert [item.text for item in ask(f"how long is {asked}").answers] == [minutes], asked
    assert [item.text for item in ask(f"runtime of {name}").answers] == [minutes]


def test_a_bare_name_is_that_title_first(ask: Ask) -> None:
    for name in ("Face", "Carter", "Lincoln", "Max", "Mary", "1923", "21", "O", "Us", "M", "Saw 3D"):
        assert ask(name).answers[0].text == name


def test_the_whole_name_beats_a_better_known_longer_one(ask: Ask) -> None:
    assert [item.text for item in ask("who is in Face").answers] == ["Robert Carlyle"]


@pytest.mark.parametrize(
    ("question", "director"),
    [
        ("who directed Psycho (1998)", "Gus Van Sant"),
        ("who directed the 1998 Psycho", "Gus Van Sant"),
        ("who directed Psycho from 1998", "Gus Van Sant"),
        ("who directed the 1960 version of Psycho", "Alfred Hitchcock"),
        ("who directed the Avengers (1998)", "Jeremiah S. Chechik"),
        ("who directed the 2012 Avengers", "Joss Whedon"),
        ("who directed the original Psycho", "Alfred Hitchcock"),
    ],
)
def test_a_year_decides_between_titles_of_one_name(ask: Ask, question: str, director: str) -> None:
    assert [item.text for item in ask(question).answers] == [director]


def test_a_year_that_is_off_by_one_still_helps(ask: Ask) -> None:
    assert [item.text for item in ask("how long is Psycho 1999").answers] == ["104"]


def test_the_kind_decides_between_titles_of_one_name(ask: Ask) -> None:
    series = ask("who played Emma Peel in the tv series The Avengers")
    assert [item.text for item in series.answers] == ["Diana Rigg"]
    film = ask("who played Emma Peel in the movie The Avengers")
    assert [item.text for item in film.answers] == ["Uma Thurman"]


@pytest.mark.parametrize(
    ("question", "year"),
    [
        ("when did the first Toy Story come out", "1995"),
        ("when did the second Toy Story come out", "1999"),
        ("when did the third Toy Story movie come out", "2010"),
        ("when did the latest Toy Story come out", "2010"),
        ("when did the first Matrix come out", "1999"),
        ("when did the new RoboCop come out", "2014"),
        ("when did the first Rocky come out", "1976"),
    ],
)
def test_ordinals_count_the_films_of_a_series(ask: Ask, question: str, year: str) -> None:
    assert [item.text for item in ask(question).answers] == [year]


@pytest.mark.parametrize(
    "question",
    [
        "who directed RoboCop 7",
        "who directed Interstellar 3",
        "who directed the second Goodfellas",
        "who played Neo in the ninth Matrix",
    ],
)
def test_a_sequel_that_does_not_exist_is_no_other_film(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.status is Status.UNKNOWN
    assert answer.answers == ()


@pytest.mark.parametrize(
    ("question", "both"),
    [
        (
            "who directed Psycho",
            ("Alfred Hitchcock directed Psycho (1960)", "Gus Van Sant directed Psycho (1998)"),
        ),
        ("how long is RoboCop", ("RoboCop (1987) runs 102", "RoboCop (2014): 117")),
        ("who is in Psycho", ("Psycho (1960)", "Psycho (1998)")),
        ("when did The Avengers come out", ("2012", "The Avengers (1998)")),
    ],
)
def test_two_titles_of_one_name_are_both_named(ask: Ask, question: str, both: tuple[str, str]) -> None:
    text = ask(question).text
    assert both[0] in text
    assert both[1] in text


def test_the_proof_holds_the_other_version_too(ask: Ask) -> None:
    answer = ask("who directed Psycho")
    assert [(record.person, record.year) for record in answer.evidence] == [
        ("Alfred Hitchcock", 1960),
        ("Gus Van Sant", 1998),
    ]


@pytest.mark.parametrize(
    "question", ["who directed Qwortzel Flambang", "cast of Zzyzx Quux", "how long is Qwortzel"]
)
def test_a_title_that_nobody_made_is_unknown(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.status is Status.UNKNOWN
    assert answer.text.startswith("I know no title ")


def hit(name: str, year: int) -> TitleHit:
    return TitleHit(Title(TitleId(year), name, "movie", year=year, votes=1_000_000), 0.9, 8.0)


def test_a_number_is_that_of_the_episode_whenever_it_came_out() -> None:
    first = hit("Star Wars: Episode IV - A New Hope", 1977)
    members = [first, *(hit(f"Star Wars: Episode {number}", 1990 + at) for at, number in enumerate("I II"))]
    assert numbered(members, 4) is first
    assert numbered([hit("The Matrix", 1999)], 4) is None


def test_what_only_ends_in_a_name_came_before_its_series() -> None:
    before = hit("The Lost Empire: Alien Dawn", 1990)
    first = dataclasses.replace(hit("Alien Dawn", 2001), relation="exact")
    later = hit("Alien Dawn: Return", 2003)
    assert series_members([before, first, later], "Alien Dawn") == [first, later]
    assert series_members([before, later], "Alien Dawn") == [before, later]


def test_a_hero_or_a_series_may_be_said_before_a_name() -> None:
    longer = match("Batman: The Dark Knight Returns", "holds")
    near = [longer, match("The Dark Knight", "fuzzy")]
    assert 0.8 < within("batman dark knight", ["The Dark Knight"], near)["The Dark Knight"] < 0.9
    assert within("nolans dark knight", ["The Dark Knight"], near) == {}
    assert within("batman was it that played in dark knight", ["The Dark Knight"], near) == {}


def match(name: str, relation: Relation) -> NameMatch:
    return NameMatch(1, name, 0.6, 1.0, relation, 0.0, 0.0)
