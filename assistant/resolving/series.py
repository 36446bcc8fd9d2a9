"""The members of a series of titles, from its name: "Harry Potter", "James Bond", "Fast & Furious".

A catalogue says of no title which series it belongs to. Names that begin alike are the start; who is in them
decides: The Twilight Zone shares nobody with Twilight, and Goldfinger is led by a James Bond.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from assistant.reading.kinds import FILM_TYPES
from assistant.reading.reading import TitleRef
from indexer.catalog.records import ACTING, Credit, Title
from indexer.text import fold, search_words, title_key

if TYPE_CHECKING:
    from assistant.resolving.resolver import Tools

_BEGINS = 0.93  # the quality of a title, one of whose names begins with the one asked for
_KNOWN = 0.01  # titles with fewer of the best known member's votes are hardly what is meant
_LED = 0.05  # the same for titles that only a character speaks for
_MIN_VOTES = 25
_LEADS = 2  # places in the billing
_BILLED = 15  # places whose characters tie titles together
_CREDITS = 400  # of one character that are looked at
_NOT_MEANT = frozenset({"video", "short", "tvShort", "tvSpecial", "tvEpisode", "videoGame", "musicVideo"})
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
    named = _named(name, types, tools)
    led = _led_by(name, types, tools)
    members = _together(name, named, tools)
    if len(members) < 2 and len(led) > 1:
        members = [*members, *led]
    elif members and led:
        members = [*members, *_before(members, led)]
    if len(members) > 1:
        members = [*members, *_relatives(name, members, types, tools)]
    known = {title.id: title for title in members}
    return sorted(known.values(), key=lambda title: (title.year or 9999, -title.votes))


def _named(name: str, types: Sequence[str], tools: Tools) -> list[Title]:
    """Titles of which a name is, begins with or holds the one asked for, known to some."""
    key = _key(name)
    hits = tools.titles(TitleRef(name=name, full=name, types=tuple(types), series=True))
    near = [hit for hit in hits if hit.quality >= _BEGINS or f" {key} " in f" {_key(hit.title.name)} "]
    titles = [hit.title for hit in near if _is_meant(hit.title, types)]
    most = max((title.votes for title in titles), default=0)
    return [title for title in titles if title.votes >= max(_MIN_VOTES, _KNOWN * most)]


def _key(name: str) -> str:
    """A name without the words that come and go: "The Godfather", "Fast and Furious", "Fast & Furious"."""
    return " ".join(word for word in title_key(name).split() if word not in ("the", "and", "a"))


def _is_meant(title: Title, types: Sequence[str]) -> bool:
    """Whether it is a film (or what was asked for) of its own, no documentary about the others."""
    if title.type not in types or (title.type in _NOT_MEANT and title.votes < 1_000):
        return False
    return title.year is not None and "Documentary" not in title.genres


def _together(name: str, titles: Sequence[Title], tools: Tools) -> list[Title]:
    """Those of ``titles`` that are tied by characters to the best known one, or to one that is."""
    if not titles:
        return []
    key = _key(name)
    cast = _characters(titles, tools)
    left = sorted(titles, key=lambda title: -title.votes)
    members = [left.pop(0)]
    shared = set(cast[members[0].id])
    while True:
        joined = [title for title in left if _joins(title, key, cast[title.id], shared)]
        if not joined:
            return members
        members += joined
        left = [title for title in left if title not in joined]
        for title in joined:
            shared |= cast[title.id]


def _joins(title: Title, key: str, characters: set[str], shared: set[str]) -> bool:
    """By a character's whole name, by two of their names, or by a number in the title ("Saw 3")."""
    rest = _key(title.name).removeprefix(key).split()
    numbered = _key(title.name).startswith(key) and bool(rest) and rest[0].isdigit() and int(rest[0]) < 20
    common = characters & shared
    return numbered or len(common) > 1 or any(" " in character for character in common) or not characters


def _characters(titles: Iterable[Title], tools: Tools) -> dict[int, set[str]]:
    """The characters that lead each title, by title id."""
    credits = tools.catalog.credits_of_titles([title.id for title in titles])
    return {title.id: _leading(credits.get(title.id, ()), _BILLED) for title in titles}


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


def _before(members: Sequence[Title], led: Sequence[Title]) -> list[Title]:
    """Earlier films of the character: First Blood came before all that is called Rambo.

    Later ones may be others' films in which the character appears.
    """
    first = min(title.year or 9999 for title in members)
    most = max(title.votes for title in members)
    return [title for title in led if (title.year or 9999) < first and title.votes >= _LED * 5 * most]


def _relatives(name: str, members: Sequence[Title], types: Sequence[str], tools: Tools) -> list[Title]:
    """Films with a leading character of several members and a word of the series' name: Fast Five."""
    words = set(_key(name).split())
    credits = tools.catalog.credits_of_titles([title.id for title in members])
    leads = [_leading(credits.get(title.id, ()), _LEADS) for title in members]
    usual = {name for led in leads for name in led if sum(name in other for other in leads) > 1}
    most = max(title.votes for title in members)
    held: set[int] = set()
    for character in sorted(usual)[:3]:
        found = tools.catalog.credits_of_character(" ".join(search_words(character)), 100)
        held |= {item.title_id for item in found if character in map(fold, item.characters)}
    return [
        title
        for title in tools.catalog.titles(held - {title.id for title in members}).values()
        if _is_meant(title, types) and title.votes >= _LED * most and words & set(_key(title.name).split())
    ]


def plays_it(name: str, credits: Mapping[int, Sequence[Credit]]) -> set[int]:
    """Ids of the titles in which one of ``credits`` is the character that a series is named after."""
    wanted = set(search_words(name))
    return {
        title_id
        for title_id, held in credits.items()
        if any(_is_called(wanted, character) for credit in held for character in credit.characters)
    }
