from __future__ import annotations

import pytest
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import Scope

from assistant.chat.clients import NOBODY, Proxies, Visitor, is_here, visitor_of
from indexer.errors import InputError

KEY = "0123456789012345678901"


def _seen(proxies: Proxies, peer: str | None, **headers: str) -> tuple[str, str, bool]:
    """Whom a request is from, its scheme, and whether somebody unknown passed it on."""
    scope = proxies.seen_through(_scope(peer, **headers))
    assert not [name for name in Headers(scope=scope) if "forwarded" in name]
    return visitor_of(HTTPConnection(scope)).address, scope["scheme"], scope["passed_on"]


def _scope(peer: str | None, **headers: str) -> Scope:
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {
        "type": "http",
        "scheme": "http",
        "path": "/",
        "headers": named,
        "client": None if peer is None else (peer, 1),
    }


def test_without_a_proxy_nobody_is_believed() -> None:
    assert _seen(Proxies(), "127.0.0.1", x_forwarded_for="192.0.2.9", x_forwarded_proto="https") == (
        "127.0.0.1",
        "http",
        True,
    )
    assert _seen(Proxies(), "192.0.2.1") == ("192.0.2.1", "http", False)
    assert _seen(Proxies(), None) == (NOBODY, "http", False)


@pytest.mark.parametrize(
    ("told", "client"),
    [
        ("192.0.2.9", "192.0.2.9"),
        ("198.51.100.7, 192.0.2.9", "192.0.2.9"),  # what stands before it, the client wrote
        ("192.0.2.9, 10.1.2.3", "192.0.2.9"),  # two proxies of ours
        ("nonsense, 192.0.2.9", "192.0.2.9"),
        ("192.0.2.9, nonsense", "127.0.0.1"),
        ("10.1.2.3", "10.1.2.3"),
        ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"),
        ("", "127.0.0.1"),
    ],
)
def test_of_a_believed_proxy_the_last_stranger_is_the_client(told: str, client: str) -> None:
    proxies = Proxies(["127.0.0.1", "10.0.0.0/8"])
    assert _seen(proxies, "127.0.0.1", x_forwarded_for=told)[0] == client


def test_a_stranger_cannot_claim_to_be_passed_on() -> None:
    assert _seen(Proxies(["10.0.0.1"]), "192.0.2.1", x_forwarded_for="192.0.2.9")[0] == "192.0.2.1"


def test_a_believed_proxy_says_the_scheme() -> None:
    proxies = Proxies(["127.0.0.1"])
    assert _seen(proxies, "127.0.0.1", x_forwarded_proto="HTTPS")[1] == "https"
    assert _seen(proxies, "127.0.0.1", x_forwarded_proto="javascript")[1] == "http"


def test_a_proxy_that_is_no_address_is_named() -> None:
    with pytest.raises(InputError, match="--proxy 'nginx' is no address"):
        Proxies(["nginx"])


def test_a_visitor_is_an_address_and_the_key_of_our_cookie() -> None:
    scope = _scope("192.0.2.1", cookie=f"a=b; whoplayed={KEY}")
    assert visitor_of(HTTPConnection(scope)) == Visitor("192.0.2.1", KEY)
    assert visitor_of(HTTPConnection(_scope("192.0.2.1", cookie="whoplayed=x"))).key is None


def test_this_machines_addresses_are_known() -> None:
    assert [is_here(each) for each in ("127.0.0.1", "127.9.9.9", "::1", "192.0.2.1", NOBODY)] == [
        True,
        True,
        True,
        False,
        False,
    ]
