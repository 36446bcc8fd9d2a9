import httpx
import pytest

from legacy_clients.asking import AskingFailed, Service, Share, ask_server
from legacy_clients.classes import MAX_CHARACTERS

URL = "http://127.0.0.1:5000"
NUMBERS = {"0": 0.1, "1": 0.05, "2": 0.5, "3": 0.15, "4": 0.12, "5": 0.08}


def answering(status: int, body: object) -> httpx.MockTransport:
    return httpx.MockTransport(lambda _: httpx.Response(status, json=body))


def test_shares_come_likeliest_first_and_the_plot_travels_whole() -> None:
    asked = []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append((request.url.path, request.url.params["processed_description"]))
        return httpx.Response(200, json={"probabilities": NUMBERS})

    shares = ask_server(URL + "/", "Tom & Jerry: 100% chaos?", httpx.MockTransport(handle))
    assert asked == [("/small_bert/get_probabilities", "Tom & Jerry: 100% chaos?")]
    assert [share.genre for share in shares][:3] == ["comedy", "horror", "action"]
    assert shares[0] == Share("comedy", 0.5)


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (400, {"message": "say what happens"}, r"refused \(400\): say what happens"),
        (500, ["?"], r"refused \(500\): Internal Server Error"),
        (200, {"hello": 1}, "not one of the genre service"),
        (200, {"probabilities": NUMBERS | {"3": "much"}}, "not one of the genre service"),
        (200, {"probabilities": NUMBERS | {"3": 7}}, "no probabilities"),
    ],
)
def test_a_bad_answer_is_a_sentence(status: int, body: object, said: str) -> None:
    with pytest.raises(AskingFailed, match=said):
        ask_server(URL, "plot", answering(status, body))


def test_a_server_that_is_down_says_how_to_start_it() -> None:
    with pytest.raises(AskingFailed, match="python -m legacy_clients server"):
        ask_server("http://127.0.0.1:9", "plot")


def test_a_slow_server_is_a_sentence() -> None:
    def slow(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("slow", request=request)

    with pytest.raises(AskingFailed, match="does not answer in time"):
        ask_server(URL, "plot", httpx.MockTransport(slow))


def test_a_wrong_address_is_a_sentence() -> None:
    with pytest.raises(AskingFailed, match="cannot be reached"):
        ask_server("http://[", "plot")


def test_too_long_a_plot_is_not_sent() -> None:
    with pytest.raises(AskingFailed, match="the limit is 20,000"):
        ask_server(URL, "x" * (MAX_CHARACTERS + 1), answering(200, {}))
    with pytest.raises(AskingFailed, match="shorten it"):
        ask_server(URL, "é" * MAX_CHARACTERS, answering(200, {}))


def test_the_model_s_sentence_is_read_where_the_service_says_it() -> None:
    said = {"model": {"summary": "Trained on 120 plots."}}
    assert Service(URL, answering(200, said)).model() == "Trained on 120 plots."


@pytest.mark.parametrize("body", [{"message": "nothing here"}, [], {"model": None}, "text"])
def test_an_older_service_that_does_not_say_is_no_problem(body: object) -> None:
    assert Service(URL, answering(404, body)).model() is None


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "http://["])
def test_without_a_service_its_model_cannot_be_looked_up(url: str) -> None:
    with pytest.raises(AskingFailed, match="cannot be reached"):
        Service(url).model()
