"""No request, however odd, gets HTML, a traceback or a fault of the server."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from legacy_clients.asked import (
    Asked,
    AskedGenres,
    AskedLikeOverview,
    AskedLikeTitle,
    AskedPerson,
    AskedSearch,
)

FEW = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
NAMES = st.text(max_size=12) | st.sampled_from(
    ["Alien", "the matrix", "Face/Off", "'; DROP TABLE titles; --"]
)
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | NAMES
ANYTHING = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=6
)
LIKELY = {
    "title": NAMES,
    "person": NAMES,
    "character": NAMES,
    "director": NAMES,
    "year": st.integers(1850, 2100),
    "genre": st.lists(st.sampled_from(["Horror", "drama", "x"]), max_size=2),
    "type": st.lists(st.sampled_from(["movie", "tvSeries"]), max_size=2),
    "min_votes": st.integers(0, 10**7),
    "min_rating": st.floats(0, 10),
    "order": st.sampled_from(["relevance", "votes", "rating", "year", "runtime"]),
    "page": st.integers(1, 60),
    "per_page": st.integers(1, 50),
}
QUERIED: dict[str, type[Asked]] = {
    "/genres": AskedGenres,
    "/recommend/title/Alien": AskedLikeTitle,
    "/recommend/overview": AskedLikeOverview,
    "/api/person/nm0000206": AskedPerson,
}


def is_civil(answer: TestResponse) -> bool:
    """Whether it is JSON, no fault of ours, and says a problem in words."""
    said = answer.get_json()
    good = answer.status_code == 200 or (isinstance(said["message"], str) and said["message"] != "")
    return answer.status_code < 500 and answer.content_type == "application/json" and good


@FEW
@given(body=ANYTHING | st.fixed_dictionaries({}, optional=dict.fromkeys(AskedSearch.model_fields, ANYTHING)))
def test_any_json_is_answered_or_refused_in_json(client: FlaskClient, body: Any) -> None:
    for path in ("/api/search", "/genres", "/recommend/overview"):
        answer = client.post(path, data=json.dumps(body), content_type="application/json")
        assert is_civil(answer)


@FEW
@given(body=st.fixed_dictionaries({}, optional=LIKELY))
def test_any_search_of_good_values_is_answered(client: FlaskClient, body: Any) -> None:
    answer = client.post("/api/search", json=body)
    assert is_civil(answer)
    if answer.status_code == 200:
        assert len(answer.get_json()["results"]) <= body.get("per_page", 20)


@FEW
@given(data=st.data(), path=st.sampled_from(sorted(QUERIED)))
def test_any_query_is_answered_or_refused_in_json(client: FlaskClient, data: Any, path: str) -> None:
    names = st.sampled_from(sorted(QUERIED[path].model_fields)) | NAMES
    values = st.text(max_size=20) | st.integers().map(str)
    query = data.draw(st.lists(st.tuples(names, values), max_size=3))
    assert is_civil(client.get(path, query_string=query))


@FEW
@given(
    text=st.text(max_size=40),
    folder=st.sampled_from(["/recommend/title/", "/api/title/", "/api/person/", "/"]),
)
def test_any_path_is_answered_or_refused_in_json(client: FlaskClient, text: str, folder: str) -> None:
    path = folder + "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "surrogatepass"))
    assert is_civil(client.get(path))


@pytest.mark.parametrize(
    ("body", "kind", "status", "said"),
    [
        (b"", "application/json", 400, "no JSON"),
        (b"{", "application/json", 400, "no JSON"),
        (b"[" * 100_000, "application/json", 400, "recursion limit"),
        (b'{"description": ' + b'{"a":' * 5_000 + b"1" + b"}" * 5_001, "application/json", 400, "recursion"),
        (b"\xff\xfe{}", "application/json", 400, "no JSON"),
        (b'{"description": "\\ud800"}', "application/json", 400, "no JSON"),
        (b'{"description": ' + b"9" * 5_000 + b"}", "application/json", 400, "no JSON"),
        (b'{"description": NaN}', "application/json", 422, "must be a valid string"),
        (b'{"description": "x"}', "text/plain", 415, "Content-Type is text/plain: expected application/json"),
        (b"description=x", "application/x-www-form-urlencoded", 415, "expected application/json"),
        (b'{"description": "x"}', None, 415, "Content-Type is none"),
        (b"{}", "application/json", 422, "description is missing: What happens in the film"),
    ],
)
def test_a_body_that_is_no_question_is_told_why(
    client: FlaskClient, body: bytes, kind: str | None, status: int, said: str
) -> None:
    answer = client.post("/genres", data=body, content_type=kind)
    assert (answer.status_code, answer.content_type) == (status, "application/json")
    assert said in answer.get_json()["message"]


def test_a_post_with_a_query_is_told_where_it_belongs(client: FlaskClient) -> None:
    answer = client.post("/genres?description=x", json={"description": "x"})
    assert (answer.status_code, answer.get_json()["message"]) == (400, "description belongs into the body")
