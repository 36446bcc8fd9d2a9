"""Folding names and titles to the form in which they are compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SPECIAL = str.maketrans(
    {
        "ø": "o",
        "æ": "ae",
        "œ": "oe",
        "ß": "ss",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ı": "i",
        "·": " ",
        "&": " and ",
    }
)
_APOSTROPHES = re.compile(r"['’‘`´ʼ]")
_INITIALS = re.compile(r"\b(\w)\.(?=\w\b|\s|$)")
_NOT_WORD = re.compile(r"[^\w]+|_")
ARTICLES = frozenset({"the", "a", "an"})
_NUMBER_WORDS = {
    word: str(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen "
        "seventeen eighteen nineteen twenty".split()
    )
}
_ROMAN = {
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "xi": "11",
    "xii": "12",
    "xiii": "13",
}


def fold(text: str) -> str:
    """Lower case without accents and punctuation; words stand one space apart. ``""`` where nothing is left.

    >>> fold("Schindler's  List"), fold("WALL·E"), fold("Amélie & co.")
    ('schindlers list', 'wall e', 'amelie and co')
    """
    if text.isascii():
        flat = text.lower().replace("&", " and ")
    else:
        flat = unicodedata.normalize("NFKD", text.casefold().translate(_SPECIAL))
        flat = "".join(char for char in flat if not unicodedata.combining(char))
    flat = _APOSTROPHES.sub("", flat)
    flat = _INITIALS.sub(r"\1", flat)
    return " ".join(_NOT_WORD.sub(" ", flat).split())


def without_article(folded: str) -> str:
    """A folded title without a leading or trailing article ("matrix the" -> "matrix").

    An article alone stays.
    """
    words = folded.split()
    if len(words) > 1 and words[0] in ARTICLES:
        words = words[1:]
    elif len(words) > 1 and words[-1] in ARTICLES:
        words = words[:-1]
    return " ".join(words)


def number_key(folded: str) -> str:
    """Number words and Roman numerals after the first word as figures.

    "part" dropped ("rocky part two" -> "rocky 2").
    """
    words = folded.split()
    head = [_NUMBER_WORDS.get(word, word) for word in words[:1]]
    tail = [_NUMBER_WORDS.get(word) or _ROMAN.get(word) or word for word in words[1:]]
    return " ".join(head + [word for word in tail if word not in ("part", "chapter", "vol", "volume")])


@lru_cache(maxsize=50_000)  # one question compares the same few hundred names again and again
def title_key(text: str) -> str:
    """The key under which spellings of one title meet: folded, no article at the ends, numbers as figures."""
    return number_key(without_article(fold(text)))


def name_key(text: str) -> str:
    """The key under which spellings of one person's name meet: folded, last-first order undone at a comma."""
    last, comma, first = text.partition(",")
    return fold(f"{first} {last}" if comma and first.strip() else text)


def search_words(text: str) -> list[str]:
    """The folded words of a text without articles; all of them where nothing else is left."""
    words = fold(text).split()
    return [word for word in words if word not in ARTICLES] or words
