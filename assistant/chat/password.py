"""The name and password that a page may ask for (HTTP Basic), given in the environment."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from indexer.errors import InputError

USER, PASSWORD = "WHOPLAYED_USER", "WHOPLAYED_PASSWORD"
CHALLENGE = 'Basic realm="Whoplayed", charset="UTF-8"'


@dataclass(frozen=True)
class Password:
    """One name and its password; ``fits`` takes as long for a wrong one as for the right one."""

    user: str
    secret: str = field(repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Password | None:
        """What the environment asks for; None for no password.

        Raises InputError where only one of the two is set, or the name holds a colon.
        """
        user, secret = environment.get(USER, ""), environment.get(PASSWORD, "")
        if bool(user) != bool(secret):
            missing = PASSWORD if user else USER
            raise InputError(f"{missing} is not set: a password needs both {USER} and {PASSWORD}, or neither")
        if ":" in user:
            raise InputError(f"{USER} has a colon, which HTTP Basic cannot send: choose another name")
        return cls(user, secret) if user else None

    def fits(self, authorization: str) -> bool:
        """Whether an Authorization header carries both."""
        scheme, _, sent = authorization.partition(" ")
        if scheme.lower() != "basic":
            return False
        try:
            given = base64.b64decode(sent.strip(), validate=True)
        except (binascii.Error, ValueError):
            return False
        return hmac.compare_digest(_digest(given), _digest(f"{self.user}:{self.secret}".encode()))


def _digest(text: bytes) -> bytes:
    """Of one length, so that not even that of the password shows in the time of a comparison."""
    return hashlib.sha256(text).digest()
