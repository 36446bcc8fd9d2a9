"""Who is let in to a served page: by which name they ask for it, through which proxy, with which password."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.chat.clients import Proxies
from assistant.chat.hosts import LOOPBACK, allowed_hosts
from assistant.chat.limits import Limits
from assistant.chat.password import Password


@dataclass(frozen=True)
class Access:
    """By default this machine alone, without a proxy or a password."""

    hosts: frozenset[str] = LOOPBACK
    proxies: Proxies = field(default_factory=Proxies)
    password: Password | None = None


@dataclass(frozen=True)
class Options:
    """What a command asks for: names the page goes by, proxies to believe, and how much is answered."""

    hosts: Sequence[str] = ()
    proxies: Sequence[str] = ()
    limits: Limits = field(default_factory=Limits)

    def access(self, address: str, host: str) -> Access:
        """For a page that listens on ``address``, got from ``host``; the password is the environment's.

        Raises InputError for a proxy that is no address, and for half a password.
        """
        names = allowed_hosts(address, host, self.hosts)
        return Access(names, Proxies(self.proxies), Password.from_environment())
