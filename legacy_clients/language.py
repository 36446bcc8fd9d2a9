"""The language a plot is in, by py3langid's n-grams."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from legacy_clients.said import Language

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_NONE = "zxx"  # signs without a language
_SURE = 0.5  # below, of a few words, the likeliest of a hundred languages means nothing


def language_of(text: str) -> Language | None:
    """The likeliest language; ``None`` where the text is too short or too odd to tell."""
    code, share = _identifier().classify(text)
    share = round(min(1.0, float(share)), 4)
    return Language(code=str(code), probability=share) if share >= _SURE and code != _NONE else None


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
