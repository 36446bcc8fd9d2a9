"""How well a character as somebody names it fits a character as it is credited."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from indexer.text import fold

_STOP = frozenset("the a an of in and s from as to his her".split())
_GENERIC = frozenset(
    (
        "young old older little big baby king queen prince princess dr doctor mr mrs ms miss sir lady lord "
        "captain capt major general colonel lieutenant lt sergeant sgt officer detective agent professor "
        "police inspector sheriff chief deputy private commander admiral president senator saint reverend "
        "prof father mother brother sister man woman boy girl kid guy aunt uncle himself herself voice "
        "character teacher judge nurse the first second jr sr lead main new evil good ii iii iv v vi vii viii"
    ).split()
)
# Words that stand for each other in a character: functions, ages, usual short forms of first names.
_SAME: tuple[frozenset[str], ...] = tuple(
    frozenset(words.split())
    for words in (
        "mother mom mum mommy mama ma momma",
        "father dad daddy papa pa",
        "grandmother grandma granny nana",
        "grandfather grandpa gramps",
        "doctor dr doc",
        "professor prof",
        "mister mr",
        "captain capt cap",
        "sergeant sgt",
        "lieutenant lt",
        "colonel col",
        "general gen",
        "policeman cop officer",
        "young younger kid little child",
        "old older elderly",
        "teacher schoolteacher",
        "narrator narration voiceover",
        "saint st",
        "2 ii two",
        "3 iii three",
        "king emperor",
        "thomas tom tommy",
        "james jim jimmy jamie",
        "william bill billy will willy",
        "robert bob bobby rob robbie",
        "michael mike mikey",
        "daniel dan danny",
        "david dave davey",
        "joseph joe joey",
        "edward ed eddie ted",
        "samuel sam sammy",
        "benjamin ben benny",
        "matthew matt",
        "christopher chris",
        "anthony tony",
        "richard rick dick ricky richie",
        "charles charlie chuck",
        "nicholas nick nicky",
        "stephen steve steven",
        "andrew andy drew",
        "timothy tim timmy",
        "gregory greg",
        "jeffrey jeff",
        "kenneth ken kenny",
        "ronald ron ronnie",
        "donald don donnie",
        "katherine kate kathy katie catherine kat cathy",
        "elizabeth liz beth lizzie betty eliza",
        "jennifer jen jenny",
        "susan sue susie suzy",
        "patrick pat",
        "patricia patty trish pat",
        "frederick fred freddy freddie",
        "zachary zach zack zac",
        "jonathan jon john johnny",
        "alexander alex al",
        "alexandra alex",
        "rebecca becky becca",
        "margaret maggie meg peggy",
        "deborah debbie deb",
        "victoria vicky vicki",
        "lawrence larry",
        "gerald gerry jerry",
        "walter walt",
        "raymond ray",
        "peter pete",
        "philip phil phillip",
        "francis frank frankie",
        "henry harry hank",
        "leonard leo lenny",
        "veronica ronnie",
        "abigail abby",
        "theodore ted teddy theo",
        "private pvt",
        "corporal cpl",
        "commander cmdr",
        "inspector insp",
        "detective det",
        "reverend rev",
        "president pres",
        "devil satan lucifer",
        "robot droid android",
        "cat catherine",
        "bella isabella isabelle belle",
        "barbara barb barbie",
        "dorothy dot dottie",
        "eleanor ellie nell",
        "jessica jess jessie",
        "josephine jo josie",
        "judith judy",
        "kimberly kim",
        "leslie les",
        "lillian lily lil",
        "louis lou louie lewis",
        "lucas luke",
        "melissa mel",
        "penelope penny",
        "samantha sam sammy",
        "stephanie steph",
        "virginia ginny ginger",
        "winifred winnie",
        "albert al bert bertie",
        "alfred al fred alfie",
        "arthur art artie",
        "bernard bernie",
        "bradley brad",
        "clifford cliff",
        "cynthia cindy",
        "douglas doug",
        "eugene gene",
        "gabriel gabe",
        "gertrude gertie trudy",
        "gilbert gil",
        "harold harry hal",
        "herbert herb",
        "jackson jack",
        "jacob jake",
        "jerome jerry",
        "john jack johnny",
        "joshua josh",
        "lorraine lori",
        "margaret marge margie rita",
        "mildred millie",
        "nathan nate nathaniel",
        "norman norm",
        "oliver ollie",
        "pamela pam",
        "percival percy",
        "randolph randy randall",
        "reginald reggie",
        "roxanne roxie",
        "rudolph rudy",
        "sarah sally sara",
        "solomon sol",
        "stanley stan",
        "theresa terri tess tessa",
        "tobias toby",
        "vincent vince vinny vinnie",
        "vivian viv",
        "wallace wally",
        "woodrow woody",
    )
)
RELATIONS = frozenset(
    (
        "mother mom mum mommy mama father dad daddy papa wife husband brother sister son daughter niece "
        "nephew aunt uncle cousin grandmother grandma grandfather grandpa boyfriend girlfriend friend "
        "fiance fiancee stepmother stepfather stepmom stepdad twin twins parents parent boss assistant "
        "secretary neighbor neighbour partner bodyguard butler maid nanny lawyer love roommate ex lover"
    ).split()
)
_AGES = frozenset(
    ("young younger old older elderly adult teen teenage kid child little baby additional stunt").split()
)
_ANYBODY = RELATIONS | frozenset("man woman boy girl kid guy lady baby child".split())
_OPPOSITES: tuple[tuple[frozenset[str], ...], ...] = (
    (frozenset({"mr", "mister"}), frozenset({"mrs", "ms", "miss"})),
    (frozenset({"king", "prince"}), frozenset({"queen", "princess"})),
    (
        frozenset({"young", "younger", "kid", "child", "little"}),
        frozenset({"old", "older", "adult", "elderly"}),
    ),
    (frozenset({"mother", "mom", "mum", "aunt", "sister"}), frozenset({"father", "dad", "uncle", "brother"})),
)
_SYNONYMS: dict[str, frozenset[str]] = {}
for _words in _SAME:
    for _word in _words:
        _SYNONYMS[_word] = _SYNONYMS.get(_word, frozenset()) | _words
_ADULT = frozenset("adult older grown".split())
_YOUNG = frozenset("young younger teen teenage child".split())
_SHORTENED = frozenset("gen sgt col rev pvt det the and man boy".split())  # no short forms of names
_SOMEBODYS = re.compile(r"\w['’]s \w+(?: \(.*\))?$")
_QUALIFIERS = re.compile(
    r"^(?:the |a |an )?(?:original|first|actual|real|title character|titular|famous|main character|main|new"
    r"|character)\s+(?=\w)",
    re.IGNORECASE,
)
_EPITHET = re.compile(r"^(?!the |a |an )(\w[\w'’. -]*?)\s+the\s+(\w+)$", re.IGNORECASE)
_TITLED = re.compile(
    r"^(?:aunt|auntie|uncle|grandma|grandpa|cousin|mama|papa|ma|pa|brother|sister|father|mother)"
    r"\s+(?!of\b|to\b|in\b|from\b|at\b|who\b|and\b)(\w+)$",
    re.IGNORECASE,
)
_WITHOUT_TITLE = 0.85
_NOT_YOUNG = 0.62  # "young Simba" is hardly who is credited as Simba
_WITHOUT_QUALIFIER, _WITHOUT_EPITHET = 0.95, 0.88
_NICKNAME = re.compile(r"['\"“”‘]([^'\"“”’]+)['\"“”’]|\(([^)]*)\)")
_SEPARATOR = re.compile(r"\s*/\s*|,\s+|\s+[-–]\s+|\s+(?:and|&)\s+|\s+a\.?k\.?a\.?\s+")


_WOMEN = frozenset(
    (
        "mother mom mum mommy mama wife sister daughter girl girlfriend aunt auntie grandmother grandma "
        "niece granddaughter stepmother stepmom stepdaughter woman lady bride widow mrs miss ms queen "
        "princess nun nanny witch female actress fiancee girls women sisters duchess countess goddess "
        "heroine hostess"
    ).split()
)
_MEN = frozenset(
    (
        "father dad daddy papa husband brother son boy boyfriend uncle grandfather grandpa nephew grandson "
        "stepfather stepdad stepson man guy gentleman groom mr mister sir king prince monk male actor boys "
        "men brothers fiance duke god host priest"
    ).split()
)
_HEAD_FIRST = re.compile(r"^(.+?)\s+(?:of|to|in|with|who|that|from|at)\s", re.IGNORECASE)


def asked_gender(asked: str) -> str:
    """ "actress" or "actor" where the words give it away ("Mrs. Smith", "Marty's dad"); else ""."""
    first = _HEAD_FIRST.match(asked)
    words = fold(re.sub(r"['’]s\b", " ", first[1] if first else asked)).split()
    told = ["actress" if word in _WOMEN else "actor" for word in words if word in _WOMEN or word in _MEN]
    if not told:
        return ""
    if words[-1] in _WOMEN | _MEN:
        return told[-1]
    return told[0] if len(set(told)) == 1 else ""


@dataclass(frozen=True, slots=True)
class CharacterMatch:
    """``score`` 0-1 (1: the same name), of the credited ``character`` that fits best.

    0 and "" where none does.
    """

    score: float
    character: str


def match_characters(asked: str, credited: Iterable[str]) -> CharacterMatch:
    """The best of a credit's characters for what was asked."""
    best = CharacterMatch(0.0, "")
    for character in credited:
        score = match_character(asked, character)
        if score > best.score:
            best = CharacterMatch(score, character)
    return best


def short_forms(word: str) -> tuple[str, ...]:
    """The words that stand for a name's word, sorted: "charlie" -> charles, chuck; () for none."""
    return tuple(sorted({other for group in _SAME if word in group for other in group} - {word}))


@lru_cache(maxsize=100_000)  # the readings of one question ask the same titles again
def match_character(asked: str, credited: str) -> float:
    """0-1: whole name 1, all asked words there 0.8-0.97, a telling part of them less, other people 0."""
    best = 0.0
    for form, factor in _asked_as(asked):
        wanted = _tokens(form)
        if wanted and factor > best:
            best = max([best, *(factor * _match(wanted, _tokens(given)) for given in _forms(credited))])
    return 0.5 * best if _is_somebodys(credited) and not _is_somebodys(asked) and best < 1.0 else best


def _is_somebodys(text: str) -> bool:
    """ "Nala's Mother", "Apollo Creed's Bodyguard": not who is named there."""
    return _SOMEBODYS.search(text) is not None


def forms_of(asked: str) -> tuple[str, ...]:
    """How somebody asked for may be credited: as said, and by the parts that name them alone."""
    return tuple(form for form, _ in _asked_as(asked))


@lru_cache(maxsize=10_000)
def _asked_as(asked: str) -> tuple[tuple[str, float], ...]:
    """What was asked for, and its parts that may name somebody alone, each with how much less it says.

    "the original Jason" -> Jason; "Herbert the butcher" -> Herbert.
    """
    forms = [(asked, 1.0)]
    bare = _QUALIFIERS.sub("", asked)
    if bare != asked:
        forms.append((bare, _WITHOUT_QUALIFIER))
    titled = _TITLED.match(bare)
    if titled:
        forms.append((titled[1], _WITHOUT_TITLE))
    epithet = _EPITHET.match(bare)
    if epithet and any(word not in _GENERIC and word not in RELATIONS for word in _tokens(epithet[1])):
        forms.append((epithet[1], _WITHOUT_EPITHET))
    return tuple(forms)


@lru_cache(maxsize=200_000)
def _forms(credited: str) -> tuple[str, ...]:
    """The ways in which a credited character is named: each side of a slash, and with the nickname alone."""
    forms = [part for part in _SEPARATOR.split(credited) if part]
    forms += [next(filter(None, found)) for found in _NICKNAME.findall(credited) if any(found)]
    return tuple(dict.fromkeys([credited, *forms]))


@lru_cache(maxsize=200_000)
def _tokens(text: str) -> tuple[str, ...]:
    words = fold(re.sub(r"['’]s\b", "", text)).split()
    return tuple(word for word in words if word not in _STOP) or tuple(words)


def _weight(word: str) -> float:
    return 0.35 if word in _GENERIC else 1.0


def _match(wanted: tuple[str, ...], given: tuple[str, ...]) -> float:
    if not given:
        return 0.0
    if wanted == given or "".join(wanted) == "".join(given):
        return 1.0
    near = [max(_alike(word, other) for other in given) for word in wanted]
    if not any(near):  # nearly every credit of a cast
        return 0.0
    total = sum(map(_weight, wanted))
    found = sum(_weight(word) * alike for word, alike in zip(wanted, near, strict=True))
    share = max(found / total, _named(wanted, given), _shorter(wanted, given))
    if share < 0.5 or _lacks_relation(wanted, given):
        return 0.0
    extra = sum(_weight(other) for other in given if max(_alike(word, other) for word in wanted) < 0.5)
    score: float = share**1.5 * (0.97 - 0.05 * min(extra, 3.0))
    if extra > 0 and all(word in _GENERIC or word in RELATIONS for word in wanted):
        # "the king" is hardly the king of whatever is credited, "the mom" none of "Club Mom"
        surname = given[:-1] == wanted  # "Big Daddy Pollitt"
        anybody = any(word in _ANYBODY for word in wanted)
        score *= 0.9 if surname and anybody else (0.5 if anybody else 0.8)
    return score * _other_age(wanted, given) * _opposite(wanted, given)


def _named(wanted: tuple[str, ...], given: tuple[str, ...]) -> float:
    """The share of the words that name somebody, ranks left out: "Inspector Javert" is Javert."""
    names = [word for word in wanted if word not in _GENERIC and word not in RELATIONS]
    if not names or len(names) == len(wanted):
        return 0.0
    missing = sum(max(_alike(word, other) for other in given) < 0.5 for word in wanted if word in _GENERIC)
    return (
        (0.92 - 0.04 * missing)
        * sum(max(_alike(word, other) for other in given) for word in names)
        / len(names)
    )


_SHORTER = 0.75


def _shorter(wanted: tuple[str, ...], given: tuple[str, ...]) -> float:
    """_SHORTER where the credit gives less of the name: "Leonard Shelby" is credited as Leonard; else 0."""
    own = [word for word in given if word not in _GENERIC]
    whole = own and all(max(_alike(word, other) for other in wanted) > 0.9 for word in given)
    names = [word for word in wanted if word not in _GENERIC]
    if not whole or len(names) < 2:
        return 0.0
    return _SHORTER if max(_alike(own[-1], names[0]), _alike(own[-1], names[-1])) > 0.9 else 0.0


def _lacks_relation(wanted: tuple[str, ...], given: tuple[str, ...]) -> bool:
    """ "Ray's mother" is not Ray: a relation that was asked for has to be credited."""
    return any(word in RELATIONS and max(_alike(word, other) for other in given) < 0.85 for word in wanted)


def _other_age(wanted: tuple[str, ...], given: tuple[str, ...]) -> float:
    """Below 1 where only one of the two is young, old, additional..."""
    asked, credited = _AGES.intersection(wanted), _AGES.intersection(given)
    if bool(asked) == bool(credited):
        return 1.0
    if asked:
        return _NOT_YOUNG if asked & _YOUNG else 0.9
    return 1.0 if credited <= _ADULT else 0.85


def _opposite(wanted: tuple[str, ...], given: tuple[str, ...]) -> float:
    """Below 1 for Mr. against Mrs., king against queen, young against old."""
    for one, other in _OPPOSITES:
        if (one.intersection(wanted) and other.intersection(given)) or (
            other.intersection(wanted) and one.intersection(given)
        ):
            return 0.5
    return 1.0


@lru_cache(maxsize=400_000)
def _alike(word: str, other: str) -> float:
    """0-1 for two words: the same, usual forms of one name, a spelling slip."""
    if word == other:
        return 1.0
    if other in _SYNONYMS.get(word, ()):
        return 0.9
    short, long = sorted((word, other), key=len)
    if len(short) >= 4 and long.startswith(short):
        return 0.8
    if word.rstrip("s") == other.rstrip("s") and len(word) > 2:
        return 0.95
    if len(short) < 3:
        return 0.0
    if len(short) == 3 and len(long) > 4 and long.startswith(short) and short not in _GENERIC | _SHORTENED:
        return 0.7  # Pip, Gus, Viv
    return _slip(word, other)


_OTHER_INITIAL = 0.8  # Gary and Mary are two people


def _slip(word: str, other: str) -> float:
    """0-1 for two words that may be one misspelt, or spelt as it sounds."""
    from rapidfuzz.distance import OSA

    alike = float(OSA.normalized_similarity(word, other))
    if alike >= 0.72 and len(word) >= 4:
        return (0.95 if word[0] == other[0] else _OTHER_INITIAL) * alike
    if len(word) == len(other) == 3 and word[:2] == other[:2]:
        return 0.6  # Bea, Bee
    if _heard(word) == _heard(other):
        return 0.9
    sound = _sound(word)
    return 0.6 if len(sound) >= 3 and sound == _sound(other) else 0.0


_SOUNDS = str.maketrans({"c": "k", "q": "k", "z": "s", "y": "i"})


@lru_cache(maxsize=100_000)
def _heard(word: str) -> str:
    """The word by its sounds: Ralph and Ralf, Erica and Ericka, Kelly and Kellie are the same."""
    text = re.sub(r"(?:ie|ey|ee|y)$", "i", word.replace("ph", "f").replace("ck", "k"))
    return re.sub(r"(.)\1+", r"\1", text.translate(_SOUNDS))


@lru_cache(maxsize=100_000)
def _sound(word: str) -> str:
    """The first letter and the consonants after it: "jared" and "jerrod" are both "jrd"."""
    heard = _heard(word)
    return re.sub(r"(.)\1+", r"\1", heard[:1] + re.sub(r"[aeiouhw]", "", heard[1:]))
