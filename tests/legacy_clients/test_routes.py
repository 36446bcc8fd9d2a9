"""What each route answers over the sample, and how it refuses."""

from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

from assistant.core import Assistant
from indexer.predictors.genre import GenreModel
from legacy_clients.genres import described

SHERIFF = "A sheriff rides into town to face the outlaws who rule it, alone and without fear."


def got(client: FlaskClient, path: str, **query: Any) -> Any:
    answer = client.get(path, query_string=query)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()


def searched(client: FlaskClient, **body: Any) -> Any:
    answer = client.post("/api/search", json=body)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()


def names(found: Any) -> list[tuple[str, int]]:
    return [(each["title"], each["year"]) for each in found]


# --------------------------------------------------------------------------------------------- genres


def test_all_genres_have_a_probability_of_their_own(client: FlaskClient, engine: Assistant) -> None:
    said = got(client, "/genres", description=SHERIFF)
    with engine.reading() as index:
        assert index.genre is not None
        expected = index.genre.predict([SHERIFF], index.encoder)[0]
    assert said["probabilities"] == {name: round(share, 4) for name, share in expected.items()}
    assert list(said["probabilities"].values()) == sorted(said["probabilities"].values(), reverse=True)
    assert said["likely"] == [name for name, share in expected.items() if share > said["thresholds"][name]]
    assert said["language"]["code"] == "en"
    assert said["model"] == got(client, "/model")["model"]


def test_a_plot_told_in_a_body_is_the_same_plot(client: FlaskClient) -> None:
    posted = client.post("/genres", json={"description": SHERIFF})
    assert posted.get_json() == got(client, "/genres", description=SHERIFF)


@pytest.mark.parametrize(
    ("plot", "language"),
    [
        ("Ein Sheriff reitet in die Stadt, um die Banditen allein zu stellen.", "de"),
        ("Un shérif solitaire arrive dans la ville et affronte les bandits.", "fr"),
        ("保安官が町にやって来て、一人で無法者たちに立ち向かう。", "ja"),
        ("🤠🔫🐎", None),
        ("<script>alert('x')</script>", "any"),
    ],
)
def test_the_language_is_told_where_it_can_be(client: FlaskClient, plot: str, language: str | None) -> None:
    said = client.post("/genres", json={"description": plot}).get_json()
    found = said["language"] and said["language"]["code"]
    assert language in ("any", found)
    assert all(0 <= share <= 1 for share in said["probabilities"].values())


def test_the_model_says_what_trained_it_and_how_good_it_is(client: FlaskClient, engine: Assistant) -> None:
    model = got(client, "/model")["model"]
    with engine.reading() as index:
        assert index.genre is not None
        assert model["genres"] == list(index.genre.labels)
        assert model["report"] == index.genre.report
        assert model["build"] == index.manifest["id"]
    assert "movies_metadata.csv" in model["sources"]
    assert model["build"] in model["summary"]
    assert "F1" in model["summary"]


def test_where_rows_of_one_genre_taught_the_six_the_sentence_is_of_them(engine: Assistant) -> None:
    six = {"held_out": 300, "accuracy": 0.756, "macro_f1": 0.717, "ece": 0.03}
    report = {
        "titles": 44_751, "held_out": 8_950, "micro_f1": 0.62, "macro_f1": 0.46,
        "taught_by": {"rows": {"plots": 2_096}}, "quality": {"one": {"held_out": 419, "six": six}},
    }  # fmt: skip
    model = GenreModel(["Drama"], np.zeros((2, 1), np.float32), np.zeros(1, np.float32), report)
    with engine.reading() as index:
        said = described(index, model).summary
        build = index.manifest["id"]
    assert said == (
        f"Trained on 44,751 plots and 2,096 single-genre rows of build {build}; "
        "of the six accuracy 0.76, macro F1 0.72 on 300 that were held out."
    )


# -------------------------------------------------------------------------------------------- similar


def test_titles_like_a_title_and_which_one_was_meant(client: FlaskClient) -> None:
    said = got(client, "/recommend/title/King Kong", k=3)
    assert (said["title"]["title"], said["title"]["year"]) == ("King Kong", 2005)
    assert names(said["others"]) == [("King Kong", 1933), ("King Kong", 1976)]
    assert "King Kong (1933)" in said["note"]
    assert len(said["similar"]) == 3
    for each in said["similar"]:
        assert sum(each["parts"].values()) == pytest.approx(each["score"], abs=0.01)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("King Kong (1933)", ("King Kong", 1933)),
        ("tt0074751", ("King Kong", 1976)),
        ("matrx", ("The Matrix", 1999)),
        ("Matrix, The", ("The Matrix", 1999)),
        ("  it  ", ("It", 2017)),
    ],
)
def test_a_title_is_found_by_year_id_or_about_its_name(
    client: FlaskClient, name: str, found: tuple[str, int]
) -> None:
    said = got(client, f"/recommend/title/{name}", k=1)
    assert (said["title"]["title"], said["title"]["year"]) == found
    assert said["others"] == []
    assert said["note"] is None


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("Face/Off", 404, "no title is called 'Face/Off': the nearest names are"),
        ("qwertyuiop", 404, "check the spelling, or give its id"),
        ("tt9999999", 404, "no title tt9999999 in this index"),
        ("Alien?k=0", 400, "k ('0') must be greater than or equal to 1"),
        ("Alien?k=101", 400, "k ('101') must be less than or equal to 100"),
        ("Alien?k=ten", 400, "k ('ten') must be a valid integer"),
        ("Alien?k=1&k=2", 400, "k is said twice"),
        ("Alien?title=Heat", 400, "title is said twice"),
        ("Alien?n=1", 400, "n is unknown: allowed are title, k"),
        ("x" * 201, 413, "title has 201 characters: the limit is 200"),
        ("%20", 400, "title is blank"),
    ],
)
def test_a_title_that_cannot_be_told_is_refused_in_words(
    client: FlaskClient, path: str, status: int, said: str
) -> None:
    answer = client.get(f"/recommend/title/{path}")
    assert answer.status_code == status
    assert said in answer.get_json()["message"]


def test_titles_like_a_plot_come_from_a_query_or_a_body(client: FlaskClient) -> None:
    plot = "A hacker learns that the world he lives in is a simulation run by machines."
    said = got(client, "/recommend/overview", overview=plot, k=2)
    assert names(said["similar"])[0] == ("The Matrix", 1999)
    assert client.post("/recommend/overview", json={"overview": plot, "k": 2}).get_json() == said


# --------------------------------------------------------------------------------------------- search


def test_names_rank_and_filters_come_first(client: FlaskClient) -> None:
    assert names(searched(client, title="king kong")["results"]) == [
        ("King Kong", 2005),
        ("King Kong", 1933),
        ("King Kong", 1976),
    ]
    said = searched(client, title="king kong", year_from=1970, year_to=1980)
    assert names(said["results"]) == [("King Kong", 1976)]
    assert (said["total"], said["filtered"]) == (1, searched(client, year_from=1970, year_to=1980)["total"])


def test_what_passes_no_filter_is_not_ranked_however_well_its_name_fits(client: FlaskClient) -> None:
    said = searched(client, title="The Matrix", genre=["Western"])
    assert (said["results"], said["total"]) == ([], 0)
    assert said["filtered"] > 0


def test_people_and_characters_are_found_in_titles(client: FlaskClient) -> None:
    said = searched(client, person="Keanu Reeves", title="matrix")
    assert names(said["results"])[0] == ("The Matrix", 1999)
    assert set(said["results"][0]["parts"]) >= {"name", "cast"}
    assert names(searched(client, director="Ridley Scott", genre=["horror"])["results"]) == [("Alien", 1979)]
    assert ("The Matrix", 1999) in names(searched(client, character="Morpheus")["results"])
    assert searched(client, person="Nobody Whosoever")["results"] == []


def test_filters_alone_list_by_votes_and_every_value_counts(client: FlaskClient) -> None:
    said = searched(client, genre=["Horror"], type=["MOVIE"], min_rating=8.0, min_votes=100_000)
    assert said["results"]
    for each in said["results"]:
        assert "Horror" in each["genres"]
        assert (each["type"], each["score"]) == ("movie", None)
        assert each["rating"] >= 8
        assert each["votes"] >= 100_000
    votes = [each["votes"] for each in said["results"]]
    assert votes == sorted(votes, reverse=True)
    assert said["total"] == said["filtered"] == len(votes)


def test_pages_follow_each_other_without_gap_or_repetition(client: FlaskClient) -> None:
    whole = searched(client, per_page=50)
    pages = [searched(client, per_page=20, page=page)["results"] for page in (1, 2, 3)]
    assert [each for page in pages for each in page][:50] == whole["results"]
    assert whole["total"] == 120
    assert searched(client, per_page=50, page=4)["results"] == []
    years = [each["year"] for each in searched(client, person="Keanu Reeves", order="year")["results"]]
    assert len(years) > 2
    assert years == sorted(years, reverse=True)


@pytest.mark.parametrize(
    ("body", "status", "field", "said"),
    [
        ({"year": "1999"}, 422, "year", "year ('1999') must be a valid integer"),
        ({"year": True}, 422, "year", "must be a valid integer"),
        ({"year": 1200}, 422, "year", "year (1200) must be greater than or equal to 1850"),
        ({"year": 1999, "year_to": 2000}, 422, "", "year goes without year_from and year_to"),
        ({"year_from": 2000, "year_to": 1999}, 422, "", "year_from 2000 is after year_to 1999"),
        ({"genre": ["Horor"]}, 422, "genre", "genre ('Horor') must be one of Action, Adventure"),
        ({"genre": "Horror"}, 422, "genre", "must be a valid array"),
        ({"type": ["film"]}, 422, "type", "type ('film') must be one of movie, tvSeries"),
        ({"min_votes": -1}, 422, "min_votes", "min_votes (-1) must be greater than or equal to 0"),
        ({"min_rating": 11}, 422, "min_rating", "min_rating (11) must be less than or equal to 10"),
        ({"order": "best"}, 422, "order", "must be 'relevance', 'votes', 'rating', 'year' or 'runtime'"),
        ({"page": 0}, 422, "page", "page (0) must be greater than or equal to 1"),
        ({"per_page": 51}, 422, "per_page", "per_page (51) must be less than or equal to 50"),
        ({"page": 21, "per_page": 50}, 422, "", "page 21 of 50 lies beyond the first 1000 titles"),
        ({"title": ""}, 422, "title", "title is empty"),
        ({"title": " \t"}, 422, "title", "title is blank"),
        ({"title": "x" * 201}, 413, "title", "title has 201 characters: the limit is 200"),
        ({"title": {"a": 1}}, 422, "title", "must be a valid string"),
        ({"name": "Alien"}, 422, "name", "name is unknown: allowed are title, person, director"),
        ([], 422, "", "must be an object"),
        ("Alien", 422, "", "must be an object"),
    ],
)
def test_a_bad_search_names_field_value_and_what_is_allowed(
    client: FlaskClient, body: Any, status: int, field: str, said: str
) -> None:
    answer = client.post("/api/search", json=body)
    assert answer.status_code == status
    told = answer.get_json()
    assert said in told["message"]
    assert told["errors"][0]["field"] == field


def test_a_fault_carries_its_limit_or_what_is_allowed(client: FlaskClient) -> None:
    body = {"min_votes": -1, "order": "best", "genre": ["x"] * 9, "q": 1}
    faults = {each["field"]: each for each in client.post("/api/search", json=body).get_json()["errors"]}
    assert (faults["min_votes"]["value"], faults["min_votes"]["limit"]) == (-1, 0)
    assert faults["order"]["allowed"] == ["relevance", "votes", "rating", "year", "runtime"]
    assert faults["genre"]["limit"] == 8
    assert "per_page" in faults["q"]["allowed"]


# -------------------------------------------------------------------------------------------- records


def test_a_title_s_record_is_the_catalogue_s_with_what_its_vector_says(
    client: FlaskClient, engine: Assistant
) -> None:
    said = got(client, "/api/title/tt0133093")
    with engine.reading() as index:
        title = index.catalog.title(133093)
        assert title is not None
        assert said["overview"] == index.catalog.overview(133093)
        assert len(said["credits"]) == len(index.catalog.credits_of_title(133093))
    assert (said["title"], said["year"], said["runtime_minutes"]) == (title.name, title.year, title.runtime)
    assert said["credits"][0] == {
        "person_id": "nm0000206",
        "person": "Keanu Reeves",
        "category": "actor",
        "job": None,
        "characters": ["Neo"],
    }
    assert "The Matrix Reloaded" in [each["title"] for each in said["near"]]
    read = {each["field"]: each for each in said["reconstructed"]}
    assert read["genres"]["catalogue"] == ["Action", "Sci-Fi"]
    assert {"Action", "Sci-Fi"} & set(read["genres"]["vector"])
    assert abs(read["year"]["vector"] - 1999) < 30
    assert read["cast"]["vector"] is None
    assert read["cast"]["nats"] > 0


def test_an_episode_knows_its_series_and_a_series_its_size(client: FlaskClient, engine: Assistant) -> None:
    with engine.reading() as index:
        series = next(
            title.id for title in index.catalog.iter_titles() if index.catalog.episode_counts(title.id)[0]
        )
    said = got(client, f"/api/title/tt{series:07d}")
    assert said["episodes"] > 0
    assert said["series"] is None


def test_a_person_s_record_has_so_many_credits_as_asked_for(client: FlaskClient) -> None:
    said = got(client, "/api/person/nm0000206", credits=2)
    assert (said["person"], said["born"], said["died"]) == ("Keanu Reeves", 1964, None)
    assert len(said["credits"]) == 2 < said["credits_total"]
    assert said["credits"][0]["title_id"] == "tt0133093"
    assert {each["field"] for each in said["reconstructed"]} >= {"person", "born", "profession"}


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/api/title/tt9999999", 404, "no title tt9999999"),
        ("/api/person/nm9999999", 404, "no person nm9999999"),
        ("/api/title/133093", 400, "'133093' is not a title id: expected tt and 7 to 9 digits"),
        ("/api/title/nm0000206", 400, "is not a title id"),
        ("/api/person/tt0133093", 400, "is not a person id"),
        ("/api/title/a/b", 400, "is not a title id"),
        ("/api/title/%F0%9F%98%80", 400, "is not a title id"),
        ("/api/title/" + "9" * 21, 413, "id has 21 characters"),
        ("/api/person/nm0000206?credits=1001", 400, "must be less than or equal to 1000"),
    ],
)
def test_what_is_no_record_is_said(client: FlaskClient, path: str, status: int, said: str) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert said in answer.get_json()["message"]
