"""The door over a scripted assistant: how it is, what it counts, who may come in."""

from __future__ import annotations

import asyncio
import base64
import threading

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount

from assistant.answer import Answer, Status
from assistant.chat.clients import Proxies, Visitor
from assistant.chat.door import Door
from assistant.chat.gate import Gate
from assistant.chat.limits import Limits, Rate
from assistant.chat.opening import OpeningAssistant
from assistant.chat.password import PASSWORD, USER, Password
from assistant.chat.service import Service, TookTooLong, TooOften
from indexer.errors import InputError
from tests.assistant.chat.fakes import ScriptedAssistant

VISITOR = Visitor("127.0.0.1", "0123456789012345678901")
OTHER = Visitor("127.0.0.1", "1123456789012345678901")
FEW = Limits(browser=Rate(2, 1), address=Rate(3, 1), requests=Rate(5, 1), passwords=Rate(2, 1))


class Entrance:
    """A gate with a door, before an application that says "page" to everything."""

    def __init__(self, service: Service, password: Password | None = None, client: str = "127.0.0.1") -> None:
        page = Starlette(routes=[Mount("/", PlainTextResponse("page"))])
        self._gate = Gate(page, proxies=Proxies(["10.0.0.1"]), check=Door(service, password))
        self._client = client

    def ask(self, path: str, method: str = "GET", **headers: str) -> httpx.Response:
        async def asking() -> httpx.Response:
            transport = httpx.ASGITransport(self._gate, client=(self._client, 1))
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
                named = {name.replace("_", "-"): value for name, value in headers.items()}
                return await client.request(method, path, headers=named)

        return asyncio.run(asking())


def _figures(service: Service) -> dict[str, float]:
    """Every sample that is not nothing, as "name{label=value}"."""
    families = text_string_to_metric_families(service.figures.text().decode())
    return {
        f"{sample.name}{[value for _, value in sorted(sample.labels.items())]}": sample.value
        for family in families
        for sample in family.samples
        if family.name.startswith("whoplayed")
    }


def test_health_is_opening_then_ready_then_names_the_build() -> None:
    released = threading.Event()

    def slowly() -> ScriptedAssistant:
        released.wait(20)
        return ScriptedAssistant()

    opening = OpeningAssistant(slowly)
    door = Entrance(Service(opening))
    opening.start()
    response = door.ask("/healthz")
    assert (response.status_code, response.json()) == (503, {"status": "opening", "build": None})
    assert "content-security-policy" in response.headers
    released.set()
    opening.wait(20)
    assert (door.ask("/healthz").status_code, door.ask("/healthz").json()["status"]) == (200, "ready")


def test_health_says_that_an_index_could_not_be_opened() -> None:
    def broken() -> ScriptedAssistant:
        raise InputError("broken")

    opening, told = OpeningAssistant(broken), threading.Event()
    opening.start(failed=told.set)
    told.wait(20)
    response = Entrance(Service(opening)).ask("/healthz")
    assert (response.status_code, response.json()["status"]) == (503, "failed")


def test_figures_count_questions_by_status_and_stages_and_no_words() -> None:
    service = Service(ScriptedAssistant())
    asked = service.to(VISITOR)
    asked.answer("who played the Oracle in the first Matrix")
    asked.answer("secret words")
    for question in ("fail", "refuse"):
        with pytest.raises((RuntimeError, InputError)):
            asked.answer(question)
    figures = _figures(service)
    for status, count in (("answered", 1), ("unknown", 1), ("failed", 1), ("invalid", 1)):
        assert figures[f"whoplayed_questions_total['chat', '{status}']"] == count
    assert figures["whoplayed_answer_seconds_count['chat', 'answered']"] == 1
    assert figures["whoplayed_in_flight[]"] == 0
    assert "secret" not in service.figures.text().decode()


def test_figures_tell_what_each_stage_took() -> None:
    class Staged(ScriptedAssistant):
        def answer(self, *_: object, **__: object) -> Answer:
            return Answer(Status.ANSWERED, "x", stages={"read_ms": 3.0, "link_ms": 300.0})

    service = Service(Staged())
    service.to(VISITOR).answer("anything")
    figures = _figures(service)
    assert figures["whoplayed_stage_seconds_sum['read', 'answered']"] == pytest.approx(0.003)
    assert figures["whoplayed_stage_seconds_bucket['0.2', 'link', 'answered']"] == 0
    assert figures["whoplayed_stage_seconds_bucket['0.4', 'link', 'answered']"] == 1


def test_figures_are_for_this_machine_alone() -> None:
    service = Service(ScriptedAssistant())
    assert Entrance(service).ask("/metrics").text.startswith("# HELP")
    assert Entrance(service, client="192.0.2.1").ask("/metrics").status_code == 403
    assert Entrance(service).ask("/metrics", x_forwarded_for="127.0.0.1").status_code == 403
    through = Entrance(service, client="10.0.0.1").ask("/metrics", x_forwarded_for="192.0.2.1")
    assert through.status_code == 403


def test_a_browser_that_asks_too_often_is_told_to_wait_and_others_are_not() -> None:
    service = Service(ScriptedAssistant(), FEW)
    for _ in range(2):
        service.to(VISITOR).answer("hello")
    with pytest.raises(TooOften, match=r"please wait (59|60) seconds") as told:
        service.to(VISITOR).answer("hello")
    assert told.value.seconds in (59, 60)
    assert service.to(OTHER).answer("hello").text == "0 turns, then hello"
    with pytest.raises(TooOften):  # the address has no more, whoever asks
        service.to(Visitor("127.0.0.1")).answer("hello")
    assert service.to(Visitor("192.0.2.1")).answer("hello").text
    assert _figures(service)["whoplayed_questions_total['chat', 'too often']"] == 2


def test_a_program_that_would_be_refused_is_told_when_to_come_back() -> None:
    service = Service(ScriptedAssistant(), FEW)
    door = Entrance(service)
    assert door.ask("/gradio_api/call/ask", "POST").text == "page"
    for _ in range(3):
        service.to(Visitor("127.0.0.1")).answer("hello")
    response = door.ask("/gradio_api/call/ask", "POST")
    assert response.status_code == 429
    assert int(response.headers["retry-after"]) in (59, 60)
    assert "please wait" in response.json()["detail"]
    assert door.ask("/gradio_api/call/ask").text == "page"  # what was taken before is fetched
    assert _figures(service)["whoplayed_refused_requests_total['questions']"] == 1


def test_a_flood_of_requests_is_refused_by_address() -> None:
    door = Entrance(Service(ScriptedAssistant(), FEW), client="10.0.0.1")
    asked = [door.ask("/x", "POST", x_forwarded_for="192.0.2.1").status_code for _ in range(6)]
    assert asked == [200] * 5 + [429]
    assert door.ask("/x", "POST", x_forwarded_for="192.0.2.2").status_code == 200
    assert door.ask("/x", x_forwarded_for="192.0.2.1").status_code == 200


def _basic(user: str, secret: str) -> str:
    return f"Basic {base64.b64encode(f'{user}:{secret}'.encode()).decode()}"


def test_with_a_password_only_its_owner_and_health_checks_come_in() -> None:
    door = Entrance(Service(ScriptedAssistant()), Password("ada", "löve:lace"))
    for path in ("/", "/share/x", "/gradio_api/mcp/", "/chats/x.md"):
        response = door.ask(path)
        assert response.status_code == 401
        assert response.headers["www-authenticate"].startswith('Basic realm="Whoplayed"')
    assert door.ask("/", authorization=_basic("ada", "löve:lace")).text == "page"
    assert door.ask("/", authorization=_basic("ada", "löve:lace").replace("Basic", "basic")).text == "page"
    assert door.ask("/healthz").status_code == 200


@pytest.mark.parametrize(
    "sent", [_basic("ada", "x"), _basic("bob", "secret"), "Basic !", "Basic", "Bearer secret", "secret"]
)
def test_a_wrong_password_is_refused(sent: str) -> None:
    door = Entrance(Service(ScriptedAssistant()), Password("ada", "secret"))
    assert door.ask("/", authorization=sent).status_code == 401


def test_passwords_cannot_be_tried_endlessly() -> None:
    door = Entrance(Service(ScriptedAssistant(), FEW), Password("ada", "secret"), client="10.0.0.1")
    tried = [door.ask("/", authorization=_basic("ada", "x"), x_forwarded_for="192.0.2.1") for _ in range(3)]
    assert [each.status_code for each in tried] == [401, 401, 429]
    assert door.ask("/", authorization=_basic("ada", "secret"), x_forwarded_for="192.0.2.2").text == "page"


def test_half_a_password_is_none() -> None:
    assert Password.from_environment({}) is None
    assert Password.from_environment({USER: "ada", PASSWORD: "x"}) == Password("ada", "x")
    with pytest.raises(InputError, match=f"{PASSWORD} is not set"):
        Password.from_environment({USER: "ada"})
    with pytest.raises(InputError, match=f"{USER} is not set"):
        Password.from_environment({PASSWORD: "x"})
    with pytest.raises(InputError, match="colon"):
        Password.from_environment({USER: "a:b", PASSWORD: "x"})
    assert "secret" not in repr(Password("ada", "secret"))


def test_a_question_past_its_time_gets_a_line_and_a_report(caplog: pytest.LogCaptureFixture) -> None:
    service = Service(ScriptedAssistant(), Limits(seconds=0.01))
    with pytest.raises(TookTooLong, match=r"longer than 0\.01 seconds") as told:
        service.to(VISITOR).answer("wait")
    report = str(told.value).split(" as ")[1][:8]
    assert f"report {report}: a question was given up" in caplog.text
    assert service.to(VISITOR).answer("release").text == "0 turns, then release"
    assert _figures(service)["whoplayed_questions_total['chat', 'late']"] == 1
