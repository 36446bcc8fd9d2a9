"""A question as words that patterns match: folded keys beside the text as it was typed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from indexer.text import fold

_TOKEN = re.compile(r"\S+")
_POSSESSIVE = re.compile(r"['’]s?$")
_EDGE = '?!.,;:"“”()[]'
_CONTRACTIONS = {
    "whos": "who is",
    "who's": "who is",
    "whats": "what is",
    "what's": "what is",
    "whens": "when is",
    "when's": "when is",
    "wheres": "where is",
    "where's": "where is",
    "hows": "how is",
    "how's": "how is",
    "whose": "whose",
    "im": "i am",
    "i'm": "i am",
    "ive": "i have",
    "i've": "i have",
    "i'd": "i would",
    "thats": "that is",
    "that's": "that is",
    "theres": "there is",
    "there's": "there is",
    "who're": "who are",
    "who'd": "who did",
    "didnt": "did not",
    "didn't": "did not",
    "isnt": "is not",
    "isn't": "is not",
    "wasnt": "was not",
    "wasn't": "was not",
    "doesnt": "does not",
    "doesn't": "does not",
    "hasnt": "has not",
    "hasn't": "has not",
    "haven't": "have not",
    "arent": "are not",
    "aren't": "are not",
    "werent": "were not",
    "weren't": "were not",
    "u": "you",
    "when'd": "when did",
    "where'd": "where did",
    "what'd": "what did",
    "how'd": "how did",
    "why'd": "why did",
    "cant": "can not",
    "can't": "can not",
    "dont": "do not",
    "don't": "do not",
    "couldn't": "could not",
}
_EXPAND = re.compile(
    r"(?<![\w'’])(" + "|".join(sorted(map(re.escape, _CONTRACTIONS), key=len, reverse=True)) + r")(?![\w'’])",
    re.IGNORECASE,
)
# "in the 1995 movie, Heat": the comma parts nothing.
_BEFORE_NAME = re.compile(
    r"(\b(?:in|on|from|of) (?:the )?(?:(?:1[89]|20)\d\d )?(?:movie|film|show|series|sitcom)), "
    r"(?=[\"“]?[A-Z0-9])"
)
_LEAD_IN = re.compile(
    r"^(?:(?:ok(?:ay)?|so|and|well|hey|hi|hello|um+|uh+|oh|but|now|also|please|actually|thanks|cool|great|no)\b[\s,.!:-]*)+",
    re.IGNORECASE,
)
_POLITE = re.compile(
    r"^(?:(?:can|could|would|will) you (?:please )?(?:tell me|say|find(?: me)?|show(?: me)?|"
    r"give me|list|name|help me find)|"
    r"(?:please )?(?:tell me|show me|give me|list|name|find me)|"
    r"do you (?:happen to )?(?:know|remember)|does any(?:one|body) know|any idea|"
    r"i (?:want|would like|need|am trying) to (?:know|find(?: out)?)|i wonder|i was wondering|"
    r"i (?:really |just |totally )?(?:forgot|forget)|remind me|help me (?:remember|out)|"
    r"i (?:just |really |for the life of me )?(?:can ?not|could not|do not) "
    r"(?:remember|recall|think of|know)|"
    r"(?:quick )?question|it is bugging me|i am (?:curious|dying to know|not sure)|"
    r"i am looking for|looking for)\b[\s,:.-]*",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?:[\s,-]+(?:please|again|exactly|do you know|if you know|thanks|thank you|anyway|btw|by the way|"
    r"by chance|i forgot|i forget|right now|according to (?:imdb|you)|(?:on|in) imdb|"
    r"who (?:is|was) (?:that|he|she|it)|"
    r"any idea))+[\s?.!]*$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word: ``key`` is folded and lower case, ``start``/``end`` its place in the text."""

    key: str
    start: int
    end: int


@dataclass(frozen=True)
class Question:
    """A question ready to be matched."""

    text: str
    words: tuple[Word, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The folded words."""
        return tuple(word.key for word in self.words)

    def span(self, first: int, last: int) -> str:
        """The text of words ``first`` up to and without ``last``, edges cleaned of punctuation."""
        if first >= last:
            return ""
        text = self.text[self.words[first].start : self.words[last - 1].end]
        return _clean(text)


def _clean(text: str) -> str:
    text = text.strip().strip('"“”?!,;:').strip()
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1]
    return text.strip()


def read_words(text: str, shorten: bool = True) -> Question:
    """The question without its lead-in and politeness, contractions spelt out.

    Possessive 's is a word of its own.
    """
    text = _BEFORE_NAME.sub(r"\1 ", " ".join(text.split()))
    text = _EXPAND.sub(lambda found: _CONTRACTIONS[found[0].lower()], text.replace("’", "'"))
    for pattern in (_LEAD_IN, _POLITE, _LEAD_IN, _TAIL) if shorten else ():
        shorter = pattern.sub("", text, count=1)
        text = shorter if shorter.strip(" ?.!") else text
    words: list[Word] = []
    for found in _TOKEN.finditer(text):
        words += _split(found[0], found.start())
    return Question(text, tuple(words))


def _split(token: str, start: int) -> list[Word]:
    bare = token.rstrip(_EDGE)
    found = _POSSESSIVE.search(bare)
    if found and found.start() > 0:
        key = fold(bare[: found.start()])
        mark = Word("'s", start + found.start(), start + len(bare))
        return [Word(key, start, start + found.start()), mark] if key else []
    key = fold(token) or token.strip()
    return [Word(key, start, start + len(token))] if key else []
