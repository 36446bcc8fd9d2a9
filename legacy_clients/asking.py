"""Asking the genre service over HTTP."""

from __future__ import annotations

import math
from dataclasses import dataclass
from urllib.parse import quote

import httpx

from legacy_clients.classes import GENRES, MAX_CHARACTERS, MODEL_ROUTE, PARAMETER, ROUTE

_TIMEOUT_S = 20.0
_MODEL_TIMEOUT_S = 5.0
_MAX_ENCODED = 60_000  # httpx allows 65,536 characters in a query; most letters outside ASCII take six
_MAX_SUMMARY = 300


class AskingFailed(Exception):
    """There is no answer; the message says why and what to do, for a person to read."""


@dataclass(frozen=True)
class Share:
    """One genre and its part of a plot, 0..1."""

    genre: str
    share: float


class Service:
    """The genre service at an address."""

    def __init__(self, url: str, transport: httpx.BaseTransport | None = None) -> None:
        self.url, self._transport = url.rstrip("/"), transport

    def ask(self, plot: str) -> list[Share]:
        """The six genres, likeliest first. Raises AskingFailed where the service is down or refuses."""
        return ask_server(self.url, plot, self._transport)

    def model(self) -> str | None:
        """Which model answers and how good it is, in a sentence; ``None`` where the service does not say.

        Raises AskingFailed where there is no service.
        """
        try:
            with self._client(_MODEL_TIMEOUT_S) as client:
                answer = client.get(self.url + MODEL_ROUTE)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _no_service(self.url, error) from error
        try:
            return str(answer.json()["model"]["summary"])[:_MAX_SUMMARY]
        except (ValueError, KeyError, TypeError):
            return None  # an older service

    def _client(self, seconds: float) -> httpx.Client:
        return httpx.Client(timeout=seconds, transport=self._transport, trust_env=False)


def ask_server(url: str, plot: str, transport: httpx.BaseTransport | None = None) -> list[Share]:
    """The six genres, likeliest first. Raises AskingFailed where the service is down or refuses."""
    if len(plot) > MAX_CHARACTERS:
        raise AskingFailed(f"The description has {len(plot):,} characters: the limit is {MAX_CHARACTERS:,}.")
    if len(quote(plot)) > _MAX_ENCODED:
        raise AskingFailed("The description is too long for an address: shorten it.")
    try:
        with httpx.Client(timeout=_TIMEOUT_S, transport=transport, trust_env=False) as client:
            answer = client.get(url.rstrip("/") + ROUTE, params={PARAMETER: plot})
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise _no_service(url, error) from error
    if answer.status_code != 200:
        raise AskingFailed(f"The server refused ({answer.status_code}): {_message(answer)}")
    return sorted(_shares(answer), key=lambda share: -share.share)


def _no_service(url: str, error: Exception) -> AskingFailed:
    if isinstance(error, httpx.TimeoutException):
        return AskingFailed(f"The server at {url} does not answer in time. Try again later.")
    return AskingFailed(
        f"The server at {url} cannot be reached. Start it with: python -m legacy_clients server"
    )


def _shares(answer: httpx.Response) -> list[Share]:
    try:
        numbers = answer.json()["probabilities"]
        found = [Share(genre, float(numbers[str(number)])) for number, genre in enumerate(GENRES)]
    except (ValueError, KeyError, TypeError) as error:
        raise AskingFailed("The server's answer is not one of the genre service: check --url.") from error
    if not all(math.isfinite(share.share) and 0 <= share.share <= 1 for share in found):
        raise AskingFailed("The server's answer holds numbers that are no probabilities: check --url.")
    return found


def _message(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["message"])[:300]
    except (ValueError, KeyError, TypeError):
        return answer.reason_phrase
