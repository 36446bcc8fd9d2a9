"""From the words of a slot to the title, person or character they refer to."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable

from assistant.reading import phrases
from assistant.reading.kinds import FILM_TYPES, SERIES_TYPES, split_time
from assistant.reading.reading import Ask, PersonRef, Reading, TitleRef
from indexer.text import fold

_STEPS_AT_MOST = 5
_PERSON_LEAD = re.compile(
    r"^(?:the )?(?:(?:american|australian|british|canadian|chinese|danish|english|french|german|indian|"
    r"irish|italian|japanese|korean|mexican|russian|scottish|spanish|swedish|welsh) )?"
    r"(?:actor|actress|director|film ?maker|writer|composer|star|mr|actors)\s+(?=\w)",
    re.I,
)
_OF_ROLE = {"screenwriter": "writer", "author": "writer"}
_BY_CREW = re.compile(
    r"^the (director|writer|screenwriter|composer|producer|author|cinematographer|editor) (?:of|for) (.+)$",
    re.I,
)
_BY_ROLE = re.compile(
    r"^(?:the )?(?:actor|actress|person|one|guy|girl|man|woman|star)s? (?:who|that|which) "
    r"(?:plays?|played|portrayed|portrays|voiced|voices|was|is) (.+?) (?:in|on|from) (.+)$",
    re.I,
)


_BY_ROLE_ALONE = re.compile(
    r"^(?:the )?(?:actor|actress|person|one|guy|girl|man|woman|star) (?:who|that) "
    r"(?:plays?|played|portrayed|portrays|voiced|voices) (.+)$",
    re.I,
)
_BY_LEAD = re.compile(
    r"^the (?:(?:main|lead|leading|starring) )?(actor|actress|star|lead)(?: actor| actress)? (?:of|in|"
    r"from) (.+)$",
    re.I,
)
_BY_VERB = re.compile(
    r"^(?:the |that )?(?:person|one|man|woman|people|guy|filmmaker|director) (?:who|that|which) "
    r"(directed|wrote|scored|composed|produced|shot|edited|made) (.+)$",
    re.I,
)
_VERBS = {
    "directed": "director",
    "made": "director",
    "wrote": "writer",
    "scored": "composer",
    "composed": "composer",
    "produced": "producer",
    "shot": "cinematographer",
    "edited": "editor",
}


def person_ref(text: str) -> PersonRef:
    """A person slot: a pronoun, "the director of T", "the actress who played C in T", else a name."""
    if fold(text) in phrases.words("pronouns_person"):
        return PersonRef(context=True)
    crew = _BY_CREW.match(text)
    if crew:
        function = crew[1].lower()
        category = _OF_ROLE.get(function, function)
        return PersonRef(by=Reading(Ask.CREW, title=title_ref(crew[2]), category=category))
    verb = _BY_VERB.match(text)
    if verb:
        by = Reading(Ask.CREW, title=title_ref(verb[2]), category=_VERBS[verb[1].lower()])
        return PersonRef(by=by)
    role = _BY_ROLE.match(text)
    if role:
        character = character_name(role[1])
        return PersonRef(by=Reading(Ask.PLAYED_BY, title=title_ref(role[2]), character=character))
    alone = _BY_ROLE_ALONE.match(text)
    if alone:
        return PersonRef(by=Reading(Ask.PLAYED_BY, character=character_name(alone[1])))
    lead = _BY_LEAD.match(text)
    if lead:
        female = "actress" if "actress" in lead[0].lower().split() else None
        return PersonRef(by=Reading(Ask.CAST, title=title_ref(lead[2]), profession=female))
    return PersonRef(name=_PERSON_LEAD.sub("", text).strip())


def people_refs(text: str) -> tuple[PersonRef, ...]:
    """ "A, B and C" -> three people."""
    parts = re.split(r"\s*,\s*(?:and\s+)?|\s+(?:and|&)\s+", text.strip())
    return tuple(person_ref(part) for part in parts if part)


_CHARACTER_LEADS = (
    r"^(?:the )?(?:role|roll|part|character|title character|voice|title role)s? (?:of|named|called|for)\s+",
    r"^(?:the )?character\s+(?=\w)",
    r"^(?:his|her|their) (?=\w+ \w)",
    r"^(?:a|the) (?:guy|girl|man|woman|person|boy) (?:named|called)\s+",
    r"(?:['’]s)?\s+(?:character|role|voice)$",
)


def character_name(text: str) -> str:
    """A character slot without the words around it: "the role of Ripley" -> "Ripley"."""
    name = text
    for pattern in _CHARACTER_LEADS:
        name = re.sub(pattern, "", name, flags=re.I)
    return name.strip() or text


def split_alternatives(text: str) -> tuple[str, ...]:
    """ "goodfellas or casino" -> both. One item where there is no "or"."""
    text = re.sub(r"^(?:between|out of|of)\s+", "", text.strip(" ,:"))
    parts = re.split(r"\s*,\s*(?:or\s+)?|\s+or\s+|\s+and\s+|\s+vs\.?\s+|\s+versus\s+", text)
    return tuple(part.strip(" ,:") for part in parts if part.strip(" ,:"))


_ONE = r"^(?:the |a |that )?(?:movie|film|one|show|series|flick)s?"
_NESTED: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], TitleRef]], ...] = (
    (
        re.compile(
            rf"{_ONE} (?:where|in which|when|with|that has) (.+?) "
            r"(?:plays?|played|voices|voiced|was|is|as|portrays|portrayed) (?:the |a |an )?(.+)$",
            re.I,
        ),
        lambda found: TitleRef(people=people_refs(found[1]), character=character_name(found[2])),
    ),
    (
        re.compile(
            r"^(?:the |a |that )?(?:\w+ )?(?:movie|film|one|show|series|flick)s? "
            r"(?:with|starring|featuring|that stars|that has|where|in which) "
            r"(.+?)(?: (?:is|was|stars|starred|plays|appears) in)?$",
            re.I,
        ),
        lambda found: _with_people(found[1]),
    ),
    (
        re.compile(rf"{_ONE} (?:directed by|by) (.+)$", re.I),
        lambda found: TitleRef(directors=people_refs(found[1])),
    ),
    (
        re.compile(rf"{_ONE} (?:written by) (.+)$", re.I),
        lambda found: TitleRef(writers=people_refs(found[1])),
    ),
)


_FIRST_FEW = re.compile(
    r"^(?:all (?:of )?)?(?:the )?(?:(?:first|last|original) (?:two|three|four|five|six|few)|early|earlier) "
    r"(.+? (?:movies|films))$",
    re.I,
)


def title_ref(text: str) -> TitleRef:
    """A title slot: "it", "the movie where P plays C", or a name with year, ordinal and kind taken off.

    ``full`` keeps all the words, for titles of which these are a part ("The Third Man").
    """
    text = text.strip()
    if fold(text) in phrases.words("pronouns_title"):
        return TitleRef(full=text, context=True)
    several = _FIRST_FEW.match(text)
    if several:  # "the first four Alien films": of the series, whichever they are
        return dataclasses.replace(title_ref(several[1]), full=text)
    for pattern, build in _NESTED:
        found = pattern.match(text)
        if found:
            return build(found)
    return _beside(text) or _of_parts(text) or _named(text)


_BESIDE = (
    (
        re.compile(
            r"^(?:the |its |a )?(?:(?:first |direct )?(?:sequel|follow[- ]?up)|second part|part two|part 2)"
            r" (?:to|of) (.+)$",
            re.I,
        ),
        1,
    ),
    (re.compile(r"^(.+?)(?:['’]s)? (?:sequel|follow[- ]?up)$", re.I), 1),
    (re.compile(r"^(?:the |its )?prequel (?:to|of) (.+)$", re.I), -1),
)
_BESIDE_IT = {"sequel": 1, "follow up": 1, "next one": 1, "prequel": -1, "previous one": -1, "one before": -1}


def _beside(text: str) -> TitleRef | None:
    """ "the sequel to Jaws", "the sequel": the title one step after or before another of its series."""
    alone = _BESIDE_IT.get(fold(text).removeprefix("the "))
    if alone is not None:
        return TitleRef(full=text, context=True, step=alone)
    for pattern, step in _BESIDE:
        found = pattern.match(text)
        if found and fold(found[1]) not in ("the", "a", "its", "his", "her"):
            return dataclasses.replace(title_ref(found[1]), full=text, step=step)
    return None


def _of_parts(text: str) -> TitleRef | None:
    """ "the third film in the Saw series": what described.py can read and plain names cannot say.

    ``full`` stays the whole text.
    """
    from assistant.reading.described import described

    for item in described(text):
        if item.ranking is None and item.says_more and (item.ref.parts or item.ref.name):
            return dataclasses.replace(item.ref, full=text)
    return None


def _with_people(text: str) -> TitleRef:
    names, years = split_time(text)
    return TitleRef(people=people_refs(names), years=years)


def _named(text: str) -> TitleRef:
    ref = TitleRef(name=text, full=text)
    for _ in range(_STEPS_AT_MOST):
        shorter = _strip_once(ref)
        if shorter is None:
            break
        ref = shorter
    return ref


def _strip_once(ref: TitleRef) -> TitleRef | None:
    """The reference with one qualifier moved from the name to its own field.

    ``None`` where there is none left.
    """
    if ref.name is None:
        return None
    for pattern, step in _STEPS:
        found = pattern.match(ref.name)
        changed = step(ref, found) if found else None
        if changed is not None:
            return changed
    return None


def _bare(ref: TitleRef, found: re.Match[str]) -> TitleRef:
    return dataclasses.replace(ref, name=found[1])


_ANY_TITLE = {"", "the one", "one", "the movie", "the film", "the show", "the series", "the version"}


def _year_after(ref: TitleRef, found: re.Match[str]) -> TitleRef | None:
    return _with_year(ref, found[1], found[2])


def _year_before(ref: TitleRef, found: re.Match[str]) -> TitleRef | None:
    return _with_year(ref, found[2], found[1])


def _year_only(ref: TitleRef, found: re.Match[str]) -> TitleRef | None:
    return _with_year(ref, None, found[1] or found[2])


def _with_year(ref: TitleRef, name: str | None, year: str) -> TitleRef | None:
    if ref.years is not None:
        return None
    kept = None if fold(name or "") in _ANY_TITLE else name
    return dataclasses.replace(ref, name=kept, years=(int(year), int(year)))


def _ordinal(ref: TitleRef, found: re.Match[str]) -> TitleRef | None:
    if ref.ordinal is not None:
        return None
    return dataclasses.replace(ref, name=found[2], ordinal=phrases.ordinals()[fold(found[1])])


def _ordinal_only(ref: TitleRef, found: re.Match[str]) -> TitleRef | None:
    if ref.ordinal is not None:
        return None
    return dataclasses.replace(ref, name=None, ordinal=phrases.ordinals()[fold(found[1])], context=True)


def _first(ref: TitleRef, found: re.Match[str]) -> TitleRef | None:
    return None if ref.ordinal is not None else dataclasses.replace(ref, name=found[1], ordinal=1)


def _episode(ref: TitleRef, found: re.Match[str]) -> TitleRef:
    """ "Star Wars episode one": what it calls itself, whenever it came out."""
    return dataclasses.replace(ref, name=f"{found[1]} episode {_EPISODES[found[2].lower()]}")


_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
_WRITTEN = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_EPISODES = {
    **dict(zip(_WRITTEN, _ROMAN, strict=True)),
    **{str(at): each for at, each in enumerate(_ROMAN, 1)},
}
_ARTICLE = re.compile(r"^(?:the|an?)\s", re.I)


def _with(ref: TitleRef, found: re.Match[str]) -> TitleRef | None:
    if _ARTICLE.match(found[2]):  # nobody in Gone with the Wind is called the Wind
        return None
    return None if ref.people else dataclasses.replace(ref, name=found[1], people=people_refs(found[2]))


def _owned(ref: TitleRef, found: re.Match[str]) -> TitleRef | None:
    """ "Stanley Kubrick's The Shining"; what is called so whole ("Bram Stoker's Dracula") still wins."""
    if ref.people or not 2 <= len(found[1].split()) <= _OWNER or fold(found[2]).split()[-1] in _KIN:
        return None
    return dataclasses.replace(ref, name=found[2], people=(PersonRef(name=found[1]),))


_OWNER = 3  # words of a name
_KIN = frozenset(
    "father dad mother mom mum brother sister son daughter wife husband girlfriend boyfriend friend uncle "
    "aunt grandmother grandfather boss partner character role voice".split()
)


def _directed(ref: TitleRef, found: re.Match[str]) -> TitleRef | None:
    return None if ref.directors else dataclasses.replace(ref, name=found[1], directors=people_refs(found[2]))


def _members(ref: TitleRef, found: re.Match[str]) -> TitleRef:
    return dataclasses.replace(ref, name=found[1], series=True, types=ref.types or FILM_TYPES)


def _film(ref: TitleRef, found: re.Match[str]) -> TitleRef:
    return dataclasses.replace(ref, name=found[1], types=ref.types or FILM_TYPES)


def _show(ref: TitleRef, found: re.Match[str]) -> TitleRef | None:
    if ref.types == FILM_TYPES:  # "the movie Show Boat"
        return None
    return dataclasses.replace(ref, name=found[1], types=ref.types or SERIES_TYPES)


_Step = Callable[[TitleRef, "re.Match[str]"], TitleRef | None]
_YEAR = r"((?:1[89]\d\d|20[0-3]\d))"
_NTH = f"({phrases.one_of(phrases.ordinals())})"
_OF_YEAR = (
    "(?:version of |film version of |movie version of |film |movie |remake of |adaptation of |remake )?"
)
_STEPS: tuple[tuple[re.Pattern[str], _Step], ...] = tuple(
    (re.compile(pattern, re.I), step)
    for pattern, step in (
        (r"^[\"“](.+)[\"”]$", _bare),
        (rf"^(?:the )?{_YEAR}(?: film| movie| version| one| show| series)$|^the {_YEAR}$", _year_only),
        (r"^(.+?)\s*[\(\[]\s*((?:1[89]|20)\d\d)\s*[\)\]]$", _year_after),
        (
            rf"^(.+?),?\s+(?:from |in |of )?(?:the year )?{_YEAR}(?: version| film| movie| remake| one)?$",
            _year_after,
        ),
        (rf"^(?:the )?{_YEAR}(?:'s)? {_OF_YEAR}(.+)$", _year_before),
        (
            r"^(?:all (?:of )?)?(?:the )?(?:movies|films|parts) (?:in|of) (?:the )?(.+?)"
            r"(?: series| franchise| saga| trilogy)?$",
            _members,
        ),
        (rf"^(?:the )?{_NTH}(?: one| film| movie| part)$", _ordinal_only),
        (rf"^(?:the )?{_NTH}\s+(.+)$", _ordinal),
        (rf"^(.+?)[\s,:-]+episode ({'|'.join(_EPISODES)})$", _episode),
        (r"^(.+?)(?<!episode)[\s,:]+(?:(?:part|movie|film) (?:1|i|one)|1|i)$", _first),
        (rf"^(?:the )?{phrases.any_of('title_leads')}\s+(.+)$", _bare),
        (
            rf"^(?:the )?{phrases.any_of('film_words')}"
            r"(?: called| named| titled| version of| adaptation of)?\s+(.+)$",
            _film,
        ),
        (rf"^(?:the )?{phrases.any_of('series_words')}(?: called| named| titled)?\s+(.+)$", _show),
        (rf"^(.+?)\s+{phrases.any_of('members')}$", _members),
        (
            r"^(.+?)(?:,)?\s+(?:the )?"
            r"(?:tv series|tv show|television series|television show|tv|series|show|sitcom)(?: on \w+)?$",
            _show,
        ),
        (r"^(.+?)(?:,)?\s+(?:the )?(?:movie|film)$", _film),
        (rf"^(.+?)[\s,]+(?:on {phrases.any_of('channels')}|{phrases.any_of('title_tails')})$", _bare),
        (rf"^{phrases.any_of('title_leads_of')}\s+(.+)$", _bare),
        (r"^((?:[\w.-]+ ){1,2}[\w.-]+)['’]s\s+(.+)$", _owned),
        (r"^(.+?),?\s+(?:directed by|by director)\s+(.+)$", _directed),
        (r"^(.+?),?\s+(?:with|starring|featuring)\s+(.+)$", _with),
    )
)
