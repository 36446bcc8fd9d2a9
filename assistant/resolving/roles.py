"""Who played whom: characters, titles and people resolved together."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answer import Choice, Status
from assistant.reading.kinds import parse_kind
from assistant.reading.reading import Reading
from assistant.reading.refs import title_ref
from assistant.resolving.characters import asked_gender, forms_of, match_characters
from assistant.resolving.elsewhere import from_elsewhere
from assistant.resolving.finding import Finding, Record, unknown
from assistant.resolving.people import PersonHit
from assistant.resolving.relations import named_relative, related
from assistant.resolving.titles import TitleHit, popularity
from indexer.catalog.records import ACTING, PERFORMING, Credit, Person, Title
from indexer.ids import PersonId
from indexer.text import ARTICLES, fold, search_words

if TYPE_CHECKING:
    from assistant.resolving.resolver import Tools

_CHARACTER = 4.5
_OTHER_KIND = 0.55  # a series where a film was asked for
_AS_GOOD = 0.06
_KNOWN = 1_000  # votes
_ENOUGH, _EXACT = 0.92, 0.3  # a match this good decides as much as an exact one, which weighs little more
_OTHER_GENDER = 0.5  # "Mrs. Wolowitz" is not the man of that name
_BILLING = 0.012
_MIN_QUALITY = 0.74
_MIN_MATCH = 0.5
_LOOSE = 0.4  # a wording this rare needs the whole title and nearly the whole character
_USUAL = 0.8  # a wording whose parts are sure enough to guess a role that is only described
_WHOLE_NAME, _WHOLE_MATCH = 0.94, 0.85
_SPOKEN = 1.0  # a credit that names the voice
_ANIMATED, _NOT_ACTED = 0.6, -0.25  # "who voices", "who plays": the animated one of several versions or not
_KIND = {"archive_footage": -0.8, "archive_sound": -0.8, "self": -0.3}


@dataclass(frozen=True, slots=True)
class RoleHit:
    """A credit that may be the one asked for.

    ``match`` 0-1 of the character, ``score`` of everything together.
    """

    hit: TitleHit
    credit: Credit
    match: float
    character: str
    score: float


def played_by(reading: Reading, tools: Tools) -> Finding:
    """Who played ``reading.character`` in ``reading.title``, or anywhere where no title is given."""
    assert reading.character is not None  # noqa: S101 - validated
    if reading.title is None or reading.order is not None:
        return _anywhere(reading, tools)
    reading = _named_as_character(reading, tools)
    assert reading.title is not None and reading.character is not None  # noqa: S101 - as it was
    hits = tools.titles(reading.title, character=reading.character)
    if not hits and not reading.title.name:
        return _anywhere(reading, tools)
    loose = reading.weight < _LOOSE
    hits = _of_the_name([hit for hit in hits if hit.quality >= (_WHOLE_NAME if loose else _MIN_QUALITY)])
    if not hits:
        name = reading.title.full or reading.title.name or "that"
        return unknown(reading, f"I know no title like “{name}”.", 0.2, "no title of that name")
    roles = _by_name(reading.character, hits, tools, reading.voice)
    grown = _AGE.sub("", reading.character)
    if grown != reading.character and not (roles and roles[0].match >= _MIN_MATCH):
        roles = _roles(grown, hits, tools, reading.voice)  # "the young Vito" is credited as Vito
    if not roles or roles[0].match < (_WHOLE_MATCH if loose else _MIN_MATCH):
        return (
            (_by_relation(reading, hits, tools) if reading.weight >= _USUAL else None)
            or (None if loose else _by_other_credits(reading, hits, tools))
            or _in_first_with_it(reading, tools)
            or _not_there(reading, hits, tools)
        )
    return _best(reading, roles, hits, tools)


def _by_name(character: str, hits: Sequence[TitleHit], tools: Tools, voice: bool) -> list[RoleHit]:
    """Credits of a character; of "aunt May" those of May, else of somebody who is credited with the word."""
    named = named_relative(character)
    roles = _roles(named or character, hits, tools, voice)
    if named and not (roles and roles[0].match >= _MIN_MATCH):
        return _roles(character, hits, tools, voice)
    return roles


_AGE = re.compile(r"^(?:the )?(?:young|younger|old|older) (?=\w{3,})", re.I)


def _of_the_name(hits: Sequence[TitleHit]) -> list[TitleHit]:
    """Without names that only resemble what was said, where a title that people know has that very name."""
    known = any(hit.quality >= _WHOLE_NAME and hit.title.votes >= _KNOWN for hit in hits)
    return [hit for hit in hits if hit.quality >= _WHOLE_NAME or not (known and hit.is_look_alike)]


def _named_as_character(reading: Reading, tools: Tools) -> Reading:
    """ "who played Zorro in the old tv series": the title is called like the character."""
    ref = reading.title
    if ref is not None and ref.ordinal is not None and ref.context and not tools.context.titles:
        title = dataclasses.replace(ref, name=reading.character, full=None, context=False)
        return dataclasses.replace(reading, title=title)
    kind = parse_kind(ref.name) if ref and ref.name else None
    if ref is None or kind is None or kind.genres or not kind.types:
        return reading
    title = dataclasses.replace(ref, name=reading.character, full=None, types=kind.types)
    return dataclasses.replace(reading, title=title)


def _roles(character: str, hits: Sequence[TitleHit], tools: Tools, voice: bool) -> list[RoleHit]:
    credits = tools.catalog.credits_of_titles([hit.title.id for hit in hits])
    hits = [_as_worded(hit, voice) for hit in hits]
    asked = _Asked(character, asked_gender(character), voice)
    found = [role for hit in hits for role in _in_title(asked, hit, credits.get(hit.title.id, []))]
    return sorted(found, key=lambda role: -role.score)


def _as_worded(hit: TitleHit, voice: bool) -> TitleHit:
    """The hit with what "voiced" or "played" adds: of two versions, one is more often drawn or acted."""
    if "Animation" not in hit.title.genres:
        return hit
    bonus = _ANIMATED if voice else _NOT_ACTED
    return dataclasses.replace(hit, score=hit.score + bonus, parts={**hit.parts, "voice": bonus})


@dataclass(frozen=True, slots=True)
class _Asked:
    """Who is asked for; ``gender`` "actor", "actress" or "" where the words do not tell."""

    character: str
    gender: str
    voice: bool


def _in_title(asked: _Asked, hit: TitleHit, credits: Iterable[Credit]) -> list[RoleHit]:
    found = []
    for credit in credits:
        if credit.category not in ACTING or not credit.characters:
            continue
        match = match_characters(asked.character, credit.characters)
        fit = match.score * _gender_fit(asked, match.score, credit, hit)
        if fit > 0.3:
            score = (
                hit.score
                + _character_score(fit)
                - _BILLING * min(credit.ordering, 40)
                + _KIND.get(credit.category, 0.0)
                + (_SPOKEN if asked.voice and "voice" in fold(match.character) else 0.0)
            )
            found.append(RoleHit(hit, credit, fit, match.character, score))
    return found


def _character_score(match: float) -> float:
    """What a match adds to a credit's score: all that was said being there is nearly as good as no more."""
    return _CHARACTER * min(1.0, match / _ENOUGH) - _EXACT * (1.0 - match)


def _gender_fit(asked: _Asked, match: float, credit: Credit, hit: TitleHit) -> float:
    """Below 1 for a man where a woman is meant; voices are anybody's, and an exact name is what it is."""
    if not asked.gender or asked.voice or match >= _WHOLE_MATCH or "Animation" in hit.title.genres:
        return 1.0
    return _OTHER_GENDER if credit.category in PERFORMING and credit.category != asked.gender else 1.0


def _best(reading: Reading, roles: Sequence[RoleHit], hits: Sequence[TitleHit], tools: Tools) -> Finding:
    best = likeliest(roles)
    same_title = [role for role in roles if role is not best and role.hit.title.id == best.hit.title.id]
    tied = [
        role
        for role in same_title
        if role.match >= best.match - 0.02 and role.credit.person_id != best.credit.person_id
    ]
    rivals = [
        role
        for role in roles
        if role.credit.person_id != best.credit.person_id and role.hit.title.id != best.hit.title.id
    ]
    confidence = _confidence(best, hits[0], rivals, len(tied))
    people = tools.catalog.people([role.credit.person_id for role in [best, *tied, *rivals[:12]]])
    records = [_record(role, people) for role in [best, *tied[:_TIED]]]
    return Finding(
        reading,
        Status.ANSWERED,
        records=tuple(records),
        confidence=confidence,
        rule="character and title resolved together",
        others=tuple(_other_versions(best, rivals, people)),
        candidates=tuple(_shown(role, people) for role in [best, *(r for r in roles if r is not best)][:8]),
    )


_TIED = 7  # people of one role who are all named: "man at the bar"
_WARMTH = 0.5  # of the sum over titles: how far below the best score another title still counts


def likeliest(roles: Sequence[RoleHit]) -> RoleHit:
    """The best credit of whoever has most of the likelihood, all titles of about the name taken together.

    Three films in which one actor plays the character outweigh a fourth that is as near the words.
    """
    best = roles[0]
    near = [
        role
        for role in roles
        if role.score > best.score - _WARMTH and role.match >= best.match - 0.02 and _as_near(role, best)
    ]
    shares: dict[int, float] = {}
    counted: set[tuple[int, int]] = set()
    for role in near:
        key = (role.credit.person_id, role.hit.title.id)
        if key not in counted:
            counted.add(key)
            shares[key[0]] = shares.get(key[0], 0.0) + math.exp((role.score - best.score) / _WARMTH)
    return max(near, key=lambda role: (shares[role.credit.person_id], role.score))


def _as_near(role: RoleHit, best: RoleHit) -> bool:
    """Whether its title's name fits about as well, and is no other when more than the name was said."""
    told = best.hit.parts.get("ordinal") or best.hit.parts.get("year") or best.hit.parts.get("whole_name")
    return role is best or (not told and role.hit.quality > best.hit.quality - _AS_GOOD)


def _confidence(best: RoleHit, top: TitleHit, rivals: Sequence[RoleHit], tied: int) -> float:
    """0-1: character and name fit, it is the title one would think of first, nobody else is as near."""
    fit = best.match * min(1.0, 0.3 + 0.7 * best.hit.quality)
    if best.hit.is_of_another_year:
        fit *= 0.31
    if best.hit.is_of_another_kind:
        fit *= _OTHER_KIND
    detour = max(0.0, top.score - best.hit.score)
    margin = best.score - rivals[0].score if rivals else 3.0
    near = 1.0 if margin > 0.8 else 0.85 + 0.15 * margin / 0.8
    return max(0.05, min(0.98, fit * (1.0 - 0.07 * min(detour, 4.0)) * near / (1.0 + 0.15 * tied)))


def _record(role: RoleHit, people: Mapping[PersonId, Person]) -> Record:
    return Record(role.hit.title, people.get(role.credit.person_id), role.credit)


def _other_versions(
    best: RoleHit, rivals: Sequence[RoleHit], people: Mapping[PersonId, Person]
) -> list[Record]:
    """The same character in other titles of about the same name, once a person."""
    seen = {best.credit.person_id}
    kept = []
    for role in rivals:
        near = role.match >= 0.8 and role.score > best.score - 2.5
        if near and role.credit.person_id not in seen:
            seen.add(role.credit.person_id)
            kept.append(_record(role, people))
    return kept[:4]


def _shown(role: RoleHit, people: Mapping[PersonId, Person]) -> dict[str, object]:
    person = people.get(role.credit.person_id)
    explained = role.hit.explained()
    return {
        "title": role.hit.title.name,
        "year": role.hit.title.year,
        "person": person.name if person else None,
        "character": role.character,
        "score": round(role.score, 3),
        **explained,
        "parts": {**explained["parts"], "character": round(_character_score(role.match), 3)},
    }


def _by_relation(reading: Reading, hits: Sequence[TitleHit], tools: Tools) -> Finding | None:
    """A role that is described and not named, where the credits give it away."""
    assert reading.character is not None  # noqa: S101 - validated
    for hit in _likely(hits)[:3]:
        credits = tools.catalog.credits_of_title(hit.title.id)
        overview = tools.catalog.overview(hit.title.id)
        found = related(reading.character, hit.title, credits, tools.catalog.people, overview)
        if found is None:
            continue
        person = tools.catalog.person(found.credit.person_id)
        record = Record(hit.title, person, found.credit)
        return Finding(
            reading, Status.ANSWERED, (record,), confidence=found.confidence * hit.quality, rule=found.rule
        )
    return None


def _by_other_credits(reading: Reading, hits: Sequence[TitleHit], tools: Tools) -> Finding | None:
    """Somebody in the cast who plays the character elsewhere, where the credits here name no character."""
    assert reading.character is not None  # noqa: S101 - validated
    for hit in _likely(hits)[:2]:
        credits = tools.catalog.credits_of_title(hit.title.id)
        found = from_elsewhere(reading.character, hit.title, credits, tools.catalog)
        if found is not None:
            title = tools.catalog.title(found.credit.title_id)
            record = Record(title, tools.catalog.person(found.credit.person_id), found.credit)
            sure = found.confidence * hit.quality * (_OTHER_KIND if hit.is_of_another_kind else 1.0)
            return Finding(reading, Status.ANSWERED, (record,), confidence=sure, rule=found.rule)
    return None


def _in_first_with_it(reading: Reading, tools: Tools) -> Finding | None:
    """ "the original Batman" where the first of the series has no such character: the first that has it."""
    ref = reading.title
    if ref is None or ref.ordinal != 1 or not ref.name or reading.character is None:
        return None
    every = dataclasses.replace(ref, ordinal=None, full=None, series=False, parts=())
    hits = [hit for hit in tools.titles(every) if hit.quality >= _MIN_SERIES and hit.title.year is not None]
    roles = _roles(reading.character, hits, tools, reading.voice)
    kept = [role for role in roles if role.match >= _WHOLE_MATCH and role.hit.title.votes >= _KNOWN]
    if not kept:
        return None
    first = min(kept, key=lambda role: (role.hit.title.year or 0, -role.score))
    roles = [first, *(role for role in kept if role.hit.title.id == first.hit.title.id and role is not first)]
    return _best(reading, roles, [first.hit], tools)


_MIN_SERIES = 0.9  # how well the name of a member of the series fits


def _likely(hits: Sequence[TitleHit]) -> list[TitleHit]:
    """Those that may be meant where no character tells: as good a name as the best, nearly as well known."""
    least = hits[0].quality - 0.05
    return [hit for hit in hits if hit.score > hits[0].score - 1.0 and hit.quality >= least]


def _not_there(reading: Reading, hits: Sequence[TitleHit], tools: Tools) -> Finding:
    """Nobody there plays the character: says so, and where the character is."""
    title = hits[0].title
    note = f"I find no {_plain(reading.character)} among the credits of {title.dated}."
    elsewhere = [role for role in _everywhere(reading.character or "", tools) if role.match >= 0.95][:1]
    if elsewhere and elsewhere[0].hit.title.votes > 20_000:
        role = elsewhere[0]
        person = tools.catalog.person(role.credit.person_id)
        name = person.name if person else "somebody"
        note += f" {role.character} is in {role.hit.title.dated}, played by {name}."
    return unknown(reading, note, 0.35 * hits[0].quality, "no such character in that title")


def _plain(character: str | None) -> str:
    """The character without an article: "no Oracle", not "no the Oracle"."""
    words = (character or "such character").split()
    return " ".join(words[1:] if len(words) > 1 and words[0].lower() in ARTICLES else words)


def _everywhere(character: str, tools: Tools) -> list[RoleHit]:
    """Credits of a character in any title: how well it fits, then how well known the title is."""
    searched = {" ".join(search_words(form)): None for form in forms_of(character)}
    credits = [credit for text in searched for credit in tools.catalog.credits_of_character(text, _SEARCHED)]
    titles = tools.catalog.titles(list({credit.title_id for credit in credits}))
    found = [
        _wherever(character, credit, titles[credit.title_id])
        for credit in dict.fromkeys(credits)
        if credit.title_id in titles and credit.category in ACTING
    ]
    return sorted((role for role in found if role.match >= _MIN_MATCH), key=lambda role: -role.score)


_SEARCHED = 300


def _wherever(character: str, credit: Credit, title: Title) -> RoleHit:
    match = match_characters(character, credit.characters)
    hit = TitleHit(title, 1.0, 2.5 * popularity(title.votes))
    score = hit.score + _character_score(match.score) + _KIND.get(credit.category, 0.0)
    return RoleHit(hit, credit, match.score, match.character, score)


def _anywhere(reading: Reading, tools: Tools) -> Finding:
    """Who plays a character, no title given: the best known, or a choice where several are as well known."""
    assert reading.character is not None  # noqa: S101 - validated
    roles = [role for role in _everywhere(reading.character, tools) if _of_years(role, reading)]
    grown = _AGE.sub("", reading.character)
    if grown != reading.character and not (roles and roles[0].match >= _WHOLE_MATCH):
        return _anywhere(dataclasses.replace(reading, character=grown), tools)
    if reading.order is not None:
        return _first_or_last(reading, roles, tools)
    if reading.limit is not None:
        return _all_of_them(reading, roles, tools)
    titled = _in_title_of_the_name(reading, roles[:1], tools)
    if titled is not None:
        return titled
    if not roles or roles[0].match < 0.85:
        note = f"I know no character “{_plain(reading.character)}”."
        return unknown(reading, note, 0.2, "no such character")
    strong = [role for role in roles if role.match >= roles[0].match - _AS_GOOD]
    shares = _votes_by_person(strong)
    best = max(strong, key=lambda role: shares.get(role.credit.person_id, 0.0))
    rivals = _one_each(strong, best.credit.person_id)[:5]
    share = shares[best.credit.person_id] / sum(shares.values())
    return _of_many(reading, best, rivals, share, tools)


def _first_or_last(reading: Reading, roles: Sequence[RoleHit], tools: Tools) -> Finding:
    """Who played a character first, or last, in a title that some know."""
    types = reading.title.types if reading.title else ()
    fitting = [role for role in roles if role.match >= _WHOLE_MATCH and role.hit.title.year is not None]
    fitting = [role for role in fitting if role.hit.title.type in types or not types]
    most = max((role.hit.title.votes for role in fitting), default=0)
    known = [role for role in fitting if role.hit.title.votes >= _SOME * most]
    if not known:
        note = f"I know no character “{_plain(reading.character)}”."
        return unknown(reading, note, 0.2, "no such character")
    sign = -1 if reading.descending else 1
    in_order = sorted(known, key=lambda role: sign * (role.hit.title.year or 0))
    people = tools.catalog.people([role.credit.person_id for role in in_order[:1]])
    records = (_record(in_order[0], people),)
    return Finding(
        reading,
        Status.ANSWERED,
        records,
        confidence=_BY_YEAR * in_order[0].match,
        rule="by the titles' years",
    )


_SOME, _BY_YEAR = 0.02, 0.85


def _all_of_them(reading: Reading, roles: Sequence[RoleHit], tools: Tools) -> Finding:
    """Everybody who plays a character in a title that some know, the best known first."""
    fitting = [role for role in roles if role.match >= _WHOLE_MATCH]
    most = max((role.hit.title.votes for role in fitting), default=0)
    known = [role for role in fitting if role.hit.title.votes >= _SOME * most]
    first = known[:1]
    kept = [*first, *_one_each(known[1:], first[0].credit.person_id)] if first else []
    if not kept:
        note = f"I know no character “{_plain(reading.character)}”."
        return unknown(reading, note, 0.2, "no such character")
    people = tools.catalog.people([role.credit.person_id for role in kept])
    records = tuple(_record(role, people) for role in kept[: reading.limit])
    values = (str(len(kept)),) if reading.count else ()
    return Finding(
        reading, Status.ANSWERED, records, values, 0.85 * first[0].match, rule="all titles with the character"
    )


def _in_title_of_the_name(reading: Reading, best: Sequence[RoleHit], tools: Tools) -> Finding | None:
    """ "the voice of the boss baby", "the voice over of the black stallion": a title is named.

    ``None`` where no known title has that name, or the character is in a title known better.
    """
    assert reading.character is not None  # noqa: S101 - validated
    ref = title_ref(reading.character)
    if ref.context or not ref.name or (reading.title and reading.title.years and not ref.years):
        return None
    hits = [hit for hit in tools.titles(ref) if hit.quality >= _WHOLE_NAME and hit.title.votes >= _KNOWN]
    if not hits or (best and best[0].match >= _ENOUGH and best[0].hit.title.votes >= hits[0].title.votes):
        return None
    roles = _roles(ref.name, hits, tools, reading.voice)
    if not (roles and roles[0].match >= _MIN_MATCH) and reading.voice:
        roles = _roles("narrator", hits, tools, voice=True)
    asked = dataclasses.replace(reading, title=ref)
    if roles and roles[0].match >= _MIN_MATCH:
        return _best(asked, roles, hits, tools)
    return _by_other_credits(dataclasses.replace(asked, character=ref.name), hits, tools)


def _of_years(role: RoleHit, reading: Reading) -> bool:
    years = reading.title.years if reading.title else None
    return years is None or (role.hit.title.year is not None and years[0] <= role.hit.title.year <= years[1])


def _of_many(
    reading: Reading, best: RoleHit, rivals: Sequence[RoleHit], share: float, tools: Tools
) -> Finding:
    """The best known of several; ``share`` 0-1 of the votes that are theirs. Below half it is a choice."""
    people = tools.catalog.people([role.credit.person_id for role in [best, *rivals]])
    clear = share >= 0.5 or not rivals
    return Finding(
        reading,
        Status.ANSWERED if clear else Status.AMBIGUOUS,
        (_record(best, people),),
        confidence=0.4 + 0.5 * share * best.match,
        rule="the best known title with the character",
        others=tuple(_record(role, people) for role in rivals),
        choices=() if clear else tuple(_choice(reading, role, people) for role in [best, *rivals]),
    )


def _votes_by_person(roles: Iterable[RoleHit]) -> dict[int, float]:
    votes: dict[int, float] = {}
    seen: set[int] = set()
    for role in roles:
        if role.hit.title.id in seen:  # who sings for the character does not halve the actor's claim
            continue
        seen.add(role.hit.title.id)
        votes[role.credit.person_id] = votes.get(role.credit.person_id, 0.0) + role.hit.title.votes + 1.0
    return votes


def _one_each(roles: Iterable[RoleHit], without: int) -> list[RoleHit]:
    seen = {without}
    kept = []
    for role in roles:
        if role.credit.person_id not in seen:
            seen.add(role.credit.person_id)
            kept.append(role)
    return kept


def _choice(reading: Reading, role: RoleHit, people: Mapping[PersonId, Person]) -> Choice:
    title, person = role.hit.title, people.get(role.credit.person_id)
    name = person.name if person else "?"
    question = f"who played {reading.character} in {title.dated}"
    return Choice(f"{title.dated}: {name}", question)


def character_of(reading: Reading, tools: Tools) -> Finding:
    """Whom ``reading.people[0]`` played in ``reading.title``."""
    people = tools.people(reading.people[0])
    assert reading.title is not None  # noqa: S101 - validated
    hits = [hit for hit in tools.titles(reading.title) if hit.quality >= 0.6]
    if not people or not hits:
        return unknown(reading, "I do not know that person or that title.", 0.2, "nothing of that name")
    credits = tools.catalog.credits_of_titles([hit.title.id for hit in hits])
    options = [
        (person.score + hit.score + _told(credit), person, hit, credit)
        for hit in hits
        for credit in credits.get(hit.title.id, [])
        for person in people
        if credit.person_id == person.person.id and credit.category in ACTING
    ]
    if not options:
        who, title = people[0].person, hits[0].title
        note = f"I find no role of {who.name} in {title.dated}."
        return unknown(reading, note, 0.5 * people[0].quality * hits[0].quality, "not credited there")
    _, person, hit, credit = max(options, key=lambda option: option[0])
    return _part(reading, person, hit, credit)


def _part(reading: Reading, person: PersonHit, hit: TitleHit, credit: Credit) -> Finding:
    if not credit.characters:
        note = f"{person.person.name} is in {hit.title.dated}, but the credit names no character."
        return unknown(reading, note, 0.6, "no character in the credit")
    record = Record(hit.title, person.person, credit)
    confidence = 0.97 * person.quality * hit.quality
    rule = "the person's credit in the title"
    names = tuple(sorted(credit.characters, key=lambda name: not _is_role(name)))  # Thor before Self
    return Finding(reading, Status.ANSWERED, (record,), names, confidence, rule=rule)


def _told(credit: Credit) -> float:
    """What a credit gains by a character: most for one who is not the actor."""
    if not credit.characters:
        return 0.0
    return 1.5 if _is_role(credit.characters[0]) else 0.5


def _is_role(character: str) -> bool:
    return fold(character).split()[:1] not in (["self"], ["himself"], ["herself"])


_CAST = frozenset({"actor", "actress", "self"})


def cast_of(reading: Reading, tools: Tools) -> Finding:
    """The cast of a title in billing order, without those that the question leaves out."""
    assert reading.title is not None  # noqa: S101 - validated
    fit = 0.6 if reading.weight >= _USUAL else _WHOLE_NAME  # "who plays Norma on T": a rare way to ask it
    hits = [hit for hit in tools.titles(reading.title) if hit.quality >= fit]
    left_out = {hit.person.id for ref in reading.without for hit in tools.people(ref)[:3]}
    for hit in hits[:3]:
        credits = tools.catalog.credits_of_title(hit.title.id)
        cast = [item for item in credits if item.category in _CAST and item.person_id not in left_out]
        if cast:
            return _whole_cast(reading, hit, hits, cast, tools)
    note = "I have no cast for that." if hits else "I know no title of that name."
    return unknown(reading, note, 0.25, "no cast")


def _whole_cast(
    reading: Reading, hit: TitleHit, hits: Sequence[TitleHit], cast: Sequence[Credit], tools: Tools
) -> Finding:
    people = tools.catalog.people([credit.person_id for credit in cast])
    records = [Record(hit.title, people.get(credit.person_id), credit) for credit in cast]
    others = tuple(Record(other.title) for other in same_name(hit, hits))
    rule = "the title's cast in billing order"
    confidence = 0.95 * hit.quality
    if hit.is_of_another_year:
        confidence *= 0.3
    known = tuple(record for record in records if record.person)
    return Finding(reading, Status.ANSWERED, known, confidence=confidence, rule=rule, others=others)


def same_name(best: TitleHit, hits: Sequence[TitleHit]) -> list[TitleHit]:
    """Other well-known titles of the very same name, most voted first."""
    name = fold(best.title.name)
    rivals = [
        hit
        for hit in hits
        if hit.title.id != best.title.id and fold(hit.title.name) == name and hit.score > best.score - 1.2
    ]
    return rivals[:3]
