"""Who it is, of whom several things are told, some of which no film catalogue holds.

"Which actress starred in Alien and studied at Stanford": the catalogue knows who was in Alien and nothing of
schools. What it cannot check is kept apart (``Reading.unchecked``): where the rest means one person it is
not needed, else the answer says what was left out. Years of birth and death are checked.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.reading import kinds, refs
from assistant.reading.reading import Ask, Part, Reading, valid

_MOST_PIECES = 4
_ACTING_WORDS = (
    r"actors?|actress(?:es)?|stars?|singers?|comedians?|performers?|entertainers?|wrestlers?|rappers?"
)
_CREW_WORDS = r"persons?|directors?|filmmakers?|writers?|people"
_NOUN = rf"(?P<noun>{_ACTING_WORDS}|{_CREW_WORDS})"
_PLAIN = frozenset(
    "movie film famous main lead leading famed well-known known hollywood popular male female".split()
)
_WHO = re.compile(
    rf"^(?:(?:which|what)(?: of the)?(?P<kind>(?: [\w-]+){{0,4}}?) {_NOUN}|who)\b(?: who| "
    rf"that)?\s+(?P<rest>.+)$",
    re.I,
)
_JOB_OF = re.compile(
    r"^(?:who|which (?:actor|actress|person)) (?:is|was) the (?P<t>.+?) (?P<noun>star|actor|actress|"
    r"director) (?:who|that) "
    r"(?P<rest>.+)$",
    re.I,
)
_WON_FOR = re.compile(
    r"^(?:who|which (?P<noun>actor|actress)) (?P<won>(?:won|received|was nominated for|got) .+?) for "
    r"(?:(?:his|her|their) (?:\w+ )?(?:performances?|roles?|portrayal|part|acting)|playing|portraying)"
    r"(?: as| of| in)?(?: both)?(?: the)?(?: (?:movies?|films?))? (?P<what>.+)$",
    re.I,
)

_HELPERS = r"(?:has |have |had |also |once |previously )*"
_LEADING = (
    r"(?:(?:in )?(?:an? |the )?(?:lead(?:ing)?|main|starring|title|titular|supporting|major) "
    r"(?:role|part|character|actor|actress|star)s?|the star|the lead|a role|a part|an actor|an actress)"
)
_ACTED = re.compile(
    rf"^{_HELPERS}(?:(?:starred|stars?|star|appeared|appears|acted|acts|played|plays?|featured|features|"
    rf"was|were|is|been|"
    rf"performed|co-?starred|participated)(?: (?:as )?{_LEADING})?|narrated|narrates)(?: both)?"
    r"(?: (?:in|on|of|opposite))?(?: (?:both|the (?:movies?|films?|tv (?:show|series)|shows?)))? "
    r"(?P<t>.+?)(?: before)?$",
    re.I,
)
_NEEDS_IN = re.compile(r"\b(?:in|on|narrated|narrates|(?:star|lead|actor|actress) of)\b", re.I)
_DIRECTED = re.compile(
    rf"^{_HELPERS}(?:directed|directs|helmed|(?:was|is) the director of) (?:the (?:movie|film) )?(?P<t>.+)$",
    re.I,
)
_WROTE = re.compile(
    rf"^{_HELPERS}(?:wrote|written|(?:was|is) the (?:writer|screenwriter) of) (?P<t>.+)$", re.I
)
_ROLE = re.compile(
    rf"^{_HELPERS}(?:played|plays?|portrayed|portrays?|voiced|voices?|starred as|stars as|was cast "
    rf"as)(?: the (?:role|character|part)"
    r"(?: of)?)? (?P<role>.+?)(?: (?:in|on) (?P<t>.+))?$",
    re.I,
)
_IN_AS = re.compile(rf"^{_HELPERS}(?:was|starred|appeared|is) in (?P<t>.+?) as (?P<role>.+)$", re.I)
_BORN = re.compile(
    rf"^{_HELPERS}(?:was |were )?(?P<not>not )?born (?P<time>(?:in|before|after|during|since) .+)$", re.I
)
_DIED = re.compile(
    rf"^{_HELPERS}(?:died|passed away|was killed)(?: (?P<time>(?:in|before|after|during|since) .+))?$", re.I
)
_GONE = re.compile(
    r"^(?:is|are|was|were) (?:no longer (?:alive|living|with us)|dead|deceased|not alive)(?: (?:anymore|"
    r"now|today))?$",
    re.I,
)
_UNCHECKED = re.compile(
    r"^(?:also |once |never )?(?:(?:not )?born in\b|from\b|whose\b|who\b|(?:was|is|were|are) (?:not |"
    r"also |once )*(?:an? |the |"
    r"married|born|raised|nominated|awarded|related|engaged|divorced|known|named|from|six|five|dating|of "
    r"|in a band|educated|"
    r"half|part)|(?:has|had|have) (?:an? |the |two|three|won|been (?:married|nominated|awarded)|dated|never)|"
    r"attended|studied|graduated|went to|goes to|grew up|lived|lives|won\b|did not win|received|"
    r"achieved?d?|holds|held|"
    r"married|dated|divorced|started|began|made (?:his|her|their)|worked as|speaks|served|founded|owns|"
    r"adopted|hails|"
    r"comes from|dropped out|received|suffered|trained|sings|wrestled)",
    re.I,
)
_CUTS = re.compile(
    r",?\s+(?:and|but)(?: also)?\s+|,\s+|\s+(?=(?:is|was) also )|\s+(?=and whose )|\s+also\s+(?=starred|"
    r"directed|wrote|played|is|was|in)",
    re.I,
)
_NO_TITLE = re.compile(
    r"^(?:an?|his|her|their|born|married)\b|\b(?:born in|married|graduated|attended|studied|who|whose|"
    r"which|won|known for|as)\b"
)  # "A Quiet Place" is one


@dataclass(frozen=True)
class _Told:
    """What one piece of a question says of a person."""

    part: Part | None = None
    born: kinds.Years | None = None
    died: kinds.Years | None = None
    unchecked: str | None = None


def told_of(text: str) -> Iterator[Reading]:
    """Readings of a question about a person of whom something else is said than credits; none otherwise."""
    text = " ".join(text.split()).strip(" ?.!")
    won = _WON_FOR.match(text)
    if won:
        yield from valid(_for_a_part(won))
    of_job = _JOB_OF.match(text)
    if of_job:
        part = Part(
            None,
            refs.title_ref(of_job["t"]),
            "director" if of_job["noun"].lower() == "director" else "acting",
        )
        yield from valid(_reading([_Told(part), _Told(unchecked=of_job["rest"])], of_job["noun"]))
    found = _WHO.match(text)
    if found:
        yield from valid(_pieces(found))


def _for_a_part(found: re.Match[str]) -> Iterator[Reading]:
    """ "who won an Oscar for playing Hannibal Lecter", "... for his performances in A and B"."""
    titles = [name for name in re.split(r"\s+and\s+", found["what"]) if name]
    in_titles = re.search(r"\b(?:performances?|roles?|part|acting)\b.* in\b", found[0], re.I)
    parts = [Part(None, refs.title_ref(name), "acting") for name in titles]
    if not in_titles:
        role, _, where = found["what"].partition(" in ")
        title = refs.title_ref(where) if where else None
        parts = [Part(None, title, "acting", refs.character_name(role))]
    told = [*(_Told(part) for part in parts), _Told(unchecked=found["won"])]
    yield from _reading(told, found["noun"])


def _pieces(found: re.Match[str]) -> Iterator[Reading]:
    kind = " ".join(word for word in (found["kind"] or "").split() if word.lower() not in _PLAIN)
    before = [_Told(unchecked=kind)] if kind else []
    for texts in _split(found["rest"]):
        told = [piece for text in texts for piece in _told(text)]
        readings = list(_reading([*before, *told], found["noun"])) if len(told) >= len(texts) else []
        if readings:
            yield from readings
            return


def _split(text: str) -> Iterator[list[str]]:
    """Ways to cut the text in pieces: at as many joints as there are, then at each one alone."""
    cuts = [cut.span() for cut in _CUTS.finditer(text)]
    if len(cuts) < _MOST_PIECES:
        yield [piece for piece in _CUTS.split(text) if piece]
    for start, end in cuts if len(cuts) > 1 else ():
        yield [text[:start], text[end:]]
    of_title = re.match(rf"^(?P<in>in|from) (?P<t>.+?) (?P<rest>(?:{_VERB}) .+)$", text, re.I)
    if of_title and of_title["in"].lower() == "in":
        yield [f"was in {of_title['t']}", of_title["rest"]]
    elif of_title:
        yield [f"from {of_title['t']}", of_title["rest"]]
    not_born = re.match(rf"^(?P<born>not born in .+?) (?P<rest>(?:{_VERB}) .+)$", text, re.I)
    if not_born:
        yield [not_born["born"], not_born["rest"]]


_VERB = (
    "graduated|attended|studied|was|is|are|were|has|have|went|grew|won|died|passed|married|starred|stars|played|plays|"
    "appeared|acted|directed"
)


def _told(text: str) -> list[_Told]:
    """What a piece says; [] where it says nothing that can be told apart."""
    text = text.strip(" ,")
    life = _life(text)
    if life is not None:
        return [life]
    if _UNCHECKED.match(text) and not _credit_words(text):
        return [_Told(unchecked=text)]
    return [_Told(part) for part in _parts(text)]


def _credit_words(text: str) -> bool:
    """Whether a piece that begins like something unchecked is about a title all the same."""
    return bool(
        re.match(
            r"^(?:was|is|were|are|has|have|had) .*\b(?:star|lead|role|character|director|writer) (?:of|in)\b|"
            r"^(?:was|is) the (?:star|lead|director)",
            text,
            re.I,
        )
    )


def _life(text: str) -> _Told | None:
    if _GONE.match(text):
        return _Told(died=(1, 9999))
    born, died = _BORN.match(text), _DIED.match(text)
    found = born or died
    if found is None:
        return None
    words = re.sub(
        r"^(in|during) (?:the )?(?:\w+ of |\w+ )?(?=\d{4}$)", r"\1 ", found["time"] or "", flags=re.I
    )
    years = kinds.parse_years(words) if words else (1, 9999)
    if years is None or (born and born["not"]):
        return None
    return _Told(born=years) if born else _Told(died=years)


def _parts(text: str) -> Iterator[Part]:
    for pattern, category in ((_DIRECTED, "director"), (_WROTE, "writer")):
        found = pattern.match(text)
        if found and not _NO_TITLE.search(found["t"]):
            yield Part(None, refs.title_ref(found["t"]), category)
            return
    role = _IN_AS.match(text) or _ROLE.match(text)
    acted = _ACTED.match(text)
    if acted and _NEEDS_IN.search(text[: acted.start("t")]) and not _NO_TITLE.search(acted["t"]):
        yield Part(None, refs.title_ref(acted["t"]), "acting")
        return
    if role and not re.match(r"^(?:in|on|an?|the (?:lead|main|title))\b", role["role"], re.I):
        title = refs.title_ref(role["t"]) if role["t"] else None
        yield Part(None, title, "acting", refs.character_name(role["role"]))


def _reading(told: list[_Told], noun: str | None) -> Iterator[Reading]:
    """One Reading of all that was told; nothing where no credit is, or where all of it is credits."""
    parts = tuple(item.part for item in told if item.part is not None)
    unchecked = ", ".join(item.unchecked for item in told if item.unchecked)
    born = next((item.born for item in told if item.born), None)
    died = next((item.died for item in told if item.died), None)
    if not parts or len(told) > _MOST_PIECES + 1 or not (unchecked or born or died):
        return
    word = (noun or "").lower()
    profession = "actress" if word.startswith("actress") else "actor" if word.startswith("actor") else None
    for ways in _two_titles(parts):
        yield Reading(
            Ask.PERSON,
            parts=ways,
            born=born,
            died=died,
            unchecked=unchecked or None,
            profession=profession,
            weight=0.8 if unchecked else 1.0,
        )


def _two_titles(parts: tuple[Part, ...]) -> Iterator[tuple[Part, ...]]:
    """As they are; and where a title's name has an "and", of two titles: "Heat and Casino"."""
    yield parts
    for place, part in enumerate(parts):
        names = re.split(r"\s+and\s+", part.title.full or "") if part.title and not part.character else ()
        if len(names) == 2:
            both = tuple(dataclasses.replace(part, title=refs.title_ref(name)) for name in names)
            yield (*parts[:place], *both, *parts[place + 1 :])
