"""The names a page may be asked for by, so that no other site's name can be pointed at it (DNS rebinding)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import ip_address

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
ANY = frozenset({"*"})
_HOST = re.compile(r"(?:\[([0-9a-f:.]+)\]|([^\[\]:/@\s]+))(?::[0-9]{0,5})?", re.ASCII | re.IGNORECASE)


def allowed_hosts(address: str, host: str, hosts: Iterable[str] = ()) -> frozenset[str]:
    """The names for a page that listens on ``address``, got from ``host``; ``hosts`` are further names.

    Always this machine's own. ``ANY`` where ``hosts`` has "*", or where every address is listened on
    and nobody has named one: the names this machine has for others are not known here.
    """
    named = frozenset(_plain(name) for name in hosts)
    if "*" in named or (not named and ip_address(address).is_unspecified):
        return ANY
    return LOOPBACK | named | {_plain(address), _plain(host)}


def host_of(header: str) -> str | None:
    """The name in a Host header, without its port; None where it is not one."""
    match = _HOST.fullmatch(header)
    return _plain(match[1] or match[2]) if match else None


def _plain(name: str) -> str:
    """One spelling for each name: small letters, addresses in their short form and without brackets."""
    bare = name.strip("[]").lower()
    try:
        return str(ip_address(bare))
    except ValueError:
        return bare
