"""What people do to names they half remember: the seeded distortions that teach linking."""

from __future__ import annotations

from random import Random

from indexer.text import ARTICLES, fold

YEAR_SLIPS = (0, 0, 1, -1)  # what people add to a year they half remember, each as likely
RUNTIME_SLIP = 5  # minutes by which a runtime is off at most
_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SPELLINGS = (
    ("2", "two", "ii"),
    ("3", "three", "iii"),
    ("4", "four", "iv"),
    ("5", "five", "v"),
    ("6", "six", "vi"),
    ("7", "seven", "vii"),
    ("8", "eight", "viii"),
)


def misspelt(text: str, edits: int, random: Random) -> str:
    """``text`` after ``edits`` slips of the keyboard: neighbour, omission, doubling, insertion or swap."""
    for _ in range(edits):
        letters = [place for place, char in enumerate(text) if char.isalnum()]
        if not letters:
            return text
        text = _slip(text, random.choice(letters), random)
    return text


def _slip(text: str, at: int, random: Random) -> str:
    kind = random.randrange(5)
    char, rest = text[at], text[at + 1 :]
    if kind == 0:
        return text[:at] + _neighbour(char, random) + rest
    if kind == 1:
        return text[:at] + rest
    if kind == 2:
        return text[:at] + char + char + rest
    if kind == 3 or not rest:
        return text[:at] + char + random.choice(_LETTERS) + rest
    return text[:at] + rest[0] + char + rest[1:]


def _neighbour(char: str, random: Random) -> str:
    for row in _KEYBOARD:
        place = row.find(char.lower())
        if place >= 0:
            return random.choice(row[max(place - 1, 0) : place] + row[place + 1 : place + 2])
    return random.choice(_LETTERS)


def without_a_word(text: str, random: Random) -> str:
    """``text`` without one of its words; unchanged where it has fewer than three."""
    words = text.split()
    if len(words) < 3:
        return text
    del words[random.randrange(len(words))]
    return " ".join(words)


def words_swapped(text: str, random: Random) -> str:
    """``text`` with two neighbouring words changed round."""
    words = text.split()
    if len(words) > 1:
        at = random.randrange(len(words) - 1)
        words[at], words[at + 1] = words[at + 1], words[at]
    return " ".join(words)


def article_moved(text: str, random: Random) -> str:
    """``text`` without its leading article, or with it at the end; unchanged where there is none."""
    first, _, rest = text.partition(" ")
    if first.lower() not in ARTICLES or not rest:
        return text
    return rest if random.random() < 0.5 else f"{rest}, {first}"


def last_name_first(text: str, random: Random) -> str:
    """The last word in front, with or without a comma ("Lynch, David"); one word stays."""
    first, space, last = text.rpartition(" ")
    if not space:
        return text
    return f"{last}{random.choice((',', ''))} {first}"


def number_respelled(text: str, random: Random) -> str:
    """A number after the first word in another spelling ("Rocky II", "Rocky two"); unchanged without one."""
    words = text.split()
    for place in range(1, len(words)):
        for spellings in _SPELLINGS:
            if words[place].lower() in spellings:
                others = [word for word in spellings if word != words[place].lower()]
                words[place] = random.choice(others)
                return " ".join(words)
    return text


def distorted(text: str, kind: str, random: Random) -> str:
    """A name as somebody may type it; ``kind`` is title or person. May be ``text`` itself."""
    ways = [
        lambda: text,
        lambda: fold(text),
        lambda: misspelt(text, 1, random),
        lambda: misspelt(text, 2, random),
        lambda: words_swapped(text, random),
        lambda: without_a_word(text, random),
    ]
    if kind == "title":
        ways += [lambda: article_moved(text, random), lambda: number_respelled(text, random)]
    else:
        ways.append(lambda: last_name_first(text, random))
    return random.choice(ways)()
