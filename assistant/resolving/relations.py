"""Roles that a question describes instead of naming: "spock's dad", "the mother", "the narrator"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.resolving.characters import RELATIONS, match_character, match_characters
from indexer.catalog.records import ACTING, PERFORMING, Credit, Person, Title
from indexer.ids import PersonId
from indexer.text import fold

_FEMALE = frozenset(
    (
        "mother mom mum wife sister daughter girl girlfriend aunt grandmother grandma woman lady bride "
        "stepmother widow"
    ).split()
)
_MALE = frozenset(
    (
        "father dad husband brother son boy boyfriend uncle grandfather grandpa man guy groom stepfather "
        "stepdad"
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


def related(described: str, title: Title, credits: Sequence[Credit], people_of: PeopleOf) -> Related | None:
    """The credit that ``described`` points at; ``None`` where the credits do not say.

    "X's mother" is the woman with X's surname and "Mrs." or an own first name; "the main character" is who is
    billed first; "the boy" is the actor who was a child then. people_of: ids -> people of the catalogue.
    """
    acting = [credit for credit in credits if credit.category in ACTING and credit.characters]
    words = fold(described)
    lead = _LEADS.get(words.removeprefix("the "))
    if lead is not None:
        return _billed_first(lead, [credit for credit in credits if credit.category in PERFORMING])
    parts = _split(described)
    if parts:
        return _family(parts[0], parts[1], acting, people_of)
    return _by_age(words, title, acting, people_of) or _eponym(words, title, acting)


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


_RELATION = "|".join(sorted(RELATIONS, key=len, reverse=True))
_POSSESSIVE = re.compile(rf"^(?:the )?(.+?)(?:['’]s|s['’]|['’])? (?:\w+ )?({_RELATION})$", re.I)
_OF = re.compile(rf"^(?:the )?({_RELATION}) (?:of|to) (?:the )?(.+)$", re.I)
_NAMED = re.compile(rf"^.+?['’]s (?:\w+ )?(?:{_RELATION})[ ,]+(.+)$", re.I)


def named_relative(described: str) -> str | None:
    """ "Marty McFly's dad George" -> "George"; ``None`` where no name follows the relation."""
    found = _NAMED.match(described)
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
    surnames = {fold(text).split()[-1] for text in anchor.characters if len(fold(text).split()) > 1}
    kin = [
        credit
        for credit in acting
        if credit.person_id != anchor.person_id and _is_kin(credit, surnames) and _gender(credit, relation)
    ]
    titled = [credit for credit in kin if _titled(credit, relation)]
    if len(titled) == 1:
        return Related(titled[0], 0.6, "the only one called Mr. or Mrs. of that surname")
    if len(kin) == 1:
        return Related(kin[0], 0.5, "the only one of that gender and surname")
    return None


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
