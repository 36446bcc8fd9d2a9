import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
import numpy as np
import pytest
from flask.testing import FlaskClient

from indexer.errors import IndexUnusable, ResourceError
from indexer.index import Index
from indexer.predictors.genre import GenreModel
from legacy_clients.classes import MAX_CHARACTERS, PARAMETER, ROUTE
from legacy_clients.server import classifier, create_app, listen


def by_length(plot: str) -> list[float]:
    """All on the genre numbered by the plot's length."""
    if plot == "boom":
        raise RuntimeError("the model broke")
    return [float(number == len(plot) % 6) for number in range(6)]


@pytest.fixture
def client() -> FlaskClient:
    return create_app(by_length, ["films.example"]).test_client()


def test_six_probabilities_numbered_as_the_original_did(client: FlaskClient) -> None:
    answer = client.get(ROUTE, query_string={PARAMETER: "abc"})
    assert answer.status_code == 200
    assert answer.get_json() == {
        "probabilities": {"0": 0.0, "1": 0.0, "2": 0.0, "3": 1.0, "4": 0.0, "5": 0.0}
    }


def test_a_json_content_type_changes_nothing(client: FlaskClient) -> None:
    answer = client.get(ROUTE, query_string={PARAMETER: "abc"}, headers={"Content-Type": "application/json"})
    assert answer.status_code == 200


@pytest.mark.parametrize("query", [{}, {PARAMETER: ""}, {PARAMETER: " \n"}, {"description": "abc"}])
def test_no_description_is_a_400_that_shows_how(client: FlaskClient, query: dict[str, str]) -> None:
    answer = client.get(ROUTE, query_string=query)
    assert answer.status_code == 400
    assert f"{ROUTE}?{PARAMETER}=" in answer.get_json()["message"]


def test_a_description_too_long_is_a_413_that_says_the_limit(client: FlaskClient) -> None:
    assert client.get(ROUTE, query_string={PARAMETER: "x" * MAX_CHARACTERS}).status_code == 200
    answer = client.get(ROUTE, query_string={PARAMETER: "x" * (MAX_CHARACTERS + 1)})
    assert answer.status_code == 413
    assert "20,001 characters: the limit is 20,000" in answer.get_json()["message"]


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/", 404), ("GET", "/small_bert", 404), ("POST", ROUTE, 405)]
)
def test_every_error_is_json(client: FlaskClient, method: str, path: str, status: int) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code == status
    assert answer.content_type == "application/json"
    assert answer.get_json()["message"]
    if status == 405:
        assert "GET" in answer.headers["Allow"]


def test_a_failing_model_is_a_500_without_its_inner_words(client: FlaskClient) -> None:
    answer = client.get(ROUTE, query_string={PARAMETER: "boom"})
    assert answer.status_code == 500
    assert answer.content_type == "application/json"
    assert "broke" not in answer.get_data(as_text=True)


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
    answer = client.get(ROUTE, query_string={PARAMETER: "abc"}, headers={"Host": host})
    assert answer.status_code == status
    assert answer.content_type == "application/json"


class Constant:
    """An encoder that finds the same in every text."""

    width = 2

    def encode_one(self, text: str) -> Any:
        return np.array([1, 0], dtype=np.float32)


def test_the_shares_of_an_index_s_model_sum_to_one() -> None:
    model = GenreModel(
        ["Drama", "Horror", "Western"],
        np.array([[0, 2, -1], [0, 0, 0]], dtype=np.float32),
        np.zeros(3, dtype=np.float32),
    )
    classify = classifier(cast("Index", SimpleNamespace(genre=model, encoder=Constant())))
    shares = classify("anything")
    assert sum(shares) == pytest.approx(1)
    assert np.argsort(shares)[::-1][:3].tolist() == [3, 0, 5]


def test_an_index_without_a_genre_model_says_how_to_get_one() -> None:
    with pytest.raises(IndexUnusable, match="python -m indexer build"):
        classifier(cast("Index", SimpleNamespace(genre=None, encoder=None)))


@pytest.fixture
def address() -> Iterator[str]:
    server = listen(create_app(by_length), "127.0.0.1", 0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(10)


def test_it_answers_over_a_real_socket(address: str) -> None:
    with httpx.Client(trust_env=False) as client:
        answer = client.get(address + ROUTE, params={PARAMETER: "ab"})
        assert answer.json()["probabilities"]["2"] == 1.0
        assert client.get(address + "/nowhere").json()["message"]
        assert json.loads(client.post(address + ROUTE).text)["message"]


def test_a_taken_port_names_the_option_that_changes_it() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ResourceError, match=rf"port {port} on 127.0.0.1 is taken .* --port"):
            listen(create_app(by_length), "127.0.0.1", port)


def test_no_index_is_one_line_and_exit_status_1(tmp_path: Path) -> None:
    import subprocess
    import sys

    command = [sys.executable, "-m", "legacy_clients", "server", "--index", str(tmp_path / "none")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("error: ")
    assert "Traceback" not in done.stderr
