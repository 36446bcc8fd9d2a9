"""What is done to a plot before anything learns from it: its language, its dirt, its stems.

Encoders read the cleaned text as it stands; stems without stop words are for bags of words alone.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

ENGLISH = "en"
# Written in letters that plots in such files are written in; without the others short English texts are
# hardly ever taken for one of the hundred rarer languages.
LANGUAGES = ("bg cs da de el en es fi fr hi hr hu it ja ko nl no pl pt ro ru sk sr sv tr uk zh").split()
_SURE = 0.9  # a text is of another language from this probability on
_FEWEST = 20  # letters that tell a language
_LONGEST = 2_000  # characters that are looked at for the language
_DIRT = re.compile(r"<[^<>]{0,200}>|https?://\S+|www\.\S+|\S+@\S+\.\w+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\ufeff\ufffd\ud800-\udfff]+")
_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+")
_ALWAYS = frozenset(
    "the and of to with who his her their they from by for that is has when while into are was".split()
)
_LONGEST_WORD = 40  # letters; longer ones are no words


@dataclass(frozen=True, slots=True)
class Language:
    """What a text is written in: an ISO 639-1 code, "" where that cannot be told; 0-1 how likely."""

    code: str
    probability: float

    @property
    def foreign(self) -> bool:
        """Whether it is surely not English."""
        return self.code not in ("", ENGLISH) and self.probability >= _SURE


def clean(text: str) -> str:
    """Without mark-up, addresses and control characters, entities read, white space single; may be ""."""
    plain = _CONTROL.sub(" ", html.unescape(text))
    return _SPACE.sub(" ", _DIRT.sub(" ", plain)).strip()


def language(text: str) -> Language:
    """The likeliest of LANGUAGES; of a text with too few letters no code and probability 0."""
    shown = text[:_LONGEST]
    if sum(letter.isalpha() for letter in shown) < _FEWEST:
        return Language("", 0.0)
    code, probability = _identifier()(shown)
    return Language(code, probability)


def stems(text: str) -> list[str]:
    """The English stems of a text's words in order, stop words left out; a number is one word "0"."""
    found = []
    for word in _WORD.findall(text.lower()):
        if word[0].isdigit():
            found.append("0")
        elif word not in _stop_words() and len(word) <= _LONGEST_WORD:
            found.append(_stem(word.partition("'")[0].partition("’")[0]))
    return found


def terms(single: Sequence[str]) -> list[str]:
    """Stems and pairs of neighbouring ones: what bags of words are made of."""
    return [*single, *(f"{first} {second}" for first, second in pairwise(single))]


@dataclass(frozen=True)
class Sorted:
    """Cleaned texts: the places that were kept, their texts, and how many were set aside by language."""

    places: list[int]
    texts: list[str]
    aside: dict[str, int]


def in_english(texts: Sequence[str]) -> Sorted:
    """Cleans texts and sets aside those that are surely not English, or of which nothing is left ("")."""
    places: list[int] = []
    kept: list[str] = []
    aside: dict[str, int] = {}
    for place, text in enumerate(texts):
        plain = clean(text)
        spoken = Language(ENGLISH, 1.0) if _plainly_english(plain) else language(plain)
        if plain and not spoken.foreign:
            places.append(place)
            kept.append(plain)
        else:
            code = spoken.code if plain else ""
            aside[code] = aside.get(code, 0) + 1
    return Sorted(places, kept, aside)


def _plainly_english(text: str) -> bool:
    """Whether a fifth of the words, and five at least, are English ones that no text goes without.

    A look at the words costs a hundredth of the identification, and most texts of a collection pass it.
    """
    words = text[:_LONGEST].lower().split()
    found = sum(word in _ALWAYS for word in words)
    return found >= 5 and found >= 0.2 * len(words)


@lru_cache(maxsize=1)
def _identifier() -> Callable[[str], tuple[str, float]]:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    found = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    found.set_languages(LANGUAGES)

    def classify(text: str) -> tuple[str, float]:
        code, probability = found.classify(text)
        return str(code), min(1.0, float(probability))

    return classify


@lru_cache(maxsize=1)
def _stop_words() -> frozenset[str]:
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    return frozenset(ENGLISH_STOP_WORDS)


@lru_cache(maxsize=200_000)
def _stem(word: str) -> str:
    return str(_stemmer()(word))


@lru_cache(maxsize=1)
def _stemmer() -> Callable[[str], str]:
    from snowballstemmer import stemmer

    found: Callable[[str], str] = stemmer("english").stemWord
    return found
