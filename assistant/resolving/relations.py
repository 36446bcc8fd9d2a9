"""Roles that a question describes instead of naming: "spock's dad", "the mother", "the narrator"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.resolving.characters import RELATIONS, match_character, match_characters
from assistant.resolving.overviews import told
from indexer.catalog.records import ACTING, PERFORMING, Credit, Person, Title
from indexer.ids import PersonId
from indexer.text import fold

_FEMALE = frozenset(
    (
        "mother mom mum wife sister daughter girl girlfriend aunt grandmother grandma woman lady bride "
        "stepmother widow niece granddaughter"
    ).split()
)
_MALE = frozenset(
    (
        "father dad husband brother son boy boyfriend uncle grandfather grandpa man guy groom stepfather "
        "stepdad nephew grandson"
    ).split()
)
_PARENT_WORDS = frozenset(
    (
        "mother mom mum wife grandmother grandma stepmother aunt father dad husband grandfather grandpa "
        "uncle stepfather"
    ).split()
)
_LEADS = {
    **dict.fromkeys(("main character", "main", "title character", "title role", "title", "protagonist"), ""),
    **dict.fromkeys(("lead", "lead role", "main role", "hero", "star", "lead character", "lead actor"), ""),
    **dict.fromkeys(("male lead", "main guy", "main actor", "main male character", "leading man"), "actor"),
    **dict.fromkeys(("female lead", "main girl", "lead actress", "leading lady", "heroine"), "actress"),
}
PeopleOf = Callable[[Sequence[int]], Mapping[PersonId, Person]]


@dataclass(frozen=True, slots=True)
class Related:
    """A credit that a description points at, how sure that is (0-1), and why."""

    credit: Credit
    confidence: float
    rule: str


def related(
    described: str,
    title: Title,
    credits: Sequence[Credit],
    people_of: PeopleOf,
    overview: str | None = None,
) -> Related | None:
    """The credit that ``described`` points at; ``None`` where credits and overview do not say.

    "X's mother" is the woman with X's surname and "Mrs." or an own first name; "the main character" is who is
    billed first; "the boy" is the actor who was a child then; "the barber" is whom the overview calls one.
    people_of: ids -> people of the catalogue.
    """
    acting = [credit for credit in credits if credit.category in ACTING and credit.characters]
    words = fold(described)
    lead = _LEADS.get(words.removeprefix("the "))
    if lead is not None:
        return _billed_first(lead, [credit for credit in credits if credit.category in PERFORMING])
    credit = told(described, overview, acting) if overview else None
    if credit is not None:
        return Related(credit, _TOLD, "called so in the overview")
    if _IN_LAW.search(described):
        return None
    parts = _split(described)
    if parts:
        return _family(parts[0], parts[1], acting, people_of)
    return (
        _by_age(words, title, acting, people_of)
        or _of_the_family(words, title, acting, people_of)
        or _eponym(words, title, acting)
    )


def _billed_first(gender: str, acting: Sequence[Credit]) -> Related | None:
    first = next((credit for credit in acting if credit.category == gender or not gender), None)
    return Related(first, 0.55, "billed first") if first else None


_CHILDREN = {
    **dict.fromkeys(("girl", "little girl", "young girl", "daughter", "little sister"), "actress"),
    **dict.fromkeys(("boy", "little boy", "young boy", "son", "little brother"), "actor"),
    **dict.fromkeys(("kid", "child", "little kid"), ""),
}
_PARENTS = {
    **dict.fromkeys(("mother", "mom", "mum", "wife"), "actress"),
    **dict.fromkeys(("father", "dad", "husband"), "actor"),
}
_CHILD, _GROWN, _BILLED = 17, 27, 12


def _by_age(words: str, title: Title, acting: Sequence[Credit], people_of: PeopleOf) -> Related | None:
    """ "the boy", "the mom": by gender, by age when the title came out, and by billing."""
    role = words.removeprefix("the ")
    is_child = role in _CHILDREN
    gender = _CHILDREN.get(role, _PARENTS.get(role))
    if gender is None or title.year is None:
        return None
    billed = [credit for credit in acting[:_BILLED] if credit.category == gender or not gender]
    people = people_of([credit.person_id for credit in billed])
    born = {person.id: person.birth_year for person in people.values() if person.birth_year is not None}
    ages = [(credit, title.year - born[credit.person_id]) for credit in billed if credit.person_id in born]
    fitting = [credit for credit, age in ages if (age <= _CHILD if is_child else age >= _GROWN)]
    if not fitting:
        return None
    if not is_child and len(fitting) > 1:
        return None  # most films have several
    what = "child" if is_child else "only grown-up"
    sure = _AGE_SURE if len(fitting) == 1 else _AGE_GUESS
    return Related(fitting[0], sure, f"the {what} of that gender, billed highest")


_AGE_SURE, _AGE_GUESS = 0.55, 0.42
_TOLD = 0.6


def _of_the_family(words: str, title: Title, acting: Sequence[Credit], people_of: PeopleOf) -> Related | None:
    """ "the dad" where half the cast has one surname: the grown man who has it; "the daughter": its child."""
    role = words.removeprefix("the ")
    gender = _CHILDREN.get(role, _PARENTS.get(role))
    family = _members(acting[:_FAMILY])
    if gender is None or not family:
        return None
    born = _born(family, people_of)
    fitting = [
        credit
        for credit in family
        if credit.category == gender and _has_age(role in _CHILDREN, title.year, born.get(credit.person_id))
    ]
    if not fitting:
        return None
    return Related(fitting[0], _AGE_SURE if len(fitting) == 1 else _AGE_GUESS, "of the family, by age")


_FAMILY = 20


def _members(acting: Sequence[Credit]) -> list[Credit]:
    """The credits of the commonest surname among the characters; [] where no three people share one."""
    named: dict[str, list[Credit]] = {}
    for credit in acting:
        for surname in _surnames(credit):
            named.setdefault(surname, []).append(credit)
    most = max(named.values(), key=len, default=[])
    return most if len({credit.person_id for credit in most}) >= 3 else []


def _surnames(credit: Credit) -> set[str]:
    keys = (fold(text).split() for text in credit.characters)
    return {words[-1] for words in keys if len(words) > 1}


def _born(credits: Sequence[Credit], people_of: PeopleOf) -> dict[int, int]:
    people = people_of([credit.person_id for credit in credits])
    return {person.id: person.birth_year for person in people.values() if person.birth_year is not None}


def _has_age(child: bool, year: int | None, born: int | None) -> bool:
    """Whether somebody born then is a child, or grown, in a title of that year; nobody is of unknown age."""
    if year is None or born is None:
        return False
    return year - born <= _TEEN if child else year - born >= _GROWN


_TEEN = 21


_IN_LAW = re.compile(r"\bin[ -]law\b|\bex[ -]", re.IGNORECASE)
_RELATION = "|".join(sorted(RELATIONS, key=len, reverse=True))
_POSSESSIVE = re.compile(rf"^(?:the )?(.+?)(?:['’]s|s['’]|['’])? (?:\w+ )?({_RELATION})$", re.I)
_OF = re.compile(rf"^(?:the )?({_RELATION}) (?:of|to) (?:the )?(.+)$", re.I)
_NAMED = re.compile(rf"^.+?['’]s (?:\w+ )?(?:{_RELATION})[ ,]+(.+)$", re.I)


_OWN_NAMED = re.compile(rf"^(?:the |his |her |their )?(?:{_RELATION}) (?!of |to |in )([a-z]+)$", re.I)


def named_relative(described: str) -> str | None:
    """ "Marty McFly's dad George" -> "George"; ``None`` where no name follows the relation."""
    found = _NAMED.match(described) or _OWN_NAMED.match(described)
    return found[1] if found else None


def _split(described: str) -> tuple[str, str] | None:
    """ "spock's dad" -> ("spock", "dad"); "father of spock" -> the same; ``None`` where nobody is named."""
    found = _OF.match(described)
    if found:
        return found[2], found[1].lower()
    found = _POSSESSIVE.match(described)
    return (found[1], found[2].lower()) if found and fold(found[1]) not in ("the", "") else None


def _family(name: str, relation: str, acting: Sequence[Credit], people_of: PeopleOf) -> Related | None:
    """By the surname that X shares with one other credited character of the right gender."""
    if relation not in _FEMALE | _MALE:
        return None
    anchor = _anchor(name, acting, people_of)
    if anchor is None:
        return None
    surnames = _surnames(anchor)
    kin = [
        credit
        for credit in acting
        if credit.person_id != anchor.person_id and _is_kin(credit, surnames) and _gender(credit, relation)
    ]
    if relation in _UNMARRIED:  # they have another surname
        return _partner(anchor, relation, acting, people_of)
    kin = _of_fitting_age(anchor, relation, kin, people_of)
    titled = [credit for credit in kin if _titled(credit, relation)]
    if len(titled) == 1:
        return Related(titled[0], 0.6, "the only one called Mr. or Mrs. of that surname")
    if len(kin) == 1:
        return Related(kin[0], 0.5, "the only one of that gender and surname")
    child = _youngest(kin, people_of) if relation in _YOUNG_KIN else None
    if child is not None:
        return Related(child, 0.45, "by far the youngest of that gender and surname")
    return None if kin else _partner(anchor, relation, acting, people_of)


_YOUNG_KIN = frozenset("son daughter niece nephew grandson granddaughter".split())
_BY_FAR = 10  # years


def _youngest(kin: Sequence[Credit], people_of: PeopleOf) -> Credit | None:
    """Whoever's actor is ten years younger than all others'; ``None`` where a birth year is missing."""
    born = _born(kin, people_of)
    if len(kin) < 2 or any(credit.person_id not in born for credit in kin):
        return None
    last, other = sorted(kin, key=lambda credit: -born[credit.person_id])[:2]
    return last if born[last.person_id] - born[other.person_id] >= _BY_FAR else None


# By how many years the actor of a relative is older than the actor of the character: least and most.
_GAPS = {
    # Lorraine and George McFly were played by people of their son's age
    **dict.fromkeys("mother mom mum father dad stepmother stepfather stepdad aunt uncle".split(), (-4, 60)),
    **dict.fromkeys("grandmother grandma grandfather grandpa".split(), (15, 90)),
    **dict.fromkeys("son daughter niece nephew".split(), (-60, 4)),
    **dict.fromkeys("grandson granddaughter".split(), (-90, -15)),
    **dict.fromkeys("brother sister wife husband girlfriend boyfriend".split(), (-25, 25)),
}


def _of_fitting_age(
    anchor: Credit, relation: str, kin: Sequence[Credit], people_of: PeopleOf
) -> list[Credit]:
    """Those whose age speaks for the relation, or is not known."""
    if relation not in _GAPS:
        return list(kin)
    born = _born([anchor, *kin], people_of)
    own = born.get(anchor.person_id)
    least, most = _GAPS[relation]
    return [
        credit
        for credit in kin
        if own is None or credit.person_id not in born or least <= own - born[credit.person_id] <= most
    ]


_LOVES = {"wife": "actress", "girlfriend": "actress", "husband": "actor", "boyfriend": "actor"}
_UNMARRIED = frozenset({"girlfriend", "boyfriend"})
_PARTNER = 0.4


def _partner(anchor: Credit, relation: str, acting: Sequence[Credit], people_of: PeopleOf) -> Related | None:
    """The wife of a leading man of another surname: the woman billed highest, of about his age."""
    leads = list(acting[:_LEADING])
    if relation not in _LOVES or all(credit.person_id != anchor.person_id for credit in leads[:2]):
        return None
    others = [credit for credit in leads if credit.category == _LOVES[relation]]
    fitting = _of_fitting_age(anchor, relation, others[:1], people_of)
    return Related(fitting[0], _PARTNER, "billed highest of that gender beside a lead") if fitting else None


_LEADING = 6


def _anchor(name: str, acting: Sequence[Credit], people_of: PeopleOf) -> Credit | None:
    """Whose relative is meant: a character, else an actor ("Kevin Costner's wife")."""
    best = max(acting, key=lambda credit: match_characters(name, credit.characters).score, default=None)
    if best is not None and match_characters(name, best.characters).score >= 0.7:
        return best
    people = people_of([credit.person_id for credit in acting])
    named = {person.id for person in people.values() if fold(person.name) == fold(name)}
    return next((credit for credit in acting if credit.person_id in named), None)


def _is_kin(credit: Credit, surnames: set[str]) -> bool:
    return any(set(fold(character).split()[1:]) & surnames for character in credit.characters)


def _gender(credit: Credit, relation: str) -> bool:
    wanted = "actress" if relation in _FEMALE else "actor"
    return credit.category == wanted


def _titled(credit: Credit, relation: str) -> bool:
    if relation not in _PARENT_WORDS:
        return False
    honorific = "mrs" if relation in _FEMALE else "mr"
    return any(fold(character).split()[:1] == [honorific] for character in credit.characters)


def _eponym(words: str, title: Title, acting: Iterable[Credit]) -> Related | None:
    """Whoever is billed first, where the description is the title itself."""
    if match_character(words, title.name) < 0.9:
        return None
    first = next(iter(acting), None)
    return Related(first, 0.5, "named as the title, billed first") if first else None
