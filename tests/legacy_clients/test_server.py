"""The service as a whole: the original route, who is served, load, a new build, what goes wrong."""

import json
import logging
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPResponse
from pathlib import Path

import httpx
import pytest
from flask.testing import FlaskClient

from assistant.core import Assistant
from indexer.errors import ResourceError
from legacy_clients.classes import MAX_BODY, MAX_CHARACTERS, PARAMETER, ROUTE
from legacy_clients.server import HEADERS, create_app, listen, warmed
from tests.legacy_clients.conftest import Broken, listening

PLOT = "A sheriff rides into town to face the outlaws alone."


# --------------------------------------------------------------------------------- the original route


def test_the_original_answer_is_what_it_was_letter_by_letter(client: FlaskClient, engine: Assistant) -> None:
    answer = client.get(ROUTE, query_string={PARAMETER: PLOT})
    with engine.reading() as index:
        assert index.genre is not None
        shares = index.genre.six([PLOT], index.encoder)[0].tolist()
    expected = {"probabilities": {str(number): share for number, share in enumerate(shares)}}
    assert answer.get_data(as_text=True) == json.dumps(expected) + "\n"
    assert answer.content_type == "application/json"
    assert sum(shares) == pytest.approx(1)
    assert len(shares) == 6


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ({PARAMETER: PLOT}, {"Content-Type": "application/json"}),
        ({PARAMETER: PLOT, "model": "small"}, {"Accept": "text/html"}),
        ({PARAMETER: "Ein Sheriff 🤠 reitet <b>ein</b>\0"}, {"Host": "films.example:5000"}),
    ],
)
def test_what_older_clients_send_beside_the_plot_changes_nothing(
    client: FlaskClient, query: dict[str, str], headers: dict[str, str]
) -> None:
    answer = client.get(ROUTE, query_string=query, headers=headers)
    assert answer.status_code == 200
    assert list(answer.get_json()["probabilities"]) == list("012345")


@pytest.mark.parametrize("query", [{}, {PARAMETER: ""}, {PARAMETER: " \n"}, {"description": "abc"}])
def test_no_description_is_a_400_that_shows_how(client: FlaskClient, query: dict[str, str]) -> None:
    answer = client.get(ROUTE, query_string=query)
    said = f"say what happens in the film: {ROUTE}?{PARAMETER}=..."
    assert (answer.status_code, answer.get_data(as_text=True)) == (400, json.dumps({"message": said}) + "\n")


def test_a_description_too_long_is_a_413_that_says_the_limit(client: FlaskClient) -> None:
    assert client.get(ROUTE, query_string={PARAMETER: "x" * MAX_CHARACTERS}).status_code == 200
    answer = client.get(ROUTE, query_string={PARAMETER: "x" * (MAX_CHARACTERS + 1)})
    assert answer.status_code == 413
    assert "20,001 characters: the limit is 20,000" in answer.get_json()["message"]


# ------------------------------------------------------------------------------- methods and headers


@pytest.mark.parametrize(
    ("method", "path", "status", "said"),
    [
        ("GET", "/", 404, "/openapi.json lists what there is"),
        ("GET", "/small_bert", 404, "there is nothing at /small_bert"),
        ("GET", "/recommend//title/Alien", 404, "there is nothing"),
        ("GET", "/genres/", 404, "there is nothing"),
        ("POST", ROUTE, 405, "POST is not answered here: use GET, HEAD, OPTIONS"),
        ("DELETE", "/genres", 405, "DELETE is not answered here: use GET, HEAD, OPTIONS, POST"),
        ("GET", "/api/search", 405, "GET is not answered here: use OPTIONS, POST"),
        ("BREW", "/genres", 405, "BREW is not answered here"),
    ],
)
def test_what_is_not_there_is_said_in_json(
    client: FlaskClient, method: str, path: str, status: int, said: str
) -> None:
    answer = client.open(path, method=method)
    assert (answer.status_code, answer.content_type) == (status, "application/json")
    assert said in answer.get_json()["message"]
    assert status == 404 or "OPTIONS" in answer.headers["Allow"]


def test_head_and_options_have_no_body_and_say_the_same(client: FlaskClient) -> None:
    read, head = client.get("/model"), client.head("/model")
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == read.headers["Content-Length"]
    asked = client.options("/genres")
    assert (asked.status_code, asked.data) == (204, b"")
    assert set(asked.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}
    assert "Content-Type" not in asked.headers


@pytest.mark.parametrize("path", ["/model", "/nowhere", "/openapi.json", "/api/title/x"])
def test_every_answer_has_its_guards_and_none_opens_the_service_to_other_sites(
    client: FlaskClient, path: str
) -> None:
    headers = client.get(path, headers={"Origin": "https://elsewhere.example"}).headers
    assert {name: headers[name] for name in HEADERS} == HEADERS
    assert not [name for name, _ in headers if name.lower().startswith("access-control")]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:5000", 200),
        ("localhost", 200),
        ("films.example", 200),
        ("evil.example", 400),
        ("<&>", 400),
        ("", 400),
    ],
)
def test_only_trusted_hosts_are_served(client: FlaskClient, host: str, status: int) -> None:
    answer = client.get("/openapi.json", headers={"Host": host})
    assert (answer.status_code, answer.content_type) == (status, "application/json")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


# ------------------------------------------------------------------------------------------- failures


@pytest.mark.parametrize("path", [f"{ROUTE}?{PARAMETER}=x", "/genres?description=x", "/api/title/tt0133093"])
def test_a_failure_tells_its_id_and_the_log_tells_the_rest(
    path: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = create_app(Broken()).test_client().get(path)
    said = answer.get_json()
    assert (answer.status_code, answer.content_type) == (500, "application/json")
    assert said["id"] in said["message"]
    assert "inner words" not in answer.get_data(as_text=True)
    assert said["id"] in caplog.text
    assert "the inner words of a failure" in caplog.text


def test_a_body_over_the_limit_is_a_413_wherever_it_is_noticed(address: str, client: FlaskClient) -> None:
    answer = client.post("/genres", data=b"x" * 1_000_000, content_type="application/json")
    assert (answer.status_code, answer.get_json()) == (
        413,
        {"message": f"the body is too long: the limit is {MAX_BODY:,} bytes"},
    )
    with httpx.Client(trust_env=False) as http:
        huge = http.post(f"{address}/genres", content=b"x" * (17 * MAX_BODY))
    assert (huge.status_code, huge.headers["Content-Type"]) == (413, "application/json")
    assert huge.json()["message"]


def test_what_is_no_http_is_refused_in_json(address: str) -> None:
    with socket.create_connection(("127.0.0.1", httpx.URL(address).port or 0), 10) as line:
        line.sendall(b"GET / HTTP/1.1\r\nContent-Length: many\r\n\r\n")
        answer = HTTPResponse(line)
        answer.begin()
        said = json.loads(answer.read())
    assert answer.status == 400
    assert said["message"]


def test_a_taken_port_names_the_option_that_changes_it(engine: Assistant) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ResourceError, match=rf"port {port} on 127.0.0.1 is taken .* --port"):
            listen(create_app(engine), "127.0.0.1", port)


def test_no_index_is_one_line_and_exit_status_1(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "legacy_clients", "server", "--index", str(tmp_path / "none")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("error: ")
    assert "Traceback" not in done.stderr


# ------------------------------------------------------------------------------------ load, new builds


def test_twenty_clients_at_once_are_all_answered(address: str) -> None:
    paths = [
        f"{ROUTE}?{PARAMETER}={PLOT}",
        "/genres?description=Two robots fall in love",
        "/recommend/title/Alien",
        "/api/title/tt0133093",
        "/api/person/nm0000206",
    ]
    together = threading.Barrier(20)

    def ask(number: int) -> list[int]:
        with httpx.Client(base_url=address, trust_env=False, timeout=60) as http:
            together.wait(60)
            found = [http.get(path).status_code for path in paths[number % 5 :] + paths[: number % 5]]
            return [*found, http.post("/api/search", json={"title": "king kong"}).status_code]

    with ThreadPoolExecutor(20) as pool:
        assert list(pool.map(ask, range(20))) == [[200] * 6] * 20


@pytest.fixture
def own_copy(sample_index: Path, tmp_path: Path) -> Iterator[Path]:
    """The sample's index where a test may change it."""
    place = tmp_path / "index"
    shutil.copytree(sample_index, place)
    yield place


def another_build(place: Path, name: str) -> Path:
    """The build that serves once more under another name, which serves from now on."""
    old = place / "builds" / (place / "current").read_text().strip()
    new = old.with_name(name)
    shutil.copytree(old, new)
    manifest = json.loads((new / "manifest.json").read_text())
    (new / "manifest.json").write_text(json.dumps({**manifest, "id": name}))
    return new


def test_a_new_build_is_served_without_a_restart_and_what_it_lacks_is_said(own_copy: Path) -> None:
    assistant = Assistant.open(own_copy)
    client = create_app(assistant).test_client()
    first = client.get("/model").get_json()["model"]["build"]
    lesser = another_build(own_copy, "20990101T000000000Z-aaaaaa")
    for part in ("models/genre", "models/joint", "models/names", "vectors"):
        shutil.rmtree(lesser / part)
    (own_copy / "current").write_text(lesser.name)
    for path in (f"{ROUTE}?{PARAMETER}=x", "/genres?description=x", "/model", "/recommend/title/Alien"):
        answer = client.get(path)
        assert answer.status_code == 503
        assert "python -m indexer build" in answer.get_json()["message"]
    assert client.post("/api/search", json={"title": "Alien"}).status_code == 503
    assert client.post("/api/search", json={"year": 1999}).get_json()["total"] > 0
    record = client.get("/api/title/tt0133093").get_json()
    assert (record["title"], record["near"], record["reconstructed"]) == ("The Matrix", [], None)
    assert [lack.split(":")[0] for lack in warmed(assistant.index)] == [
        "this index has no genre model",
        "this index has no vectors of overviews",
    ]
    (own_copy / "current").write_text(first)
    assert client.get("/model").get_json()["model"]["build"] == first
    assistant.close()


def test_a_request_under_way_ends_on_the_build_it_began_with(own_copy: Path) -> None:
    assistant = Assistant.open(own_copy)
    with assistant.reading() as held:
        newer = another_build(own_copy, "20990101T000000000Z-bbbbbb")
        (own_copy / "current").write_text(newer.name)
        with listening(assistant) as address, httpx.Client(trust_env=False) as http:
            assert http.get(f"{address}/model", timeout=60).json()["model"]["build"] == newer.name
        assert held.directory != newer
        assert held.catalog.title(133093) is not None
    assistant.close()
