"""The language a plot is in, as the genre models tell it."""

from __future__ import annotations

from indexer.predictors.genre.preprocessing import language
from legacy_clients.said import Language

_SURE = 0.5  # below, of a few words, the likeliest language means nothing


def language_of(text: str) -> Language | None:
    """The likeliest language; ``None`` where the text is too short or too odd to tell."""
    found = language(text)
    if not found.code or found.probability < _SURE:
        return None
    return Language(code=found.code, probability=round(min(1.0, found.probability), 4))
