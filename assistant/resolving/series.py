"""The members of a series of titles, from its name: "Harry Potter", "James Bond", "Fast & Furious".

A catalogue says of no title which series it belongs to. Names that begin alike are the start; who is in them
decides: The Twilight Zone shares nobody with Twilight, and Goldfinger is led by a James Bond.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from assistant.reading.kinds import FILM_TYPES
from assistant.reading.reading import TitleRef
from indexer.catalog.records import ACTING, Credit, Title
from indexer.ids import PersonId
from indexer.text import fold, search_words, title_key

if TYPE_CHECKING:
    from assistant.resolving.resolver import Tools

_SEARCHED = 60  # titles with all the words of the name
_SAME_NAME = 0.05  # of the best known one's votes
_LAST_SEQUEL = 13
_KNOWN = 0.03  # titles with fewer of the best known member's votes are hardly what is meant
_LED = 0.05  # the same for titles that only a character speaks for
_EARLIER = 0.25
_MIN_VOTES = 25
_LEADS = 2  # places in the billing
_LEADING = 4  # the same for a character known to lead others of the series; further down it is a visit
_BILLED = 15  # places whose characters tie titles together
_STARS = 6  # who lead most members, whose other films are looked at
_SHARED_STAFF = 3  # people of cast and makers who tie a title of another name to the others
_CREDITS = 400  # of one character that are looked at
_MAKING = frozenset({"director", "writer", "producer"})
_NOT_MEANT = frozenset({"video", "short", "tvShort", "tvSpecial", "tvEpisode", "videoGame", "musicVideo"})
_SMALL = frozenset("of in on at to for with from by part".split())
_NO_NAME = frozenset(
    "self himself herself narrator man woman boy girl doctor nurse police officer cop guard reporter driver "
    "bartender waitress waiter student father mother soldier various additional voices dancer kid".split()
)


def series_of(ref: TitleRef, tools: Tools) -> list[Title]:
    """The members of the series called ``ref.name``, oldest first; one film alone is no series: [] or two and
    more, or the one title that has exactly this name.
    """
    name = ref.name or ""
    types = ref.types or FILM_TYPES
    key = (name, types)
    if key not in tools.series:
        tools.series[key] = _members(name, types, tools)
    return list(tools.series[key])


def _members(name: str, types: Sequence[str], tools: Tools) -> list[Title]:
    name, named = _one_or_many(name, types, tools)
    led = _led_by(name, types, tools)
    members = _together(name, named, tools)
    if len(members) == 1 and len(named) > 2:  # a remake alone: those that belong together are meant
        others = _together(name, [title for title in named if title not in members], tools)
        members = others if len(others) > 1 else members
    if len(members) < 2 and len(led) > 1:
        members = [*members, *led]
    elif members and led:
        members = [*members, *_before(members, led, tools)]
    if len(members) > 1:
        members = [*members, *_of_same_hand(name, members, types, tools)]
        members = [*members, *_relatives(name, members, types, tools)]
        members = [*members, *_with_its_people(name, members, types, tools)]
        members = [*members, *_begun_alike(name, members, types, tools)]
    elif members:
        members = [*members, *_sequels(members[0], types, tools)]
    return sorted(once(members), key=lambda title: (title.year or 9999, title.id))


def _one_or_many(name: str, types: Sequence[str], tools: Tools) -> tuple[str, list[Title]]:
    """The name with its titles: "the Avenger movies" are called Avengers, whom far more people know."""
    named = _named(name, types, tools)
    key = _key(name)
    known = _begun(named, key)
    if not key or key.endswith("s") or key[-1].isdigit() or known[:1] > [_KNOWN_SERIES]:
        return name, named
    many = _named(f"{name}s", types, tools)
    more = _begun(many, f"{key}s")
    return (f"{name}s", many) if more[1:] and more[0] > _MORE_KNOWN * sum(known[:1]) else (name, named)


def _begun(titles: Sequence[Title], key: str) -> list[int]:
    """The votes of the titles whose name begins with the key, the most first."""
    begun = [title.votes for title in titles if f"{_key(title.name)} ".startswith(f"{key} ")]
    return sorted(begun, reverse=True)


_KNOWN_SERIES, _MORE_KNOWN = 20_000, 20


def once(titles: Iterable[Title]) -> list[Title]:
    """Without further records of a name, year and type, of which the best known stays."""
    best: dict[tuple[str, int | None, str], Title] = {}
    for title in titles:
        key = (_key(title.name), title.year, title.type)
        if key not in best or title.votes > best[key].votes:
            best[key] = title
    return list(best.values())


def _named(name: str, types: Sequence[str], tools: Tools) -> list[Title]:
    """Titles of which a name is, begins with or holds the one asked for, known to some."""
    key = _key(name)
    hits = tools.titles(TitleRef(name=name, full=name, types=tuple(types), series=True))
    titles = {hit.title.id: hit.title for hit in hits}
    titles |= tools.catalog.titles(tools.catalog.search_titles(name, _SEARCHED))
    near = [title for title in titles.values() if _is_meant(title, types)]
    most = max((title.votes for title in near if _has_name(title, key)), default=0)
    least = max(_MIN_VOTES, _KNOWN * most)
    return [
        title
        for title in near
        if title.votes >= least and (_has_name(title, key) or _other(title, key, tools))
    ]


def _has_name(title: Title, key: str) -> bool:
    names = (title.name, title.original_name or "")
    return any(f" {key} " in f" {_key(name)} " for name in names)


def is_called(title: Title, name: str) -> bool:
    """Whether a name is a title's own, but for words that come and go."""
    return _key(title.name) == _key(name)


def _other(title: Title, key: str, tools: Tools) -> bool:
    """Whether another of its names begins with the one asked for."""
    return any(f"{_key(name)} ".startswith(f"{key} ") for name in tools.catalog.alternative_titles(title.id))


def _key(name: str) -> str:
    """A name without the words that come and go: "The Godfather", "Fast and Furious", "Fast & Furious"."""
    return " ".join(word for word in title_key(name).split() if word not in ("the", "and", "a"))


def _is_meant(title: Title, types: Sequence[str]) -> bool:
    """Whether it is a film (or what was asked for) of its own, no documentary about the others."""
    if title.name.startswith("Untitled "):
        return False
    if title.type not in types or (title.type in _NOT_MEANT and title.votes < 1_000):
        return False
    return title.year is not None and "Documentary" not in title.genres


def _together(name: str, titles: Sequence[Title], tools: Tools) -> list[Title]:
    """Those of ``titles`` that are tied by characters to the one that is meant first, or to one that is."""
    if not titles:
        return []
    key = _key(name)
    credits = tools.catalog.credits_of_titles([title.id for title in titles])
    cast = {title.id: _leading(credits.get(title.id, ()), _BILLED) for title in titles}
    people = {title.id: _people(credits.get(title.id, ()), _BILLED) for title in titles}
    left = sorted(
        titles, key=lambda title: (not _is_first(title, key, titles), not cast[title.id], -title.votes)
    )
    members = [left.pop(0)]
    shared, known = set(cast[members[0].id]), set(people[members[0].id])
    first = members[0]
    makers, leads = _makers(credits.get(first.id, ())), _leading(credits.get(first.id, ()), _LEADS)
    while True:
        joined = [
            title
            for title in left
            if _joins(title, key, cast[title.id], shared, met=bool(people[title.id] & known))
            or _is_subtitled(title, first, makers, leads, credits.get(title.id, ()))
        ]
        if not joined:
            return members
        members += joined
        left = [title for title in left if title not in joined]
        for title in joined:
            shared |= cast[title.id]
            known |= people[title.id]


def _is_subtitled(
    title: Title, first: Title, makers: set[int], leads: set[str], credits: Sequence[Credit]
) -> bool:
    """ "Alien: Resurrection": called like ``first`` and more, with its lead or by one of its makers."""
    name, _, more = title.name.partition(":")
    if not more or _key(name) != _key(first.name):
        return False
    return bool(_makers(credits) & makers or _leading(credits, _LEADS) & leads)


def _makers(credits: Sequence[Credit]) -> set[int]:
    return {credit.person_id for credit in credits if credit.category in _MAKING}


def _is_first(title: Title, key: str, titles: Sequence[Title]) -> bool:
    """Whether it has the very name, and is known beside the others: Friday, not Friday the 13th."""
    return _key(title.name) == key and title.votes >= _SAME_NAME * max(item.votes for item in titles)


def _joins(title: Title, key: str, characters: set[str], shared: set[str], *, met: bool) -> bool:
    """By a number in its name ("Saw 3"), by a character where the name begins alike, else by two.

    Where no characters are known, ``met`` counts: that an actor of it is in another; so does a longer name.
    """
    name = _key(title.name)
    rest = name.removeprefix(key).split() if f"{name} ".startswith(f"{key} ") else None
    common = characters & shared
    numbered = _is_numbered(name, key)
    if rest is None and numbered and " " in key:  # "Toxie Returns: The Toxic Avenger IV"
        return True
    if rest is not None:
        telling = len(common) > 1 or any(" " in character or character == key for character in common)
        untold = not characters and (met or " " in key)
        return numbered or telling or untold or (bool(common) and " " in key)
    return len(common) > 1 or any(" " in character for character in common)


def _is_numbered(name: str, key: str) -> bool:
    """Whether a number follows the name of the series, as that of a sequel does."""
    _, held, after = f" {name} ".partition(f" {key} ")
    number = after.split()[:1]
    return bool(held) and bool(number) and number[0].isdigit() and int(number[0]) < _LAST_SEQUEL


def _characters(titles: Iterable[Title], tools: Tools) -> dict[int, set[str]]:
    """The characters that lead each title, by title id."""
    credits = tools.catalog.credits_of_titles([title.id for title in titles])
    return {title.id: _leading(credits.get(title.id, ()), _BILLED) for title in titles}


def _people(credits: Sequence[Credit], most: int) -> set[int]:
    return {credit.person_id for credit in [credit for credit in credits if credit.category in ACTING][:most]}


def _leading(credits: Sequence[Credit], most: int) -> set[str]:
    acting = [credit for credit in credits if credit.category in ACTING][:most]
    names = {fold(character) for credit in acting for character in credit.characters}
    return {name for name in names if name and not set(name.split()) <= _NO_NAME and len(name) > 2}


def _led_by(name: str, types: Sequence[str], tools: Tools) -> list[Title]:
    """Films whose first or second character is the one the series is named after."""
    words = search_words(name)
    if not words:
        return []
    found = tools.catalog.credits_of_character(" ".join(words), _CREDITS)
    wanted = set(words)
    held = {
        credit.title_id
        for credit in found
        if any(_is_called(wanted, character) for character in credit.characters)
    }
    titles = [title for title in tools.catalog.titles(held).values() if _is_meant(title, types)]
    most = max((title.votes for title in titles), default=0)
    titles = [title for title in titles if title.votes >= max(_MIN_VOTES, _LED * most)]
    credits = tools.catalog.credits_of_titles([title.id for title in titles])
    return [title for title in titles if _leads(wanted, credits.get(title.id, ()))]


def _leads(wanted: set[str], credits: Sequence[Credit]) -> bool:
    acting = [credit for credit in credits if credit.category in ACTING][:_LEADS]
    return any(_is_called(wanted, character) for credit in acting for character in credit.characters)


def _is_called(wanted: set[str], character: str) -> bool:
    """Whether a character's name is the wanted one, give or take one word ("John Rambo")."""
    given = set(search_words(character))
    return wanted <= given and len(given) <= len(wanted) + 1


def _before(members: Sequence[Title], led: Sequence[Title], tools: Tools) -> list[Title]:
    """Earlier films of the character: First Blood came before all that is called Rambo.

    Later ones may be others' films in which the character appears.
    """
    first = min(title.year or 9999 for title in members)
    most = max(title.votes for title in members)
    known = {name for names in _characters(members, tools).values() for name in names}
    early = [title for title in led if (title.year or 9999) < first and title.votes >= _EARLIER * most]
    cast = _characters(early, tools)
    return [title for title in early if len(cast[title.id] & known) > 1]


def _of_same_hand(name: str, members: Sequence[Title], types: Sequence[str], tools: Tools) -> list[Title]:
    """Films in which the star of a member leads as the same character for the same director.

    The Dark Knight is a Batman film, though nobody in it is credited as Batman.
    """
    wanted, held = set(search_words(name)), {title.id for title in members}
    most = max(title.votes for title in members)
    found: list[Title] = []
    for star, names, directors in _hands(wanted, members, tools):
        played = tools.catalog.credits_of_person(star)
        ids = {item.title_id for item in played if names & set(map(fold, item.characters))} - held
        credits = tools.catalog.credits_of_titles(sorted(ids))
        titles = [title for title in tools.catalog.titles(ids).values() if _is_meant(title, types)]
        titles = [title for title in titles if title.votes >= _LED * most]
        found += [title for title in titles if _is_by(star, directors, credits.get(title.id, ()))]
        held |= {title.id for title in found}
    return found


def _hands(
    wanted: set[str], members: Sequence[Title], tools: Tools
) -> list[tuple[PersonId, set[str], set[int]]]:
    """(star, all that the star's character is called, directors) of each member that the character leads."""
    credits = tools.catalog.credits_of_titles([title.id for title in members])
    hands: dict[PersonId, tuple[set[str], set[int]]] = {}
    for title in members:
        star = next((item for item in credits.get(title.id, ()) if item.category in ACTING), None)
        if star is not None and any(_is_called(wanted, character) for character in star.characters):
            names, directors = hands.setdefault(star.person_id, (set(), set()))
            names |= set(map(fold, star.characters))
            directors |= _directors(credits.get(title.id, ()))
    return [(star, names, directors) for star, (names, directors) in hands.items()]


def _directors(credits: Sequence[Credit]) -> set[int]:
    return {credit.person_id for credit in credits if credit.category == "director"}


def _is_by(star: int, directors: set[int], credits: Sequence[Credit]) -> bool:
    first = next((credit.person_id for credit in credits if credit.category in ACTING), None)
    return first == star and bool(_directors(credits) & directors)


def _relatives(name: str, members: Sequence[Title], types: Sequence[str], tools: Tools) -> list[Title]:
    """Films led by a character that leads several members, with a word of the series' name: Fast Five."""
    words = set(_key(name).split()) - _SMALL
    credits = tools.catalog.credits_of_titles([title.id for title in members])
    leads = [_leading(credits.get(title.id, ()), _LEADS) for title in members]
    usual = {name for led in leads for name in led if sum(name in other for other in leads) > 1}
    most = max(title.votes for title in members)
    held: set[int] = set()
    words |= {f"{word}s" for word in words}
    for character in sorted(usual)[:3]:
        found = tools.catalog.credits_of_character(" ".join(search_words(character)), 100)
        held |= {item.title_id for item in found if character in map(fold, item.characters)}
    near = [
        title
        for title in tools.catalog.titles(held - {title.id for title in members}).values()
        if _is_meant(title, types) and title.votes >= _LED * most and words & _bare_words(title.name)
    ]
    credits = tools.catalog.credits_of_titles([title.id for title in near])
    return [title for title in near if usual & _leading(credits.get(title.id, ()), _LEADING)]


def _bare_words(name: str) -> set[str]:
    """The words of a name without numbers that are written to them: Alien³."""
    return {word.rstrip("0123456789") or word for word in _key(name).split()}


def _with_its_people(name: str, members: Sequence[Title], types: Sequence[str], tools: Tools) -> list[Title]:
    """Films that somebody leads who leads several members, with others of them and a word of the name.

    Furious 7, where the catalogue names no characters.
    """
    words = {word for word in _key(name).split() if word not in _SMALL and len(word) > 2}
    credits = tools.catalog.credits_of_titles([title.id for title in members])
    leads = [_people(credits.get(title.id, ()), _LEADS) for title in members]
    staff = {person for title in members for person in _staff(credits.get(title.id, ()))}
    times = Counter(person for led in leads for person in led)
    usual = {person for person, count in times.items() if count > 1}
    most = max(title.votes for title in members)
    held = {
        credit.title_id
        for person in sorted(usual, key=lambda person: (-times[person], person))[:_STARS]
        for credit in tools.catalog.credits_of_person(person)
        if credit.category in ACTING
    }
    near = [
        title
        for title in tools.catalog.titles(held - {title.id for title in members}).values()
        if _is_meant(title, types) and title.votes >= _LED * most and words & set(_key(title.name).split())
    ]
    credits = tools.catalog.credits_of_titles([title.id for title in near])
    return [
        title
        for title in near
        if _people(credits.get(title.id, ()), 1) & usual
        and len(_staff(credits.get(title.id, ())) & staff) >= _SHARED_STAFF
    ]


def _begun_alike(name: str, members: Sequence[Title], types: Sequence[str], tools: Tools) -> list[Title]:
    """Films that begin with a later word of the name as most members do, by the same people: others than
    Jason Bourne lead The Bourne Legacy.
    """
    begun = Counter(_key(title.name).partition(" ")[0] for title in members)
    word, count = begun.most_common(1)[0]
    if word not in _key(name).split()[1:] or count < _BEGUN:
        return []
    held = {title.id for title in members}
    most = max(title.votes for title in members)
    near = [
        title
        for title in tools.catalog.titles(tools.catalog.search_titles(word, _SEARCHED)).values()
        if title.id not in held and f"{_key(title.name)} ".startswith(f"{word} ")
        if _is_meant(title, types) and title.votes >= _LED * most
    ]
    credits = tools.catalog.credits_of_titles([*held, *(title.id for title in near)])
    staff = {person for key in held for person in _staff(credits.get(key, ()))}
    return [title for title in near if len(_staff(credits.get(title.id, ())) & staff) >= _SHARED_STAFF]


_BEGUN = 3  # members whose names begin alike


def _staff(credits: Sequence[Credit]) -> set[int]:
    """Who is billed, and who directed, wrote or produced."""
    return _people(credits, _BILLED) | _makers(credits)


def _sequels(first: Title, types: Sequence[str], tools: Tools) -> list[Title]:
    """Later films under other names with the first two characters of ``first``: Insurgent after Divergent."""
    leads = _leading(tools.catalog.credits_of_titles([first.id]).get(first.id, ()), _LEADS)
    full = sorted(name for name in leads if " " in name)
    if not full:
        return []
    found = tools.catalog.credits_of_character(" ".join(search_words(full[0])), 100)
    held = {item.title_id for item in found if full[0] in map(fold, item.characters)} - {first.id}
    later = [
        title
        for title in tools.catalog.titles(held).values()
        if _is_meant(title, types) and (title.year or 0) > (first.year or 0)
    ]
    cast = _characters(later, tools)
    known = [title for title in later if title.votes >= _LED * first.votes]
    star = _star(first, tools)
    return [
        title
        for title in known
        if (len(leads) >= _LEADS and leads <= cast[title.id]) or (star and star == _star(title, tools))
    ]


def _star(title: Title, tools: Tools) -> tuple[int, str] | None:
    """Who is billed first, and as whom, where that is a full name: Clint Eastwood as Harry Callahan."""
    credits = tools.catalog.credits_of_titles([title.id]).get(title.id, ())
    first = next((credit for credit in credits if credit.category in ACTING), None)
    names = [name for name in map(fold, first.characters) if " " in name] if first else []
    return (int(first.person_id), names[0]) if first and names else None


def plays_it(name: str, credits: Mapping[int, Sequence[Credit]]) -> set[int]:
    """Ids of the titles in which one of ``credits`` is the character that a series is named after."""
    wanted = set(search_words(name))
    return {
        title_id
        for title_id, held in credits.items()
        if any(_is_called(wanted, character) for credit in held for character in credit.characters)
    }
