"""Whether a reply is right: golds and replies in the sets' format (docs/evaluation.md), compared by kind.

A reply that stands by a wrong name is wrong even where the right one occurs in its text; one that declines is
neither. Lists are judged as wholes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Literal

Item = Mapping[str, Any]
Reply = Mapping[str, Any]
Outcome = Literal["right", "declined", "wrong"]

_LETTERS = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
    | {"·": " ", "&": " and "}
)  # fmt: skip
_ARTICLES = frozenset({"a", "an", "the"})
_SILENT = re.compile(r"[.'’`´]")
_GAP = re.compile(r"(?:[^\w]|_)+")
_YEAR_TAIL = re.compile(r"\s*\((?:[IVX]+/)?\d{4}[^)]*\)\s*$")
_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty"
).split()
_COUNTED = {word: str(value) for value, word in enumerate(_UNITS)}
_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}
_TITLES_OF_HONOUR = frozenset("dame dr lady lord miss mr mrs ms prof sir".split())
_GENERATIONS = frozenset("jr sr ii iii iv".split())
_CALLED = {
    "andy": "andrew", "ben": "benjamin", "beth": "elizabeth", "bill": "william", "billy": "william",
    "bob": "robert", "bobby": "robert", "charlie": "charles", "chris": "christopher",
    "chrissy": "christine", "dan": "daniel", "danny": "daniel", "dave": "david", "dick": "richard",
    "don": "donald", "ed": "edward", "eddie": "edward", "fred": "frederick", "greg": "gregory",
    "jamie": "james", "jay": "jonathan", "jeff": "jeffrey", "jen": "jennifer", "jenny": "jennifer",
    "jim": "james", "jimmy": "james", "joe": "joseph", "jon": "jonathan", "josh": "joshua",
    "kate": "katherine", "kathy": "katherine", "katie": "katherine", "ken": "kenneth",
    "liz": "elizabeth", "matt": "matthew", "mike": "michael", "nick": "nicholas", "pat": "patrick",
    "patty": "patricia", "rick": "richard", "rob": "robert", "ron": "ronald", "sam": "samuel",
    "steve": "stephen", "steven": "stephen", "sue": "susan", "tim": "timothy", "tom": "thomas",
    "tommy": "thomas", "tony": "anthony", "trish": "patricia", "will": "william", "zach": "zachary",
    "zack": "zachary",
}  # fmt: skip
_MONTH_STARTS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


@dataclass(frozen=True)
class Verdict:
    """One item's outcome; ``first``: the first answer is a gold; ``held``: any is; ``f1`` and ``exact`` judge
    the list.
    """

    outcome: Outcome
    status: str
    first: bool = False
    f1: float = 0.0
    exact: bool = False
    held: bool = False


# ------------------------------------------------------------------------------------------------- words


def plain(text: str) -> list[str]:
    """The words in lower case without accents, points, apostrophes, articles or a year at the end."""
    kept = _YEAR_TAIL.sub("", text) or text
    flat = unicodedata.normalize("NFKD", kept.casefold().translate(_LETTERS))
    flat = "".join(char for char in flat if not unicodedata.combining(char))
    words = _GAP.sub(" ", _SILENT.sub("", flat)).split()
    return [word for word in words if word not in _ARTICLES] or words


def _numbered(text: str) -> list[str]:
    """``plain`` with number words and Roman numerals as figures, "part" left out unless it comes first."""
    words = [_COUNTED.get(word) or _ROMAN.get(word) or word for word in plain(text)]
    return words[:1] + [word for word in words[1:] if word != "part"]


def _name_words(text: str) -> list[str]:
    """A person's name without honour, generation, remark or role; a usual short first name in full."""
    words = plain(re.split(r"\(|\s(?:as|aka|a\.k\.a\.)\s", text, maxsplit=1)[0])
    while len(words) > 1 and words[0] in _TITLES_OF_HONOUR:
        del words[0]
    while len(words) > 1 and words[-1] in _GENERATIONS:
        del words[-1]
    return [_CALLED.get(words[0], words[0]), *words[1:]] if len(words) > 1 else words


def _in_order(short: Sequence[str], long: Sequence[str]) -> bool:
    rest = iter(long)
    return all(word in rest for word in short)


# ------------------------------------------------------------------------------------- one gold, one answer


def same_person(gold: str, given: str) -> bool:
    """Equal names, one of them possibly without middle or leading names; a gold of one word is a surname."""
    one, other = _name_words(gold), _name_words(given)
    if not one or not other:
        return False
    if "".join(one) == "".join(other):
        return True
    if len(one) == 1:
        return other[-1] == one[0]
    short, long = sorted((one, other), key=len)
    if len(short) == 1 or len(short) == len(long) or short[-1] != long[-1]:
        return False
    return long[-len(short) :] == short or (short[0] == long[0] and _in_order(short, long))


def same_title(gold: str, given: str) -> bool:
    """Equal up to numbers and spacing; or one is what stands, two words or more, behind the other's colon."""
    one, other = _numbered(gold), _numbered(given)
    return "".join(one) == "".join(other) or other in _tails(gold) or one in _tails(given)


def _tails(title: str) -> list[list[str]]:
    tails = (_numbered(part) for part in re.split(r":| [-–] ", title)[1:])
    return [tail for tail in tails if len(tail) > 1]


def same_character(gold: str, given: str) -> bool:
    """Equal, or the shorter one (two letters at least) stands in the longer as whole words."""
    short, long = sorted((" ".join(plain(gold)), " ".join(plain(given))), key=len)
    return short == long or (len(short) > 1 and f" {short} " in f" {long} ")


def same_date(gold: str, given: str) -> bool:
    """Every part the gold says (year, month, day) is the same; texts without any are compared as words."""
    wanted, found = date_parts(gold), date_parts(given)
    if wanted == (None, None, None):
        return plain(gold) == plain(given)
    return all(part is None or part == other for part, other in zip(wanted, found, strict=True))


def date_parts(text: str) -> tuple[int | None, int | None, int | None]:
    """(year, month, day) as far as the text says them."""
    low = text.casefold()
    if (iso := re.search(r"\b(\d{4})-(\d\d)-(\d\d)\b", low)) is not None:
        return int(iso[1]), int(iso[2]), int(iso[3])
    year = re.search(r"\b(?:1[89]|20)\d\d\b", low)
    month = next(
        (_MONTH_STARTS.index(word[:3]) + 1 for word in re.findall(r"[a-z]+", low) if _is_month(word)), None
    )
    day = re.search(r"\b(\d\d?)(?:st|nd|rd|th)?\b", low) if month else None
    return int(year[0]) if year else None, month, int(day[1]) if day else None


def _is_month(word: str) -> bool:
    names = (
        "january february march april may june july august september october november december sept".split()
    )
    return word in names or word in _MONTH_STARTS


def same_number(gold: str, given: str, tolerance: float = 0.0) -> bool:
    """The first number of each, within ``tolerance``; or the same words."""
    one, other = first_number(gold), first_number(given)
    near = one is not None and other is not None and abs(one - other) <= tolerance + 1e-9
    return near or plain(gold) == plain(given)


def first_number(text: str) -> float | None:
    """The first number in figures or words (to twenty); "1h 30m" is 90, 6'1" is 73, "2 million" 2000000."""
    low = text.casefold()
    if (tall := re.search(r"\b(\d)\s*(?:['’]|ft|feet|foot)\s*(\d\d?)", low)) is not None:
        return float(12 * int(tall[1]) + int(tall[2]))
    if (span := re.search(r"\b(\d+)\s*h(?:rs?|ours?)?\b\s*(?:and\s*)?(?:(\d+)\s*m)?", low)) is not None:
        return float(60 * int(span[1]) + int(span[2] or 0))
    words = re.findall(r"\d+(?:\.\d+)?|[a-z]+", re.sub(r"(?<=\d),(?=\d{3})", "", low))
    found = next(
        (float(_COUNTED.get(word, word)) for word in words if word in _COUNTED or word[0].isdigit()), None
    )
    scale = 1e9 if "billion" in low else 1e6 if "million" in low else 1.0
    return None if found is None else found * scale


def _same_boolean(gold: str, given: str) -> bool:
    return plain(gold)[:1] == plain(given)[:1]


def _same_text(gold: str, given: str) -> bool:
    return plain(gold) == plain(given)


def _same_anything(gold: str, given: str) -> bool:
    return _same_text(gold, given) or same_title(gold, given) or same_person(gold, given)


_SAME: dict[str, Callable[[str, str], bool]] = {
    "person": same_person, "title": same_title, "character": same_character, "year": same_date,
    "date": same_date, "boolean": _same_boolean, "list": _same_anything, "text": _same_anything,
}  # fmt: skip


def same(gold: str, given: str, answer_type: str, tolerance: float = 0.0) -> bool:
    """Whether ``given`` means ``gold``, as answers of this type are compared."""
    if answer_type == "number":
        return same_number(gold, given, tolerance)
    return _SAME.get(answer_type, _same_text)(gold, given)


# ------------------------------------------------------------------------------------------ a whole reply


def judge(item: Item, reply: Reply | None) -> Verdict:
    """The outcome of a reply to an item; a missing reply declines."""
    reply = reply or {}
    status = str(reply.get("status", "unknown"))
    if status in (item.get("meta", {}).get("expect") or ()):
        return Verdict("right", status, first=True, f1=1.0, exact=True, held=True)
    if status != "answered":
        return Verdict("declined", status)
    if not item["answers"]:
        return Verdict("wrong", status)
    return _judge_list(item, reply, status)


def _judge_list(item: Item, reply: Reply, status: str) -> Verdict:
    given = reply.get("answers") or []
    counted = [
        hits for answer in given if (hits := _golds_named(item, answer)) or not _is_optional(item, answer)
    ]
    named = set(chain.from_iterable(counted))
    precision = sum(map(bool, counted)) / len(counted) if counted else 0.0
    recall = len(named) / len(item["answers"])
    first = bool(counted and counted[0])
    exact = precision == recall == 1.0
    right = _is_right(item, first, exact, precision, len(named)) and _says_one_of(item, reply)
    f1 = 2 * precision * recall / (precision + recall) if named else 0.0
    return Verdict("right" if right else "wrong", status, first, f1, exact, bool(named))


def _is_right(item: Item, first: bool, exact: bool, precision: float, named: int) -> bool:
    meta = item.get("meta", {})
    match meta.get("match", "any"):
        case "all":
            return exact
        case "some":
            least = min(int(meta.get("min_hits", 1)), len(item["answers"]))
            return named >= least and precision >= float(meta.get("min_precision", 1.0))
        case _:
            return first


def _says_one_of(item: Item, reply: Reply) -> bool:
    wanted = item.get("meta", {}).get("text_any") or ()
    return not wanted or any(str(form) in str(reply.get("text", "")) for form in wanted)


def _golds_named(item: Item, answer: Mapping[str, Any]) -> set[int]:
    """Which golds the answer names. An id decides where both the gold and the answer have one."""
    meta = item.get("meta", {})
    ids: Sequence[Any] = meta.get("gold_ids") or ()
    named = set()
    for place, forms in enumerate(item["answers"]):
        accepted = ids[place] if place < len(ids) else ()
        accepted = (accepted,) if isinstance(accepted, str) else accepted
        if answer.get("id") and accepted:
            hit = answer["id"] in accepted
        else:
            tolerance = float(meta.get("tolerance", 0))
            said = str(answer.get("text", ""))
            hit = any(same(str(form), said, item["answer_type"], tolerance) for form in forms)
        named |= {place} if hit else set()
    return named


def _is_optional(item: Item, answer: Mapping[str, Any]) -> bool:
    """Whether a list may hold the answer without needing it."""
    meta = item.get("meta", {})
    if answer.get("id") and answer["id"] in (meta.get("optional_ids") or ()):
        return True
    said = str(answer.get("text", ""))
    return any(same(str(form), said, item["answer_type"]) for form in meta.get("optional") or ())
