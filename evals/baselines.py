"""The simple ways of answering a question about a role, to be beaten in the same run on the same items."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from indexer.catalog.records import PERFORMING, Credit, Title
from indexer.text import fold, title_key

if TYPE_CHECKING:
    from indexer.catalog.catalog import Catalog

NEAREST, TITLE_AND_CHARACTER = "nearest character", "title and character by words"
_ASKING = frozenset(
    "who whom whose what which played plays play playing portrayed portrays voiced voices voice does did do "
    "is was were are the a an in on of from as for and by to it that this actor actress character role part "
    "movie film show series tv original name".split()
)  # fmt: skip
_LONGEST = 7  # words of a name
_PER_PHRASE = 20


def nearest_character(catalog: Catalog, question: str) -> dict[str, Any]:
    """Whoever is credited with the character most like a phrase of the question; longest, then most voted."""
    from rapidfuzz import fuzz

    best: tuple[float, Credit] | None = None
    for phrase in _phrases(fold(question)):
        for credit in catalog.credits_of_character(phrase, _PER_PHRASE):
            like = max((fuzz.ratio(phrase, fold(name)) for name in credit.characters), default=0.0)
            score = like / 100 * len(phrase)
            if best is None or score > best[0]:
                best = (score, credit)
    return _reply(catalog, None if best is None else best[1])


def title_and_character(catalog: Catalog, question: str) -> dict[str, Any]:
    """In the most voted title whose whole name is in the question, the character most like the rest."""
    from rapidfuzz import fuzz

    words = fold(question)
    found = _title_named(catalog, words)
    if found is None:
        return nearest_character(catalog, question)
    title, phrase = found
    others = words.replace(phrase, " ", 1)
    rest = " ".join(word for word in others.split() if word not in _ASKING)
    cast = [credit for credit in catalog.credits_of_title(title.id) if credit.category in PERFORMING]
    scored = [
        (fuzz.token_set_ratio(rest, fold(name)), -credit.ordering, credit)
        for credit in cast
        for name in credit.characters or ("",)
    ]
    return _reply(catalog, max(scored, key=lambda row: row[:2])[2] if scored else None)


def _title_named(catalog: Catalog, words: str) -> tuple[Title, str] | None:
    for phrase in sorted(_phrases(words), key=len, reverse=True):
        key = title_key(phrase)
        for title in catalog.titles(catalog.search_titles(phrase, _PER_PHRASE)).values():
            if title_key(title.name) == key:
                return title, phrase
    return None


def _phrases(words: str) -> Iterator[str]:
    """Runs of up to seven words that hold more than words of asking."""
    split = words.split()
    for first in range(len(split)):
        for end in range(first + 1, min(first + _LONGEST, len(split)) + 1):
            if not set(split[first:end]) <= _ASKING:
                yield " ".join(split[first:end])


def _reply(catalog: Catalog, credit: Credit | None) -> dict[str, Any]:
    person = None if credit is None else catalog.person(credit.person_id)
    if person is None:
        return {"status": "unknown", "answers": [], "text": "I don't know."}
    return {"status": "answered", "answers": [{"text": person.name}], "text": person.name}


BASELINES = {NEAREST: nearest_character, TITLE_AND_CHARACTER: title_and_character}
