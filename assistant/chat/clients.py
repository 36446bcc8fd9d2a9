"""Who asks: a browser by its key, a client by its address, which proxies pass on in X-Forwarded-For."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Protocol, TypeAlias

from starlette.datastructures import Headers
from starlette.types import Scope

from assistant.chat.keys import key_of
from indexer.errors import InputError

Network: TypeAlias = IPv4Network | IPv6Network
NOBODY = "unknown"  # the address of a client that has none, on a local socket
_PASSED_ON = (
    b"x-forwarded-for",
    b"x-forwarded-proto",
    b"x-forwarded-host",
    b"x-forwarded-server",
    b"forwarded",
)


@dataclass(frozen=True)
class Visitor:
    """Whose question it is; ``key`` is None without our cookie."""

    address: str
    key: str | None = None


class _Client(Protocol):
    host: str


class Asking(Protocol):
    """A request, Gradio's or Starlette's."""

    @property
    def cookies(self) -> Mapping[str, str]:
        """By name."""

    @property
    def client(self) -> object:
        """With a ``host``; None where there is none."""


def visitor_of(request: Asking) -> Visitor:
    """Who sent a request; the Gate has put the client's own address into it."""
    host = getattr(request.client, "host", None)
    return Visitor(host if isinstance(host, str) else NOBODY, key_of(request.cookies))


class Proxies:
    """The proxies that are believed when they say for whom they ask; nobody else is."""

    def __init__(self, named: Iterable[str] = ()) -> None:
        """Addresses or networks. Raises InputError for anything else."""
        self._networks = [_network(name) for name in named]

    def seen_through(self, scope: Scope) -> Scope:
        """The request as the proxies pass it on: the client's address and scheme, without their headers.

        What anybody else passes on is dropped; ``passed_on`` in the scope then says that there was something.
        """
        headers = Headers(scope=scope)
        kept = [pair for pair in scope["headers"] if pair[0] not in _PASSED_ON]
        seen = {**scope, "headers": kept, "passed_on": len(kept) < len(scope["headers"])}
        peer = scope["client"][0] if scope.get("client") else NOBODY
        if not self.believed(peer):
            return seen
        seen["client"] = (self._client(peer, headers.getlist("x-forwarded-for")), 0)
        scheme = headers.get("x-forwarded-proto", "").strip().lower()
        return {**seen, "scheme": scheme} if scheme in ("http", "https") else seen

    def believed(self, address: str) -> bool:
        """Whether an address is one of them."""
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self._networks)

    def _client(self, peer: str, headers: list[str]) -> str:
        """The last address that is none of ours: what stands before it, anybody may have written."""
        told = [part.strip() for header in headers for part in header.split(",")]
        for address in reversed(told):
            if not _is_address(address):
                return peer
            if not self.believed(address):
                return str(ip_address(address))
            peer = address
        return peer


def is_here(address: str) -> bool:
    """Whether an address is this machine's own (loopback)."""
    return _is_address(address) and ip_address(address).is_loopback


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _network(name: str) -> Network:
    try:
        return ip_network(name.strip())
    except ValueError as error:
        raise InputError(
            f"--proxy {name!r} is no address: expected one such as 127.0.0.1 or 10.0.0.0/8"
        ) from error
